import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvParts, type CsvPart } from '../../../src/cli/csv-parts.js';
import { jsonParts, type JsonPart } from '../../../src/cli/json-parts.js';
import { readOrders, type OrdersRead } from '../../../src/cli/read-orders.js';
import { readCsv } from '../../../src/formats/csv.js';
import { runs } from '../../support/runs.js';

async function* cut(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function all<T>(
  items: AsyncIterable<T>,
): Promise<{ readonly got: T[]; readonly error: unknown }> {
  const got: T[] = [];
  try {
    for await (const item of items) got.push(item);
    return { got, error: undefined };
  } catch (error) {
    return { got, error };
  }
}

const json = async (text: string, size = 7): Promise<readonly JsonPart[]> => {
  const { got, error } = await all(jsonParts(cut(text, size)));
  expect(error).toBeUndefined();
  return got;
};

const many = (count: number): readonly object[] =>
  Array.from({ length: count }, (_, id) => ({ id, line_items: [{ n: 'é"}]' }, { n: '\\' }] }));

describe('JSON in parts', () => {
  it('gives short values as they are, one after the other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue())), {
          maxLength: 4,
        }),
        fc.integer({ min: 1, max: 50 }),
        async (values, size) => {
          const text = values.map((value) => JSON.stringify(value)).join('\n ');
          const parts = await json(text, size);
          expect(parts.map(({ value }) => value)).toEqual(
            JSON.parse(`[${values.map((v) => JSON.stringify(v)).join(',')}]`),
          );
        },
      ),
      { numRuns: runs(50) },
    );
  });

  it.each([
    ['a bare list', (list: readonly object[]): unknown => list, (value: unknown): unknown => value],
    [
      'a list in wrappers, with what stands before it',
      (list: readonly object[]): unknown => ({
        data: { customer: { email: 'a@b.c', orders: { nodes: list, end: 1 } } },
      }),
      (value: unknown): unknown => {
        const { customer } = (
          value as { data: { customer: { email: string; orders: { nodes: unknown } } } }
        ).data;
        expect(customer.email).toBe('a@b.c');
        return customer.orders.nodes;
      },
    ],
  ])('takes %s apart where it is long', async (_, wrap, unwrap) => {
    const list = many(501);
    const parts = await json(JSON.stringify(wrap(list)), 1000);
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.map(({ before }) => before)).toEqual([0, 200, 400]);
    expect(parts.flatMap(({ value }) => unwrap(value))).toEqual(list);
  });

  it('leaves the lists within an order whole, however long, and several orders without commas', async () => {
    const order = { id: 1, line_items: many(300), after: 'x' };
    const parts = await json(
      `${JSON.stringify(order, undefined, 1)}\n${JSON.stringify(order)}`,
      500,
    );
    expect(parts.map(({ value }) => value)).toEqual([order, order]);
  });

  it('gives what is whole of a text that breaks off, and then says that it does', async () => {
    const list = many(5);
    const text = JSON.stringify({ orders: list });
    const { got, error } = await all(jsonParts(cut(text.slice(0, -20), 10)));
    expect(got.map(({ value }) => value)).toEqual([{ orders: list.slice(0, 4) }]);
    expect(String(error)).toContain('breaks off');
    const broken = await all(jsonParts(cut(`${text.slice(0, -20)} oops ${text}`, 10)));
    expect(broken.got.map(({ value }) => value)).toEqual([{ orders: list.slice(0, 4) }]);
    expect(String(broken.error)).toContain('broken before character');
  });

  it('keeps a field called __proto__ a field', async () => {
    const [part] = await json('{"__proto__":{"polluted":1},"orders":[]}');
    expect(Object.keys(part?.value as object)).toEqual(['__proto__', 'orders']);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('a table in parts', () => {
  const parts = async (text: string, size = 100): Promise<readonly CsvPart[]> => {
    const { got, error } = await all(csvParts(text.slice(0, 50), cut(text, size), ['name', 'id']));
    expect(error).toBeUndefined();
    return got;
  };

  it('holds the same rows as the whole, wherever it was cut, with any line ends and marks', async () => {
    const cell = fc.string({ maxLength: 8 }).map((text) => text.replace(/[\r\n]+/g, '\n').trim());
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { maxLength: 30 }),
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.integer({ min: 1, max: 40 }),
        async (rows, mark, end, size) => {
          const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
          const text = [
            `Name${mark}Note`,
            ...rows.map((row) => row.map(quoted).join(mark)),
            '',
          ].join(end);
          const made = await parts(text, size);
          expect(made.flatMap((part) => readCsv(part.text))).toEqual(readCsv(text));
        },
      ),
      { numRuns: runs(60) },
    );
  });

  it('never parts the rows of one order', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => `#${Math.floor(i / 7)},${i}`);
    const made = await parts(`Name,Row\n${rows.join('\n')}\n`, 997);
    expect(made.length).toBeGreaterThan(3);
    expect(made.reduce((sum, { count }) => sum + count, 0)).toBe(3000);
    const names = made.map(({ text }) => new Set(readCsv(text).map((row) => row['Name'])));
    for (const [i, some] of names.entries())
      for (const name of names[i + 1] ?? []) expect(some.has(name)).toBe(false);
    expect(made.map(({ before }) => before)).toEqual(
      made.map((_, i) => made.slice(0, i).reduce((sum, { count }) => sum + count, 0)),
    );
  });

  it('says that a quote was never closed, instead of reading the rest of the file as one cell', async () => {
    const rest = 'x,y\n'.repeat(5_000_000);
    const { error } = await all(
      csvParts('Name,Note', cut(`Name,Note\n1,2\n3,"${rest}`, 1_000_000), []),
    );
    expect(String(error)).toContain('not closed');
  });
});

