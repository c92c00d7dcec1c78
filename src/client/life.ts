import { answersOf, ON_DEVICE, sourceOf } from './consent.js';
import type { Core } from './core.js';
import { isOver, type MarkerStore } from './marker.js';
import { become, isOwn, nobody } from './person.js';
import { speakingCard } from './speak.js';
import { createStay, writeExposure, type Stay } from './stay.js';
import { within } from './within.js';

/** `start`, `recognize`, `record` settle within so long: 2 s. */
const SETTLE_MS = 2_000;

/** Beginning and end: of the client, of a visit, of knowing somebody. */
export interface Life {
  readonly stay: Stay;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly endVisit: () => Promise<void>;
  readonly signOut: () => Promise<void>;
  /** Opens the storage and takes up whom it remembers; `remembered` says that the customer has agreed before, or now. */
  readonly openStorage: (remembered: boolean) => Promise<void>;
}

/** Makes the life of one client. */
export function createLife(core: Core, markers: MarkerStore): Life {
  const { state, vault } = core;
  const stay = createStay(core);
  let stopAttending: (() => void) | undefined;
  let starting: Promise<void> | undefined;
  /** Which start this is: one that was stopped meanwhile has nothing more to do. */
  let generation = 0;
  const running = (): boolean => state.status === 'ready' || state.status === 'starting';

  const start = async (): Promise<void> => {
    const mine = ++generation;
    state.status = 'starting';
    meetAnew(core);
    if (core.options.recommend) state.modelState = 'loading';
    // asked first: all the rest is done while the browser opens the database
    const opening = openAtStart(core, markers);
    core.refresh();
    void core.catalog.load();
    const since = core.clock.elapsed();
    await opening;
    await loadFirst(core, () => SETTLE_MS - (core.clock.elapsed() - since));
    if (mine !== generation) return;
    state.status = 'ready';
    if (core.mode !== 'kiosk') void stay.touch();
    // what writes and recommends comes after what greets; a failure is told again when it is needed
    core.acts().then((acts) => {
      if (mine === generation) stopAttending = acts.attend();
      return acts.loadEngine();
    }, core.report);
    core.refresh();
  };
  return {
    stay,
    openStorage: (remembered) => openStorage(core, remembered),
    start: () => {
      if (!running()) starting = start();
      return starting ?? Promise.resolve();
    },
    stop: async () => {
      if (!running()) return;
      const written = writeExposure(core);
      generation++;
      // before anything is awaited, so that a start in the same task begins anew
      state.status = 'stopped';
      state.idle?.stop();
      stopAttending?.();
      state.visit = undefined;
      core.refresh();
      await core.inTurn(() => written.then(() => vault.release('close')));
    },
    endVisit: () => core.inTurn(async () => (await core.acts()).endVisit()),
    signOut: () => core.inTurn(() => signOut(core, stay)),
  };
}

/** What has to be there before anything is said, beside the opening and within the same time. */
async function loadFirst(core: Core, leftMs: () => number): Promise<void> {
  const { catalog, state, options } = core;
  // nobody is told something else first
  const { greetingRules, messages, messageFormatter } = options;
  if (speakingCard(core) ?? greetingRules ?? messages ?? messageFormatter)
    await within(core, core.speech(), leftMs());
  // nor offered what today's catalog has not
  const { usual } = core.snapshot();
  const isOpen = usual.kind !== 'none' && catalog.complete();
  if (isOpen && state.speech?.mayHaveChanged(usual.lines))
    await within(core, core.acts(), leftMs());
}

async function signOut({ state }: Core, stay: Stay): Promise<void> {
  state.tabs?.tell('signed-out');
  await stay.part();
}

/** Whom the storage remembers is read anew; who waits in memory stays: a hot reload, a double mount. */
function meetAnew(core: Core): void {
  const { state } = core;
  if (!state.person.remembered && state.person.subject !== '') return;
  state.person = nobody(core);
  state.card = undefined;
}

/** Opens the storage where the customer, or the host for them, has said yes before. */
async function openAtStart(core: Core, markers: MarkerStore): Promise<void> {
  const { storage } = core.options;
  const setting = answersOf(core).remember;
  // a device of the shop, or one that several share, has its own way to begin
  if (core.mode !== 'storefront')
    return within(
      core,
      core.acts().then((acts) => acts.begin()),
      SETTLE_MS,
    );
  if (!storage || setting === 'denied') return;
  if (markers.isRefused()) core.state.refused = ON_DEVICE;
  const marker = markers.read();
  const over = marker ? isOver(marker, core.options, core.clock.now()) : markers.owes();
  if (over)
    await within(
      core,
      core.inTurn(async () => (await core.acts()).endRemembering()),
      SETTLE_MS,
    );
  const before = marker !== undefined && !over;
  // a platform that has not answered yet speaks for the customer: until then nothing is read
  const asked = sourceOf(core.options) && setting === 'ask';
  if (asked || (!before && (setting !== 'granted' || core.state.refused))) return;
  // whoever is found is spoken to: loaded while the browser opens the database
  if (before) core.speech().catch(core.report);
  // what could not be erased yet is erased before anything of it is opened
  const opening = core.inTurn(async () => markers.owes() || openStorage(core, before));
  await within(core, opening, SETTLE_MS);
}

async function openStorage(core: Core, remembered: boolean): Promise<void> {
  const { state, vault } = core;
  const anonymous = state.person.proof ? undefined : state.person.subject;
  const opened = await vault.open(anonymous);
  if (state.status === 'stopped') return;
  const keeps = vault.keeps();
  if (opened?.current && anonymous !== undefined && !state.person.proof) {
    const { current, card = await vault.card(current.customer) } = opened;
    return become(core, { ...current, remembered: remembered && keeps, claims: [] }, card, true);
  }
  // moving may have joined this person to somebody the storage knew
  const card = await vault.card(state.person.customer);
  const customer = card?.id ?? state.person.customer;
  const person = { ...state.person, customer };
  const { subject, proof } = person;
  if (keeps && !remembered && !proof) await vault.remember({ subject, customer });
  // one that was lost, and is so still: whoever is here stays
  const known = keeps ? remembered || proof !== undefined : person.remembered;
  const shown = card ?? state.card;
  return become(core, { ...person, remembered: known && isOwn(person, shown) }, shown);
}
