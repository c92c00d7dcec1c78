import type { Clock, Random } from '../kernel/clock.js';

/** A {@link Clock} that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Lets `ms` pass and runs each timer that falls due at its own time, in order; also those that are set meanwhile. */
  readonly advance: (ms: number) => void;
  /** Sets the wall time, as a person or a time server does: it may jump back; timers and `elapsed` do not notice. */
  readonly setWall: (ms: number) => void;
}

/** Makes a {@link FakeClock} whose wall time begins at `startMs`, by default at 2026-01-01T12:00:00Z. */
export function createFakeClock(startMs: number = Date.UTC(2026, 0, 1, 12)): FakeClock {
  let elapsed = 0;
  /** Wall time at elapsed 0. */
  let origin = startMs;
  let timers: readonly { readonly dueAt: number; readonly act: () => void }[] = [];

  return {
    now: () => origin + elapsed,
    elapsed: () => elapsed,
    after: (ms, act) => {
      const timer = { dueAt: elapsed + Math.max(0, ms), act };
      const later = timers.findIndex(({ dueAt }) => dueAt > timer.dueAt);
      const at = later < 0 ? timers.length : later;
      timers = [...timers.slice(0, at), timer, ...timers.slice(at)];
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance: (ms) => {
      const end = elapsed + ms;
      for (let next = timers[0]; next && next.dueAt <= end; next = timers[0]) {
        timers = timers.slice(1);
        elapsed = next.dueAt;
        next.act();
      }
      elapsed = end;
    },
    setWall: (ms) => {
      origin = ms - elapsed;
    },
  };
}

/** A {@link Random} that gives the same bytes for the same seed (mulberry32). For tests, never for ids that must not be guessed. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const nextByte = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) & 0xff;
  };
  return (length) => Uint8Array.from({ length }, nextByte);
}