describe('orders of a file', () => {
  const options = {};
  const read = async (
    text: string,
    shape: 'json' | 'lines' | 'csv',
    format: 'shopify' | 'purchases' = 'shopify',
  ): Promise<readonly OrdersRead[]> => {
    const bytes = new TextEncoder().encode(text);
    async function* pieces(): AsyncGenerator<Uint8Array> {
      // in the middle of characters too
      for (let at = 0; at < bytes.length; at += 1001) yield bytes.slice(at, at + 1001);
    }
    const { got, error } = await all(
      readOrders(pieces(), text.slice(0, 500), { format, shape }, options),
    );
    expect(error).toBeUndefined();
    return got;
  };
  const order = (id: number): object => ({
    ...{ id, financial_status: 'paid', created_at: '2026-03-01T08:00:00Z', currency: 'EUR' },
    ...{ email: 'jörg@example.com', line_items: [{ sku: 'a', title: 'Café', price: '3.00' }] },
  });

  it('are the same as JSON, as lines, and taken apart', async () => {
    const list = Array.from({ length: 700 }, (_, i) => order(i + 1));
    const long = { orders: list.map((one) => ({ ...one, note: 'x'.repeat(7000) })) };
    const ids = (parts: readonly OrdersRead[]): readonly string[] =>
      parts.flatMap(({ purchases }) => purchases.map(({ id }) => id));
    const expected = list.map((_, i) => `shopify:${i + 1}`);
    expect(ids(await read(JSON.stringify({ orders: list }), 'json'))).toEqual(expected);
    expect(ids(await read(list.map((one) => JSON.stringify(one)).join('\r\n'), 'lines'))).toEqual(
      expected,
    );
    const apart = await read(JSON.stringify(long), 'json');
    expect(apart.length).toBeGreaterThan(3);
    expect(ids(apart)).toEqual(expected);
  });

  it('say where in the file something was not read', async () => {
    const lines = Array.from({ length: 450 }, (_, i) => JSON.stringify(order(i + 1)));
    lines[1] = 'no json';
    lines[420] = '{"id":7,"hello":1}';
    const skipped = (await read(['', ...lines].join('\n'), 'lines')).flatMap(
      (part) => part.skipped,
    );
    expect(skipped).toEqual([
      { reason: 'no-json', where: 'line 3' },
      { reason: 'not-an-order', where: 'line 422' },
    ]);
    const list = lines.map((line) =>
      line === 'no json' ? { id: 8 } : (JSON.parse(line) as object),
    );
    const text = JSON.stringify({ orders: list.map((one) => ({ ...one, pad: 'x'.repeat(9500) })) });
    expect(
      (await read(text, 'json')).flatMap((part) => part.skipped.map(({ where }) => where)),
    ).toEqual(['orders[1]', 'orders[420]']);
  });

  it('may be a page of a list a line', async () => {
    const pages = [[order(1), { id: 9 }], [], [order(2)]];
    const parts = await read(pages.map((page) => JSON.stringify(page)).join('\n'), 'lines');
    expect(parts.flatMap(({ purchases }) => purchases.map(({ id }) => id))).toEqual([
      'shopify:1',
      'shopify:2',
    ]);
    expect(parts.flatMap((part) => part.skipped.map(({ where }) => where))).toEqual(['line 1[1]']);
  });

  it('are purchases of ours as they are, in lists and under their name', async () => {
    const one = { id: 'pos:1', lines: [{ sku: 'a' }] };
    const [listed, wrapped] = [
      await read(JSON.stringify([one]), 'json', 'purchases'),
      await read(JSON.stringify({ purchases: [one] }), 'json', 'purchases'),
    ];
    expect(listed[0]?.purchases).toEqual([one]);
    expect(wrapped[0]?.purchases).toEqual([one]);
  });
});

describe('pieces of a long table', () => {
  it('never part a character', async () => {
    const rows = Array.from({ length: 9_000 }, (_, i) => `${'x'.repeat(i % 7)}😀,${i}`);
    async function* text() {
      yield await Promise.resolve(`name,n\n${rows.join('\n')}\n`);
    }
    const read: string[] = [];
    for await (const part of csvParts('name,n\n', text(), []))
      read.push(...part.text.split('\n').slice(1));
    expect(read).toEqual(rows);
  });
});
