import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/kernel/json.js';
import { exportStorage } from '../../../src/profile/export-log.js';
import { importRecords } from '../../../src/profile/import-log.js';
import { importStorage } from '../../../src/profile/import-storage.js';
import type { ImportProgress } from '../../../src/profile/in-chunks.js';
import { inspectCustomer, inspectStorage } from '../../../src/profile/inspect-log.js';
import {
  appendRecords,
  eraseCustomer,
  findCustomers,
  listCustomers,
  makeBase,
  readCard,
} from '../../../src/profile/log.js';
import type { ProfileStorage } from '../../../src/profile/port.js';
import { encodeRow } from '../../../src/profile/stored-row.js';
import type { RecordDraft } from '../../../src/profile/types.js';
import {
  contents,
  DAY,
  draft,
  env,
  HOUR,
  keyedHash,
  link,
  NOW,
  openMemory,
  purchase,
} from '../../support/profile/histories.js';

const { shop } = env;
const append = (storage: ProfileStorage, drafts: readonly RecordDraft[]): Promise<unknown> =>
  storage.transact('readwrite', (tx) => appendRecords(tx, drafts, env));

async function exported(storage: ProfileStorage): Promise<string> {
  let text = '';
  for await (const piece of exportStorage(storage, { shop })) text += piece;
  return text;
}

const imported = (storage: ProfileStorage, source: Parameters<typeof importStorage>[1]) =>
  importStorage(storage, source, { shop });

/** A shop with `count` customers and three orders each. */
async function makeShop(count: number): Promise<ProfileStorage> {
  const storage = await openMemory();
  for (let i = 0; i < count; i++) {
    const subject = `customer-${i}`;
    await append(storage, [
      draft('link', link('account', `account-${i}`, { level: 'verified' }), { subject }),
      ...[0, 1, 2].map((k) =>
        draft('purchase', purchase(`order:${i}-${k}`, { at: NOW - (i + k) * DAY }), { subject }),
      ),
    ]);
  }
  await storage.transact('readwrite', async (tx) =>
    tx.put('meta', 'device', { id: 'a', key: [1, 2, 3], generation: 'g', current: null }),
  );
  return storage;
}

const emptied = async (storage: ProfileStorage, keep: readonly string[] = []): Promise<void> => {
  const all = await contents(storage);
  await storage.transact('readwrite', async (tx) => {
    for (const [store, rows] of Object.entries(all))
      for (const { key } of rows) if (!keep.includes(key)) tx.remove(store as 'cards', key);
  });
};

const cards = async (storage: ProfileStorage): Promise<string> => {
  const ids = await storage.transact('readonly', (tx) => listCustomers(tx));
  const read = await storage.transact('readonly', (tx) =>
    Promise.all(ids.map((id) => readCard(tx, id))),
  );
  return canonicalJson(read);
};

describe('S10: an export of 50 customers', () => {
  it('gives profiles, orders and derived numbers back after the storage was emptied, imported once or twice', async () => {
    const storage = await makeShop(50);
    const before = await cards(storage);
    const text = await exported(storage);
    await emptied(storage, ['device']);
    expect(await storage.transact('readonly', (tx) => listCustomers(tx))).toEqual([]);
    expect(await imported(storage, text)).toMatchObject({
      ...{ complete: true, appended: 200, duplicates: 0, sameKey: true, done: 200, share: 1 },
    });
    expect(await cards(storage)).toBe(before);
    expect(await imported(storage, text)).toMatchObject({ appended: 0, duplicates: 200 });
    expect(await cards(storage)).toBe(before);
    const found = await storage.transact('readonly', (tx) => findCustomers(tx, 'account-7'));
    expect(found).toEqual(['customer-7']);
  });

  it('says that identifiers lead nowhere on a device with another key', async () => {
    const text = await exported(await makeShop(1));
    const other = await openMemory();
    expect(await imported(other, text)).toMatchObject({ sameKey: false });
  });

  it('never holds the key, nor anything that is computed', async () => {
    const text = await exported(await makeShop(2));
    expect(text).not.toContain('generation');
    expect(text).not.toContain('[1,2,3]');
    expect(text.split('\n').filter((line) => line.includes('"record"')).length).toBe(8);
  });

  it('is the same file however it is read: bytes in pieces of any length, a stream, a Blob', async () => {
    const storage = await makeShop(3);
    await append(storage, [
      draft('fact', { ...named, value: 'Zoë 🥐 \u2028' }, { subject: 'customer-1' }),
    ]);
    const text = await exported(storage);
    const bytes = new TextEncoder().encode(text);
    const pieces = (size: number): Uint8Array[] =>
      Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.slice(i * size, (i + 1) * size),
      );
    const sources = [
      text.replaceAll('\n', '\r\n'),
      `\uFEFF${text}`,
      pieces(1),
      pieces(777),
      new Blob([bytes]),
      new Blob([bytes]).stream(),
      text.slice(0, -1),
    ];
    const expected = await cards(storage);
    for (const source of sources) {
      const other = await openMemory();
      expect(await imported(other, source)).toMatchObject({ complete: true, skipped: 0 });
      expect(await cards(other)).toBe(expected);
    }
  });
});

