import { allWords } from '../greeting/all-words.js';
import { explainGreeting, explainUsual } from '../greeting/explain.js';
import type { Messages } from '../greeting/messages.js';
import type { Evidence, SpeakContext, Why } from '../greeting/types.js';
import { levelAtLeast } from '../identity/evidence.js';
import { maskText } from '../identity/mask.js';
import type { Core, Explain } from './core.js';
import { levelOf } from './person.js';
import { mayWhole } from './speak.js';
import { wordsHere } from './words-here.js';

/** All words in the language of the moment: the host's, else ours. */
export function allMessages(core: Core): Messages {
  return allWords(wordsHere(core), core.options.messageFormatter, core.report);
}

/** Says why something was said. */
export function createExplain(core: Core): Explain {
  return {
    mask: maskText,
    greeting: (chosen, card, context) =>
      reasonHere(core, context, () => explainGreeting(chosen, context, allMessages(core), card)),
    usual: (usual, card, context) =>
      reasonHere(core, context, () => explainUsual(usual, card, context, allMessages(core))),
  };
}

const LAST_TIME: Evidence = { kind: 'share', share: 1, of: 1 };

/**
 * A reason passes the gate as what it explains did: none for what was said at a level that has fallen since, and no order's id and
 * day where the orders may not be shown.
 */
export function reasonHere(
  core: Core,
  { level }: SpeakContext,
  explain: () => Why,
): Why | undefined {
  if (!levelAtLeast(levelOf(core), level)) return undefined;
  const why = explain();
  // of a claim at a kiosk nothing more is here than what may be said
  const claimed: Evidence = { kind: 'level', level: levelOf(core) };
  if (core.state.person.view && why.evidence.length === 0)
    return { ...why, text: allMessages(core).evidence(claimed, String), evidence: [claimed] };
  const orders = why.evidence.findIndex(({ kind }) => kind === 'purchases');
  if (orders < 0 || mayWhole(core, 'orders').ok) return why;
  const others = why.evidence.filter(({ kind }) => kind !== 'purchases');
  if (orders > 0) return { ...why, evidence: others };
  return { ...why, text: allMessages(core).evidence(LAST_TIME, String), evidence: [LAST_TIME] };
}
