import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDuckdb } from '../../../src/adapters/database/node-duckdb.js';
import { createMemoryStore } from '../../../src/cli/train-in-memory.js';
import { openDuckdbStore } from '../../../src/cli/train-in-duckdb.js';
import { columnsOf, createRowReader, type Bought } from '../../../src/cli/train-lines.js';
import { accuracyText } from '../../../src/cli/train-report.js';
import { timeToMs } from '../../../src/cli/train-time.js';
import type { EvaluationMetrics } from '../../../src/model/evaluate.js';
import { decodeModel } from '../../../src/recommend/decode-model.js';
import { decodeRanker } from '../../../src/recommend/decode-ranker.js';
import type { CatalogModel } from '../../../src/recommend/types.js';
import { openPostgresTraining } from '../../../src/adapters/database/node-postgres-training.js';
import { hasPostgres, startPostgres } from '../../support/postgres.js';
import { regulars, type Ran } from '../../support/run-command.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'regulars-train-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string): string => join(folder, name);
const write = (name: string, content: string | Uint8Array): string => {
  writeFileSync(file(name), content);
  return file(name);
};

const train = (...args: readonly string[]): Promise<Ran> =>
  regulars(['train', ...args, '-o', file('model.bin')]);
const model = (): CatalogModel => decodeModel(readFileSync(file('model.bin')));

const DAY = 86_400_000;
/** Guests who come every week for a coffee, every other one with a scone; rows of a table. */
const rows = (guests: number, weeks = 4): string[] =>
  Array.from({ length: guests * weeks }, (_, i) => {
    const [guest, week] = [i % guests, Math.floor(i / guests)];
    const at = new Date(1_770_000_000_000 + week * 7 * DAY + guest * 1000).toISOString();
    const order = `${guest}-${week}`;
    return [
      `guest${guest}@example.com,${order},${at},coffee,1`,
      ...(guest % 2 === 0 ? [`guest${guest}@example.com,${order},${at},scone,2`] : []),
      `guest${guest}@example.com,${order},${at},thing ${guest % 7},1`,
    ].join('\n');
  });
const TABLE = 'Customer ID,Invoice No,Invoice Date,Stock Code,Quantity';
const table = (guests: number, weeks?: number): string =>
  [TABLE, ...rows(guests, weeks)].join('\n');

const shopify = (id: number, guest: number, sku: string, more: object = {}): object => ({
  ...{ id, financial_status: 'paid', currency: 'USD', email: `guest${guest}@example.com` },
  ...{ created_at: new Date(1_770_000_000_000 + id * DAY).toISOString(), total_price: '2.50' },
  line_items: [{ sku, title: 'Thing', quantity: 1, price: '2.50' }],
  ...more,
});

