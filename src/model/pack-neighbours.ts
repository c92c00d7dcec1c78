import type { NeighbourTable } from '../recommend/types.js';
import type { NeighbourRow } from './count-neighbours.js';

/**
 * The rows of two lists as tables, `maxPairs` neighbours in all at most. What goes first is what matters least: weak links
 * of items that are bought seldom. On real orders half of the pairs may go for a thousandth of recall.
 */
export function packNeighbours(
  customers: readonly NeighbourRow[],
  next: readonly NeighbourRow[],
  visits: Uint32Array,
  maxPairs: number,
): { customers: NeighbourTable; sameVisit: Float32Array; next: NeighbourTable } {
  const edge = leastWorth([...customers, ...next], visits, maxPairs);
  const keep = (row: NeighbourRow, item: number): number => {
    const edgeHere = edge / Math.sqrt(visits[item] ?? 1);
    let kept = 0;
    while (kept < row.weights.length && (row.weights[kept] ?? 0) > edgeHere) kept++;
    return kept;
  };
  return {
    customers: pack(customers, keep),
    sameVisit: Float32Array.from(
      customers.flatMap((row, item) => [...row.sameVisit.subarray(0, keep(row, item))]),
    ),
    next: pack(next, keep),
  };
}

/** The worth, weight × √visits, that what is kept lies above. */
function leastWorth(rows: readonly NeighbourRow[], visits: Uint32Array, maxPairs: number): number {
  const total = rows.reduce((sum, { weights }) => sum + weights.length, 0);
  if (total <= maxPairs) return 0;
  const worth = new Float64Array(total);
  let at = 0;
  rows.forEach(({ weights }, row) => {
    const factor = Math.sqrt(visits[row % visits.length] ?? 1);
    for (const weight of weights) worth[at++] = weight * factor;
  });
  return worth.sort()[total - maxPairs - 1] ?? 0;
}

function pack(
  rows: readonly NeighbourRow[],
  keep: (row: NeighbourRow, item: number) => number,
): NeighbourTable {
  const start = new Uint32Array(rows.length + 1);
  rows.forEach((row, i) => (start[i + 1] = (start[i] ?? 0) + keep(row, i)));
  const item = new Uint32Array(start[rows.length] ?? 0);
  const weight = new Float32Array(item.length);
  rows.forEach((row, i) => {
    const from = start[i] ?? 0;
    const length = (start[i + 1] ?? 0) - from;
    item.set(row.items.subarray(0, length), from);
    weight.set(row.weights.subarray(0, length), from);
  });
  return { start, item, weight };
}
