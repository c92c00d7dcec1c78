import type { Messages } from '../messages.js';
import { enSpoken } from './en-spoken.js';

// What reorder says stands here alone: a page that only greets does not load it.
const change: Messages['change'] = (kind, { item, modifier = '', options = [], was, is }) => {
  const instead = options.length > 0 ? ` Please choose: ${options.join(', ')}.` : '';
  return {
    price: `${item} is now ${is} (it was ${was}).`,
    gone: `We no longer have ${item}.`,
    unavailable: `${item} is out just now.`,
    'modifier-gone': `${modifier} is not available for ${item}.${instead}`,
    'option-missing': `${item}${modifier && `, ${modifier}`}: one choice is missing.${instead}`,
  }[kind];
};

/** English: everything. */
export const en: Messages = { ...enSpoken, change };
