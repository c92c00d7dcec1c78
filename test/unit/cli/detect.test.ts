import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/prepare.mjs';
import { detect, formatOf } from '../../../src/cli/detect.js';
import { partOfJson } from '../../../src/cli/part-of-json.js';
import { describeShared, sharedData } from '../../support/mutate.js';
import { runs } from '../../support/runs.js';

const orders = (format: string, shape: string): object => ({ kind: 'orders', format, shape });

const shopify = { id: 1, financial_status: 'paid', line_items: [{ sku: 'a' }] };
const payloads: readonly (readonly [format: string, payload: unknown])[] = [
  ['ga4', [{ 'gtm.start': 1 }, { event: 'purchase', ecommerce: { transaction_id: 'a' } }]],
  ['ga4', [['event', 'purchase', { transaction_id: 'a', items: [] }]]],
  ['ga4', [{ '0': 'event', '1': 'purchase', '2': {} }]],
  ['ga4', { client_id: '1.2', events: [{ name: 'purchase', params: {} }] }],
  ['ga4', [{ transactionId: 'a', transactionTotal: 1, transactionProducts: [] }]],
  ['segment', { type: 'track', event: 'Order Completed', properties: { order_id: 'a' } }],
  ['segment', { batch: [{ event: 'Order Completed', properties: { products: [] } }] }],
  ['shopify', { orders: [shopify] }],
  ['shopify', { data: { orders: { edges: [{ node: { id: 'gid://shopify/Order/1' } }] } } }],
  ['shopify', { data: { customer: { orders: { nodes: [{ id: 'gid://shopify/Order/1' }] } } } }],
  ['shopify', { id: 9, order_id: 1, refund_line_items: [{ quantity: 1 }] }],
  ['woocommerce', [{ id: 1, order_key: 'wc_1', line_items: [{ sku: 'a', total: '1.00' }] }]],
  ['square', { orders: [{ id: 'a', location_id: 'L', line_items: [{ quantity: '1' }] }] }],
  ['square', { loyalty_account: { id: 'a', program_id: 'p' } }],
  ['square', { events: [{ id: 'e', loyalty_account_id: 'a' }] }],
  ['stripe', { id: 'evt_1', object: 'event', data: { object: { object: 'checkout.session' } } }],
  ['stripe', { object: 'list', data: [{ object: 'checkout.session' }] }],
  ['stripe', [{ id: 're_1', object: 'refund', payment_intent: 'pi_1' }]],
  ['magento', { items: [{ increment_id: '1', items: [] }], total_count: 1 }],
  [
    'magento',
    { data: { customer: { orders: { items: [{ number: '1', order_date: 'x', items: [] }] } } } },
  ],
  ['bigcommerce', { id: 1, status_id: 10, total_inc_tax: '1.00', products: [] }],
  ['toast', [{ guid: 'g', checks: [{ selections: [] }] }]],
  ['toast', { loyalty_accounts: [{ number: '1', points: 4 }] }],
  ['deliverect', { id: 'a', items: [{ plu: 'P1', name: 'Soup' }] }],
  ['schema-org', { '@context': 'https://schema.org', '@type': 'Order' }],
  ['schema-org', { '@graph': [{ '@type': 'Order' }] }],
  ['purchases', [{ id: 'pos:1', lines: [{ sku: 'a' }] }]],
  ['purchases', { purchases: [{ id: 'pos:1', lines: [{ sku: 'a' }] }] }],
];

