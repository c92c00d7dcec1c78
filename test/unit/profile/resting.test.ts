import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusedItems } from '../../../src/greeting/refused-items.js';
import { cardsOf } from '../../../src/profile/card-of.js';
import { extendCard } from '../../../src/profile/extend-card.js';
import { foldRecords } from '../../../src/profile/fold-records.js';
import { pruneState } from '../../../src/profile/prune-state.js';
import type { Card, FoldState, ProfileRecord } from '../../../src/profile/types.js';
import { draft, NOW, stampAll } from '../../support/profile/histories.js';
import { runs } from '../../support/runs.js';

const DAY = 86_400_000;

interface Shown {
  readonly day: number;
  readonly shown: number;
  readonly accepted?: number;
}

const recordsOf = (visits: readonly Shown[]): readonly ProfileRecord[] =>
  stampAll(
    visits.map(({ day, shown, accepted = 0 }, i) =>
      draft('exposure', {
        visit: `v${i}`,
        at: NOW + day * DAY,
        items: { bun: { shown, accepted, ignored: 0, viewed: 0 } },
      }),
    ),
  );

const cardOfState = (state: FoldState): Card => {
  const [card] = cardsOf(new Map([['shep', state]]));
  if (!card) throw new Error('no card');
  return card;
};
const cardOf = (records: readonly ProfileRecord[]): Card => cardOfState(foldRecords(records));
const goods = { item: () => undefined, items: () => [] };
const rests = (card: Card, day: number): boolean =>
  refusedItems(goods, card, NOW + day * DAY, new Set()).exclude.includes('bun');
const restsAfter = (visits: readonly Shown[], day: number): boolean =>
  rests(cardOf(recordsOf(visits)), day);
const once = (...days: readonly number[]): Shown[] => days.map((day) => ({ day, shown: 1 }));

describe('an item that is shown in vain', () => {
  it('rests for 30 days from the third time on', () => {
    expect(restsAfter(once(0, 4), 4)).toBe(false);
    expect(restsAfter(once(0, 4, 9), 9)).toBe(true);
    expect(restsAfter(once(0, 4, 9), 38.9)).toBe(true);
    expect(restsAfter(once(0, 4, 9), 39)).toBe(false);
  });

  it('has three more times after a rest, and what was shown while it rested is none of them', () => {
    expect(restsAfter(once(0, 1, 2, 40), 40)).toBe(false);
    expect(restsAfter(once(0, 1, 2, 40, 41), 41)).toBe(false);
    expect(restsAfter(once(0, 1, 2, 40, 41, 42), 42)).toBe(true);
    expect(restsAfter(once(0, 1, 2, 20, 31, 40), 40)).toBe(false);
  });

  it('rests also where it was taken once; a click ends the count, and a rest', () => {
    const taken = { day: 1, shown: 1, accepted: 1 };
    expect(restsAfter([taken, ...once(2, 3, 4)], 4)).toBe(true);
    expect(restsAfter([...once(-1, 0), taken, ...once(2, 3)], 3)).toBe(false);
    expect(restsAfter([...once(-2, -1, 0), taken], 2)).toBe(false);
  });

  it('counts each time it was on screen, but none of a visit in which it was taken', () => {
    expect(restsAfter([{ day: 0, shown: 3 }], 0)).toBe(true);
    expect(restsAfter([{ day: 0, shown: 5, accepted: 1 }, ...once(1, 2)], 2)).toBe(false);
  });

  it('does not rest by a clock that is a year ahead, which takes no rest from it either', () => {
    expect(restsAfter(once(365, 366, 367), 0)).toBe(false);
    expect(restsAfter(once(365, 0, 1, 2), 3)).toBe(true);
    expect(restsAfter(once(365, 0, 1, 2), 40)).toBe(false);
  });
});

const anyVisits = fc.uniqueArray(
  fc.record({
    day: fc.integer({ min: 0, max: 150 }),
    shown: fc.integer({ min: 0, max: 3 }),
    accepted: fc.constantFrom(0, 0, 0, 0, 1),
  }),
  { selector: ({ day }) => day, maxLength: 20 },
);
/** The rule as it is told: one showing after the other, as a page lives through them. */
function told(visits: readonly Shown[]): readonly [count: number, until: number] {
  let count = 0;
  let until = -Infinity;
  for (const { day, shown, accepted = 0 } of [...visits].sort((a, b) => a.day - b.day)) {
    if (accepted > 0) [count, until] = [0, -Infinity];
    else if (day >= until) count += shown;
    if (count >= 3) [count, until] = [0, day + 30];
  }
  return [count, until];
}

describe('what rests', () => {
  it('is what the rule tells, in whatever order the records come, and however often', () => {
    let found = 0;
    fc.assert(
      fc.property(anyVisits, fc.nat(), (visits, seed) => {
        const [, until] = told(visits);
        const last = Math.max(0, ...visits.map(({ day }) => day));
        const records = recordsOf(visits);
        const turn = records.length > 0 ? seed % records.length : 0;
        const mixed = [...records.slice(turn), ...[...records].reverse()];
        expect(cardOf(mixed)).toEqual(cardOf(records));
        expect(rests(cardOf(mixed), last)).toBe(last < until);
        if (last < until) found++;
      }),
      { numRuns: runs(300), seed: 7 },
    );
    expect(found).toBeGreaterThan(60);
  });

  it('is the same where one record after the other is added to a card, or the older ones were dropped', () => {
    fc.assert(
      fc.property(anyVisits, fc.integer({ min: 0, max: 150 }), (visits, cut) => {
        const inTurn = [...visits].sort((a, b) => a.day - b.day);
        const records = recordsOf(inTurn);
        const whole = cardOf(records);
        const [first, ...more] = records;
        if (!first) return;
        const grown = more.reduce<Card | undefined>(
          (card, record) => card && extendCard(card, record),
          cardOf([first]),
        );
        expect(grown).toEqual(whole);
        const gone = records.filter((_, i) => (inTurn[i]?.day ?? 0) < cut);
        const pruned = pruneState(foldRecords(records), {
          ...{ subject: 'shep', by: 'device:one' },
          records: new Set(gone.map(({ id }) => id)),
        });
        expect(cardOfState(pruned).exposures).toEqual(whole.exposures);
      }),
      { numRuns: runs(300), seed: 8 },
    );
  });
});
