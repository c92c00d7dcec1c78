// A process of its own beside the tests: appends to a log in LMDB, and says what was acknowledged.
import { writeSync } from 'node:fs';
import { lmdbStorage } from '../../src/adapters/storage/node-lmdb.js';
import { isRegularsError } from '../../src/kernel/errors.js';
import { appendRecords } from '../../src/profile/log.js';
import type { RecordDraft } from '../../src/profile/types.js';

const [task = '', folder = '', name = '', who = '', count = ''] = process.argv.slice(2);
const NOW = Date.UTC(2026, 4, 4, 8);
const storage = lmdbStorage({ folder });
const say = (line: string): void => void writeSync(1, `${line}\n`);

const purchase = (id: string): RecordDraft => ({
  id,
  subject: `customer-${who.slice(0, 1)}`,
  kind: 'purchase',
  by: 'device:one',
  data: {
    id: `web:${id}`,
    at: NOW,
    status: 'paid',
    lines: [{ sku: 'latte', name: 'Latte', quantity: 1, unitPrice: 480, modifiers: [] }],
    total: 480,
    currency: 'EUR',
    channel: 'web',
  },
});

async function append(ids: readonly string[]): Promise<void> {
  await storage.transact(
    'readwrite',
    (tx) =>
      appendRecords(tx, ids.map(purchase), { shop: 'blue-door', device: 'aaaaaaaa', now: NOW }),
    { durability: 'strict' },
  );
  say(ids.join(' '));
}

/** Single purchases, and now and then many at once, as an import has them. */
async function appendAll(): Promise<void> {
  for (let n = 0; n < Number(count); n++) {
    const size = n % 8 === 7 ? 60 : 1;
    await append(Array.from({ length: size }, (_, i) => `${who}-${n}-${i}`));
  }
}

/** Keeps the lock for a while: nothing else runs in this process meanwhile. */
const hold = (): Promise<void> =>
  storage.transact('readwrite', async () => {
    say('holding');
    const end = performance.now() + Number(count);
    while (performance.now() < end) Math.sqrt(end);
  });

/** Big rows until the system gives no more room. */
async function fill(): Promise<void> {
  try {
    for (let n = 0; n < 1000; n++) {
      await storage.transact('readwrite', async ({ put }) =>
        put('records', `r${n}`, 'x'.repeat(100_000)),
      );
      say(`r${n}`);
    }
  } catch (error) {
    say(`failed ${isRegularsError(error) ? `${error.code} ${error.retryable}` : String(error)}`);
    const rows = await storage.transact('readonly', ({ list }) => list('records'));
    say(`rows ${rows.length}`);
    for (const { key } of rows)
      await storage.transact('readwrite', async ({ remove }) => remove('records', key));
    await storage.transact('readwrite', async ({ put }) => put('records', 'again', 1));
    say('again');
  }
}

await storage.open({ name });
say('ready');
const tasks: Readonly<Record<string, () => Promise<void>>> = { append: appendAll, hold, fill };
await tasks[task]?.();
await storage.close();
await storage.close();
await storage.close();
