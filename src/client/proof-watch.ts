import type { Core } from './core.js';
import { lapse } from './person.js';

/** A timer may sleep with its laptop, and one of more than 24 days fires at once: it is looked after this often. */
const LOOK_MS = 30_000;

const watches = new WeakMap<Core, () => void>();

/** Lets the level fall when the proof of whoever is here is over, without a reload; returns the way to stop. */
export function watchProof(core: Core): () => void {
  const { state, clock } = core;
  watches.get(core)?.();
  const { proof } = state.person;
  let cancel = (): void => undefined;
  const stop = (): void => cancel();
  watches.set(core, stop);
  const look = (): void => {
    if (proof?.until === undefined || state.person.proof !== proof) return;
    const left = proof.until - clock.elapsed();
    if (left > 0) cancel = clock.after(Math.min(left, LOOK_MS), look);
    else {
      core.refresh();
      core
        .inTurn(async () => {
          if (state.person.proof === proof) await lapse(core);
        })
        .catch(core.report);
    }
  };
  look();
  return stop;
}
