import type { Card, Channel, Modifier, Place } from '../profile/types.js';
import type { Item } from '../recommend/types.js';
import type { EvidenceLevel, Mode } from '../identity/types.js';
import type { Trade } from '../rhythm/priors.js';
import type { RhythmPrior } from '../rhythm/types.js';

/** Kinds of greetings, the strongest first (product rule D3). */
export type GreetingKind =
  | 'recovery'
  | 'follow-up'
  | 'birthday'
  | 'milestone'
  | 'lapsed'
  | 'regular'
  | 'returning'
  | 'first'
  | 'neutral';

/** What a customer is called, as they gave it. Which of it is said, and in which order, is the locale's to decide. */
export interface NameSlots {
  readonly given?: string;
  readonly family?: string;
  /** "Frau Dr.", "Prof.": never inferred from anything. */
  readonly title?: string;
  /** A whole name that is never split. */
  readonly display?: string;
}

/**
 * A piece of a greeting: a page may style it, a screen reader reads the whole. Values are text, never markup. A `change` is a sentence in
 * the direction of the greeting, which its first word may not show: no `<bdi>` around it.
 */
export interface GreetingPart {
  readonly type:
    | 'text'
    | 'change'
    | 'name'
    | 'item'
    | 'modifier'
    | 'table'
    | 'shop'
    | 'time'
    | 'ordinal'
    | 'staff'
    | 'contact';
  readonly value: string;
}

/** What to say. */
export type Greeting =
  | {
      readonly kind: GreetingKind;
      readonly text: string;
      readonly parts: readonly GreetingPart[];
      /** Give it to `why`, `shown`, `accepted`, `dismiss`. */
      readonly ref: string;
      /** BCP 47 tag of the text. */
      readonly lang: string;
      readonly dir: 'ltr' | 'rtl';
    }
  | { readonly kind: 'none'; readonly reason: 'dismissed' | 'stopped' };

/** Parts of the day: product rule D15. */
export type Daypart = 'morning' | 'midday' | 'afternoon' | 'evening' | 'night';

/** One line to order again. */
export interface UsualLine {
  readonly sku: string | null;
  readonly name: string;
  readonly quantity: number;
  readonly modifiers: readonly Modifier[];
  /** The seat it is for, where more than half of its orders name the same. */
  readonly seat?: number;
  /** Free text that came with it at least twice: show it to be confirmed, it is never ordered by itself. */
  readonly note?: string;
}

/** A question about a line of the usual: no choice of this group has a majority. */
export interface UsualQuestion {
  /** Index into `lines`. */
  readonly line: number;
  readonly group: string;
  /** Choices of the past, the likeliest first; null is "without". */
  readonly options: readonly (Modifier | null)[];
  /** "Milk: oat or whole?" */
  readonly text: string;
}

/** What this customer usually has, here and now. */
export type Usual =
  | {
      /** `usual` a habit; `last` only the last order; `ask` a habit with an open question. */
      readonly kind: 'usual' | 'last' | 'ask';
      readonly lines: readonly UsualLine[];
      readonly ask: readonly UsualQuestion[];
      /** "Latte (oat, extra hot) and almond croissant". */
      readonly text: string;
      /** Share of the weight of the orders that speak for it, 0–1; of the one order: 1. */
      readonly share: number;
      /** Purchases it rests on, newest first. */
      readonly purchases: readonly string[];
      readonly daypart?: Daypart;
      readonly weekend?: boolean;
      /** For `why`: on how many days, of how many days that were looked at. */
      readonly days?: { readonly times: number; readonly of: number };
      readonly table?: string;
      /**
       * What today's catalog has of it no more, in words; `kind` is `ask` then, and nothing of it may be ordered before it is answered.
       * Absent while nothing has changed, and until the catalog is there.
       */
      readonly changes?: Reorder['changed'];
      readonly ref: string;
    }
  | { readonly kind: 'none'; readonly reason: 'no-history' | 'need-proof' | 'dismissed' };

