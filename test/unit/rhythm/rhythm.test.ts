import { describe, expect, it } from 'vitest';
import { buyAgainOrder } from '../../../src/rhythm/buy-again-order.js';
import { dueOf } from '../../../src/rhythm/due.js';
import { gapTail } from '../../../src/rhythm/gap-tail.js';
import { isRhythmPrior } from '../../../src/rhythm/is-rhythm-prior.js';
import { pActive, pAlive } from '../../../src/rhythm/p-alive.js';
import { priors } from '../../../src/rhythm/priors.js';
import { returnTone } from '../../../src/rhythm/return-tone.js';
import { summarise } from '../../../src/rhythm/summarise.js';
import type { RhythmPrior, Tone } from '../../../src/rhythm/types.js';
import { usualShare } from '../../../src/rhythm/usual-share.js';
import { runs } from '../../support/runs.js';
import { calibrationError, simulate } from './simulate.js';

const DAY = 86_400_000;
const at = (text: string): number => Date.parse(text.length > 10 ? text : `${text}T12:00Z`);

/** How somebody who bought on these days is greeted on that day. */
function toneOf(days: readonly string[], now: string, prior: RhythmPrior = priors.shop): Tone {
  const summary = summarise(days.map(at), at(now), 'UTC');
  return returnTone(summary, summary.T - summary.tx, prior).tone;
}

describe('summarise', () => {
  it('counts days after the first, from the first to the last, and to now', () => {
    const times = ['2026-01-01', '2026-01-11', '2026-01-31'].map(at);
    expect(summarise(times, at('2026-02-10'), 'UTC')).toEqual({
      x: 2,
      tx: 30,
      T: 40,
      gaps: [10, 20],
      last: at('2026-01-31'),
    });
  });

  it('holds several purchases of a local day for one, and of two local days for two', () => {
    const [late, later] = [at('2026-03-20T22:30Z'), at('2026-03-20T23:30Z')];
    expect(summarise([late, later], later, 'UTC').x).toBe(0);
    expect(summarise([late, later], later, 'Europe/Berlin').x).toBe(1);
    expect(summarise([later, later + 6 * 3_600_000], later + DAY, 'Europe/Berlin').x).toBe(0);
  });

  it('counts a night of 23 hours as a day', () => {
    const noon = at('2026-03-28T11:00Z');
    const next = at('2026-03-29T00:10Z');
    expect(summarise([noon, next], next, 'Europe/Berlin').gaps).toEqual([1]);
  });

  it('keeps days in order where a clock is set back at midnight', () => {
    const before = at('2025-11-02T04:30Z'); // 0:30 in Havana, half an hour before it is 0:00 once more
    const { gaps, tx } = summarise(
      [before - DAY, before, before + 1_800_000],
      before,
      'America/Havana',
    );
    expect(gaps.every((gap) => gap > 0)).toBe(true);
    expect(tx).toBeGreaterThan(0);
  });

  it('says of nobody nothing, and of one purchase no gap', () => {
    expect(summarise([], 0)).toEqual({ x: 0, tx: 0, T: 0, gaps: [] });
    expect(summarise([at('2026-01-01')], at('2026-01-05'), 'UTC')).toMatchObject({ x: 0, T: 4 });
  });

  it('leaves out what is no time, and takes a purchase of tomorrow for one of now', () => {
    const now = at('2026-02-01');
    const times = [NaN, Infinity, -Infinity, 9e15, at('2026-01-01'), at('2027-01-01')];
    expect(summarise(times, now, 'UTC')).toMatchObject({ x: 1, tx: 31, T: 31, last: now });
  });

  it('stands still where the clock goes back or tells nothing', () => {
    const times = [at('2026-01-01'), at('2026-01-11')];
    expect(summarise(times, at('2026-01-05'), 'UTC')).toMatchObject({ tx: 4, T: 4 });
    expect(summarise(times, NaN, 'UTC')).toMatchObject({ x: 1, tx: 10, T: 10 });
  });

  it('takes an unknown zone for UTC', () => {
    const times = [at('2026-01-01'), at('2026-01-11')];
    const now = at('2026-01-12');
    expect(summarise(times, now, 'Nowhere/Land')).toEqual(summarise(times, now, 'UTC'));
  });

  it('counts 5,000 visits without a number that is none', () => {
    const times = Array.from({ length: 5000 }, (_, n) => n * DAY);
    const summary = summarise(times, 5010 * DAY, 'UTC');
    expect(summary).toMatchObject({ x: 4999, tx: 4999, T: 5010 });
    for (const prior of Object.values(priors)) {
      expect(pAlive(summary, prior)).toBeGreaterThanOrEqual(0);
      expect(pAlive(summary, prior)).toBeLessThan(0.2);
      expect(pActive(summary, 30, prior)).toBeLessThan(0.2);
    }
    expect(returnTone(summary, 11, priors.cafe, { minDays: 2 }).tone).toBe('missed');
  });
});

