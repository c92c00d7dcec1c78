import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lmdbStorage } from '../../../src/adapters/storage/node-lmdb.js';
import { inspectStorage, type Inspection } from '../../../src/profile/inspect-log.js';
import type { ProfileStorage } from '../../../src/profile/port.js';
import { regulars, type Ran } from '../../support/run-command.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'regulars-import-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string): string => join(folder, name);
const write = (name: string, content: string | Uint8Array): string => {
  writeFileSync(file(name), content);
  return file(name);
};

/** Imports into the storage of the test. */
const into = (...args: readonly string[]): Promise<Ran> =>
  regulars(['import', ...args, '--into', file('till'), '--shop', 'blue-door', '--region', 'US']);

async function within<T>(look: (storage: ProfileStorage) => Promise<T>): Promise<T> {
  const storage = lmdbStorage({ folder: file('till') });
  await storage.open({ name: 'regulars:blue-door' });
  try {
    return await look(storage);
  } finally {
    await storage.close();
  }
}
const inspect = (): Promise<Inspection> => within((storage) => inspectStorage(storage));

const shopify = (id: number, more: object = {}): object => ({
  ...{ id, financial_status: 'paid', currency: 'USD', email: `guest${id % 5}@example.com` },
  ...{ created_at: '2026-03-01T08:00:00-05:00', total_price: '12.50' },
  line_items: [{ sku: 'mug', title: 'Mug', quantity: 2, price: '6.25' }],
  ...more,
});
const list = (count: number): readonly object[] =>
  Array.from({ length: count }, (_, i) => shopify(i + 1));
const lines = (values: readonly unknown[]): string =>
  values.map((value) => JSON.stringify(value)).join('\n');
const CSV = [
  'Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Id',
  '#1,a@example.com,paid,USD,3.00,2026-03-01 08:00:00 -0500,1,Mug,3.00,101',
  '#2,b@example.com,paid,USD,7.00,2026-03-02 08:00:00 -0500,1,Mug,3.00,102',
  '#2,,,,,,2,Spoon,2.00,',
].join('\n');

