import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseGreeting } from '../../src/greeting/choose-greeting.js';
import { defaultGreetingRules, rulesWith } from '../../src/greeting/default-rules.js';
import { explainGreeting } from '../../src/greeting/explain.js';
import { findUsual } from '../../src/greeting/find-usual.js';
import { isHeldOut } from '../../src/greeting/is-held-out.js';
import { en } from '../../src/greeting/locales/en.js';
import type { GreetingInput, GreetingRule, SpeakContext } from '../../src/greeting/types.js';
import { nextStamp } from '../../src/kernel/stamp.js';
import type { Card, CardPurchase, DismissalData } from '../../src/profile/types.js';
import { card, context, DAY, line, NOW, order } from '../unit/greeting/guests.js';
import { runs } from '../support/runs.js';

const settings = { numRuns: runs(300), seed: 20_260_320 };
const hostile = fc.constantFrom(
  '<b>x</b>',
  '{$name}',
  'x'.repeat(10_000),
  '\ud800',
  '__proto__',
  'a\u202eb',
  '',
  '\ufffc',
);
const word = fc.oneof(fc.constantFrom('Ana', 'Köhler', '03-20', '17', 'true'), hostile);
const moment = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: -5, max: 2_000 }).map((days) => NOW - days * DAY) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, 9e15, -1, 0) },
);
const clean = fc.integer({ min: 0, max: 2_000 }).map((days) => NOW - days * DAY);

const issueArb = fc
  .record({
    issue: word,
    at: moment,
    since: clean,
    what: fc.constant('The soup was cold.'),
    state: fc.constantFrom('open' as const, 'resolved' as const),
    owner: fc.option(word, { nil: undefined }),
  })
  .map(({ since, owner, ...rest }) => ({
    ...rest,
    ...(owner !== undefined && { owner }),
    stamp: nextStamp(undefined, since, '0'),
  }));
const factArb = fc.record({
  key: fc.constantFrom('birthday', 'paused', '__proto__', 'name.given'),
  value: fc.oneof(fc.constantFrom('03-20', '02-29', '13-45', '1990-03-20', true, null, 7), word),
  at: moment,
  source: fc.constantFrom('customer' as const, 'import' as const, 'host' as const),
  purpose: fc.constantFrom('remember' as const, 'share' as const),
  expiresAt: fc.oneof(clean, fc.constant(NOW + DAY)),
  record: fc.constant('r1'),
});
const dismissalArb: fc.Arbitrary<DismissalData> = fc.record({
  at: clean,
  reason: fc.constantFrom('wrong', 'not-now', 'gift'),
  target: fc.record({
    kind: fc.constant('greeting'),
    greeting: fc.constantFrom('recovery', 'birthday', 'milestone', 'lapsed', 'regular', 'first'),
  }),
});
const cardArb: fc.Arbitrary<Card> = fc
  .record({
    days: fc.array(moment, { maxLength: 60 }),
    issues: fc.array(issueArb, { maxLength: 3 }),
    facts: fc.array(factArb, { maxLength: 3 }),
    dismissals: fc.array(dismissalArb, { maxLength: 3 }),
    said: fc.dictionary(
      fc.constantFrom('greeting:birthday', 'greeting:milestone', 'greeting:follow-up'),
      fc.record({ shown: fc.nat(), accepted: fc.nat(), lastAt: clean }),
    ),
    more: fc.nat({ max: 60 }),
    id: word,
  })
  .map(({ days, issues, facts, dismissals, said, more, id }) => {
    const purchases: CardPurchase[] = days.map((at) => order(at, [line('Latte')]));
    const made = card(purchases, { issues, dismissals, exposures: said, id });
    return {
      ...made,
      paidVisits: made.paidVisits + more,
      facts: Object.fromEntries(facts.map((fact) => [fact.key, fact])),
    };
  });
