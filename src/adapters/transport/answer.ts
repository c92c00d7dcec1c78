import { SyncFailure, type FailureKind, type SyncCall } from '../../sync/port.js';

/** What a status says of a whole call. Any other is no answer of the backend's: a deployment, a proxy, a captive portal. */
const KINDS: ReadonlyMap<number, FailureKind> = new Map([
  [400, 'invalid'],
  [401, 'auth'],
  [403, 'auth'],
  [413, 'too-large'],
  [422, 'invalid'],
  [426, 'upgrade-required'],
  [429, 'wait'],
  [503, 'wait'],
]);

/** What a refusal means for whoever syncs. */
export function failureOf({ status, headers }: Pick<Response, 'headers' | 'status'>): SyncFailure {
  const ms = retryAfterMs(headers);
  return new SyncFailure(
    // whoever says when to come again is there
    KINDS.get(status) ?? (ms === undefined ? 'offline' : 'wait'),
    `The backend answered ${status}.`,
    ms === undefined ? {} : { retryAfterMs: ms },
  );
}

/** Seconds or a date (RFC 9110 section 10.2.3); the date by the clock of whoever wrote it. */
function retryAfterMs(headers: Headers): number | undefined {
  const text = headers.get('retry-after') ?? '';
  const ms = /^\d+$/.test(text)
    ? Number(text) * 1000
    : Date.parse(text) - Date.parse(headers.get('date') ?? '');
  return ms >= 0 ? ms : undefined;
}

/**
 * The JSON of an answer. Throws a `SyncFailure` for a refusal, and for a page of HTML where JSON was asked for: so do networks that
 * want a login first.
 * @example
 * orders({ list: async () => parseShopify(await jsonOf(await fetch('/my-orders'))).purchases });
 */
export async function jsonOf(response: Response): Promise<unknown> {
  if (!response.ok) throw failureOf(response);
  return parsed(response);
}

/** The JSON of an answer, whatever its status. */
export async function parsed(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch (cause) {
    throw new SyncFailure('offline', 'This is no JSON.', { cause });
  }
}

/** Of an answer its JSON, of anything else itself. */
export async function resultOf(given: unknown): Promise<unknown> {
  return given instanceof Response ? jsonOf(given) : given;
}

/** What `act` gives. Where the network failed, says so: each engine has words of its own for that, and all are a TypeError. */
export async function reached<T>(act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof TypeError && /fetch|Load failed/.test(error.message))
      throw new SyncFailure('offline', 'Nobody answered.', { cause: error });
    throw error;
  }
}

/** What `act` gives, for what knows no signal: after the end of the call it is dropped. */
export function unlessAborted<T>(act: () => Promise<T>, { signal }: SyncCall): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(new DOMException('The call was ended.', 'AbortError'));
    if (signal.aborted) return end();
    signal.addEventListener('abort', end);
    void act()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', end));
  });
}

/** The members of an object; none of nothing. */
export function membersOf(value: unknown): { readonly [name: string]: unknown } {
  return Object(value) as { readonly [name: string]: unknown };
}

/** The list that an answer has to be, of whatever is asked for; what is in it is read where it is taken in. */
export function listOf(value: unknown): readonly never[] {
  if (!Array.isArray(value)) throw new SyncFailure('offline', 'This is no list.');
  return value as never[];
}

/** The backend's time by the date of its answer; else that of our own clock, which then has no bound but itself. */
export function timeOf(given: unknown): number {
  // of another origin it is hidden
  const date = given instanceof Response ? given.headers.get('date') : null;
  return date === null ? Date.now() : Date.parse(date);
}
