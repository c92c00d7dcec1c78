import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hash32 } from '../../../src/kernel/hash.js';

/** The hash as it was first written down: rows lie on disks with its numbers. */
function written(text: string, seed: number): number {
  let h = seed ^ 0x9747b28c;
  for (let i = 0; i < text.length; i += 2) {
    h = Math.imul(h ^ text.charCodeAt(i) ^ (text.charCodeAt(i + 1) << 16), 0x5bd1e995);
    h = (h << 13) | (h >>> 19);
  }
  h ^= text.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

it('gives the numbers that lie on disks, for texts of every length', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400, unit: 'binary' }), fc.integer(), (text, seed) => {
      expect(hash32(text, seed)).toBe(written(text, seed));
    }),
  );
  expect(hash32('')).toBe(3_954_623_016);
});

it('differs for texts that differ in one character, wherever it is', () => {
  const text = 'Oat latte, no sugar. '.repeat(20);
  const all = Array.from(text, (_, i) => hash32(`${text.slice(0, i)}~${text.slice(i + 1)}`));
  expect(new Set([hash32(text), ...all]).size).toBe(text.length + 1);
});
