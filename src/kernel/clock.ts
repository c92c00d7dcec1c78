/** Time, handed in. Tests give a fake one; pages get {@link systemClock}. */
export interface Clock {
  /** Wall time, ms since 1970. May jump; used for what happened when. */
  readonly now: () => number;
  /** Ms since an arbitrary start; never goes back, whatever is done to the wall clock. Used for lifetimes of proofs and visits. */
  readonly elapsed: () => number;
  /** Runs `act` once after `ms`; the function returned cancels it. */
  readonly after: (ms: number, act: () => void) => () => void;
}

/** Fills and returns a fresh array of `length` random bytes. */
export type Random = (length: number) => Uint8Array;

/** A clock that says less has none: an empty battery says 1970, or when the machine was made. */
export const RELEASED_MS: number = Date.UTC(2026, 0);

// Where a laptop sleeps, `performance.now()` may stop, and what would have ended by then would still hold. The wall clock has gone
// on: it may only bring elapsed time forward, so that a lifetime ends too early rather than too late.
let ahead = 0;

/** The platform's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => {
    const ms = performance.now();
    return ms + (ahead = Math.max(ahead, Date.now() - ms));
  },
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};

/** The platform's cryptographic random numbers. */
export const systemRandom: Random = (length) => crypto.getRandomValues(new Uint8Array(length));