describe('regulars import', () => {
  it('reads JSON, lines and tables, packed or not, whatever the files are called, and nothing twice', async () => {
    const files = [
      write('a.txt', JSON.stringify({ orders: list(20) })),
      write('b.csv', lines(list(30).slice(20))),
      write('c.json', CSV.replaceAll('\n', '\r\n')),
      write('d', gzipSync(JSON.stringify(list(31).slice(30)))),
    ];
    const first = await into(...files);
    expect(first.told).toContain('a.txt: Imported 20, known before 0, new customers 5.');
    expect(first.told).toContain('c.json: Imported 2, known before 0, new customers 2.');
    expect([first.code, first.out]).toEqual([0, '']);
    const before = await inspect();
    expect(before).toMatchObject({ customers: 7, records: { purchase: 33, link: 7 } });

    const again = await into(...files);
    expect(again.told.match(/Nothing new: imported 0, known before \d+/g)).toHaveLength(4);
    expect(again.code).toBe(0);
    expect(await inspect()).toEqual(before);
  });

  it('reads standard input beside files', async () => {
    const { code, told } = await regulars(
      ['import', write('a', CSV), '-', '--into', file('till'), '--shop', 'blue-door'],
      { input: gzipSync(`\uFEFF${lines(list(3))}`) },
    );
    expect([code, told]).toEqual([0, expect.stringContaining('standard input: Imported 3')]);
    expect((await into('-', '-')).code).toBe(2);
  });

  it('knows an order again that came by file and by webhook', async () => {
    await into(write('a', CSV.replace(',101', ',900')));
    await into(
      write(
        'b',
        JSON.stringify(shopify(900, { email: 'a@example.com', financial_status: 'refunded' })),
      ),
    );
    expect(await inspect()).toMatchObject({ customers: 2, records: { purchase: 3 } });
  });

  it('says what it set aside, why, how often, and the first places', async () => {
    const guest = shopify(7, { email: null });
    const { code, told } = await into(
      write(
        'a',
        lines([
          shopify(1),
          { ...shopify(2), test: true },
          guest,
          { hello: 1, line_items: [] },
          { ...guest, id: 8 },
        ]),
      ),
    );
    expect(code).toBe(0);
    expect(told).toContain('Imported 1, known before 0, new customers 1, set aside 4.');
    expect(told).toMatch(/ 1 test, marked as a test \(line 2\)/);
    expect(told).toMatch(/ 2 no-customer, nothing in it says whose it is \(shopify:7, shopify:8\)/);
    expect(told).toMatch(/ 1 no-id|not-an-order \(line 4\)/);
  });

  it('takes back what came back later, of orders of the file, of another file, and of none', async () => {
    const refund = (order: number): object => ({
      ...{ id: order + 1000, order_id: order, created_at: '2026-03-05T08:00:00Z' },
      refund_line_items: [{ quantity: 1, line_item: { sku: 'mug' } }],
    });
    await into(write('a', lines(list(1))));
    const { told } = await into(write('b', lines([shopify(2), refund(1), refund(2), refund(3)])));
    expect(told).toContain('refunds 1');
    expect(told).toMatch(/1 no-order, .*\(shopify:3\)/);
    expect(await inspect()).toMatchObject({ records: { purchase: 2, refund: 1 } });
    const again = await into(file('b'));
    expect(again.told).toContain('Imported 0');
    expect(await inspect()).toMatchObject({ records: { purchase: 2, refund: 1 } });
  });

  it('imports loyalty members once, two of whom may share a phone', async () => {
    const member = (number: string, points: number): object => ({
      ...{ number, points, first_name: 'Shep', last_name: 'Jones', phone: '425 555 0100' },
    });
    const accounts = write(
      'a',
      JSON.stringify({ loyalty_accounts: [member('1', 4), member('2', 9)] }),
    );
    expect((await into(accounts)).told).toContain('members 2');
    const seen = await inspect();
    expect(seen).toMatchObject({ customers: 2 });
    expect(seen.records['fact']).toBeGreaterThanOrEqual(4);
    expect((await into(accounts)).told).toContain('Nothing new');
    expect(await inspect()).toEqual(seen);
    await into(write('a', JSON.stringify({ loyalty_accounts: [member('1', 5), member('2', 9)] })));
    expect((await inspect()).records['fact']).toBe((seen.records['fact'] ?? 0) + 1);
  });

  it('gives options to the parsers: times, zones, currencies, tests, places, notes', async () => {
    const event = {
      event: 'purchase',
      ecommerce: { transaction_id: 'T1', items: [{ item_id: 'a' }] },
      user_id: 'u1',
    };
    const push = write('a', JSON.stringify([event]));
    const without = await into(push);
    expect([without.code, without.told]).toEqual([1, expect.stringContaining('--received-at')]);
    expect((await into(push, '--received-at', '2026-03-01T08:00Z')).told).toContain('Imported 1');
    for (const [option, value] of [
      ['--received-at', 'yesterday'],
      ['--received-at', '2026-03-01 08:00'],
      ['--time-zone', 'Mars/Olympus'],
      ['--currency', 'EURO'],
      ['--country', 'Germany'],
      ['--country', 'DE'],
      ['--format', 'excel'],
      ['--keep', 'addresses'],
      ['--place', ''],
    ] as const) {
      const { code, told } = await into(push, option, value);
      expect([option, code, told.trim().split('\n').length]).toEqual([option, 2, 1]);
    }
  });
});

describe('regulars import of what is no file of orders', () => {
  const bad: readonly (readonly [name: string, content: string | Uint8Array, said: string])[] = [
    ['empty', '', 'it is empty'],
    ['a mark alone', '\uFEFF', 'it is empty'],
    ['prose', 'Dear all', 'neither JSON nor CSV'],
    ['a table of something else', 'first,last\nShep,Jones\n', 'CSV with the columns first, last'],
    ['JSON of something else', '{"weather":"fine"}', 'JSON with the fields weather'],
    ['binary', Uint8Array.from({ length: 900 }, (_, i) => i % 7), 'it is no text'],
    ['a spreadsheet', Uint8Array.of(0x50, 0x4b, 3, 4, 1, 2), 'spreadsheet'],
    ['UTF-16', Buffer.from(`\uFEFF${CSV}`, 'utf16le'), 'UTF-16'],
    ['UTF-16 without its mark', Buffer.from(CSV, 'utf16le'), 'UTF-16'],
    ['Latin-1', Buffer.from('Name,Lineitem name\n1,Café\n', 'latin1'), 'not in UTF-8'],
    [
      'a damaged gzip',
      Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.from('nonsense')]),
      'damaged',
    ],
    ['an empty gzip', gzipSync(''), 'it is empty'],
    ['the beginning of a gzip', gzipSync('x'.repeat(9)).subarray(0, 12), 'breaks off'],
  ];

  it.each(bad)('fails with 1 and one line, and makes no storage: %s', async (_, content, said) => {
    const { code, told } = await into(write('bad', content));
    expect([code, told]).toEqual([1, expect.stringContaining(said)]);
    expect(told.trim().split('\n')).toHaveLength(1);
    expect(existsSync(file('till'))).toBe(false);
  });

  it('looks at all paths before it begins with the first', async () => {
    const good = write('good', CSV);
    mkdirSync(file('folder'));
    for (const path of [file('missing'), file('folder')]) {
      const { code, told } = await into(good, path);
      expect([code, told]).toEqual([1, expect.stringContaining(path)]);
    }
    expect(existsSync(file('till'))).toBe(false);
  });

  it.skipIf(process.getuid?.() === 0)(
    'says that a file may not be read (needs not to be root)',
    async () => {
      const path = write('secret', CSV);
      chmodSync(path, 0);
      expect((await into(path)).told).toContain('may not be read');
    },
  );

  it('goes on with the other files, and ends with 1', async () => {
    const { code, told } = await into(write('a', 'oops'), write('b', CSV));
    expect(code).toBe(1);
    expect(told).toContain('b: Imported 2');
    expect(told).toContain('1 of 2 files');
  });

  it('imports what came before a break, says where it breaks, and goes on once it is mended', async () => {
    const whole = JSON.stringify({ orders: list(500) });
    for (const [name, content] of [
      ['cut', whole.slice(0, -400)],
      ['packed and cut', gzipSync(whole).subarray(0, -200)],
      ['damaged', `${whole.slice(0, -4000)}<html>502 Bad Gateway</html>`],
    ] as const) {
      const { code, told } = await into(write(name, content));
      expect([name, code, told]).toEqual([name, 1, expect.stringMatching(/break|broken/)]);
    }
    expect((await inspect()).records['purchase']).toBeGreaterThan(300);
    expect((await into(write('mended', whole))).code).toBe(0);
    expect(await inspect()).toMatchObject({ customers: 5, records: { purchase: 500 } });
  });

  it('sets lines aside that are no JSON, and takes the others', async () => {
    const { code, told } = await into(
      write('a', `${lines(list(3))}\n{"id":4,\n${lines(list(5).slice(4))}\n`),
    );
    expect([code, told]).toEqual([0, expect.stringContaining('Imported 4')]);
    expect(told).toContain('1 no-json (line 4)');
  });
});

