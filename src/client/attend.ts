import type { Core } from './core.js';
import { hearAll, hearTouches } from './hear.js';
import { follow } from './follow.js';
import type { Healer } from './heal.js';
import type { Life } from './life.js';
import type { MarkerStore } from './marker.js';
import { listenToPlatform } from './platform.js';
import { watchProof } from './proof-watch.js';
import { writeExposure } from './stay.js';
import { startSync } from './sync-line.js';
import { openTabs, type TabMessage } from './tabs.js';
import { wipe } from './visit.js';

/** Listens to what happens around: in a kiosk to whoever stands there, else to other tabs and to the page's own comings and goings. Returns the way to stop. */
export function attend(core: Core, life: Life, markers: MarkerStore, healer: Healer): () => void {
  const page = typeof document === 'undefined' ? undefined : document;
  const stops = [healer.stop, listenToPlatform(core, life, markers), watchProof(core)];
  stops.push(startSync(core));
  if (core.state.idle) stops.push(hearTouches(() => void life.stay.touch()));
  stops.push(
    core.mode === 'kiosk' ? attendKiosk(core, page) : attendTabs(core, life, markers, healer),
  );
  // another person, or a client of another mode, may come after this one
  if (core.mode !== 'storefront') stops.push(() => wipe(core));
  return () => stops.forEach((stop) => stop());
}

/** Its customers leave nothing to follow; what is sealed and waits in memory is put away as soon as that can be done. */
function attendKiosk(core: Core, page: Document | undefined): () => void {
  const { state } = core;
  const view = page?.defaultView ?? undefined;
  const leave = (): void => wipe(core);
  const stop = hearAll([
    // the back-forward cache keeps what a page holds, and the next guest can go back to it
    [view, 'pagehide', leave],
    [view, 'pageshow', (event) => (event as PageTransitionEvent).persisted && leave()],
  ]);
  state.sealing?.resume();
  return () => {
    stop();
    state.sealing?.stop();
  };
}

function attendTabs(core: Core, life: Life, markers: MarkerStore, healer: Healer): () => void {
  const { state, options, vault } = core;
  const hear = (message: TabMessage): void => {
    if (state.status !== 'stopped')
      core.inTurn(() => follow(core, life, markers, message)).catch(core.report);
  };
  const tabs = openTabs(`regulars:${options.shop}`, markers, hear);
  state.tabs = tabs;
  /** Back from the background: what was told meanwhile may never have come. */
  const wake = (): void => {
    if (vault.keeps()) hear(markers.isGone() ? 'forgotten' : 'changed');
    else healer.nudge();
  };
  const page = typeof document === 'undefined' ? undefined : document;
  const view = page?.defaultView ?? undefined;
  const turn = (): void => {
    if (page?.visibilityState === 'hidden') void writeExposure(core);
    else wake();
  };
  const stop = hearAll([
    [page, 'visibilitychange', turn],
    [page, 'resume', wake], // Chromium, after it froze the tab
    [view, 'pageshow', wake],
    [view, 'focus', healer.nudge], // the other page that was in the way may have been closed
  ]);
  return () => {
    stop();
    tabs.close();
    if (state.tabs === tabs) state.tabs = undefined;
  };
}
