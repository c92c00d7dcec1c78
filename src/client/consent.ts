import { uuidV7 } from '../kernel/ids.js';
import type { ConsentPurpose, RecordDraft } from '../profile/types.js';
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

/** An answer, ready to be appended: it names the answers it replaces. */
export function consentDraft(
  core: Core,
  purpose: ConsentPurpose,
  answer: 'granted' | 'denied',
): RecordDraft {
  const at = core.clock.now();
  return {
    id: uuidV7(at, core.random),
    subject: core.state.person.subject,
    kind: 'consent',
    by: `device:${core.vault.device()}`,
    data: { purpose, answer, at, replaces: core.state.card?.consentRecords[purpose] ?? [] },
  };
}