describe('what a file is', () => {
  it.each(payloads)('is told by its fields: %s, %j', (format, payload) => {
    const text = JSON.stringify(payload);
    expect(detect(JSON.stringify(payload, undefined, 2))).toEqual(orders(format, 'json'));
    expect(detect(`${text}\n${text}\n`)).toEqual(orders(format, 'lines'));
    expect(detect(`\uFEFF\r\n${text}`)).toEqual(orders(format, 'json'));
  });

  it('is told by its first orders where it is longer than what was looked at', () => {
    const text = JSON.stringify({ orders: Array.from({ length: 50 }, () => shopify) });
    fc.assert(
      fc.property(fc.integer({ min: 80, max: text.length - 1 }), (end) => {
        expect(detect(text.slice(0, end))).toEqual(orders('shopify', 'json'));
      }),
      { numRuns: runs(50) },
    );
    const pushes = [{ 'gtm.start': 1 }, ...Array.from({ length: 9 }, () => ({ event: 'x' }))];
    expect(detect(pushes.map((push) => JSON.stringify(push)).join('\n'))).toEqual(
      orders('ga4', 'lines'),
    );
  });

  it.each([
    ['Name,Email,Lineitem quantity,Lineitem name\n#1,a@b.c,1,Mug\n', 'shopify'],
    ['\uFEFF"Name";"Email";"Lineitem name"\r\n', 'shopify'],
    ['Name\tLineitem sku\n', 'shopify'],
    ['Date,Order #,Status,Customer,Product(s),Net Sales\n', 'woocommerce'],
  ])('is told by its columns: %j', (text, format) => {
    expect(detect(text)).toEqual(orders(format, 'csv'));
  });

  it('is a list of lines where some of them are broken, and one value where it stands alone', () => {
    const text = JSON.stringify(shopify);
    expect(detect(`{"id":\n${text}\n${text}\n`)).toEqual(orders('shopify', 'lines'));
    expect(detect(`[\n${text},\n${text}\n]`)).toEqual(orders('shopify', 'json'));
    expect(detect(text)).toEqual(orders('shopify', 'json'));
  });

  it('is what somebody says it is, whose shape is still seen', () => {
    expect(detect('{"a":1}\n{"b":2}', 'toast')).toEqual(orders('toast', 'lines'));
    expect(detect('[', 'toast')).toEqual(orders('toast', 'json'));
    expect(detect('a;b\n1;2', 'woocommerce')).toEqual(orders('woocommerce', 'csv'));
  });

  it.each([
    ['', 'it is empty'],
    ['\uFEFF \r\n', 'it is empty'],
    ['Dear customer', 'neither JSON nor CSV'],
    ['first,last\nShep,Jones', 'CSV with the columns first, last'],
    ['{"hello":1,"world":2}', 'JSON with the fields hello, world'],
    ['[1,2,3]', 'it is JSON'],
    ['[', 'it is JSON'],
    ['{"orders":[]}', 'JSON with the fields orders'],
  ])('is unknown, and says what was seen: %j', (text, seen) => {
    const found = detect(text);
    expect(found.kind === 'unknown' && found.seen).toContain(seen);
  });

  it('is an export of ours before anything else', () => {
    expect(detect('{"format":"regulars-storage","version":1}\n')).toEqual({
      kind: 'export',
    });
  });

  it('never throws, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((text) => text.slice(0, 20)),
        ),
        (text) => {
          expect(['export', 'orders', 'unknown']).toContain(detect(text).kind);
        },
      ),
      { numRuns: runs() },
    );
    expect(formatOf(JSON.parse('{"__proto__":{"checks":[]},"constructor":1}'))).toBe('toast');
  });
});

describe('a JSON text that is cut off', () => {
  it('gives what is whole of it: the beginning of every list, and the first fields', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(), (value, cut) => {
        const whole = JSON.stringify(value);
        if (!/^[[{]/.test(whole)) return;
        expect(partOfJson(whole)).toEqual(JSON.parse(whole));
        const part = partOfJson(whole.slice(0, 1 + (cut % whole.length)));
        expect(Array.isArray(part)).toBe(Array.isArray(value));
      }),
      { numRuns: runs() },
    );
    expect(partOfJson('{"a":[{"b":"]}"},{"c":1,"d":"x')).toEqual({ a: [{ b: ']}' }, { c: 1 }] });
    expect(partOfJson('[1}')).toBeUndefined();
  });
});

describeShared('the samples', () => {
  const folder = join(root, '../shared/data/formats');
  const none = ['loyalty-program.json', 'line-item-fixture.json'];
  const samples = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(folder, name)).map((file) => [name, file] as const))
    .filter(([, file]) => !none.includes(file));

  it.each(samples)('%s/%s is told', (name, file) => {
    const text = sharedData(`${name}/${file}`);
    const format = name === 'schemaorg' ? 'schema-org' : name;
    expect(detect(text)).toMatchObject({ kind: 'orders', format });
    if (file.endsWith('.json')) {
      const line = JSON.stringify(JSON.parse(text));
      expect(detect(`${line}\n${line}\n`)).toEqual(orders(format, 'lines'));
    }
  });
});
