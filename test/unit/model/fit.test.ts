import { describe, expect, it } from 'vitest';
import { expectedPurchases, pAliveIn } from '../../../src/model/expected-purchases.js';
import { fitBgNbd, fitMbgNbd } from '../../../src/model/fit-buying.js';
import { fitPrior } from '../../../src/model/fit-prior.js';
import { expectedSpend, fitGammaGamma } from '../../../src/model/gamma-gamma.js';
import { isRhythmPrior } from '../../../src/rhythm/is-rhythm-prior.js';
import { pActive } from '../../../src/rhythm/p-alive.js';
import { priors } from '../../../src/rhythm/priors.js';
import type { RhythmPrior, RhythmSummary } from '../../../src/rhythm/types.js';
import { cdnowCustomers, hasCdnow } from '../rhythm/cdnow.js';
import { simulate } from '../rhythm/simulate.js';

/** The numbers are equal to so many digits as are published. */
function expectDigits(
  is: object,
  published: Readonly<Record<string, number>>,
  digits: number,
): void {
  for (const [name, value] of Object.entries(published)) {
    const found = (is as Readonly<Record<string, number>>)[name] ?? NaN;
    expect(Math.abs(found - value), `${name} is ${found}`).toBeLessThanOrEqual(0.5 * 10 ** -digits);
  }
}

// A year of people who come about every month, and leave one time in four.
const trade: RhythmPrior = { k: 1, r: 1.5, alphaDays: 40, a: 0.8, b: 2 };
const seen = (prior: RhythmPrior, count: number, seed: number): readonly RhythmSummary[] =>
  simulate(prior, { count, days: 365, horizon: 1, seed }).map(({ summary }) => summary);

describe.skipIf(!hasCdnow)('the published tables (skipped without the CDNOW data)', () => {
  it('BG/NBD: parameters, likelihood, and what is expected of whom', () => {
    const fit = fitBgNbd(cdnowCustomers());
    if (fit.kind !== 'fitted') throw new Error(fit.kind);
    const { model } = fit;
    const four = [model.r, model.alpha, model.a, model.b].map((one) => one.toPrecision(4));
    expect(four).toEqual(['0.2426', '4.414', '0.7929', '2.426']);
    expect(fit.logLikelihood).toBeCloseTo(-9582.43, 2);
    expect(expectedPurchases(model, { x: 2, tx: 30.43, T: 38.86 }, 39)).toBeCloseTo(1.226, 3);
    const heavy = { x: 26, tx: 30.857, T: 31 };
    expectDigits({ alive: pAliveIn(model, heavy) }, { alive: 0.96885 }, 5);
    expectDigits({ year: expectedPurchases(model, heavy, 52) }, { year: 25.757 }, 2.8);
    const nobody = { x: 0, tx: 0, T: 0 };
    const curve = [0.1429, 1, 3, 31.8571, 32].map((t) => expectedPurchases(model, nobody, t));
    expectDigits(curve, [0.0078, 0.0532, 0.1506, 1.0405, 1.0437] as never, 4);
    expect(expectedPurchases(model, nobody, 78)).toBeCloseTo(1.858, 3);
  });

  it('MBG/NBD: parameters and likelihood', () => {
    const fit = fitMbgNbd(cdnowCustomers());
    if (fit.kind !== 'fitted') throw new Error(fit.kind);
    expectDigits(fit.model, { r: 0.525, alpha: 6.183, a: 0.891, b: 1.614 }, 3);
    expectDigits(fit.model, { r: 0.5248, alpha: 6.183, a: 0.8914, b: 1.614 }, 4);
    expect(fit.logLikelihood).toBeCloseTo(-9582.13, 2);
  });

  it('Gamma-Gamma: parameters, likelihood, and what the first ten spend', () => {
    const customers = cdnowCustomers();
    const fit = fitGammaGamma(customers);
    if (fit.kind !== 'fitted') throw new Error(fit.kind);
    expectDigits(fit.model, { p: 6.25, q: 3.74, gamma: 15.45 }, 2);
    expect(fit.logLikelihood).toBeCloseTo(-4055.92, 2);
    const published = { p: 6.25, q: 3.74, gamma: 15.44 };
    const spend = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17];
    spend.forEach((value, n) => {
      const customer = customers[n] ?? { x: NaN, mean: NaN };
      expect(Math.abs((expectedSpend(published, customer) ?? NaN) - value)).toBeLessThan(0.1);
    });
  });
});

describe('expectedPurchases', () => {
  // Computed apart from this code, and checked against 200,000 simulated customers.
  const model = { name: 'mbg-nbd', r: 0.5248, alpha: 6.183, a: 0.8914, b: 1.614 } as const;
  it.each([
    [0, 0, 10, 0.482476],
    [1, 1.71, 38.86, 0.188787],
    [2, 30.43, 38.86, 1.262629],
    [7, 29.43, 38.86, 3.16671],
    [26, 30.857143, 31, 19.446321],
  ])('agrees with the table for x %d, tx %d, T %d', (x, tx, T, expected) => {
    const found = expectedPurchases(model, { x, tx, T }, 39);
    expect(Math.abs(found - expected)).toBeLessThan(1e-6);
  });

  it('goes through a = 1, where the usual closed form fails', () => {
    const at = (a: number): number =>
      expectedPurchases({ ...model, a }, { x: 3, tx: 20, T: 30 }, 39);
    expect(at(1)).toBeCloseTo((at(1 - 1e-6) + at(1 + 1e-6)) / 2, 9);
  });

  it('agrees with simulated customers', () => {
    const customers = simulate(trade, { count: 4000, days: 200, horizon: 90, seed: 3 });
    const own = { ...trade, name: 'mbg-nbd', alpha: trade.alphaDays } as const;
    const sum = (of: (one: (typeof customers)[number]) => number): number =>
      customers.reduce((total, one) => total + of(one), 0);
    const came = sum(({ later }) => later);
    expect(sum(({ summary }) => expectedPurchases(own, summary, 90)) / came).toBeCloseTo(1, 1);
  });
});