describe('regulars train', () => {
  it('trains on a table with names of its own, packed or not, and tells how good it is', async () => {
    const ran = await train(write('orders.csv.gz', gzipSync(table(40))));
    expect(ran.code).toBe(0);
    expect(ran.told).toContain('customer = Customer ID, order = Invoice No');
    expect(ran.out).toMatch(/popularity[^]*own frequency[^]*this model/);
    expect(ran.out).toMatch(
      /customers +│ 40 [^]*items +│ 9 [^]*model\.bin +│ \d+ bytes, \d+ in gzip/,
    );
    const { skus, visits } = model();
    expect([...skus.slice(0, 2)]).toEqual(['coffee', 'scone']);
    expect([...visits.slice(0, 2)]).toEqual([160, 80]);
    expect(existsSync(file('model.bin.work'))).toBe(false);
  });

  it('trains on what shop systems write, in several files, an order told twice as it was told last', async () => {
    const orders = [
      ...Array.from({ length: 30 }, (_, i) => shopify(i, i % 5, i % 2 ? 'mug' : 'tea')),
      shopify(90, 1, 'gone'),
      shopify(91, 1, 'wrong'),
      { ...shopify(92, 1, 'nobody'), email: undefined },
    ];
    const later = [
      shopify(90, 1, 'gone', { cancelled_at: '2026-05-01T08:00:00Z' }),
      shopify(91, 1, 'right'),
    ];
    const { code, told } = await train(
      write('a.json', JSON.stringify({ orders })),
      write('b.jsonl', later.map((one) => JSON.stringify(one)).join('\n')),
    );
    expect(code).toBe(0);
    expect([...model().skus].sort()).toEqual(['mug', 'right', 'tea']);
    expect(told).toContain('1 no-customer');
    expect(told).toContain('1 not-bought');
    expect(told).not.toContain('@example.com');
  });

  it('reads exports of regulars, and standard input', async () => {
    const orders = Array.from({ length: 12 }, (_, i) => shopify(i, i % 3, 'mug'));
    write('orders.json', JSON.stringify(orders));
    await regulars([
      'import',
      file('orders.json'),
      '--into',
      file('till'),
      '--shop',
      's',
      '--region',
      'US',
    ]);
    const { out } = await regulars(['export', file('till')]);
    const { code } = await regulars(['train', '-', '-o', file('model.bin')], { input: out });
    expect(code).toBe(0);
    expect([...model().visits]).toEqual([12]);
  });

  it('reads tables of JSON as it reads CSV: lines, a list, a list within, fields of objects, orders with their lines', async () => {
    await train(write('orders.csv', table(20)));
    const expected = model();
    const flat = rows(20).flatMap((text) =>
      text.split('\n').map((line) => {
        const [who, order, at, sku, quantity] = line.split(',');
        return { 'Customer ID': who, order, at, sku, quantity: Number(quantity) };
      }),
    );
    const nested = rows(20).map((text) => {
      const lines = text.split('\n').map((line) => line.split(','));
      const [who, order, at] = lines[0] ?? [];
      const items = [
        ...lines.map(([, , , sku]) => ({ sku, qty: 1 })),
        { sku: 'gone', qty: 0 },
        { note: 'of nothing' },
      ];
      return { number: order, created: at, customer: { id: who, vip: true }, items };
    });
    const named = ['--columns', 'at=created,order=number'];
    const jsonl = (list: readonly unknown[]): string =>
      list.map((one) => JSON.stringify(one)).join('\n');
    const broken = `${jsonl(flat)}\n{"broken\n\n7\n`;
    for (const [name, content, ...how] of [
      ['a.jsonl', broken],
      ['b.json', JSON.stringify(flat, null, 2)],
      ['c.json.gz', gzipSync(JSON.stringify({ meta: { page: 1 }, data: { sales: flat } }))],
      ['d.jsonl', `\uFEFF${jsonl(nested)}`, ...named],
      ['e.json', JSON.stringify([nested, nested].flat()), ...named],
      ['f.jsonl', jsonl([flat.slice(0, 30), flat.slice(30)])],
    ] as const) {
      const { code, told } = await train(write(name, content), ...how);
      expect([name, code]).toEqual([name, 0]);
      expect(model()).toEqual(expected);
      if (name === 'a.jsonl') expect(told).toContain('2 no-customer');
      if (name === 'd.jsonl') expect(told).toContain('customer = customer.id');
    }
    const nothing = await train(write('g.jsonl', '{"who":1,"what":2}\n{"who":1,"what":2}\n'));
    expect(nothing.code).toBe(1);
    expect(nothing.told).toContain('--columns customer=');
    const proto = '{"customer":"a","order":1,"sku":"__proto__","__proto__":{"x":1}}\n';
    expect((await train(write('h.jsonl', proto.repeat(3)))).code).toBe(0);
    expect([...model().skus]).toEqual(['__proto__']);
  }, 60_000);

  it('reads Parquet and DuckDB, and asks for a query where it needs one', async () => {
    const database = await openDuckdb({ path: file('shop.db') });
    write('orders.csv', table(20));
    await database.run(`CREATE TABLE lines AS SELECT * FROM read_csv('${file('orders.csv')}')`);
    await database.run(`COPY lines TO '${file('orders.parquet')}' (FORMAT parquet)`);
    database.close();
    await train(file('orders.csv'));
    const expected = model();
    expect((await train(file('orders.parquet'))).code).toBe(0);
    expect(model()).toEqual(expected);
    expect((await train(file('shop.db'))).told).toContain('--query');
    expect((await train(file('shop.db'), '--query', 'SELECT * FROM lines')).code).toBe(0);
    expect(model()).toEqual(expected);
    const joined = `SELECT * FROM read_csv('${file('orders.csv')}')`;
    expect(await regulars(['train', '--query', joined, '-o', file('model.bin')])).toMatchObject({
      code: 0,
    });
    expect(model()).toEqual(expected);
  });

  it.skipIf(!hasPostgres)(
    'trains from PostgreSQL and in it, and leaves no table there',
    async () => {
      const postgres = await startPostgres();
      try {
        const database = await openPostgresTraining(postgres.url);
        await database.run(
          'CREATE TABLE lines (customer TEXT, visit TEXT, at TIMESTAMPTZ, sku TEXT)',
        );
        const values = rows(20).flatMap((text) =>
          text.split('\n').map((line) => {
            const [customer, visit, at, sku] = line.split(',');
            return `('${customer}','${visit}','${at}','${sku}')`;
          }),
        );
        await database.run(`INSERT INTO lines VALUES ${values.join(',')}`);
        await train(write('orders.csv', table(20)));
        const expected = model();
        const url = `${postgres.url}?password=hush`;
        const read = await train(url, '--query', 'SELECT * FROM lines;\n');
        expect(read.code).toBe(0);
        expect(read.told).not.toContain('hush');
        expect(model()).toEqual(expected);
        const query = `SELECT customer, visit, round(extract(epoch FROM at) * 1000) AS time_ms, sku FROM lines`;
        const ran = await train(postgres.url, '--in-place', '--query', query);
        expect(ran.told).toBe('');
        expect(model()).toEqual(expected);
        const tables: unknown[] = [];
        for await (const [name] of database.rows(
          "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
        ))
          tables.push(name);
        expect(tables).toEqual(['lines']);
        await database.close();
      } finally {
        await postgres.stop();
      }
    },
    60_000,
  );

  it('fits a ranker for the model, and says what it adds', async () => {
    const { code, out } = await train(
      write('orders.csv', table(60, 6)),
      '--ranker',
      file('ranker.bin'),
    );
    expect(code).toBe(0);
    expect(out).toContain('this model and ranker');
    expect(decodeRanker(readFileSync(file('ranker.bin'))).version).toBe(1);
  }, 60_000);

  it('lets the ranker learn from what was offered', async () => {
    write('orders.csv', table(60, 4));
    const fit = async (...how: readonly string[]): Promise<[string, Buffer]> => {
      const { code, told } = await train(
        ...[file('orders.csv'), '--ranker', file('ranker.bin'), ...how],
      );
      expect(code).toBe(0);
      return [told, readFileSync(file('ranker.bin'))];
    };
    // nobody takes the coffee that they always have
    const items = { coffee: { shown: 1, accepted: 0 }, 'thing 3': { shown: 1, accepted: 1 } };
    const lists = Array.from({ length: 61 }, (_, guest) => {
      const at = 1_770_000_000_000 + 17 * DAY + guest * 1000;
      return JSON.stringify({ customer: `guest${guest}@example.com`, at, items });
    });
    const [, plain] = await fit();
    const [told, learned] = await fit('--exposures', write('shown.jsonl', lists.join('\n')));
    expect(told).toContain('61 lists of what was offered, 60 of these customers');
    expect(learned.equals(plain)).toBe(false);
    const { code } = await train(file('orders.csv'), '--exposures', file('shown.jsonl'));
    expect(code).toBe(2);
  }, 240_000);

  it('goes on where it was stopped', async () => {
    write('orders.csv', table(9_000, 3));
    const stop = new AbortController();
    const stopped = regulars(['train', file('orders.csv'), '-o', file('model.bin')], { stop });
    const wait = setInterval(() => {
      if (existsSync(file('model.bin.work'))) stop.abort(new Error('Stopped.'));
    }, 20);
    const { code, told } = await stopped;
    clearInterval(wait);
    expect(code).toBe(130);
    expect(told).toContain('run the same command again to go on');
    expect(existsSync(file('model.bin.work'))).toBe(true);
    expect(existsSync(file('model.bin'))).toBe(false);
    expect((await train(file('orders.csv'))).code).toBe(0);
    const resumed = model();
    expect(existsSync(file('model.bin.work'))).toBe(false);
    expect((await train(file('orders.csv'))).code).toBe(0);
    expect(resumed).toEqual(model());
  }, 120_000);

  it('writes nothing in a dry run, and says what there is', async () => {
    const { code, out } = await regulars(['train', write('orders.csv', table(5)), '--dry-run']);
    expect(code).toBe(0);
    expect(out).toContain('52 lines of 5 customers.');
    expect(existsSync(file('model.bin'))).toBe(false);
  });

  it.each([
    ['a file that is not there', () => ['none.csv'], 1, 'There is no file'],
    ['an empty file', () => [write('a', '')], 1, 'it is empty'],
    ['another table', () => [write('a', 'x,y\n1,2')], 1, '--columns'],
    [
      'a column that is not there',
      () => [write('a', 'x,y\n1,2'), '--columns', 'customer=z,sku=y'],
      2,
      'no column "z"',
    ],
    [
      'columns it does not know',
      () => [write('a', 'x,y\n1,2'), '--columns', 'who=x'],
      2,
      '--columns takes',
    ],
    [
      'a file that breaks off',
      () => [write('a', gzipSync(table(900)).subarray(0, 2000))],
      1,
      'breaks off',
    ],
    ['nobody', () => [write('a', `${TABLE}\n,1,2026-01-01,mug,1`)], 1, 'nothing to train on'],
    [
      'a password',
      () => ['postgres://me:secret@127.0.0.1:1/x', '--query', 'SELECT 1'],
      1,
      'PostgreSQL',
    ],
    [
      'to write over what it reads',
      () => [write('a', table(3)), '--ranker', file('a')],
      2,
      'written over',
    ],
    ['another sample', () => [write('a', ''), '--sample', '0.5'], 2, '--sample takes'],
    ['nothing', () => [], 2, 'train needs orders'],
  ] as const)('refuses %s, and writes nothing', async (_, args, code, said) => {
    const ran = await train(...args());
    expect(ran.code).toBe(code);
    expect(ran.told).toContain(said);
    expect(ran.told).not.toContain('secret');
    expect(existsSync(file('model.bin'))).toBe(false);
    expect(existsSync(file('model.bin.work'))).toBe(false);
  });
});

