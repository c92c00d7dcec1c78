import { wordsOf } from './match-items.js';
import type { Item } from '../recommend/types.js';

/** Words that are one allergen to whoever must not have it: those that food law in Europe names, with what they are called besides. */
const KINDS: readonly string[] = [
  'milk dairy lactose butter cream cheese whey casein yogurt yoghurt',
  // whoever says "nuts", guest or shop, may mean peanuts too
  'nut hazelnut almond walnut cashew pecan pistachio macadamia peanut groundnut',
  'gluten wheat rye barley oat spelt kamut',
  'egg',
  'fish anchovy salmon tuna cod',
  'shellfish crustacean crab prawn shrimp lobster',
  'mollusc mussel oyster clam squid snail shellfish',
  'soy soya soybean',
  'sesame',
  'celery celeriac',
  'mustard',
  'lupin lupine',
  'sulphite sulfite sulphur sulfur',
];

const singular = (word: string): string =>
  word.length > 3 ? word.replace(/ies$/, 'y').replace(/s$/, '') : word;

/** An allergen in one's own words, as words of its kind. */
function kindsOf(text: string): ReadonlySet<string> {
  const words = wordsOf(text).map(singular);
  const kinds = KINDS.map((kind) => kind.split(' ')).filter((kind) =>
    words.some((word) => kind.includes(word)),
  );
  return new Set([...words, ...kinds.flat()]);
}

/**
 * Whether an item may hold one of the allergens. It may where its own are not told, and where the guest's word is one that neither
 * we nor the shop's lists know: nothing can be ruled out by a word that nobody uses. An empty list is one that says "none".
 */
export function mayHold(
  { allergens }: Item,
  allergies: readonly string[],
  items: readonly Item[],
): boolean {
  if (allergies.length === 0) return false;
  if (!allergens) return true;
  const shared = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
    [...a].some((word) => b.has(word));
  const held = allergens.map(kindsOf);
  return allergies.map(kindsOf).some((given) => {
    if (held.some((one) => shared(one, given))) return true;
    const isKnown =
      KINDS.some((kind) => kind.split(' ').some((word) => given.has(word))) ||
      items.some((item) => item.allergens?.some((one) => shared(kindsOf(one), given)));
    return !isKnown && allergens.length > 0;
  });
}

/** The allergens in what a guest once said: a list, words with commas, or each with yes or no; "none" is not one. */
export function allergiesIn(value: unknown): readonly string[] {
  const texts: readonly unknown[] = Array.isArray(value)
    ? value
    : value !== null && typeof value === 'object'
      ? Object.entries(value).map(([name, has]) => (has ? name : ''))
      : [value];
  return texts
    .flatMap((text) => (typeof text === 'string' ? text.slice(0, 1_000).split(/[,;/\n、،]/) : []))
    .map((text) => text.trim())
    .filter((text) => text !== '' && !/^(no|none|n\/a|-)$/i.test(text));
}
