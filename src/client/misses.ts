import { limitedFor, recordMiss, type MissState } from '../identity/limiter.js';
import type { Core } from './core.js';

/** How often somebody nobody knows was asked for on this device. */
export interface Misses {
  /** How long nothing may be looked up, ms. */
  readonly wait: () => number;
  readonly count: () => void;
}

/**
 * Counts for one device. At a kiosk the count outlives a reload of the page, which a visitor could have for nothing: from the fourth
 * miss within a minute their times, and no more, lie in sessionStorage until they count no longer.
 */
export function createMisses({ clock, mode, options }: Core): Misses {
  const key = `regulars:${options.shop}:limited`;
  const shift = (): number => clock.now() - clock.elapsed();
  let state = mode === 'kiosk' ? read(key, clock.now(), shift()) : undefined;
  return {
    wait: () => limitedFor(state, clock.elapsed()),
    count: () => {
      state = recordMiss(state, clock.elapsed());
      if (mode !== 'kiosk') return;
      const lasts = state.misses.length >= TELLING || state.until > clock.elapsed();
      write(key, lasts ? state : undefined, shift());
    },
  };
}

const MINUTE_MS = 60_000;
/** So many misses are no slip of the finger. */
const TELLING = 4;

/** The state as it lies there, in wall time; one with times that cannot be is none. */
function read(key: string, now: number, shift: number): MissState | undefined {
  try {
    const [until, pauseMs, ...misses] = JSON.parse(
      sessionStorage.getItem(key) ?? '[]',
    ) as readonly unknown[];
    if (!isTime(until) || !isTime(pauseMs) || !misses.every(isTime) || pauseMs < MINUTE_MS)
      return undefined;
    const longest = Math.min(pauseMs, 60 * MINUTE_MS);
    return {
      // a wall clock that was set back makes no pause longer
      misses: misses.map((at) => Math.min(at, now) - shift),
      until: Math.min(until, now + longest) - shift,
      pauseMs: longest,
    };
  } catch {
    return undefined; // no sessionStorage, or somebody else's entry
  }
}

const isTime = (value: unknown): value is number => Number.isFinite(value);

function write(key: string, state: MissState | undefined, shift: number): void {
  try {
    if (!state) return sessionStorage.removeItem(key);
    const times = [state.until + shift, state.pauseMs, ...state.misses.map((at) => at + shift)];
    sessionStorage.setItem(key, JSON.stringify(times));
  } catch {
    // a browser that refuses it has no memory beyond the page
  }
}
