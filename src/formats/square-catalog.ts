import { readJson, unwrap } from './orders.js';
import type { ModifierGroup, ModifierOption } from '../recommend/types.js';
import { collectItems } from './collect-items.js';
import { list, number, object, text, type Loose, first, defined } from './read.js';
import type { ParsedCatalog } from './types.js';

const WRAPPERS = ['objects', 'object', 'catalog_objects', 'catalog_object', 'items'];

/** What `parseSquareCatalog` is to know besides. */
export interface SquareCatalogOptions {
  /** A location's id: whether something is sold there, and what it costs there. @defaultValue anywhere */
  readonly location?: string;
}

type Find = (id: unknown) => Loose;

/**
 * Reads items of Square's Catalog API, one a variation, whose id is the sku, as in orders: lists, searches, single objects and batches, with
 * the objects related to them. Modifier lists become `modifierGroups`, and ingredients that are named as allergens `allergens`. What is deleted
 * or archived is skipped as `inactive`; what is sold at other locations alone is not available.
 *
 * @example
 * ```ts
 * import { parseSquareCatalog } from 'regulars/formats/square-catalog';
 *
 * const { items } = parseSquareCatalog({ objects: [] }, { location: 'L5CAFE0001' });
 * ```
 */
export function parseSquareCatalog(
  input: unknown,
  options: SquareCatalogOptions = {},
): ParsedCatalog {
  const found = collectItems();
  const json = readJson(input);
  const objects = [...unwrap(json, WRAPPERS)];
  const pages = Array.isArray(json) ? list(json) : [json];
  const related = pages.flatMap((page) => list(object(page)['related_objects']).map(object));
  const known = [...related, ...objects.map(([one]) => one)];
  const byId = new Map(known.map((one) => [text(one['id']), one]));
  const find: Find = (id) => byId.get(text(id) ?? '-') ?? {};
  const listed = new Set(objects.map(([one]) => text(one['id'])));
  for (const [one, where] of objects) {
    const item = object(one['item_data']);
    const owner = text(object(one['item_variation_data'])['item_id']);
    const isItem = one['type'] === 'ITEM';
    if (one['is_deleted'] === true || item['is_archived'] === true) found.skip('inactive', where);
    else if (item['product_type'] === 'GIFT_CARD' || text(one['type']) === undefined)
      found.skip('not-an-order', where);
    else if (isItem) {
      const variations = list(item['variations']).map(object);
      const live = variations.filter((variation) => variation['is_deleted'] !== true);
      for (const variation of live)
        found.add(readItem(one, variation, live.length, find, options), where);
      if (variations.length === 0) found.skip('no-id', where);
    } else if (one['type'] === 'ITEM_VARIATION' && !listed.has(owner))
      found.add(readItem(find(owner), one, 2, find, options), where);
  }
  return found.done();
}

function readItem(
  item: Loose,
  variation: Loose,
  variations: number,
  find: Find,
  { location }: SquareCatalogOptions,
): Parameters<ReturnType<typeof collectItems>['add']>[0] {
  const data = object(item['item_data']);
  const sold = object(variation['item_variation_data']);
  const here = list(sold['location_overrides'])
    .map(object)
    .find((one) => location !== undefined && one['location_id'] === location);
  const title = text(data['name']);
  const size = text(sold['name']);
  const groups = groupsOf(data, find);
  const code = text(sold['sku']);
  const image = first(...list(sold['image_ids']), ...list(data['image_ids']), item['image_id']);
  const category = find(
    first(
      ...[object(data['reporting_category'])['id'], data['category_id']],
      object(list(data['categories'])[0])['id'],
    ),
  );
  return {
    sku: text(variation['id']),
    name: title && size && variations > 1 ? `${title} - ${size}` : title,
    ref: text(variation['id']),
    product: text(item['id']),
    aliases: code === undefined ? undefined : [code],
    category: text(object(category['category_data'])['name']),
    price: minor(here?.['price_money'] ?? sold['price_money']),
    available:
      [item, variation].every((one) => isPresent(one, location)) &&
      sold['sellable'] !== false &&
      here?.['sold_out'] !== true,
    // an order has the variation among the modifiers of a line
    modifierGroups:
      groups.length > 0 && size !== undefined
        ? [variantGroup(size), ...groups]
        : groups.length > 0
          ? groups
          : undefined,
    allergens: allergensOf(data),
    image: first(object(find(image)['image_data'])['url'], data['image_url']),
    url: text(data['ecom_uri']),
  };
}

const minor = (money: unknown): number | undefined => {
  const cents = number(object(money)['amount']);
  return Number.isSafeInteger(cents) ? cents : undefined;
};

/** Sold everywhere but at some, or nowhere but at some. */
function isPresent(one: Loose, location: string | undefined): boolean {
  if (location === undefined) return true;
  return one['present_at_all_locations'] === false
    ? list(one['present_at_location_ids']).includes(location)
    : !list(one['absent_at_location_ids']).includes(location);
}

const variantGroup = (name: string): ModifierGroup => ({
  ...{ id: 'variant', name: 'variant' },
  options: [{ id: name, name, default: true }],
});

/** What is not set is -1, or absent. */
const limit = (...values: readonly unknown[]): number | undefined =>
  values.map(number).find((value) => value !== undefined && value >= 0);

function groupsOf(data: Loose, find: Find): readonly ModifierGroup[] {
  return list(data['modifier_list_info']).flatMap((each): readonly ModifierGroup[] => {
    const info = object(each);
    const id = text(info['modifier_list_id']);
    const offer = object(find(id)['modifier_list_data']);
    const name = text(offer['name']);
    const isOff = info['enabled'] === false || find(id)['is_deleted'] === true;
    if (id === undefined || name === undefined || isOff || offer['modifier_type'] === 'TEXT')
      return [];
    const changes = list(info['modifier_overrides']).map(object);
    const options = list(offer['modifiers']).flatMap((one): readonly ModifierOption[] => {
      const modifier = object(one);
      const choice = object(modifier['modifier_data']);
      const option = text(modifier['id']);
      const called = text(choice['name']);
      if (option === undefined || called === undefined || modifier['is_deleted'] === true)
        return [];
      const change = changes.find(({ modifier_id }) => modifier_id === option);
      const on = change?.['on_by_default'] ?? choice['on_by_default'];
      const price = minor(choice['price_money']);
      return [
        { id: option, name: called, ...defined({ price }), ...(on === true && { default: true }) },
      ];
    });
    const one = offer['selection_type'] === 'SINGLE' ? 1 : undefined;
    const min = limit(info['min_selected_modifiers'], offer['min_selected_modifiers']);
    const max = limit(info['max_selected_modifiers'], offer['max_selected_modifiers']) || one;
    return options.length > 0 ? [{ ...{ id, name, options }, ...defined({ min, max }) }] : [];
  });
}

/** None named is not none there. */
function allergensOf(data: Loose): readonly string[] | undefined {
  const { ingredients } = object(data['food_and_beverage_details']);
  const named = list(ingredients).flatMap((each) => {
    const { standard_name, custom_name } = object(each);
    return first(standard_name, custom_name)?.toLowerCase().replace(/_/g, ' ') ?? [];
  });
  return named.length > 0 ? named : undefined;
}
