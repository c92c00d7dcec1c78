import { hash32 } from '../kernel/hash.js';
import { foldText } from '../kernel/text.js';
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
  /** For a log without dates, in its order: visits after which an order weighs half; time of day counts for nothing. @defaultValue by days */
  readonly halfLifeVisits?: number;
  /** Share of the weight that a line needs, 0–1: a higher one says less, and is wrong less often. @defaultValue 0.5 */
  readonly minShare?: number;
}

type WeightedOrder = UsualOrder & { readonly weight: number };

/** A line of the usual, as each of the orders has it that have it. */
interface StrongLine {
  readonly having: readonly WeightedOrder[];
  readonly held: readonly { readonly line: UsualOrderLine; readonly weight: number }[];
}

/** What more than half of them say. */
function mostOf<T>(values: readonly T[]): T | undefined {
  return values.find((one) => values.filter((other) => other === one).length * 2 > values.length);
}
type KnownUsual = Omit<Exclude<Usual, { readonly kind: 'none' }>, 'text' | 'ref'>;

const weightOf = (orders: readonly WeightedOrder[]): number =>
  orders.reduce((sum, { weight }) => sum + weight, 0);

const daysIn = (orders: readonly UsualOrder[]): number =>
  new Set(orders.map(({ localDay }) => localDay)).size;

/**
 * The lines that three orders and half of the weight hold, the strongest first. A whole basket that came three times with half of
 * the weight passes line by line; its modifiers are voted on afterwards. A second line of the same thing is a line of its own, a
 * couple's two lattes stay two: which is which tells what comes more often.
 */
function strongLines(orders: readonly WeightedOrder[], minShare: number): readonly StrongLine[] {
  const enough = weightOf(orders) * minShare - 1e-9;
  const weights = new Map<string, number>();
  for (const { lines, weight } of orders)
    for (const { key } of lines()) weights.set(key, (weights.get(key) ?? 0) + weight);
  const isBefore = (a: UsualOrderLine, b: UsualOrderLine): boolean => {
    const difference = (weights.get(a.key) ?? 0) - (weights.get(b.key) ?? 0);
    return difference === 0 ? a.key < b.key : difference > 0;
  };
  const slots = new Map<string, { having: WeightedOrder[]; held: StrongLine['held'][number][] }>();
  for (const order of orders)
    for (const line of order.lines()) {
      const { family } = line;
      const nth = order.lines().filter((one) => one.family === family && isBefore(one, line));
      const slot = `${nth.length}${family}`;
      const found = slots.get(slot) ?? { having: [], held: [] };
      slots.set(slot, found);
      found.having.push(order);
      found.held.push({ line, weight: order.weight });
    }
  return (
    [...slots.values()]
      .filter(({ having }) => having.length >= ENOUGH && weightOf(having) >= enough)
      .sort((a, b) => weightOf(b.having) - weightOf(a.having))
      // Two halves that never came together are two habits, not one basket.
      .filter(({ having }, _, all) => having.some((order) => all[0]?.having.includes(order)))
  );
}

/** Quantities by median, modifiers by vote, and the questions that the vote leaves. */
function settleLines(
  strong: readonly StrongLine[],
  messages: SpokenMessages,
): { readonly lines: readonly UsualLine[]; readonly ask: readonly UsualQuestion[] } {
  const ask: UsualQuestion[] = [];
  const lines = strong.flatMap(({ held }, index): UsualLine | never[] => {
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
    const seat = mostOf(held.map(({ line }) => line.seat));
    const notes = held.flatMap(({ line }) => line.note ?? []);
    // Typed once it was for that day.
    const note = notes.find((one, at) =>
      notes.some((other, to) => to > at && foldText(other) === foldText(one)),
    );
    return {
      ...{ sku, name, modifiers },
      quantity: median(held.map(({ line }) => line.quantity)),
      ...(seat !== undefined && { seat }),
      ...(note !== undefined && { note }),
    };
  });
  return { lines, ask };
}

/** The habit of the finest context that has three orders. */
function findHabit(
  orders: readonly UsualOrder[],
  { now, timeZone }: SpeakContext,
  messages: SpokenMessages,
  halfLifeDays: number,
  { halfLifeVisits, minShare = 0.5 }: UsualOptions,
): KnownUsual | undefined {
  const { daypart, weekend } = daypartAt(now, timeZone);
  const sameDaypart = orders.filter((order) => order.daypart === daypart);
  const sameDays = sameDaypart.filter((order) => order.weekend === weekend);
  const contexts = halfLifeVisits === undefined ? [sameDays, sameDaypart, orders] : [orders];
  const finest = contexts.find(({ length }) => length >= ENOUGH) ?? [];
  // From the newest on, so that a habit of long ago is one; an order of a clock that was ahead is as new as now.
  const newest = Math.min(finest[0]?.at ?? 0, now);
  const sample = finest.slice(0, 10).map((order, visits): WeightedOrder => {
    const days = Math.max(0, newest - order.at) / DAY_MS;
    const age = halfLifeVisits === undefined ? days / halfLifeDays : visits / halfLifeVisits;
    return { ...order, weight: 0.5 ** age };
  });

  const strong = strongLines(sample, minShare);
  const weakest = strong.at(-1)?.having;
  if (!weakest) return undefined;
  const settled = settleLines(strong, messages);
  const table = mostOf(weakest.map(({ table: one }) => one));
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
        lines: newest.lines().map(asItWas),
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
  options: UsualOptions = {},
): Usual {
  const { now, timeZone, channel } = context;
  const { messages = enSpoken, halfLifeDays } = options;
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
    findHabit(orders, context, messages, halfLifeDays ?? (isRetail ? 180 : 30), options) ??
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