describe('regulars import --dry-run', () => {
  it('reads everything, shows what would come in, and writes nothing', async () => {
    const path = write(
      'a',
      lines([
        ...list(12),
        shopify(13, { email: null }),
        shopify(14, { currency: 'JPY', total_price: '500' }),
        shopify(15, { currency: 'EUR', total_price: null }),
      ]),
    );
    const { code, out, told } = await into(path, '--dry-run');
    expect([code, told]).toEqual([0, '']);
    for (const words of [
      'shopify, JSON Lines',
      'shopify:1 ',
      '2× Mug',
      '12.50 USD',
      '12 orders, 150.00 USD',
      '1 orders, 500 JPY',
      'customers by email',
      '1 no-customer',
      'Nothing was written',
    ])
      expect(out).toContain(words);
    expect(out).toMatch(/in EUR +│ 1 orders +│/);
    expect(out).not.toContain('shopify:11 ');
    expect(out).not.toContain('guest1');
    expect(existsSync(file('till'))).toBe(false);
    const bare = await regulars(['import', path, '--dry-run']);
    expect(bare.out).toBe(out);
  });

  it('promises what the import then does', async () => {
    const path = write(
      'a',
      lines([...list(9), shopify(10, { email: null }), { ...shopify(3), test: true }]),
    );
    const { out } = await into(path, '--dry-run');
    const { told } = await into(path);
    expect(out).toMatch(/orders that would come in │ 9 /);
    expect(out).toMatch(/set aside +│ 2 /);
    expect(told).toContain('Imported 9, known before 0, new customers 5, set aside 2.');
  });

  it('shows an export in numbers', async () => {
    await into(write('a', CSV));
    const exported = await regulars(['export', file('till')]);
    const { code, out } = await regulars(['import', '-', '--dry-run'], { input: exported.out });
    expect([code, out]).toEqual([0, expect.stringContaining('export of blue-door')]);
    expect(
      (await regulars(['import', '-', '--dry-run'], { input: exported.out.slice(0, -90) })).code,
    ).toBe(1);
  });

  it('makes hostile text safe, in tables and in what is told', async () => {
    const evil = '\u001b[2J\u202Eevil\u0007';
    const orders = [
      shopify(1, { line_items: [{ sku: evil, title: `${evil}Mug`, price: '1.00' }] }),
      { ...shopify(2), id: `${evil}2`, email: null },
      { id: `${evil}3`, lines: [], [evil]: 1 },
    ];
    const path = write(`evil${evil.slice(0, 4)}`, lines(orders));
    const seen = await into(path, '--dry-run');
    const told = await into(path, write('other', `${evil},b\n1,2`));
    for (const text of [seen.out, seen.told, told.out, told.told]) {
      const steers = Array.from(text).filter(
        (one) => one !== '\n' && /\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u.test(one),
      );
      expect(steers).toEqual([]);
    }
    expect(seen.out).toContain('Mug');
  });
});
