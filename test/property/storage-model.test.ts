import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexedDbStorage } from '../../src/adapters/storage/indexed-db.js';
import { canonicalJson } from '../../src/kernel/json.js';
import {
  appendRecords,
  eraseCustomer,
  readAllRecords,
  readCard,
  refoldCard,
} from '../../src/profile/log.js';
import type { ProfileStorage, StorageRange, StorageTransaction } from '../../src/profile/port.js';
import type { RecordDraft } from '../../src/profile/types.js';
import { storageSaboteurs } from '../../src/testing/storage-saboteurs.js';
import { env, keyedHash, NOW, purchase } from '../support/profile/histories.js';
import { storageAdaptersInNode, type AdapterUnderTest } from '../support/storage-adapters-node.js';

// Two open storages of one database, as two tabs have them, against a model that a child could check by hand.
// What runs at the same time must end as if one had run after the other.

type Tab = 0 | 1;
const anyTab = fc.constantFrom<Tab[]>(0, 1);
const other = (tab: Tab): Tab => (tab === 0 ? 1 : 0);
const runs = { seed: 20261122, numRuns: 60, endOnFailure: true };

interface Tabs {
  readonly name: string;
  readonly storages: readonly [ProfileStorage, ProfileStorage];
}

const same = (is: unknown, should: unknown): void => expect(is).toEqual(should);

let made = 0;
async function openTabs({ name: adapter, make }: AdapterUnderTest): Promise<Tabs> {
  const first = make();
  // two memory storages share nothing: its two tabs are one
  const storages = [first, adapter === 'memoryStorage' ? first : make()] as const;
  const name = `model-${++made}`;
  for (const storage of storages) await storage.open({ name });
  return { name, storages };
}

/** Runs commands against a fresh database and a fresh model. */
async function runModel<M extends object>(
  adapter: AdapterUnderTest,
  model: M,
  commands: Iterable<fc.AsyncCommand<M, Tabs>>,
): Promise<void> {
  const real = await openTabs(adapter);
  try {
    await fc.asyncModelRun(() => ({ model, real }), commands);
  } finally {
    for (const storage of real.storages) {
      await storage.open({ name: real.name });
      await storage.destroy();
    }
  }
}

const reopen = async ({ storages, name }: Tabs, tab: Tab): Promise<void> => {
  await storages[tab].close();
  await storages[tab].open({ name });
};
const destroy = async ({ storages, name }: Tabs, tab: Tab): Promise<void> => {
  await storages[tab].destroy();
  await storages[tab].open({ name });
};

const none = { reason: '', promises: [] };

// ------------------------------------------------------------ rows

/** The rows of two stores, as `store/key`. */
interface Rows {
  rows: ReadonlyMap<string, number>;
}
type Step =
  | { readonly kind: 'put'; readonly key: string; readonly value: number }
  | { readonly kind: 'remove'; readonly key: string }
  | { readonly kind: 'get'; readonly key: string }
  | { readonly kind: 'list'; readonly range: StorageRange };
interface Body {
  readonly store: 'records' | 'meta';
  readonly steps: readonly Step[];
  readonly fails: boolean;
}

const key = fc.string({
  unit: fc.constantFrom('a', 'b', '\u0000', '\uffff', '\ud83d'),
  maxLength: 3,
});
const range = fc.record(
  { prefix: key, after: key, limit: fc.nat({ max: 4 }) },
  { requiredKeys: [] },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), key, value: fc.nat(99) }),
  fc.record({ kind: fc.constantFrom<('remove' | 'get')[]>('remove', 'get'), key }),
  fc.record({ kind: fc.constant('list' as const), range }),
);
const body: fc.Arbitrary<Body> = fc.record({
  store: fc.constantFrom<Body['store'][]>('records', 'meta'),
  steps: fc.array(step, { maxLength: 6 }),
  fails: fc.boolean(),
});