const contextArb: fc.Arbitrary<SpeakContext> = fc
  .record({
    seed: fc.nat(),
    name: fc.option(word, { nil: undefined }),
    contact: fc.option(word, { nil: undefined }),
    level: fc.constantFrom(
      'none' as const,
      'device' as const,
      'claimed' as const,
      'verified' as const,
    ),
    mode: fc.constantFrom('storefront' as const, 'shared' as const, 'kiosk' as const),
    timeZone: fc.constantFrom('UTC', 'Asia/Tokyo', 'no zone'),
    prior: fc.constantFrom('shop' as const, 'grocery' as const, 'cafe' as const),
    birthday: fc.boolean(),
    issues: fc.boolean(),
    taste: fc.boolean(),
  })
  .map(({ name, birthday, issues, taste, ...rest }) =>
    context({
      ...rest,
      ...(name !== undefined && { name: { given: name } }),
      may: { taste, birthday, issues },
    }),
  );

const inputOf = (guest: Card, here: SpeakContext): GreetingInput => ({
  card: guest,
  context: here,
  usual: findUsual(guest, here),
});

describe('what is said, whatever is known', () => {
  it('prints no empty slot, no brace and no placeholder, the same each time, and explains itself', () => {
    fc.assert(
      fc.property(cardArb, contextArb, (guest, here) => {
        const input = inputOf(guest, here);
        const chosen = chooseGreeting(input, defaultGreetingRules, en);
        expect(chosen.errors).toEqual([]);
        expect(chooseGreeting(input, defaultGreetingRules, en)).toEqual(chosen);
        const { greeting } = chosen;
        const ours = greeting.parts.filter(({ type }) => type === 'text');
        for (const { value } of ours)
          expect(value).not.toMatch(/[{}\ufffc]|undefined|null|NaN|Infinity|\[object/);
        // a slot that is empty leaves its traces: two spaces, a space before a mark, two marks
        expect(greeting.text).not.toMatch(/^\s|\s$|: \.|, [.,?]|\(\)|^\W*$/);
        for (const { value } of greeting.parts) expect(value).not.toBe('');
        const why = explainGreeting(chosen, here, en, guest);
        expect(why.text).not.toMatch(/[{}]|undefined|NaN/);
        expect(why.text).not.toBe('');
        if (greeting.kind !== 'neutral')
          for (const control of ['wrong', 'stop', 'forget'] as const)
            expect(why.controls).toContain(control);
      }),
      settings,
    );
  });

  it('says nothing that the gate has not let through', () => {
    fc.assert(
      fc.property(cardArb, contextArb, (guest, here) => {
        const { greeting } = chooseGreeting(inputOf(guest, here), defaultGreetingRules, en);
        const { level, may, name, mode } = here;
        if (level === 'none' || (!may.taste && name === undefined))
          expect(greeting).toMatchObject({ kind: 'neutral', text: 'Welcome.', ref: 'g:neutral' });
        if (!may.birthday) expect(greeting.kind).not.toBe('birthday');
        if (!may.issues) expect(greeting.kind).not.toMatch(/recovery|follow-up/);
        if (name === undefined)
          expect(greeting.parts.map(({ type }) => type)).not.toContain('name');
        // where others look on, what went wrong has no day
        if (greeting.kind === 'recovery' && mode !== 'storefront')
          expect(greeting.text).not.toMatch(/(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day/);
        expect(greeting.text).not.toMatch(/soup|cold|1990/);
      }),
      settings,
    );
  });

  it('celebrates and offers nothing while something is open, in any of its phrasings', () => {
    fc.assert(
      fc.property(cardArb, contextArb, issueArb, (guest, here, issue) => {
        const open = { ...guest, issues: [{ ...issue, state: 'open' as const }] };
        const { greeting } = chooseGreeting(inputOf(open, here), defaultGreetingRules, en);
        expect(greeting.kind).toMatch(/^(recovery|neutral)$/);
        expect(greeting.parts.some(({ type }) => type === 'item')).toBe(false);
        expect(
          greeting.parts
            .filter(({ type }) => type === 'text')
            .map(({ value }) => value)
            .join(''),
        ).not.toMatch(/!|birthday|thank|usual|visit/i);
      }),
      settings,
    );
  });

  it('misses nobody sooner for having stayed away longer', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 12 });
    const priors = fc.constantFrom('shop' as const, 'grocery' as const, 'cafe' as const);
    fc.assert(
      fc.property(
        gaps,
        priors,
        fc.nat({ max: 400 }),
        fc.nat({ max: 400 }),
        (all, prior, a, more) => {
          const kindAfter = (days: number): string => {
            let at = NOW - days * DAY;
            const visits = [0, ...all].map((gap) => order((at -= gap * DAY), [line('Tea')]));
            const here = context({ prior, name: { given: 'Ines' } });
            // a round number of visits has words of its own
            const guest = { ...card(visits), paidVisits: 3 };
            return chooseGreeting(inputOf(guest, here), defaultGreetingRules, en).greeting.kind;
          };
          if (kindAfter(a) === 'lapsed') expect(kindAfter(a + more)).toBe('lapsed');
          // nobody is missed who has stayed away as long before
          expect(kindAfter(Math.max(...all))).not.toBe('lapsed');
        },
      ),
      settings,
    );
  });

  it('skips rules of the host that throw, wherever they stand', () => {
    fc.assert(
      fc.property(cardArb, contextArb, fc.nat({ max: 11 }), (guest, here, place) => {
        const error = new Error('host');
        const bad: GreetingRule = {
          name: 'bad',
          choose: () => {
            throw error;
          },
        };
        const rules = [...defaultGreetingRules];
        rules.splice(place, 0, bad);
        const input = inputOf(guest, here);
        const { greeting, rule, errors } = chooseGreeting(input, rules, en);
        const plain = chooseGreeting(input, defaultGreetingRules, en);
        expect({ greeting, rule }).toEqual({ greeting: plain.greeting, rule: plain.rule });
        expect(errors.every((one) => one === error)).toBe(true);
      }),
      settings,
    );
  });

  it('holds out the same people for ever, more of them for a larger share, and as many as asked for', () => {
    fc.assert(
      fc.property(fc.string(), fc.float({ min: 0, max: 1, noNaN: true }), (id, share) => {
        expect(isHeldOut(id, share)).toBe(isHeldOut(id, share));
        if (isHeldOut(id, share)) expect(isHeldOut(id, Math.min(1, share + 0.1))).toBe(true);
        expect([isHeldOut(id, 0), isHeldOut(id, 1)]).toEqual([false, true]);
      }),
      settings,
    );
    const drawn = Array.from({ length: 20_000 }, (_, at) => `customer-${at}`).filter((id) =>
      isHeldOut(id, 0.1),
    ).length;
    // five standard deviations
    expect(Math.abs(drawn - 2_000)).toBeLessThan(5 * Math.sqrt(20_000 * 0.1 * 0.9));
  });

  it('greets who is held out like everybody, but for what went wrong', () => {
    fc.assert(
      fc.property(cardArb, contextArb, (guest, here) => {
        const input = inputOf(guest, here);
        const { greeting, rule } = chooseGreeting(input, rulesWith(1), en);
        expect(greeting.kind).toMatch(/^(neutral|recovery|follow-up)$/);
        if (greeting.kind === 'neutral') expect(greeting.text).toBe('Welcome.');
        if (rule === 'held-out') expect(greeting.ref).toBe('g:neutral');
      }),
      settings,
    );
  });

  it('says no sentence two days running that has another phrasing', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 31 }), (seed) => {
        const guest = card([1, 8].map((days) => order(NOW - days * DAY, [line('Tea')])));
        const said = (add: number): string =>
          chooseGreeting(
            {
              card: guest,
              context: context({ seed: seed + add }),
              usual: { kind: 'none', reason: 'no-history' },
            },
            defaultGreetingRules,
            en,
          ).greeting.text;
        expect(said(0)).not.toBe(said(1));
      }),
      settings,
    );
  });
});
