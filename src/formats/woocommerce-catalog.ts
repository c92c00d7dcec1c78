import { readJson, unwrap } from './orders.js';
import type { Item, ModifierGroup } from '../recommend/types.js';
import { collectItems, type ItemCollector } from './collect-items.js';
import { readCsv, type CsvRow } from './csv.js';
import {
  amount,
  currencyOf,
  list,
  number,
  object,
  text,
  type Loose,
  first,
  defined,
} from './read.js';
import type { ParsedCatalog, ParseOptions } from './types.js';

/** What is sold as something else, somewhere else, or as money. */
const NO_GOODS = /^(?:grouped|external|.*gift-?card)$/;

/**
 * Reads products of WooCommerce as items, one a variation: REST v3 products and their variations, together in a list, the Store API, and the CSV
 * file of the product export. An item has the sku that orders have, and the id as `ref` and among its `aliases`. Choices of Product Add-Ons
 * become `modifierGroups`. Drafts and hidden products are skipped as `inactive`. REST and CSV name no currency: give it as an option.
 *
 * @example
 * ```ts
 * import { parseWooCommerceCatalog } from 'regulars/formats/woocommerce-catalog';
 *
 * const { items } = parseWooCommerceCatalog([{ id: 103, name: 'Latte', sku: 'LAT', price: '3.80' }], { currency: 'EUR' });
 * ```
 */
export function parseWooCommerceCatalog(input: unknown, options: ParseOptions = {}): ParsedCatalog {
  const found = collectItems();
  const json = readJson(input);
  const products =
    typeof input === 'string' && json === undefined
      ? readCsv(input).map((row, i) => [ofRow(row), `row ${i + 2}`] as const)
      : [...unwrap(json, ['products', 'product'])];
  if (products.length === 0) found.skip('not-an-order', '');
  const byKey = new Map<string | undefined, Loose>();
  for (const [product] of products)
    for (const key of [text(product['sku']), text(product['id'])])
      if (key !== undefined) byKey.set(key, product);
  // of a product whose variations are here, these are the items
  const parents = new Set(
    products.map(([product]) => byKey.get(parentOf(product))).filter(Boolean),
  );
  for (const [product, where] of products) {
    const { status = 'publish', type, catalog_visibility } = product;
    const isProduct = ['name', 'sku', 'price', 'prices'].some((field) => field in product);
    if (!isProduct || NO_GOODS.test(text(type) ?? '')) found.skip('not-an-order', where);
    else if (status !== 'publish' || catalog_visibility === 'hidden') found.skip('inactive', where);
    else if (!parents.has(product)) addItem(product, byKey, where, options, found);
  }
  return found.done();
}

/** The id, in CSV also the sku, of the product that something is a variation of. */
function parentOf(product: Loose): string | undefined {
  const [up] = list(object(product['_links'])['up']);
  return first(
    product['parent_id'] || undefined,
    product['parent'] || undefined,
    /\/products\/(\d+)$/.exec(text(object(up)['href']) ?? '')?.[1],
  );
}

function addItem(
  product: Loose,
  byKey: ReadonlyMap<string | undefined, Loose>,
  where: string,
  options: ParseOptions,
  found: ItemCollector,
): void {
  const above = parentOf(product);
  const parent = byKey.get(above) ?? {};
  const id = text(product['id']);
  const sku = first(product['sku'], id);
  const choices = choicesOf(product);
  const [price, raw] = priceOf(product, options);
  if (raw !== undefined && price === undefined) found.warn('no currency');
  const addOns = groupsOf(product, options) ?? groupsOf(parent, options);
  const { permalink, purchasable, is_purchasable, is_in_stock, in_stock, stock_status } = product;
  const image = list(product['images'])[0] ?? product['image'] ?? list(parent['images'])[0];
  const category = [...list(product['categories']), ...list(parent['categories'])][0];
  found.add(
    {
      sku,
      name: nameOf(plain(product['name']), plain(parent['name']), choices),
      ref: id,
      product: first(parent['id'], above, id),
      aliases: id === undefined || id === sku ? undefined : [id],
      category: plain(object(category)['name']),
      price: price ?? undefined,
      available:
        ![purchasable, is_purchasable, is_in_stock, in_stock].includes(false) &&
        stock_status !== 'outofstock',
      // a line of a variation has its attributes among its modifiers
      modifierGroups: addOns && [
        ...choices.map(({ called, chosen }) => ({
          ...{ id: called, name: called },
          options: [{ id: chosen, name: chosen, default: true }],
        })),
        ...addOns,
      ],
      image: first(object(image)['src']),
      url: text(permalink),
    } satisfies { readonly [K in keyof Item]: Item[K] | undefined },
    where,
    price === undefined ? undefined : raw,
  );
}

