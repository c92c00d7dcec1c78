import { readJson, unwrap } from './orders.js';
import { collectItems } from './collect-items.js';
import type { CsvRow } from './csv.js';
import { amount, currencyOf, number, type Loose, first } from './read.js';
import { camel, idOf, nodes } from './shopify-nodes.js';
import { fieldsOf, readTable, type Cell } from './shopify-table.js';
import type { ParsedCatalog, ParseOptions } from './types.js';

export type * from './types.js';

const WRAPPERS = ['data', 'products', 'product', 'collection', 'nodes', 'edges', 'node'];

/** Columns of a product and of its variants, in today's export, the one before, and Matrixify's. */
const PRODUCT = {
  id: ['id'],
  handle: ['url handle', 'handle'],
  title: ['title'],
  productType: ['type', 'product category'],
  status: ['status'],
  published: ['published on online store', 'published'],
  giftCard: ['gift card'],
  image: ['product image url', 'image src'],
} as const;
const VARIANT = {
  id: ['variant id'],
  sku: ['sku', 'variant sku'],
  price: ['price', 'variant price'],
  option1: ['option1 value'],
  option2: ['option2 value'],
  option3: ['option3 value'],
  inventoryManagement: ['inventory tracker', 'variant inventory tracker'],
  inventoryPolicy: ['continue selling when out of stock', 'variant inventory policy'],
  inventoryQuantity: ['inventory quantity', 'variant inventory qty'],
  image: ['variant image url', 'variant image'],
} as const;

/**
 * Reads products of Shopify as items, one a variant: the Admin REST API and `/products.json`, the Admin and Storefront GraphQL APIs, and
 * the CSV files of the admin and Matrixify. An item has the sku that orders have, and the variant's id as `ref` and among its `aliases`.
 * Drafts, archived, unlisted and unpublished products are skipped as `inactive`. REST and CSV name no currency: give it as an option.
 * @example parseShopifyCatalog(await (await fetch('/products.json')).json(), { currency: 'USD' }).items
 */
export function parseShopifyCatalog(input: unknown, options: ParseOptions = {}): ParsedCatalog {
  const found = collectItems();
  const json = readJson(input);
  const products: Iterable<readonly [Loose, string, ...unknown[]]> =
    json === undefined && typeof input === 'string' ? productsOfCsv(input) : unwrap(json, WRAPPERS);
  for (const [raw, where] of products) {
    const product = camel(raw);
    if (!isProduct(product)) found.skip('not-an-order', where);
    else if (!isListed(product)) found.skip('inactive', where);
    else {
      const { pageInfo } = camel(product['variants']);
      if (camel(pageInfo)['hasNextPage'] === true)
        found.warn(`${where}: the list of variants is cut`);
      const variants = nodes(product['variants']);
      for (const variant of variants.length > 0 ? variants : [{}])
        found.add(readItem(product, variant, variants.length, options), where, variant['price']);
    }
  }
  return found.done();
}

const isProduct = ({ title, variants, giftCard, isGiftCard = giftCard }: Loose): boolean =>
  title !== undefined && typeof variants !== 'string' && !/^true$/i.test(String(isGiftCard));

/** Something a customer finds in the shop: of what is not said, it is. */
const isListed = ({ status, publishedAt, published }: Loose): boolean =>
  /^active$/i.test(first(status) ?? 'active') &&
  publishedAt !== null &&
  !/^(false|no|0)$/i.test(first(published, '') ?? '');

function readItem(
  product: Loose,
  variant: Loose,
  variants: number,
  { currency: usual }: ParseOptions,
): Parameters<ReturnType<typeof collectItems>['add']>[0] {
  const id = idOf(variant['legacyResourceId'], variant['id']);
  const productId = idOf(product['legacyResourceId'], product['id']);
  const { handle, productType, category, onlineStoreUrl } = product;
  const sku = first(variant['sku'], id, productId);
  const size =
    first(variant['title']) ??
    [1, 2, 3].flatMap((i) => first(variant[`option${i}`]) ?? []).join(' / ');
  const title = first(product['title']);
  const { amount: decimals = variant['price'], currencyCode } = camel(variant['price']);
  const { name: section } = camel(category);
  // with several variants a product's id says too little
  const aliases = [id, variants > 1 ? undefined : productId].flatMap((each) =>
    each === undefined || each === sku ? [] : [each],
  );
  return {
    sku,
    name: title && size && size !== 'Default Title' ? `${title} - ${size}` : title,
    ref: id,
    product: productId ?? first(handle),
    aliases: aliases.length > 0 ? aliases : undefined,
    category: first(productType, section, category),
    price: amount(decimals, currencyOf(currencyCode, usual)),
    available: isAvailable(variant),
    image: imageOf(product, variant),
    url: first(onlineStoreUrl) ?? (first(handle) && `/products/${first(handle)}`),
  };
}

function isAvailable(variant: Loose): boolean | undefined {
  const { available, availableForSale = available, inventoryItem } = variant;
  if (typeof availableForSale === 'boolean') return availableForSale;
  const { inventoryManagement, inventoryPolicy, inventoryQuantity } = variant;
  const isTracked = camel(inventoryItem)['tracked'] ?? inventoryManagement;
  if (isTracked === null || isTracked === false) return true;
  if (/^(continue|true)$/i.test(first(inventoryPolicy) ?? '')) return true;
  const stock = number(inventoryQuantity);
  return stock === undefined ? undefined : stock > 0;
}

function imageOf(product: Loose, variant: Loose): string | undefined {
  const images = nodes(product['images']);
  const { preview } = camel(product['featuredMedia']);
  const candidates = [
    variant['image'],
    variant['featuredImage'],
    images.find(({ id }) => idOf(id) !== undefined && idOf(id) === idOf(variant['imageId'])),
    ...[product['featuredImage'], camel(preview)['image'], product['image'], images[0]],
  ];
  return first(...candidates.flatMap((image) => [camel(image)['url'], camel(image)['src'], image]));
}

function productsOfCsv(text: string): readonly (readonly [Loose, string])[] {
  const { rows, cell, has } = readTable(text);
  if (!has(/^(url )?handle$/) || !has(/^title$/)) return [[{}, '']];
  const groups = new Map<string | undefined, { rows: CsvRow[]; where: string }>();
  for (const [i, row] of rows.entries()) {
    const handle = cell(row, PRODUCT.handle);
    const group = groups.get(handle);
    if (group) group.rows.push(row);
    else groups.set(handle, { rows: [row], where: `row ${i + 2}` });
  }
  return [...groups.values()].map((group) => [productOf(group.rows, cell), group.where]);
}

function productOf(rows: readonly CsvRow[], cell: Cell): Loose {
  const product = fieldsOf(PRODUCT, rows, cell);
  const variants = rows
    .map((row): Loose => fieldsOf(VARIANT, [row], cell))
    .filter(({ sku, price, id }) => sku ?? price ?? id)
    .map(({ option1, inventoryManagement = null, ...rest }): Loose => {
      // the one variant of a product without options has this for its option
      const title = option1 === 'Default Title' ? option1 : undefined;
      return { ...rest, option1, inventoryManagement, title };
    });
  return { ...product, variants };
}