describe('gapTail, pAlive and pActive', () => {
  // Computed apart from this code, and checked against 200,000 simulated customers.
  const prior: RhythmPrior = { k: 1, r: 0.5248, alphaDays: 6.183, a: 0.8914, b: 1.614 };
  it.each([
    [0, 0, 10, 0.52217, 0.247869, 0.603542],
    [1, 1.71, 38.86, 0.170822, 0.104827, 0.070253],
    [2, 30.43, 38.86, 0.706118, 0.559909, 0.592636],
    [7, 29.43, 38.86, 0.622629, 0.616928, 0.170738],
    [26, 30.857143, 31, 0.965483, 0.965483, 0.902935],
  ])('agree with the table for x %d, tx %d, T %d', (x, tx, T, alive, active, tail) => {
    const summary = { x, tx, T, gaps: [] };
    expect(Math.abs(pAlive(summary, prior) - alive)).toBeLessThan(1e-6);
    expect(Math.abs(pActive(summary, 39, prior) - active)).toBeLessThan(1e-6);
    expect(Math.abs(gapTail(summary, T - tx, prior) - tail)).toBeLessThan(1e-6);
  });

  it('hold whoever bought once for less than sure', () => {
    const once = { x: 0, tx: 0, T: 400, gaps: [] };
    expect(pAlive(once, priors.shop)).toBeLessThan(0.4);
  });

  // docs/rhythm-figures.md has 200,000 of each.
  it.each(Object.entries(priors))('are honest about simulated customers of a %s', (trade, own) => {
    const days = trade === 'cafe' ? 120 : 300;
    const customers = simulate(own, { count: runs(4000), days, horizon: 90, seed: 11 });
    const error = calibrationError(
      customers.map(({ summary, later }) => ({ said: pActive(summary, 90, own), came: later > 0 })),
    );
    const alive = calibrationError(
      customers.map((one) => ({ said: pAlive(one.summary, own), came: one.alive })),
    );
    expect(error).toBeLessThan(0.025);
    expect(alive).toBeLessThan(0.025);
    // A prior of another trade is not: what passes here is the formula, not the tolerance.
    const other = trade === 'cafe' ? priors.shop : priors.cafe;
    const wrong = customers.map(({ summary, later }) => ({
      said: pActive(summary, 90, other),
      came: later > 0,
    }));
    expect(calibrationError(wrong)).toBeGreaterThan(0.04);
  });

  it('give probabilities whatever the prior', () => {
    const absurd = [0, -1, NaN, Infinity, 1e300, 1e-300];
    for (const value of absurd)
      for (const k of [1, 2, 7] as (1 | 2)[])
        for (const name of ['r', 'alphaDays', 'a', 'b']) {
          const own = { ...priors.shop, k, [name]: value };
          const summary = summarise([0, 10 * DAY, 30 * DAY], 90 * DAY, 'UTC');
          for (const share of [
            gapTail(summary, 60, own),
            pAlive(summary, own),
            pActive(summary, 30, own),
          ]) {
            expect(share).toBeGreaterThanOrEqual(0);
            expect(share).toBeLessThanOrEqual(1);
          }
        }
  });
});

