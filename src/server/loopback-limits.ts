/** How often something may be done. */
export interface Limit {
  readonly times: number;
  readonly windowMs: number;
}

/** Counts what is asked for, by whatever names it. */
export interface Limits {
  /** Counts one, known or not; how long until it is allowed again, ms: 0 where it is. */
  readonly count: (name: string, limit: Limit) => number;
}

/** Makes a counter over a sliding window of elapsed time. */
export function createLimits(elapsed: () => number): Limits {
  const counted = new Map<string, readonly number[]>();
  return {
    count: (name, { times, windowMs }) => {
      const now = elapsed();
      const recent = (counted.get(name) ?? []).filter((at) => now - at < windowMs);
      const [oldest = now] = recent;
      if (recent.length >= times) return oldest + windowMs - now;
      counted.set(name, [...recent, now]);
      return 0;
    },
  };
}
