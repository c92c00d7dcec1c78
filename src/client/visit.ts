import type { Clock } from '../kernel/clock.js';

/** A stay ends after so long without activity: 30 min. */
export const VISIT_MS: number = 30 * 60_000;
/** What `visit-ending` may wait for at most: 2 s. */
export const WAIT_UNTIL_MS: number = 2_000;

/** What the idle watch tells. */
export interface IdleEvents {
  readonly warn: (endsAt: number) => void;
  readonly cancel: () => void;
  readonly end: () => void;
}

/** Watches for the customer of a shared screen walking away. */
export interface IdleWatch {
  /** Somebody is there. */
  readonly touch: () => void;
  /** Nobody is sent away while `promise` is pending. */
  readonly hold: (promise: Promise<unknown>) => void;
  readonly stop: () => void;
}

/** Idle by activity, never by page or address (product rule D6). Starts at once. */
export function watchIdle(
  clock: Clock,
  times: { readonly warnAfterMs: number; readonly endAfterMs: number },
  events: IdleEvents,
): IdleWatch {
  let cancelTimer: () => void = () => undefined;
  let warned = false;
  let holds = 0;
  let stopped = false;

  const wait = (): void => {
    cancelTimer();
    if (stopped || holds > 0) return;
    cancelTimer = clock.after(times.warnAfterMs, () => {
      warned = true;
      events.warn(clock.now() + times.endAfterMs);
      cancelTimer = clock.after(times.endAfterMs, () => {
        warned = false;
        stopped = true;
        events.end();
      });
    });
  };
  const touch = (): void => {
    if (warned) {
      warned = false;
      events.cancel();
    }
    wait();
  };
  wait();
  return {
    touch,
    hold: (promise) => {
      holds++;
      touch();
      const release = (): void => {
        holds--;
        touch();
      };
      promise.then(release, release);
    },
    stop: () => {
      stopped = true;
      cancelTimer();
    },
  };
}
