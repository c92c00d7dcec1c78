import { memoryDatabase } from '../adapters/database/memory.js';
import { httpTransport } from '../adapters/transport/http.js';
import type { IdentityBackend } from '../identity/port.js';
import type { Clock, Random } from '../kernel/clock.js';
import type { Transport } from '../sync/port.js';
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
  readonly identity: IdentityBackend;
}

/** Makes the server of a loopback: the real one, reached without a network. */
export function createLoopbackSync(options: LoopbackSyncOptions): LoopbackSync {
  const { shop, key, clock, random, seal, identity } = options;
  const database = memoryDatabase({ random });
  const bus = memoryBus();
  const server = createRegularsServer({
    ...{ database, bus, clock, random },
    keys: (id) => (id === shop ? { key, ...(seal && { seal }) } : undefined),
    authorize: ({ headers }) => {
      const shown = /^Bearer (.+)$/.exec(headers.get('Authorization') ?? '')?.[1];
      return shown === undefined ? undefined : { ...readCaller(shown), shop };
    },
    limits: { requestsPerMinute: Infinity, lookUpMs: 0 },
  });
  return {
    renew: () => database.renew(shop, `${clock.now()}-${random(8).join('')}`),
    transport: (caller) => ({
      ...httpTransport({
        url: 'https://loopback.invalid',
        token: () => {
          const who = typeof caller === 'function' ? caller() : caller;
          return who && encodeURIComponent(JSON.stringify(who));
        },
        fetch: (...request) => server.handle(new Request(...request)),
      }),
      name: 'loopback',
      // told at once: a stream would wait for the machine's clock
      subscribe: (poke) => bus.subscribe(poke),
      identity,
    }),
  };
}

/** A loopback's own token: it says who somebody is, and nothing proves it. */
function readCaller(shown: string): Omit<Authorized, 'shop'> {
  return JSON.parse(decodeURIComponent(shown)) as Omit<Authorized, 'shop'>;
}
