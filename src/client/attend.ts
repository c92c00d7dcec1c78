import type { Core } from './core.js';
import { follow } from './follow.js';
import type { Healer } from './heal.js';
import type { Life } from './life.js';
import type { MarkerStore } from './marker.js';
import { writeExposure } from './stay.js';
import { openTabs, type TabMessage } from './tabs.js';

/** Listens to other tabs and to the page's own comings and goings; returns the way to stop. A kiosk's customers leave nothing to follow. */
export function attend(core: Core, life: Life, markers: MarkerStore, healer: Healer): () => void {
  const { state, options, vault } = core;
  if (core.mode === 'kiosk') {
    state.sealing?.resume();
    return () => {
      healer.stop();
      state.sealing?.stop();
    };
  }
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
  const turn = (): void => {
    if (page?.visibilityState === 'hidden') void writeExposure(core);
    else wake();
  };
  const events: readonly (readonly [EventTarget | undefined, string, () => void])[] = [
    [page, 'visibilitychange', turn],
    [page, 'resume', wake], // Chromium, after it froze the tab
    [page?.defaultView ?? undefined, 'pageshow', wake],
    [page?.defaultView ?? undefined, 'focus', wake],
  ];
  for (const [target, type, act] of events) target?.addEventListener(type, act);
  return () => {
    healer.stop();
    tabs.close();
    if (state.tabs === tabs) state.tabs = undefined;
    for (const [target, type, act] of events) target?.removeEventListener(type, act);
  };
}
