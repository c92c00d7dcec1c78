import { createSpoken, type LocaleTraits } from '../create-spoken.js';
import type { SpokenMessages } from '../messages.js';
import { spoken } from './en-spoken-words.js';

/** Lists without a comma before their "and". */
export const english: LocaleTraits = { lang: 'en', dir: 'ltr', lists: 'en-GB' };

/** English as far as an everyday greeting needs it: this much is on every page. */
export const enSpoken: SpokenMessages = createSpoken(english, spoken);
