import type { Card } from '../profile/types.js';
import { findUsual } from './find-usual.js';
import type { SpokenMessages } from './messages.js';
import type { SpeakContext, Usual } from './types.js';
import type { ItemOf } from './usual-orders.js';

/** The usual in these words; a message of the host that throws costs it its words, and nothing else. */
export function usualInWords(
  card: Card | undefined,
  context: SpeakContext,
  item: ItemOf,
  messages: SpokenMessages,
  report: (error: unknown) => void,
): Usual {
  try {
    return findUsual(card, context, item, { messages });
  } catch (error) {
    report(error);
    return findUsual(card, context, item);
  }
}
