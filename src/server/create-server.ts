import { systemClock, systemRandom } from '../kernel/clock.js';
import { randomId } from '../kernel/ids.js';
import { nextStamp, type Stamp } from '../kernel/stamp.js';
import { SYNC_PROTOCOL } from '../sync/port.js';
import { memoryBus } from './bus.js';
import { createClosing, type Asked, type Context } from './context.js';
import { giveDirectory } from './directory.js';
import { deviceBy, enroll } from './devices.js';
import { groupCommit } from './group-commit.js';
import { lookUp } from './look-up.js';
import { events, type Streams } from './poke.js';
import { answerProof, beginProof, checkProof, recordsOfProof } from './proofs.js';
import { createServerShop, type ServerShop } from './shop.js';
import { createShopHere, type ShopHere } from './shop-keys.js';
import { pull, push, snapshot } from './sync-routes.js';
import type { Authorized, CorsOptions, RegularsServerOptions, ServerLimits } from './types.js';
import { no, preflight, toResponse, withCors, type Answer } from './wire.js';

const DEFAULT_LIMITS: Required<ServerLimits> = {
  pushBytes: 1_000_000,
  pushRecords: 500,
  recordLength: 65_536,
  requestsPerMinute: 600,
  perIdentifier: 5,
  perDevice: 30,
  lookUpMs: 250,
  horizonDays: 180,
  streams: 10,
};

const MINUTE_MS = 60_000;
/** Whoever is being answered when the server is closed is waited for so long. */
const DRAIN_MS = 5_000;
/** Keys and settings are asked for again after so long: they may have been rotated. */
const SHOP_MS = 5 * MINUTE_MS;
/** Whoever asks may name a shop: with a `keys` that knows every name the memory would fill up. */
const SHOPS_MAX = 10_000;

interface Known {
  readonly here: Promise<ShopHere | undefined>;
  readonly until: number;
}

/** A server for any runtime that has `Request` and `Response`. */
export interface RegularsServer {
  /**
   * Answers a request below `…/sync/v1/`. Never rejects: what goes wrong is an answer with a code. Everything else under the same
   * address is the host's: see `handles`.
   */
  readonly handle: (request: Request) => Promise<Response>;
  /** True for a request that `handle` is for. */
  readonly handles: (request: Request) => boolean;
  /** One shop, for the host's own code: webhooks, pages that a server renders, mails. */
  readonly shop: (id: string) => ServerShop;
  /** Ends the streams, answers whoever is being answered (five seconds at most), and closes the database. */
  readonly close: () => Promise<void>;
}

type Route = (asked: Asked) => Promise<Answer>;

/**
 * Makes a server: any number of processes over one database. What a request may do is what `authorize` says of it.
 * @example
 * const server = createRegularsServer({
 *   database: memoryDatabase(),
 *   authorize: async (request) => {
 *     const session = await sessionOf(request);
 *     return session && { shop: 'blue-door', scope: 'self', account: session.user };
 *   },
 *   keys: (shop) => (shop === 'blue-door' ? { key } : undefined),
 * });
 * const response = await server.handle(request);
 */
export function createRegularsServer(options: RegularsServerOptions): RegularsServer {
  const closing = createClosing();
  const context = contextOf(options, closing);
  const cors = guarded(options.cors, context.report);
  const streams: Streams = new Map();
  const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
    ['POST push', push],
    ['GET pull', pull],
    ['POST pull', pull],
    ['GET snapshot', snapshot],
    ['POST snapshot', snapshot],
    ['GET events', (asked) => events(asked, streams)],
    ['POST look-up', lookUp],
    ['POST directory', giveDirectory],
    ['POST proofs', beginProof],
    ['POST proofs/check', checkProof],
    ['POST proofs/answer', answerProof],
    ['POST records', recordsOfProof],
  ]);
  const answering = new Set<Promise<unknown>>();
  const serving = { context, routes, waitOf: createRate(context), seen: new Map() };
  return {
    handles: (request) => pathOf(new URL(request.url)) !== undefined,
    handle: async (request) => {
      if (request.method === 'OPTIONS') return preflight(request, cors);
      const answered = answerTo(request, serving).catch((error: unknown) => {
        context.report(error);
        return no('unavailable', { retryAfterMs: 1_000 });
      });
      answering.add(answered);
      const answer = await answered;
      answering.delete(answered);
      return withCors(toResponse(answer, request, context.clock.now()), request, cors);
    },
    shop: (id) => createServerShop(context, id),
    close: async () => {
      closing.begin();
      let cancel = (): void => undefined;
      const enough = new Promise<void>((done) => (cancel = context.clock.after(DRAIN_MS, done)));
      await Promise.race([Promise.all(answering), enough]);
      cancel();
      await context.database.close();
    },
  };
}