describe('columns of a table', () => {
  it('are told by usual names, however they are written', () => {
    expect(columnsOf(['household_key', 'BASKET_ID', 'DAY', 'PRODUCT_ID', 'QUANTITY'], {})).toEqual({
      ...{ customer: 'household_key', order: 'BASKET_ID', at: 'DAY', sku: 'PRODUCT_ID' },
      quantity: 'QUANTITY',
    });
    expect(columnsOf(['user_id', 'product_id'], {})).toBeUndefined();
    expect(columnsOf(['user_id', 'items'], {})).toBeDefined();
    expect(
      columnsOf(['who', 'what', '__proto__'], { customer: 'who', sku: 'what', at: '__proto__' }),
    ).toBeDefined();
  });

  it('give rows, but for what was given back and what says nothing', () => {
    const read = createRowReader({
      customer: 'c',
      order: 'o',
      at: 't',
      sku: 'items',
      quantity: 'q',
    });
    const row = (values: { readonly [column: string]: unknown }) => read((name) => values[name], 1);
    expect(row({ c: 7, o: 1, t: '2026-01-01', items: 'a b', q: 1 })).toEqual({
      ...{
        customer: '7',
        order: '7\n1',
        at: Date.UTC(2026, 0, 1),
        skus: ['a', 'b'],
        isWhole: false,
      },
    });
    const orderOf = (t?: string) => Object(row({ c: 7, o: '', t, items: 'a' }));
    expect(orderOf('2026-01-01')).not.toMatchObject({ order: orderOf('2026-01-02').order });
    expect(orderOf()).toMatchObject({ order: '7\n' });
    expect(row({ c: 7, items: 'a', q: -1 })).toBe('not-bought');
    expect(row({ c: '', items: 'a' })).toBe('no-customer');
    expect(row({ c: 1, items: ' ' })).toBe('no-sku');
    expect(row({ c: 1, items: 'a', t: 'soon' })).toBe('invalid-time');
  });

  it.each([
    ['2026-01-02', Date.UTC(2026, 0, 2)],
    ['2026-01-02T03:04:05', Date.UTC(2026, 0, 2, 3, 4, 5)],
    ['2026-01-02 03:04:05+02:00', Date.UTC(2026, 0, 2, 1, 4, 5)],
    ['12/1/2010 8:26', Date.UTC(2010, 11, 1, 8, 26)],
    ['1.12.2010 8:26', Date.UTC(2010, 11, 1, 8, 26)],
    ['20101201', Date.UTC(2010, 11, 1)],
    [1_600_000_000, 1_600_000_000_000],
    ['1600000000000', 1_600_000_000_000],
    [14n, 14 * DAY],
    [new Date(5), 5],
    ['', null],
    [null, null],
    ['soon', undefined],
    [Infinity, undefined],
    [{}, undefined],
  ])('read %s as a time', (value, ms) => {
    expect(timeToMs(value)).toBe(ms);
  });
});

