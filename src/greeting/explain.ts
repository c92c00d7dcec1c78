import type { Card } from '../profile/types.js';
import type { Recommended, RecommendReason } from '../recommend/types.js';
import type { ChosenGreeting } from './choose-greeting.js';
import { labelOf } from './line-key.js';
import type { Messages } from './messages.js';
import type { Control, Evidence, SpeakContext, Usual, Why } from './types.js';

/** Where and when something is explained. */
export type ExplainContext = Pick<SpeakContext, 'locale' | 'timeZone'>;

/** Dates in the language of the words, in the customer's zone. */
function dateFormat({ locale, timeZone }: ExplainContext, lang: string): (ms: number) => string {
  const make = (tag: string, zone: string): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: zone });
  let format: Intl.DateTimeFormat;
  try {
    format = make(locale.startsWith(lang.slice(0, 2)) ? locale : lang, timeZone);
  } catch {
    format = make('en', 'UTC');
  }
  return (ms) => format.format(Math.abs(ms) <= 8.64e15 ? ms : 0);
}

function whyOf(
  rule: string,
  evidence: readonly Evidence[],
  controls: readonly Control[],
  context: ExplainContext,
  messages: Messages,
): Why {
  const date = dateFormat(context, messages.lang);
  // One sentence: the first piece of evidence that has one; the page may show the rest.
  let text = '';
  for (const piece of evidence) text ||= messages.evidence(piece, date);
  return { text, rule, evidence, controls };
}

/** Purchases of the card as evidence, newest first; those that are no longer there support nothing. */
function purchaseEvidence(
  card: Card | undefined,
  speaks: (purchase: Card['purchases'][number]) => boolean,
): readonly Evidence[] {
  const found = [...(card?.purchases ?? [])].filter(speaks).sort((a, b) => b.at - a.at);
  return found.length === 0
    ? []
    : [{ kind: 'purchases', ids: found.map(({ id }) => id), ats: found.map(({ at }) => at) }];
}

/** Why this greeting. */
export function explainGreeting(
  { greeting, rule, because }: ChosenGreeting,
  context: ExplainContext,
  messages: Messages,
): Why {
  const controls: readonly Control[] =
    greeting.kind === 'neutral' ? [] : ['not-me', 'wrong', 'not-now', 'forget'];
  return whyOf(rule, because, controls, context, messages);
}

/** Why this is the usual: on how many days, and which purchases. Nothing is claimed of purchases that the card no longer holds. */
export function explainUsual(
  usual: Exclude<Usual, { readonly kind: 'none' }>,
  card: Card | undefined,
  context: ExplainContext,
  messages: Messages,
): Why {
  const { kind, days, daypart, weekend, purchases } = usual;
  const found = purchaseEvidence(card, ({ id }) => purchases.includes(id));
  const share: readonly Evidence[] =
    days === undefined || found.length === 0
      ? []
      : [
          {
            kind: 'share',
            share: days.times / days.of,
            of: days.of,
            ...(daypart === undefined ? {} : { daypart }),
            ...(weekend === undefined ? {} : { weekend }),
          },
        ];
  return whyOf(
    kind,
    [...share, ...found],
    ['wrong', 'not-now', 'stop', 'gift', 'forget'],
    context,
    messages,
  );
}

function reasonEvidence(reason: RecommendReason, names: (sku: string) => string): Evidence {
  switch (reason.kind) {
    case 'bought':
      return { kind: 'share', share: reason.times / reason.visits, of: reason.visits };
    case 'together': {
      const { sku, inBasket } = reason;
      return { kind: 'together', sku, name: labelOf(names(sku)), inBasket };
    }
    case 'popular':
      return { kind: 'popular', rank: reason.rank };
  }
}

/** Why this item is offered; with the purchases of it, where its reason is that it was bought. */
export function explainItem(
  recommended: Recommended,
  names: (sku: string) => string,
  card: Card | undefined,
  context: ExplainContext,
  messages: Messages,
): Why {
  const { reasons, sku, source } = recommended;
  const bought = reasons.some(({ kind }) => kind === 'bought');
  const evidence = reasons.map((reason) => reasonEvidence(reason, names));
  const dates = bought
    ? purchaseEvidence(
        card,
        ({ status, gift, unproved, lines }) =>
          (status === 'paid' || status === 'partially_refunded') &&
          !gift &&
          !unproved &&
          lines.some((line) => line.sku === sku),
      )
    : [];
  const controls: readonly Control[] = bought
    ? ['gift', 'not-now', 'stop', 'wrong', 'forget']
    : ['not-now', 'stop'];
  return whyOf(source, [...evidence, ...dates], controls, context, messages);
}

/** The short reason beside a recommendation: that of its first reason. Without one, an empty text. */
export function reasonText(
  recommended: Recommended,
  names: (sku: string) => string,
  messages: Messages,
): string {
  const [reason] = recommended.reasons;
  return reason === undefined ? '' : messages.evidence(reasonEvidence(reason, names), String);
}
