import type { Card } from '../profile/types.js';
import type { Core } from './core.js';
import type { KnownDerived, KnownKept } from './known-types.js';
import { MONTH_MS, remembersMonths } from './marker.js';
import { monthsKept } from './retain.js';

const MOST_RECOMMENDED = 20;

/** What is computed of the customer at this moment, with what it rests on. Asking counts for nothing. */
export function derivedOf(core: Core, card: Card | undefined): KnownDerived {
  const { state } = core;
  const { usual } = core.snapshot();
  const offered = state.suggest?.(core, { limit: MOST_RECOMMENDED });
  return {
    paidVisits: card?.paidVisits ?? 0,
    visitTimes: card?.visitTimes ?? [],
    usual:
      usual.kind === 'none'
        ? null
        : {
            kind: usual.kind,
            items: usual.lines.map(({ name }) => name),
            share: usual.share,
            why: state.whys.get(usual.ref)?.() ?? null,
          },
    recommendations:
      offered?.kind === 'items'
        ? offered.items.map(({ sku, name, score, source, reasons, text }) => ({
            ...{ sku, name, score, source, reasons, text },
          }))
        : [],
  };
}

/** Where everything of the customer is kept, and until when. */
export function keptOf({ state, vault, options, clock }: Core): KnownKept {
  const months = remembersMonths(options);
  const kept = monthsKept(options);
  const keeps = vault.keeps();
  return {
    where: keeps ? 'device' : state.sealing ? 'sealed' : 'memory',
    months,
    until: keeps ? clock.now() + months * MONTH_MS : null,
    orderMonths: kept.events,
    answerMonths: kept.answers,
  };
}