describe('isRhythmPrior', () => {
  it('takes the shipped ones, and one of a file', () => {
    for (const prior of Object.values(priors)) expect(isRhythmPrior(prior)).toBe(true);
    const read: unknown = JSON.parse(JSON.stringify({ ...priors.grocery, n: 500 }));
    expect(isRhythmPrior(read)).toBe(true);
  });

  it.each([
    undefined,
    null,
    'shop',
    {},
    { ...priors.shop, k: 3 },
    { ...priors.shop, r: '1' },
    { ...priors.shop, b: 1e15 },
    { ...priors.shop, a: 0 },
    { ...priors.shop, alphaDays: NaN },
  ])('refuses %j', (value) => {
    expect(isRhythmPrior(value)).toBe(false);
  });
});

describe('returnTone', () => {
  const everyTwelveDays = Array.from({ length: 8 }, (_, n) =>
    new Date(at('2025-10-01') - (7 - n) * 12 * DAY).toISOString().slice(0, 10),
  );

  it('G10: misses whoever came about every 12 days and stayed away for five months', () => {
    expect(toneOf(everyTwelveDays, '2026-03-01')).toBe('missed');
    expect(toneOf(everyTwelveDays, '2025-10-13')).toBe('again');
  });

  it.each([
    [['2022-12-05', '2023-12-12', '2024-12-03', '2025-12-10']],
    [['2022-12-20', '2023-12-22', '2024-12-21', '2025-12-01']],
    // Several purchases a December make "usually" weeks; a year is still a year.
    [
      ['2022', '2023', '2024', '2025'].flatMap((year) =>
        ['01', '08', '15', '20'].map((day) => `${year}-12-${day}`),
      ),
    ],
    [['2022-12-24', '2023-12-01', '2023-12-10', '2024-12-01', '2024-12-02', '2025-12-01']],
  ])('G11: does not miss whoever comes in December, and comes in December: %j', (days) => {
    for (const prior of Object.values(priors)) {
      expect(toneOf(days, '2026-12-03', prior)).toBe('again');
      expect(toneOf(days, '2026-12-19', prior)).toBe('again');
    }
  });

  it('misses a yearly guest after two Decembers without them', () => {
    const days = ['2020', '2021', '2022', '2023', '2024'].flatMap((year) =>
      ['01', '15', '20'].map((day) => `${year}-12-${day}`),
    );
    expect(toneOf(days, '2027-01-20')).toBe('missed');
  });

  it('is never sorry within two weeks, nor after a gap that was there before', () => {
    const daily = Array.from({ length: 60 }, (_, n) =>
      new Date(at('2026-01-01') + n * DAY).toISOString().slice(0, 10),
    );
    expect(toneOf(daily, '2026-03-13')).toBe('again');
    expect(toneOf(daily, '2026-03-15')).toBe('missed');
    const paused = ['2025-09-01', ...daily];
    expect(toneOf(paused, '2026-05-01')).toBe('again');
  });

  it('says nothing of a gap to whoever has bought once: nobody knows their rhythm', () => {
    for (const prior of Object.values(priors))
      expect(toneOf(['2020-01-01'], '2026-01-01', prior)).toBe('again');
  });

  it('welcomes somebody new as new', () => {
    expect(toneOf([], '2026-01-01')).toBe('first');
  });

  it('tells the numbers that it used', () => {
    const summary = summarise(everyTwelveDays.map(at), at('2026-03-01'), 'UTC');
    const told = returnTone(summary, 151, priors.shop);
    expect(told).toMatchObject({ tone: 'missed', gapDays: 151, longestGap: 12 });
    expect(told.tail).toBeCloseTo(((69.2 + 84) / (69.2 + 84 + 151)) ** 7.689, 10);
    expect(returnTone(summary, 151, priors.shop, { tail: told.tail }).tone).toBe('again');
    expect(returnTone(summary, 151, priors.shop, { minDays: 152 }).tone).toBe('again');
  });

  it('takes a gap that is no number for none', () => {
    const summary = summarise(everyTwelveDays.map(at), at('2025-10-02'), 'UTC');
    for (const gap of [NaN, -5]) expect(returnTone(summary, gap, priors.shop).gapDays).toBe(0);
    expect(returnTone(summary, Infinity, priors.shop).tone).toBe('missed');
  });
});

