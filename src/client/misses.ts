import { limitedFor, recordMiss, type MissState } from '../identity/limiter.js';
import type { Core } from './core.js';

/** How often somebody nobody knows was asked for on this device. */
export interface Misses {
  /** How long nothing may be looked up, ms. */
  readonly wait: () => number;
  readonly count: () => void;
}

/**
 * Counts for one device. A pause outlives a reload of the page, which a visitor of a kiosk could have for nothing: while it lasts,
 * and only then, two numbers lie in sessionStorage.
 */
export function createMisses({ clock, mode, options }: Core): Misses {
  const key = `regulars:${options.shop}:limited`;
  let state = mode === 'kiosk' ? read(key, clock.now(), clock.elapsed()) : undefined;
  return {
    wait: () => {
      const left = limitedFor(state, clock.elapsed());
      if (left === 0 && state?.until) forget(key);
      return left;
    },
    count: () => {
      const before = state?.until;
      state = recordMiss(state, clock.elapsed());
      if (mode === 'kiosk' && state.until !== before && state.until > clock.elapsed())
        write(key, clock.now() + limitedFor(state, clock.elapsed()), state.pauseMs);
    },
  };
}

function read(key: string, now: number, elapsed: number): MissState | undefined {
  try {
    const [until, pauseMs] = JSON.parse(sessionStorage.getItem(key) ?? '[]') as readonly unknown[];
    if (typeof until !== 'number' || typeof pauseMs !== 'number' || !(pauseMs >= 60_000))
      return undefined;
    // a wall clock that was set back makes no pause longer
    const left = Math.min(until - now, pauseMs);
    return left > 0
      ? { misses: [], until: elapsed + left, pauseMs: Math.min(pauseMs, 3_600_000) }
      : undefined;
  } catch {
    return undefined; // no sessionStorage, or somebody else's entry
  }
}

function write(key: string, until: number, pauseMs: number): void {
  try {
    sessionStorage.setItem(key, JSON.stringify([until, pauseMs]));
  } catch {
    // a browser that refuses it has no memory beyond the page
  }
}

function forget(key: string): void {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // never written
  }
}
