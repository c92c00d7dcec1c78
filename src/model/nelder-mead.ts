/** Where a function is lowest, as far as it was found. */
export interface Minimum {
  readonly at: readonly number[];
  readonly value: number;
}

/** How to look. */
export interface SearchOptions {
  /** How far the first corners lie from the start. @defaultValue 0.5 */
  readonly step?: number;
  /** Relative difference of the corners at which the search ends. @defaultValue 1e-12 */
  readonly tolerance?: number;
  /** Steps of a round. @defaultValue 2000 */
  readonly maxSteps?: number;
}

type Corner = Minimum;

/**
 * Lowest point of `f` around `start`, by the simplex of Nelder and Mead, begun anew from where it ends until that helps no more.
 * `f` may say `Infinity` where it is not defined; no derivative is needed.
 */
export function minimize(
  f: (at: readonly number[]) => number,
  start: readonly number[],
  { step = 0.5, tolerance = 1e-12, maxSteps = 2000 }: SearchOptions = {},
): Minimum {
  const corner = (at: readonly number[]): Corner => {
    const value = f(at);
    return { at, value: Number.isNaN(value) ? Infinity : value };
  };
  let best = corner(start);
  for (let round = 0; round < 8; round++) {
    const found = descend(corner, best, step / 2 ** round, tolerance, maxSteps);
    const gain = best.value - found.value;
    best = found;
    if (!(gain > tolerance * (Math.abs(best.value) + 1)) && round > 0) break;
  }
  return best;
}

function descend(
  corner: (at: readonly number[]) => Corner,
  start: Corner,
  step: number,
  tolerance: number,
  maxSteps: number,
): Corner {
  const size = start.at.length;
  let simplex = [
    start,
    ...start.at.map((_, axis) => corner(start.at.map((x, i) => (i === axis ? x + step : x)))),
  ];
  let best = start;
  for (let steps = 0; steps < maxSteps; steps++) {
    simplex.sort((one, other) => one.value - other.value);
    best = simplex[0] ?? start;
    const worst = simplex[size] ?? start;
    if (worst.value - best.value <= tolerance * (Math.abs(best.value) + tolerance)) break;
    const center = start.at.map(
      (_, axis) => simplex.slice(0, size).reduce((sum, { at }) => sum + (at[axis] ?? 0), 0) / size,
    );
    // The worst corner goes through the middle of the others: 1 as far again, 2 twice as far, ±.5 half way.
    const through = (share: number): Corner =>
      corner(center.map((middle, axis) => middle + share * (middle - (worst.at[axis] ?? 0))));
    const mirrored = through(1);
    const next = nextCorner(mirrored, through, best, simplex[size - 1] ?? best, worst);
    simplex = next
      ? [...simplex.slice(0, size), next]
      : [best, ...simplex.slice(1).map(({ at }) => corner(between(at, best.at)))];
  }
  return best;
}

function nextCorner(
  mirrored: Corner,
  through: (share: number) => Corner,
  best: Corner,
  second: Corner,
  worst: Corner,
): Corner | undefined {
  if (mirrored.value < best.value) {
    const further = through(2);
    return further.value < mirrored.value ? further : mirrored;
  }
  if (mirrored.value < second.value) return mirrored;
  const nearer = through(mirrored.value < worst.value ? 0.5 : -0.5);
  return nearer.value < Math.min(mirrored.value, worst.value) ? nearer : undefined;
}

const between = (one: readonly number[], other: readonly number[]): readonly number[] =>
  one.map((x, axis) => (x + (other[axis] ?? 0)) / 2);
