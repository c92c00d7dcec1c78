/** Time, handed in. Tests give a fake one; pages get {@link systemClock}. */
export interface Clock {
  /** Wall time, ms since 1970. May jump; used for what happened when. */
  readonly now: () => number;
  /** Monotonic ms since an arbitrary start. Never jumps; used for lifetimes of proofs and visits. */
  readonly elapsed: () => number;
  /** Runs `act` once after `ms`; the function returned cancels it. */
  readonly after: (ms: number, act: () => void) => () => void;
}

/** Fills and returns a fresh array of `length` random bytes. */
export type Random = (length: number) => Uint8Array;

/** The platform's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};

/** The platform's cryptographic random numbers. */
export const systemRandom: Random = (length) => crypto.getRandomValues(new Uint8Array(length));
