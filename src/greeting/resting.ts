import type { Card } from '../profile/types.js';
import { REST_MS } from '../profile/visit-hours.js';
import type { Greeting, GreetingKind } from './types.js';

/**
 * Dismissed in this visit, twice running within 30 days, or for good (product rule D8). What went wrong comes before any rest
 * (D3): only its own dismissals let it rest.
 */
export function restingGreeting(
  card: Card | undefined,
  kind: GreetingKind,
  now: number,
  visitAt: number = Infinity,
): Extract<Greeting, { readonly kind: 'none' }> | undefined {
  const greetings = (card?.dismissals ?? []).flatMap(({ at, reason, target }) =>
    target.kind === 'greeting' ? [{ at, reason, of: target.greeting }] : [],
  );
  if (greetings.some(({ reason }) => reason === 'stop')) return { kind: 'none', reason: 'stopped' };
  const [last, before] = greetings.filter(({ of }) => of === kind || !/^(rec|fol)/.test(kind));
  // what a clock that was ahead has dismissed is no reason for a year of silence
  const isNear = last && Math.abs(now - last.at) < REST_MS;
  const rests = isNear && (last.at >= visitAt || before);
  return rests ? { kind: 'none', reason: 'dismissed' } : undefined;
}
