import type { Clock } from '../../kernel/clock.js';

/** How long a page waits for its turn: what it commits is checked in any case. */
const PATIENCE_MS = 1000;

/** Runs one act while no other page of this site runs one under the same name. */
export type PageTurns = <T>(act: () => Promise<T>) => Promise<T>;

/**
 * Makes {@link PageTurns}: who comes first goes first, so that no page is outrun for ever. Where there are no Web Locks, and while a
 * frozen page holds the lock, acts run all the same.
 */
export function createPageTurns(name: string, clock: Clock): PageTurns {
  let isStuck = false;
  return async (act) => {
    // not in Node before 24, nor on pages without https, whatever the DOM's types say
    const { locks } = (globalThis.navigator ?? {}) as { readonly locks?: LockManager };
    if (!locks || isStuck) return act();
    const waiting = new AbortController();
    const stop = clock.after(PATIENCE_MS, () => waiting.abort());
    let running: ReturnType<typeof act> | undefined;
    try {
      await locks.request(name, { signal: waiting.signal }, async () => {
        stop();
        running = act();
        await running.catch(() => undefined);
      });
    } catch {
      stop(); // waited too long, or a frame that may not have locks
      isStuck = waiting.signal.aborted;
      if (isStuck)
        locks
          .request(name, async () => (isStuck = false)) // in its turn, when the other page wakes
          .catch(() => undefined);
    }
    return running ?? act();
  };
}
