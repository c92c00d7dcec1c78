import { isRegularsError } from '../kernel/errors.js';
import { randomId } from '../kernel/random-id.js';
import type { ProfileStorage } from '../profile/port.js';
import { consentOf } from './consent.js';
import type { Core } from './core.js';
import { isDevice } from './device-row.js';
import { follow } from './follow.js';
import { settleDevice } from './settle-device.js';
import type { Life } from './life.js';
import type { MarkerStore } from './marker.js';
import { finishErasing, mayPass, owesErasing } from './owed.js';
import { returnToDevice } from './person.js';

/** First, and longest, pause between two attempts. */
const FIRST_MS = 5_000;
const LONGEST_MS = 60_000;
/** A browser clears one kind of storage after the other: so long after the database went, the marker may still go. */
const CLEARING_MS = 1_000;
/** Acts of the page ask again at most so often. */
const NUDGE_MS = 1_000;

/** Brings a storage back that was taken away. */
export interface Healer {
  /** Something happened to the storage: looks what it was. */
  readonly heal: () => void;
  /** A good moment to try again now: the page is back, or something was recorded. */
  readonly nudge: () => void;
  readonly stop: () => void;
}

/** Makes the healer of one client. What memory holds moves into the storage once that opens. */
export function createHealer(core: Core, life: Life, markers: MarkerStore): Healer {
  const { vault, clock } = core;
  const { storage, shop } = core.options;
  let pause = FIRST_MS;
  let triedAt = -Infinity;
  let trying = false;
  let cancel: (() => void) | undefined;

  const isDue = (): boolean =>
    core.state.status !== 'stopped' &&
    mayPass(vault.status()) &&
    (hasAgreed(core, markers) || owesErasing(core));
  const stop = (): void => {
    cancel?.();
    cancel = undefined;
  };
  const plan = (): void => {
    stop();
    cancel = clock.after(pause, () => void attempt());
    pause = Math.min(pause * 2, LONGEST_MS);
  };
  const attempt = async (): Promise<void> => {
    if (trying || !isDue() || !storage) return;
    trying = true;
    triedAt = clock.elapsed();
    stop();
    // outside of the turns: a database that does not answer takes its time, and nobody waits for it
    if (await opens(storage, shop))
      await core
        .inTurn(() => (isDue() ? comeBack(core, life, markers) : letGo(core, storage)))
        .catch((error: unknown) => core.report(error));
    trying = false;
    if (isDue()) plan();
    else pause = FIRST_MS;
  };
  return {
    heal: () => {
      if (vault.keeps()) {
        stop();
        const check = (): void =>
          void core.inTurn(() => checkEmptied(core, life, markers)).catch(core.report);
        if (markers.isGone()) check();
        else cancel = clock.after(CLEARING_MS, check);
      } else if (isDue() && !trying) plan();
    },
    nudge: () => {
      if (clock.elapsed() - triedAt >= NUDGE_MS) void attempt();
    },
    stop,
  };
}

/** The customer, or the host for them, has said yes, and nobody has said no since; what a till has is the shop's. */
function hasAgreed(core: Core, markers: MarkerStore): boolean {
  if (core.mode === 'staff') return true;
  return markers.read() !== undefined || consentOf(core, 'remember') === 'granted';
}

/** Without a yes it is opened only for an erasure that waits. */
async function comeBack(core: Core, life: Life, markers: MarkerStore): Promise<void> {
  if (hasAgreed(core, markers)) await openAgain(core, life);
  else await finishErasing(core);
}

async function openAgain({ state, vault }: Core, life: Life): Promise<void> {
  state.comesBack = vault.status().reason === 'lost';
  await life.openStorage(true).finally(() => (state.comesBack = false));
}

/** Stopped, or a no, while it opened: nobody else would close it. */
async function letGo({ vault }: Core, storage: ProfileStorage): Promise<void> {
  if (!vault.keeps() && !vault.status().readOnly) await storage.close();
}

/** Closed first: an adapter that went on in memory by itself opens anew only then. */
async function opens(storage: ProfileStorage, shop: string): Promise<boolean> {
  try {
    await storage.close();
    return (await storage.open({ name: `regulars:${shop}` })).reason === undefined;
  } catch (error) {
    return isRegularsError(error) && error.code === 'ERR_STORAGE_NEWER'; // that is to be told
  }
}

/** The connection was lost and is made anew at the next call: is it still the same database? */
async function checkEmptied(core: Core, life: Life, markers: MarkerStore): Promise<void> {
  const { vault, options, state } = core;
  // with the marker gone as well, somebody has cleared the site's data, or said no in another tab
  if (markers.isGone()) return follow(core, life, markers, 'forgotten');
  const found = await vault.run('readonly', (transaction) => transaction.get('meta', 'device'));
  const known = vault.device();
  const { storage } = options;
  if (!storage || !vault.keeps()) return;
  if (isDevice(found as never) && (found as typeof known).generation === known.generation) return;
  core.notice('storage-evicted');
  const fresh = { ...known, generation: randomId(core.random) };
  await settleDevice(storage, fresh, markers.read(), core.clock.now());
  vault.note({ reason: 'evicted' });
  await vault.reread();
  if (!state.person.proof) return returnToDevice(core);
  state.card = await vault.card(state.person.customer);
  core.refresh();
}
