import type { Item, ModifierGroup } from '../recommend/types.js';
import { collectItems } from './collect-items.js';
import { isA, readJsonLd, type JsonLd } from './json-ld.js';
import { amount, currencyOf, object, text, type Loose } from './read.js';
import type { ParsedCatalog, ParseOptions } from './types.js';

export type * from './types.js';

/**
 * The goods of schema.org in JSON-LD: `Product`, `ProductGroup` with its variants, `MenuItem` of a `Menu` with its add-ons, wherever they are inside;
 * also in the text of a page. Diets an item suits are no allergens it has, so they give none.
 * @example
 * const { items } = parseSchemaOrgCatalog(await response.text());
 */
export function parseSchemaOrgCatalog(input: unknown, options: ParseOptions = {}): ParsedCatalog {
  const found = collectItems();
  const data = readJsonLd(input);
  const { many, nodes, one } = data;
  const groups = new Map<unknown, Loose>();
  const sections = new Map<unknown, string | undefined>();
  const addOns = new Set<unknown>();
  for (const node of nodes) {
    for (const variant of many(node, 'hasVariant')) groups.set(variant, node);
    for (const item of many(node, 'hasMenuItem')) sections.set(item, text(one(node, 'name')));
    for (const item of many(node, 'menuAddOn'))
      for (const each of [item, ...many(object(item), 'hasMenuItem')]) addOns.add(each);
  }
  const goods = nodes.filter(
    (node) => isA(node, /^(.*Product|ProductModel|ProductGroup|MenuItem)$/) && !addOns.has(node),
  );
  for (const [i, node] of goods.entries()) {
    const group = object(groups.get(node) ?? one(node, 'isVariantOf'));
    if (many(node, 'hasVariant')[0]) continue; // its variants are the goods
    const sold = offersOf(data, node);
    const own = sold.filter((offer) => text(one(offer, 'sku')));
    for (const offer of own[1] ? own : sold.slice(0, 1)) {
      const category = one(node, 'category') ?? one(group, 'category');
      const { price, raw } = priceOf(data, offer, options);
      const name = text(one(node, 'name')) ?? text(one(group, 'name'));
      found.add(
        {
          sku: own[1]
            ? text(one(offer, 'sku'))
            : (keyOf(data, node, offer) ?? (isA(node, /^MenuItem$/) ? name : undefined)),
          name,
          product: keyOf(data, group, {}) ?? (own[1] ? (keyOf(data, node, {}) ?? name) : undefined),
          category: text(object(category)['name'] ?? category) ?? sections.get(node),
          price,
          available: availableOf(text(one(offer, 'availability'))),
          modifierGroups: addOnsOf(data, node, options),
          allergens: allergensOf(data, node),
          image: urlOf(one(node, 'image')) ?? urlOf(one(group, 'image')),
          url: urlOf(one(offer, 'url')) ?? urlOf(one(node, 'url')),
        },
        `[${i}]`,
        raw,
      );
    }
  }
  if (!goods[0]) found.skip('not-an-order', '');
  return found.done();
}

/** The offers of an item; one that says nothing where there is none. */
function offersOf({ many }: JsonLd, node: Loose): readonly Loose[] {
  const offers = many(node, 'offers')
    .map(object)
    .flatMap((offer) => {
      const inside = many(offer, 'offers').map(object);
      return inside[0] ? inside : [offer];
    });
  return offers[0] ? offers : [{}];
}

const keyOf = ({ one }: JsonLd, node: Loose, offer: Loose): string | undefined =>
  ['sku', 'productGroupID', 'productID', 'gtin', 'gtin13', 'mpn', '@id'].flatMap(
    (field) => text(one(node, field)) ?? text(one(offer, field)) ?? [],
  )[0];

function priceOf(
  { one }: JsonLd,
  offer: Loose,
  options: ParseOptions,
): { readonly price: number | null; readonly raw: unknown } {
  const details = object(one(offer, 'priceSpecification'));
  const raw = one(offer, 'price') ?? details['price'] ?? one(offer, 'lowPrice');
  const currency = currencyOf(
    one(offer, 'priceCurrency'),
    details['priceCurrency'],
    options.currency,
  );
  // a catalog has one currency, which items do not name
  const isOther = options.currency !== undefined && currency !== currencyOf(options.currency);
  return { price: isOther ? null : amount(raw, currency), raw };
}

const availableOf = (said: string | undefined): boolean | undefined =>
  said === undefined ? undefined : !/OutOfStock|SoldOut|Discontinued/i.test(said);

function allergensOf({ many, one }: JsonLd, node: Loose): readonly string[] | undefined {
  const given = many(node, 'additionalProperty')
    .map(object)
    .filter((property) => /allerg/i.test(text(one(property, 'name')) ?? ''))
    .flatMap((property) => many(property, 'value'))
    .flatMap((value) => text(value)?.split(/\s*[,;]\s*/) ?? []);
  return given[0] ? given : undefined;
}

function addOnsOf(
  data: JsonLd,
  node: Loose,
  options: ParseOptions,
): Item['modifierGroups'] | undefined {
  const { many, one } = data;
  const optionsOf = (items: readonly unknown[]): ModifierGroup['options'] =>
    items.map(object).flatMap((item) => {
      const name = text(one(item, 'name'));
      const { price } = priceOf(data, offersOf(data, item)[0] ?? {}, options);
      const id = keyOf(data, item, {}) ?? name;
      return id && name ? [{ id, name, ...(price !== null && price >= 0 && { price }) }] : [];
    });
  const groups = many(node, 'menuAddOn')
    .map(object)
    .flatMap((group, i) => {
      const inside = many(group, 'hasMenuItem');
      const choices = optionsOf(inside[0] ? inside : [group]);
      const name = text(one(group, 'name')) ?? '';
      return choices[0]
        ? [{ id: keyOf(data, group, {}) ?? `add-on-${i}`, name, options: choices }]
        : [];
    });
  return groups[0] ? groups : undefined;
}

/** An address; of an image, where it lies. */
const urlOf = (value: unknown): string | undefined =>
  text(object(value)['url'] ?? object(value)['contentUrl'] ?? value);
