import { randomId } from '../kernel/ids.js';
import type { MarkerStore } from './marker.js';
import type { Core } from './core.js';
import { become, nobody, takeUp } from './person.js';
import { openTabs, type TabMessage } from './tabs.js';
import { VISIT_MS, WAIT_UNTIL_MS, watchIdle, type IdleWatch } from './visit.js';

/** `start`, `recognize`, `record` settle within so long: 2 s. */
export const SETTLE_MS = 2_000;
const VISITS_KEPT = 20;

/** Beginning and end: of the client, of a visit, of knowing somebody. */
export interface Life {
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** Somebody acts: begins a visit, or keeps it going. */
  readonly touch: () => void;
  readonly hold: (promise: Promise<unknown>) => void;
  readonly endVisit: () => Promise<void>;
  readonly signOut: () => Promise<void>;
  readonly notMe: () => Promise<void>;
  /** Opens the storage and takes up whom it remembers; `remembered` says that the customer has agreed before, or now. */
  readonly openStorage: (remembered: boolean) => Promise<void>;
}

/** Makes the life of one client. */
export function createLife(core: Core, markers: MarkerStore): Life {
  const { state, vault, clock, options, mode } = core;
  const kiosk = mode === 'kiosk';
  let idle: IdleWatch | undefined;
  let lastTouch = 0;
  let stopDom: () => void = () => undefined;
  let starting: Promise<void> | undefined;
  /** Which start this is: one that was stopped meanwhile has nothing more to do. */
  let generation = 0;

  // ------------------------------------------------------------------ visit
  const beginVisit = (): void => {
    const token = randomId(core.random);
    state.visit = {
      token,
      startedAt: clock.now(),
      exposures: new Map(),
      exposuresChanged: false,
      whys: new Map(),
      targets: new Map(),
    };
    state.visits.set(token, state.person.subject);
    for (const old of [...state.visits.keys()].slice(0, -VISITS_KEPT)) state.visits.delete(old);
    if (kiosk)
      idle = watchIdle(
        clock,
        idleTimes(core),
        idleEvents(core, () => void life.endVisit()),
      );
    core.refresh();
  };
  const touch = (): void => {
    if (state.status !== 'ready' && state.status !== 'starting') return;
    const elapsed = clock.elapsed();
    const over = !kiosk && state.visit && elapsed - lastTouch > VISIT_MS;
    lastTouch = elapsed;
    if (over) void life.endVisit().then(touch);
    else if (!state.visit) beginVisit();
    else idle?.touch();
  };

  /** Whoever this device remembers, or nobody. */
  const returnToDevice = async (): Promise<void> => {
    const current = vault.remembered();
    if (!current) return become(core, nobody(core), undefined);
    const card = await vault.card(current.customer);
    return become(core, { ...current, remembered: true, claims: [] }, card);
  };
  /** Ends the proof; without a yes to remember, what memory holds goes with it. */
  const partWith = async (): Promise<void> => {
    if (!vault.keeps()) await vault.dropHeld();
    await returnToDevice();
  };

  const endVisit = async (): Promise<void> => {
    const { visit } = state;
    if (!visit) return;
    idle?.stop();
    const waits: Promise<unknown>[] = [];
    core.emit('visit-ending', {
      visit: visit.token,
      waitUntil: (promise) => void waits.push(promise),
    });
    if (waits.length > 0) await within(core, Promise.allSettled(waits), WAIT_UNTIL_MS);
    if (!kiosk) await writeExposure(core);
    if (state.visit !== visit) return; // ended meanwhile
    state.visit = undefined;
    state.endsAt = null;
    state.basket = [];
    await partWith();
    core.emit('visit-ended', { visit: visit.token });
    core.refresh();
  };

  // --------------------------------------------------------------- other tabs
  const hear = (message: TabMessage): void => {
    if (state.status === 'stopped') return;
    void core.inTurn(async () => {
      if (message === 'signed-out') return partWith();
      if (message === 'changed') {
        const card = await vault.card(state.person.customer);
        if (card) takeUp(core, [card], false);
        return undefined;
      }
      if (markers.read() === undefined) {
        state.answeredRemember = undefined;
        await vault.release('close');
        await vault.dropHeld();
        return become(core, nobody(core), undefined);
      }
      await vault.reread();
      return returnToDevice();
    });
  };

  // -------------------------------------------------------------------- start
  const openStorage = async (remembered: boolean): Promise<void> => {
    const anonymous = state.person.proof ? undefined : state.person.subject;
    const opened = await vault.open(anonymous);
    if (state.status === 'stopped') return;
    const keeps = vault.keeps();
    if (opened?.current && anonymous !== undefined && !state.person.proof) {
      const { current, card = await vault.card(current.customer) } = opened;
      return become(core, { ...current, remembered: remembered && keeps, claims: [] }, card);
    }
    // moving may have joined this person to somebody the storage knew
    const card = await vault.card(state.person.customer);
    const customer = card?.id ?? state.person.customer;
    const person = { ...state.person, customer };
    if (keeps && !remembered && !person.proof)
      await vault.remember({ subject: person.subject, customer });
    await become(
      core,
      { ...person, remembered: keeps && (remembered || person.proof !== undefined) },
      card ?? state.card,
    );
  };

  const start = async (): Promise<void> => {
    const mine = ++generation;
    state.status = 'starting';
    state.person = nobody(core);
    core.refresh();
    if (!kiosk) state.tabs = openTabs(`regulars:${options.shop}`, hear);
    stopDom = watchPage(core, touch, kiosk);
    void core.catalog.load();
    void loadEngine(core);
    const marker = kiosk ? undefined : markers.read();
    const setting = options.consent?.remember ?? 'ask';
    if (!kiosk && options.storage && setting !== 'denied' && (marker || setting === 'granted')) {
      const opening = core.inTurn(() => openStorage(marker !== undefined));
      await within(core, opening, SETTLE_MS);
    }
    if (mine !== generation) return;
    state.status = 'ready';
    if (!kiosk) touch();
    // what writes comes after what greets; a failure is told when it is needed
    void core.acts().catch(() => undefined);
    core.refresh();
  };

  const life: Life = {
    openStorage,
    start: () => {
      if (state.status === 'idle' || state.status === 'stopped') starting = start();
      return starting ?? Promise.resolve();
    },
    stop: async () => {
      if (state.status === 'idle' || state.status === 'stopped') return;
      const written = writeExposure(core);
      generation++;
      // before anything is awaited, so that a start in the same task begins anew
      state.status = 'stopped';
      idle?.stop();
      stopDom();
      state.tabs?.close();
      state.tabs = undefined;
      state.visit = undefined;
      core.refresh();
      await core.inTurn(async () => {
        await written;
        await vault.release('close');
      });
    },
    touch,
    hold: (promise) => {
      touch();
      idle?.hold(promise);
    },
    endVisit: () => core.inTurn(endVisit),
    signOut: () =>
      core.inTurn(async () => {
        state.tabs?.tell('signed-out');
        await partWith();
      }),
    notMe: () =>
      core.inTurn(async () => {
        await vault.remember(null);
        if (options.consent?.remember !== 'granted') {
          await vault.release('close');
          markers.erase();
          state.answeredRemember = undefined;
        }
        state.tabs?.tell('person-changed');
        await vault.dropHeld();
        await become(core, nobody(core), undefined);
      }),
  };
  return life;
}

