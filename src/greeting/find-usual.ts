import { hash32 } from '../kernel/hash.js';
import type { Card } from '../profile/types.js';
import type { Item } from '../recommend/types.js';
import { daypartAt } from './daypart.js';
import { labelOf } from './line-key.js';
import { en } from './locales/en.js';
import type { Messages } from './messages.js';
import type { SpeakContext, Usual, UsualLine, UsualQuestion } from './types.js';
import { median, usualOrders } from './usual-orders.js';
import type { UsualOrder } from './usual-orders.js';
import { voteModifiers } from './vote-modifiers.js';
import { itemSlots, modifierText, partsToText } from './words.js';

const DAY_MS = 86_400_000;
/** Orders that a habit needs, orders looked at, days that a last order is remembered. */
const ENOUGH = 3;
const LOOKED_AT = 10;
const LAST_DAYS = 365;
// Sums of powers of two lose their last bits; half of the weight is half.
const HALF = 0.5 - 1e-9;

/** Options of {@link findUsual}. */
export interface UsualOptions {
  /** Words of the text and of the questions. @defaultValue English */
  readonly messages?: Messages;
  /**
   * Days after which an order weighs half. @defaultValue 30; 180 in retail, which is told by a history on the web without a
   * single modifier or table: people drink coffee by the day and buy filters by the season
   */
  readonly halfLifeDays?: number;
}

/** Orders in one context, newest first, with their weights. */
interface Sample {
  readonly orders: readonly (UsualOrder & { readonly weight: number })[];
  readonly total: number;
}

interface Candidate {
  readonly lines: readonly UsualLine[];
  readonly ask: readonly UsualQuestion[];
  readonly supporters: readonly UsualOrder[];
  /** Those that speak for the weakest line. */
  readonly fewest: readonly UsualOrder[];
  readonly share: number;
}

type ItemOf = (sku: string) => Item | undefined;

const weightOf = (orders: Sample['orders']): number =>
  orders.reduce((sum, { weight }) => sum + weight, 0);

/** The same basket three times and half of the weight: its orders. */
function equalBasket({ orders, total }: Sample): Sample['orders'] | undefined {
  const baskets = new Map<string, Sample['orders'][number][]>();
  for (const order of orders)
    baskets.set(order.basket, [...(baskets.get(order.basket) ?? []), order]);
  return [...baskets.values()]
    .filter((same) => same.length >= ENOUGH && weightOf(same) >= HALF * total)
    .sort((a, b) => weightOf(b) - weightOf(a))[0];
}

/** The lines that three orders and half of the weight hold, the strongest first, with their orders. */
function strongLines({ orders, total }: Sample): readonly (readonly [string, Sample['orders']])[] {
  const slots = new Set(orders.flatMap(({ lines }) => [...lines.keys()]));
  return [...slots]
    .map((slot) => [slot, orders.filter(({ lines }) => lines.has(slot))] as const)
    .filter(([, having]) => having.length >= ENOUGH && weightOf(having) >= HALF * total)
    .sort((a, b) => weightOf(b[1]) - weightOf(a[1]));
}

/** One candidate: quantities by median of `supporters` of each line, modifiers by the vote of all orders that hold it. */
function candidateOf(
  sample: Sample,
  strong: readonly (readonly [string, Sample['orders']])[],
  itemOf: ItemOf,
  messages: Messages,
): Candidate {
  const ask: UsualQuestion[] = [];
  const lines = strong.flatMap(([slot, supporters], index): UsualLine[] => {
    const newest = supporters[0]?.lines.get(slot);
    if (newest === undefined) return [];
    const item = newest.sku === null ? undefined : itemOf(newest.sku);
    const having = sample.orders.flatMap(({ lines: held, weight }) => {
      const line = held.get(slot);
      return line === undefined ? [] : [{ line, weight }];
    });
    const { modifiers, open } = voteModifiers(having, item);
    for (const { group, options } of open) {
      const words = options.map((option) => option && modifierText(option, messages));
      const name = item?.modifierGroups?.find(({ id }) => id === group)?.name ?? group;
      const text = messages.ask(labelOf(newest.name), labelOf(name), words);
      ask.push({ line: index, group, options, text });
    }
    const quantity = median(supporters.map(({ lines: held }) => held.get(slot)?.quantity ?? 1));
    return [{ ...newest, quantity, modifiers }];
  });
  const fewest = strong.reduce<Sample['orders']>(
    (least, [, having]) => (weightOf(having) < weightOf(least) ? having : least),
    sample.orders,
  );
  return {
    lines,
    ask,
    supporters: sample.orders.filter((order) =>
      strong.some(([, having]) => having.includes(order)),
    ),
    fewest,
    share: weightOf(fewest) / sample.total,
  };
}