describe('a store of orders', () => {
  it('counts the same in memory and in DuckDB, to the bit', async () => {
    const bought = rows(50).flatMap((text) =>
      text.split('\n').map((line): Bought => {
        const [customer = '', order = '', at = '', sku = ''] = line.split(',');
        return { customer, order, at: Date.parse(at), skus: [sku, 'napkin'], isWhole: false };
      }),
    );
    const changed = { ...bought[0], skus: ['other'], isWhole: true } as Bought;
    const signal = new AbortController().signal;
    const options = { path: file('work'), purpose: 'a test', memory: undefined, signal };
    const stores = [createMemoryStore(), await openDuckdbStore(options)];
    const models = [];
    for (const store of stores) {
      await store.add(0, 1, bought);
      await store.add(0, Infinity, [changed, { ...changed, order: 'none', skus: [] }]);
      models.push((await store.train({ sample: 2 }, () => undefined)).model);
      store.close();
    }
    expect(models[1]).toEqual(models[0]);
    expect(models[0]?.skus).toContain('other');
  });

  it('measures, in memory, customers drawn by lot, and not those with whom a file begins', async () => {
    const drawn = async (names: readonly string[]): Promise<string[]> => {
      const store = createMemoryStore();
      const bought = names.map((customer): Bought => ({
        customer,
        order: customer,
        at: 1,
        skus: [customer],
        isWhole: true,
      }));
      await store.add(0, Infinity, bought);
      const found: string[] = [];
      const trained = await store.train({ sample: 1 }, () => undefined);
      for await (const { visits } of trained.sampled(50)) found.push(...(visits[0]?.items ?? []));
      return found;
    };
    const names = Array.from({ length: 1000 }, (_, n) => `guest ${n}`);
    const found = await drawn(names);
    expect(found).toHaveLength(50);
    const numbers = found.map((name) => names.indexOf(name));
    expect(numbers.filter((n) => n >= 500).length).toBeGreaterThan(12);
    expect(numbers.filter((n) => n < 500).length).toBeGreaterThan(12);
    expect(await drawn([...names].reverse())).toEqual(found);
  });

  it('says that another run is working on a file, and leaves it alone', async () => {
    const orders = write('orders.csv', table(40));
    const holds = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { DuckDBInstance } from '@duckdb/node-api';
        globalThis.held = await DuckDBInstance.create(${JSON.stringify(file('model.bin.work'))});
        console.log('held'); setInterval(() => undefined, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      await once(holds.stdout, 'data');
      const ran = await train(orders);
      expect([ran.code, ran.told]).toEqual([
        1,
        expect.stringContaining(`Another run is working on ${file('model.bin')}.`),
      ]);
      expect(existsSync(file('model.bin.work'))).toBe(true);
    } finally {
      holds.kill();
      await once(holds, 'exit');
    }
  });

  it('says that a table is in UTF-16, with its mark or without', async () => {
    for (const mark of ['\uFEFF', '']) {
      const ran = await train(write('orders.csv', Buffer.from(mark + table(4), 'utf16le')));
      expect(ran.code).toBe(1);
      expect(ran.told).toContain('it is text in UTF-16; save it as UTF-8');
      expect(ran.told).not.toContain('--columns');
    }
  });

  it('says so where the model is behind what anybody can have, and nothing where it is not', () => {
    const metric = (mean: number) => ({ mean, low: mean, high: mean, customers: 9 });
    const of = (recall10: number): EvaluationMetrics => {
      const same = metric(recall10);
      return {
        ...{ recall5: same, recall10: same, recall20: same, ndcg10: same, hit10: same },
        ...{ repeatRecall10: same, newRecall10: same },
      } as EvaluationMetrics;
    };
    const text = (popularity: number, own: number, model: number, ranked?: number): string =>
      accuracyText(
        {
          model: { popularity: of(popularity), ownFrequency: of(own), recommender: of(model) },
          ranked: ranked === undefined ? undefined : of(ranked),
        },
        9,
        9,
      );
    expect(text(0.3, 0.1, 0.2)).toContain('this model is behind popularity:');
    expect(text(0.3, 0.4, 0.2)).toContain('behind own frequency and popularity:');
    for (const fine of [text(0.1, 0.2, 0.2), text(0.1, 0.3, 0.2, 0.4)])
      expect(fine).not.toContain('behind');
  });

  it('knows what it was kept for', async () => {
    const { signal } = new AbortController();
    const open = (purpose: string) =>
      openDuckdbStore({ path: file('work'), purpose, memory: undefined, signal });
    const first = await open('one');
    await first.add(0, 3, []);
    await first.add(1, Infinity, []);
    first.close();
    const again = await open('one');
    expect([again.kept(0), again.kept(1), again.kept(2)]).toEqual([3, Infinity, 0]);
    again.close();
    const other = await open('two');
    expect(other.kept(0)).toBe(0);
    other.close();
  });
});
