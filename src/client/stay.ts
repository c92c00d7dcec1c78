import type { Core } from './core.js';
import { newVisit, returnToDevice } from './person.js';

/** A stay ends after so long without activity: 30 min. */
export const VISIT_MS: number = 30 * 60_000;
/** Late answers are taken for the newest so many visits of a page. */
const VISITS_KEPT = 20;

/** One stay after the other: begun by an act, ended by the host, by silence, or by idleness. */
export interface Stay {
  /** Somebody acts: begins a visit, or keeps it going. */
  readonly touch: () => Promise<void>;
  readonly hold: (promise: Promise<unknown>) => void;
  /** Ends the proof; without a yes to remember, what memory holds goes with it. */
  readonly part: () => Promise<void>;
}

/** Makes the stays of one client. */
export function createStay(core: Core): Stay {
  const { state, clock } = core;
  let lastTouch = 0;

  const touch = async (): Promise<void> => {
    if (state.status !== 'ready' && state.status !== 'starting') return;
    const elapsed = clock.elapsed();
    // where somebody may walk away, the watch ends it
    const over = !state.idle && state.visit && elapsed - lastTouch > VISIT_MS;
    lastTouch = elapsed;
    if (over) return core.inTurn(async () => (await core.acts()).endVisit(true)).then(touch);
    if (!state.visit) beginVisit(core);
    state.idle?.touch();
  };
  return {
    touch,
    hold: (promise) => {
      void touch();
      if (state.idle) state.idle.hold(promise);
      else void core.acts().then(() => state.idle?.hold(promise), core.report);
    },
    part: () => part(core),
  };
}

function beginVisit(core: Core): void {
  const { state } = core;
  state.visit = newVisit(core);
  const { token } = state.visit;
  state.visits.set(token, state.person.subject);
  for (const old of [...state.visits.keys()].slice(0, -VISITS_KEPT)) state.visits.delete(old);
  core.refresh();
}

/** Whoever is only known by a proof goes, with what memory holds of them; where others come next, everybody. */
export async function part(core: Core): Promise<void> {
  await core.vault.dropHeld(true);
  await returnToDevice(core);
}

/** Writes what was shown, if anything was. */
export async function writeExposure(core: Core): Promise<void> {
  const { visit, person } = core.state;
  if (!visit?.exposuresChanged) return;
  visit.exposuresChanged = false;
  try {
    await (await core.acts()).writeExposure(visit, person.subject);
  } catch (error) {
    core.report(error);
  }
}