interface Chosen {
  readonly called: string;
  readonly chosen: string;
}

/** What makes a variation one. */
const choicesOf = (product: Loose): readonly Chosen[] =>
  [
    ...list(product['attributes']).map((each) => [object(each)['name'], object(each)['option']]),
    // of the Store API: `Color: Red, Size: M`
    ...(text(product['variation'])?.split(', ') ?? []).map((each) => each.split(': ')),
  ].flatMap(([name, option]) => {
    const [called, chosen] = [text(name), text(option)];
    return called && chosen ? [{ called, chosen }] : [];
  });

/** A variation is called by its product and by what it is of it, unless its own name says both. */
function nameOf(
  name: string | undefined,
  product: string | undefined,
  choices: readonly Chosen[],
): string | undefined {
  const size = choices.map(({ chosen }) => chosen).join(', ') || undefined;
  if (product === undefined) return name ?? size;
  return name?.startsWith(product) && name !== product
    ? name
    : [product, size ?? (name === product ? undefined : name)].filter(Boolean).join(' - ');
}

/** The Store API has minor units, of digits of its own; the others have decimals. */
function priceOf(
  product: Loose,
  options: ParseOptions,
): readonly [price: number | null | undefined, raw: unknown] {
  const { price, currency_code, currency_minor_unit } = object(product['prices']);
  const currency = currencyOf(currency_code, options.currency);
  const shift = 10 ** (number(currency_minor_unit) ?? 0);
  const raw = text(price) === undefined ? text(product['price']) : (number(price) ?? NaN) / shift;
  return [currency === undefined || raw === undefined ? undefined : amount(raw, currency), raw];
}

/** Choices of Product Add-Ons; what is typed, uploaded or paid as one likes is no choice. */
function groupsOf(product: Loose, options: ParseOptions): readonly ModifierGroup[] | undefined {
  const meta = list(product['meta_data']).map(object);
  const given = product['addons'] ?? meta.find(({ key }) => key === '_product_addons')?.['value'];
  const groups = list(given).flatMap((each): readonly ModifierGroup[] => {
    const group = object(each);
    const name = plain(group['name']);
    const isOne = group['type'] === 'multiple_choice';
    if (name === undefined || !(isOne || group['type'] === 'checkbox')) return [];
    const choices = list(group['options']).flatMap((one) => {
      const { label, price, price_type } = object(one);
      const called = plain(label);
      const added = text(price_type)?.startsWith('percent')
        ? null
        : amount(price, currencyOf(options.currency));
      return called === undefined
        ? []
        : [{ id: called, name: called, ...defined({ price: added ?? undefined }) }];
    });
    const min = /^(?:1|true|yes)$/.test(
      String(text(group['required']) ?? group['required'] === true),
    )
      ? 1
      : undefined;
    return [
      { ...{ id: name, name, options: choices }, ...defined({ min, max: isOne ? 1 : undefined }) },
    ];
  });
  return groups.length > 0 ? groups : undefined;
}

/** A row of the export as the API has a product. Only its English header is known. */
function ofRow(row: CsvRow): Loose {
  if (!('Type' in row && 'SKU' in row)) return {};
  const [type] = (row['Type'] ?? '').split(/[, ]/);
  // `Food > Pizza, Sale`: the first, its last; a comma within a name comes as `\,`
  const [path = ''] = /^(?:\\,|[^,])*/.exec(row['Categories'] ?? '') ?? [];
  const category = path.replace(/\\,/g, ',').split(' > ').pop();
  return {
    ...{ id: row['ID'], type, sku: row['SKU'], name: row['Name'] },
    status: row['Published'] === '1' ? 'publish' : 'draft',
    catalog_visibility: row['Visibility in catalog'],
    price: row['Sale price'] || row['Regular price'],
    stock_status: row['In stock?'] === '0' ? 'outofstock' : 'instock',
    categories: category ? [{ name: category }] : [],
    images: row['Images'] ? [{ src: row['Images'].split(', ')[0] }] : [],
    parent: row['Parent']?.replace(/^id:/, ''),
    attributes:
      type === 'variation'
        ? [1, 2, 3, 4].map((i) => ({
            name: row[`Attribute ${i} name`],
            option: row[`Attribute ${i} value(s)`],
          }))
        : [],
  };
}

/** Text without tags. */
const plain = (value: unknown): string | undefined =>
  text(typeof value === 'string' ? value.replace(/<\/?[a-z][^<>]*>/gi, '') : value);
