import type { Trade } from '../rhythm/priors.js';
import type { RhythmPrior } from '../rhythm/types.js';
import type { Locale, MessageFormatter, Messages } from './messages.js';
import type { GreetingRule, Referral } from './types.js';

/** How a shop speaks: the same in its pages and on its server. */
export interface SpeechOptions {
  /** Who may speak, in their order: rules instead of ours, or a function that adds to ours, replaces and reorders them. */
  readonly greetingRules?:
    readonly GreetingRule[] | ((defaults: readonly GreetingRule[]) => readonly GreetingRule[]);
  /**
   * How your customers come back: a trade, or what `fitPrior` of `regulars/model` found in your own orders. It decides from when on
   * a gap is long. @defaultValue 'shop'
   */
  readonly prior?: Trade | RhythmPrior;
  /**
   * Share of customers, 0–1, who are greeted plainly, so that you learn what greetings are good for: drawn by their id, the same for
   * ever. Something that went wrong is said to them all the same. @defaultValue 0
   */
  readonly holdOut?: number;
  /** How a customer reaches whoever settles what went wrong: "the front desk", "+1 425 555 0100". @defaultValue not said */
  readonly contact?: string;
  /**
   * Languages beside English: `[de, ja]` of `regulars/locales/de`, `regulars/locales/ja`; or words of your own. The one that comes
   * nearest to `locale` speaks, English where none does. @defaultValue none
   */
  readonly locales?: readonly (Locale | Messages)[];
  /** Words instead of ours, in every language. */
  readonly messages?: Partial<Messages>;
  /** A formatter of your own; where it gives nothing, or throws, our words are said. @defaultValue none */
  readonly messageFormatter?: MessageFormatter;
  /** Who has what this shop has not: what `lookFor` answers, and `reorder` of a thing that is gone, when nothing near it is there. @defaultValue nobody */
  readonly referrals?: readonly Referral[];
}
