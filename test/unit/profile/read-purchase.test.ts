import { describe, expect, it } from 'vitest';
import { isRegularsError } from '../../../src/kernel/errors.js';
import { purchaseRecordId, readPurchase } from '../../../src/profile/read-purchase.js';
import type { CardPurchase, PurchaseInput } from '../../../src/profile/types.js';
import { DAY, NOW } from '../../support/profile/histories.js';

const defaults = { now: NOW, channel: 'web', keepNotes: false } as const;
const read = (input: unknown, more = {}): ReturnType<typeof readPurchase>['purchase'] =>
  readPurchase(input as PurchaseInput, { ...defaults, ...more }).purchase;
const order = { id: 'web:1', lines: [{ sku: 'latte' }] };

function refusal(input: unknown): string {
  try {
    read(input);
  } catch (error) {
    if (isRegularsError(error) && error.code === 'ERR_PURCHASE_INVALID') return error.message;
    throw error;
  }
  return 'accepted';
}

describe('an order', () => {
  it('needs only an id and a line; the rest has defaults', () => {
    expect(read(order, { currency: 'EUR', place: { id: 'main-st' } })).toEqual({
      id: 'web:1',
      at: NOW,
      status: 'paid',
      lines: [{ sku: 'latte', name: 'latte', quantity: 1, unitPrice: null, modifiers: [] }],
      total: null,
      currency: 'EUR',
      place: { id: 'main-st' },
      channel: 'web',
    });
  });

  it('keeps everything known of a line, and nothing else', () => {
    const line = {
      sku: 'latte',
      name: 'Latte',
      quantity: 2,
      unitPrice: 480,
      category: 'coffee',
      modifiers: [
        {
          group: 'milk',
          id: 'm1',
          name: 'oat',
          quantity: 0,
          pre: 'NO',
          unitPrice: -50,
          under: 'x',
        },
      ],
      seat: 3,
      refundedQuantity: 1,
    };
    const input = {
      ...order,
      lines: [{ ...line, note: 'call 555-0100', address: '1 Elm' }],
      address: '1 Elm',
      payment: { card: '4242' },
      place: { id: 'a', street: '1 Elm' },
      refs: ['b', 'a', 'a', 'web:1'],
      revision: 4,
      gift: true,
    };
    expect(read(input)).toMatchObject({ lines: [line], refs: ['a', 'b'], revision: 4, gift: true });
    expect(JSON.stringify(read(input))).not.toMatch(/Elm|4242|555/);
    expect(read(input, { keepNotes: true }).lines[0]?.note).toBe('call 555-0100');
  });

  it('takes ms, and ISO text with any offset', () => {
    expect(read({ ...order, at: 1_700_000_000_000 }).at).toBe(1_700_000_000_000);
    expect(read({ ...order, at: '2026-05-04T08:00:00Z' }).at).toBe(NOW);
    expect(read({ ...order, at: '2026-05-04T03:00:00-0500' }).at).toBe(NOW);
    expect(read({ ...order, at: null }).at).toBe(NOW);
  });

  it.each([
    [undefined, 'no object'],
    [null, 'no object'],
    [{ lines: order.lines }, 'no id'],
    [{ ...order, id: '  ' }, 'no id'],
    [{ id: 'a' }, 'no lines'],
    [{ id: 'a', lines: [] }, 'no lines'],
    [{ id: 'a', lines: [null] }, 'lines[0] is no object'],
    [{ id: 'a', lines: [{ quantity: 1 }] }, 'lines[0] has neither sku nor name'],
    [{ id: 'a', lines: [{ sku: 'x', quantity: Number.NaN }] }, 'lines[0].quantity'],
    [{ id: 'a', lines: [{ sku: 'x', quantity: -1 }] }, 'lines[0].quantity'],
    [{ id: 'a', lines: [{ sku: 'x', quantity: 0 }] }, 'lines[0].quantity is 0'],
    [{ id: 'a', lines: [{ sku: 'x', unitPrice: -5 }] }, 'negative'],
    [{ id: 'a', lines: [{ sku: 'x', unitPrice: '9.80' }] }, "money(9.8, 'EUR')"],
    [{ id: 'a', lines: [{ sku: 'x', unitPrice: 9.8 }] }, "money(9.8, 'EUR')"],
    [{ ...order, total: Number.NaN }, 'total is no number'],
    [{ ...order, total: 9.8 }, "money(9.8, 'EUR')"],
    [{ ...order, at: 'yesterday' }, 'at is no time'],
    [{ ...order, at: '2026-13-45' }, 'at is no time'],
    [{ ...order, at: Number.NaN }, 'at is no time'],
    [{ ...order, at: -5 }, 'at is no time'],
    [{ ...order, at: 1e17 }, 'at is no time'],
    [{ ...order, status: 'eaten' }, 'status is none of'],
    [{ ...order, channel: 'fax' }, 'channel is none of'],
    [{ ...order, currency: 'euro' }, 'ISO 4217'],
    [{ ...order, revision: Number.NaN }, 'revision'],
    [{ id: 'a', lines: [{ sku: 'x', modifiers: 'oat' }] }, 'modifiers is no list'],
    [{ id: 'a', lines: [{ sku: 'x', modifiers: [{}] }] }, 'modifiers[0] has no name'],
  ])('that cannot be one is refused, and the problem named: %j', (input, problem) => {
    expect(refusal(input)).toContain(problem);
  });

  it('is harmless whatever its texts are', () => {
    const hostile = JSON.parse(
      '{"__proto__":{"polluted":1},"id":"__proto__","lines":[{"sku":"<img onerror>","name":"\u202egnp","__proto__":{"x":1}}]}',
    ) as unknown;
    const purchase = read(hostile);
    expect(purchase.id).toBe('__proto__');
    expect(Object.keys(purchase.lines[0] ?? {})).not.toContain('__proto__');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const long = 'x'.repeat(10_000);
    const cut = read({ id: long, lines: [{ sku: `${long}1`, name: long }] });
    expect(cut.id).toHaveLength(200);
    expect(cut.lines[0]?.name).toHaveLength(500);
    expect(cut.lines[0]?.sku).not.toBe(
      read({ id: 'a', lines: [{ sku: `${long}2` }] }).lines[0]?.sku,
    );
  });

  it('hands on who it belongs to, apart from the purchase', () => {
    const customer = { ids: [{ kind: 'email', value: 'jane@example.com' }] };
    const { purchase, customer: whose } = readPurchase({ ...order, customer }, defaults);
    expect(whose).toBe(customer);
    expect(JSON.stringify(purchase)).not.toContain('jane');
  });
});

