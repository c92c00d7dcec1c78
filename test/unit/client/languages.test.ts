import { describe, expect, it } from 'vitest';
import { nearestLocale } from '../../../src/greeting/nearest-locale.js';
import type { Regulars } from '../../../src/client/types.js';
import { en } from '../../../src/greeting/locales/en.js';
import { ar } from '../../../src/greeting/locales/ar.js';
import { de } from '../../../src/greeting/locales/de.js';
import { deFormal } from '../../../src/greeting/locales/de-formal.js';
import { ja } from '../../../src/greeting/locales/ja.js';
import { ptBr } from '../../../src/greeting/locales/pt-br.js';
import { zhHans } from '../../../src/greeting/locales/zh-hans.js';
import { createDevice, type Device } from '../../support/device.js';

const DAY = 86_400_000;

async function regular(
  options: Parameters<Device['page']>[0],
  facts: Readonly<Record<string, string>> = { given: 'Jana', family: 'Köhler', title: 'Frau Dr.' },
  visits = 6,
): Promise<Regulars> {
  const device = createDevice();
  const page = device.page({ consent: { remember: 'granted', suggest: 'granted' }, ...options });
  await page.start();
  await page.recognize({ account: 'jana' }, { verified: ['account'] });
  for (const [key, value] of Object.entries(facts))
    await page.rights.remember({ key: `name.${key}`, value });
  for (let day = 1; day <= visits; day++)
    await page.record({
      id: `pos:${day}`,
      at: device.clock.now() - day * 5 * DAY,
      lines: [{ sku: 'latte', name: 'Latte' }],
    });
  return page;
}
const said = (page: Regulars): { text: string; lang: string; dir: string; kind: string } => {
  const greeting = page.greeting();
  if (greeting.kind === 'none') throw new Error('no greeting');
  expect(greeting.parts.map(({ value }) => value).join('')).toBe(greeting.text);
  return greeting;
};

