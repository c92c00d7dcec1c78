import { countsAsVisit } from '../profile/card-purchases.js';
import type { Card, CardPurchase } from '../profile/types.js';
import type { Recommended, RecommendReason } from '../recommend/types.js';
import type { ChosenGreeting } from './choose-greeting.js';
import { labelOf } from './line-key.js';
import type { Messages } from './messages.js';
import type { Control, Evidence, SpeakContext, Usual, Why } from './types.js';
import { countsAsBought } from './usual-orders.js';
import { partsToText } from './words.js';

/** Where something is explained. */
export type ExplainContext = Pick<SpeakContext, 'locale' | 'timeZone'>;

/** A date in the language of the words, in the customer's zone. */
function formatDate(ms: number, { locale, timeZone }: ExplainContext, lang: string): string {
  const tag = locale.startsWith(lang.slice(0, 2)) ? locale : lang;
  try {
    return new Intl.DateTimeFormat(tag, {
      dateStyle: 'long',
      ...(timeZone !== undefined && { timeZone }),
    }).format(ms);
  } catch {
    return '?'; // an impossible time or zone: the sentence stays, the day is not known
  }
}

function whyOf(
  rule: string,
  evidence: readonly Evidence[],
  controls: readonly Control[],
  context: ExplainContext,
  messages: Messages,
): Why {
  let text = '';
  // One sentence: the first piece of evidence that has one; the page may show the rest.
  for (const piece of evidence)
    text ||= messages.evidence(piece, (ms) => formatDate(ms, context, messages.lang));
  return { text, rule, evidence, controls };
}

/** Purchases of the card as evidence; those that are no longer there support nothing. */
function purchaseEvidence(
  card: Card | undefined,
  speaks: (purchase: CardPurchase) => boolean,
): readonly Evidence[] {
  const found = card?.purchases.filter(speaks) ?? [];
  if (found.length === 0) return [];
  return [{ kind: 'purchases', ids: found.map(({ id }) => id), ats: found.map(({ at }) => at) }];
}

/** Kinds that rest on what was bought. */
const COUNTED = /^(lapsed|milestone|regular|returning)$/;

/** Why this greeting: with the purchases, where it counts visits. */
export function explainGreeting(
  { greeting, rule, because }: ChosenGreeting,
  context: ExplainContext,
  messages: Messages,
  card?: Card,
): Why {
  const evidence = [
    ...because,
    ...purchaseEvidence(COUNTED.test(greeting.kind) ? card : undefined, countsAsVisit),
  ];
  const controls: readonly Control[] =
    greeting.kind === 'neutral' ? [] : ['not-me', 'wrong', 'not-now', 'stop', 'forget'];
  return whyOf(rule, evidence, controls, context, messages);
}

/** Why this is the usual: on how many days, and which purchases. Nothing is claimed when the card no longer holds them. */
export function explainUsual(
  usual: Exclude<Usual, { readonly kind: 'none' }>,
  card: Card | undefined,
  context: ExplainContext,
  messages: Messages,
): Why {
  const { kind, days, daypart, weekend, purchases } = usual;
  const evidence = [...purchaseEvidence(card, ({ id }) => purchases.includes(id))];
  if (days && evidence.length > 0)
    evidence.unshift({
      kind: 'share',
      share: days.times / days.of,
      of: days.of,
      ...(daypart && { daypart }),
      ...(weekend !== undefined && { weekend }),
    });
  return whyOf(kind, evidence, ['wrong', 'not-now', 'stop', 'gift', 'forget'], context, messages);
}

/** A reason for offering `sku` as evidence: with names instead of skus. */
function reasonEvidence(
  reason: RecommendReason,
  sku: string,
  names: (sku: string) => string,
): Evidence {
  switch (reason.kind) {
    case 'bought':
      return { kind: 'share', share: reason.times / reason.visits, of: reason.visits };
    case 'together':
      return { ...reason, name: labelOf(names(reason.sku)) };
    case 'substitute':
      return { ...reason, name: labelOf(names(sku)), difference: labelOf(reason.difference) };
    default:
      return reason;
  }
}

/** Why this item is offered; with the purchases that speak for it: of it, else of what it is bought with. */
export function explainItem(
  { reasons, sku, source }: Recommended,
  names: (sku: string) => string,
  card: Card | undefined,
  context: ExplainContext,
  messages: Messages,
  /** Under which sku something of an order is sold today. */
  canonical: (sku: string) => string = String,
): Why {
  const bought = reasons.some(({ kind }) => kind === 'bought');
  const link = reasons.find((reason) => reason.kind === 'together' && !reason.inBasket);
  const speaking = bought ? sku : link?.kind === 'together' ? link.sku : undefined;
  const evidence = [
    ...reasons.map((reason) => reasonEvidence(reason, sku, names)),
    ...purchaseEvidence(
      speaking === undefined ? undefined : card,
      (purchase) =>
        countsAsBought(purchase) &&
        purchase.lines.some((line) => line.sku !== null && canonical(line.sku) === speaking),
    ),
  ];
  const controls: readonly Control[] = bought
    ? ['gift', 'not-now', 'stop', 'wrong', 'forget']
    : ['not-now', 'stop'];
  return whyOf(source, evidence, controls, context, messages);
}

/** The short reason beside a recommendation: that of its first reason. Without one, an empty text. */
export function reasonText(
  { reasons: [reason], sku }: Recommended,
  names: (sku: string) => string,
  messages: Messages,
): string {
  if (reason?.kind === 'due') return partsToText(messages.due(labelOf(names(sku))), messages.dir);
  return reason ? messages.evidence(reasonEvidence(reason, sku, names), String) : '';
}
