import type { IdentityBackend, ProofChecked } from '../../identity/port.js';
import type { ProfileRecord } from '../../profile/types.js';
import {
  SYNC_PROTOCOL,
  SyncFailure,
  type Pulled,
  type Pushed,
  type SnapshotPage,
  type SyncCall,
  type Transport,
} from '../../sync/port.js';
import { failureOf, listOf, membersOf, parsed, reached } from './answer.js';
import { listenForPokes } from './http-pokes.js';

/** What an authorization is: a token of the host's own sign-in, the key of a kiosk or till, or null while nobody is signed in. */
export type HttpToken = string | { readonly device: string } | null | undefined;

/** How our server is reached. */
export interface HttpTransportOptions {
  /** Where it is: what stands before `/sync/v1`. */
  readonly url: string;
  /**
   * Who is signed in. Asked for each request, and once more with `true` after a refusal: then a cached one is of no use.
   * @defaultValue none: the host's own cookies go along with requests of the same origin
   */
  readonly token?: (refresh: boolean) => HttpToken | Promise<HttpToken>;
  /** Which proofs the server carries out: codes need its option `deliver`. @defaultValue both */
  readonly proofs?: IdentityBackend['proofs'];
  /** @defaultValue that of the page */
  readonly fetch?: typeof globalThis.fetch;
}

/** A request of the protocol. What is asked for goes in the body: addresses are written into logs, and cut where they are long. */
type Ask = (path: string, call: SyncCall, body?: unknown) => Promise<Response>;
/** The same for its answer, which has to have `list`, if that is named. */
type AskJson = <T>(list: string, ...args: Parameters<Ask>) => Promise<T>;

/**
 * Syncs with `createRegularsServer` of `regulars/server`: records, snapshots, pokes, and what its identity part does for recognition.
 * @example
 * syncOver(httpTransport({ url: '/regulars', token: (refresh) => session.token({ refresh }) }));
 */
export function httpTransport(options: HttpTransportOptions): Transport {
  const ask = askerOf(options);
  const json: AskJson = async (list, ...args) => bodyOf(await ask(...args), list);
  let cursor: string | null = null;
  return {
    name: 'http',
    kind: 'records',
    limits: { records: 500, bytes: 512_000 },
    push: (batch, call) => json<Pushed>('results', 'push', call, batch),
    pull: async (asked, call) => {
      const answer = await json<Pulled>('records', 'pull', call, asked);
      if ('cursor' in answer) ({ cursor } = answer);
      return answer;
    },
    snapshot: (asked, call) => json<SnapshotPage>('records', 'snapshot', call, asked),
    subscribe: (poke, call) =>
      listenForPokes(poke, call, {
        stream: (inner) => ask('events', inner),
        poll: async (inner) => {
          const asked = { cursor, limit: 1, wait: 25 };
          const answer = await json<Pulled>('records', 'pull', inner, asked);
          return 'resync' in answer || answer.records.length > 0;
        },
      }),
    identity: identityOver(json, options.proofs),
  };
}

/** What goes with every request. A refused token is asked for anew, once. */
function askerOf({ url, token, fetch: through }: HttpTransportOptions): Ask {
  const base = `${url.replace(/\/+$/, '')}/sync/v1/`;
  const ask = async (refresh: boolean, ...args: Parameters<Ask>): Promise<Response> => {
    const [path, call, body] = args;
    const given = (await token?.(refresh)) ?? '';
    const shown = typeof given === 'string' ? given && `Bearer ${given}` : `Device ${given.device}`;
    const response = await reached(() =>
      (through ?? fetch)(base + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          'sync-protocol': String(SYNC_PROTOCOL),
          ...(shown !== '' && { authorization: shown }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        cache: 'no-store',
        ...call,
      }),
    );
    return response.status === 401 && token && !refresh ? ask(true, ...args) : response;
  };
  return (...args) => ask(false, ...args);
}

/** The JSON of an answer of ours; throws what is wrong with it. */
async function bodyOf<T>(response: Response, list: string): Promise<T> {
  const { status, ok, headers } = response;
  const isOurs = headers.has('sync-protocol');
  // 409 is the answer to a cursor that is of no use
  if (isOurs && (ok || status === 409)) {
    const answer = membersOf(await parsed(response));
    if (ok && list) listOf(answer[list]);
    return answer as T;
  }
  const failure = failureOf(response);
  // a proxy may limit, refuse a token and cut a body; what is wrong with a record it cannot know
  throw ok || (!isOurs && /^(inv|upg)/.test(failure.kind))
    ? new SyncFailure('offline', 'This is no answer of ours.')
    : failure;
}

function identityOver(
  json: AskJson,
  proofs: IdentityBackend['proofs'] = ['code', 'qr'],
): IdentityBackend {
  return {
    proofs,
    lookUp: (who, call) => json('', 'look-up', call, { who }),
    requestProof: (kind, who, call) => json('', 'proofs', call, { kind, who }),
    checkProof: async (id, code, call) => {
      for (;;) {
        const checked = await json<ProofChecked | { readonly kind: 'pending' }>(
          '',
          'proofs/check',
          call,
          { id, code },
        );
        // a phone may take longer than a proxy lets a request wait
        if (checked.kind !== 'pending') return checked;
      }
    },
    directory: (asked, call) => json('entries', 'directory', call, asked),
    pull: async (session, call) => {
      const { records } = await json<{ readonly records: readonly ProfileRecord[] }>(
        'records',
        'records',
        call,
        { session },
      );
      return records;
    },
  };
}

/** What a kiosk or till is known by from now on: see `HttpToken`. */
export interface EnrolledDevice {
  /** Secret: whoever has it is this device. */
  readonly key: string;
  readonly place?: string;
}

/**
 * Trades the one-time code that `regulars device add` has printed for the key of this device. Rejects with a `SyncFailure`: of kind
 * `auth` or `invalid` where the code is over, or was never one.
 * @example
 * const { key } = await enrollDevice('123456', { url: '/regulars' });
 */
export async function enrollDevice(
  code: string,
  options: Pick<HttpTransportOptions, 'url' | 'fetch'>,
  call: SyncCall = { signal: new AbortController().signal },
): Promise<EnrolledDevice> {
  return bodyOf(await askerOf(options)('devices', call, { code }), '');
}
