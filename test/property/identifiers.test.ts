import fc from 'fast-check';
import parseExactly, { getExampleNumber, type CountryCode } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' };
import { expect, it } from 'vitest';
import { worldPhones } from '../../src/adapters/phone/world.js';
import { passesGs1, passesLuhn } from '../../src/identity/check-digits.js';
import { normalizeIdentifier } from '../../src/identity/normalize-identifier.js';
import { normalizePhone } from '../../src/identity/normalize-phone.js';
import { readCardText } from '../../src/identity/read-card-text.js';
import { sameMailbox } from '../../src/identity/same-mailbox.js';
import { runs } from '../support/runs.js';

const seed = 20_261_122;
const REGIONS = [
  ...['AT', 'BE', 'BR', 'CA', 'CH', 'DE', 'ES', 'FR', 'GB', 'IT', 'JP', 'KR', 'NL', 'PL', 'PT', 'US'],
] as const; // prettier-ignore
const ELSEWHERE = ['AR', 'AU', 'DK', 'FI', 'IE', 'IN', 'MX', 'NO', 'SE', 'SG', 'TR', 'ZA'] as const;
const region = fc.constantFrom<CountryCode[]>(...REGIONS);
const read = await worldPhones().load();

const digits = (min: number, max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), minLength: min, maxLength: max });
/** A number with its check digit, by trying. */
const checked = (passes: (number: string) => boolean, min: number, max: number) =>
  digits(min, max).map(
    (body) => Array.from('0123456789', (last) => body + last).find(passes) ?? body,
  );
const luhn = checked(passesLuhn, 1, 18);
const gs1 = fc
  .constantFrom(7, 11, 12, 13, 16, 17)
  .chain((length) => checked(passesGs1, length, length));

it('a check digit tells every digit that is wrong', () => {
  fc.assert(
    fc.property(
      fc.constantFrom([luhn, passesLuhn] as const, [gs1, passesGs1] as const),
      fc.gen(),
      ([numbers, passes], gen) => {
        const number = gen(() => numbers);
        const at = gen(fc.nat, { max: number.length - 1 });
        const wrong = (Number(number[at]) + gen(fc.integer, { min: 1, max: 9 })) % 10;
        expect(passes(number)).toBe(true);
        expect(passes(number.slice(0, at) + String(wrong) + number.slice(at + 1))).toBe(false);
      },
    ),
    { seed, numRuns: runs(500) },
  );
});

it('by Luhn it tells neighbors that changed places, but for 09 and 90; by GS1 but for those 5 apart', () => {
  const swapped = (number: string, at: number): string =>
    number.slice(0, at) + (number[at + 1] ?? '') + (number[at] ?? '') + number.slice(at + 2);
  fc.assert(
    fc.property(luhn, gs1, fc.nat(), (card, key, where) => {
      const [i, k] = [where % (card.length - 1), where % (key.length - 1)];
      const pair = card.slice(i, i + 2);
      const isBlind = pair === '09' || pair === '90' || pair[0] === pair[1];
      expect(passesLuhn(swapped(card, i))).toBe(isBlind);
      const apart = Math.abs(Number(key[k]) - Number(key[k + 1]));
      expect(passesGs1(swapped(key, k))).toBe(apart === 0 || apart === 5);
    }),
    { seed, numRuns: runs(500) },
  );
});

it('whatever a shop says of its cards, a normal form is its own normal form', () => {
  const loyalty = fc.record(
    {
      check: fc.constantFrom('gs1' as const, 'luhn' as const, 'none' as const),
      pattern: fc.constantFrom(/^\d+$/, /^\d{12,13}$/g, /^[^0]/y),
    },
    { requiredKeys: [] },
  );
  const text = fc.oneof(
    luhn,
    gs1,
    gs1.map((key) => `0${key}`),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(loyalty, text, (rules, value) => {
      const once = normalizeIdentifier('loyalty', value, { loyalty: rules });
      if (!once.ok) return;
      expect(normalizeIdentifier('loyalty', once.identifier.value, { loyalty: rules })).toEqual(
        once,
      );
    }),
    { seed, numRuns: runs(1000) },
  );
});

it('a scanned text is a card in its normal form or none, and the card read again is itself', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc.tuple(fc.constantFrom(']C1', ']d2', '', '(01)', '(', ']Q3\x1d'), fc.constantFrom('8018', '253', '(8018)', '10', '00'), gs1, fc.string({ maxLength: 9 })).map((parts) => parts.join('')),
    fc.anything(),
  ); // prettier-ignore
  fc.assert(
    fc.property(hostile, fc.constantFrom(undefined, /card=(.*)/g, /./), (text, own) => {
      const card = readCardText(text as string, own ? { own } : {});
      if (!card.ok) return;
      expect(normalizeIdentifier('loyalty', card.loyalty)).toMatchObject({
        identifier: { value: card.loyalty },
      });
    }),
    { seed, numRuns: runs(2000) },
  );
});

