import type { ConsentAnswers, ConsentSource } from '../profile/port.js';
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

/** In `state.refused`: somebody said no on this device, before this page. */
export const ON_DEVICE = 'device';

/** The consent platform that the host goes by, if it does. */
export function sourceOf({ consent }: Core['options']): ConsentSource | undefined {
  return (consent as Partial<ConsentSource> | undefined)?.get && (consent as ConsentSource);
}

/** What the host says, or its consent platform. */
export function answersOf({ options, report }: Pick<Core, 'options' | 'report'>): ConsentAnswers {
  try {
    return sourceOf(options)?.get() ?? (options.consent as ConsentAnswers | undefined) ?? {};
  } catch (error) {
    report(error);
    return {};
  }
}

/** What holds for a purpose: the customer's own answer, else what the host says of it. */
export function consentOf(core: Core, purpose: ConsentPurpose): ConsentSetting {
  const { state, options } = core;
  const { card, person, refused } = state;
  const said = answersOf(core)[purpose] ?? 'ask';
  // a platform speaks for the customer: its no holds at once, whatever they said before
  if (said === 'denied' && sourceOf(options)) return said;
  const own = card?.consent[purpose];
  if (own) return own;
  if (purpose === 'remember') {
    if (person.remembered) return 'granted';
    return refused === person.subject || (refused === ON_DEVICE && said === 'granted')
      ? 'denied'
      : said;
  }
  // nobody but the customer can say yes to health (P11), nor to these against the browser's signal (P4)
  if (purpose === 'health') return said === 'granted' ? 'ask' : said;
  return purpose !== 'suggest' && hasSignal() ? 'denied' : said;
}

/** Global Privacy Control, as the browser says it now. */
function hasSignal(): boolean {
  return (
    (globalThis.navigator as { readonly globalPrivacyControl?: unknown } | undefined)
      ?.globalPrivacyControl === true
  );
}

/** All purposes, for the snapshot. */
export function consentsOf(core: Core): Snapshot['consent'] {
  return Object.fromEntries(
    PURPOSES.map((purpose) => [purpose, consentOf(core, purpose)]),
  ) as Snapshot['consent'];
}
