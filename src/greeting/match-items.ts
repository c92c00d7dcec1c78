import { foldText } from '../kernel/text.js';
import type { PurchaseLine } from '../profile/types.js';
import type { Item } from '../recommend/types.js';

// Marks that people leave out when they type: of Latin, Greek, Cyrillic, Hebrew, Arabic. In other scripts a mark is half of the letter.
const MARKS = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]/g;
const LETTERS: { readonly [letter: string]: string } = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' },
};
/** Scripts that put no space between words: there a word may begin anywhere. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** A text as people mean it: without case, width, accents. */
export function looseText(text: string): string {
  return foldText(text)
    .replace(/['’](?=s\b)/g, '')
    .normalize('NFD')
    .replace(MARKS, '')
    .normalize('NFC')
    .replace(/[ßæœøłđðþı]/g, (letter) => LETTERS[letter] ?? letter);
}

/** The words of a text, each as people mean it. */
export function wordsOf(text: string): readonly string[] {
  return looseText(text).match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}

/** True when somebody who types `asked` may mean `word`: its beginning, or one that differs only in a short ending. */
function isMeant(asked: string, word: string): boolean {
  if (UNSPACED.test(asked)) return word.includes(asked);
  if (asked.length < 2) return asked === word;
  const isEnding = word.length >= 4 && asked.length - word.length <= 2;
  return word.startsWith(asked) || (isEnding && asked.startsWith(word));
}

/** True when each word that is asked for is among these. */
export function hasWords(asked: readonly string[], words: readonly string[]): boolean {
  return asked.length > 0 && asked.every((one) => words.some((word) => isMeant(one, word)));
}

interface ItemWords {
  readonly loose: string;
  readonly name: readonly string[];
  /** Name, category, and what can be chosen. */
  readonly all: readonly string[];
}

// A catalog of thousands is searched at each letter that is typed.
const known = new WeakMap<Item, ItemWords>();

function itemWords(item: Item): ItemWords {
  let found = known.get(item);
  if (!found) {
    const options = (item.modifierGroups ?? []).flatMap((group) =>
      group.options.flatMap(({ name, available }) => (available === false ? [] : wordsOf(name))),
    );
    const name = wordsOf(item.name);
    const all = [...name, ...wordsOf(item.category ?? ''), ...options];
    found = { loose: name.join(' '), name, all };
    known.set(item, found);
  }
  return found;
}

/** An item that may be meant, and how surely: 0 by its key, 1 by its name, 2 by words of it, 3 by its category or choices too. */
export interface ItemMatch<T = unknown> {
  readonly item: Item<T>;
  readonly tier: 0 | 1 | 2 | 3;
}

/** The items that `text` may mean, the surest first; among words the shortest name. */
export function matchItems<T>(text: string, items: readonly Item<T>[]): readonly ItemMatch<T>[] {
  const asked = wordsOf(text);
  const name = asked.join(' ');
  const key = text.trim();
  const tierOf = (item: Item<T>): ItemMatch['tier'] | undefined => {
    if (item.sku === key || item.aliases?.includes(key)) return 0;
    const words = itemWords(item);
    if (name !== '' && words.loose === name) return 1;
    return hasWords(asked, words.name) ? 2 : hasWords(asked, words.all) ? 3 : undefined;
  };
  return items
    .flatMap((item): ItemMatch<T> | never[] => {
      const tier = tierOf(item);
      return tier === undefined ? [] : { item, tier };
    })
    .sort(
      (a, b) =>
        a.tier - b.tier ||
        itemWords(a.item).name.length - itemWords(b.item).name.length ||
        (a.item.sku < b.item.sku ? -1 : 1),
    );
}

/**
 * The item that a line of an earlier order is today: by sku or alias, else the one variant of that product, or the one item, that
 * has its very name. Of several none: which it was nobody knows.
 */
export function itemOfLine<T>(
  { sku, name }: Pick<PurchaseLine, 'sku' | 'name'>,
  itemOf: (sku: string) => Item<T> | undefined,
  items: readonly Item<T>[],
): Item<T> | undefined {
  const found = sku === null ? undefined : itemOf(sku);
  if (found) return found;
  const loose = foldText(name);
  const variants = sku === null ? [] : items.filter(({ product }) => product === sku);
  const among = variants.length > 0 ? variants : items;
  const named = among.filter((item) => loose !== '' && foldText(item.name) === loose);
  const candidates = named.length === 0 && variants.length === 1 ? variants : named;
  return candidates.length === 1 ? candidates[0] : undefined;
}