it('a card of GS1 is the same one in every carrier', () => {
  fc.assert(
    fc.property(checked(passesGs1, 17, 17), fc.stringMatching(/^[A-Z0-9]{1,8}$/), (gsrn, lot) => {
      fc.pre(!/^(?:0+|(\d)\1+)$/.test(gsrn));
      for (const text of [
        `]C18018${gsrn}`,
        `]d210${lot}\x1d8018${gsrn}`,
        `]Q30104012345678901112601018018${gsrn}\x1d10${lot}`,
        `(10)${lot}(8018)${gsrn}`,
        `https://id.example/x/8018/${gsrn}?10=${lot}`,
        `8018${gsrn}`,
        gsrn,
      ])
        expect([text, readCardText(text)]).toEqual([text, { ok: true, loyalty: gsrn }]);
    }),
    { seed, numRuns: runs() },
  );
});

/** Numbers that people have: no hotlines, which have lengths of their own. */
const OF_PEOPLE = ['MOBILE', 'FIXED_LINE', 'FIXED_LINE_OR_MOBILE'];

/** Numbers near those that a region has: some of them exist, most do not. */
const near = fc
  .tuple(region, fc.nat(), digits(1, 6), digits(4, 12), fc.boolean())
  .map(([home, , tail, any, isAny]) => {
    const national = String(getExampleNumber(home, examples)?.nationalNumber ?? '');
    return { home, national: isAny ? any : national.slice(0, -tail.length) + tail };
  });

it('numbers that libphonenumber holds for good in our 16 regions are written as it writes them', () => {
  let good = 0;
  fc.assert(
    fc.property(near, ({ home, national }) => {
      const number = parseExactly(national, home);
      if (number?.isValid() !== true || number.country !== home || national.length < 8) return;
      if (!OF_PEOPLE.includes(number.getType() ?? '')) return;
      // machines have the 12 digits in Italy, where a mobile number with a forgotten + has as many
      if (home === 'IT' && number.nationalNumber.length > 11) return;
      good++;
      const { number: e164 } = number;
      const spellings = [e164, number.formatInternational(), `00${e164.slice(1)}`, `${number.formatInternational()} ext. 12`, number.getURI()]; // prettier-ignore
      for (const spelling of spellings)
        expect([home, spelling, normalizePhone(spelling, home)]).toEqual([home, spelling, [e164]]);
      // as it is dialed at home: told apart from a local number by its prefix
      const dialed = number.formatNational();
      if (/^\(?0/.test(dialed) || number.nationalNumber.length >= 9)
        if (!['DE', 'AT'].includes(home) || dialed.startsWith('0'))
          expect([home, dialed, normalizePhone(dialed, home)]).toEqual([home, dialed, [e164]]);
    }),
    { seed, numRuns: runs(2000) },
  );
  expect(good).toBeGreaterThan(300);
});

const typed = fc.oneof(
  near.map(({ national }) => national),
  near.map(({ national }) => `0${national}`),
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789+() -x#.٣')), maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

it('with the plans of the world no number becomes another one: it is the same or none', () => {
  const anywhere = fc.constantFrom<(string | undefined)[]>(
    ...REGIONS,
    ...ELSEWHERE,
    'ZZ',
    undefined,
  );
  let [same, refused] = [0, 0];
  fc.assert(
    fc.property(typed, anywhere, (text, home) => {
      const here = normalizePhone(text, home);
      const world = normalizePhone(text, home, read);
      if (typeof world !== 'string') {
        expect(normalizePhone(world[0], 'US', read)).toEqual(world);
        expect(parseExactly(world[0])?.number).toBe(world[0]);
      }
      const plan = REGIONS.some((each) => parseExactly(String(here[0]))?.country === each);
      if (typeof here === 'string' || !plan) return;
      if (typeof world === 'string') refused++;
      else {
        same++;
        expect([text, home, world]).toEqual([text, home, here]);
      }
    }),
    { seed, numRuns: runs(1000) },
  );
  expect(same).toBeGreaterThan(30);
  expect(refused).toBeGreaterThan(0);
});

it('nothing that is typed makes any of them throw, and two addresses are alike both ways', () => {
  const wild = fc.oneof(fc.anything(), typed, fc.emailAddress());
  fc.assert(
    fc.property(wild, wild, fc.oneof(region, fc.string()), (one, other, home) => {
      const options = { region: home, phone: read, own: ['+1 425 555 0199'] };
      for (const type of ['phone', 'email', 'loyalty', 'loyalty:miles', 'account:x', 'device', one])
        expect(typeof normalizeIdentifier(type as string, other, options).ok).toBe('boolean');
      expect(sameMailbox(one as string, other as string)).toBe(
        sameMailbox(other as string, one as string),
      );
    }),
    { seed, numRuns: runs(1000) },
  );
});

it('a local number is not completed by guess, whatever the plans of the world make of it', () => {
  expect(normalizePhone('23125000', 'DE', read)).toBe('invalid');
  expect(normalizePhone('555-0100', 'US', read)).toBe('invalid');
  expect(normalizePhone('011 44 20 7946 0018', 'US', read)).toEqual(['+442079460018']);
  expect(normalizePhone('070-174 06 05', undefined, read)).toBe('no-region');
});
