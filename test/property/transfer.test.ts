import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRegularsError } from '../../src/kernel/errors.js';
import { canonicalJson } from '../../src/kernel/json.js';
import { exportStorage } from '../../src/profile/export-log.js';
import { importStorage, type StorageImported } from '../../src/profile/import-storage.js';
import { appendRecords, eraseCustomer, listCustomers, makeBase } from '../../src/profile/log.js';
import type { ProfileStorage, StorageRow } from '../../src/profile/port.js';
import type { ProfileRecord } from '../../src/profile/types.js';
import {
  anyHistory,
  contents,
  env,
  keyedHash,
  NOW,
  openMemory,
} from '../support/profile/histories.js';

const runs = { numRuns: 60, seed: 20260505 };
const { shop } = env;

async function exported(storage: ProfileStorage): Promise<string> {
  let text = '';
  for await (const piece of exportStorage(storage, { shop })) text += piece;
  return text;
}

const imported = (storage: ProfileStorage, text: string): Promise<StorageImported> =>
  importStorage(storage, text, { shop });

/** All that a storage knows, whatever numbers its log gave; what an erasure has absorbed is known no more. */
async function knowledge(storage: ProfileStorage): Promise<string> {
  const { cards, tokens, records, outbox } = await contents(storage);
  const read = ({ key, value }: StorageRow): { key: string; v: number; value: Read } => {
    const { v, text } = value as { v: number; text: string };
    return { key, v, value: JSON.parse(text) as Read };
  };
  const known = cards.map(read);
  const erased = new Set(known.filter(({ value }) => value.erased).map(({ key }) => key));
  const kept = records
    .map(read)
    .filter(({ value }) => value.kind === 'erasure' || !erased.has(value.subject));
  const keys = new Set(kept.map(({ key }) => key));
  return canonicalJson({
    cards: known,
    tokens: tokens.map(({ key, value }) => (key.startsWith('e:') ? key : [key, value])),
    records: kept,
    waiting: outbox.map(({ value }) => String(value)).filter((key) => keys.has(key)),
  });
}

interface Read {
  readonly kind: string;
  readonly subject: string;
  readonly erased?: boolean;
}

/** A history in a storage: some of it sent, some in a base, perhaps with somebody erased. */
const anyLog = fc.record({
  records: anyHistory({ erasures: true }),
  sent: fc.nat(24),
  base: fc.boolean(),
  erase: fc.boolean(),
});

async function fill(
  storage: ProfileStorage,
  {
    records,
    sent,
    base,
    erase,
  }: { records: readonly ProfileRecord[]; sent: number; base: boolean; erase: boolean },
): Promise<void> {
  const write = <T>(body: Parameters<typeof storage.transact<T>>[1]): Promise<T> =>
    storage.transact('readwrite', body);
  await write((tx) => appendRecords(tx, records.slice(0, sent), { ...env, remote: true }));
  await write((tx) => appendRecords(tx, records.slice(sent), env));
  if (base) await write((tx) => makeBase(tx, 's1', { ...env, id: 'base', by: 'device:one' }));
  if (erase) {
    const [customer] = await write(listCustomers);
    const tombstone = { id: 'stone', by: 'device:one', hash: keyedHash };
    if (customer !== undefined)
      await write((tx) => eraseCustomer(tx, customer, { ...env, tombstone }));
  }
}

describe('an export', () => {
  it('imported elsewhere gives the same customers, records, tokens and waiting list; a second time changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(anyLog, async (log) => {
        const [one, two] = [await openMemory(), await openMemory()];
        await fill(one, log);
        const text = await exported(one);
        const first = await imported(two, text);
        expect(first).toMatchObject({ complete: true, skipped: 0, duplicates: 0 });
        expect(await knowledge(two)).toBe(await knowledge(one));
        const before = await contents(two);
        expect(await imported(two, text)).toMatchObject({ complete: true, appended: 0 });
        expect(await contents(two)).toEqual(before);
      }),
      runs,
    );
  });

  it('imported where it was made changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(anyLog, async (log) => {
        const storage = await openMemory();
        await fill(storage, log);
        const before = await knowledge(storage);
        await imported(storage, await exported(storage));
        expect(await knowledge(storage)).toBe(before);
      }),
      runs,
    );
  });

  it('says that it is not whole wherever it is cut off', async () => {
    const storage = await openMemory();
    const [history] = fc.sample(anyHistory(), { numRuns: 1, seed: 7 });
    await fill(storage, { records: history ?? [], sent: 3, base: true, erase: false });
    const text = await exported(storage);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: text.length - 2 }), async (length) => {
        const told = await imported(await openMemory(), text.slice(0, length)).catch(
          (error: unknown) => (isRegularsError(error) ? error.code : error),
        );
        if (typeof told === 'string') expect(told).toBe('ERR_IMPORT_INVALID');
        else expect(told).toMatchObject({ complete: false });
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  it('says so when a character was changed, and sets that line aside', async () => {
    const storage = await openMemory();
    const [history] = fc.sample(anyHistory(), { numRuns: 1, seed: 8 });
    await fill(storage, { records: history ?? [], sent: 0, base: false, erase: false });
    const text = await exported(storage);
    const start = text.indexOf('\n') + 1;
    const end = text.lastIndexOf('\n', text.length - 2);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: start, max: end - 1 }), async (at) => {
        fc.pre(text[at] !== '\n' && text[at] !== '7');
        const told = await imported(
          await openMemory(),
          `${text.slice(0, at)}7${text.slice(at + 1)}`,
        );
        expect(told.complete).toBe(false);
      }),
      { numRuns: 200, seed: 4 },
    );
  });

  it('brings nobody back who was erased where it goes to', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory(), async (records) => {
        const storage = await openMemory();
        await fill(storage, { records, sent: 0, base: false, erase: false });
        const text = await exported(storage);
        const [customer] = await storage.transact('readonly', listCustomers);
        fc.pre(customer !== undefined);
        const tombstone = { id: 'stone', by: 'device:one', hash: keyedHash };
        await storage.transact('readwrite', (tx) =>
          eraseCustomer(tx, customer ?? '', { ...env, now: NOW + 1, tombstone }),
        );
        const after = await knowledge(storage);
        await importStorage(storage, text, { shop, hash: keyedHash });
        expect(await knowledge(storage)).toBe(after);
      }),
      runs,
    );
  });
});