/** The table of more than half of these orders. */
function habitualTable(orders: readonly UsualOrder[]): string | undefined {
  const tables = orders.map(({ table }) => table);
  return tables.find(
    (table) => tables.filter((other) => other === table).length * 2 > tables.length,
  );
}

const daysIn = (orders: readonly UsualOrder[]): number =>
  new Set(orders.map(({ localDay }) => localDay)).size;

/** Finds the habit of the finest context that has three orders. */
function findHabit(
  orders: readonly UsualOrder[],
  context: SpeakContext,
  itemOf: ItemOf,
  messages: Messages,
  halfLifeDays: number,
): Omit<Extract<Usual, { kind: 'usual' | 'last' | 'ask' }>, 'text' | 'ref'> | undefined {
  const { daypart, weekend } = daypartAt(context.now, context.timeZone);
  const sameDaypart = orders.filter((order) => order.daypart === daypart);
  const sameDays = sameDaypart.filter((order) => order.weekend === weekend);
  const finest = [sameDays, sameDaypart, orders].find(({ length }) => length >= ENOUGH);
  const newest = finest?.[0];
  if (finest === undefined || newest === undefined) return undefined;
  const weighted = finest.slice(0, LOOKED_AT).map((order) => ({
    ...order,
    weight: 0.5 ** ((newest.at - order.at) / (halfLifeDays * DAY_MS)),
  }));
  const sample: Sample = { orders: weighted, total: weightOf(weighted) };

  const basket = equalBasket(sample);
  const whole =
    basket &&
    candidateOf(
      sample,
      [...(basket[0]?.lines.keys() ?? [])].map((slot) => [slot, basket]),
      itemOf,
      messages,
    );
  // A basket whose modifiers have no majority is no answer: its lines are offered, and asked about.
  const found =
    whole && whole.ask.length === 0
      ? whole
      : candidateOf(sample, strongLines(sample), itemOf, messages);
  if (found.lines.length === 0) return undefined;
  const table = habitualTable(found.supporters);
  return {
    kind: found.ask.length > 0 ? 'ask' : 'usual',
    lines: found.lines,
    ask: found.ask,
    share: found.share,
    purchases: found.supporters.map(({ id }) => id),
    days: { times: daysIn(found.fewest), of: daysIn(sample.orders) },
    ...(finest === orders ? {} : { daypart }),
    ...(finest === sameDays ? { weekend } : {}),
    ...(table === undefined ? {} : { table }),
  };
}

/** True when the customer said "not now" to a usual today. */
function restsToday(card: Card, context: SpeakContext): boolean {
  const dayOf = (ms: number): string => daypartAt(ms, context.timeZone).localDay;
  return card.dismissals.some(
    ({ reason, target, at }) =>
      reason === 'not-now' && target.kind === 'usual' && dayOf(at) === dayOf(context.now),
  );
}

/**
 * What this customer usually has, here and now (product rule D4): the habit of the finest of (part of the day × weekend, part of
 * the day, all) that has three orders, else the last order of the last 365 days, else nothing. Modifiers without a majority are
 * asked for, never guessed. Pure: the same purchases, in any order, give the same answer.
 */
export function findUsual(
  card: Card | undefined,
  context: SpeakContext,
  itemOf: (sku: string) => Item | undefined = () => undefined,
  options: UsualOptions = {},
): Usual {
  if (!context.may.taste) return { kind: 'none', reason: 'need-proof' };
  if (card === undefined || card.erased) return { kind: 'none', reason: 'no-history' };
  if (restsToday(card, context)) return { kind: 'none', reason: 'dismissed' };
  const { messages = en } = options;
  const orders = usualOrders(card, context, itemOf);
  const retail =
    context.channel === 'web' &&
    orders.every(
      ({ table, lines }) =>
        table === undefined && [...lines.values()].every(({ modifiers }) => modifiers.length === 0),
    );
  const habit = findHabit(
    orders,
    context,
    itemOf,
    messages,
    options.halfLifeDays ?? (retail ? 180 : 30),
  );
  const newest = orders[0];
  const last =
    newest !== undefined && context.now - newest.at <= LAST_DAYS * DAY_MS
      ? {
          kind: 'last' as const,
          lines: [...newest.lines.values()],
          ask: [],
          share: 1,
          purchases: [newest.id],
        }
      : undefined;
  const found = habit ?? last;
  if (found === undefined)
    return {
      kind: 'none',
      reason: orders.length === 0 && card.dismissals.length > 0 ? 'dismissed' : 'no-history',
    };
  const content = JSON.stringify([found.kind, found.lines, found.ask]);
  return {
    ...found,
    text: partsToText(messages.items(itemSlots(found.lines, messages)), messages.dir),
    ref: `u:${hash32(content, context.seed).toString(36)}`,
  };
}
