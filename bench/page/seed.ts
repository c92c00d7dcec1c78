import { openDB, type IDBPDatabase } from 'idb';
import { indexedDbStorage } from '../../src/adapters/storage/indexed-db.js';
import { memoryStorage } from '../../src/adapters/storage/memory.js';
import { createRegulars } from '../../src/client/create-regulars.js';
import type { Regulars } from '../../src/client/types.js';
import { createTokenizer } from '../../src/identity/tokens.js';
import { systemRandom } from '../../src/kernel/clock.js';
import { randomId, uuidV7, uuidV8 } from '../../src/kernel/ids.js';
import { appendRecords } from '../../src/profile/log.js';
import type { ProfileStorage, StorageRow, StoreName } from '../../src/profile/port.js';
import { decodeRow } from '../../src/profile/stored-row.js';
import type { Card, Purchase, RecordDraft } from '../../src/profile/types.js';
import { openBare, openIndexed } from '../peers/bare-idb.js';
import { linesOf, phoneOf, randomOf, timesOf } from './history.js';

const STORES: readonly StoreName[] = ['cards', 'tokens', 'records', 'outbox', 'meta'];

/** Names of the databases of one shop. */
export const databaseOf = {
  regulars: (shop: string): string => `regulars:${shop}`,
  bare: (shop: string): string => `bare:${shop}`,
  indexed: (shop: string): string => `indexed:${shop}`,
};

/** The client as a shop would make it. */
export function clientOf(shop: string, storage: ProfileStorage = indexedDbStorage()): Regulars {
  return createRegulars({ shop, storage, currency: 'EUR', region: 'US' });
}

/** The device's own customer: asked, remembered and with `count` purchases, through the public face and nothing else. */
export async function makeCustomer(shop: string, count: number): Promise<void> {
  const regulars = clientOf(shop);
  await regulars.start();
  await regulars.rights.consent('remember', 'granted');
  await regulars.recognize({ account: 'u_42' }, { verified: ['account'], name: 'Maya' });
  const random = randomOf(42);
  for (const [i, at] of timesOf(count, Date.now(), random).entries()) {
    const outcome = await regulars.record({ id: `web:own-${i}`, at, lines: linesOf(random) });
    if (outcome.kind !== 'kept') throw new Error(`An order was not kept: ${outcome.kind}`);
  }
  await regulars.stop();
}

interface Device {
  readonly id: string;
  readonly key: readonly number[];
  readonly current: { readonly customer: string } | null;
}

interface Open {
  readonly storage: ProfileStorage;
  readonly bare: IDBPDatabase;
  readonly indexed: IDBPDatabase;
  readonly device: Device;
}

/** Opens the storage of a shop, as the client does. */
export async function openStorage(shop: string): Promise<ProfileStorage> {
  const storage = indexedDbStorage({ otherwise: 'reject' });
  await storage.open({ name: databaseOf.regulars(shop) });
  return storage;
}

/** The row that says whose device it is. */
export async function readDevice(storage: ProfileStorage): Promise<Device> {
  return storage.transact(
    'readonly',
    async (transaction) => (await transaction.get('meta', 'device')) as Device,
  );
}

let opened: Promise<Open> | undefined;

async function openAll(shop: string): Promise<Open> {
  const storage = await openStorage(shop);
  const device = await readDevice(storage);
  const bare = await openBare(databaseOf.bare(shop));
  const indexed = await openIndexed(databaseOf.indexed(shop));
  for (const store of STORES) {
    const rows = await storage.transact('readonly', (transaction) => transaction.list(store));
    await writeBare(bare, new Map([[store, rows]]));
    for (const { value } of store === 'cards' ? rows : []) {
      const decoded = decodeRow(value);
      const card = (decoded.kind === 'ok' ? decoded.value : {}) as Card;
      await writeIndexed(indexed, new Map([[card.id, card.purchases]]));
    }
  }
  return { storage, bare, indexed, device };
}

/**
 * Puts the customers with numbers `from` to below `to` into all three databases of a shop. The log of the product computes their
 * rows in memory; the storage port then writes them, many in one transaction.
 */
