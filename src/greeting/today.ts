import { minorDigits } from '../kernel/money.js';
import type { Card } from '../profile/types.js';
import { allergiesIn } from './allergens.js';
import { en } from './locales/en.js';
import { insteadOf, type LookForShop } from './look-for.js';
import type { Messages } from './messages.js';
import type { Goods } from './refused-items.js';
import { resolveReorder, type ReorderLine } from './reorder.js';
import type { Reorder, Usual, UsualQuestion } from './types.js';

/** What the shop sells today, and whom it knows that has the rest. */
export interface TodayGoods extends Goods {
  /** True when an unknown sku is not sold: the whole catalog is here. */
  readonly complete: () => boolean;
  /** Skus that a catalog which is not complete has answered for, with an item or without. */
  readonly answered?: ReadonlySet<string>;
}

/** What saying it takes. */
export interface TodayWords {
  readonly messages: Messages;
  readonly locale: string;
  readonly currency: string | undefined;
  /** What may stand in for what is gone. */
  readonly shop: LookForShop;
  readonly report: (error: unknown) => void;
}

/** Allergens that a customer gave, of the facts whose time is not over. */
export function allergiesOf(
  { facts = {} }: Partial<Pick<Card, 'facts'>>,
  now: number,
): readonly string[] {
  return Object.entries(facts).flatMap(([key, { value, expiresAt }]) =>
    /^allerg/i.test(key) && !(now >= Number(expiresAt)) ? allergiesIn(value) : [],
  );
}

/** Lines against the catalog as it is now; where a message of the host's throws it is said in ours. */
export function resolveToday(
  lines: readonly ReorderLine[],
  ask: readonly UsualQuestion[],
  goods: TodayGoods,
  { messages, locale, currency, shop, report }: TodayWords,
): Reorder {
  const price = (minor: number): string => formatPrice(minor, locale, currency);
  const tells = ({ sku }: ReorderLine): boolean =>
    goods.complete() || (sku !== null && goods.answered?.has(sku) === true);
  const resolve = (said: Messages): Reorder =>
    resolveReorder(lines, goods.item, said, price, ask, {
      tells,
      instead: ({ name }, item) => insteadOf(name, item, shop, said),
      ...(goods.complete() && { items: shop.items }),
    });
  try {
    return resolve(messages);
  } catch (error) {
    report(error);
    return resolve(en);
  }
}

function formatPrice(minor: number, locale: string, currency: string | undefined): string {
  if (currency === undefined) return String(minor);
  try {
    const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
    return format.format(minor / 10 ** minorDigits(currency));
  } catch {
    return String(minor); // no language, or no currency, that anybody knows
  }
}

/** The usual as far as today's catalog has it: what it has no more is told with it, and asked about. */
export function withChanges(
  usual: Exclude<Usual, { readonly kind: 'none' }>,
  { changed }: Pick<Reorder, 'changed'>,
): Usual {
  const changes = changed.slice(usual.ask.length);
  if (changes.length === 0) return usual;
  return { ...usual, kind: usual.kind === 'last' ? 'last' : 'ask', changes };
}
