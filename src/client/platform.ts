import { answersOf, PURPOSES, sourceOf } from './consent.js';
import type { Core } from './core.js';
import { forgetHere } from './forget.js';
import type { Life } from './life.js';
import type { MarkerStore } from './marker.js';
import { wipeDevice } from './owed.js';
import { dropPurpose } from './retain.js';

/** Does what the consent platform says, if there is one: opens with its yes, wipes with its no. */
export async function goByPlatform(
  core: Core,
  life: Pick<Life, 'openStorage'>,
  markers: MarkerStore,
): Promise<void> {
  const { state, options, vault, mode } = core;
  if (!sourceOf(options) || state.status === 'stopped') return;
  const answers = answersOf(core);
  const has = markers.read() !== undefined || vault.keeps() || vault.holds();
  // a kiosk keeps nothing that could be wiped but what this visitor did
  if (answers.remember === 'denied' && has) {
    const unopened = mode !== 'kiosk' && markers.read() !== undefined && !vault.keeps();
    if (unopened) await wipeDevice(core, markers);
    await forgetHere(core, markers);
  } else {
    if (answers.remember === 'granted' && !vault.keeps() && options.storage && mode !== 'kiosk')
      await life.openStorage(markers.read() !== undefined);
    for (const purpose of PURPOSES)
      if (purpose !== 'remember' && answers[purpose] === 'denied') await dropPurpose(core, purpose);
    if (vault.isOpen() && vault.holds()) await vault.open(undefined);
  }
  core.refresh();
}

/** Listens to the platform; returns the way to stop. */
export function listenToPlatform(
  core: Core,
  life: Pick<Life, 'openStorage'>,
  markers: MarkerStore,
): () => void {
  const source = sourceOf(core.options);
  let last = '';
  const change = (): void => {
    const now = JSON.stringify(answersOf(core));
    if (now === last) return;
    last = now;
    core.inTurn(() => goByPlatform(core, life, markers)).catch(core.report);
  };
  try {
    return source?.listen(change) ?? (() => undefined);
  } catch (error) {
    core.report(error);
    return () => undefined;
  }
}