export async function seedCustomers(shop: string, from: number, to: number): Promise<void> {
  const { storage, bare, indexed, device } = await (opened ??= openAll(shop));
  const { token } = createTokenizer(Uint8Array.from(device.key));
  const tokens = await Promise.all(
    Array.from({ length: to - from }, (_, i) => token('phone', phoneOf(from + i))),
  );
  const now = Date.now();
  const rows = new Map<StoreName, readonly StorageRow[]>();
  const orders = new Map<string, Purchase[]>();
  for (let at = from; at < to; at += 100) {
    const drafts = tokens
      .slice(at - from, at - from + 100)
      .flatMap((made = '', i) => draftsOf(at + i, made, device.id, now));
    for (const [store, more] of await rowsOf(storage, shop, device.id, drafts, now, rows))
      rows.set(store, [...(store === 'meta' ? [] : (rows.get(store) ?? [])), ...more]);
    for (const { kind, subject, data } of drafts)
      if (kind === 'purchase') orders.set(subject, [...(orders.get(subject) ?? []), data]);
  }
  await storage.transact('readwrite', async (transaction) => {
    for (const [store, list] of rows)
      for (const { key, value } of list) transaction.put(store, key, value);
  });
  await writeBare(bare, rows);
  await writeIndexed(indexed, orders);
}

/** What the product writes for drafts of people who are new to it, after the rows of `before`. */
async function rowsOf(
  storage: ProfileStorage,
  shop: string,
  device: string,
  drafts: readonly RecordDraft[],
  now: number,
  before: ReadonlyMap<StoreName, readonly StorageRow[]>,
): Promise<ReadonlyMap<StoreName, readonly StorageRow[]>> {
  const log =
    before.get('meta')?.[0]?.value ??
    (await storage.transact('readonly', (transaction) => transaction.get('meta', 'log')));
  const memory = memoryStorage();
  await memory.open({ name: shop });
  await memory.transact('readwrite', async (transaction) => {
    transaction.put('meta', 'log', log);
    await appendRecords(transaction, drafts, { shop, device, now });
  });
  const lists = await memory.transact('readonly', (transaction) =>
    Promise.all(STORES.map(async (store) => [store, await transaction.list(store)] as const)),
  );
  return new Map(lists);
}

/** A customer with a phone number and one to three purchases. */
function draftsOf(i: number, token: string, device: string, now: number): readonly RecordDraft[] {
  const random = randomOf(i);
  const subject = randomId(systemRandom);
  const by = `device:${device}`;
  const times = timesOf(1 + Math.floor(random() * 3), now, random);
  return [
    {
      id: uuidV7(now, systemRandom),
      subject,
      kind: 'link',
      by,
      data: { type: 'phone', token, level: 'claimed', method: 'typed', at: times[0] ?? now },
    },
    ...times.map((at, n): RecordDraft => ({
      id: uuidV8(systemRandom(16)),
      subject,
      kind: 'purchase',
      by,
      data: {
        id: `web:${i}-${n}`,
        at,
        status: 'paid',
        lines: linesOf(random),
        total: null,
        currency: 'EUR',
        channel: 'web',
      },
    })),
  ];
}

async function writeBare(
  db: IDBPDatabase,
  rows: ReadonlyMap<StoreName, readonly StorageRow[]>,
): Promise<void> {
  const transaction = db.transaction(STORES, 'readwrite');
  for (const [store, list] of rows)
    for (const { key, value } of list) void transaction.objectStore(store).put(value, key);
  await transaction.done;
}

async function writeIndexed(
  db: IDBPDatabase,
  orders: ReadonlyMap<string, readonly Purchase[]>,
): Promise<void> {
  const transaction = db.transaction(['customers', 'orders'], 'readwrite');
  for (const [customer, purchases] of orders) {
    void transaction.objectStore('customers').put({ id: customer, name: 'Maya' });
    for (const purchase of purchases)
      void transaction.objectStore('orders').put({ ...purchase, customer });
  }
  await transaction.done;
}

/** Looks at what was seeded with the product's own eyes; throws where it is not what it should be. */
export async function verifySeeded(shop: string, total: number): Promise<void> {
  const { bare } = await (opened ??= openAll(shop));
  const own = await openDB(databaseOf.regulars(shop));
  const counts = await Promise.all(
    STORES.map(async (store) => [store, await own.count(store), await bare.count(store)] as const),
  );
  own.close();
  for (const [store, ours, theirs] of counts)
    if (ours !== theirs) throw new Error(`${store}: ${ours} rows here, ${theirs} in the peer's`);
  if (counts[0]?.[1] !== total) throw new Error(`${counts[0]?.[1]} cards, not ${total}`);

  const regulars = clientOf(shop);
  await regulars.start();
  const { greeting } = regulars.get();
  if (greeting.kind !== 'regular' && greeting.kind !== 'returning')
    throw new Error(`The device's own customer was greeted as ${greeting.kind}`);
  const found = await regulars.recognize({ phone: phoneOf(total - 2) });
  const paidVisits = regulars.get().customer?.paidVisits;
  if (found.kind !== 'found') throw new Error(`The last customer is ${found.kind}, not found`);
  if (paidVisits === 0) throw new Error('The last customer has no purchases');
  await regulars.endVisit();
  await regulars.stop();
}
