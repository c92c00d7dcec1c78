export { chooseGreeting } from './choose-greeting.js';
export type { ChosenGreeting } from './choose-greeting.js';
export { createMessages } from './create-messages.js';
export { daypartAt } from './daypart.js';
export type { LocalTime } from './daypart.js';
export { defaultGreetingRules } from './default-rules.js';
export { explainGreeting, explainItem, explainUsual, reasonText } from './explain.js';
export type { ExplainContext } from './explain.js';
export { findUsual } from './find-usual.js';
export type { UsualOptions } from './find-usual.js';
export { isHeldOut } from './is-held-out.js';
export { lineKey } from './line-key.js';
export type { KeyedLine } from './line-key.js';
export { en } from './locales/en.js';
export type { Locale, LookForSlots, Messages, MessageSlots, SpokenMessages } from './messages.js';
export { usableName, usableNames } from './name.js';
export { resolveReorder } from './reorder.js';
export type { ReorderLine, ReorderToday } from './reorder.js';
export type {
  CartLine,
  Control,
  Daypart,
  Evidence,
  Greeting,
  GreetingChoice,
  GreetingInput,
  GreetingKind,
  GreetingPart,
  GreetingRule,
  LookedFor,
  OccasionSlots,
  Reorder,
  ReorderChange,
  SpeakContext,
  Usual,
  UsualLine,
  UsualQuestion,
  Why,
} from './types.js';
export type { ItemOf } from './usual-orders.js';
