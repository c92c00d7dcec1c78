import { XMLParser } from 'fast-xml-parser';
import { collectItems } from './collect-items.js';
import { readCsv } from './csv.js';
import { amount, currencyOf, instant, list, object, text, type Loose } from './read.js';
import type { ParsedCatalog, ParseOptions } from './types.js';

export type * from './types.js';

/**
 * The items of a Google Merchant feed: XML (RSS 2.0 or Atom) or tab-separated text. A sale price counts where it has no period, or its period holds
 * at `receivedAt`. With `currency`, prices in another are left out.
 * @example
 * const { items } = parseMerchantFeed(await response.text(), { currency: 'EUR' });
 */
export function parseMerchantFeed(input: unknown, options: ParseOptions = {}): ParsedCatalog {
  const found = collectItems();
  const feed = typeof input === 'string' ? input.replace(/^\uFEFF/, '') : '';
  const rows = /^\s*</.test(feed) ? readXml(feed) : readCsv(feed).map(plainNames);
  for (const [i, row] of rows.entries()) {
    const at = (...fields: readonly string[]): string | undefined =>
      fields.flatMap((field) => contentOf(row[`g:${field}`]) ?? contentOf(row[field]) ?? [])[0];
    const { price, raw } = priceOf(at, options);
    const category = at('google_product_category');
    found.add(
      {
        sku: at('id'),
        name: at('title', 'structured_title'),
        product: at('item_group_id'),
        // a number says nothing to a person
        category: at('product_type') ?? (/^\d+$/.test(category ?? '') ? undefined : category),
        price,
        available: availableOf(at('availability')),
        sensitive: /^(yes|true)$/i.test(at('adult') ?? '') || undefined,
        image: at('image_link'),
        url: at('link'),
      },
      /^\s*</.test(feed) ? `item[${i}]` : `row ${i + 2}`,
      raw,
    );
  }
  if (!rows[0]) found.skip('not-an-order', '');
  return found.done();
}

/** Items or entries of a feed. Entities stay as they are: `text` reads those of HTML, and a feed's own, which could grow without end, nobody. */
function readXml(feed: string): readonly Loose[] {
  const parser = new XMLParser({
    attributeNamePrefix: '@',
    ignoreAttributes: false,
    parseTagValue: false,
    processEntities: false,
  });
  try {
    const { rss, feed: atom, ...rest } = object(parser.parse(feed));
    const channel = object(object(rss ?? rest['rdf:RDF'])['channel']);
    const items = channel['item'] ?? object(atom)['entry'] ?? object(rest['rdf:RDF'])['item'];
    return (Array.isArray(items) ? list(items) : items === undefined ? [] : [items]).map(object);
  } catch {
    return [];
  }
}

/** `Image link` and `g:image_link` are `image_link`. */
const plainNames = (row: Loose): Loose =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.toLowerCase().replace(/^g:/, '').replace(/[ -]/g, '_'),
      value,
    ]),
  );

/** The text of an element, with attributes or without; of several the first; of a link of Atom, where it leads. */
function contentOf(value: unknown): string | undefined {
  const first = Array.isArray(value) ? list(value)[0] : value;
  const element = object(first);
  return text(element['#text'] ?? element['content'] ?? element['@href'] ?? first);
}

function priceOf(
  at: (field: string) => string | undefined,
  options: ParseOptions,
): { readonly price: number | null; readonly raw: unknown } {
  const price = at('price');
  const sale = at('sale_price');
  const [from = '', to = ''] = at('sale_price_effective_date')?.split('/') ?? [];
  const now = instant(options.receivedAt) ?? '';
  const isOn = !from || ((instant(from) ?? '~') <= now && now <= (instant(to) ?? '~'));
  const raw = sale && isOn ? sale : price;
  const currency = currencyOf(/[A-Z]{3}/i.exec(raw ?? '')?.[0], options.currency);
  const isOther = options.currency !== undefined && currency !== currencyOf(options.currency);
  return { price: isOther ? null : amount(raw, currency), raw };
}

const availableOf = (said: string | undefined): boolean | undefined =>
  said === undefined ? undefined : !/out.of.stock/i.test(said);
