import { dueOf } from '../rhythm/due.js';
import { summarise } from '../rhythm/summarise.js';
import type { OwnItem } from './summarize-history.js';
import type { RecommendQuery, RecommendReason } from './types.js';

/** Visits that a rhythm takes at least. */
const ENOUGH = 3;

/** Why an item may be running low by the customer's own rhythm with it; undefined while nothing says so (product rule D9). */
export function dueReason(
  { ats }: OwnItem,
  { now, timeZone }: Pick<RecommendQuery, 'now' | 'timeZone'>,
): RecommendReason | undefined {
  if (ats.length < ENOUGH) return undefined;
  const summary = summarise(ats, now, timeZone);
  const { say, dueDays = 0 } = dueOf(summary);
  if (say === 'none') return undefined;
  return { kind: 'due', times: summary.x + 1, days: Math.round(dueDays) };
}
