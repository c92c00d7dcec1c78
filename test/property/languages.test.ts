import fc from 'fast-check';
import { MessageFormat } from 'messageformat';
import { describe, expect, it } from 'vitest';
import { readLanguages } from '../../scripts/compile-messages.mjs';
import { NUMBERS, stemOf } from '../../scripts/message-source.mjs';
import { createMessages } from '../../src/greeting/create-messages.js';
import { createPen } from '../../src/greeting/create-spoken.js';
import { en } from '../../src/greeting/locales/en.js';
import { rare } from '../../src/greeting/locales/en-rare-words.js';
import { reasons } from '../../src/greeting/locales/en-reasons-words.js';
import { english } from '../../src/greeting/locales/en-spoken.js';
import { spoken } from '../../src/greeting/locales/en-spoken-words.js';
import type { Locale, Messages } from '../../src/greeting/messages.js';
import type { Message } from '../../src/greeting/pieces.js';
import type { Evidence, GreetingKind, GreetingPart } from '../../src/greeting/types.js';
import { isolateParts, partsToText } from '../../src/greeting/words.js';
import { languages } from '../support/languages.js';
import { runs } from '../support/runs.js';

const settings = { numRuns: runs(100), seed: 20260320 };
const all: readonly Messages[] = [en, ...languages.map(createMessages)];
const KINDS: readonly GreetingKind[] = [
  ...(['recovery', 'follow-up', 'birthday', 'milestone', 'lapsed'] as const),
  ...(['regular', 'returning', 'first', 'neutral'] as const),
];
const NUMBERS_TO_TRY = [0, 1, 2, 3, 4, 5, 10, 11, 12, 21, 22, 25, 50, 100, 101, 111, 1_000];

/** Compiled messages by their names, as the lists have them. */
function compiled({ words }: Pick<Locale, 'words'>): Map<string, Message | readonly Message[]> {
  return new Map(
    [spoken, rare, reasons].flatMap((names, section) =>
      Object.keys(names).map((name, at) => [name, words[section]?.[at] as Message] as const),
    ),
  );
}

describe('compiled messages', () => {
  const [source, ...sources] = readLanguages();
  const pairs = [
    ...sources.map((resource) => {
      const locale = languages.find(({ lang }) => lang === resource.meta.get('locale'));
      if (!locale) throw new Error(`${resource.file} is not compiled`);
      return { resource, traits: locale, words: compiled(locale) };
    }),
    {
      resource: source,
      traits: english,
      words: new Map<string, Message | readonly Message[]>(
        Object.entries({ ...spoken, ...rare, ...reasons }),
      ),
    },
  ];

  it.each(pairs)('of $resource.file say what MessageFormat 2 says', (pair) => {
    const { resource, traits, words } = pair;
    const pen = createPen(traits);
    if (!resource) throw new Error('no source');
    for (const { key, source: text, params } of resource.entries.values()) {
      const found = words.get(stemOf(key));
      const message = Array.isArray(found)
        ? (found as readonly Message[])[Number(/\d+$/.exec(key)) - 1]
        : (found as Message);
      if (message === undefined) throw new Error(`${key} is not compiled`);
      const reference = new MessageFormat(traits.lang, text, { bidiIsolation: 'none' });
      const known = source?.entries.get(key) ?? source?.entries.get(`${stemOf(key)}-1`);
      const names = [...(known?.params.keys() ?? []), ...params.keys()];
      const fillArb = fc.record(
        Object.fromEntries(
          names.map((name): [string, fc.Arbitrary<string | number>] => [
            name,
            NUMBERS.has(name)
              ? fc.constantFrom(...NUMBERS_TO_TRY)
              : fc.constantFrom(
                  '',
                  'a',
                  'Ines',
                  'morning',
                  'afternoon',
                  'evening',
                  'night',
                  'weekend',
                  'weekday',
                  'none',
                  'device',
                  'claimed',
                ),
          ]),
        ),
      );
      fc.assert(
        fc.property(fillArb, (fill) => {
          const ours = partsToText(pen.say(message, fill));
          // our sentence joins numbers as the language writes them, and so does the reference
          expect(ours, key).toBe(reference.format(fill));
        }),
        { ...settings, numRuns: 60 },
      );
    }
  });
});

const slotsArb = fc.record({
  name: fc.option(
    fc.record(
      {
        given: fc.constantFrom('Jana', 'شيرين', '静香', 'O’Neil'),
        family: fc.constantFrom('Köhler', '佐藤', '김', 'van der Berg'),
        title: fc.constantFrom('Frau Dr.', 'Mme', '先生'),
        display: fc.constantFrom('Jana K.', 'the regular'),
      },
      { requiredKeys: [] },
    ),
    { nil: undefined },
  ),
  items: fc.array(
    fc.record({
      name: fc.constantFrom('Latte', 'قهوة', '抹茶', 'Iced tea'),
      modifiers: fc.array(fc.constantFrom('oat', 'extra hot', 'سكر'), { maxLength: 3 }),
      quantity: fc.constantFrom(1, 2, 3, 11),
    }),
    { maxLength: 8 },
  ),
  table: fc.option(fc.constantFrom('7', 'Window'), { nil: undefined }),
  staff: fc.option(fc.constant('Ana'), { nil: undefined }),
  contact: fc.option(fc.constant('555 0100'), { nil: undefined }),
  weekday: fc.option(fc.constantFrom(0, 1, 6), { nil: undefined }),
  ordinal: fc.constantFrom(10, 25, 50, 100, 150),
  daypart: fc.constantFrom('morning', 'midday', 'afternoon', 'evening', 'night'),
});
const given = (slots: object): never =>
  Object.fromEntries(Object.entries(slots).filter(([, value]) => value !== undefined)) as never;

