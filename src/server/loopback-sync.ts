import { memoryDatabase } from '../adapters/database/memory.js';
import type { IdentityBackend } from '../identity/port.js';
import type { Clock, Random } from '../kernel/clock.js';
import {
  SYNC_PROTOCOL,
  SyncFailure,
  type FailureKind,
  type Pulled,
  type Pushed,
  type SnapshotPage,
  type SyncCall,
  type SyncCode,
  type Transport,
} from '../sync/port.js';
import { memoryBus } from './bus.js';
import { createRegularsServer } from './create-server.js';
import type { Authorized } from './types.js';

/** Who a device is signed in as. Undefined: nobody, and it is answered so. */
export type LoopbackCaller = Omit<Authorized, 'shop'> | undefined;

/** A server in the same program, with its database in memory. */
export interface LoopbackSync {
  /** A device's way to it. Who is signed in may change from call to call. */
  readonly transport: (caller: LoopbackCaller | (() => LoopbackCaller)) => Transport;
  /** Draws a new epoch, as after a backup was restored: cursors of before are of no use. */
  readonly renew: () => Promise<void>;
}

/** What it is made of. */
export interface LoopbackSyncOptions {
  readonly shop: string;
  readonly key: Uint8Array;
  readonly clock: Clock;
  readonly random: Random;
  /** Private keys of `createSealKeys`: what is sealed to them is opened. @defaultValue none */
  readonly seal?: readonly JsonWebKey[];
  readonly identity?: IdentityBackend;
}

/** What a call that was not answered means for a device. */
const KINDS: { readonly [code in SyncCode]?: FailureKind } = {
  auth: 'auth',
  scope: 'auth',
  'too-large': 'too-large',
  invalid: 'invalid',
  skew: 'invalid',
  rate: 'wait',
  unavailable: 'wait',
  'upgrade-required': 'upgrade-required',
};

/** Makes the server of a loopback. */
export function createLoopbackSync(options: LoopbackSyncOptions): LoopbackSync {
  const { shop, key, clock, random, seal, identity } = options;
  const database = memoryDatabase({ random });
  const bus = memoryBus();
  const server = createRegularsServer({
    ...{ database, bus, clock, random },
    keys: (id) => (id === shop ? { key, ...(seal && { seal }) } : undefined),
    authorize: (request) =>
      (JSON.parse(request.headers.get('X-Caller') ?? 'null') as Authorized | null) ?? undefined,
    limits: { requestsPerMinute: Infinity, lookUpMs: 0 },
  });
  return {
    renew: () => database.renew(shop, `${clock.now()}-${random(8).join('')}`),
    transport: (caller) => {
      const call = async <T>(path: string, body: object, { signal }: SyncCall): Promise<T> => {
        const who = typeof caller === 'function' ? caller() : caller;
        const request = new Request(`https://loopback.invalid/sync/v1/${path}`, {
          method: 'POST',
          headers: {
            'Sync-Protocol': String(SYNC_PROTOCOL),
            'X-Caller': JSON.stringify(who ? { ...who, shop } : null),
          },
          body: JSON.stringify(body),
          signal,
        });
        return read<T>(await server.handle(request));
      };
      return {
        name: 'loopback',
        kind: 'records',
        limits: { records: 500, bytes: 512_000 },
        push: (batch, how) => call<Pushed>('push', batch, how),
        pull: (query, how) => call<Pulled>('pull', query, how),
        snapshot: (query, how) => call<SnapshotPage>('snapshot', query, how),
        subscribe: (poke) => bus.subscribe(poke),
        ...(identity && { identity }),
      };
    },
  };
}

async function read<T>(response: Response): Promise<T> {
  const body = (await response.json()) as T & { readonly code?: SyncCode };
  if (response.ok || body.code === 'resync') return body;
  const after = response.headers.get('Retry-After');
  throw new SyncFailure(
    (body.code && KINDS[body.code]) ?? 'offline',
    'The loopback refused a call.',
    after === null ? {} : { retryAfterMs: Number(after) * 1_000 },
  );
}
