import { RegularsError } from '../kernel/errors.js';
import { isJson } from './check-parts.js';
import type { ConsentPurpose, FactData } from './types.js';

const KEY_LENGTH = 200;
const VALUE_LENGTH = 4_000;
const PURPOSES: readonly ConsentPurpose[] = ['remember', 'suggest', 'measure', 'health', 'share'];

/** First words of keys that speak of body or belief: whoever names them otherwise is not believed (product rule P11). */
const SPECIAL =
  /^(allerg|diet|health|medic|illness|disease|diagnos|disab|pregnan|intoleran|vegan|vegetarian|halal|kosher|relig|belief)/i;

/** True for a key that only the purpose `health` may have. */
function isSpecialKey(key: string): boolean {
  return SPECIAL.test(key);
}

/** The purpose a fact is kept for: what speaks of body or belief is `health`, whatever was given. */
export function purposeOf(key: string, given: ConsentPurpose = 'remember'): ConsentPurpose {
  return isSpecialKey(key) ? 'health' : given;
}

/**
 * Refuses, with ERR_OPTIONS_INVALID, what cannot be a fact: one without a key, one that JSON cannot carry, one for no purpose that
 * there is, a note of the staff's without an end, or one about health that did not come from the customer. Names no value.
 */
export function checkFact({ key, value, purpose, source, expiresAt, staffOnly }: FactData): void {
  const wrong =
    typeof key !== 'string' || key === '' || key.length > KEY_LENGTH
      ? `its key is to be a text of 1 to ${KEY_LENGTH} characters`
      : value === undefined || !isJson(value)
        ? 'its value is to be one that JSON can carry'
        : JSON.stringify(value).length > VALUE_LENGTH
          ? `its value is to take at most ${VALUE_LENGTH} characters`
          : !PURPOSES.includes(purpose)
            ? 'its purpose is to be one of the five'
            : expiresAt !== undefined && !Number.isFinite(expiresAt)
              ? 'its expiresAt is to be a time in ms'
              : staffOnly && expiresAt === undefined
                ? 'what only the staff may see needs an expiresAt'
                : purpose === 'health' && source !== 'customer'
                  ? 'what is about health comes from the customer alone'
                  : undefined;
  if (wrong !== undefined)
    throw new RegularsError('ERR_OPTIONS_INVALID', `This cannot be a fact: ${wrong}.`);
}