describe('an order that is known', () => {
  const cancelled = read(
    {
      ...order,
      at: 5,
      status: 'cancelled',
      channel: 'pos',
      currency: 'USD',
      place: { id: 'pier' },
    },
    {},
  );
  const later = { now: NOW + DAY, currency: 'EUR', place: { id: 'main-st' } };
  const known = (id: string): CardPurchase | undefined => (id === 'web:1' ? cancelled : undefined);

  it('keeps what a repeat leaves out: its time, that it was cancelled, where it was', () => {
    expect(read(order, { ...later, known })).toEqual(cancelled);
    expect(read({ ...order, at: null, currency: null }, { ...later, known })).toEqual(cancelled);
    const bare = read(order);
    expect(read(order, { ...later, known: () => bare })).toEqual(bare);
  });

  it('takes what a repeat says, and another order has the defaults', () => {
    const said = { at: 6, status: 'paid', channel: 'web', currency: 'EUR', place: { id: 'x' } };
    expect(read({ ...order, ...said }, { ...later, known })).toMatchObject(said);
    expect(read({ ...order, id: 'web:2' }, { ...later, known })).toMatchObject({
      at: NOW + DAY,
      status: 'paid',
      currency: 'EUR',
    });
  });

  it('that was open is paid when a repeat says nothing else, at the time it had', () => {
    const open = read({ ...order, at: 5, status: 'open' });
    expect(read(order, { ...later, known: () => open })).toMatchObject({ at: 5, status: 'paid' });
  });
});

describe('the id of its record', () => {
  it('is the same for the same shop and content, and a UUID of version 8', async () => {
    const id = await purchaseRecordId('blue-door', read({ ...order, at: 5 }));
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await purchaseRecordId('blue-door', read({ at: 5, ...order }))).toBe(id);
    expect(await purchaseRecordId('red-door', read({ ...order, at: 5 }))).not.toBe(id);
    expect(await purchaseRecordId('blue-door', read({ ...order, at: 6 }))).not.toBe(id);
  });
});
