import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import type { PurchaseInput } from '../../src/profile/types.js';

// The examples import the package by name; here that name stands for its sources.
vi.mock('regulars', () => import('../../src/kernel/money.js'));
const { importOrders, purchaseToVisit, shopTimeToInstant } =
  await import('../../examples/data/import-orders.mjs');

const HEAD = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const orders = (...rows: string[]) => importOrders([HEAD, ...rows].join('\n'));
const at = (row: string): string => `${row},7,United Kingdom`;

const bought = [
  at('1,A,RED MUG,6,2011-03-01T10:00:00,2.95'),
  at('1,J,"JAR, SMALL",2,2011-03-01T10:00:00,0.85'),
  at('2,A,RED MUG  LARGE,4,2011-07-01T10:00:00,2.95'),
  at('3,A,RED MUG LARGE,9,2011-09-01T10:00:00,2.55'),
];

describe('the order import', () => {
  it('makes an invoice a purchase, with prices in pence and the shop’s time as an instant', () => {
    const { customers } = orders(...bought);
    const [first, second] = customers.get('7') as PurchaseInput[];
    expect(first).toEqual({
      id: 'online-retail:1',
      at: Date.UTC(2011, 2, 1, 10),
      status: 'paid',
      lines: [
        { sku: 'A', name: 'RED MUG', quantity: 6, unitPrice: 295 },
        { sku: 'J', name: 'JAR, SMALL', quantity: 2, unitPrice: 85 },
      ],
      total: 6 * 295 + 2 * 85,
      currency: 'GBP',
      channel: 'web',
      revision: 1,
    });
    expect(second?.at).toBe(Date.UTC(2011, 6, 1, 9)); // summer time
  });

  it('knows the hours around both changes of the clock', () => {
    expect(shopTimeToInstant('2011-03-27T00:59:00')).toBe(Date.UTC(2011, 2, 27, 0, 59));
    expect(shopTimeToInstant('2011-03-27T02:00:00')).toBe(Date.UTC(2011, 2, 27, 1));
    expect(shopTimeToInstant('2011-10-30T00:30:00')).toBe(Date.UTC(2011, 9, 29, 23, 30));
    expect(shopTimeToInstant('2011-10-30T02:00:00')).toBe(Date.UTC(2011, 9, 30, 2));
    expect(shopTimeToInstant('soon')).toBeNaN();
  });

  it('takes a cancellation off the newest earlier purchase that holds the article, then off older ones', () => {
    const { customers, refunds } = orders(
      ...bought,
      at('C4,A,RED MUG,-5,2011-08-01T10:00:00,2.95'),
    );
    const [first, second, third] = customers.get('7') as PurchaseInput[];
    expect(second).toMatchObject({ status: 'refunded', revision: 2 });
    expect(second?.lines[0]).toMatchObject({ quantity: 4, refundedQuantity: 4 });
    expect(first).toMatchObject({ status: 'partially_refunded', revision: 2 });
    expect(first?.lines[0]).toMatchObject({ quantity: 6, refundedQuantity: 1 });
    expect(third).toMatchObject({ status: 'paid', revision: 1 });
    expect(refunds.map(({ purchase, quantity }) => [purchase, quantity])).toEqual([
      ['online-retail:2', 4],
      ['online-retail:1', 1],
    ]);
  });

  it('tells of a cancellation that has no order, and of one that takes back more than was bought', () => {
    const { skipped } = orders(
      ...bought,
      at('C4,Z,UNKNOWN,-1,2011-10-01T10:00:00,2.95'),
      at('C5,J,JAR,-3,2011-10-01T10:00:00,0.85'),
      'C6,A,RED MUG,-1,2011-10-01T10:00:00,2.95,8,France',
    );
    expect(skipped.map(({ where, reason }) => [where, reason])).toEqual(
      [6, 7, 8].map((row) => [`row ${row}`, 'cancellation without its order']),
    );
  });

  it('leaves out what is no goods and what cannot be read, each with its reason', () => {
    const { customers, skipped, catalog } = orders(
      at('1,POST,POSTAGE,1,2011-03-01T10:00:00,18'),
      at('C1,D,Discount,-1,2011-03-01T10:00:00,5'),
      at('1,A,MUG,some,2011-03-01T10:00:00,1'),
      at('1,A,MUG,0,2011-03-01T10:00:00,1'),
      at('1,A,MUG,1,yesterday,1'),
      at('1,A,MUG,1,2011-03-01T10:00:00,-1'),
      at('1,A,MUG,1,2011-03-01T10:00:00,'),
      '1,A,MUG,1,2011-03-01T10:00:00,1,,France',
    );
    expect(skipped.map(({ reason }) => reason)).toEqual([
      'postage',
      'discount',
      'no quantity',
      'no quantity',
      'no time',
      'no price',
      'no price',
      'no customer, invoice or article',
    ]);
    expect([customers.size, catalog.length]).toEqual([0, 0]);
  });

  it('gives each article its latest name and its most usual price', () => {
    expect(orders(...bought).catalog).toEqual([
      { sku: 'A', name: 'RED MUG LARGE', price: 295 },
      { sku: 'J', name: 'JAR, SMALL', price: 85 },
    ]);
  });

  it('takes hostile names and ids for text', () => {
    const { customers, catalog } = orders(
      '1,__proto__,<img src=x onerror=alert(1)>,1,2011-03-01T10:00:00,1,__proto__,France',
    );
    expect([...customers.keys()]).toEqual(['__proto__']);
    expect(catalog[0]).toMatchObject({ sku: '__proto__', name: '<img src=x onerror=alert(1)>' });
  });

  it('counts for the engine what was kept', () => {
    const [, second, third] = orders(
      ...bought,
      at('C4,A,RED MUG,-4,2011-08-01T10:00:00,2.95'),
    ).customers.get('7') as Required<PurchaseInput>[];
    expect([second, third].map((one) => one && purchaseToVisit(one).items)).toEqual([[], ['A']]);
  });
});

describe('the sample', () => {
  const file = new URL('../../examples/data/orders.csv', import.meta.url);
  const sample = importOrders(readFileSync(file, 'utf8'));
  const purchases = [...sample.customers.values()].flat() as PurchaseInput[];

  it('is small, and holds whole customers with three orders or more, some with cancellations', () => {
    expect(readFileSync(file).length).toBeLessThan(1_200_000);
    expect(sample.customers.size).toBe(80);
    expect(Math.min(...[...sample.customers.values()].map((list) => list.length))).toBeGreaterThan(
      2,
    );
    expect(purchases.filter(({ status }) => status !== 'paid').length).toBeGreaterThan(50);
  });

  it('loses no row: each is a line, a refund or left out with a reason', () => {
    const lines = purchases.reduce((sum, one) => sum + one.lines.length, 0);
    const cancelled = sample.rows - lines - sample.skipped.length;
    expect(
      new Set(sample.refunds.map(({ invoice, sku }) => `${invoice} ${sku}`)).size,
    ).toBeLessThanOrEqual(cancelled + sample.skipped.length);
    expect(cancelled).toBeGreaterThan(0);
    for (const { reason } of sample.skipped)
      expect(['postage', 'manual entry', 'cancellation without its order']).toContain(reason);
  });

  it('has prices in whole pence and takes back no more than was bought', () => {
    for (const { lines } of purchases)
      for (const { unitPrice, quantity = 0, refundedQuantity = 0 } of lines) {
        expect(Number.isInteger(unitPrice)).toBe(true);
        expect(refundedQuantity).toBeLessThanOrEqual(quantity);
      }
  });
});
