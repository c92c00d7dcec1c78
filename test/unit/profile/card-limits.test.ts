import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitList, fitsBytes, jsonBytes } from '../../../src/profile/card-limits.js';

it('a value fits in as many bytes as its JSON has in UTF-8, and in not one less', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const bytes = Buffer.byteLength(JSON.stringify(text));
      expect(jsonBytes(text)).toBe(bytes);
      expect(fitsBytes(text, bytes)).toBe(true);
      expect(fitsBytes(text, bytes - 1)).toBe(false);
    }),
    { seed: 1 },
  );
});

it('a list is cut to the longest beginning that fits', () => {
  const list = ['€€€', 'a', 'é'];
  expect(fitList(list, 9, 22)).toEqual(list);
  expect(fitList(list, 9, 21)).toEqual(['€€€', 'a']);
  expect(fitList(list, 1, 22)).toEqual(['€€€']);
  expect(fitList(list, 9, 5)).toEqual([]);
});
