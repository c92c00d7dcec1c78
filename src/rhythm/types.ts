/** What a customer's purchase days say of their rhythm. Times are in days. */
export interface RhythmSummary {
  /** Purchase days after the first. */
  readonly x: number;
  /** From the first purchase day to the last. */
  readonly tx: number;
  /** From the first purchase day to now: `T - tx` is the gap that is open. */
  readonly T: number;
  /** From each purchase day to the next, oldest first. */
  readonly gaps: readonly number[];
  /** The newest purchase, ms; absent without any. */
  readonly last?: number;
}

/**
 * How the customers of a trade come back: the MBG/NBD model, or with `k` 2 the MBG/CNBD-2 for trades whose customers are more
 * regular than chance. Gaps of a customer have a rate that is gamma distributed over customers (`r`, `alphaDays`); after each
 * purchase, the first included, a customer is lost with a probability that is beta distributed (`a`, `b`).
 */
export interface RhythmPrior {
  readonly k: 1 | 2;
  readonly r: number;
  readonly alphaDays: number;
  readonly a: number;
  readonly b: number;
  /** Customers it was fitted on. */
  readonly n?: number;
  /** What it was fitted on, in words. */
  readonly fittedOn?: string;
}

/** How to greet whoever comes in: `first` has never bought here, `again` comes back, `missed` comes back after a gap that is long for them. */
export type Tone = 'first' | 'again' | 'missed';

/** A tone, and the numbers it rests on. */
export interface ReturnTone {
  readonly tone: Tone;
  /** Probability that a customer who has not left stays away longer than this, 0–1. */
  readonly tail: number;
  readonly gapDays: number;
  /** The longest gap before this one, 0 without any. */
  readonly longestGap: number;
}

/** Thresholds of a tone. */
export interface ToneOptions {
  /** A gap is long when fewer of the customers with such a history stay away longer. @defaultValue 0.2 */
  readonly tail?: number;
  /** Nobody is missed sooner. @defaultValue 14 */
  readonly minDays?: number;
}

/** What a customer has most, of whom so much is sure that it may be said. */
export interface UsualShare {
  readonly item: string;
  /** Smoothed share of the customer's purchases, 0.6–1. */
  readonly share: number;
  /** Purchases that were counted. */
  readonly n: number;
}

/** When an item may be needed again. */
export interface Due {
  /** `due` while it may be said, else `none`. */
  readonly say: 'due' | 'none';
  /** From the last purchase day to the next, expected; absent below two purchase days. "About", never a date. */
  readonly dueDays?: number;
  /** Spread of the gaps: standard deviation by mean; absent below three purchase days. */
  readonly cv?: number;
}

/** An item that was bought before. */
export interface BuyAgain extends Due {
  readonly item: string;
  /** Smoothed share, 0–1, of the visits since it was first bought. */
  readonly share: number;
  /** Purchase days. */
  readonly times: number;
  /** Since the last of them. */
  readonly sinceDays: number;
}
