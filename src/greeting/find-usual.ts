import { hash32 } from '../kernel/hash.js';
import type { Card } from '../profile/types.js';
import { daypartAt } from './daypart.js';
import { groupOf, labelOf } from './line-key.js';
import { enSpoken } from './locales/en-spoken.js';
import type { SpokenMessages } from './messages.js';
import type { SpeakContext, Usual, UsualLine, UsualQuestion } from './types.js';
import { median, usualOrders } from './usual-orders.js';
import type { ItemOf, UsualOrder, UsualOrderLine } from './usual-orders.js';
import { voteModifiers } from './vote-modifiers.js';
import { itemSlots, modifierText, partsToText } from './words.js';

const DAY_MS = 86_400_000;
/** Orders that a habit needs. */
const ENOUGH = 3;

/** Options of {@link findUsual}. */
export interface UsualOptions {
  /** Words of the text and of the questions. @defaultValue English */
  readonly messages?: SpokenMessages;
  /**
   * Days after which an order weighs half. @defaultValue 30; 180 in retail, which is told by a history on the web without a
   * single modifier or table: people drink coffee by the day and buy filters by the season
   */
  readonly halfLifeDays?: number;
}

type WeightedOrder = UsualOrder & { readonly weight: number };
type KnownUsual = Omit<Exclude<Usual, { readonly kind: 'none' }>, 'text' | 'ref'>;

const weightOf = (orders: readonly WeightedOrder[]): number =>
  orders.reduce((sum, { weight }) => sum + weight, 0);

const daysIn = (orders: readonly UsualOrder[]): number =>
  new Set(orders.map(({ localDay }) => localDay)).size;

/**
 * The lines that three orders and half of the weight hold, the strongest first, with those orders. A whole basket that came
 * three times with half of the weight passes line by line; its modifiers are voted on afterwards.
 */
function strongLines(
  orders: readonly WeightedOrder[],
): readonly { readonly slot: string; readonly having: readonly WeightedOrder[] }[] {
  const half = weightOf(orders) * 0.5 - 1e-9;
  return (
    [...new Set(orders.flatMap(({ lines }) => [...lines().keys()]))]
      .map((slot) => ({ slot, having: orders.filter(({ lines }) => lines().has(slot)) }))
      .filter(({ having }) => having.length >= ENOUGH && weightOf(having) >= half)
      .sort((a, b) => weightOf(b.having) - weightOf(a.having))
      // Two halves that never came together are two habits, not one basket.
      .filter(({ having }, _, all) => having.some((order) => all[0]?.having.includes(order)))
  );
}

/** Quantities by median, modifiers by vote, and the questions that the vote leaves. */
function settleLines(
  strong: ReturnType<typeof strongLines>,
  messages: SpokenMessages,
): { readonly lines: readonly UsualLine[]; readonly ask: readonly UsualQuestion[] } {
  const ask: UsualQuestion[] = [];
  const lines = strong.flatMap(({ slot, having }, index) => {
    const held = having.flatMap(({ lines: of, weight }) => {
      const line = of().get(slot);
      return line ? { line, weight } : [];
    });
    const newest = held[0]?.line;
    if (!newest) return [];
    const { sku, name, item } = newest;
    const { modifiers, open } = voteModifiers(held);
    for (const { group, options } of open) {
      const known = groupOf(item?.modifierGroups ?? [], { group, name: '', quantity: 1 });
      const words = options.map((option) => option && modifierText(option, messages));
      const text = messages.ask(labelOf(name), labelOf(known?.name ?? group), words);
      ask.push({ line: index, group, options, text });
    }
    return { sku, name, quantity: median(held.map(({ line }) => line.quantity)), modifiers };
  });
  return { lines, ask };
}

/** The habit of the finest context that has three orders. */
function findHabit(
  orders: readonly UsualOrder[],
  context: SpeakContext,
  messages: SpokenMessages,
  halfLifeDays: number,
): KnownUsual | undefined {
  const { daypart, weekend } = daypartAt(context.now, context.timeZone);
  const sameDaypart = orders.filter((order) => order.daypart === daypart);
  const sameDays = sameDaypart.filter((order) => order.weekend === weekend);
  const finest = [sameDays, sameDaypart, orders].find(({ length }) => length >= ENOUGH) ?? [];
  const newest = finest[0]?.at ?? 0;
  const sample = finest
    .slice(0, 10)
    .map((order) => ({ ...order, weight: 0.5 ** ((newest - order.at) / halfLifeDays / DAY_MS) }));

  const strong = strongLines(sample);
  const weakest = strong.at(-1)?.having;
  if (!weakest) return undefined;
  const settled = settleLines(strong, messages);
  const tables = weakest.map(({ table }) => table);
  const table = tables.find(
    (one) => tables.filter((other) => other === one).length * 2 > tables.length,
  );
  return {
    kind: settled.ask.length > 0 ? 'ask' : 'usual',
    ...settled,
    share: weightOf(weakest) / weightOf(sample),
    purchases: weakest.map(({ id }) => id),
    days: { times: daysIn(weakest), of: daysIn(sample) },
    ...(finest !== orders && { daypart }),
    ...(finest === sameDays && { weekend }),
    ...(table !== undefined && { table }),
  };
}

const asItWas = ({ sku, name, quantity, modifiers }: UsualOrderLine): UsualLine => ({
  sku,
  name,
  quantity,
  modifiers: modifiers.map(({ modifier }) => modifier),
});

/** The last order, when it is not too long ago. */
function lastOrder([newest]: readonly UsualOrder[], now: number): KnownUsual | undefined {
  return newest && now - newest.at <= 365 * DAY_MS
    ? {
        kind: 'last',
        lines: [...newest.lines().values()].map(asItWas),
        ask: [],
        share: 1,
        purchases: [newest.id],
      }
    : undefined;
}

/**
 * What this customer usually has, here and now (product rule D4): the habit of the finest of (part of the day × weekend, part of
 * the day, all) that has three orders, else the last order of the last 365 days, else nothing. Modifiers without a majority are
 * asked for, never guessed. Pure: the same purchases, in any order, give the same answer.
 */
export function findUsual(
  card: Card | undefined,
  context: SpeakContext,
  itemOf: ItemOf = () => undefined,
  { messages = enSpoken, halfLifeDays }: UsualOptions = {},
): Usual {
  const { now, timeZone, channel } = context;
  if (!context.may.taste) return { kind: 'none', reason: 'need-proof' };
  if (!card || card.erased) return { kind: 'none', reason: 'no-history' };
  const dayOf = (ms: number): string => daypartAt(ms, timeZone).localDay;
  const rests = card.dismissals.some(
    ({ reason, target, at }) =>
      reason === 'not-now' && target.kind === 'usual' && dayOf(at) === dayOf(now),
  );
  if (rests) return { kind: 'none', reason: 'dismissed' };

  const orders = usualOrders(card, context, itemOf);
  const isRetail =
    channel === 'web' && orders.every(({ table, isPlain }) => table === undefined && isPlain);
  const found =
    findHabit(orders, context, messages, halfLifeDays ?? (isRetail ? 180 : 30)) ??
    lastOrder(orders, now);
  if (!found)
    return {
      kind: 'none',
      reason: !orders.length && card.dismissals.length ? 'dismissed' : 'no-history',
    };
  const content = JSON.stringify([found.kind, found.lines, found.ask]);
  return {
    ...found,
    text: partsToText(messages.items(itemSlots(found.lines, messages)), messages.dir),
    ref: `u:${hash32(content, context.seed).toString(36)}`,
  };
}
