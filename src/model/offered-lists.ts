import { VISIT_MS } from '../profile/visit-hours.js';
import type { RecommendVisit } from '../recommend/types.js';
import type {
  OfferedCounts,
  TrainingCustomer,
  TrainingCustomers,
  TrainingExposure,
} from './training-customers.js';

/** What was on screen at a visit, ready to be compared. */
export interface OfferedList {
  /** The visits before it. */
  readonly visits: readonly RecommendVisit[];
  readonly at: number;
  /** By sku: 0 for what was wanted, else how much it speaks against it that it was not. */
  readonly refused: ReadonlyMap<string, number>;
}

/** Newest lists of a customer that are learned from: who sees many offers does not outvote the others. */
const LISTS = 10;
/** After so many times in vain an offer rests (product rule D8): more in vain says nothing more. A dismissal says as much at once. */
const IN_VAIN = 3;

/** Customers as they were, and what was offered to each of them, in the order they came in. */
export function withOffers(customers: TrainingCustomers): {
  readonly customers: AsyncIterable<TrainingCustomer>;
  readonly offers: readonly (readonly TrainingExposure[])[];
} {
  const offers: (readonly TrainingExposure[])[] = [];
  async function* watch(): AsyncGenerator<TrainingCustomer> {
    for await (const customer of customers) {
      offers.push(customer.exposures ?? []);
      yield customer;
    }
  }
  return { customers: watch(), offers };
}

/**
 * The lists of which something is to be learned. What was on screen is compared with what was on screen beside it, and with nothing else:
 * of a thing that was not shown nobody knows whether it would have been taken (Joachims, "Optimizing search engines using clickthrough
 * data", KDD 2002; Liang et al., "Modeling user exposure in recommendation", WWW 2016). What was taken, or bought at that visit, was wanted
 * more than the rest; where nothing was, what was left standing was wanted more than what was dismissed.
 */
export function offeredLists(
  exposures: readonly TrainingExposure[],
  visits: readonly RecommendVisit[],
): readonly OfferedList[] {
  return [...exposures]
    .filter(({ at }) => Number.isFinite(at))
    .sort((a, b) => a.at - b.at)
    .slice(-LISTS)
    .flatMap(({ at, items }) => {
      const before = visits.filter((visit) => visit.at !== undefined && at - visit.at > VISIT_MS);
      const bought = new Set(
        visits
          .filter((visit) => visit.at !== undefined && Math.abs(at - visit.at) <= VISIT_MS)
          .flatMap((visit) => visit.items),
      );
      const refused = refusedOf(Object.entries(items), bought);
      const weights = [...refused.values()];
      const isTold = weights.includes(0) && weights.some((weight) => weight > 0);
      return before.length > 0 && isTold ? [{ visits: before, at, refused }] : [];
    });
}

function refusedOf(
  items: readonly (readonly [sku: string, counts: OfferedCounts])[],
  bought: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const shown = items.filter(([, { shown: times, accepted }]) => times > 0 || accepted > 0);
  const isTaken = ([sku, { accepted, dismissed }]: (typeof items)[number]): boolean =>
    dismissed !== true && (accepted > 0 || bought.has(sku));
  const isAny = shown.some(isTaken);
  return new Map(
    shown.map((one) => {
      const [sku, counts] = one;
      if (counts.dismissed === true) return [sku, IN_VAIN];
      if (isTaken(one) || !isAny) return [sku, 0];
      return [sku, Math.min(IN_VAIN, Math.ceil(counts.shown))];
    }),
  );
}