describe('nearestLocale', () => {
  const given = [de, deFormal, ja, ptBr, zhHans];
  it.each([
    ['de', 'de'],
    ['de-AT', 'de'],
    ['de_CH', 'de'],
    ['DE-de-1996', 'de'],
    ['de-x-formal', 'de-x-formal'],
    ['de-AT-x-formal', 'de-x-formal'],
    ['ja-JP-u-ca-japanese', 'ja'],
    ['pt', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['zh', 'zh-Hans'],
    ['zh-Hans-CN', 'zh-Hans'],
    ['zh-SG', 'zh-Hans'],
    ['zh-TW', undefined],
    ['zh-Hant', undefined],
    ['en-GB', undefined],
    ['fr', undefined],
    ['', undefined],
    ['not a locale', undefined],
    ['x', undefined],
    ['__proto__', undefined],
    ['d'.repeat(10_000), undefined],
  ])('gives %j the language %j', (tag, lang) => {
    expect(nearestLocale(given, tag)?.lang).toBe(lang);
  });

  it('takes the only form of a language that was imported, and the first of two alike', () => {
    expect(nearestLocale([deFormal], 'de-DE')).toBe(deFormal);
    const own = { ...de, lang: 'de-DE' };
    expect(nearestLocale([de, own], 'de')).toBe(de);
    expect(nearestLocale([own, de], 'de')).toBe(own);
    expect(nearestLocale([{ lang: 'not a tag' }, de], 'de')).toBe(de);
  });
});

describe('languages of a client', () => {
  it('G24: "Frau Dr. Köhler" and "Sie" formally, "Jana" and "du" informally', async () => {
    const facts = { given: 'Jana', family: 'Köhler', title: 'Frau Dr.' };
    for (let day = 0; day < 6; day++) {
      const formal = said(await regular({ locales: [deFormal], locale: 'de-DE' }, facts));
      expect(formal).toMatchObject({ kind: 'regular', lang: 'de-x-formal', dir: 'ltr' });
      expect(formal.text).toContain('Frau Dr. Köhler');
      expect(formal.text).toMatch(/\b(Sie|Ihnen)\b/);
      expect(formal.text).not.toMatch(/Jana|\bdu\b|\bdir\b/);
      const informal = said(await regular({ locales: [de, deFormal], locale: 'de-DE' }, facts));
      expect(informal.text).toContain('Jana');
      expect(informal.text).toMatch(/\b(du|dir|dich)\b/);
      expect(informal.text).not.toMatch(/Frau|Köhler|\bSie\b/);
    }
  });

  it('infers no title: formally the whole name, and no first name alone', async () => {
    const options = { locales: [deFormal], locale: 'de' };
    expect(said(await regular(options, { given: 'Jana', family: 'Köhler' })).text).toContain(
      'Jana Köhler',
    );
    expect(said(await regular(options, { given: 'Jana' })).text).not.toContain('Jana');
    expect(said(await regular(options, { display: 'Jana K.' })).text).toContain('Jana K.');
  });

  it('puts the family name first where its script does, and honors it', async () => {
    const sato = said(
      await regular({ locales: [ja], locale: 'ja' }, { given: '静香', family: '佐藤' }),
    );
    expect(sato.text).toContain('佐藤様');
    const wang = said(
      await regular({ locales: [zhHans], locale: 'zh-CN' }, { given: '小明', family: '王' }),
    );
    expect(wang.text).toContain('王小明');
  });

  it('switches at once, says the same thing, and tells which language and direction it is', async () => {
    const page = await regular({ locales: [de, ar], locale: 'en' });
    expect(said(page)).toMatchObject({ kind: 'regular', lang: 'en', dir: 'ltr' });
    page.setContext({ locale: 'ar-EG' });
    expect(said(page)).toMatchObject({ kind: 'regular', lang: 'ar', dir: 'rtl' });
    expect(said(page).text).toContain('\u2068Jana\u2069');
    expect(said(page).text).toMatch(/\u2068Latte\u2069/);
    page.setContext({ locale: 'de-AT' });
    expect(said(page)).toMatchObject({ kind: 'regular', lang: 'de' });
    const { ref } = page.greeting() as { ref: string };
    expect(page.why(ref)?.text).toMatch(/^Du hast hier/);
    page.setContext({ locale: 'fi' });
    expect(said(page)).toMatchObject({ lang: 'en', dir: 'ltr' });
    page.setContext({ locale: 'not a locale' });
    expect(said(page)).toMatchObject({ lang: 'en' });
  });

  it('asks a formatter of the host first, and goes on without one that throws', async () => {
    const asked: [string, string][] = [];
    const errors: unknown[] = [];
    const boom = new Error('formatter');
    const page = await regular({
      locales: [de],
      locale: 'de',
      onError: (error: unknown) => errors.push(error),
      messageFormatter: (key, slots, locale) => {
        asked.push([key, locale]);
        if (key === 'items') throw boom;
        return key === 'greeting.regular'
          ? [
              { type: 'text', value: 'Servus, ' },
              { type: 'name', value: (slots['name'] as { given: string }).given },
            ]
          : undefined;
      },
    });
    expect(said(page).text).toBe('Servus, Jana');
    expect(page.usual()).toMatchObject({ kind: 'usual', text: 'Latte' });
    expect(errors).toContain(boom);
    expect(asked).toContainEqual(['greeting.regular', 'de']);
    const { ref } = page.greeting() as { ref: string };
    expect(page.why(ref)?.text).toMatch(/^Du hast hier/);
    expect(asked).toContainEqual(['evidence.visits', 'de']);
  });

  it('lets the host say one thing in its own words, in every language', async () => {
    const page = await regular({
      locales: [de],
      locale: 'de',
      messages: { allergens: () => 'Frag Ana.', due: (item) => [{ type: 'item', value: item }] },
    });
    expect(said(page).lang).toBe('de');
    const own = await regular({ locales: [{ ...en, lang: 'en-GB' }], locale: 'en-GB' });
    expect(said(own).lang).toBe('en-GB');
  });

  it('names what is wrong with the options', () => {
    const { page } = createDevice();
    expect(() => page({ locales: 'de' as never })).toThrow(/locales must be a list/);
    expect(() => page({ locales: [undefined as never] })).toThrow(/locales must be a list/);
    expect(() => page({ messageFormatter: 'x' as never })).toThrow(
      /messageFormatter must be a function/,
    );
  });

  it.each([
    ['\u202eevil\u202c\u2066x\u2069', /^[^\u202a-\u202e\u2066\u2067]*$/],
    ['A\u200b\ufeffna', /Ana/],
    ['e\u0301'.repeat(40), /(?<!e)…/],
    ['Ana\nBea', /Ana Bea/],
    ['{$name}', /\{\$name\}/],
    ['<b>Ana</b>', /<b>Ana<\/b>/],
    ['x'.repeat(3_000), /x{39}…/],
  ])('shows %j as harmless text', async (given, shown) => {
    for (const locale of ['de', 'ar']) {
      const { text } = said(await regular({ locales: [de, ar], locale }, { given }));
      expect(text).toMatch(shown);
      expect(text.length).toBeLessThan(200);
    }
  });
});
