import { limitedFor, recordMiss, type MissState } from '../identity/limiter.js';
import type { Core } from './core.js';

/** How often somebody nobody knows was asked for on this device. */
export interface Misses {
  /** How long nothing may be looked up, ms. */
  readonly wait: () => number;
  readonly count: () => void;
}

/**
 * Counts for one device. At a kiosk the count outlives a reload of the page, which a visitor could have for nothing: the times of the
 * latest misses, and no more, lie in sessionStorage.
 */
export function createMisses({ clock, mode, options }: Core): Misses {
  const key = `regulars:${options.shop}:limited`;
  const shift = (): number => clock.now() - clock.elapsed();
  let state = mode === 'kiosk' ? read(key, clock.now(), shift()) : undefined;
  return {
    wait: () => limitedFor(state, clock.elapsed()),
    count: () => {
      state = recordMiss(state, clock.elapsed());
      if (mode === 'kiosk') write(key, state, shift());
    },
  };
}

const MINUTE_MS = 60_000;

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

function write(key: string, { misses, until, pauseMs }: MissState, shift: number): void {
  try {
    const times = misses.map((at) => at + shift);
    sessionStorage.setItem(key, JSON.stringify([until + shift, pauseMs, ...times]));
  } catch {
    // a browser that refuses it has no memory beyond the page
  }
}
