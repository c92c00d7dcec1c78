import { expect, it } from 'vitest';
import { collect, type LineDraft, type OrderDraft } from '../../src/formats/orders.js';
import { withRefunds } from '../../src/formats/take-back.js';
import type { ParsedRefund } from '../../src/formats/types.js';

const line = (sku: string | null, quantity = 1, fields: Partial<LineDraft> = {}): LineDraft => ({
  ...{ sku, quantity, unitPrice: 100, ...fields },
});
const order = (fields: Partial<OrderDraft> = {}): OrderDraft => ({
  ...{ id: 'x:1', at: null, status: 'paid', lines: [line('a', 3), line('b')], total: 400 },
  ...{ currency: 'EUR', channel: 'web', customer: { ids: [] } },
  ...fields,
});
/** Status and how many of each line came back. */
function after(
  refunds: readonly Omit<ParsedRefund, 'purchase' | 'at'>[],
  given = order(),
): unknown {
  const found = collect();
  for (const [i, refund] of refunds.entries())
    found.refunds.push({ purchase: 'x:1', at: new Date(i).toISOString(), ...refund });
  found.add(given);
  const { purchases, refunds: left } = withRefunds(found);
  expect(left).toEqual([]);
  return [purchases[0]?.status, purchases[0]?.lines.map((each) => each.refundedQuantity ?? 0)];
}

it('a refund without lines takes all of it back', () => {
  expect(after([{}])).toEqual(['refunded', [3, 1]]);
  expect(after([{ total: 400 }])).toEqual(['refunded', [3, 1]]);
  expect(after([{}], order({ lines: [] }))).toEqual(['refunded', []]);
});
it('a refund of less money than the total takes nothing that it names back', () => {
  expect(after([{ total: 150 }])).toEqual(['partially_refunded', [0, 0]]);
});
it('refunds in part add up, and never to more than was bought', () => {
  const one = { lines: [{ sku: 'a', quantity: 1 }] };
  expect(after([one])).toEqual(['partially_refunded', [1, 0]]);
  expect(after([one, one])).toEqual(['partially_refunded', [2, 0]]);
  expect(after([one, { lines: [{ sku: 'a', quantity: 9 }] }])).toEqual([
    'partially_refunded',
    [3, 0],
  ]);
  expect(after([one, {}])).toEqual(['refunded', [3, 1]]);
  expect(
    after([
      {
        lines: [
          { sku: 'a', quantity: 1 },
          { sku: 'a', quantity: 2 },
          { sku: 'b', quantity: 1 },
        ],
      },
    ]),
  ).toEqual(['refunded', [3, 1]]);
});
it('goes over the lines of one sku one after the other', () => {
  const given = order({ lines: [line('a', 2), line('a', 2)] });
  expect(after([{ lines: [{ sku: 'a', quantity: 3 }] }], given)).toEqual([
    'partially_refunded',
    [2, 1],
  ]);
});
it('what is not in the order changes no line; a cancelled order stays that', () => {
  expect(after([{ lines: [{ sku: 'z', quantity: 1 }] }])).toEqual(['partially_refunded', [0, 0]]);
  expect(after([{}], order({ status: 'cancelled' }))).toEqual(['cancelled', [3, 1]]);
});
it('the same refund twice is one event, and one of another order is left over', () => {
  const found = collect();
  found.add(order());
  const refund = { purchase: 'x:1', at: null, lines: [{ sku: 'a', quantity: 1 }] };
  found.refunds.push(refund);
  found.refunds.push({ ...refund });
  found.refunds.push({ ...refund, purchase: 'x:2' });
  const { purchases, refunds } = withRefunds(found);
  expect(purchases[0]?.lines[0]?.refundedQuantity).toBe(1);
  expect(refunds).toEqual([{ ...refund, purchase: 'x:2' }]);
});
it('an order is made fit to be recorded, and says what was wrong', () => {
  const found = collect();
  const lines = [
    line(null),
    line('a', 0),
    line('b', -1),
    line('d', 1, { unitPrice: -5 }),
    line('e', 1, { currency: 'USD' }),
  ];
  found.add(order({ lines, total: 5, raw: '5', currency: null, at: 'soon' }));
  const [purchase] = found.done().purchases;
  expect(purchase?.lines.map(({ sku, unitPrice }) => [sku, unitPrice])).toEqual([
    ['d', null],
    ['e', 100],
  ]);
  expect(purchase?.total).toBeNull();
  expect(purchase?.warnings).toEqual([
    'item without sku and name dropped',
    'its time could not be read',
    'no currency',
  ]);
});
it('the same id again replaces, in its place', () => {
  const found = collect();
  for (const [id, total] of [
    ['x:1', 1],
    ['x:2', 2],
    ['x:1', 3],
  ] as const)
    found.add(order({ id, total }));
  expect(found.done().purchases.map(({ id, total }) => [id, total])).toEqual([
    ['x:1', 3],
    ['x:2', 2],
  ]);
});