describe('dueOf', () => {
  const filters = ['2026-01-05', '2026-02-04', '2026-03-06'].map(at);
  const sayOn = (now: string, times = filters): string =>
    dueOf(summarise(times, at(now), 'UTC')).say;

  it('G21: speaks from 0.9 to 2 of the median gap, silent before and dropped after', () => {
    expect(sayOn('2026-04-01')).toBe('none');
    expect(sayOn('2026-04-02')).toBe('due');
    expect(sayOn('2026-04-03')).toBe('due');
    expect(sayOn('2026-05-05')).toBe('due');
    expect(sayOn('2026-05-06')).toBe('none');
  });

  it('is silent about two purchases, and about gaps of all lengths', () => {
    expect(sayOn('2026-03-06', filters.slice(0, 2))).toBe('none');
    const uneven = ['2026-01-01', '2026-01-06', '2026-03-01', '2026-03-05'].map(at);
    expect(dueOf(summarise(uneven, at('2026-03-15'), 'UTC'))).toMatchObject({ say: 'none' });
    expect(dueOf(summarise(uneven, at('2026-03-15'), 'UTC')).cv).toBeGreaterThan(0.5);
  });

  it('expects the own mean gap, drawn by three gaps to the mean of the item', () => {
    const summary = summarise(filters, at('2026-04-03'), 'UTC');
    expect(dueOf(summary).dueDays).toBe(30);
    expect(dueOf(summary, 60).dueDays).toBe((60 + 3 * 60) / 5);
    for (const nonsense of [NaN, -4, 0]) expect(dueOf(summary, nonsense).dueDays).toBe(30);
    expect(dueOf(summarise(filters.slice(0, 1), at('2026-04-03'), 'UTC'))).toEqual({ say: 'none' });
    expect(dueOf(summarise(filters.slice(0, 1), at('2026-04-03'), 'UTC'), 60)).toEqual({
      say: 'none',
      dueDays: 60,
    });
  });
});

describe('buyAgainOrder', () => {
  const day = (n: number): number => n * DAY;
  const visits = [0, 10, 20, 30, 40].map(day);

  it('puts first what was bought at the greatest share of visits since it was first bought', () => {
    const order = buyAgainOrder(
      new Map([
        ['tea', [0, 40].map(day)],
        ['soap', [30, 40].map(day)],
        ['milk', visits],
      ]),
      visits,
      day(50),
      { timeZone: 'UTC' },
    );
    expect(order.map(({ item }) => item)).toEqual(['milk', 'soap', 'tea']);
    expect(order[0]).toEqual({
      item: 'milk',
      share: 4.5 / 9.5,
      times: 5,
      sinceDays: 10,
      say: 'due',
      dueDays: 10,
      cv: 0,
    });
    expect(order[2]?.share).toBeCloseTo(1.5 / 9.5, 12);
  });

  it('keeps an item whose name is of an object, and drops one without a time', () => {
    const order = buyAgainOrder(
      new Map([
        ['__proto__', [day(0)]],
        ['never', [NaN]],
        ['x'.repeat(10_000), []],
      ]),
      [],
      day(50),
    );
    expect(order).toMatchObject([{ item: '__proto__', times: 1, share: 0.5 / 5.5 }]);
  });
});

describe('usualShare', () => {
  it('says what holds 60 % of the purchases, two of an average customer counted along', () => {
    const eight = ['latte', 'latte', 'tea', 'latte', 'latte', 'latte', 'latte', 'latte'];
    expect(usualShare(eight)).toEqual({ item: 'latte', share: 0.7, n: 8 });
    expect(usualShare(eight, new Map([['latte', 0.5]]))?.share).toBeCloseTo(0.8, 12);
  });

  it('is silent of one purchase, of a mixed one, and of none', () => {
    expect(usualShare(['latte'])).toBeUndefined();
    expect(usualShare(['latte', 'tea', 'latte', 'tea'])).toBeUndefined();
    expect(usualShare([])).toBeUndefined();
  });

  it('gives shares whatever the mix', () => {
    for (const mix of [NaN, -1, Infinity, 1e300])
      expect(usualShare(['a', 'a', 'a'], new Map([['a', mix]]))?.share ?? 1).toBeLessThanOrEqual(1);
  });
});
