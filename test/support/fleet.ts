import { memoryStorage } from '../../src/adapters/storage/memory.js';
import { createRegulars } from '../../src/client/create-regulars.js';
import { syncOver } from '../../src/client/sync.js';
import type { Notice, Regulars, RegularsOptions } from '../../src/client/types.js';
import type { ProfileStorage } from '../../src/profile/port.js';
import { loopback, type Loopback, type LoopbackOptions } from '../../src/server/loopback.js';
import type { SentRecord, Transport } from '../../src/sync/port.js';
import { createFakeClock, seededRandom, type FakeClock } from '../../src/testing/fake-clock.js';

export const SHOP = 'blue-door';
export const NOON: number = Date.UTC(2026, 2, 20, 12);

/** What may happen to a device's calls: called before each, and with what came back. */
export interface Line {
  /** Throws what the network does. */
  before: (
    call: 'push' | 'pull' | 'snapshot',
    records: readonly SentRecord[],
  ) => void | Promise<void>;
  /** Throws what makes an answer get lost. */
  after: (call: 'push' | 'pull' | 'snapshot') => void | Promise<void>;
  /** Whether the network delivers this push a second time. */
  repeats: () => boolean;
  /** Every call, in order. */
  readonly calls: {
    readonly call: string;
    readonly records: readonly SentRecord[];
    readonly at: number;
    readonly keepalive: boolean;
  }[];
}

/** One device of a fleet: its disk, its clock, its line, and the page that is open on it. */
export interface FleetDevice {
  readonly clock: FakeClock;
  readonly storage: ProfileStorage;
  readonly line: Line;
  readonly notices: Notice[];
  readonly errors: unknown[];
  page: Regulars;
  /** Who is signed in at the host. */
  account: string | undefined;
  /** Opens a page, or a new one after the last was closed or killed. */
  readonly open: () => Promise<Regulars>;
  /** Signs in at the host, and tells the page. */
  readonly signIn: (account: string) => Promise<void>;
  readonly buy: (id: string, sku?: string) => Promise<void>;
  readonly sync: () => Promise<void>;
}

/** A shop with its server in this program, and devices without a browser: no marker, no tabs. */
export interface Fleet {
  readonly shop: Loopback;
  readonly serverClock: FakeClock;
  readonly device: (options?: Partial<RegularsOptions>) => FleetDevice;
}

let devices = 0;

export function createFleet(
  shopOptions: Partial<LoopbackOptions> = {},
  wrap: (transport: Transport) => Transport = (transport) => transport,
  disk: (storage: ProfileStorage) => ProfileStorage = (storage) => storage,
): Fleet {
  for (const name of ['localStorage', 'indexedDB', 'BroadcastChannel'])
    Reflect.deleteProperty(globalThis, name);
  const serverClock = createFakeClock(NOON);
  const shop = loopback({
    ...{ shop: SHOP, clock: serverClock, random: seededRandom(7_000), key: seededRandom(1)(32) },
    ...shopOptions,
  });
  const device = (options: Partial<RegularsOptions> = {}): FleetDevice => {
    const seed = ++devices * 1_000;
    let pages = 0;
    const clock = createFakeClock(NOON);
    const storage = disk(diskOf(memoryStorage()));
    const line: Line = {
      before: () => undefined,
      after: () => undefined,
      repeats: () => false,
      calls: [],
    };
    const transport = broken(
      wrap(
        shop.transport(() =>
          self.account === undefined ? undefined : { scope: 'self', account: self.account },
        ),
      ),
      line,
      clock,
    );
    const create = (): Regulars =>
      createRegulars({
        shop: SHOP,
        storage,
        clock,
        random: seededRandom(seed + ++pages),
        consent: { remember: 'granted' },
        currency: 'EUR',
        timeZone: 'UTC',
        sync: syncOver(transport),
        onNotice: (notice) => void self.notices.push(notice),
        onError: (error) => void self.errors.push(error),
        ...options,
      });
    const self: FleetDevice = {
      ...{ clock, storage, line, notices: [], errors: [], account: undefined },
      page: undefined as never,
      open: async () => {
        self.page = create();
        await self.page.start();
        await until(() => self.page.get().sync.state !== 'off');
        return self.page;
      },
      signIn: async (account) => {
        self.account = account;
        await self.page.recognize({ account }, { verified: ['account'] });
      },
      buy: async (id, sku = 'latte') => {
        const outcome = await self.page.record({ id, lines: [{ sku }] });
        if (outcome.kind === 'refused') throw new Error(`${id} was refused: ${outcome.reason}`);
      },
      sync: async () => {
        await self.page.sync.now();
      },
    };
    return self;
  };
  return { shop, serverClock, device };
}

/** A storage in memory that says it outlives its pages: as one object here it does. */
function diskOf(memory: ProfileStorage): ProfileStorage {
  return {
    ...memory,
    open: async (options) => ({ ...(await memory.open(options)), kind: 'persistent' }),
  };
}

/** Lets what does not wait for a clock go on until something is so. Bounded, not timed: a busy machine is no bug. */
export async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + 30_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`It never came to ${isSo.toString()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Lets what does not wait for a clock go on for a while. */
export async function rest(turns = 30): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function broken(transport: Transport, line: Line, clock: FakeClock): Transport {
  const over = async <T>(
    call: 'push' | 'pull' | 'snapshot',
    records: readonly SentRecord[],
    keepalive: boolean,
    run: () => Promise<T>,
  ): Promise<T> => {
    line.calls.push({ call, records, at: clock.elapsed(), keepalive });
    await line.before(call, records);
    const answer = await run();
    await line.after(call);
    return answer;
  };
  const { snapshot } = transport;
  return {
    ...transport,
    push: (batch, call) =>
      over('push', batch.records, call.keepalive === true, async () => {
        if (line.repeats()) await transport.push(batch, call);
        return transport.push(batch, call);
      }),
    pull: (query, call) => over('pull', [], false, () => transport.pull(query, call)),
    ...(snapshot && {
      snapshot: (query, call) => over('snapshot', [], false, () => snapshot(query, call)),
    }),
  };
}

/** Everything the server holds of an account, as a staff member sees it. */
export async function serverHas(shop: Loopback): Promise<
  readonly {
    readonly id: string;
    readonly kind: string;
    readonly data: unknown;
    readonly subject: string;
  }[]
> {
  const transport = shop.transport({ scope: 'staff', role: 'owner' });
  const all: {
    readonly id: string;
    readonly kind: string;
    readonly data: unknown;
    readonly subject: string;
  }[] = [];
  let cursor: string | null = null;
  for (;;) {
    const answer = await transport.pull(
      { cursor, limit: 500, subjects: [] },
      { signal: new AbortController().signal },
    );
    if ('resync' in answer) throw new Error(answer.resync);
    all.push(...(answer.records as never[]));
    cursor = answer.cursor;
    if (!answer.more) return all;
  }
}

/** Ids of the orders that the server holds, in the order of its log. */
export async function ordersAt(shop: Loopback): Promise<readonly string[]> {
  return (await serverHas(shop))
    .filter(({ kind }) => kind === 'purchase')
    .map(({ data }) => (data as { readonly id: string }).id);
}

/** Ids of the orders that a page shows as known, sorted. */
export async function ordersHere({ page }: FleetDevice): Promise<readonly string[]> {
  const { purchases } = await page.rights.known();
  if (!purchases.ok) throw new Error(`It needs ${purchases.need}`);
  return purchases.value.map(({ id }) => id).sort();
}
