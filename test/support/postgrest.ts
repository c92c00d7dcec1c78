import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import pg from 'pg';
import { listenOn, type Listening } from './transports.js';

/** A stand-in for the one route of PostgREST that is used, over a real PostgreSQL: roles, claims, functions and errors are real. */
export interface TestPostgrest extends Listening {
  /** Its database, as the owner. */
  readonly pool: pg.Pool;
  /** Who a device is signed in as, as Supabase's accounts are. */
  readonly sign: (claims: object) => string;
}

const SECRET = 'a secret of at least thirty-two letters';
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const mac = (text: string): string => createHmac('sha256', SECRET).update(text).digest('base64url');

/** Claims of a token; null for one that is none or over. */
function claimsOf(token: string): { readonly role?: string; readonly exp?: number } | null {
  const [head = '', body = '', signature = ''] = token.split('.');
  const expected = Buffer.from(mac(`${head}.${body}`));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as { readonly exp?: number };
  return claims.exp !== undefined && claims.exp * 1000 < Date.now() ? null : claims;
}

/** The HTTP status of an error of the database (PostgREST, "Errors"). */
function statusOf(code: string, role: string): number {
  const own = /^PT(\d{3})$/.exec(code)?.[1];
  if (own !== undefined) return Number(own);
  if (code === '42501') return role === 'anon' ? 401 : 403;
  if (code === '42883' || code === '42P01') return 404;
  if (code === '23505' || code === '23503') return 409;
  if (code.startsWith('54')) return 413;
  if (code.startsWith('53')) return 503;
  return /^(08|25|40|57|58|XX)/.test(code) ? 500 : 400;
}

async function answer(
  pool: pg.Pool,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const send = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += String(part);
  const name = /^\/rpc\/(\w+)$/.exec(request.url ?? '')?.[1];
  if (name === undefined || request.method !== 'POST') return send(404, { code: 'PGRST125' });
  const token = request.headers.authorization?.replace(/^Bearer /, '');
  const claims = token === undefined ? { role: 'anon' } : claimsOf(token);
  if (!claims) return send(401, { code: 'PGRST303', message: 'JWT expired' });
  const role = claims.role === 'authenticated' ? 'authenticated' : 'anon';
  const client = await pool.connect();
  try {
    const given = Object.entries(JSON.parse(text) as object) as [string, unknown][];
    await client.query('begin');
    await client.query(`set local role ${role}`);
    await client.query(`select set_config('request.jwt.claims', $1, true)`, [
      JSON.stringify(claims),
    ]);
    const named = given.map(([argument], n) => `${pg.escapeIdentifier(argument)} := $${n + 1}`);
    const values = given.map(([, value]) =>
      typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
    );
    const call = `select ${pg.escapeIdentifier(name)}(${named.join(', ')})::text as answer`;
    const { rows } = await client.query<{ readonly answer: string }>(call, values);
    await client.query('commit');
    send(200, rows[0]?.answer ?? 'null');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    const { code = 'XX000', message } = error as { readonly code?: string; message?: string };
    send(statusOf(code, role), { code, message, details: null, hint: null });
  } finally {
    client.release();
  }
}

/** Starts it, with the roles that Supabase has. */
export async function startPostgrest(url: string, setUp: string): Promise<TestPostgrest> {
  const pool = new pg.Pool({ connectionString: url, max: 20 });
  pool.on('error', () => undefined); // an idle connection, once the database is stopped
  await pool.query('create role anon nologin; create role authenticated nologin;');
  await pool.query(setUp);
  const listening = await listenOn((request, response) => void answer(pool, request, response));
  return {
    url: listening.url,
    pool,
    sign: (claims) => {
      const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ role: 'authenticated', ...claims })}`;
      return `${text}.${mac(text)}`;
    },
    close: async () => {
      await listening.close();
      await pool.end();
    },
  };
}
