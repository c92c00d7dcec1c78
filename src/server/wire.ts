import { SYNC_PROTOCOL, type SyncCode } from '../sync/port.js';
import type { CorsOptions } from './types.js';

/** Why a request is not answered, from the closed list of the protocol. */
export interface Problem {
  readonly code: SyncCode;
  /** What to do about it: never with what was sent. */
  readonly title?: string;
  readonly retryAfterMs?: number;
  /** @defaultValue that of the code */
  readonly status?: number;
  readonly more?: { readonly [member: string]: string };
}

/** What a request is answered with. */
export type Answer =
  | { readonly json: string; readonly etag?: string; readonly status?: number }
  | { readonly problem: Problem }
  | { readonly response: Response };

/** An answer that says why not. */
export const no = (code: SyncCode, more: Omit<Problem, 'code'> = {}): Answer => ({
  problem: { code, ...more },
});

/** An answer of a value. */
export const yes = (value: unknown): Answer => ({ json: JSON.stringify(value) });

/** The status of each code. */
export const STATUS: { readonly [code in SyncCode]: number } = {
  auth: 401,
  erased: 410,
  invalid: 400,
  rate: 429,
  resync: 409,
  scope: 403,
  skew: 400,
  'too-large': 413,
  unavailable: 503,
  'upgrade-required': 426,
};

const TITLE: { readonly [code in SyncCode]: string } = {
  auth: 'Nobody is signed in.',
  erased: 'This was about somebody who was forgotten.',
  invalid: 'This is not what belongs here.',
  rate: 'Too many requests; wait.',
  resync: 'The cursor is of no use; take a snapshot.',
  scope: 'This is not for whoever is signed in.',
  skew: 'The clock of the device is ahead.',
  'too-large': 'This is too large.',
  unavailable: 'The server cannot answer now; try again.',
  'upgrade-required': 'This version of the protocol is not spoken here.',
};

/** Headers of every answer: it is nobody's to keep but the caller's. */
function headersOf(serverTime: number): Headers {
  return new Headers({
    'Cache-Control': 'no-store',
    Vary: 'Authorization, Cookie, Origin',
    'Sync-Protocol': String(SYNC_PROTOCOL),
    'Sync-Time': String(Math.floor(serverTime)),
    'X-Content-Type-Options': 'nosniff',
  });
}

/** An answer as it goes out. */
export function toResponse(answer: Answer, request: Request, serverTime: number): Response {
  const headers = headersOf(serverTime);
  if ('response' in answer) {
    for (const [name, value] of headers) answer.response.headers.set(name, value);
    return answer.response;
  }
  if ('problem' in answer) {
    const { code, title = TITLE[code], retryAfterMs, more } = answer.problem;
    const { status = STATUS[code] } = answer.problem;
    headers.set('Content-Type', 'application/problem+json');
    if (code === 'auth') headers.set('WWW-Authenticate', 'Bearer');
    if (status === 426) headers.set('Upgrade', 'regulars');
    if (retryAfterMs !== undefined)
      headers.set('Retry-After', String(Math.max(1, Math.ceil(retryAfterMs / 1_000))));
    const type = `urn:regulars:problem:${code}`;
    const body = JSON.stringify({ type, title, status, code, ...more });
    return new Response(body, { status, headers });
  }
  const { etag, json, status = 200 } = answer;
  if (etag !== undefined) {
    headers.set('ETag', etag);
    if (request.headers.get('If-None-Match') === etag)
      return new Response(null, { status: 304, headers });
  }
  headers.set('Content-Type', 'application/json');
  return new Response(json, { status, headers });
}

/** Lets pages of other origins read it, where the shop has said so. */
export function withCors(
  response: Response,
  request: Request,
  cors: CorsOptions | undefined,
): Response {
  const origin = request.headers.get('Origin');
  if (origin === null || !isAllowed(origin, cors)) return response;
  response.headers.set('Access-Control-Allow-Origin', origin);
  response.headers.set('Access-Control-Allow-Credentials', 'true');
  response.headers.set(
    'Access-Control-Expose-Headers',
    'ETag, Retry-After, Sync-Protocol, Sync-Time',
  );
  return response;
}

function isAllowed(origin: string, cors: CorsOptions | undefined): boolean {
  if (!cors) return false;
  const { origins } = cors;
  return typeof origins === 'function' ? origins(origin) : origins.includes(origin);
}

/** What a browser asks before it sends a request with a header of ours: which no form of another site can. */
export function preflight(request: Request, cors: CorsOptions | undefined): Response {
  const headers = new Headers({ Vary: 'Origin', 'Cache-Control': 'no-store' });
  const response = withCors(new Response(null, { status: 204, headers }), request, cors);
  if (response.headers.has('Access-Control-Allow-Origin')) {
    response.headers.set('Access-Control-Allow-Methods', 'GET, POST');
    response.headers.set(
      'Access-Control-Allow-Headers',
      'Authorization, Content-Type, If-None-Match, Sync-Protocol',
    );
    response.headers.set('Access-Control-Max-Age', '600');
  }
  return response;
}

/** Bytes one after the other. */
export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The bytes of a body as they came; undefined for more than `limit`, which are not read to their end. */
export async function readBytes(
  request: Request,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (Number(request.headers.get('Content-Length') ?? 0) > limit) return undefined;
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    parts.push(read.value);
    length += read.value.length;
    if (length <= limit) continue;
    await reader?.cancel();
    return undefined;
  }
  return joinBytes(...parts);
}

/** The body as JSON, or why it cannot be read. */
export async function readJson(
  request: Request,
  limit: number,
): Promise<
  { readonly value: { readonly [member: string]: unknown } } | { readonly problem: Problem }
> {
  try {
    const bytes = await readBytes(request, limit);
    if (!bytes) return { problem: { code: 'too-large' } };
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { value: value as { readonly [member: string]: unknown } };
  } catch {
    // cut off, no UTF-8, no JSON
  }
  return { problem: { code: 'invalid', title: 'The body is no JSON object.' } };
}