/** A test of origins that fails lets nobody in. */
function guarded(
  cors: CorsOptions | undefined,
  report: Context['report'],
): CorsOptions | undefined {
  if (typeof cors?.origins !== 'function') return cors;
  const { origins } = cors;
  return {
    origins: (origin) => {
      try {
        return origins(origin);
      } catch (error) {
        report(error);
        return false;
      }
    },
  };
}

function contextOf(options: RegularsServerOptions, closing: Context['closing']): Context {
  const { bus = memoryBus(), clock = systemClock, random = systemRandom } = options;
  const database = groupCommit(options.database);
  const shops = new Map<string, Known>();
  const load = async (id: string): Promise<ShopHere | undefined> => {
    const keys = await options.keys(id);
    return keys && createShopHere(id, keys, (await options.settings?.(id)) ?? {});
  };
  const device = randomId(random);
  let last: Stamp | undefined;
  return {
    ...{ database, bus, clock, random, options, closing },
    stamp: () => (last = nextStamp(last, clock.now(), device)),
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    report: (error) => {
      try {
        options.onError?.(error);
      } catch {
        // whoever listens must not end an answer
      }
    },
    shop: (id) => {
      const known = shops.get(id);
      if (known && clock.elapsed() < known.until) return known.here;
      const here = load(id);
      if (shops.size >= SHOPS_MAX) shops.clear();
      shops.set(id, { here, until: clock.elapsed() + SHOP_MS });
      // a shop that is new is there the next time; so is one whose keys could not be read
      const forget = (): void => void shops.delete(id);
      here.then((found) => found ?? forget(), forget);
      return here;
    },
  };
}

/** What answering takes beside the request. */
interface Serving {
  readonly context: Context;
  readonly routes: ReadonlyMap<string, Route>;
  /** How long until the next request under a name is answered, ms. */
  readonly waitOf: (name: string) => number;
  /** When devices were seen last, by name. */
  readonly seen: Map<string, number>;
}

async function answerTo(
  request: Request,
  { context, routes, waitOf, seen }: Serving,
): Promise<Answer> {
  const url = new URL(request.url);
  const path = pathOf(url);
  const named = `${request.method} ${path ?? ''}`;
  const route = routes.get(named);
  const enrolls = named === 'POST devices';
  if (path === undefined || !(route || enrolls))
    return no('invalid', { status: 404, title: 'There is nothing under this address.' });
  const protocol = request.headers.get('Sync-Protocol');
  // a form of another site cannot send this header: a cookie alone does nothing here
  if (protocol === null) return no('invalid', { title: 'The header Sync-Protocol is missing.' });
  if (![SYNC_PROTOCOL, SYNC_PROTOCOL - 1].map(String).includes(protocol))
    return no('upgrade-required');
  if (!route) return enroll(context, request);
  const isDevice = request.headers.get('Authorization')?.startsWith('Device ') === true;
  const who = await (isDevice
    ? deviceBy(context, request, seen)
    : context.options.authorize(request));
  const shop = who && (await context.shop(who.shop));
  if (!shop) return no('auth');
  const device = await nameOf(who, request, shop);
  const retryAfterMs = waitOf(JSON.stringify([shop.id, device]));
  if (retryAfterMs > 0) return no('rate', { retryAfterMs });
  return route({ context, shop, who, device, request, url });
}

/** What stands behind `/sync/v1/`, wherever the host has put that. */
function pathOf({ pathname }: URL): string | undefined {
  return /\/sync\/v1\/([a-z/-]+)$/.exec(pathname)?.[1];
}

/** Names whom limits count for. */
async function nameOf(who: Authorized, request: Request, shop: ShopHere): Promise<string> {
  const { device, account } = who;
  if (device !== undefined) return `device ${device}`;
  if (account !== undefined) return `account ${account}`;
  const shown = request.headers.get('Authorization') ?? request.headers.get('Cookie') ?? '';
  return `shown ${await shop.mac('!note', shown)}`;
}

/** Counts the requests of a minute; how long until the next one is answered, ms: 0 where it is. */
function createRate({ clock, limits }: Context): (name: string) => number {
  const counts = new Map<string, number>();
  let since = clock.elapsed();
  return (name) => {
    const now = clock.elapsed();
    if (now - since >= MINUTE_MS) {
      counts.clear();
      since = now;
    }
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count > limits.requestsPerMinute ? since + MINUTE_MS - now : 0;
  };
}
