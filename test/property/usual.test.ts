import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findUsual } from '../../src/greeting/find-usual.js';
import { lineKey } from '../../src/greeting/line-key.js';
import { en } from '../../src/greeting/locales/en.js';
import { lookFor } from '../../src/greeting/look-for.js';
import { resolveReorder } from '../../src/greeting/reorder.js';
import type { CardPurchase, Modifier, PurchaseLine } from '../../src/profile/types.js';
import type { Item } from '../../src/recommend/types.js';
import { card, context, DAY, NOW } from '../unit/greeting/guests.js';
import { runs } from '../support/runs.js';

const modifierArb: fc.Arbitrary<Modifier> = fc.record(
  {
    group: fc.constantFrom('milk', 'Milk (old)', 'size', 'top'),
    id: fc.constantFrom('oat', 'whole', 'big'),
    name: fc.constantFrom('oat', 'Oat', 'whole', 'onions', 'big'),
    quantity: fc.constantFrom(0, 1, 1, 1, 2),
    pre: fc.constantFrom('NO', 'EXTRA'),
    under: fc.constantFrom('oat', 'big'),
  },
  { requiredKeys: ['name', 'quantity'] },
);
const lineArb: fc.Arbitrary<PurchaseLine> = fc.record({
  sku: fc.constantFrom('latte', 'tea', 'burger', null),
  name: fc.constantFrom('Latte', 'Tea', 'Burger'),
  quantity: fc.constantFrom(1, 1, 2, 0.35, 0),
  unitPrice: fc.constantFrom(null, 450),
  modifiers: fc.array(modifierArb, { maxLength: 3 }),
});
const ordersArb: fc.Arbitrary<readonly CardPurchase[]> = fc
  .array(
    fc.record({
      at: fc.integer({ min: 0, max: 60 }).map((days) => NOW - days * DAY),
      lines: fc.array(lineArb, { minLength: 1, maxLength: 3 }),
      status: fc.constantFrom<CardPurchase['status']>('paid', 'paid', 'paid', 'refunded'),
      gift: fc.boolean(),
    }),
    { maxLength: 12 },
  )
  .map((orders) =>
    orders.map((order, n) => ({
      ...order,
      id: `x:${n}`,
      total: null,
      currency: 'EUR',
      channel: 'pos' as const,
    })),
  );
