import type { Card } from '../profile/types.js';
import type {
  Recommended,
  Recommender,
  RecommendQuery,
  RecommendRule,
  RecommendSource,
  RecommendVisit,
} from '../recommend/types.js';
import { mayHold } from './allergens.js';
import { daypartAt } from './daypart.js';
import { refusedItems } from './refused-items.js';
import type { TodayGoods } from './today.js';
import type { Daypart, SpeakContext } from './types.js';

/** What is asked, and of what. */
export interface OfferOptions {
  /**
   * `next-basket`: what this customer is likely to buy now. `buy-again`: only what they have bought. `due-now`: only what may be running
   * low. `goes-with`: what others buy together with the basket. `similar`: what there is instead of `sku`. `popular`: what others buy
   * here, at this time of day where the model knows. @defaultValue 'next-basket'
   */
  readonly question?: 'next-basket' | 'buy-again' | 'due-now' | 'goes-with' | 'similar' | 'popular';
  /** Of `similar`: what is looked at, or is out. */
  readonly sku?: string;
  /** @defaultValue 4 */
  readonly limit?: number;
  /** Of `next-basket`. @defaultValue all */
  readonly kinds?: readonly RecommendSource[];
  readonly exclude?: readonly string[];
  /** Share of the list for what was never bought, 0–1. @defaultValue by score alone */
  readonly newShare?: number;
  /** Skus in the cart. @defaultValue those of the context */
  readonly basket?: readonly string[];
  /** What can be bought now, beside what the catalog says of it. One that throws says no. */
  readonly available?: (sku: string) => boolean;
  /** @defaultValue that of now, by the clock on the customer's wall */
  readonly daypart?: Daypart;
  /** The shop's own rules: what a candidate's score is multiplied by. One that throws counts as 1. */
  readonly rules?: readonly RecommendRule[];
  /** Most of one category among any five in a row. @defaultValue 2 where the catalog has three categories or more */
  readonly perCategory?: number;
}

/** Whom an engine is asked for, and about what. */
export interface Offering {
  /** Of whoever may be spoken to; absent for everybody else. */
  readonly card: Card | undefined;
  readonly context: SpeakContext;
  /** What it may rest on, oldest first. */
  readonly visits: readonly RecommendVisit[];
  readonly goods: TodayGoods;
  /** Allergens that the guest gave, where they may be known. */
  readonly allergies: () => readonly string[];
  /** @defaultValue the id of the context's place */
  readonly place?: string | undefined;
  readonly report: (error: unknown) => void;
}

/** What the engine offers to somebody, none of it refused, gone or against the shop's rules. */
export function offerItems(
  engine: Recommender,
  offering: Offering,
  options: OfferOptions,
): readonly Recommended[] {
  const { card, context, visits, goods, report } = offering;
  const { now, basket = [], timeZone } = context;
  const own = new Set(visits.flatMap(({ items }) => items));
  const refused = refusedItems(goods, card, now, own);
  // nothing sensitive steers what is offered, or is named
  if (options.question === 'similar' && goods.item(options.sku ?? '')?.sensitive) return [];
  return askEngine(engine, visits, options, {
    now,
    limit: Math.max(0, Math.min(100, Math.floor(options.limit ?? 4))),
    basket: (options.basket ?? basket).filter((sku) => !goods.item(sku)?.sensitive),
    exclude: [...(options.exclude ?? []), ...refused.exclude],
    avoid: refused.avoid,
    daypart: options.daypart ?? daypartAt(now, timeZone).daypart,
    ...only({
      place: offering.place ?? context.place?.id,
      timeZone,
      kinds: options.kinds,
      newShare: options.newShare,
      perCategory: options.perCategory,
      rules: options.rules?.map((rule) => orElse(report, rule, 1)),
    }),
    available: availableIn(offering, options),
  });
}

/** The parts that there are. */
function only<T extends object>(parts: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function askEngine(
  engine: Recommender,
  visits: readonly RecommendVisit[],
  { question, sku }: OfferOptions,
  query: RecommendQuery,
): readonly Recommended[] {
  const mine = engine.history(visits);
  switch (question) {
    case 'buy-again':
      return engine.buyAgain(mine, query);
    case 'due-now':
      return engine.dueNow(mine, query);
    case 'goes-with':
      return engine.goesWith(query.basket ?? [], query);
    case 'similar':
      return sku === undefined ? [] : engine.similar(sku, query);
    case 'popular':
      return engine.popular(query);
    default:
      return engine.recommend(mine, query);
  }
}

/** A function of the host's that throws is told of, and answers as if it were not there. */
function orElse<A, T>(
  report: (error: unknown) => void,
  run: (given: A) => T,
  otherwise: T,
): (given: A) => T {
  return (given) => {
    try {
      return run(given);
    } catch (error) {
      report(error);
      return otherwise;
    }
  };
}

/** What can be bought now. Instead of a thing nothing is offered that holds, or may hold, an allergen the guest gave (D10). */
function availableIn(
  { goods, allergies: given, report }: Offering,
  { available, question }: OfferOptions,
): (sku: string) => boolean {
  const inStock = available && orElse(report, available, false);
  const allergies = question === 'similar' ? given() : [];
  const items = allergies.length > 0 ? goods.items() : [];
  return (sku) => {
    const item = goods.item(sku);
    // An engine knows by itself what is sensitive only of a catalog that came whole.
    const isSold = item
      ? item.available !== false && !item.sensitive
      : !goods.complete() && !goods.answered?.has(sku);
    if (!isSold || inStock?.(sku) === false) return false;
    return !item || allergies.length === 0 || !mayHold(item, allergies, items);
  };
}