describe('fitPrior', () => {
  it('finds the trade that customers were drawn from: what it predicts, and its k', () => {
    for (const k of [1, 2] as const) {
      const own: RhythmPrior = { ...trade, k };
      const fit = fitPrior(seen(own, 3000, 21));
      if (fit.kind !== 'fitted') throw new Error(fit.kind);
      expect(fit.prior).toMatchObject({ k, n: 3000 });
      expect(fit.other?.prior.k).toBe(3 - k);
      expect(fit.logLikelihood).toBeGreaterThan((fit.other?.logLikelihood ?? NaN) + 10);
      for (const summary of seen(own, 200, 22))
        expect(Math.abs(pActive(summary, 60, fit.prior) - pActive(summary, 60, own))).toBeLessThan(
          0.05,
        );
    }
  });

  it('believes in its start as much as it is told to', () => {
    const few = seen(trade, 25, 5);
    const distance = (ridge: number): number => {
      const fit = fitPrior(few, priors.cafe, { ridge });
      if (fit.kind !== 'fitted') throw new Error(fit.kind);
      return Math.abs(
        Math.log(fit.prior.alphaDays * fit.prior.k) - Math.log(priors.cafe.alphaDays),
      );
    };
    expect(distance(1e6)).toBeLessThan(0.01);
    expect(distance(1)).toBeLessThan(distance(0.01));
  });

  it('stays where it can be calculated with, without any belief and with customers all alike', () => {
    const alike = Array.from({ length: 50 }, () => ({
      x: 4,
      tx: 40,
      T: 41,
      gaps: [10, 10, 10, 10],
    }));
    const fit = fitPrior(alike, priors.shop, { ridge: 0, fittedOn: 'fifty alike' });
    if (fit.kind !== 'fitted') throw new Error(fit.kind);
    expect(isRhythmPrior(fit.prior)).toBe(true);
    expect(fit.prior).toMatchObject({ k: 2, n: 50, fittedOn: 'fifty alike' });
    expect(Number.isFinite(fit.logLikelihood)).toBe(true);
  });

  it('tries no k of 2 where gaps are not known', () => {
    const fit = fitPrior(seen(trade, 300, 7).map((one) => ({ ...one, gaps: [] })));
    expect(fit).toMatchObject({ kind: 'fitted', prior: { k: 1 } });
    expect(fit).not.toHaveProperty('other');
  });

  it('needs 20 customers that can be calculated with, of whom one came back', () => {
    const many = seen(trade, 100, 9);
    expect(fitPrior(many.slice(0, 19))).toMatchObject({ kind: 'too-few', customers: 19 });
    const once = Array.from({ length: 30 }, () => ({ x: 0, tx: 0, T: 50, gaps: [] }));
    expect(fitPrior(once)).toEqual({ kind: 'too-few', customers: 30, returned: 0 });
    const absurd = [
      { x: NaN, tx: 1, T: 2, gaps: [] },
      { x: 1, tx: -1, T: 2, gaps: [1] },
      { x: 1, tx: 3, T: 2, gaps: [3] },
      { x: 1e12, tx: 1, T: 2, gaps: [] },
      { x: 1, tx: Infinity, T: Infinity, gaps: [] },
    ];
    expect(fitPrior([...many, ...absurd])).toEqual(fitPrior(many));
    expect(fitMbgNbd([])).toEqual({ kind: 'too-few', customers: 0, returned: 0 });
    expect(fitBgNbd(many.slice(0, 3))).toMatchObject({ kind: 'too-few' });
  });
});

describe('fitGammaGamma', () => {
  it('leaves out who paid nothing, and needs 20 others', () => {
    const spenders = Array.from({ length: 40 }, (_, n) => ({ x: 1 + (n % 4), mean: 10 + (n % 7) }));
    const fit = fitGammaGamma(spenders);
    expect(fit).toMatchObject({ kind: 'fitted' });
    const nothing = [0, -3, NaN, Infinity].map((mean) => ({ x: 2, mean }));
    expect(fitGammaGamma([...spenders, ...nothing, { x: 0, mean: 9 }])).toEqual(fit);
    expect(fitGammaGamma(spenders.slice(0, 19))).toEqual({ kind: 'too-few', customers: 19 });
  });

  it('has no expected amount where the distribution has no mean', () => {
    expect(expectedSpend({ p: 1, q: 0.5, gamma: 10 }, { x: 0, mean: 0 })).toBeUndefined();
    expect(expectedSpend({ p: 1, q: 0.5, gamma: 10 }, { x: 3, mean: 20 })).toBeGreaterThan(0);
  });
});
