import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLabel } from '../../src/formats/label.js';
import { readJson, unwrap } from '../../src/formats/orders.js';
import { personOf } from '../../src/formats/person.js';
import { inZone } from '../../src/formats/read-zone.js';
import { amount, currencyOf, instant, list, number, text } from '../../src/formats/read.js';
import { runs } from '../support/runs.js';

describe('an amount', () => {
  it.each<readonly [unknown, string, number | null]>([
    ['12.90', 'EUR', 1290],
    ['12,90', 'EUR', 1290],
    [12.9, 'EUR', 1290],
    ['12,90 €', 'EUR', 1290],
    ['€12.9', 'EUR', 1290],
    ['EUR 12.90', 'EUR', 1290],
    ['&euro;12,90', 'EUR', 1290],
    ['€ 12,-', 'EUR', 1200],
    ['Rs. 500', 'INR', 50_000],
    ['.5', 'USD', 50],
    ['-.5', 'USD', -50],
    ['1.234,50', 'EUR', 123_450],
    ['1,234.50', 'USD', 123_450],
    ['1 234,50', 'EUR', 123_450],
    ['1\u202f234,50\u00a0€', 'EUR', 123_450],
    ["1'234.50", 'CHF', 123_450],
    ['1’234.50', 'CHF', 123_450],
    ['1,234,567.89', 'USD', 123_456_789],
    ['1.234.567', 'EUR', 123_456_700],
    ['1,00,000', 'INR', 10_000_000],
    ['1,234', 'USD', 123_400],
    ['0,500', 'EUR', 50],
    ['1.234', 'EUR', 123],
    ['120.000', 'VND', 120_000],
    [120.4, 'JPY', 120],
    ['1200.00', 'JPY', 1200],
    ['1,200', 'JPY', 1200],
    ['1.234', 'KWD', 1234],
    ['1.2345', 'BHD', 1235],
    ['-5.00', 'USD', -500],
    ['5.00-', 'USD', -500],
    ['−5,00 €', 'EUR', -500],
    ['-$5.00', 'USD', -500],
    ['(5.00)', 'USD', -500],
    [-0, 'USD', 0],
    [0.1 + 0.2, 'USD', 30],
    [0.1 + 0.2 - 0.3, 'USD', 0],
    [1.005, 'USD', 101],
    [4.35 * 100, 'USD', 43_500],
    [1e21, 'USD', null],
    ['1e3', 'USD', null],
    ['90071992547409.93', 'USD', null],
    ['', 'USD', null],
    ['free', 'USD', null],
    ['2 x 3.00', 'USD', null],
    ['2026-01-02', 'USD', null],
    [null, 'USD', null],
    [true, 'USD', null],
    [NaN, 'USD', null],
    [[5], 'USD', null],
    ['9'.repeat(10_000), 'USD', null],
  ])('%j in %s is %j', (given, currency, minor) => {
    expect(amount(given, currency)).toBe(minor);
  });

  it.each([null, undefined, ''])('of no currency (%j) is unknown', (currency) =>
    expect(amount('5.00', currency)).toBeNull(),
  );

  it('is read back as every language writes it', () => {
    const locales = ['en', 'de', 'fr', 'de-CH', 'en-IN', 'es', 'pl', 'sv', 'pt-BR', 'nl', 'it'];
    const currencies = ['USD', 'EUR', 'JPY', 'INR'];
    fc.assert(
      fc.property(
        fc.integer({ min: -99_999_999, max: 99_999_999 }),
        fc.constantFrom(...locales),
        fc.constantFrom(...currencies),
        (minor, locale, currency) => {
          const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
          const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
          expect(amount(format.format(minor / 10 ** digits), currency)).toBe(minor);
        },
      ),
      { numRuns: runs(300) },
    );
  });

  it('is read back as programs write it, with 0, 2 and 3 decimals', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.constantFrom(['JPY', 0], ['EUR', 2], ['KWD', 3]),
        (minor, [currency, digits]) => {
          const value = minor / 10 ** Number(digits);
          expect(amount(value, String(currency))).toBe(minor);
          expect(amount(value.toFixed(4), String(currency))).toBe(minor);
        },
      ),
      { numRuns: runs(300) },
    ));
});

