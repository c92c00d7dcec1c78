import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseGreeting } from '../../src/greeting/choose-greeting.js';
import { defaultGreetingRules } from '../../src/greeting/default-rules.js';
import { explainGreeting, explainUsual } from '../../src/greeting/explain.js';
import { findUsual } from '../../src/greeting/find-usual.js';
import { en } from '../../src/greeting/locales/en.js';
import { resolveReorder } from '../../src/greeting/reorder.js';
import type { Card, CardPurchase, Modifier, PurchaseLine } from '../../src/profile/types.js';
import type { Item } from '../../src/recommend/types.js';
import { card, context, DAY, NOW } from '../unit/greeting/guests.js';

const hostile = fc.constantFrom(
  '<img src=x onerror=alert(1)>',
  '__proto__',
  'constructor',
  'x'.repeat(10_000),
  'a\u202egnp.exe',
  '',
  '\u0000',
  '{$name}',
);
const label = fc.oneof(
  fc.constantFrom('Latte', 'Tea', 'Soup', 'oat', 'whole'),
  hostile,
  fc.string(),
);
const amount = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -1, NaN, Infinity, 0.5) },
);
const modifierArb: fc.Arbitrary<Modifier> = fc.record(
  { group: label, id: label, name: label, quantity: amount, pre: label, under: label },
  { requiredKeys: ['name', 'quantity'] },
);
const lineArb: fc.Arbitrary<PurchaseLine> = fc.record({
  sku: fc.option(fc.constantFrom('latte', 'tea', '__proto__'), { nil: null }),
  name: label,
  quantity: amount,
  unitPrice: fc.option(fc.integer(), { nil: null }),
  modifiers: fc.array(modifierArb, { maxLength: 3 }),
});
const purchaseArb: fc.Arbitrary<Omit<CardPurchase, 'id'>> = fc.record({
  // few times, so that some are equal
  at: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 0, max: 40 }).map((days) => NOW - days * DAY) },
    { weight: 1, arbitrary: fc.constantFrom(NaN, 9e15, -9e15, NOW + DAY) },
  ),
  status: fc.constantFrom('paid', 'paid', 'paid', 'refunded', 'partially_refunded', 'open'),
  lines: fc.array(lineArb, { maxLength: 3 }),
  total: fc.constant(null),
  currency: fc.constant(null),
  channel: fc.constantFrom('web', 'pos'),
  gift: fc.boolean(),
});
const cardArb: fc.Arbitrary<Card> = fc
  .array(purchaseArb, { maxLength: 15 })
  .map((orders) => card(orders.map((order, at) => ({ ...order, id: `x:${at}` }))));
const contextArb = fc
  .record({
    seed: fc.nat(),
    name: fc.option(label, { nil: undefined }),
    hour: fc.nat({ max: 23 }),
    zone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Tokyo', 'no zone'),
    locale: fc.constantFrom('en', 'en-GB', 'xx', 'not a locale'),
  })
  .map(({ seed, name, hour, zone, locale }) =>
    context({
      seed,
      ...(name !== undefined && { name: { given: name } }),
      now: NOW + hour * 3_600_000,
      timeZone: zone,
      locale,
      channel: 'pos',
    }),
  );
const latte: Item = {
  sku: 'latte',
  name: 'Latte',
  price: 450,
  modifierGroups: [
    {
      id: 'milk',
      name: 'Milk',
      min: 1,
      options: [
        { id: 'w', name: 'whole', default: true },
        { id: 'o', name: 'oat' },
      ],
    },
  ],
};
const itemOf = (sku: string): Item | undefined => (sku === 'latte' ? latte : undefined);
const settings = { numRuns: 300, seed: 20_260_320 };

