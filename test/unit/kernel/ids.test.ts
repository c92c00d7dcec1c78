import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hash32 } from '../../../src/kernel/hash.js';
import { randomId, uuidV7, uuidV8 } from '../../../src/kernel/ids.js';
import { canonicalJson } from '../../../src/kernel/json.js';

const bytes = (value: number) => (length: number) => new Uint8Array(length).fill(value);

it('a UUID of version 7 carries its time first, so that ids sort as they were made', () => {
  // the example of RFC 9562, appendix A.6
  expect(uuidV7(0x017f22e279b0, bytes(0xff))).toBe('017f22e2-79b0-7fff-bfff-ffffffffffff');
  fc.assert(
    fc.property(fc.nat(2 ** 40), fc.integer({ min: 1, max: 1e6 }), (at, later) => {
      expect(uuidV7(at, bytes(255)) < uuidV7(at + later, bytes(0))).toBe(true);
    }),
    { seed: 1 },
  );
});

it('a UUID of version 8 is made of the first 16 bytes it is given', () => {
  expect(uuidV8(bytes(0)(32))).toBe('00000000-0000-8000-8000-000000000000');
  expect(uuidV8(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(
    '00010203-0405-8607-8809-0a0b0c0d0e0f',
  );
});

it('a random id is 32 hexadecimal digits', () => {
  expect(randomId(bytes(10))).toBe('0a'.repeat(16));
});

it('canonical JSON is the same for equal values, whatever the order of their keys', () => {
  expect(canonicalJson({ b: 1, a: { d: [2, { f: 1, e: undefined }], c: null } })).toBe(
    '{"a":{"c":null,"d":[2,{"f":1}]},"b":1}',
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson(turned)).toBe(canonicalJson(value));
    }),
    { seed: 1 },
  );
  expect(canonicalJson(JSON.parse('{"__proto__":1}'))).toBe('{"__proto__":1}');
});

it('a hash of 32 bits is the same everywhere, and spreads', () => {
  expect(hash32('')).toBe(hash32(''));
  expect(new Set(Array.from({ length: 20_000 }, (_, i) => hash32(`web:${i}`))).size).toBe(20_000);
  expect(hash32('a', 1)).not.toBe(hash32('a', 2));
});