const idleTimes = ({ options }: Core): { warnAfterMs: number; endAfterMs: number } => ({
  warnAfterMs: options.idle?.warnAfterMs ?? 45_000,
  endAfterMs: options.idle?.endAfterMs ?? 15_000,
});

function idleEvents(core: Core, end: () => void): Parameters<typeof watchIdle>[2] {
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
    end,
  };
}

/** Resolves with `promise`, or after `ms` without it. */
async function within(core: Core, promise: Promise<unknown>, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const cancel = core.clock.after(ms, resolve);
    void promise.catch(core.report).then(() => {
      cancel();
      resolve();
    });
  });
}

/** Loads the engine at once, and makes it anew when the catalog is there: variants and durables are told by it. */
async function loadEngine(core: Core): Promise<void> {
  const { state, options, catalog } = core;
  if (!options.recommend) return;
  state.modelState = 'loading';
  const suggest = import('./suggest.js');
  const load = async (): Promise<void> => {
    const items = catalog.items();
    const loaded = await options.recommend?.load(items.length > 0 ? items : undefined);
    if (!loaded) return;
    if (loaded.model === 'failed' && state.modelState !== 'failed') {
      core.notice(
        'model-failed',
        'The catalog model could not be used; suggestions go on without it.',
      );
      core.report(loaded.error);
    }
    state.engine = loaded;
    state.suggest = (await suggest).recommendNow;
    state.modelState = loaded.model;
    core.refresh();
  };
  try {
    const catalogLoaded = catalog.load();
    await load();
    await catalogLoaded;
    if (catalog.items().length > 0) await load();
  } catch (error) {
    state.modelState = 'failed';
    core.report(error);
    core.refresh();
  }
}

/** Writes what was shown, if anything was. */
async function writeExposure(core: Core): Promise<void> {
  const { visit, person } = core.state;
  if (!visit?.exposuresChanged) return;
  visit.exposuresChanged = false;
  try {
    await (await core.acts()).writeExposure(visit, person.subject);
  } catch (error) {
    core.report(error);
  }
}

/** Activity of a kiosk, and the last moment to write; nothing where there is no document. */
function watchPage(core: Core, touch: () => void, kiosk: boolean): () => void {
  if (typeof document === 'undefined') return () => undefined;
  const hidden = (): void => {
    if (document.visibilityState === 'hidden') void writeExposure(core);
  };
  const acts = kiosk ? ['pointerdown', 'keydown', 'wheel'] : [];
  document.addEventListener('visibilitychange', hidden);
  for (const act of acts) document.addEventListener(act, touch, { capture: true, passive: true });
  return () => {
    document.removeEventListener('visibilitychange', hidden);
    for (const act of acts) document.removeEventListener(act, touch, { capture: true });
  };
}
