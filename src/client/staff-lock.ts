import type { Clock } from '../kernel/clock.js';
import { hearTouches } from './hear.js';

/** Keeps a till open while somebody works at it. */
export interface StaffLock {
  readonly open: () => void;
  readonly close: () => void;
  readonly isOpen: () => boolean;
  /** Somebody is there. */
  readonly touch: () => void;
}

/** A lock of its own, beside the visit: closed by so long without a touch of the page or a call. */
export function createStaffLock(clock: Clock, lockAfterMs: number, onLock: () => void): StaffLock {
  let stopHearing: (() => void) | undefined;
  let cancelTimer: () => void = () => undefined;
  const close = (): void => {
    cancelTimer();
    stopHearing?.();
    stopHearing = undefined;
  };
  const touch = (): void => {
    if (!stopHearing) return;
    cancelTimer();
    cancelTimer = clock.after(lockAfterMs, () => {
      close();
      onLock();
    });
  };
  return {
    open: () => {
      stopHearing ??= hearTouches(touch);
      touch();
    },
    close,
    isOpen: () => stopHearing !== undefined,
    touch,
  };
}