/** What a transaction read, or that it failed; and the rows after it. */
interface Outcome {
  readonly told: string;
  readonly rows: ReadonlyMap<string, number>;
}

/** Runs a body on the model. */
function expected({ store, steps, fails }: Body, before: ReadonlyMap<string, number>): Outcome {
  const rows = new Map(before);
  const seen: unknown[] = [];
  for (const one of steps)
    if (one.kind === 'put') rows.set(`${store}/${one.key}`, one.value);
    else if (one.kind === 'remove') rows.delete(`${store}/${one.key}`);
    else if (one.kind === 'get') seen.push(rows.get(`${store}/${one.key}`) ?? null);
    else
      seen.push(
        [...rows]
          .filter(([name]) => name.startsWith(`${store}/`))
          .map(([name, value]) => ({ key: name.slice(store.length + 1), value }))
          .filter((row) => row.key.startsWith(one.range.prefix ?? ''))
          .filter((row) => one.range.after === undefined || row.key > one.range.after)
          .sort((a, b) => (a.key < b.key ? -1 : 1))
          .slice(0, one.range.limit),
      );
  return fails ? { told: 'failed', rows: before } : { told: canonicalJson(seen), rows };
}

/** Runs it on a storage. */
async function run(storage: ProfileStorage, { store, steps, fails }: Body): Promise<string> {
  const act = async (tx: StorageTransaction): Promise<string> => {
    const seen: unknown[] = [];
    for (const one of steps)
      if (one.kind === 'put') tx.put(store, one.key, one.value);
      else if (one.kind === 'remove') tx.remove(store, one.key);
      else if (one.kind === 'get') seen.push((await tx.get(store, one.key)) ?? null);
      else seen.push(await tx.list(store, one.range));
    if (fails) throw new RangeError('on purpose');
    return canonicalJson(seen);
  };
  try {
    return await storage.transact('readwrite', act);
  } catch (error) {
    if (error instanceof RangeError) return 'failed';
    throw error;
  }
}

const allRows = async (storage: ProfileStorage): Promise<ReadonlyMap<string, number>> =>
  new Map(
    await storage.transact('readonly', async (tx) =>
      (await Promise.all([tx.list('records'), tx.list('meta')])).flatMap((rows, i) =>
        rows.map((row) => [`${i ? 'meta' : 'records'}/${row.key}`, row.value as number] as const),
      ),
    ),
  );
