import { memoryDatabase } from '../adapters/database/memory.js';
import { unlessAborted } from '../adapters/transport/answer.js';
import { httpTransport } from '../adapters/transport/http.js';
import type { IdentityBackend, RawIdentifier } from '../identity/port.js';
import { systemClock, systemRandom, type Clock, type Random } from '../kernel/clock.js';
import { randomId } from '../kernel/ids.js';
import type { Item } from '../recommend/types.js';
import type { Transport } from '../sync/port.js';
import { memoryBus } from './bus.js';
import { createRegularsServer, type RegularsServer } from './create-server.js';
import { recordsOfCustomer, type LoopbackCustomer } from './loopback-customers.js';
import { createShopHere } from './shop-keys.js';
import { storedOf } from './stored.js';
import type { Authorized, RegularsServerOptions, ShopSettings } from './types.js';

export type { LoopbackCustomer } from './loopback-customers.js';

/** What `loopback` takes. */
export interface LoopbackOptions {
  readonly shop: string;
  readonly customers?: readonly LoopbackCustomer[];
  /** Sends a code: the SMS or mail of a shop. @defaultValue none: there are no codes */
  readonly deliver?: (message: { readonly to: RawIdentifier; readonly code: string }) => void;
  /** The text of a QR, as an address that the customer's phone opens. @defaultValue the ticket itself */
  readonly qrText?: (ticket: string) => string;
  /** Bytes of the shop's key, which tokens are made with. @defaultValue random */
  readonly key?: Uint8Array;
  /** Private keys of `createSealKeys`: what devices seal to them is opened. @defaultValue none */
  readonly seal?: readonly JsonWebKey[];
  /** ISO 3166-1 alpha-2, for phone numbers without a country code. */
  readonly region?: string;
  /** IANA zone of the shop, for the usual. @defaultValue the machine's */
  readonly timeZone?: string;
  /** Tells what is sensitive: it is in no view. @defaultValue none is */
  readonly catalog?: readonly Item[];
  readonly clock?: Clock;
  readonly random?: Random;
}

/** Who a device is signed in as. Undefined: nobody, and it is answered so. */
export type LoopbackCaller = Omit<Authorized, 'shop'> | undefined;

/** A backend in the same program, and what its other doors are for. */
export interface Loopback extends IdentityBackend {
  /** Makes somebody known. */
  readonly add: (customer: LoopbackCustomer) => void;
  /** What the customer's phone calls after its own sign-in as `account`. False for a ticket that is over. */
  readonly confirm: (ticket: string, account: string) => Promise<boolean>;
  /** "That was not me", on the customer's phone. */
  readonly refuse: (ticket: string) => Promise<boolean>;
  /** The backend as another device reaches it: each is limited for itself. */
  readonly device: (id: string) => IdentityBackend;
  /** A way to sync with it, for `syncOver`: of whoever is signed in, which may change from call to call. */
  readonly transport: (caller: LoopbackCaller | (() => LoopbackCaller)) => Transport;
  /** Draws a new epoch, as after a backup was restored: devices take a snapshot. */
  readonly renew: () => Promise<void>;
}

/**
 * A whole backend in the same program, for tests, examples and demonstrations: the server of `regulars/server` with its database in
 * memory, reached without a network. Unlike that one it takes anybody's word for who they are.
 * @example
 * const shop = loopback({ shop: 'slurp', customers: [{ identifiers: { account: 'u_1', phone: '+14255550100' } }] });
 * createRegulars({ shop: 'slurp', mode: 'kiosk', backend: shop });
 */
export function loopback(options: LoopbackOptions): Loopback {
  const { clock = systemClock, random = systemRandom, key = random(32) } = options;
  const inside = { clock, random, key, database: memoryDatabase({ random }), bus: memoryBus() };
  const server = serverOf(options, inside);
  const { database, bus } = inside;
  const { shop: id, deliver } = options;
  const unknown = [...(options.customers ?? [])];
  let known: Promise<unknown> = Promise.resolve();
  /** At the first need: whoever asks sees what is wrong with a customer. */
  const settled = (): Promise<unknown> => {
    for (const customer of unknown.splice(0))
      known = known.then(async () => {
        const shop = createShopHere(id, { key }, settingsOf(options));
        const records = await recordsOfCustomer(customer, shop, inside);
        const stored = records.map((record) => storedOf(record, shop));
        await database.append(id, { records: await Promise.all(stored) });
      });
    return known;
  };
  const transport: Loopback['transport'] = (caller) => ({
    ...httpTransport({
      url: 'https://loopback.invalid',
      token: () => {
        const who = typeof caller === 'function' ? caller() : caller;
        return who && encodeURIComponent(JSON.stringify(who));
      },
      proofs: deliver ? ['code', 'qr'] : ['qr'],
      fetch: async (...asked) => {
        await settled();
        const request = new Request(...asked);
        return unlessAborted(() => server.handle(request), request);
      },
    }),
    name: 'loopback',
    // told at once: a stream would wait for the machine's clock
    subscribe: (poke) => bus.subscribe(poke),
  });
  const device = (name: string): IdentityBackend =>
    transport({ scope: 'device', device: name }).identity as IdentityBackend;
  const { confirm, refuse } = server.shop(id);
  return {
    ...device('here'),
    ...{ transport, device, confirm, refuse },
    renew: () => database.renew(id, randomId(random)),
    add: (customer) => void unknown.push(customer),
  };
}

function serverOf(
  options: LoopbackOptions,
  {
    key,
    ...inside
  }: Pick<RegularsServerOptions, 'database' | 'bus'> & {
    readonly clock: Clock;
    readonly random: Random;
    readonly key: Uint8Array;
  },
): RegularsServer {
  const { shop: id, seal, deliver, qrText } = options;
  return createRegularsServer({
    ...inside,
    keys: (shop) => (shop === id ? { key, ...(seal && { seal }) } : undefined),
    settings: () => settingsOf(options),
    authorize: ({ headers }) => {
      const shown = /^Bearer (.+)$/.exec(headers.get('Authorization') ?? '')?.[1];
      return shown === undefined ? undefined : { ...readCaller(shown), shop: id };
    },
    // nobody is kept waiting, and the clock may be one that stands still
    limits: { requestsPerMinute: Infinity, lookUpMs: 0 },
    ...(deliver && { deliver }),
    ...(qrText && { qrText }),
  });
}

function settingsOf({ region, timeZone, catalog }: LoopbackOptions): ShopSettings {
  return {
    ...(region !== undefined && { region }),
    ...(timeZone !== undefined && { timeZone }),
    ...(catalog && { catalog }),
  };
}

/** A loopback's own token: it says who somebody is, and nothing proves it. */
function readCaller(shown: string): Omit<Authorized, 'shop'> {
  return JSON.parse(decodeURIComponent(shown)) as Omit<Authorized, 'shop'>;
}
