import type { Card } from '../profile/types.js';
import type { Recommended, RecommendReason } from '../recommend/types.js';
import { purchaseEvidence, whyOf, type ExplainContext } from './explain-spoken.js';
import { labelOf } from './line-key.js';
import type { SpokenMessages } from './messages.js';
import type { Control, Evidence, Why } from './types.js';
import { countsAsBought } from './usual-orders.js';

// Apart, since a greeting explains no offer: a page that only greets does not load this file.
export { explainGreeting, explainUsual } from './explain-spoken.js';
export type { ExplainContext } from './explain-spoken.js';

const reasonEvidence = (reason: RecommendReason, names: (sku: string) => string): Evidence =>
  reason.kind === 'bought'
    ? { kind: 'share', share: reason.times / reason.visits, of: reason.visits }
    : reason.kind === 'together'
      ? { ...reason, name: labelOf(names(reason.sku)) }
      : reason;

/** Why this item is offered; with the purchases of it, where its reason is that it was bought. */
export function explainItem(
  { reasons, sku, source }: Recommended,
  names: (sku: string) => string,
  card: Card | undefined,
  context: ExplainContext,
  messages: SpokenMessages,
): Why {
  const bought = reasons.some(({ kind }) => kind === 'bought');
  const evidence = [
    ...reasons.map((reason) => reasonEvidence(reason, names)),
    ...purchaseEvidence(
      bought ? card : undefined,
      (purchase) => countsAsBought(purchase) && purchase.lines.some((line) => line.sku === sku),
    ),
  ];
  const controls: readonly Control[] = bought
    ? ['gift', 'not-now', 'stop', 'wrong', 'forget']
    : ['not-now', 'stop'];
  return whyOf(source, evidence, controls, context, messages);
}

/** The short reason beside a recommendation: that of its first reason. Without one, an empty text. */
export function reasonText(
  { reasons: [reason] }: Recommended,
  names: (sku: string) => string,
  messages: SpokenMessages,
): string {
  return reason ? messages.evidence(reasonEvidence(reason, names), String) : '';
}