/** No hole, no leftover of a template, no stray space, whatever the language. */
function isWhole(text: string, lang: string): void {
  expect(text, lang).not.toMatch(/[{}$\uFFFD]|undefined|null|NaN|\[object/);
  expect(text, lang).not.toMatch(/ {2}|^\s|\s$/);
  const bare = text.replace(/[\u2068\u2069]/g, '');
  expect(bare, lang).not.toMatch(/,\s*[.?]|\(\s*\)|:\s*[.?]/);
  // French has no-break spaces there, nobody else any
  expect(bare, lang).not.toMatch(/ [.,?;:؟،]/);
  if (lang === 'fr') expect(bare).not.toMatch(/[^\u202f\s]\?|[^\u00a0\s]: /);
  if (/^(ja|zh)/.test(lang)) expect(bare.replace(/[\w ’.]+/g, ''), lang).not.toMatch(/\s/);
  expect(bare, lang).not.toMatch(/!|！|\p{Extended_Pictographic}/u);
}

const saidBy = (messages: Messages): fc.Arbitrary<readonly GreetingPart[]> =>
  fc
    .tuple(
      slotsArb,
      fc.constantFrom(...KINDS),
      fc.constantFrom('usual', 'ask', 'last', 'none'),
      fc.nat({ max: 5 }),
    )
    .map(([slots, kind, said, variant]) =>
      messages.greeting(kind, given(slots), said as 'usual', variant),
    );

describe('every language', () => {
  it.each(all)('$lang greets in whole sentences', (messages) => {
    fc.assert(
      fc.property(saidBy(messages), (parts) => {
        const isolated = isolateParts(parts, messages.dir);
        const text = partsToText(parts, messages.dir);
        expect(partsToText(isolated)).toBe(text);
        expect(parts.every(({ value }) => value !== '')).toBe(true);
        isWhole(text, messages.lang);
      }),
      settings,
    );
  });

  it.each(all)(
    '$lang greets everybody in one way, and without a name where none is known',
    (messages) => {
      const texts = new Set<string>();
      for (let variant = 0; variant < 6; variant++)
        for (const kind of KINDS) {
          const nameless = messages.greeting(kind, { ordinal: 10 }, 'none', variant);
          isWhole(partsToText(nameless, messages.dir), messages.lang);
          expect(nameless.some(({ type }) => type === 'name')).toBe(false);
          const named = messages.greeting(
            'neutral',
            { name: { given: 'Ana', family: 'Sato', display: 'Ana S.' } },
            'none',
            variant,
          );
          texts.add(JSON.stringify(named));
        }
      expect(texts.size).toBe(1);
    },
  );

  it.each(all)('$lang isolates what runs the other way, and nothing unpaired', (messages) => {
    const other = messages.dir === 'rtl' ? 'Jana' : 'شيرين';
    const parts = messages.greeting(
      'returning',
      { name: { given: other, family: other, display: other, title: other } },
      'none',
      0,
    );
    const text = partsToText(parts, messages.dir);
    expect(text).toMatch(new RegExp(`\u2068[^\u2069]*${other}[^\u2069]*\u2069`));
  });

  it.each(all)('$lang has two phrasings for who comes often', (messages) => {
    for (const kind of ['returning', 'regular'] as const) {
      const said = [0, 1, 2, 3, 4, 5].map((variant) =>
        partsToText(messages.greeting(kind, { daypart: 'morning' }, 'none', variant)),
      );
      expect(new Set(said).size).toBeGreaterThanOrEqual(2);
    }
  });

  it.each(all)('$lang gives every reason in a whole sentence', (messages) => {
    const at = Date.UTC(2026, 2, 20);
    const evidence: readonly Evidence[] = [
      ...NUMBERS_TO_TRY.slice(1).flatMap((count): Evidence[] => [
        { kind: 'visits', count },
        { kind: 'visits', count, days: 90 },
        { kind: 'due', days: count, times: 3 },
        { kind: 'milestone', ordinal: count + 1 },
        { kind: 'share', share: 0.5, of: count },
      ]),
      ...(['morning', 'midday', 'afternoon', 'evening', 'night'] as const).flatMap((daypart) =>
        [undefined, true, false].map((weekend): Evidence => ({
          kind: 'share',
          share: 0.8,
          of: 5,
          daypart,
          ...(weekend !== undefined && { weekend }),
        })),
      ),
      ...[1, 2, 3, 4, 9].map((count): Evidence => ({
        kind: 'purchases',
        ids: [],
        ats: Array.from({ length: count }, () => at),
      })),
      { kind: 'fact', key: 'diet', source: 'customer', at },
      { kind: 'fact', key: 'diet', source: 'import', at },
      { kind: 'issue', issue: 'i', state: 'open', at },
      { kind: 'issue', issue: 'i', state: 'resolved', at },
      { kind: 'rhythm', tail: 0.1 },
      { kind: 'held-out' },
      { kind: 'popular', rank: 1 },
      { kind: 'together', sku: 'a', name: 'Latte' },
      { kind: 'together', sku: 'a', name: 'Latte', inBasket: true },
      ...(['none', 'device', 'claimed', 'verified'] as const).map((level): Evidence => ({
        kind: 'level',
        level,
      })),
    ];
    const day = new Intl.DateTimeFormat(messages.lang, { dateStyle: 'long', timeZone: 'UTC' });
    for (const piece of evidence) {
      const text = messages.evidence(piece, (ms) => day.format(ms));
      expect(text).not.toBe('');
      isWhole(text, messages.lang);
    }
  });

  it.each(all)('$lang answers a search and names what changed', (messages) => {
    const said = [
      ...(['have', 'substitute', 'referral', 'none'] as const).map((kind) =>
        partsToText(
          messages.lookFor(kind, {
            item: 'Guji',
            substitute: 'Sidamo',
            difference: 'lighter',
            referral: 'Corner Books, Elm St',
          }),
          messages.dir,
        ),
      ),
      partsToText(
        messages.lookFor('substitute', { item: 'Guji', substitute: 'Sidamo' }),
        messages.dir,
      ),
      partsToText(messages.due('Filter'), messages.dir),
      messages.allergens(),
      messages.change('price', { item: 'Latte', was: '3.80', is: '4.00' }),
      messages.change('gone', { item: 'Latte' }),
      messages.change('unavailable', { item: 'Latte' }),
      messages.change('modifier-gone', {
        item: 'Latte',
        modifier: 'oat',
        options: ['whole', 'soy'],
      }),
      messages.change('option-missing', { item: 'Latte', modifier: 'Milk', options: [] }),
      messages.change('option-missing', { item: 'Latte', options: ['whole'] }),
      messages.ask('Latte', 'Milk', ['oat', 'whole', null]),
      messages.ask('Latte', '', ['oat', null]),
    ];
    for (const text of said) isWhole(text, messages.lang);
    expect(said[1]).toContain('Sidamo');
    expect(said[2]).toContain('Corner Books');
    expect(said[2]).not.toContain('Sidamo');
  });

  it.each(all)('$lang says no onions and extra cheese, and not twice', (messages) => {
    const { modifier = String } = messages;
    const without = modifier('onions', 0);
    const extra = modifier('cheese', 2);
    expect(without).toContain('onions');
    expect(without).not.toBe('onions');
    expect(extra).not.toBe('cheese');
    expect(modifier(without, 0)).toBe(without);
    expect(modifier(extra, 2)).toBe(extra);
    expect(modifier('oat', 1)).toBe('oat');
  });
});

describe('forms of address', () => {
  const texts = (lang: string): string => {
    const locale = languages.find((one) => one.lang === lang);
    const file = readLanguages().find(({ meta }) => meta.get('locale') === locale?.lang);
    return [...(file?.entries.values() ?? [])].map(({ source: text }) => text).join('\n');
  };
  it.each([
    ['de', /(?<!\p{L})(Sie|Ihnen|Ihre?[nmrs]?)(?!\p{L})/u],
    ['de-x-formal', /(?<!\p{L})(du|dich|dir|dein\p{L}*|bist|hast|kommst|kaufst)(?!\p{L})/iu],
    ['fr', /(?<!\p{L})(tu|toi|te|ton|ta|tes|t’)(?!\p{L})/iu],
    ['es', /(?<!\p{L})(usted|ustedes|su|sus|le)(?!\p{L})/iu],
    ['nl', /(?<!\p{L})(u|uw|uwe)(?!\p{L})/iu],
    ['it', /(?<!\p{L})(Lei|Suo|Sua|La ringraziamo)(?!\p{L})/u],
    ['pl', /(?<!\p{L})(Pan|Pani|Państwo|Cię|ciebie|twój|twoje)(?!\p{L})/iu],
    ['ko', /(너|당신)/],
    ['zh-Hans', /你/],
  ])('%s does not mix them', (lang, other) => {
    expect(texts(lang)).not.toBe('');
    expect(texts(lang)).not.toMatch(other);
  });

  it.each([
    ['es', /(?<!la )bienvenid[oa]/iu],
    ['it', /(?<!il )benvenut[oa]|bentornat[oa]/iu],
    ['pt-BR', /bem-vind[oa]|obrigad[oa]/iu],
    ['fr', /bienvenue?s?(?!\p{L}).*vous êtes|ravie?s? de/iu],
  ])('%s is written around gender', (lang, gendered) => {
    expect(texts(lang)).not.toMatch(gendered);
  });
});
