import { describe, expect, it } from 'vitest';
import { createRegulars } from '../../../src/client/create-regulars.js';
import { createMessages } from '../../../src/greeting/create-messages.js';
import { en } from '../../../src/greeting/locales/en.js';
import { languages } from '../../support/languages.js';

const ask = { remember: 'ask' } as const;

describe('what everybody hears before anything more is loaded', () => {
  it('is, in English, what the whole English says', () => {
    const { greeting } = createRegulars({ shop: 'blue-door', consent: ask }).getServer();
    const parts = en.greeting('neutral', {}, 'none', 0);
    expect(greeting).toMatchObject({ kind: 'neutral', parts, lang: 'en', dir: 'ltr' });
  });

  it.each(languages.map((locale) => [locale.lang, locale] as const))(
    'is, in %s, what the whole language says',
    (tag, locale) => {
      const options = { shop: 'blue-door', consent: ask, locales: [locale], locale: tag };
      const { greeting } = createRegulars(options).getServer();
      const parts = createMessages(locale).greeting('neutral', {}, 'none', 0);
      expect(greeting).toMatchObject({ parts, lang: tag, dir: locale.dir });
    },
  );

  it("is in the host's own words where it has some, and in ours where these throw", () => {
    const options = { shop: 'blue-door', consent: ask };
    const own = createRegulars({
      ...options,
      messages: { greeting: () => [{ type: 'text', value: 'Ahoy.' }] },
    });
    expect(own.getServer().greeting).toMatchObject({ text: 'Ahoy.' });
    const broken = createRegulars({
      ...options,
      messages: {
        greeting: () => {
          throw new Error('host');
        },
      },
    });
    expect(broken.getServer().greeting).toMatchObject({ text: 'Welcome.' });
  });
});