const named = { key: 'name.given', at: NOW, source: 'host', purpose: 'remember' } as const;

describe('an export', () => {
  it('keeps what waits to be sent waiting, in its order, and sends nothing else again', async () => {
    const storage = await openMemory();
    const sent = draft('visit', { at: NOW, channel: 'web' }, { subject: 'm' });
    await storage.transact('readwrite', (tx) =>
      appendRecords(tx, [sent], { ...env, remote: true }),
    );
    for (const subject of ['z', 'a', 'm'])
      await append(storage, [draft('purchase', purchase(`of ${subject}`), { subject })]);
    const other = await openMemory();
    await imported(other, await exported(storage));
    const waiting = async (of: ProfileStorage): Promise<unknown> =>
      (await contents(of)).outbox.map(({ value }) => value);
    expect(await waiting(other)).toEqual(await waiting(storage));
    expect(await waiting(other)).toHaveLength(3);
  });

  it('carries kinds of a newer version and boxes sealed at a kiosk as they are', async () => {
    const storage = await openMemory();
    const future = { id: 'f', subject: 's', kind: 'wish', by: 'x', data: { __proto__: 1, a: [] } };
    await storage.transact('readwrite', async (tx) => {
      await appendRecords(tx, [future as never], env);
      tx.put('outbox', 'sealed:1', { v: 1, box: 'aGVsbG8' });
    });
    const other = await openMemory();
    await imported(other, await exported(storage));
    const here = await contents(other);
    const [row] = here.records as readonly { readonly value: unknown }[];
    const { text } = (row?.value ?? {}) as { readonly text?: string };
    expect(JSON.parse(text ?? '{}')).toMatchObject({ kind: 'wish', data: { a: [] } });
    expect(here.outbox.find(({ key }) => key === 'sealed:1')?.value).toEqual({
      ...{ v: 1, box: 'aGVsbG8' },
    });
  });

  it('leaves out a row that cannot be read, and says so', async () => {
    const storage = await makeShop(2);
    await storage.transact('readwrite', async (tx) => {
      const [row] = await tx.list('records', { limit: 1 });
      tx.put('records', row?.key ?? '', { ...(row?.value as object), sum: 1 });
    });
    const text = await exported(storage);
    expect(JSON.parse(text.trim().split('\n').at(-1) ?? '')).toMatchObject({
      ...{ end: { count: 7, damaged: 1 } },
    });
  });

  it('is refused where rows are encrypted and there is no key', async () => {
    const storage = await openMemory();
    await storage.transact('readwrite', async (tx) =>
      tx.put('records', 'a/b', { locked: 1, v: 9, iv: new Uint8Array(12), box: new Uint8Array(9) }),
    );
    await expect(exported(storage)).rejects.toMatchObject({ code: 'ERR_STORAGE_LOCKED' });
  });

  it('is read into no storage that is encrypted and has no key', async () => {
    const text = await exported(await makeShop(2));
    const storage = await openMemory();
    await storage.transact('readwrite', async (tx) =>
      tx.put('meta', 'device', { locked: 1, v: 9, iv: new Uint8Array(12), box: new Uint8Array(9) }),
    );
    await expect(imported(storage, text)).rejects.toMatchObject({ code: 'ERR_STORAGE_LOCKED' });
  });

  it('ends where it is told to, and holds one page at a time', async () => {
    const storage = await makeShop(120);
    const pages: number[] = [];
    const stop = new AbortController();
    const transact: ProfileStorage['transact'] = (mode, body, options) =>
      storage.transact(mode, body, options);
    const lines: number[] = [];
    await expect(
      (async () => {
        const options = {
          shop,
          signal: stop.signal,
          onProgress: (progress: { lines: number }) => lines.push(progress.lines),
        };
        for await (const piece of exportStorage({ transact }, options)) {
          pages.push(piece.split('\n').length);
          if (pages.length === 3) stop.abort(new Error('enough'));
        }
      })(),
    ).rejects.toThrow('enough');
    expect(Math.max(...pages)).toBeLessThanOrEqual(201);
    expect(lines).toEqual([200, 400]);
  });

  it('takes a base into a storage that has one of the same customer, and loses no side', async () => {
    const [one, two] = [await openMemory(), await openMemory()];
    await append(one, [draft('purchase', purchase('first'))]);
    await append(two, [draft('purchase', purchase('second', { at: NOW + HOUR }))]);
    for (const [storage, id] of [
      [one, 'base-1'],
      [two, 'base-2'],
    ] as const)
      // prettier-ignore
      await storage.transact('readwrite', (tx) => makeBase(tx, 'shep', { ...env, id, by: 'x' }));
    const text = await exported(one);
    for (const appended of [1, 0]) {
      expect(await imported(two, text)).toMatchObject({ appended, duplicates: 1 - appended });
      const { card } = await inspectCustomer(two, 'shep');
      expect(card?.purchases.map(({ id }) => id)).toEqual(['second', 'first']);
      expect((await contents(two)).records).toHaveLength(1);
    }
  });

  it('lets the next record come after those a base stands for', async () => {
    const storage = await openMemory();
    for (let i = 0; i < 9; i++) await append(storage, [draft('purchase', purchase(`p${i}`))]);
    await storage.transact('readwrite', (tx) =>
      makeBase(tx, 'shep', { ...env, id: 'base', by: 'x' }),
    );
    const other = await openMemory();
    await imported(other, await exported(storage));
    expect(await inspectStorage(other)).toMatchObject({ log: { number: 9 }, records: { base: 1 } });
  });
});

