import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byCodePoint } from '../../../src/model/by-code-point.js';
import { md5Prefix } from '../../../src/model/md5.js';
import { trainModel } from '../../../src/model/train-model.js';
import { runs } from '../../support/runs.js';
import { cafeCustomers, cafeModel } from '../recommend/shop.js';

describe('md5Prefix', () => {
  it('is what a database says of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const digest = createHash('md5').update(text).digest('hex');
        expect(md5Prefix(text).toString(16).padStart(8, '0')).toBe(digest.slice(0, 8));
      }),
      { numRuns: runs(100) },
    );
  });
});

describe('byCodePoint', () => {
  it('orders as the bytes of UTF-8 do', () => {
    const unit = fc.constantFrom('a', 'b', '\u007f', 'é', '\uffff', '\ue000', '😀', '𐀀');
    const text = fc.string({ unit, maxLength: 4 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(byCodePoint(a, b))).toBe(
          Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8')),
        );
      }),
      { numRuns: runs(100) },
    );
  });
});

describe('trainModel', () => {
  it('counts items of everybody and neighbours of a sample', async () => {
    const all = await cafeModel();
    const some = await trainModel(cafeCustomers, { sample: 2 });
    expect(some.visits).toEqual(all.visits);
    expect(some.repeat).toEqual(all.repeat);
    expect(some.customers.item.length).toBeLessThan(all.customers.item.length);
  });

  it('draws the sample by the ids', async () => {
    const named = (id: string) => cafeCustomers.map((customer) => ({ ...customer, id }));
    // MD5 of "a" begins with 0c, that of "c" with 4a, that of "b" with 92
    const whole = await trainModel(named('a'));
    expect(await trainModel(named('a'), { sample: 16 })).toEqual(whole);
    expect((await trainModel(named('b'), { sample: 2 })).next.item).toHaveLength(0);
    expect(await trainModel(named('c'), { sample: 3 })).toEqual(whole);
  });

  it('does not care in which order the lines of a visit were written, nor for visits without any', async () => {
    const turned = cafeCustomers.map(({ visits }) => ({
      visits: [{ items: [] }, ...visits.map((v) => ({ ...v, items: [...v.items].reverse() }))],
    }));
    expect(await trainModel(turned, { maxPaired: 1 })).toEqual(
      await trainModel(cafeCustomers, { maxPaired: 1 }),
    );
  });
});
