import type { Revealed } from '../identity/types.js';
import { tablesOf, type Rows } from './known-tables.js';
import type { Known } from './known-types.js';
import { wordsFor } from './known-words.js';

export type { Known } from './known-types.js';

/** The page's words. Those of a value (`verified`, `import`, `granted`) stand under that value. */
export type KnownPageWords = Readonly<Record<string, string>>;

/** How the page is written. */
export interface KnownPageOptions {
  /** BCP 47: of the words and the dates. @defaultValue 'en' */
  readonly locale?: string;
  /** @defaultValue that of the locale */
  readonly dir?: 'ltr' | 'rtl';
  /** IANA zone of the dates. @defaultValue the machine's */
  readonly timeZone?: string;
  /** @defaultValue 'What we know about you'; it should name nobody */
  readonly title?: string;
  /** Words instead of the English ones, by their English text: `{ Orders: 'Bestellungen' }`. */
  readonly words?: KnownPageWords;
  /** For the style element, where the page's own policy asks for one. */
  readonly nonce?: string;
}

const STYLE = `:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-inline-size:60rem;margin:auto;padding:1rem;overflow-wrap:anywhere}
table{border-collapse:collapse;inline-size:100%;margin-block:2rem}caption{font-size:1.2em;font-weight:600;text-align:start}
th,td{border-block-end:1px solid GrayText;padding:.35rem;text-align:start;vertical-align:top}
@media print{:root{color-scheme:light}body{max-inline-size:none;padding:0}tr{break-inside:avoid}}`;

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};
const escape = (text: string): string => text.replace(/[&<>"']/g, (one) => ESCAPES[one] ?? '');

/**
 * A document of everything `rights.known()` gives, to be read, printed or kept: one HTML text with tables and no script. Pure; what a
 * customer or an import has written is text in it, whatever it says.
 * @example
 * const html = knownPage(await regulars.rights.known(), { locale: 'en-GB' });
 */
export function knownPage(known: Known, options: KnownPageOptions = {}): string {
  const { locale = 'en', words = {}, nonce } = options;
  const dir = options.dir ?? (/^(ar|dv|fa|he|ps|sd|ug|ur|yi)\b/.test(locale) ? 'rtl' : 'ltr');
  const say = wordsFor(words);
  const title = escape(options.title ?? say('What we know about you'));
  const write = (cell: Rows[number][number]): string => `<bdi>${escape(String(cell ?? ''))}</bdi>`;
  const table = (caption: string, heads: readonly string[], rows: Revealed<Rows>): string => {
    const top = `<table><caption>${escape(say(caption))}</caption>`;
    if (!rows.ok)
      return `${top}<tr><td>${escape(say('To be seen after a proof'))}: ${escape(say(rows.need))}</td></tr></table>`;
    if (rows.value.length === 0) return `${top}<tr><td>${escape(say('Nothing'))}</td></tr></table>`;
    const head = heads.map((text) => `<th scope="col">${escape(say(text))}</th>`).join('');
    const body = rows.value.map((row) => `<tr><td>${row.map(write).join('</td><td>')}</td></tr>`);
    return `${top}<thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
  };
  const style = `<style${nonce === undefined ? '' : ` nonce="${escape(nonce)}"`}>${STYLE}</style>`;
  const tables = tablesOf(known, say, locale, options.timeZone);
  return `<!doctype html><html lang="${escape(locale)}" dir="${dir}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer"><title>${title}</title>${style}</head><body><main><h1>${title}</h1>${tables.map((one) => table(...one)).join('')}</main></body></html>`;
}
