/** What the look-ups of a device have come to. Plain data: keep it as long as the device shall be held to it. */
export interface MissState {
  /** Elapsed time of the misses that still count. */
  readonly misses: readonly number[];
  /** Elapsed time until which nothing is looked up. */
  readonly until: number;
  /** How long the next pause is. */
  readonly pauseMs: number;
}

const MISSES = 8;
const WINDOW_MS = 60_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** The state of a device that has missed nothing. */
export function createMissLimiter(): MissState {
  return { misses: [], until: 0, pauseMs: WINDOW_MS };
}

/**
 * Counts a look-up that found nobody (in a kiosk each claim without proof, so that known and unknown slow down alike).
 * The 8th within 60 s begins a pause of 60 s; each further pause is twice as long, up to an hour, until an hour has gone without one.
 */
export function recordMiss(state: MissState | undefined, elapsedMs: number): MissState {
  const { misses, until, pauseMs } = state ?? createMissLimiter();
  const recent = [...misses.filter((at) => elapsedMs - at < WINDOW_MS), elapsedMs];
  const pause = elapsedMs - until < LONGEST_PAUSE_MS ? pauseMs : WINDOW_MS;
  return recent.length < MISSES
    ? { misses: recent, until, pauseMs: pause }
    : { misses: [], until: elapsedMs + pause, pauseMs: Math.min(2 * pause, LONGEST_PAUSE_MS) };
}

/** How long nothing may be looked up, ms; 0 when it may. */
export function limitedFor(state: MissState | undefined, elapsedMs: number): number {
  return Math.max(0, (state?.until ?? 0) - elapsedMs);
}
