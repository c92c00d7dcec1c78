import { mayHold } from '../greeting/allergens.js';
import { daypartAt } from '../greeting/daypart.js';
import { explainItem, reasonText } from '../greeting/explain.js';
import { refusedItems, visitsOf } from '../greeting/refused-items.js';
import type { SpeakContext } from '../greeting/types.js';
import type { Card } from '../profile/types.js';
import type {
  Recommended,
  Recommender,
  RecommendQuery,
  RecommendVisit,
} from '../recommend/types.js';
import { consentOf } from './consent.js';
import type { Core } from './core.js';
import { allMessages, reasonHere } from './explain.js';
import { levelOf } from './person.js';
import { contextOf } from './context-here.js';
import { isPaused, speakingCard } from './speak.js';
import { itemHere } from './shelf.js';
import { shopHere } from './today.js';
import { wantItems } from './want-items.js';
import type { RecommendedItem, Recommendations, RecommendOptions } from './types.js';

/** What the engine offers, of what is loaded. */
export function recommendNow(core: Core, options: RecommendOptions): Recommendations {
  const { state, catalog } = core;
  const suggest = consentOf(core, 'suggest');
  if (suggest === 'denied') return { kind: 'none', reason: 'no-consent' };
  if (!state.engine) return { kind: 'none', reason: 'not-ready' };

  const card = speakingCard(core) ?? visitCard(core);
  // first it is put right, then there is something to offer again
  if (card?.issues.some((issue) => issue.state === 'open'))
    return { kind: 'none', reason: 'nothing' };
  const context = contextOf(core);
  const { engine } = state.engine;
  const visits =
    card && context.may.taste && !isPaused(core)
      ? visitsHere(core, card, suggest === 'granted')
      : [];
  const own = new Set(visits.flatMap(({ items }) => items));
  const refused = refusedItems(catalog, card, context.now, own);
  const limit = Math.max(0, Math.min(100, Math.floor(options.limit ?? 4)));
  const offered = askEngine(engine, visits, options, {
    now: context.now,
    limit,
    basket: options.basket ?? state.basket,
    exclude: [...(options.exclude ?? []), ...refused.exclude],
    avoid: refused.avoid,
    daypart: options.daypart ?? daypartAt(context.now, context.timeZone).daypart,
    ...only({
      place: options.place ?? context.place?.id,
      timeZone: context.timeZone,
      kinds: options.kinds,
      newShare: options.newShare,
      perCategory: options.perCategory,
      rules: options.rules?.map((rule) => orElse(core, rule, 1)),
    }),
    available: availableHere(core, options),
  });
  if (offered.length === 0)
    return { kind: 'none', reason: catalog.state() === 'loading' ? 'not-ready' : 'nothing' };
  const skus = offered.map(({ sku }) => sku);
  void wantItems(catalog, skus);
  return { kind: 'items', items: offered.map((one) => present(core, one, card, context, options)) };
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
  { question, sku }: RecommendOptions,
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
function orElse<A, T>(core: Core, run: (given: A) => T, otherwise: T): (given: A) => T {
  return (given) => {
    try {
      return run(given);
    } catch (error) {
      core.report(error);
      return otherwise;
    }
  };
}

/** What can be bought now. Instead of a thing nothing is offered that holds, or may hold, an allergen the guest gave (D10). */
function availableHere(
  core: Core,
  { available, question }: RecommendOptions,
): (sku: string) => boolean {
  const { catalog } = core;
  const inStock = available && orElse(core, available, false);
  const { allergies = [], items } = question === 'similar' ? shopHere(core) : { items: [] };
  return (sku) => {
    const item = catalog.item(sku);
    const isSold = item ? item.available !== false : !catalog.complete();
    if (!isSold || inStock?.(sku) === false) return false;
    return !item || allergies.length === 0 || !mayHold(item, allergies, items);
  };
}

/** An offer with its words, ready to be asked why and dismissed. */
function present(
  core: Core,
  one: Recommended,
  card: Card | undefined,
  context: SpeakContext,
  { arm }: RecommendOptions,
): RecommendedItem {
  const { state, catalog } = core;
  const messages = allMessages(core);
  const item = catalog.item(one.sku);
  const nameOf = (sku: string): string =>
    itemHere(core, sku)?.name ?? card?.items.find((known) => known.sku === sku)?.name ?? sku;
  const skuOf = (sku: string): string => itemHere(core, sku)?.sku ?? sku;
  const ref = `i:${one.sku}`;
  state.whys.set(ref, () =>
    reasonHere(core, context, () => explainItem(one, nameOf, card, context, messages, skuOf)),
  );
  state.targets.set(ref, {
    sku: one.sku,
    ...only({ category: item?.category, arm: arm && `arm:${arm}`.slice(0, 200) }),
  });
  return {
    ...one,
    ...(item && { item }),
    name: nameOf(one.sku),
    text: reasonText(one, nameOf, messages),
    ref,
  };
}

/** Of somebody who may not be remembered: what they did since they came, which only this page knows, still speaks to them here. */
function visitCard(core: Core): Card | undefined {
  const isHere = core.mode !== 'kiosk' && levelOf(core) !== 'none';
  return isHere && consentOf(core, 'remember') === 'denied' ? core.state.card : undefined;
}

/** The visits suggestions may rest on: all of them with consent, else only what this page itself has seen. */
function visitsHere(core: Core, card: Card, all: boolean): readonly RecommendVisit[] {
  const { state, vault, catalog } = core;
  const since = all || !vault.keeps() ? -Infinity : (state.visit?.startedAt ?? Infinity);
  return visitsOf(catalog, card, since);
}