describe('a text', () => {
  it.each([
    ['Fish &amp; chips', 'Fish & chips'],
    ['Pizza &ndash; 30 cm', 'Pizza – 30 cm'],
    ['Pizza &#8211; 30 cm', 'Pizza – 30 cm'],
    ['Pizza &#x2013; 30 cm', 'Pizza – 30 cm'],
    ['Caf&eacute; M&uuml;ller &Aring; &ccedil;a Stra&szlig;e', 'Café Müller Å ça Straße'],
    ['&amp;lt;', '&lt;'],
    [
      '&constructor; &toString; &unknown; &#0; &#1114112; AT&T',
      '&constructor; &toString; &unknown; &#0; &#1114112; AT&T',
    ],
    ['  x ', 'x'],
  ])('%j is %j', (given, read) => expect(text(given)).toBe(read));
  it.each(['', '   ', '&nbsp;', null, undefined, true, NaN, Infinity, {}, []])(
    '%j is none',
    (given) => expect(text(given)).toBeUndefined(),
  );
  it('may have something like an entity of any length', () => {
    const long = `&${'a'.repeat(60_000)};`;
    expect(text(long) === long).toBe(true);
  });
  it('takes numbers, also those beyond what a double holds', () =>
    expect([text(42), text(12345678901234567890n)]).toEqual(['42', '12345678901234567890']));
});

describe('an instant', () => {
  it.each<readonly [unknown, string]>([
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02 03:04:05 UTC', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04:05.678901Z', '2026-01-02T03:04:05.678Z'],
    ['2026-01-02T03:04:05-0500', '2026-01-02T08:04:05.000Z'],
    ['2026-01-02 03:04:05 -0500', '2026-01-02T08:04:05.000Z'],
    ['2026-01-02T03:04+05:30', '2026-01-01T21:34:00.000Z'],
    ['2026-01-02 03:04:05+00', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02', '2026-01-02T00:00:00.000Z'],
    ['Thu, 05 Mar 2026 15:22:19 +0000', '2026-03-05T15:22:19.000Z'],
    [1655936458, '2022-06-22T22:20:58.000Z'],
    ['1655936458.905', '2022-06-22T22:20:58.905Z'],
    [1655936458905, '2022-06-22T22:20:58.905Z'],
  ])('%j is %s', (given, at) => expect(instant(given)).toBe(at));
  it.each([
    '2026-01-02 03:04:05',
    '01/02/2026',
    '2026-13-45T99:99:99Z',
    'Z 2026',
    'soon',
    '',
    12,
    1e21,
    1e12,
    '1969-12-31T23:59:59Z',
    null,
    {},
  ])('%j is none', (given) => expect(instant(given)).toBeNull());
  it('without an offset is read in a zone, also where its clocks change', () => {
    const berlin = (shown: number): number => inZone(shown, 'Europe/Berlin');
    expect(instant('2026-01-08 09:14:55', berlin)).toBe('2026-01-08T08:14:55.000Z');
    expect(instant('2026-03-29 01:59:59', berlin)).toBe('2026-03-29T00:59:59.000Z');
    expect(instant('2026-03-29 03:00:00.250', berlin)).toBe('2026-03-29T01:00:00.250Z');
    expect(instant('2026-07-01 00:00', berlin)).toBe('2026-06-30T22:00:00.000Z');
    expect(instant('2026-07-01 00:00', (at) => inZone(at, 'Nowhere/City'))).toBeNull();
  });
});

it('a currency is three letters, the first that is one', () => {
  expect(currencyOf('', 'euro', 'eur', 'USD')).toBe('EUR');
  expect(currencyOf(null, 3, {})).toBeUndefined();
});

it('a number is one that is finite', () => {
  expect([number('2'), number(' 2.5 '), number('two'), number(''), number(Infinity)]).toEqual([
    2,
    2.5,
    undefined,
    undefined,
    undefined,
  ]);
});

