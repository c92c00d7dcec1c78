import type { Clock } from '../../kernel/clock.js';

/** How long a page waits for its turn; a frozen one may hold it for ever, and what commits is checked in any case. */
const PATIENCE_MS = 1000;

/**
 * Runs `act` while no other page of this site runs its own under the same name: whoever comes first goes first, so that none is
 * outrun for ever. Where there are no Web Locks, and after a time of waiting, it runs all the same.
 */
export async function inTurnOfPages<T>(
  name: string,
  clock: Clock,
  act: () => Promise<T>,
): Promise<T> {
  // not in Node before 24, nor on pages without https, whatever the DOM's types say
  const { locks } = (globalThis.navigator ?? {}) as { readonly locks?: LockManager };
  if (!locks) return act();
  const waiting = new AbortController();
  const stop = clock.after(PATIENCE_MS, () => waiting.abort());
  let running: Promise<T> | undefined;
  try {
    await locks.request(name, { signal: waiting.signal }, () => {
      stop();
      running = act();
      return running.then(
        () => undefined,
        () => undefined,
      );
    });
  } catch {
    stop(); // waited too long, or a frame that may not have locks
  }
  return running ?? act();
}
