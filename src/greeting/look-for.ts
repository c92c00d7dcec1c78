import { hash32 } from '../kernel/hash.js';
import type { Item } from '../recommend/types.js';
import { mayHold } from './allergens.js';
import { labelOf } from './line-key.js';
import { hasWords, looseText, matchItems, wordsOf } from './match-items.js';
import type { LookForSlots, Messages } from './messages.js';
import { flatten } from './pieces.js';
import type { LookedFor, LookedForQuery, Referral } from './types.js';
import { partsToText } from './words.js';

/** A query longer than this is none. */
const LONGEST = 200;
/** So many more than the best one are told. */
const OTHERS = 4;

/** What an answer may draw on. */
export interface LookForShop<T = unknown> {
  /** What the shop sells, as far as it is known. */
  readonly items: readonly Item<T>[];
  /** Who has what it has not. @defaultValue nobody */
  readonly referrals?: readonly Referral[];
  /** Allergens that the guest gave, where they may be known. @defaultValue none */
  readonly allergies?: readonly string[];
  /** False where `items` may lack what the shop has: then "we have not got it" is not said. @defaultValue true */
  readonly complete?: boolean;
  /** Stable seed of this customer and day, for the ref. @defaultValue 0 */
  readonly seed?: number;
}

type Told = Pick<LookedFor, 'parts' | 'ref' | 'text'>;

const isThere = ({ available }: Item): boolean => available !== false;

const none = (reason: 'empty' | 'not-ready'): LookedFor<never> => ({
  ...{ kind: 'none', reason, text: '', parts: [], ref: `l:${reason}` },
});

function tell<T>(
  kind: LookedFor['kind'],
  slots: LookForSlots,
  messages: Messages,
  { allergies = [], seed = 0 }: LookForShop<T>,
  staff: boolean,
): Told {
  let parts = messages.lookFor(kind, slots);
  // No safety is promised (product rule D10), neither of what is offered nor of what was left out.
  if (staff && allergies.length > 0) {
    const ask = messages.allergens();
    // the last word of a referral is the shop's, with a full stop or without
    const stop = /[.。!?…]$/.test(partsToText(parts)) ? '' : ask.slice(-1);
    const asked = [{ type: 'text' as const, value: ask }];
    const said = [...parts, { type: 'text' as const, value: stop }];
    parts = messages.sentences?.(said, asked) ?? flatten([said, ' ', asked]);
  }
  const text = partsToText(parts, messages.dir);
  return { text, parts, ref: `l:${hash32(JSON.stringify([kind, slots]), seed).toString(36)}` };
}

/** Who has it: the shop's own word on this very thing, then on such words, then on its category, then on anything. */
function referralFor(
  referrals: readonly Referral[],
  asked: string,
  wanted: Item | undefined,
): Referral | undefined {
  const keys = [asked.trim(), ...(wanted ? [wanted.sku, ...(wanted.aliases ?? [])] : [])];
  const words = [...wordsOf(asked), ...wordsOf(wanted?.name ?? '')];
  const category = wanted?.category ?? asked;
  const ways: readonly ((referral: Referral) => boolean | undefined)[] = [
    ({ sku }) => sku !== undefined && keys.includes(sku),
    (referral) => referral.words?.some((phrase) => hasWords(wordsOf(phrase), words)),
    (referral) =>
      referral.category !== undefined && looseText(referral.category) === looseText(category),
    (referral) => !referral.sku && !referral.words && !referral.category,
  ];
  for (const way of ways) {
    const found = referrals.find(way);
    if (found) return found;
  }
  return undefined;
}

/**
 * The honest answer about a thing that is not there: a true substitute and how it differs, else who has it, else nothing. A
 * substitute that holds, or may hold, an allergen of the guest's is not offered; one that is out, sensitive or unknown neither.
 */
export function insteadOf<T>(
  asked: string,
  wanted: Item<T> | undefined,
  shop: LookForShop<T>,
  messages: Messages,
): LookedFor<T> {
  const { items, referrals = [], allergies = [] } = shop;
  const item = labelOf(wanted?.name ?? asked);
  const near = (wanted?.substitutes ?? []).flatMap(({ sku, difference }) => {
    const [match] = items.filter((one) => one.sku === sku || one.aliases?.includes(sku));
    const fits = match && match !== wanted && isThere(match);
    return fits && (!match.sensitive || wanted?.sensitive) ? { item: match, difference } : [];
  });
  const safe = near.find((one) => !mayHold(one.item, allergies, items));
  if (wanted && safe) {
    const difference = labelOf(safe.difference);
    // The sentence has its own full stop.
    const words = difference.replace(/[.。]$/, '');
    const slots = { item, substitute: labelOf(safe.item.name), difference: words };
    const told = tell('substitute', slots, messages, shop, true);
    return { kind: 'substitute', ...safe, difference, wanted, ...told };
  }
  const withheld = near.length > 0;
  const referral = referralFor(referrals, asked, wanted);
  if (referral) {
    const { name, where, url } = referral;
    const slots = { item, referral: [name, where].map(labelOf).filter(Boolean).join(', ') };
    const told = tell('referral', slots, messages, shop, withheld);
    return {
      kind: 'referral',
      ...{ name, where },
      ...(url && { url }),
      ...(wanted && { wanted }),
      ...told,
    };
  }
  if (!wanted && shop.complete === false) return none('not-ready');
  const told = tell('none', { item }, messages, shop, withheld);
  return { kind: 'none', reason: 'nothing', ...(wanted && { wanted }), ...told };
}

/**
 * What the shop can say to somebody who looks for something (product idea 5): we have it; not it, but a true substitute, and how
 * that differs; not it, but somebody else has; nothing. `query` is an item, its sku, or text in the customer's words: case,
 * accents and order of the words do not matter, each has to be in the name, in the category or among the choices. Of several that
 * match, the closest is `item`; one that is out gives way only to a variant of itself until substitute and referral are told.
 * Pure: the same question and shop give the same answer.
 * @example lookFor('left-handed shears', { items, referrals: [{ words: ['left-handed'], name: 'Corner Tools', where: 'Elm St.' }] }, en)
 */
export function lookFor<T>(
  query: LookedForQuery,
  shop: LookForShop<T>,
  messages: Messages,
): LookedFor<T> {
  const given: unknown = typeof query === 'string' ? query : query?.sku;
  const asked = typeof given === 'string' ? given : '';
  // Markup is no question: whatever is in it was not typed to be found.
  if (asked.length > LONGEST || /<[a-z!/]/i.test(asked)) return none('empty');
  const matches = matchItems(asked, shop.items).filter(
    ({ tier }) => typeof query === 'string' || tier === 0,
  );
  if (matches.length === 0 && wordsOf(asked).length === 0) return none('empty');
  const there = matches.map(({ item }) => item).filter(isThere);
  const [closest] = matches;
  const wanted = closest?.item;
  const variant = shop.items.find(
    (item) => item.product !== undefined && item.product === wanted?.product && isThere(item),
  );
  const best = wanted && isThere(wanted) ? wanted : variant;
  const have = (item: Item<T>): LookedFor<T> => ({
    ...{ kind: 'have', item, others: there.filter((one) => one !== item).slice(0, OTHERS) },
    ...tell('have', { item: labelOf(item.name) }, messages, shop, true),
  });
  if (best) return have(best);
  const instead = insteadOf(asked, wanted, shop, messages);
  const [next] = there;
  return instead.kind === 'none' && next ? have(next) : instead;
}
