import type { Matrix } from 'ml-matrix';
import type { NeighbourTable } from '../recommend/types.js';
import type { VisitStore } from './collect-visits.js';

/** How often things came at one visit, for each two of `size`, in rows. */
export interface Meetings {
  readonly size: number;
  readonly counts: Float64Array;
}

/** Pulls what was seen seldom to nothing; the more the more comes together: times the mean size of the order of a thing. */
const RIDGE = 3;
const KEPT = 30;
/** Rows that the library inverts itself. */
const WHOLE = 64;

/** For each item the place of its family: the first, most bought one of it. */
export function familiesOf(
  skus: readonly string[],
  familyOf: (sku: string) => string,
): Uint32Array {
  const first = new Map<string, number>();
  return Uint32Array.from(skus, (sku, item) => {
    const family = familyOf(sku);
    const known = first.get(family) ?? item;
    first.set(family, known);
    return known;
  });
}

/** Counts which families came at one visit. */
export function countMeetings(
  { visitStart, lines, skus }: VisitStore,
  ordered: readonly string[],
  families: Uint32Array,
  maxPaired: number,
): Meetings {
  const placeOf = new Map(ordered.map((sku, place) => [sku, place]));
  const places = skus.map((sku) => placeOf.get(sku) ?? -1);
  const size = families.length;
  const counts = new Float64Array(size * size);
  for (let v = 0; v + 1 < visitStart.length; v++) {
    const there = new Set<number>();
    for (const line of lines.subarray(visitStart[v] ?? 0, visitStart[v + 1] ?? 0)) {
      const place = places[line] ?? -1;
      if (place >= 0) there.add(families[place] ?? 0);
    }
    const held = [...there].sort((a, b) => a - b).slice(0, maxPaired);
    for (const one of held)
      for (const other of held) counts[one * size + other] = (counts[one * size + other] ?? 0) + 1;
  }
  return { size, counts };
}

/**
 * What goes with what, of a menu: EASE^R (Steck, "Embarrassingly shallow autoencoders for sparse data", WWW 2019). A thing that comes with
 * another one only because both are bought with everything has no weight. Each item has the neighbours of its family.
 */
export async function weighTogether(
  { size, counts }: Meetings,
  families: Uint32Array,
  strength: number = RIDGE,
): Promise<NeighbourTable> {
  // only who trains loads it
  const { Matrix, inverse: inverseOf } = await import('ml-matrix');
  const heads = [...families.keys()].filter((item) => families[item] === item);
  const ridge = strength * meanSize({ size, counts });
  const gram = new Matrix(heads.length, heads.length);
  heads.forEach((one, row) => {
    heads.forEach((other, column) => {
      gram.set(row, column, (counts[one * size + other] ?? 0) + (row === column ? ridge : 0));
    });
  });
  const inverse = invert(gram, inverseOf);
  const rowOf = new Map(
    heads.map((head, row) => {
      const weights = heads
        .map((item, column) => ({
          item,
          weight:
            row === column ? 0 : -(inverse.get(row, column) / (inverse.get(column, column) || 1)),
        }))
        .filter(({ weight }) => weight > 0.001)
        .sort((a, b) => b.weight - a.weight || a.item - b.item);
      return [head, weights.slice(0, KEPT)] as const;
    }),
  );
  const rows = Array.from(families, (head) => rowOf.get(head) ?? []);
  const start = new Uint32Array(rows.length + 1);
  rows.forEach((row, i) => (start[i + 1] = (start[i] ?? 0) + row.length));
  return {
    start,
    item: Uint32Array.from(rows.flatMap((row) => row.map(({ item }) => item))),
    weight: Float32Array.from(rows.flatMap((row) => row.map(({ weight }) => Math.min(1, weight)))),
  };
}

/**
 * The inverse of a symmetric positive definite matrix, quarter by quarter (Banachiewicz): nearly all of the work is products, which the
 * library does several times faster than it solves.
 */
function invert(matrix: Matrix, inverseOf: (small: Matrix) => Matrix): Matrix {
  const size = matrix.rows;
  if (size <= WHOLE) return inverseOf(matrix);
  const half = size >> 1;
  const first = invert(matrix.subMatrix(0, half - 1, 0, half - 1), inverseOf);
  const off = matrix.subMatrix(0, half - 1, half, size - 1);
  const last = matrix.subMatrix(half, size - 1, half, size - 1);
  const beside = first.mmul(off);
  // the library subtracts and negates in place
  const rest = invert(last.sub(off.transpose().mmul(beside)), inverseOf);
  const across = beside.mmul(rest).neg();
  return matrix
    .clone()
    .setSubMatrix(first.sub(across.mmul(beside.transpose())), 0, 0)
    .setSubMatrix(across, 0, half)
    .setSubMatrix(across.transpose(), half, 0)
    .setSubMatrix(rest, half, half);
}

/** Of a thing, how many there are in its order, itself among them. */
function meanSize({ size, counts }: Meetings): number {
  let orders = 0;
  for (let i = 0; i < size; i++) orders += counts[i * size + i] ?? 0;
  return counts.reduce((sum, count) => sum + count, 0) / (orders || 1);
}
