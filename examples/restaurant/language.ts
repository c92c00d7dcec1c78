import type { Greeting, Locale, Regulars } from 'regulars';
import { ar } from 'regulars/locales/ar';
import { de } from 'regulars/locales/de';
import { deFormal } from 'regulars/locales/de-formal';
import { es } from 'regulars/locales/es';
import { fr } from 'regulars/locales/fr';
import { it } from 'regulars/locales/it';
import { ja } from 'regulars/locales/ja';
import { ko } from 'regulars/locales/ko';
import { nl } from 'regulars/locales/nl';
import { pl } from 'regulars/locales/pl';
import { ptBr } from 'regulars/locales/pt-BR';
import { zhHans } from 'regulars/locales/zh-Hans';
import { byId, h } from '../shared/dom.js';
import { isSpoken, wordsIn, type PageWords, type Spoken } from './words.js';

/** What the greeting may speak besides English. */
export const locales: readonly Locale[] = [
  ...[de, deFormal, es, fr, it, nl, pl, ptBr, ar, ja, ko, zhHans],
];

/** Each in its own words: who looks for a language reads that one. */
const names: Readonly<Record<Spoken, string>> = {
  en: 'English',
  de: 'Deutsch (du)',
  'de-x-formal': 'Deutsch (Sie)',
  es: 'Español',
  fr: 'Français',
  it: 'Italiano',
  nl: 'Nederlands',
  pl: 'Polski',
  'pt-BR': 'Português (Brasil)',
  ar: 'العربية',
  ja: '日本語',
  ko: '한국어',
  'zh-Hans': '简体中文',
};

const dirOf = (lang: string): 'ltr' | 'rtl' =>
  locales.find((locale) => locale.lang === lang)?.dir ?? 'ltr';

/** The language in the address (`?lang=ar`), as the greeting has it; the shop's own where there is none. */
export function localeHere(query: URLSearchParams): string {
  const asked = query.get('lang') ?? 'en';
  return isSpoken(asked) && asked !== 'en' ? asked : 'en-IE';
}

/** The page's words in the language in which it welcomes now. */
export const wordsHere = (): PageWords => wordsIn(byId('welcome', HTMLElement).lang);

/** The welcome is in the language of its greeting, whatever was asked for; without a greeting, of `asked`. */
export function speakWelcome(greeting: Greeting, asked: string): void {
  const spoken = isSpoken(asked) ? asked : 'en';
  const { lang, dir } = greeting.kind === 'none' ? { lang: spoken, dir: dirOf(spoken) } : greeting;
  const region = byId('welcome', HTMLElement);
  const label = byId('language-label', HTMLLabelElement);
  for (const element of [region, label]) {
    element.lang = lang;
    element.dir = dir;
  }
  const { language, welcome, notMe, known } = wordsHere();
  label.textContent = language;
  region.setAttribute('aria-label', welcome);
  byId('not-me', HTMLButtonElement).textContent = notMe;
  byId('known', HTMLButtonElement).textContent = known;
}

/** The switch. The choice stands in the address and nowhere else: nobody has to say yes to anything for it. */
export function wireLanguage(client: Regulars, query: URLSearchParams, changed: () => void): void {
  const select = byId('language', HTMLSelectElement);
  select.replaceChildren(
    ...Object.entries(names).map(([lang, name]) =>
      h('option', { value: lang, lang, dir: dirOf(lang) }, name),
    ),
  );
  const asked = localeHere(query);
  select.value = isSpoken(asked) ? asked : 'en';
  select.addEventListener('change', () => {
    if (select.value === 'en') query.delete('lang');
    else query.set('lang', select.value);
    history.replaceState(null, '', `${location.pathname}?${query.toString()}`.replace(/\?$/, ''));
    client.setContext({ locale: localeHere(query) });
    changed();
  });
}
