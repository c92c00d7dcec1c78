import { expect, it } from 'vitest';
import { normalizePhone } from '../../../src/identity/normalize-phone.js';

function normal(text: string, region?: string): string {
  const result = normalizePhone(text, region);
  return typeof result === 'string' ? `[${result}]` : result[0];
}

// Numbers that regulators keep free for films and examples where there are such (NANPA 555-01XX, Ofcom, BNetzA, ARCEP), else of the
// shapes that the national plans filed with the ITU give.
it.each([
  ['US', '+14255550100', ['(425) 555-0100', '425.555.0100', '1 425 555 0100', '+1 (425) 555-0100', '001 425 555 0100']],
  ['CA', '+16135550142', ['613-555-0142', '1-613-555-0142', '+1 613 555 0142']],
  ['GB', '+442079460018', ['020 7946 0018', '+44 20 7946 0018', '+44 (0)20 7946 0018', '+44 020 7946 0018', '0044 20 7946 0018']],
  ['GB', '+447700900123', ['07700 900123', '7700 900123', '447700900123']],
  ['DE', '+493023125000', ['030 23125 000', '+49 (0) 30 23125000', '0049 30 23125000', '+49 30/23125-000']],
  ['DE', '+491719200000', ['0171 9200000', '+49 171 9200000', '491719200000']],
  ['FR', '+33199000012', ['01 99 00 00 12', '1 99 00 00 12', '+33 (0)1 99 00 00 12', '33199000012']],
  ['ES', '+34612345678', ['612 34 56 78', '+34 612 345 678', '34612345678']],
  ['IT', '+390612345678', ['06 1234 5678', '+39 06 1234 5678', '+39 (0)6 1234 5678', '0039 06 12345678', '(0)6 1234 5678']],
  ['IT', '+393471234567', ['347 123 4567', '+39 347 1234567', '393471234567']],
  ['NL', '+31201234567', ['020 123 4567', '+31 (0)20 123 4567', '31201234567']],
  ['BE', '+3225551234', ['02 555 12 34', '+32 2 555 12 34', '+32 (0)2 555 12 34']],
  ['AT', '+431234567', ['01 234567', '+43 1 234567', '+43 (0)1 234567']],
  ['CH', '+41446681800', ['044 668 18 00', '+41 44 668 18 00', '+41 (0)44 668 18 00', '41446681800']],
  ['PT', '+351912345678', ['912 345 678', '+351 912 345 678', '351912345678']],
  ['PL', '+48221234567', ['22 123 45 67', '0 22 123 45 67', '+48 22 123 45 67', '48221234567']],
  ['BR', '+5511961234567', ['(11) 96123-4567', '011 96123-4567', '+55 11 96123-4567', '5511961234567']],
  ['BR', '+551123456789', ['(11) 2345-6789', '+55 11 2345 6789']],
  ['JP', '+819012345678', ['090-1234-5678', '０９０－１２３４－５６７８', '+81 90 1234 5678', '819012345678', '090ー1234ー5678']],
  ['JP', '+81312345678', ['03-1234-5678', '+81 (0)3 1234 5678']],
  ['KR', '+821012345678', ['010-1234-5678', '+82 10 1234 5678', '10 1234 5678', '821012345678']],
  ['KR', '+8221234567', ['02-123-4567', '+82 2 123 4567']],
] as const)('in %s %s is one number in every spelling', (region, expected, spellings) => {
  expect(spellings.map((text) => [text, normal(text, region)])).toEqual(
    spellings.map((text) => [text, expected]),
  );
}); // prettier-ignore

it('is read in any case of the region, in any digits, and with the marks that copying leaves', () => {
  expect(normal('425 555 0100', 'us')).toBe('+14255550100');
  expect(normal('+١ ٤٢٥ ٥٥٥ ٠١٠٠')).toBe('+14255550100');
  expect(normal('۴۲۵ ۵۵۵ ۰۱۰۰', 'US')).toBe('+14255550100');
  expect(normal('\u202a+1 425 555\u20110100\u202c')).toBe('+14255550100');
  expect(normal('tel:+1-425-555-0100')).toBe('+14255550100');
});

it.each([
  'x12',
  ' ext. 12',
  ' extension 12',
  ' extn 12',
  ' #12',
  ',,12',
  ';ext=12',
  ' (x12)',
  ' X 12',
])('loses its extension: "%s"', (extension) => {
  expect(normal(`425 555 0100${extension}`, 'US')).toBe('+14255550100');
  expect(normal(`+61 2 5550 0100${extension}`)).toBe('+61255500100');
});

it('without its area code is refused: nobody guesses which town', () => {
  expect(normal('555-0100', 'US')).toBe('[invalid]');
  expect(normal('+1 555 0100')).toBe('[invalid]');
  expect(normal('7946 0018', 'GB')).toBe('[invalid]');
  expect(normal('23125000', 'DE')).toBe('[invalid]');
  expect(normal('4930 231250', 'DE')).toBe('[invalid]');
  expect(normal('1234567', 'IT')).toBe('[invalid]');
  expect(normal('1234-5678', 'KR')).toBe('[invalid]');
  expect(normal('555 12 34', 'BE')).toBe('[invalid]');
});

it('that the plan of its country cannot have is invalid', () => {
  expect(normal('+1 125 555 0100')).toBe('[invalid]'); // area codes begin with 2 to 9
  expect(normal('+1 425 155 0100')).toBe('[invalid]');
  expect(normal('+33 1 23 45 67')).toBe('[invalid]');
  expect(normal('+49 00 123456')).toBe('[invalid]');
  expect(normal('+34 612 345 6789')).toBe('[invalid]');
});

it('from a country without a plan here is taken by its length, and needs its country code', () => {
  expect(normal('+61 (0)2 5550 0100', 'US')).toBe('+61255500100');
  expect(normal('0061 2 5550 0100', 'DE')).toBe('+61255500100');
  expect(normal('+290 12345')).toBe('+29012345');
  expect(normal('+290 1234')).toBe('[invalid]');
  expect(normal('+999 1234 5678 9012 3')).toBe('[invalid]');
  expect(normal('+0 425 555 0100')).toBe('[invalid]');
  expect(normal('02 5550 0100', 'AU')).toBe('[no-region]');
  expect(normal('425 555 0100')).toBe('[no-region]');
  expect(normal('425 555 0100', '__proto__')).toBe('[no-region]');
});

it('with anything but a number in it is invalid', () => {
  for (const text of [
    '1-800-FLOWERS',
    '+',
    '++14255550100',
    '1+4255550100',
    '425<b>5550100',
    'x12',
    '*67 425 555 0100',
  ])
    expect(normal(text, 'US')).toBe('[invalid]');
});