describe('identifiers', () => {
  const phone = (value: unknown, country?: string): string | undefined =>
    personOf({ phone: value }, country === undefined ? {} : { country }).ids[0]?.value;
  it.each([
    ['+1 (503) 555-0144', undefined, '+15035550144'],
    ['tel:+49 30 5550133', undefined, '+49305550133'],
    ['030 5550133', undefined, '0305550133'],
    ['030 5550133', 'DE', '+49305550133'],
    ['030 5550133', 'de', '+49305550133'],
    ['06 555 0133', 'IT', '+39065550133'],
    ['1 503 555 0144', 'US', '+15035550144'],
    ['(503) 555-0144 ext. 7', 'US', '+15035550144'],
    ['0049 30 5550133', 'GB', '+49305550133'],
    ['+44 (0)20 7946 0018', undefined, '+442079460018'],
    ['(0)20 7946 0018', 'GB', '+442079460018'],
    ['０３-５５５０-０１０１', 'JP', '+81355500101'],
    ['030 5550133', 'XX', '0305550133'],
    ['030 5550133', '__proto__', '0305550133'],
    ['no number', 'US', undefined],
    [{}, 'US', undefined],
  ])('the phone number %j in %s is %s', (given, country, read) =>
    expect(phone(given, country)).toBe(read),
  );
  it('of mail are in lower case; the customer 0 is nobody', () => {
    const of = (person: object): unknown => personOf(person, {}).ids;
    expect(of({ email: ' mailto:Ann@Example.COM ', external: 7 })).toEqual([
      { kind: 'external', value: '7' },
      { kind: 'email', value: 'ann@example.com' },
    ]);
    expect(of({ email: 'no address', external: 0, loyalty: '' })).toEqual([]);
  });
});

it.each([
  ['Oat (+0.80)', 'EUR', 'Oat', 80],
  ['Extra cheese [€2.00]', 'EUR', 'Extra cheese', 200],
  ['オーツ (+100円)', 'JPY', 'オーツ', 100],
  ['Less rice (-1.250 KWD)', 'KWD', 'Less rice', -1250],
  ['Milk (2%)', 'EUR', 'Milk (2%)', undefined],
  ['Cup (16)', 'EUR', 'Cup (16)', undefined],
])('the label %j in %s is %j and %s', (label, currency, name, unitPrice) =>
  expect(readLabel(label, currency)).toEqual({ name, unitPrice }),
);

describe('a payload', () => {
  it('may have lists with holes, as a page makes them: nothing is in them', () => {
    const sparse: unknown[] = [1];
    sparse[2] = 3;
    expect(list(sparse)).toStrictEqual([1, undefined, 3]);
  });
  const ids = (value: unknown): unknown[] =>
    [...unwrap(value, ['orders', 'order'])].map(([order, where]) => [order['id'], where]);
  it('is looked through', () => {
    expect(ids({ id: 1 })).toEqual([[1, '']]);
    expect(ids([{ id: 1 }, { order: { id: 2 } }])).toEqual([
      [1, '[0]'],
      [2, '[1].order'],
    ]);
    expect(ids({ orders: [{ id: 1 }, { id: 2 }] })).toEqual([
      [1, 'orders[0]'],
      [2, 'orders[1]'],
    ]);
    expect(ids({ id: 1, order: null, orders: 'A-1' })).toEqual([[1, '']]);
    expect(ids({ orders: [] })).toEqual([]);
    expect(ids(null)).toEqual([[undefined, '']]);
  });
  it('nested without end is looked into so far', () => {
    let deep: unknown = { id: 1 };
    for (let i = 0; i < 50_000; i++) deep = [deep];
    expect(ids(deep)).toHaveLength(1);
  });
  it('of text is JSON, with or without a mark in front', () => {
    expect(readJson('\uFEFF{"a":1}')).toEqual({ a: 1 });
    expect(readJson('Name,Total')).toBeUndefined();
    expect(readJson(7)).toBe(7);
  });
});
