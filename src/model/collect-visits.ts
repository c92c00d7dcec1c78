import type { RecommendVisit } from '../recommend/types.js';
import type { TrainingCustomers } from './training-customers.js';

/** Customers' visits in flat arrays: four bytes a line, whatever the number of pairs that are counted from them. */
export interface VisitStore {
  /** By first appearance; lines hold their numbers. */
  readonly skus: readonly string[];
  readonly customers: number;
  /** What the sample is drawn by. */
  readonly ids: readonly string[];
  /** Visits of customer `c`: from `customerStart[c]` to `customerStart[c + 1]`. */
  readonly customerStart: Uint32Array;
  /** Lines of visit `v`: from `visitStart[v]` to `visitStart[v + 1]` of `lines`, distinct. */
  readonly visitStart: Uint32Array;
  readonly lines: Uint32Array;
  /** When each visit was, ms; NaN where it had no time. */
  readonly ats: Float64Array;
}

/** Reads customers to the end; of each the newest `maxVisits` visits count. */
export async function collectVisits(
  customers: TrainingCustomers,
  maxVisits: number,
): Promise<VisitStore> {
  const numbers = new Map<string, number>();
  const lines = createList(Uint32Array);
  const visitStart = createList(Uint32Array);
  const customerStart = createList(Uint32Array);
  const ats = createList(Float64Array);
  const ids: string[] = [];
  let visitCount = 0;
  for await (const { visits, id } of customers) {
    ids.push(id ?? String(ids.length));
    customerStart.push(visitCount);
    for (const { at = NaN, items } of visits.filter(hasItems).slice(-maxVisits)) {
      visitCount++;
      visitStart.push(lines.size());
      ats.push(Number.isFinite(at) ? at : NaN);
      for (const sku of new Set(items)) {
        const number = numbers.get(sku) ?? numbers.size;
        numbers.set(sku, number);
        lines.push(number);
      }
    }
  }
  customerStart.push(visitCount);
  visitStart.push(lines.size());
  return {
    skus: [...numbers.keys()],
    ...{ customers: ids.length, ids },
    customerStart: customerStart.taken(),
    visitStart: visitStart.taken(),
    lines: lines.taken(),
    ats: ats.taken(),
  };
}

const hasItems = ({ items }: RecommendVisit): boolean => items.length > 0;

type Numbers = Uint32Array | Float64Array;

/** A typed array that grows. */
function createList<T extends Numbers>(
  make: new (length: number) => T,
): { push: (value: number) => void; size: () => number; taken: () => T } {
  let values = new make(1024);
  let size = 0;
  return {
    push: (value) => {
      if (size === values.length) {
        const larger = new make(2 * size);
        larger.set(values);
        values = larger;
      }
      values[size++] = value;
    },
    size: () => size,
    taken: () => values.slice(0, size) as T,
  };
}
