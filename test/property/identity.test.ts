import fc from 'fast-check';
import { expect, it } from 'vitest';
import { evidenceLevels, levelAtLeast } from '../../src/identity/evidence.js';
import { limitedFor, recordMiss, type MissState } from '../../src/identity/limiter.js';
import { maskName, maskText } from '../../src/identity/mask.js';
import { normalizeIdentifier } from '../../src/identity/normalize-identifier.js';
import { decideReveal } from '../../src/identity/reveal-field.js';
import { createTokenizer } from '../../src/identity/tokens.js';
import type { RevealField } from '../../src/identity/types.js';

const seed = 20_250_301;
const type = fc.constantFrom('account', 'loyalty', 'phone', 'email', 'device', 'own-type');
const region = fc.constantFrom('US', 'GB', 'DE', 'IT', 'KR', 'PL', 'AU', undefined);
const emailish = fc
  .tuple(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
  )
  .map(([local, domain]) => `${local}@${domain}.example`);
const phoneish = fc.string({
  unit: fc.constantFrom(...Array.from('0123456789+() -x#.٣')),
  maxLength: 20,
});
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  emailish,
  fc.emailAddress(),
  phoneish,
);
const SHAPES: { readonly [kind: string]: RegExp } = {
  phone: /^\+[1-9]\d{6,14}$/,
  email: /^[^@\s]+@[a-z0-9.-]+$/,
};
const normalize = (kind: string, value: unknown, home: string | undefined) =>
  normalizeIdentifier(kind, value, home === undefined ? {} : { region: home });

it('a normal form is its own normal form, in whatever region', () => {
  let good = 0;
  fc.assert(
    fc.property(type, text, region, region, (kind, value, home, elsewhere) => {
      const once = normalize(kind, value, home);
      if (!once.ok) return;
      good++;
      const again = normalize(kind, once.identifier.value, elsewhere);
      expect(again).toMatchObject({ ok: true, identifier: { value: once.identifier.value } });
      expect(again).toMatchObject({ identifier: { matchKey: once.identifier.matchKey } });
    }),
    { seed, numRuns: 5000 },
  );
  expect(good).toBeGreaterThan(1000);
});

it('whatever is given, the answer is a typed one, within its limits', () => {
  fc.assert(
    fc.property(
      type,
      fc.oneof(fc.anything({ withBigInt: true, withDate: true }), text),
      region,
      (kind, value, home) => {
        const result = normalize(kind, value, home);
        if (!result.ok) return;
        expect(result.identifier.value.length).toBeGreaterThan(0);
        expect(result.identifier.value.length).toBeLessThanOrEqual(254);
        expect(result.identifier.value).toMatch(SHAPES[kind] ?? /^\P{Cc}+$/u);
      },
    ),
    { seed, numRuns: 5000 },
  );
});

it('two spellings of one number are one', () => {
  const subscriber = fc.tuple(
    fc.integer({ min: 201, max: 989 }),
    fc.integer({ min: 234, max: 989 }),
    fc.integer({ min: 1000, max: 9989 }),
  );
  const spelling = fc.constantFrom(
    (a: number, b: number, c: number) => `(${a}) ${b}-${c}`,
    (a: number, b: number, c: number) => `+1 ${a}.${b}.${c}`,
    (a: number, b: number, c: number) => `001${a}${b}${c}`,
    (a: number, b: number, c: number) => `1-${a}-${b}-${c} ext. 7`,
    (a: number, b: number, c: number) => `\u202a${a} ${b} ${c}\u202c`,
  );
  fc.assert(
    fc.property(subscriber, spelling, spelling, (parts, one, other) => {
      expect(normalize('phone', one(...parts), 'US')).toEqual(
        normalize('phone', other(...parts), 'US'),
      );
      expect(normalize('phone', one(...parts), 'US').ok).toBe(true);
    }),
    { seed },
  );
});

it('junk, however it is spaced and cased, never comes to a token', async () => {
  const tokenizer = createTokenizer(new Uint8Array(32).fill(1));
  const junk = fc.oneof(
    fc.constantFrom(
      'null',
      'undefined',
      'nan',
      '[object object]',
      'true',
      'false',
      'anonymous',
      'guest',
      'test',
      '-1',
      '',
    ),
    fc.string({ unit: fc.constantFrom('0', '-', ' '), maxLength: 20 }),
    fc
      .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 4, max: 20 }))
      .map(([digit, length]) => String(digit).repeat(length)),
  );
  const disguise = fc.constantFrom(
    (value: string) => value,
    (value: string) => value.toUpperCase(),
    (value: string) => `  ${value}\n`,
  );
  await fc.assert(
    fc.asyncProperty(type, junk, disguise, region, async (kind, value, put, home) => {
      const result = normalize(kind, put(value), home);
      expect(result.ok).toBe(false);
      expect(await tokenizer.token(kind, result.ok ? result.identifier.value : '')).toBeUndefined();
    }),
    { seed, numRuns: 2000 },
  );
});

it('a higher level never reveals less, whatever the overrides', () => {
  const level = fc.constantFrom(...evidenceLevels);
  const field = fc.constantFrom<RevealField[]>(
    'greeting',
    'name',
    'taste',
    'points',
    'orders',
    'contact',
    'birthday',
    'sensitive',
  );
  const worth = (decision: ReturnType<typeof decideReveal>): number =>
    decision.ok ? (decision.masked ? 1 : 2) : 0;
  fc.assert(
    fc.property(
      field,
      fc.record({
        mode: fc.constantFrom('storefront' as const, 'kiosk' as const),
        greetByNumber: fc.boolean(),
        givenHere: fc.boolean(),
      }),
      fc.dictionary(field, level),
      level,
      level,
      (what, around, overrides, a, b) => {
        const [low, high] = levelAtLeast(a, b) ? [b, a] : [a, b];
        const below = decideReveal(what, { ...around, level: low }, overrides);
        const above = decideReveal(what, { ...around, level: high }, overrides);
        expect(worth(above)).toBeGreaterThanOrEqual(worth(below));
        // the level it asks for is really enough, and is more than there is
        const need = below.ok ? a : below.need;
        expect(below.ok || decideReveal(what, { ...around, level: need }, overrides).ok).toBe(true);
        expect(below.ok || !levelAtLeast(low, need)).toBe(true);
        expect(decideReveal(what, { ...around, level: 'verified' }, overrides)).toEqual({
          ok: true,
          masked: false,
        });
      },
    ),
    { seed, numRuns: 5000 },
  );
});

it('a limited device is let go in the end, and never later than an hour', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 200 }), (gaps) => {
      let now = 0;
      let state: MissState | undefined;
      for (const gap of gaps) {
        now += gap + limitedFor(state, now);
        expect(limitedFor(state, now)).toBe(0);
        state = recordMiss(state, now);
        expect(limitedFor(state, now)).toBeLessThanOrEqual(3_600_000);
        expect(state.misses.length).toBeLessThan(8);
      }
    }),
    { seed },
  );
});

it('a mask shows no whole word of two letters or more, and its length tells nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z]{2,30}$/), { minLength: 1, maxLength: 5 }),
      (words) => {
        const masked = maskName(words.join(' '));
        expect(masked).toHaveLength(words.length > 1 ? 7 : 4);
        for (const word of words) expect(masked).not.toContain(word);
      },
    ),
    { seed },
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (value) => {
      expect(maskName(value).startsWith('***') || maskName(value).includes('***')).toBe(true);
      expect(maskText(value).startsWith('***')).toBe(true);
    }),
    { seed },
  );
});