describe('greeting and usual, whatever the card', () => {
  it('never throw, and never leave a rule broken', () => {
    fc.assert(
      fc.property(cardArb, contextArb, (guest, here) => {
        const usual = findUsual(guest, here, itemOf);
        const chosen = chooseGreeting(
          { card: guest, context: here, usual },
          defaultGreetingRules,
          en,
        );
        expect(chosen.errors).toEqual([]);
        explainGreeting(chosen, here, en);
        if (usual.kind === 'none') return;
        explainUsual(usual, guest, here, en);
        const again = resolveReorder(usual.lines, itemOf, en, String, usual.ask);
        expect(again.ready).toBe(again.cart.length > 0);
        expect(again.ready && usual.kind === 'ask').toBe(false);
      }),
      settings,
    );
  });

  it('say the same for the same purchases in any order, and the same again', () => {
    fc.assert(
      fc.property(
        cardArb.chain((guest) =>
          fc.tuple(
            fc.constant(guest),
            fc.shuffledSubarray([...guest.purchases], { minLength: guest.purchases.length }),
          ),
        ),
        contextArb,
        ([guest, purchases], here) => {
          const usual = findUsual(guest, here, itemOf);
          const other = findUsual({ ...guest, purchases }, here, itemOf);
          expect(other).toEqual(usual);
          const input = { card: guest, context: here, usual };
          expect(chooseGreeting(input, defaultGreetingRules, en)).toEqual(
            chooseGreeting({ ...input, usual: other }, defaultGreetingRules, en),
          );
        },
      ),
      settings,
    );
  });

  it('put values only into parts that say what they are: what is text is ours', () => {
    const item = String.raw`(-?[\d.,∞]+ × )?<item>( \(<modifier>(, <modifier>)*\))?`;
    const list = `${item}((, ${item})*( and ${item}| and \\d+ more))?`;
    const head = `Welcome|Hello|Welcome back|Nice to see you back|Good to have you back|<time>|Good to see you|How nice to see you again`;
    const tail = `The usual: ${list}(, at table <table>)?\\?|Last time: ${list}\\.|The usual: ${list}\\. How would you like it today\\?`;
    const ours = new RegExp(`^(${head})(, <name>)?\\.( (${tail}))?$`);
    fc.assert(
      fc.property(cardArb, contextArb, (guest, here) => {
        const usual = findUsual(guest, here, itemOf);
        const { greeting } = chooseGreeting(
          { card: guest, context: here, usual },
          defaultGreetingRules,
          en,
        );
        for (const { type, value } of greeting.parts) {
          expect(value.length).toBeLessThanOrEqual(140);
          // eslint-disable-next-line no-control-regex -- the point of the test
          expect(value).not.toMatch(/[\u0000-\u001f\u202a-\u202e\u2066\u2067]/);
          if (type !== 'text') expect(value).not.toMatch(/[\u2068\u2069]/);
        }
        const said = greeting.parts.map(({ type, value }) =>
          type === 'text' ? value : `<${type}>`,
        );
        expect(said.join('').replace(/[\u2068\u2069]/g, '')).toMatch(ours);
      }),
      settings,
    );
  });

  it('never name a choice of a group that has no majority', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('oat', 'whole', 'soy'), { minLength: 3, maxLength: 10 }),
        (milks) => {
          const guest = card(
            milks.map((name, at) => ({
              id: `x:${at}`,
              at: NOW - at * DAY,
              status: 'paid',
              lines: [
                {
                  sku: 'cup',
                  name: 'Cup',
                  quantity: 1,
                  unitPrice: null,
                  modifiers: [{ group: 'milk', name, quantity: 1 }],
                },
              ],
              total: null,
              currency: null,
              channel: 'pos',
            })),
          );
          // no half-life and midnight: all orders in one context, all of the same weight
          const here = context({ now: NOW + 16 * 3_600_000 });
          const usual = findUsual(guest, here, undefined, { halfLifeDays: Infinity });
          const counts = milks.map((name) => milks.filter((other) => other === name).length);
          const majority = milks[counts.findIndex((count) => count > 0.6 * milks.length)];
          expect(usual).toMatchObject(
            majority === undefined
              ? { kind: 'ask', lines: [{ modifiers: [] }], ask: [{ group: 'milk' }] }
              : { kind: 'usual', lines: [{ modifiers: [{ name: majority }] }], ask: [] },
          );
        },
      ),
      settings,
    );
  });
});
