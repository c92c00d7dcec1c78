import { explainGreeting, explainUsual } from '../greeting/explain.js';
import { en } from '../greeting/locales/en.js';
import { createMessages } from '../greeting/create-messages.js';
import type { Locale, Messages } from '../greeting/messages.js';
import type { Evidence, SpeakContext, Why } from '../greeting/types.js';
import { levelAtLeast } from '../identity/evidence.js';
import { maskText } from '../identity/mask.js';
import { RegularsError } from '../kernel/errors.js';
import type { Core, Explain } from './core.js';
import { formattedBy } from './formatted-by.js';
import { levelOf } from './person.js';
import { mayWhole } from './speak.js';
import { wordsHere } from './words-here.js';

const made = new WeakMap<Locale, Messages>();

/** All words of a language, made once. */
function wordsOf(locale: Locale): Messages {
  const known = made.get(locale) ?? createMessages(locale);
  made.set(locale, known);
  return known;
}

/** All words in the language of the moment: the host's, else ours. */
export function allMessages(core: Core): Messages {
  const { options, report } = core;
  const { locale, ...own } = wordsHere(core);
  const { evidence, change, lookFor, due, allergens } = locale ? wordsOf(locale) : en;
  const reasons = {
    ...{ lang: own.lang, dir: own.dir },
    evidence,
    change,
    lookFor,
    due,
    allergens,
  };
  const { messageFormatter } = options;
  const ours = messageFormatter ? formattedBy(messageFormatter, reasons, report) : reasons;
  return { ...ours, ...own, ...orOurs(own, ours, report) };
}

/** Of the host's own reasons those that it gave; where one throws, or gives what cannot be shown, ours is said. */
function orOurs<T extends object>(
  theirs: { readonly [K in keyof T]?: unknown },
  ours: T,
  report: (error: unknown) => void,
): T {
  const wrapped = Object.entries(ours).map(([name, our]: [string, unknown]) => {
    const their: unknown = theirs[name as keyof T];
    if (typeof our !== 'function' || typeof their !== 'function') return [name, our];
    const say = (...given: readonly unknown[]): unknown => {
      try {
        const said: unknown = (their as (...all: typeof given) => unknown)(...given);
        if (typeof said === 'string' || Array.isArray(said)) return said;
        throw new RegularsError('ERR_OPTIONS_INVALID', `messages.${name} must give its words.`);
      } catch (error) {
        report(error);
        return (our as (...all: typeof given) => unknown)(...given);
      }
    };
    return [name, say];
  });
  return Object.fromEntries(wrapped) as T;
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