const itemArb: fc.Arbitrary<Item> = fc.record(
  {
    sku: fc.constantFrom('latte', 'tea', 'burger', 'chai'),
    name: fc.constantFrom('Latte', 'Tea', 'Burger', 'Chai'),
    price: fc.nat(900),
    available: fc.boolean(),
    allergens: fc.constantFrom([], ['nuts'], ['milk']),
    substitutes: fc.constant([{ sku: 'chai', difference: 'near' }]),
    modifierGroups: fc.array(
      fc.record(
        {
          id: fc.constantFrom('milk', 'top'),
          name: fc.constantFrom('Milk', 'Top'),
          min: fc.nat(1),
          max: fc.integer({ min: 1, max: 2 }),
          options: fc.uniqueArray(
            fc.record(
              {
                id: fc.constantFrom('oat', 'whole', 'onions'),
                name: fc.constantFrom('oat', 'whole', 'onions'),
                available: fc.boolean(),
                default: fc.boolean(),
                price: fc.nat(80),
              },
              { requiredKeys: ['id', 'name'] },
            ),
            { selector: ({ id }) => id },
          ),
        },
        { requiredKeys: ['id', 'name', 'options'] },
      ),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: ['sku', 'name'] },
);
const catalogArb = fc.uniqueArray(itemArb, { selector: ({ sku }) => sku, maxLength: 4 });
const settings = { numRuns: runs(300), seed: 20_260_320 };
const here = context({ channel: 'pos' });

describe('the usual, whatever was ordered', () => {
  it('has no line and no modifier that the customer did not order for themselves', () => {
    fc.assert(
      fc.property(ordersArb, (orders) => {
        const usual = findUsual(card(orders), here);
        if (usual.kind === 'none') return;
        const counted = orders.filter(({ status, gift }) => status === 'paid' && !gift);
        const bought = counted.flatMap(({ lines }) => lines).filter(({ quantity }) => quantity > 0);
        const family = (line: PurchaseLine | (typeof usual.lines)[number]): string =>
          lineKey({ sku: line.sku, name: line.name, modifiers: [] });
        for (const line of usual.lines) {
          const same = bought.filter((one) => family(one) === family(line));
          expect(same.length).toBeGreaterThan(0);
          expect(line.quantity).toBeGreaterThan(0);
          for (const modifier of line.modifiers)
            expect(
              same.some(({ modifiers }) =>
                modifiers.some(
                  ({ name, pre, under }) =>
                    name === modifier.name && pre === modifier.pre && under === modifier.under,
                ),
              ),
            ).toBe(true);
        }
      }),
      settings,
    );
  });

  it('does not depend on the order of the records', () => {
    fc.assert(
      fc.property(
        ordersArb.chain((orders) =>
          fc.tuple(
            fc.constant(orders),
            fc.shuffledSubarray([...orders], { minLength: orders.length }),
          ),
        ),
        ([orders, shuffled]) => {
          const of = (purchases: readonly CardPurchase[]): unknown =>
            findUsual({ ...card([]), purchases }, here);
          expect(of(shuffled)).toEqual(of(orders));
        },
      ),
      settings,
    );
  });
});

describe('reorder and lookFor, whatever the catalog', () => {
  const of = (catalog: readonly Item[]) => (sku: string) => catalog.find((one) => one.sku === sku);

  it('put into the cart nothing that is not there, and nothing while anything but a price is open', () => {
    fc.assert(
      fc.property(fc.array(lineArb, { maxLength: 3 }), catalogArb, (lines, catalog) => {
        const { cart, ready, changed, checked } = resolveReorder(
          lines,
          of(catalog),
          en,
          String,
          [],
          { items: catalog },
        );
        expect(checked).toBe(true);
        expect(ready).toBe(cart.length > 0);
        if (changed.some(({ kind }) => kind !== 'price')) expect(cart).toEqual([]);
        for (const { item, modifiers, quantity } of cart) {
          expect(catalog).toContain(item);
          expect(item.available).not.toBe(false);
          expect(quantity).toBeGreaterThan(0);
          for (const modifier of item.modifierGroups ? modifiers : []) {
            const option = item.modifierGroups
              ?.flatMap(({ options }) => options)
              .find(({ id, name }) => id === modifier.id && name === modifier.name);
            expect(option).toBeDefined();
            const isNo = modifier.quantity === 0 || modifier.pre === 'NO';
            expect(option?.available === false && !isNo).toBe(false);
          }
        }
      }),
      settings,
    );
  });

  it('claim nothing of a catalog that cannot be asked', () => {
    fc.assert(
      fc.property(fc.array(lineArb, { minLength: 1, maxLength: 3 }), (lines) => {
        const tells = (): boolean => false;
        const found = resolveReorder(lines, () => undefined, en, String, [], { tells });
        expect(found).toMatchObject({ ready: false, changed: [], cart: [], lines });
        expect(found.checked).toBe(lines.every(({ quantity }) => quantity === 0));
      }),
      settings,
    );
  });

  it('never offer what is out, nor a substitute that may hold the allergen', () => {
    fc.assert(
      fc.property(
        catalogArb,
        fc.oneof(fc.constantFrom('latte', 'Tea', 'chai burger'), fc.string()),
        (items, query) => {
          const found = lookFor(query, { items, allergies: ['nuts'] }, en);
          if (found.kind === 'have') {
            for (const item of [found.item, ...found.others])
              expect(item.available).not.toBe(false);
          }
          if (found.kind === 'substitute') {
            expect(found.item.available).not.toBe(false);
            expect(found.item.allergens ?? ['nuts']).not.toContain('nuts');
            expect(found.text).toMatch(/ask our staff/);
          }
          expect(lookFor(query, { items: [...items].reverse(), allergies: ['nuts'] }, en)).toEqual(
            found,
          );
        },
      ),
      settings,
    );
  });
});
