import fc from 'fast-check';
import { inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { weighTogether } from '../../../src/model/count-together.js';
import { encodeModel } from '../../../src/model/encode-model.js';
import { seeded } from '../../../src/model/seeded.js';
import { trainModel } from '../../../src/model/train-model.js';
import { createRecommender } from '../../../src/recommend/create-recommender.js';
import { decodeModel } from '../../../src/recommend/decode-model.js';
import type { CatalogModel } from '../../../src/recommend/types.js';
import { runs } from '../../support/runs.js';

const orders = (count: number, ...items: string[]) =>
  Array.from({ length: count }, () => ({ visits: [{ items }] }));
/** Burgers come with fries, coffees with cake; water comes with everything. */
const MENU = [
  ...orders(20, 'burger', 'fries', 'water'),
  ...orders(5, 'burger', 'water'),
  ...orders(20, 'coffee', 'cake', 'water'),
  ...orders(20, 'latte small', 'cake'),
  ...orders(10, 'latte large', 'cake'),
  ...orders(15, 'latte large', 'latte small'),
];

const goesWith = (model: CatalogModel, ...basket: string[]): string[] =>
  createRecommender({ model })
    .goesWith(basket, { now: 0, limit: 5 })
    .map(({ sku }) => sku);

describe('what goes with an order of a menu', () => {
  it('is what comes with it, not what comes with everything', async () => {
    const model = await trainModel(MENU);
    expect(goesWith(model, 'burger', 'water')[0]).toBe('fries');
    expect(goesWith(model, 'coffee', 'water')[0]).toBe('cake');
  });

  it('is the same for all sizes of a dish, none of which goes with another', async () => {
    const familyOf = (sku: string): string => sku.replace(/ (?:small|large)$/, '');
    const model = await trainModel(MENU, { familyOf });
    const rowOf = (sku: string): number[] => {
      const { start, item } = model.together ?? model.next;
      const i = model.skus.indexOf(sku);
      return [...item.subarray(start[i], start[i + 1])];
    };
    expect(rowOf('latte large')).toEqual(rowOf('latte small'));
    expect(goesWith(model, 'latte large')[0]).toBe('cake');
    expect(goesWith(model, 'latte large')).not.toContain('latte small');
    expect(goesWith(await trainModel(MENU), 'latte large')).toContain('latte small');
    // of a family, the most bought one is offered
    expect(goesWith(model, 'cake')).toContain('latte small');
    expect(goesWith(model, 'cake')).not.toContain('latte large');
  });

  it('is what the whole inverse of a large menu gives', async () => {
    const random = seeded(4);
    const size = 150;
    const counts = new Float64Array(size * size);
    for (let order = 0; order < 2000; order++) {
      const dishes = new Set(Array.from({ length: 5 }, () => Math.floor(random() ** 2 * size)));
      for (const one of dishes)
        for (const other of dishes)
          counts[one * size + other] = (counts[one * size + other] ?? 0) + 1;
    }
    const alone = Uint32Array.from({ length: size }, (_, dish) => dish);
    const { start, item, weight } = await weighTogether({ size, counts }, alone, 2);
    const gram = new Matrix(size, size).apply(function (row, column) {
      this.set(row, column, counts[row * size + column] ?? 0);
    });
    const orders = gram.trace();
    const ridge = (2 * gram.sum()) / orders;
    const whole = inverse(Matrix.add(gram, Matrix.eye(size, size, ridge)));
    for (let row = 0; row < size; row++) {
      const own = item.subarray(start[row], start[row + 1]);
      expect(own.length).toBeGreaterThan(0);
      own.forEach((other, at) => {
        const expected = -whole.get(row, other) / whole.get(other, other);
        expect(weight[(start[row] ?? 0) + at]).toBeCloseTo(expected, 6);
      });
    }
  });

  it('comes back from the file, and is left out where nobody wants it', async () => {
    const model = await trainModel(MENU);
    const back = decodeModel(encodeModel(model));
    expect(goesWith(back, 'burger', 'water')[0]).toBe('fries');
    expect((await trainModel(MENU, { menuItems: 0 })).together).toBeUndefined();
    expect((await trainModel(MENU, { menuItems: 6 })).together).toBeUndefined();
    expect((await trainModel([])).together).toBeUndefined();
  });

  it('is numbers, from 0 to 1, of other things, whatever was ordered', async () => {
    const order = fc.array(fc.constantFrom('a', 'b', 'c', '__proto__', 'e'), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(order, { maxLength: 30 }), async (all) => {
        const { together, skus } = await trainModel(all.map((items) => ({ visits: [{ items }] })));
        if (skus.length === 0) return;
        expect(together?.start).toHaveLength(skus.length + 1);
        expect([...(together?.weight ?? [])].every((w) => w > 0 && w <= 1)).toBe(true);
        skus.forEach((_, i) => {
          const row = together?.item.subarray(together.start[i], together.start[i + 1]) ?? [];
          expect([...row]).not.toContain(i);
        });
      }),
      { numRuns: runs(60) },
    );
  });
});
