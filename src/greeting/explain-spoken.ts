import type { Card, CardPurchase } from '../profile/types.js';
import type { ChosenGreeting } from './choose-greeting.js';
import type { SpokenMessages } from './messages.js';
import type { Control, Evidence, SpeakContext, Usual, Why } from './types.js';

/** Where something is explained. */
export type ExplainContext = Pick<SpeakContext, 'locale' | 'timeZone'>;

/** A date in the language of the words, in the customer's zone. */
function formatDate(ms: number, { locale, timeZone }: ExplainContext, lang: string): string {
  const tag = locale.startsWith(lang.slice(0, 2)) ? locale : lang;
  try {
    return new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone }).format(ms);
  } catch {
    return '?'; // an impossible time or zone: the sentence stays, the day is not known
  }
}

/** The explanation that `evidence` gives. */
export function whyOf(
  rule: string,
  evidence: readonly Evidence[],
  controls: readonly Control[],
  context: ExplainContext,
  messages: SpokenMessages,
): Why {
  let text = '';
  // One sentence: the first piece of evidence that has one; the page may show the rest.
  for (const piece of evidence)
    text ||= messages.evidence(piece, (ms) => formatDate(ms, context, messages.lang));
  return { text, rule, evidence, controls };
}

/** Purchases of the card as evidence; those that are no longer there support nothing. */
export function purchaseEvidence(
  card: Card | undefined,
  speaks: (purchase: CardPurchase) => boolean,
): readonly Evidence[] {
  const found = card?.purchases.filter(speaks) ?? [];
  if (found.length === 0) return [];
  return [{ kind: 'purchases', ids: found.map(({ id }) => id), ats: found.map(({ at }) => at) }];
}

/** Why this greeting. */
export function explainGreeting(
  { greeting, rule, because }: ChosenGreeting,
  context: ExplainContext,
  messages: SpokenMessages,
): Why {
  const controls: readonly Control[] =
    greeting.kind === 'neutral' ? [] : ['not-me', 'wrong', 'not-now', 'forget'];
  return whyOf(rule, because, controls, context, messages);
}

/** Why this is the usual: on how many days, and which purchases. Nothing is claimed when the card no longer holds them. */
export function explainUsual(
  usual: Exclude<Usual, { readonly kind: 'none' }>,
  card: Card | undefined,
  context: ExplainContext,
  messages: SpokenMessages,
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