/** Everything around the customer that the words may depend on. */
export interface SpeakContext {
  readonly now: number;
  /** IANA name; whose zone it is was decided before (product rule D15). */
  readonly timeZone?: string;
  readonly locale: string;
  readonly currency?: string;
  readonly mode: Mode;
  readonly level: EvidenceLevel;
  readonly shop: string;
  readonly place?: Place;
  readonly channel: Channel;
  /** Stable seed of this customer and day, for choosing among variants. */
  readonly seed: number;
  /** What the gate lets through; the engine sees nothing else. */
  readonly name?: NameSlots;
  readonly may: {
    readonly taste: boolean;
    /** @defaultValue false */
    readonly birthday?: boolean;
    /** That something went wrong. @defaultValue true */
    readonly issues?: boolean;
  };
  /** Skus in the cart. */
  readonly basket?: readonly string[];
  /** How something that went wrong is put right here: a number, a desk, a person. */
  readonly contact?: string | undefined;
  /** How the customers of this trade come back. @defaultValue 'shop' */
  readonly prior?: Trade | RhythmPrior | undefined;
}

/** What a greeting rule looks at. `card` is absent for somebody unknown or without consent. */
export interface GreetingInput {
  readonly card?: Card;
  readonly context: SpeakContext;
  readonly usual: Usual;
}

/** A rule: the first of the list that gives something speaks. */
export interface GreetingRule {
  readonly name: string;
  /** The choice, or `undefined` to let the next rule speak. */
  readonly choose: (input: GreetingInput) => GreetingChoice | undefined;
}

/** What a rule decides; the words come from the messages of the locale. */
export interface GreetingChoice {
  readonly kind: GreetingKind;
  /** What the rule rests on, for `why`. */
  readonly because: readonly Evidence[];
  /** What the words of this occasion may say beside name and usual. */
  readonly slots?: OccasionSlots;
}

/** What only the words of some occasions may say. */
export interface OccasionSlots {
  /** Which visit the coming one is: of a milestone. */
  readonly ordinal?: number;
  /** Who handles an open issue. */
  readonly staff?: string;
  /** How to reach them: a number, a desk, an address. */
  readonly contact?: string;
  /** Day of what went wrong, 0 is Sunday. */
  readonly weekday?: 0 | 1 | 2 | 3 | 4 | 5 | 6;
}

/** One fact behind a shown word. */
export type Evidence =
  | { readonly kind: 'visits'; readonly count: number; readonly days?: number }
  | { readonly kind: 'purchases'; readonly ids: readonly string[]; readonly ats: readonly number[] }
  | {
      readonly kind: 'share';
      /** times / of, 0–1. */
      readonly share: number;
      readonly of: number;
      /** Only such days were counted. */
      readonly daypart?: Daypart;
      readonly weekend?: boolean;
    }
  | {
      readonly kind: 'fact';
      readonly key: string;
      readonly source: string;
      readonly at: number;
      /** Id of its record. */
      readonly record?: string;
    }
  /** Something that went wrong: when that was, or when it was put right. */
  | {
      readonly kind: 'issue';
      readonly issue: string;
      readonly state: 'open' | 'resolved';
      readonly at: number;
    }
  /** The visit that begins, by number. */
  | { readonly kind: 'milestone'; readonly ordinal: number }
  /** How likely this customer would have been away so long all the same, 0–1; never how long that was (product rule D12). */
  | { readonly kind: 'rhythm'; readonly tail: number }
  /** Drawn by lot to be greeted plainly, so that the shop learns what greeting does. */
  | { readonly kind: 'held-out' }
  /** What somebody looked for, in their own words. */
  | { readonly kind: 'asked'; readonly query: string }
  | { readonly kind: 'level'; readonly level: EvidenceLevel }
  | {
      readonly kind: 'together';
      readonly sku: string;
      readonly name: string;
      readonly inBasket?: boolean;
    }
  | {
      readonly kind: 'popular';
      readonly rank: number;
      readonly place?: string;
      readonly daypart?: string;
    }
  /** The shop names it instead of `sku`. */
  | {
      readonly kind: 'substitute';
      readonly sku: string;
      /** What is offered, and how that differs. */
      readonly name: string;
      readonly difference: string;
    }
  /** Bought about every so many days. */
  | { readonly kind: 'due'; readonly days: number; readonly times: number };