const sorted = (rows: ReadonlyMap<string, number>): unknown =>
  [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
const sameRows = async (model: Rows, real: Tabs, tab: Tab): Promise<void> =>
  same(sorted(await allRows(real.storages[tab])), sorted(model.rows));

const one = (tab: Tab, given: Body): fc.AsyncCommand<Rows, Tabs> => ({
  check: () => true,
  run: async (model, real) => {
    const { told, rows } = expected(given, model.rows);
    expect(await run(real.storages[tab], given)).toBe(told);
    model.rows = rows;
    await sameRows(model, real, other(tab)); // the other tab sees it at once
  },
  toString: () => `tab ${tab}: ${JSON.stringify(given)}`,
});
const race = (a: Body, b: Body): fc.AsyncCommand<Rows, Tabs> => ({
  check: () => true,
  run: async (model, real) => {
    const told = await Promise.all([run(real.storages[0], a), run(real.storages[1], b)]);
    const found = canonicalJson([told, sorted(await allRows(real.storages[0]))]);
    const [firstA, firstB] = [expected(a, model.rows), expected(b, model.rows)];
    const [thenB, thenA] = [expected(b, firstA.rows), expected(a, firstB.rows)];
    const orders = [
      { told: [firstA.told, thenB.told], rows: thenB.rows },
      { told: [thenA.told, firstB.told], rows: thenA.rows },
    ];
    const fits = orders.find((order) => canonicalJson([order.told, sorted(order.rows)]) === found);
    if (!fits) throw new Error(`No order of the two explains ${found}`);
    model.rows = fits.rows;
  },
  toString: () => `both: ${JSON.stringify([a, b])}`,
});
const life = (tab: Tab, kind: 'reopen' | 'destroy'): fc.AsyncCommand<Rows, Tabs> => ({
  check: () => true,
  run: async (model, real) => {
    await (kind === 'reopen' ? reopen : destroy)(real, tab);
    if (kind === 'destroy') model.rows = new Map();
    await sameRows(model, real, tab);
    await sameRows(model, real, other(tab));
  },
  toString: () => `tab ${tab}: ${kind}`,
});

const rowCommands = fc.commands(
  [
    fc.tuple(anyTab, body).map((given) => one(...given)),
    fc.tuple(body, body).map((given) => race(...given)),
    fc
      .tuple(anyTab, fc.constantFrom<('reopen' | 'destroy')[]>('reopen', 'reopen', 'destroy'))
      .map((given) => life(...given)),
  ],
  { maxCommands: 15 },
);

// ------------------------------------------------------------ the log

const SUBJECTS = ['shep', 'ada'] as const;
type Subject = (typeof SUBJECTS)[number];
const anySubject = fc.constantFrom<Subject[]>(...SUBJECTS);

/** Who bought what; and who is never to come back. */
interface Book {
  readonly bought: { readonly [subject in Subject]: Set<string> };
  readonly erased: Set<Subject>;
}

interface Order {
  readonly subject: Subject;
  readonly number: number;
}
const anyOrders = fc.array(fc.record({ subject: anySubject, number: fc.nat(7) }), { maxLength: 5 });
const idOf = ({ subject, number }: Order): string => `${subject}-${number}`;
const draftOf = (order: Order): RecordDraft => ({
  id: idOf(order),
  subject: order.subject,
  kind: 'purchase',
  by: 'device:one',
  data: purchase(`web:${idOf(order)}`, { at: NOW + order.number * 1000 }),
});
const append = (storage: ProfileStorage, orders: readonly Order[]): Promise<number> =>
  storage.transact('readwrite', async (tx) => {
    const { appended } = await appendRecords(tx, orders.map(draftOf), { ...env, hash: keyedHash });
    return appended.length;
  });

let tombstones = 0;
const erase = (storage: ProfileStorage, subject: Subject, forGood: boolean): Promise<void> =>
  storage.transact('readwrite', (tx) =>
    eraseCustomer(tx, subject, {
      ...env,
      tombstone: forGood && { id: `t${++tombstones}`, by: 'device:one', hash: keyedHash },
    }),
  );

/** Notes orders in the book; gives how many were new. */
function note(book: Book, orders: readonly Order[]): number {
  const before = SUBJECTS.map((subject) => book.bought[subject].size);
  for (const order of orders)
    if (!book.erased.has(order.subject)) book.bought[order.subject].add(idOf(order));
  return SUBJECTS.reduce(
    (sum, subject, i) => sum + book.bought[subject].size - (before[i] ?? 0),
    0,
  );
}

/** The log holds what the book says, once; and the cards show it. */
async function agree(book: Book, storage: ProfileStorage): Promise<void> {
  const [records, cards] = await storage.transact('readonly', async (tx) => [
    await readAllRecords(tx),
    await Promise.all(SUBJECTS.map((subject) => readCard(tx, subject))),
  ]);
  const ids = records.filter(({ kind }) => kind === 'purchase').map(({ id }) => id);
  const wanted = SUBJECTS.map((subject) => [...book.bought[subject]].sort());
  expect([...ids].sort()).toEqual(wanted.flat().sort());
  const shown = cards.map((found) =>
    found.kind === 'card' ? found.card.purchases.map(({ id }) => id.slice(4)).sort() : [],
  );
  expect(shown).toEqual(wanted);
}

const bookCommand = (
  text: string,
  act: (book: Book, storages: Tabs['storages'], real: Tabs) => Promise<void>,
): fc.AsyncCommand<Book, Tabs> => ({
  check: () => true,
  run: async (book, real) => {
    await act(book, real.storages, real);
    for (const storage of real.storages) await agree(book, storage);
  },
  toString: () => text,
});

const bookCommands = fc.commands(
  [
    fc.tuple(anyOrders, anyOrders).map(([a, b]) =>
      bookCommand(
        `both append ${[a, b].map((list) => list.map(idOf)).join(' | ')}`,
        async (book, tabs) => {
          const added = await Promise.all([append(tabs[0], a), append(tabs[1], b)]);
          same(added[0] + added[1], note(book, [...a, ...b]));
        },
      ),
    ),
    fc.tuple(anyTab, anySubject, anyOrders).map(([tab, subject, orders]) =>
      bookCommand(
        `${tab} erases ${subject} while ${orders.map(idOf).join()} come`,
        async (book, tabs) => {
          await Promise.all([erase(tabs[tab], subject, true), append(tabs[other(tab)], orders)]);
          note(book, orders);
          book.erased.add(subject);
          book.bought[subject].clear();
        },
      ),
    ),
    fc.tuple(anyTab, anySubject).map(([tab, subject]) =>
      bookCommand(`${tab} removes ${subject}`, async (book, tabs) => {
        await erase(tabs[tab], subject, false);
        book.bought[subject].clear();
      }),
    ),
    fc.tuple(anySubject, anyOrders).map(([subject, orders]) =>
      bookCommand(
        `0 folds ${subject} anew while ${orders.map(idOf).join()} come`,
        async (book, tabs) => {
          await Promise.all([
            tabs[0].transact('readwrite', (tx) => refoldCard(tx, subject)),
            append(tabs[1], orders),
          ]);
          note(book, orders);
        },
      ),
    ),
    fc.tuple(anyTab, anyOrders).map(([tab, orders]) =>
      bookCommand(`${tab} fails after ${orders.map(idOf).join()}`, async (_, tabs) => {
        const failing = tabs[tab].transact('readwrite', async (tx) => {
          await appendRecords(tx, orders.map(draftOf), { ...env, hash: keyedHash });
          throw new RangeError('on purpose');
        });
        same(await failing.catch((error: Error) => error.message), 'on purpose');
      }),
    ),
    anyTab.map((tab) => bookCommand(`${tab} reopens`, (_, _tabs, real) => reopen(real, tab))),
  ],
  { maxCommands: 12 },
);

const likeAMap = (adapter: AdapterUnderTest): Promise<void> =>
  fc.assert(
    fc.asyncProperty(rowCommands, (commands) =>
      runModel<Rows>(adapter, { rows: new Map() }, commands),
    ),
    runs,
  );

for (const adapter of storageAdaptersInNode)
  describe(`${adapter.name} in two tabs`, () => {
    it('does what a map does, whatever is done', () => likeAMap(adapter));
    it('keeps a log that is the set of what was appended and not erased', () =>
      fc.assert(
        fc.asyncProperty(bookCommands, (commands) =>
          runModel<Book>(
            adapter,
            { bought: { shep: new Set(), ada: new Set() }, erased: new Set() },
            commands,
          ),
        ),
        { ...runs, numRuns: 30 },
      ));
  });

describe('the model notices a storage', () => {
  const broken = [
    'reads see the puts of their own transaction',
    'remove takes a row away, and does nothing where there is none',
    'a body that throws writes nothing',
    'two storages of one name see and keep what the other writes',
    'what was committed is there after closing and opening',
    'destroy leaves nothing, and the storage can be opened again',
  ];
  for (const { breaks, sabotage } of storageSaboteurs.filter((one) => broken.includes(one.breaks)))
    it(`that breaks "${breaks}"`, async () => {
      const adapter = {
        name: 'broken',
        make: () => sabotage(indexedDbStorage()),
        exceptions: none,
      };
      await expect(likeAMap(adapter)).rejects.toThrow('Property failed');
    });
});
