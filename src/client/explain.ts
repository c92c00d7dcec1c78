import { explainGreeting, explainUsual } from '../greeting/explain.js';
import { en } from '../greeting/locales/en.js';
import type { Messages } from '../greeting/messages.js';
import { maskText } from '../identity/mask.js';
import type { Core, Explain } from './core.js';

/** All words: the host's, else English. */
export function allMessages(core: Core): Messages {
  return { ...en, ...core.messages };
}

/** Says why something was said. */
export function createExplain(core: Core): Explain {
  const messages = allMessages(core);
  return {
    mask: maskText,
    greeting: (chosen, context) => explainGreeting(chosen, context, messages),
    usual: (usual, card, context) => explainUsual(usual, card, context, messages),
  };
}
