import type { IDBPDatabase } from 'idb';
import type { Regulars, Snapshot } from '../../src/client/types.js';
import { createTokenizer } from '../../src/identity/tokens.js';
import { findCustomers } from '../../src/profile/log.js';
import type { ProfileStorage, StorageRow } from '../../src/profile/port.js';
import {
  openAndReadByIndex,
  openAndReadOne,
  openBare,
  readThenWriteFour,
  readToken,
  writeFour,
} from '../peers/bare-idb.js';
import { linesOf, phoneOf, randomOf } from './history.js';
import { clientOf, databaseOf, openStorage, readDevice } from './seed.js';

/** The first opening after a hundred thousand customers were written may take the browser seconds. */
const LONGEST_MS = 60_000;
const KNOWN: readonly Snapshot['greeting']['kind'][] = ['regular', 'returning'];

/** Who the marker says this device remembers: what a page knows before it opens anything. */
export function markedCustomer(shop: string): string {
  const marker = JSON.parse(localStorage.getItem(`regulars:${shop}`) ?? '{}') as {
    readonly card?: string;
  };
  if (marker.card === undefined) throw new Error('There is no marker');
  return marker.card;
}

/** From the call of `start` until the customer is greeted, and until `start` settles: after 2 s, greeted or not. */
export async function startClient(
  shop: string,
  regulars: Regulars = clientOf(shop),
): Promise<{ readonly ms: number; readonly settledMs: number }> {
  const startedAt = performance.now();
  const greeted = new Promise<number>((resolve, reject) => {
    setTimeout(() => {
      reject(new Error(`The customer was greeted as ${regulars.greeting().kind}`));
    }, LONGEST_MS);
    regulars.listen(({ greeting }) => {
      if (KNOWN.includes(greeting.kind)) resolve(performance.now());
    });
  });
  await regulars.start();
  const settledAt = performance.now();
  return { ms: (await greeted) - startedAt, settledMs: settledAt - startedAt };
}

/** One measure of a page that has just been opened. `id` is the customer's, for those who need not look it up. */
export async function measureCold(contender: string, shop: string, id: string): Promise<number> {
  if (contender === 'regulars') return (await startClient(shop)).ms;
  const startedAt = performance.now();
  if (contender === 'created') {
    const regulars = clientOf(shop);
    const createMs = performance.now() - startedAt;
    return createMs + (await startClient(shop, regulars)).ms;
  }
  if (contender === 'indexed') {
    const { customer, orders } = await openAndReadByIndex(databaseOf.indexed(shop), id);
    const ms = performance.now() - startedAt;
    if (customer === undefined || orders.length !== 50) throw new Error('The peer read too little');
    return ms;
  }
  const known = contender === 'marked' ? markedCustomer(shop) : id;
  const row = (await openAndReadOne(databaseOf.bare(shop), known)) as { text?: string } | undefined;
  const ms = performance.now() - startedAt;
  if (row?.text === undefined) throw new Error('The peer read nothing');
  return ms;
}

// ------------------------------------------------------------- a warm page

interface Warm {
  readonly regulars: Regulars;
  readonly storage: ProfileStorage;
  readonly bare: IDBPDatabase;
  readonly token: (i: number) => Promise<string>;
}

const warm = new Map<string, Promise<Warm>>();

async function openWarm(shop: string): Promise<Warm> {
  const regulars = clientOf(shop);
  await regulars.start();
  const storage = await openStorage(shop);
  const device = await readDevice(storage);
  const tokenizer = createTokenizer(Uint8Array.from(device.key));
  return {
    regulars,
    storage,
    bare: await openBare(databaseOf.bare(shop)),
    token: async (i) => (await tokenizer.token('phone', phoneOf(i))) ?? '',
  };
}

function warmOf(shop: string): Promise<Warm> {
  const known = warm.get(shop) ?? openWarm(shop);
  warm.set(shop, known);
  return known;
}

/** The four rows that the last order of the device's customer wrote, under keys that are new. */
async function lastRows(
  storage: ProfileStorage,
  customer: string,
): Promise<{ readonly [name in 'record' | 'card' | 'outbox' | 'meta']: StorageRow }> {
  return storage.transact('readonly', async (transaction) => {
    const log = (await transaction.get('meta', 'log')) as { readonly n: number };
    const outboxKey = String(log.n).padStart(16, '0');
    const recordKey = (await transaction.get('outbox', outboxKey)) as string;
    const freshKey = recordKey.slice(0, -36) + crypto.randomUUID();
    return {
      record: { key: freshKey, value: await transaction.get('records', recordKey) },
      card: { key: customer, value: await transaction.get('cards', customer) },
      outbox: { key: String(++peerNumber).padStart(16, '0'), value: freshKey },
      meta: { key: 'log', value: log },
    };
  });
}

// far above what was seeded: the peer's rows take nobody's place
let peerNumber = 1_000_000_000;
let orders = 0;
const random = randomOf(7);

/** Remembers one order durably. */
export async function measureRecord(contender: string, shop: string): Promise<number> {
  const { regulars, storage, bare } = await warmOf(shop);
  if (contender === 'regulars') {
    const order = { id: `web:bench-${Date.now()}-${++orders}`, lines: linesOf(random) };
    const startedAt = performance.now();
    const outcome = await regulars.record(order);
    const ms = performance.now() - startedAt;
    if (outcome.kind !== 'kept') throw new Error(`The order was not kept: ${outcome.kind}`);
    return ms;
  }
  const rows = await lastRows(storage, markedCustomer(shop));
  if (Object.values(rows).some(({ value }) => value === undefined)) throw new Error('No rows');
  const write = contender === 'write' ? writeFour : readThenWriteFour;
  const startedAt = performance.now();
  await write(bare, rows);
  return performance.now() - startedAt;
}

/** Recognizes somebody by a typed phone number, without network: from the call until the answer, with the snapshot that greets them. */
export async function measureRecognize(
  contender: string,
  shop: string,
  i: number,
): Promise<number> {
  const { regulars, bare, token, storage } = await warmOf(shop);
  if (contender === 'regulars') {
    const startedAt = performance.now();
    const found = await regulars.recognize({ phone: phoneOf(i) });
    const { level } = regulars.get();
    const ms = performance.now() - startedAt;
    if (found.kind !== 'found' || level !== 'claimed') throw new Error(`It was ${found.kind}`);
    await regulars.endVisit();
    return ms;
  }
  const key = await token(i);
  const [id = ''] = await storage.transact('readonly', (tx) => findCustomers(tx, key));
  const startedAt = performance.now();
  // who reads one row knows whose; who is given a number has to look it up first
  if (contender === 'two') await readToken(bare, key);
  const row = (await bare.get('cards', id)) as { readonly text?: string } | undefined;
  const ms = performance.now() - startedAt;
  if (row?.text === undefined) throw new Error('The peer read nothing');
  return ms;
}

/** Finds the customer with a phone number by its token. */
export async function measureFind(contender: string, shop: string, i: number): Promise<number> {
  const { storage, bare, token } = await warmOf(shop);
  const key = await token(i);
  const startedAt = performance.now();
  if (contender === 'regulars') {
    const ids = await storage.transact('readonly', (transaction) =>
      findCustomers(transaction, key),
    );
    const ms = performance.now() - startedAt;
    if (ids.length !== 1) throw new Error(`${ids.length} customers have the token`);
    return ms;
  }
  const row = (await readToken(bare, `t:${key}`)) as { subjects?: unknown } | undefined;
  const ms = performance.now() - startedAt;
  if (row?.subjects === undefined) throw new Error('The peer found nothing');
  return ms;
}
