import type { ConsentPurpose } from '../profile/types.js';
import type { Core } from './core.js';
import type { ConsentSetting, Snapshot } from './types.js';

/** The five purposes (product rule P2). */
export const PURPOSES: readonly ConsentPurpose[] = [
  'remember',
  'suggest',
  'measure',
  'health',
  'share',
];

/** What holds for a purpose: the customer's own answer, else the host's setting. */
export function consentOf(core: Core, purpose: ConsentPurpose): ConsentSetting {
  const { state, options } = core;
  if (purpose === 'remember' && state.answeredRemember) return state.answeredRemember;
  const setting = options.consent?.[purpose] ?? 'ask';
  return (
    state.card?.consent[purpose] ??
    (purpose === 'remember' && state.person.remembered ? 'granted' : setting)
  );
}

/** All purposes, for the snapshot. */
export function consentsOf(core: Core): Snapshot['consent'] {
  return Object.fromEntries(
    PURPOSES.map((purpose) => [purpose, consentOf(core, purpose)]),
  ) as Snapshot['consent'];
}
