import { dueOf } from '../rhythm/due.js';
import { summarise } from '../rhythm/summarise.js';
import type { OwnItem } from './summarize-history.js';
import type { RecommendQuery, RecommendReason } from './types.js';

/** Visits that a rhythm takes at least. */
const ENOUGH = 3;

/** No calendar day anywhere begins but at a quarter of an hour. */
const QUARTER_MS = 900_000;

// Days of a calendar are dear, and asked for with each answer.
const told = new WeakMap<OwnItem, readonly [key: string, reason: RecommendReason | undefined]>();

/** Why an item may be running low by the customer's own rhythm with it; undefined while nothing says so (product rule D9). */
export function dueReason(
  item: OwnItem,
  { now, timeZone }: Pick<RecommendQuery, 'now' | 'timeZone'>,
): RecommendReason | undefined {
  const { ats } = item;
  if (ats.length < ENOUGH) return undefined;
  const key = [timeZone, ats[0], ats.at(-1), ats.length, Math.floor(now / QUARTER_MS)].join();
  const known = told.get(item);
  if (known?.[0] === key) return known[1];
  const summary = summarise(ats, now, timeZone);
  const { say, dueDays = 0 } = dueOf(summary);
  const reason: RecommendReason | undefined =
    say === 'none' ? undefined : { kind: 'due', times: summary.x + 1, days: Math.round(dueDays) };
  // of a clock that was ahead every moment is another
  if (!ats.some((at) => at > now)) told.set(item, [key, reason]);
  return reason;
}
