import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeRow, encodeRow } from '../../../src/profile/stored-row.js';

it('a row gives back what was put in', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(decodeRow(encodeRow(value))).toEqual({
        kind: 'ok',
        value: JSON.parse(JSON.stringify(value)) as unknown,
      });
    }),
    { seed: 1 },
  );
});

it('a row with one character changed is corrupt', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }),
      fc.nat(),
      fc.integer({ min: 1, max: 9 }),
      (text, i, by) => {
        const row = encodeRow(text);
        const at = i % row.text.length;
        const changed =
          row.text.slice(0, at) +
          String.fromCharCode(row.text.charCodeAt(at) ^ by) +
          row.text.slice(at + 1);
        expect(decodeRow({ ...row, text: changed })).toEqual({ kind: 'corrupt' });
      },
    ),
    { seed: 1 },
  );
});

it('what is no row is corrupt, whatever it is', () => {
  for (const row of [undefined, null, 1, 'x', [], {}, { v: 1 }, { v: '1', sum: 0, text: '' }])
    expect(decodeRow(row)).toEqual({ kind: 'corrupt' });
});

it('a row of another version says so, with its value when it is older', () => {
  expect(decodeRow(encodeRow('x', 2), 1)).toEqual({ kind: 'newer' });
  expect(decodeRow({ v: 2, anything: 'else' }, 1)).toEqual({ kind: 'newer' });
  expect(decodeRow(encodeRow('x', 1), 2)).toEqual({ kind: 'older', version: 1, value: 'x' });
});
