import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buyAgainOrder } from '../../src/rhythm/buy-again-order.js';
import { gapTail } from '../../src/rhythm/gap-tail.js';
import { pActive, pAlive } from '../../src/rhythm/p-alive.js';
import { priors } from '../../src/rhythm/priors.js';
import { returnTone } from '../../src/rhythm/return-tone.js';
import { summarise } from '../../src/rhythm/summarise.js';
import type { RhythmPrior, RhythmSummary } from '../../src/rhythm/types.js';
import { runs } from '../support/runs.js';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 2, 20, 9);
const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Pacific/Apia', undefined);
const time = fc.integer({ min: NOW - 1500 * DAY, max: NOW });
const wild = fc.oneof(
  { weight: 8, arbitrary: time },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, 0, -1, 8.64e15, 1e300) },
  { weight: 1, arbitrary: fc.integer({ min: NOW, max: NOW + 900 * DAY }) },
);
const times = fc.array(wild, { maxLength: 30 });
const parameter = fc.double({ min: -8, max: 8, noNaN: true }).map(Math.exp);
const prior: fc.Arbitrary<RhythmPrior> = fc.oneof(
  fc.constantFrom(...Object.values(priors)),
  fc.record({
    k: fc.constantFrom(1 as const, 2 as const),
    r: parameter,
    alphaDays: parameter,
    a: parameter,
    b: parameter,
  }),
);
const number = fc.oneof(fc.integer({ min: 0, max: 900 }), fc.double());
const absurdSummary: fc.Arbitrary<RhythmSummary> = fc.record(
  {
    x: number,
    tx: number,
    T: number,
    gaps: fc.array(number, { maxLength: 5 }),
    last: number,
  },
  { requiredKeys: ['x', 'tx', 'T', 'gaps'] },
);
const often = { numRuns: runs(300), seed: 6 };

describe('laws of rhythm', () => {
  it('the order of times changes nothing, nor does the same time twice', () => {
    fc.assert(
      fc.property(times, zone, (all, timeZone) => {
        const straight = summarise(all, NOW, timeZone);
        expect(summarise([...all].reverse(), NOW, timeZone)).toEqual(straight);
        expect(summarise([...all, ...all], NOW, timeZone)).toEqual(straight);
      }),
      often,
    );
  });

  it('a summary adds up: as many gaps as days came after the first, all above 0', () => {
    fc.assert(
      fc.property(times, zone, (all, timeZone) => {
        const { x, tx, T, gaps, last } = summarise(all, NOW, timeZone);
        expect(gaps).toHaveLength(x);
        expect(gaps.every((gap) => Number.isInteger(gap) && gap > 0)).toBe(true);
        expect(gaps.reduce((sum, gap) => sum + gap, 0)).toBe(tx);
        expect(T).toBeGreaterThanOrEqual(tx);
        expect(last === undefined || last <= NOW).toBe(true);
      }),
      often,
    );
  });

  it('tails and probabilities lie between 0 and 1, whatever the summary', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          absurdSummary,
          times.map((all) => summarise(all, NOW)),
        ),
        number,
        prior,
        (summary, days, own) => {
          for (const share of [
            gapTail(summary, days, own),
            pAlive(summary, own),
            pActive(summary, days, own),
          ]) {
            expect(share).toBeGreaterThanOrEqual(0);
            expect(share).toBeLessThanOrEqual(1);
          }
        },
      ),
      often,
    );
  });

  it('a longer gap is never less surprising, and who was missed is missed later too', () => {
    fc.assert(
      fc.property(times, number, number, prior, (all, one, other, own) => {
        const summary = summarise(all, NOW, 'UTC');
        const [shorter, longer] = [Math.min(one, other), Math.max(one, other)];
        fc.pre(shorter <= longer);
        expect(gapTail(summary, longer, own)).toBeLessThanOrEqual(gapTail(summary, shorter, own));
        if (returnTone(summary, shorter, own).tone === 'missed')
          expect(returnTone(summary, longer, own).tone).toBe('missed');
      }),
      often,
    );
  });

  it('nobody is missed after a gap that is not their longest', () => {
    fc.assert(
      fc.property(times, prior, fc.nat(200), (all, own, shorter) => {
        const summary = summarise(all, NOW, 'UTC');
        const gap = Math.max(0, ...summary.gaps) - shorter;
        expect(returnTone(summary, gap, own).tone).not.toBe('missed');
      }),
      often,
    );
  });

  it('days and weeks give the same answer', () => {
    const perWeek = (days: number): number => days / 7;
    fc.assert(
      fc.property(
        times,
        fc.nat(900),
        fc.constantFrom(...Object.values(priors)),
        (all, gap, own) => {
          const days = summarise(all, NOW, 'UTC');
          // who comes once a year is held against a calendar, which has days
          fc.pre(days.gaps.every((one) => one < 300) && days.tx < 2000);
          const weeks = {
            ...days,
            tx: perWeek(days.tx),
            T: perWeek(days.T),
            gaps: days.gaps.map(perWeek),
          };
          const inWeeks = { ...own, alphaDays: perWeek(own.alphaDays) };
          expect(gapTail(weeks, perWeek(gap), inWeeks)).toBeCloseTo(gapTail(days, gap, own), 12);
          expect(pAlive(weeks, inWeeks)).toBeCloseTo(pAlive(days, own), 12);
          expect(pActive(weeks, perWeek(gap), inWeeks)).toBeCloseTo(pActive(days, gap, own), 12);
          const tone = returnTone(weeks, perWeek(gap), inWeeks, { minDays: 2 }).tone;
          expect(tone).toBe(returnTone(days, gap, own).tone);
        },
      ),
      often,
    );
  });

  it('what was bought before is ordered by shares between 0 and 1, each item once', () => {
    const history = fc.array(fc.tuple(fc.string(), times), { maxLength: 8 });
    fc.assert(
      fc.property(history, times, zone, (entries, visits, timeZone) => {
        const own = new Map(entries);
        const order = buyAgainOrder(own, visits, NOW, timeZone === undefined ? {} : { timeZone });
        expect(new Set(order.map(({ item }) => item)).size).toBe(order.length);
        order.forEach(({ item, share, say, cv, times: bought }, place) => {
          expect(own.has(item)).toBe(true);
          expect(share).toBeGreaterThan(0);
          expect(share).toBeLessThanOrEqual(order[place - 1]?.share ?? 1);
          if (say === 'due') expect(bought >= 3 && (cv ?? 1) <= 0.5).toBe(true);
        });
      }),
      often,
    );
  });
});
