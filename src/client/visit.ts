import type { Core, IdleWatch } from './core.js';
import { lapse, nobody } from './person.js';
import { part, VISIT_MS, writeExposure } from './stay.js';
import { surroundings } from './surroundings.js';
import { within } from './within.js';

/** What `visit-ending` may wait for at most: 2 s. */
const WAIT_UNTIL_MS = 2_000;

/** Idle by activity, never by page or address (product rule D6). What holds one visit does not hold the next. */
export function createIdleWatch(core: Core, end: () => Promise<void>): IdleWatch {
  const { state, clock, options, mode } = core;
  const warnAfterMs = options.idle?.warnAfterMs ?? (mode === 'kiosk' ? 45_000 : VISIT_MS);
  const endAfterMs = options.idle?.endAfterMs ?? 15_000;
  let cancelTimer: () => void = () => undefined;
  let visit: string | undefined;
  let holds = 0;

  const announce = (endsAt: number | null): void => {
    state.endsAt = endsAt;
    core.refresh();
  };
  const warn = (): void => {
    const endsAt = clock.now() + endAfterMs;
    cancelTimer = clock.after(endAfterMs, () => void core.inTurn(end).catch(core.report));
    announce(endsAt);
    core.emit('idle-warning', { endsAt });
  };
  const touch = (): void => {
    cancelTimer();
    const { token } = state.visit ?? {};
    if (token === undefined) return;
    if (visit !== token) holds = 0;
    visit = token;
    if (state.endsAt !== null) {
      announce(null);
      core.emit('idle-cancelled', { visit: token });
    }
    cancelTimer = clock.after(holds > 0 ? Math.max(VISIT_MS, warnAfterMs) : warnAfterMs, warn);
  };
  return {
    touch,
    hold: (promise) => {
      touch();
      const held = visit;
      holds++;
      touch();
      const release = (): void => {
        if (visit !== held) return;
        holds--;
        touch();
      };
      promise.then(release, release);
    },
    stop: () => {
      cancelTimer();
      visit = undefined;
    },
  };
}

/** Ends the visit; `silently` when nobody said so, and nobody walked away from a shared screen. */
export async function endVisit(core: Core, silently = false): Promise<void> {
  const { state } = core;
  const { visit } = state;
  if (!visit) return;
  // whoever acts from here on does not keep it going
  state.endsAt = null;
  const waits: Promise<unknown>[] = [];
  core.emit('visit-ending', {
    visit: visit.token,
    waitUntil: (promise) => void waits.push(promise),
  });
  if (waits.length > 0) await within(core, Promise.allSettled(waits), WAIT_UNTIL_MS);
  if (core.mode !== 'kiosk') await writeExposure(core);
  if (state.visit !== visit) return; // ended meanwhile
  // the host's word holds for the page load, and what waits in memory for a yes goes on waiting: nobody has said that they left
  const stays = silently && core.mode === 'storefront';
  clear(core, stays);
  if (!stays) await part(core);
  // a claim personalizes its visit only
  else if (state.person.proof?.level === 'claimed') await lapse(core);
  core.emit('visit-ended', { visit: visit.token });
  core.refresh();
}

function clear({ state, options }: Core, stays: boolean): void {
  state.idle?.stop();
  state.visit = undefined;
  state.endsAt = null;
  state.choices.clear();
  // the next guest's table, language and cart are their own; who only was silent keeps them
  if (!stays) Object.assign(state, surroundings(options));
}

/** Ends the visit at once, where others come next: the page is being left, or the client is stopped, and nothing waits for what takes time. */
export function wipe(core: Core): void {
  const { state, vault } = core;
  const { visit } = state;
  if (visit) core.emit('visit-ending', { visit: visit.token, waitUntil: () => undefined });
  clear(core, false);
  state.person = nobody(core);
  state.card = undefined;
  for (const map of [state.whys, state.targets, state.choices]) map.clear();
  void vault.dropHeld().catch(core.report);
  if (visit) core.emit('visit-ended', { visit: visit.token });
  core.refresh();
}