/** What a customer can do about a shown word. */
export type Control = 'wrong' | 'not-me' | 'not-now' | 'stop' | 'gift' | 'forget';

/** Why something was shown. */
export interface Why {
  /** One plain sentence. */
  readonly text: string;
  readonly rule: string;
  readonly evidence: readonly Evidence[];
  readonly controls: readonly Control[];
}

/** Something that keeps an earlier order from being ordered again as it was. */
export type ReorderChange =
  /** Named, but in the way of nothing: the only change that leaves the order ready. */
  | { readonly kind: 'price'; readonly line: number; readonly was: number; readonly is: number }
  | {
      readonly kind: 'gone';
      readonly line: number;
      readonly reason: 'unknown' | 'unavailable';
      /** What comes near it, or who has it; the text of the change says so. Never a part of the usual. */
      readonly instead?: Extract<LookedFor, { readonly kind: 'referral' | 'substitute' }>;
    }
  | {
      readonly kind: 'modifier-gone';
      readonly line: number;
      readonly modifier: Modifier;
      readonly options: readonly string[];
    }
  | {
      readonly kind: 'option-missing';
      readonly line: number;
      readonly group: string;
      readonly options: readonly string[];
    };

/** A line that may go into the cart as it is. */
export interface CartLine<T = unknown> {
  readonly item: Item<T>;
  readonly quantity: number;
  readonly modifiers: readonly Modifier[];
  /** Price of one with its modifiers today, integer minor units; absent when the catalog has none. */
  readonly unitPrice?: number;
}

/** An earlier order against today's catalog. The cart is empty while anything but prices is open: nothing silently different. */
export interface Reorder<T = unknown> {
  readonly ready: boolean;
  /**
   * False where the catalog could not be asked, offline for example: no price and no stock is claimed of what it did not tell, and the
   * cart is empty. `lines` is the order to queue, and to ask about again.
   */
  readonly checked: boolean;
  readonly changed: readonly (ReorderChange & { readonly text: string })[];
  readonly cart: readonly CartLine<T>[];
  readonly lines: readonly UsualLine[];
}

/** What is looked for: an item, its sku, or words. */
export type LookedForQuery = string | { readonly sku: string };

/** Who has what the shop has not. There is no field for a commission: it is an answer, not an advertisement. */
export interface Referral {
  /** For this item; one of the three that are not given holds for anything else. */
  readonly sku?: string;
  readonly category?: string;
  /** For what is looked for in one of these words: `['left-handed shears', 'ciseaux']`. */
  readonly words?: readonly string[];
  readonly name: string;
  /** "Elm St." */
  readonly where: string;
  readonly url?: string;
}

/** The honest answer to somebody who looks for something, with its words. */
export type LookedFor<T = unknown> = (
  | {
      readonly kind: 'have';
      readonly item: Item<T>;
      /** Up to four more that match. */
      readonly others: readonly Item<T>[];
    }
  | {
      readonly kind: 'substitute';
      readonly item: Item<T>;
      /** How it differs, in the shop's words. */
      readonly difference: string;
      readonly wanted: Item<T>;
    }
  | {
      readonly kind: 'referral';
      readonly name: string;
      readonly where: string;
      readonly url?: string;
      readonly wanted?: Item<T>;
    }
  | {
      readonly kind: 'none';
      /** `empty`: nothing was asked. `not-ready`: the catalog is not there to be asked, so nothing is said. */
      readonly reason: 'empty' | 'not-ready' | 'nothing';
      readonly wanted?: Item<T>;
    }
) & {
  readonly text: string;
  readonly parts: readonly GreetingPart[];
  /** Give it to `why`, `shown`, `accepted`: a referral that is taken is a good outcome. */
  readonly ref: string;
};
