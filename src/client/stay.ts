import type { Core } from './core.js';
import { newVisit, returnToDevice } from './person.js';
import { surroundings } from './surroundings.js';
import { VISIT_MS, WAIT_UNTIL_MS, watchIdle, type IdleWatch } from './visit.js';
import { within } from './within.js';

/** Late answers are taken for the newest so many visits of a page. */
const VISITS_KEPT = 20;

/** One stay after the other: begun by an act, ended by the host, by silence, or by idleness. */
export interface Stay {
  /** Somebody acts: begins a visit, or keeps it going. */
  readonly touch: () => Promise<void>;
  readonly hold: (promise: Promise<unknown>) => void;
  /** Ends the visit, with all that was said and, in a kiosk, all that was known. */
  readonly end: () => Promise<void>;
  /** Ends the proof; without a yes to remember, what memory holds goes with it. */
  readonly part: () => Promise<void>;
  /** Stops the clock of an idle screen. */
  readonly stop: () => void;
}

/** Makes the stays of one client. */
export function createStay(core: Core): Stay {
  const { state, clock, mode } = core;
  const kiosk = mode === 'kiosk';
  let idle: IdleWatch | undefined;
  let lastTouch = 0;

  const touch = async (): Promise<void> => {
    if (state.status !== 'ready' && state.status !== 'starting') return;
    const elapsed = clock.elapsed();
    const over = !kiosk && state.visit && elapsed - lastTouch > VISIT_MS;
    lastTouch = elapsed;
    if (over) return core.inTurn(() => endVisit(core, true)).then(touch);
    else if (state.visit) idle?.touch();
    else {
      beginVisit(core);
      if (kiosk) idle = watchIdle(clock, idleTimes(core), idleEvents(core, stay.end));
    }
  };
  const stay: Stay = {
    touch,
    hold: (promise) => {
      void touch();
      idle?.hold(promise);
    },
    end: () => {
      idle?.stop();
      return endVisit(core);
    },
    part: () => part(core),
    stop: () => idle?.stop(),
  };
  return stay;
}

function beginVisit(core: Core): void {
  const { state } = core;
  state.visit = newVisit(core);
  const { token } = state.visit;
  state.visits.set(token, state.person.subject);
  for (const old of [...state.visits.keys()].slice(0, -VISITS_KEPT)) state.visits.delete(old);
  core.refresh();
}

async function endVisit(core: Core, silently = false): Promise<void> {
  const { state } = core;
  const { visit } = state;
  if (!visit) return;
  const waits: Promise<unknown>[] = [];
  core.emit('visit-ending', {
    visit: visit.token,
    waitUntil: (promise) => void waits.push(promise),
  });
  if (waits.length > 0) await within(core, Promise.allSettled(waits), WAIT_UNTIL_MS);
  if (core.mode !== 'kiosk') await writeExposure(core);
  if (state.visit !== visit) return; // ended meanwhile
  state.visit = undefined;
  state.endsAt = null;
  // the next guest's table, language and cart are their own; who only was silent keeps them
  if (!silently) Object.assign(state, surroundings(core.options));
  // on a shared screen the next guest's answer is their own
  if (core.mode === 'kiosk') state.answeredRemember = undefined;
  // the host's word holds for the page load, and what waits in memory for a yes goes on waiting: nobody has said that they left
  if (!silently) await part(core);
  core.emit('visit-ended', { visit: visit.token });
  core.refresh();
}

async function part(core: Core): Promise<void> {
  const { vault } = core;
  if (!vault.keeps()) await vault.dropHeld();
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

const idleTimes = ({ options }: Core): { warnAfterMs: number; endAfterMs: number } => ({
  warnAfterMs: options.idle?.warnAfterMs ?? 45_000,
  endAfterMs: options.idle?.endAfterMs ?? 15_000,
});

function idleEvents(core: Core, end: () => Promise<void>): Parameters<typeof watchIdle>[2] {
  const announce = (endsAt: number | null): void => {
    core.state.endsAt = endsAt;
    core.refresh();
  };
  return {
    warn: (endsAt) => {
      announce(endsAt);
      core.emit('idle-warning', { endsAt });
    },
    cancel: () => {
      announce(null);
      core.emit('idle-cancelled', { visit: core.state.visit?.token ?? '' });
    },
    end: () => void core.inTurn(end).catch(core.report),
  };
}
