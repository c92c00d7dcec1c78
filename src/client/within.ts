import type { Core } from './core.js';

/** Resolves with `promise`, or after `ms` without it; what it throws is reported. */
export function within(core: Core, promise: Promise<unknown>, ms: number): Promise<void> {
  return new Promise<void>((resolve) => {
    const cancel = core.clock.after(ms, resolve);
    void promise.catch(core.report).then(() => {
      cancel();
      resolve();
    });
  });
}
