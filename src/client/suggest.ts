import { explainItem, reasonText } from '../greeting/explain.js';
import { offerItems } from '../greeting/offer-items.js';
import { visitsOf } from '../greeting/refused-items.js';
import type { SpeakContext } from '../greeting/types.js';
import type { Card } from '../profile/types.js';
import type { Recommended, RecommendVisit } from '../recommend/types.js';
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
  const visits =
    card && context.may.taste && !isPaused(core)
      ? visitsHere(core, card, suggest === 'granted')
      : [];
  const offered = offerItems(
    state.engine.engine,
    {
      ...{ card, context, visits, goods: catalog, report: core.report, place: options.place },
      allergies: () => shopHere(core).allergies ?? [],
    },
    options,
  );
  const known = offered.filter((one) => namedBy(one).every((sku) => isTold(catalog, sku)));
  void wantItems(catalog, [...offered.flatMap(namedBy), ...(options.sku ? [options.sku] : [])]);
  if (known.length === 0) {
    const waits = offered.length > 0 || catalog.state() === 'loading';
    return { kind: 'none', reason: waits ? 'not-ready' : 'nothing' };
  }
  return { kind: 'items', items: known.map((one) => present(core, one, card, context, options)) };
}

/** Every thing that an offer and its reasons name. */
const namedBy = ({ sku, reasons }: Recommended): readonly string[] => [
  sku,
  ...reasons.flatMap((reason) => ('sku' in reason ? [reason.sku] : [])),
];

/** False while a catalog that is asked item by item has not told what it is: it may be sensitive, or sold out. */
function isTold({ bySkus, item, answered }: Core['catalog'], sku: string): boolean {
  return !bySkus || item(sku) !== undefined || answered.has(sku);
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
    ...(item?.category !== undefined && { category: item.category }),
    ...(arm !== undefined && arm !== '' && { arm: `arm:${arm}`.slice(0, 200) }),
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