describe('a file that is no export, or was tampered with', () => {
  it.each([
    ['nothing', ''],
    ['blank lines', '\n\n \n'],
    ['other text', 'hello\nworld'],
    ['other JSON', '[1,2,3]'],
    ['null', 'null'],
    ['another format', '{"format":"csv","version":1,"shop":"blue-door"}'],
    ['no version', '{"format":"regulars-storage","shop":"blue-door"}'],
    ["a customer's own export", '{"format":"regulars-export","version":1,"shop":"blue-door"}'],
    ["another shop's", '{"format":"regulars-storage","version":1,"shop":"red-door"}'],
    ['hidden names', '{"__proto__":{"format":"regulars-storage","version":1,"shop":"blue-door"}}'],
  ])('is refused: %s', async (_, text) => {
    const storage = await openMemory();
    await expect(imported(storage, text)).rejects.toMatchObject({ code: 'ERR_IMPORT_INVALID' });
    expect((await contents(storage)).records).toEqual([]);
  });

  it('is refused with a code of its own when a newer release wrote it', async () => {
    const text = '{"format":"regulars-storage","version":2,"shop":"blue-door"}\n';
    await expect(imported(await openMemory(), text)).rejects.toMatchObject({
      ...{ code: 'ERR_STORAGE_NEWER' },
    });
  });

  /** A file with lines of our making between two that are right. */
  async function fileWith(lines: readonly string[]): Promise<string> {
    const good = (await exported(await makeShop(1))).trim().split('\n');
    return [good[0], ...lines, ...good.slice(1)].join('\n');
  }
  const lineOf = (record: unknown): string => {
    const { v, sum, text } = encodeRow(record);
    return `{"v":${v},"sum":${sum},"record":${text}}`;
  };
  const visit = {
    ...{ id: 'v', shop, subject: 's', kind: 'visit', stamp: '019df2005000-0000-aaaaaaaa' },
    ...{ by: 'x', data: { at: 1, channel: 'web' } },
  };

  it.each([
    ['damaged', 'not json'],
    ['damaged', '{"v":1,"sum":1,"record":{}}'],
    ['invalid', '{}'],
    ['invalid', '[]'],
    ['invalid', lineOf({ ...visit, shop: 'red-door' })],
    ['invalid', lineOf({ ...visit, stamp: 'ffffffffffff-ffff-ffffffff' })],
    ['invalid', lineOf({ ...visit, stamp: 'never' })],
    ['invalid', lineOf({ ...visit, id: 'x'.repeat(10_000) })],
    ['invalid', lineOf({ ...visit, subject: '' })],
    ['invalid', lineOf({ ...visit, data: { at: 'now', channel: 'web' } })],
    ['invalid', lineOf({ ...visit, data: null })],
    ['invalid', '{"sealed":"0000000000000001","row":"a/b"}'],
    ['newer', '{"v":2,"row":{"text":"?"}}'],
    ['damaged', `{"v":1,"sum":1,"record":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ])('has a line set aside as %s, and the rest imported', async (reason, line) => {
    const storage = await openMemory();
    const told = await imported(storage, await fileWith([line]));
    if (line.length > 100_000) expect(told.setAside).toMatchObject([{ line: 2 }]);
    else expect(told.setAside).toEqual([{ line: 2, reason }]);
    expect(told).toMatchObject({ complete: false, skipped: 1, appended: 4 });
    expect(await inspectStorage(storage)).toMatchObject({ customers: 1 });
  });

  it('passes over a line of any length without holding it', async () => {
    const [first = '', ...rest] = (await exported(await makeShop(1))).trim().split('\n');
    const piece = 'x'.repeat(1_000_000);
    let given = 0;
    async function* endless(): AsyncGenerator<string> {
      yield `${first}\n`;
      for (; given < 300; given++) yield piece;
      yield `\n${rest.join('\n')}`;
    }
    const before = process.memoryUsage().heapUsed;
    const told = await imported(await openMemory(), endless());
    expect(told.setAside).toEqual([{ line: 2, reason: 'too-long' }]);
    expect(told).toMatchObject({ appended: 4, complete: false });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
  });

  it('is told of lines after its end', async () => {
    const text = await exported(await makeShop(1));
    const told = await imported(await openMemory(), `${text}${lineOf(visit)}\n`);
    expect(told.setAside).toEqual([{ line: 7, reason: 'after-end' }]);
    expect(told).toMatchObject({ complete: false, appended: 4 });
  });

  it('names at most a hundred lines and counts all', async () => {
    const told = await imported(await openMemory(), await fileWith(Array(250).fill('?')));
    expect([told.setAside.length, told.skipped]).toEqual([100, 250]);
  });
});

describe('a long import', () => {
  const drafts = Array.from({ length: 1000 }, (_, i) =>
    draft('purchase', purchase(`order:${i}`), { id: `r${i}`, subject: `s${i % 100}` }),
  );

  it('tells how far it is: never less than before, all at the end', async () => {
    const told: ImportProgress[] = [];
    const result = await importRecords(await openMemory(), drafts, env, {
      onProgress: (progress) => told.push(progress),
    });
    expect(told.length).toBeGreaterThan(2);
    for (const [i, { done, share = 0, appended }] of told.entries()) {
      expect(done).toBeGreaterThan(told[i - 1]?.done ?? 0);
      expect(share).toBeGreaterThan(told[i - 1]?.share ?? 0);
      expect(appended).toBe(done);
    }
    expect(told.at(-1)).toEqual(result);
    expect(result).toEqual({
      ...{ done: 1000, share: 1, appended: 1000, duplicates: 0, refused: 0, skipped: 0 },
    });
  });

  it('stops between two chunks, keeps what is committed, and goes on when it is run again', async () => {
    const storage = await openMemory();
    const stop = new AbortController();
    const reason = new Error('the person pressed cancel');
    let committed = 0;
    const onProgress = ({ appended }: ImportProgress): void => {
      committed = appended;
      if (appended >= 300) stop.abort(reason);
    };
    await expect(
      importRecords(storage, drafts, env, { signal: stop.signal, onProgress }),
    ).rejects.toBe(reason);
    expect((await contents(storage)).records).toHaveLength(committed);
    expect(committed).toBeLessThan(1000);
    const again = await importRecords(storage, drafts, env);
    expect(again).toMatchObject({ appended: 1000 - committed, duplicates: committed });
    expect((await contents(storage)).records).toHaveLength(1000);
  });

  it('writes nothing when it was stopped before it began, and lets go of a source that hangs', async () => {
    const storage = await openMemory();
    const stopped = { signal: AbortSignal.abort(new Error('no')) };
    await expect(importRecords(storage, drafts, env, stopped)).rejects.toThrow('no');
    const stop = new AbortController();
    const hanging: AsyncIterable<RecordDraft> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
    };
    const running = importRecords(storage, hanging, env, { signal: stop.signal });
    stop.abort(new Error('hung'));
    await expect(running).rejects.toThrow('hung');
    expect((await contents(storage)).records).toEqual([]);
  });

  it('hands on what its source fails with, and keeps what came before', async () => {
    const storage = await openMemory();
    async function* failing(): AsyncGenerator<RecordDraft> {
      yield* drafts.slice(0, 100);
      throw new Error('offline');
    }
    await expect(importRecords(storage, failing(), env)).rejects.toThrow('offline');
    const again = await importRecords(storage, drafts, env);
    expect(again.appended + again.duplicates).toBe(1000);
  });

  it('asks the disk once, with its last chunk, even where that one writes nothing new', async () => {
    const storage = await openMemory();
    const asked: unknown[] = [];
    const transact: ProfileStorage['transact'] = (mode, body, options) => {
      asked.push(options?.durability);
      return storage.transact(mode, body, options);
    };
    await importRecords({ transact }, [...drafts, ...drafts], env);
    expect(asked.filter((one) => one === 'strict')).toEqual(['strict']);
    expect(asked.at(-1)).toBe('strict');
  });
});

describe('inspecting', () => {
  it('counts what lies there, readable or not, and changes nothing', async () => {
    const storage = await makeShop(600);
    await storage.transact('readwrite', async (tx) => {
      await eraseCustomer(tx, 'customer-5', {
        ...env,
        tombstone: { id: 'stone', by: 'x', hash: keyedHash },
      });
      tx.put('records', 'zz/damaged', { v: 1, sum: 1, text: '{}' });
      tx.put('records', 'zz/newer', { v: 2, text: '{}' });
      tx.put('cards', 'zz', { locked: 1, v: 9, iv: new Uint8Array(12), box: new Uint8Array(88) });
      tx.put('outbox', 'sealed:1', { box: 'x' });
    });
    const before = await contents(storage);
    const told: number[] = [];
    const seen = await inspectStorage(storage, { onProgress: (rows) => told.push(rows) });
    expect(seen).toMatchObject({
      customers: 600,
      records: { purchase: 1797, link: 599, erasure: 1 },
      waiting: { records: 2397, sealed: 1 },
      tokens: { identifiers: 599, merged: 0, erased: 4 },
      unreadable: { damaged: 1, newer: 1, encrypted: 1 },
      log: { number: 2401 },
      oldestAt: NOW,
    });
    expect(Object.keys(seen.records)[0]).toBe('purchase');
    expect(seen.stores.records.rows).toBe(before.records.length);
    expect(seen.stores.cards.bytes).toBeGreaterThan(600 * 200);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(await contents(storage)).toEqual(before);
  });

  it('shows a customer by any of their subjects, with every row', async () => {
    const storage = await openMemory();
    await append(storage, [
      draft('link', link('account', 'one', { level: 'verified' }), { subject: 'a' }),
      draft('link', link('account', 'one', { level: 'verified' }), { subject: 'b' }),
      draft('purchase', purchase('order:1'), { subject: 'b', id: 'bought' }),
    ]);
    await storage.transact('readwrite', async (tx) => tx.put('records', 'b/bad', 'nonsense'));
    const seen = await inspectCustomer(storage, 'b');
    expect(seen).toMatchObject({ id: 'a', state: 'ok', card: { subjects: ['a', 'b'] } });
    expect(seen.rows.map(({ state }) => state)).toEqual(['ok', 'corrupt', 'ok', 'ok']);
    expect(await inspectCustomer(storage, 'nobody')).toEqual({
      ...{ id: 'nobody', state: 'none', rows: [] },
    });
  });

  it('ends where it is told to', async () => {
    const storage = await makeShop(1);
    const signal = AbortSignal.abort(new Error('closed'));
    await expect(inspectStorage(storage, { signal })).rejects.toThrow('closed');
  });
});
