import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesToValue, valueToBytes } from '../../../src/adapters/storage/encrypted-values.js';

const again = (value: unknown): unknown => bytesToValue(valueToBytes(value));

describe('a value as bytes', () => {
  it('comes back as structuredClone would give it, whatever it holds', () => {
    const values = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withUnicodeString: true,
      key: fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', '\ud800')),
    });
    fc.assert(
      fc.property(values, (value) => {
        expect(again(value)).toEqual(structuredClone(value));
      }),
      { seed: 20260301, numRuns: 2000 },
    );
  });

  it('keeps apart what JSON throws together', () => {
    const value = [
      undefined,
      null,
      NaN,
      -0,
      0,
      Infinity,
      -Infinity,
      new Date(NaN),
      { a: undefined },
    ];
    expect(again(value)).toStrictEqual(value);
    expect(again(undefined)).toBeUndefined();
  });

  it('takes no key of an object for a path', () => {
    const value = JSON.parse('{"__proto__":{"x":[1]},"constructor":{"prototype":2}}') as object;
    Object.defineProperty(value, '__proto__', { value: { x: [Uint8Array.of(7)] } });
    const copy = again(value) as object;
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    const own = Object.getOwnPropertyDescriptor(copy, '__proto__')?.value as { x: unknown[] };
    expect(own.x[0]).toEqual(Uint8Array.of(7));
  });

  it('holds the bytes of a view, not of the buffer behind it', () => {
    const view = new Uint8Array(1000).fill(9).subarray(10, 12);
    expect(valueToBytes(view).length).toBeLessThan(60);
    expect((again(view) as Uint8Array).buffer.byteLength).toBe(2);
    const numbers = new Float64Array([0, 1.5, NaN]).subarray(1);
    expect(again({ numbers, whole: numbers.buffer })).toEqual({ numbers, whole: numbers.buffer });
  });

  it('is refused where structuredClone refuses it, and where it cannot come back', () => {
    const itself: { self?: unknown } = {};
    itself.self = itself;
    const refused = [() => 1, Symbol('s'), { deep: [() => 1] }, itself, Promise.resolve(), /x/u];
    for (const value of refused) expect(() => valueToBytes(value)).toThrow();
  });

  it('may hold one thing twice', () => {
    const shared = { milk: 'oat' };
    expect(again([shared, shared])).toEqual([shared, shared]);
  });
});
