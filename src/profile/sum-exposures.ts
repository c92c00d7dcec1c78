import { compareText } from './fold-records.js';
import type { Card, RecordData } from './types.js';
import { REST_MS } from './visit-hours.js';

/** So often an item is shown without a click before it rests (product rule D8). */
const PATIENCE = 3;

/** What showings of one item come to, up to `lastAt`. */
export type ExposureSum = Card['exposures'][string];

/** A part of the sums of a card. */
export interface ExposurePart {
  readonly sku: string;
  readonly sum: ExposureSum;
  /** Of two at the same time, the one whose name is less comes first. */
  readonly name: string;
}

/** What one visit adds: what was taken in it was not ignored, however often it was shown. */
export function partsOf(
  { at, items }: RecordData['exposure'],
  name: string,
): readonly ExposurePart[] {
  return Object.entries(items).map(([sku, { shown, accepted }]) => {
    const sum = { shown: Math.max(0, shown - accepted), accepted, lastAt: at };
    return { sku, name, sum: { ...sum, ...(accepted === 0 && counted(shown, at)) } };
  });
}

/** Showings in a row without a click: the third of them begins a rest, and the count anew. */
function counted(ignored: number, at: number, restedAt?: number): Partial<ExposureSum> {
  if (ignored >= PATIENCE) return { restedAt: at };
  return { ...(ignored > 0 && { ignored }), ...(restedAt !== undefined && { restedAt }) };
}

/** What came of the showings in a row, where `more` is later. */
function countOn(past: ExposureSum, more: ExposureSum): Partial<ExposureSum> {
  const { ignored = 0, restedAt } = more;
  // a click ends what was before it
  if (more.accepted > 0) return counted(ignored, more.lastAt, restedAt);
  // what is shown while it rests, by a page that does not know yet, counts for nothing
  if (past.restedAt !== undefined && more.lastAt - past.restedAt < REST_MS)
    return counted(0, more.lastAt, past.restedAt);
  if (restedAt !== undefined) return counted(ignored, more.lastAt, restedAt);
  return counted((past.ignored ?? 0) + ignored, more.lastAt, past.restedAt);
}

/** Sums with parts that are later than what is in them, in whatever order these come. */
export function sumExposures(
  past: Card['exposures'],
  parts: readonly ExposurePart[],
): Card['exposures'] {
  const sums = new Map(Object.entries(past));
  const inTurn = [...parts].sort(
    (a, b) => a.sum.lastAt - b.sum.lastAt || compareText(a.name, b.name),
  );
  for (const { sku, sum } of inTurn) {
    const before = sums.get(sku);
    sums.set(sku, before ? add(before, sum) : sum);
  }
  return Object.fromEntries([...sums].sort(([a], [b]) => compareText(a, b)));
}

function add(past: ExposureSum, more: ExposureSum): ExposureSum {
  return {
    shown: past.shown + more.shown,
    accepted: past.accepted + more.accepted,
    lastAt: Math.max(past.lastAt, more.lastAt),
    ...countOn(past, more),
  };
}
