import { en } from '../greeting/locales/en.js';
import type { RevealField, Revealed } from '../identity/types.js';
import { systemClock, systemRandom } from '../kernel/clock.js';
import type { Json } from '../kernel/json.js';
import { createWritable, keepReferences, type Writable } from '../kernel/readable.js';
import { createCatalog } from './catalog.js';
import { checkOptions } from './check-options.js';
import type { Acts, Core, State } from './core.js';
import { createLife, type Life } from './life.js';
import { createMarkerStore } from './marker.js';
import { countExposure } from './exposure.js';
import { selectPart } from './select.js';
import { takeSnapshot } from './snapshot.js';
import { fixGreeting, gate } from './speak.js';
import { createVault } from './vault.js';
import type {
  Notice,
  RecordOutcome,
  Regulars,
  RegularsEvents,
  RegularsOptions,
  Rights,
  Snapshot,
} from './types.js';

/**
 * Makes the client of one shop on one page. Creating does nothing: no storage is touched, no timer set, no listener added
 * before `start()`. Throws ERR_OPTIONS_INVALID, with every problem in one error.
 * @example
 * const regulars = createRegulars({ shop: 'blue-door', storage: indexedDbStorage() });
 * await regulars.start();
 * const greeting = regulars.greeting();
 * if (greeting.kind !== 'none') heading.textContent = greeting.text;
 */
export function createRegulars(options: RegularsOptions): Regulars {
  checkOptions(options);
  // a module-level client on a server must not leak one request's customer into the next
  const inert =
    typeof document === 'undefined' &&
    typeof indexedDB === 'undefined' &&
    (!options.storage || options.storage.name === 'indexed-db');
  const events = createEvents((error) => core.report(error));
  const markers = createMarkerStore(options.shop);
  const state = initialState(options);
  let turn: Promise<unknown> = Promise.resolve();
  let writable: Writable<Snapshot> | undefined;

  const report = (error: unknown): void => {
    try {
      options.onError?.(error);
    } catch {
      // the host's handler is the last one; its own error has nowhere to go
    }
  };
  const notice = (code: Notice['code'], message: string): void => {
    try {
      options.onNotice?.({ code, message });
    } catch (error) {
      report(error);
    }
  };
  const load = (): Promise<typeof import('./acts.js')> => import('./acts.js');
  let loading: Promise<Acts> | undefined;
  const acts = (): Promise<Acts> =>
    (loading ??= load().then(
      ({ createActs }) => createActs(core, life, markers),
      (error: unknown) => {
        loading = undefined; // the network may be back at the next act
        throw error;
      },
    ));
  const refresh = (): void => writable?.set(keepReferences(writable.get(), takeSnapshot(core)));
  const core: Core = {
    options,
    mode: options.mode ?? 'storefront',
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    messages: { ...en, ...options.messages },
    state,
    report,
    notice,
    refresh,
    emit: events.emit,
    acts,
    snapshot: () => store.get(),
    inTurn: (act) => {
      const done = turn.then(act);
      turn = done.catch(() => undefined);
      return done;
    },
    catalog: createCatalog(
      options.catalog,
      (error) => {
        notice(
          'catalog-failed',
          'The catalog could not be read; names and prices of today are missing.',
        );
        report(error);
      },
      () => refresh(),
    ),
    vault: createVault({
      shop: options.shop,
      storage: options.storage,
      kiosk: options.mode === 'kiosk',
      clock: options.clock ?? systemClock,
      random: options.random ?? systemRandom,
      markers,
      report,
      notice,
      acts,
      changed: () => {
        refresh();
        events.emit('storage-changed', core.vault.status());
      },
    }),
  };
  const neutral = keepReferences(undefined, takeSnapshot(core));
  const store = (writable = createWritable(neutral, neutral, report));
  const life = createLife(core, markers);
  return face(core, store, life, events.on, inert);
}

function initialState(options: RegularsOptions): State {
  return {
    status: 'idle',
    // made by start(): some servers refuse random numbers while modules load
    person: { subject: '', customer: '', remembered: false, claims: [] },
    card: undefined,
    visit: undefined,
    visits: new Map(),
    engine: undefined,
    suggest: undefined,
    modelState: 'none',
    endsAt: null,
    tabs: undefined,
    locale: options.locale ?? 'en',
    currency: options.currency,
    timeZone: options.timeZone,
    place: options.place,
    channel: options.mode === 'kiosk' ? 'kiosk' : 'web',
    basket: [],
    answeredRemember: undefined,
  };
}

interface Events {
  readonly emit: Core['emit'];
  readonly on: Regulars['on'];
}

function createEvents(onThrow: (error: unknown) => void): Events {
  const handlers = new Map<string, Set<(detail: never) => void>>();
  return {
    on: (event, handler) => {
      const set = handlers.get(event) ?? new Set();
      handlers.set(event, set);
      const own = (detail: never): void => handler(detail);
      set.add(own);
      return () => void set.delete(own);
    },
    emit: <E extends keyof RegularsEvents>(event: E, detail: RegularsEvents[E]) => {
      for (const handler of [...(handlers.get(event) ?? [])])
        try {
          (handler as (detail: RegularsEvents[E]) => void)(detail);
        } catch (error) {
          onThrow(error);
        }
    },
  };
}

/** The public face over the parts. */
function face(
  core: Core,
  store: Writable<Snapshot>,
  life: Life,
  on: Regulars['on'],
  inert: boolean,
): Regulars {
  const { state } = core;
  const live = (): boolean => !inert && (state.status === 'ready' || state.status === 'starting');
  const unavailable = (): {
    kind: 'unavailable';
    reason: 'server' | 'not-started' | 'stopped';
  } => ({
    kind: 'unavailable',
    reason: inert ? 'server' : state.status === 'stopped' ? 'stopped' : 'not-started',
  });
  const refused = (): RecordOutcome => ({ kind: 'refused', reason: inert ? 'server' : 'stopped' });
  const act = <T>(otherwise: () => T, run: () => Promise<T>): Promise<T> => {
    if (!live()) return Promise.resolve(otherwise());
    life.touch();
    return run();
  };
  const whenLive = (run: () => Promise<void>): Promise<void> =>
    live() ? run() : Promise.resolve();

  return {
    get: store.get,
    getServer: store.getServer,
    listen: store.listen,
    subscribe: store.subscribe,
    select: (part) => selectPart(store, part),
    on,
    start: () => (inert ? Promise.resolve() : life.start()),
    stop: life.stop,

    recognize: (identifiers, options = {}) =>
      act(unavailable, () =>
        core.inTurn(async () => (await core.acts()).recognize(identifiers, options)),
      ),
    choose: (choiceId) =>
      act(unavailable, () => core.inTurn(async () => (await core.acts()).choose(choiceId))),
    notMe: () => whenLive(life.notMe),
    signOut: () => whenLive(life.signOut),
    endVisit: () => whenLive(life.endVisit),
    hold: (promise) => life.hold(promise),
    keepAlive: () => life.touch(),

    greeting: () => store.get().greeting,
    usual: () => store.get().usual,
    recommend: (options = {}) =>
      state.suggest?.(core, options) ?? {
        kind: 'none',
        reason: core.options.recommend ? 'not-ready' : 'not-configured',
      },
    reorder: async (ref) => (await core.acts()).reorder(ref),
    why: (ref) => state.visit?.whys.get(ref)?.(),
    reveal: (field) => revealHere(core, field),
    shown: (refs) => {
      const list = typeof refs === 'string' ? [refs] : refs;
      const { greeting } = store.get();
      if (greeting.kind !== 'none' && list.includes(greeting.ref)) fixGreeting(core, greeting);
      countExposure(core, list, 'shown');
    },
    accepted: (ref) => {
      life.touch();
      countExposure(core, [ref], 'accepted');
    },
    dismiss: (ref, reason) => act(refused, async () => (await core.acts()).dismiss(ref, reason)),

    record: (purchase, options) => {
      // whose it is, is fixed before anything is awaited: a late answer never moves to the next person
      const subject =
        options?.visit === undefined ? undefined : (state.visits.get(options.visit) ?? null);
      return act(refused, async () => {
        if (subject === null) return { kind: 'refused', reason: 'visit-unknown' };
        const own = subject ?? state.person.subject;
        return (await core.acts()).record(purchase, own);
      });
    },
    setContext: (change) => {
      const { table, place, ...rest } = change;
      Object.assign(state, rest);
      if (place !== undefined || table !== undefined)
        state.place = { ...state.place, ...place, ...(table !== undefined && { table }) };
      if (live() && change.basket !== undefined) life.touch();
      core.refresh();
    },
    rights: rightsOf(core, act, refused),
  };
}

function rightsOf(
  core: Core,
  act: <T>(otherwise: () => T, run: () => Promise<T>) => Promise<T>,
  refused: () => RecordOutcome,
): Rights {
  const fact: Acts['fact'] = (...given) =>
    act(refused, async () => (await core.acts()).fact(...given));
  return {
    known: async () => (await core.acts()).known(),
    remember: ({ key, value, ...more }) => fact('fact', key, value, more),
    correct: (key, value) => fact('correction', key, value),
    remove: (key) => fact('correction', key, null),
    consent: (purpose, answer) =>
      act(refused, () => core.inTurn(async () => (await core.acts()).answer(purpose, answer))),
    export: async () => (await core.acts()).export(),
    forget: async () => {
      await act(
        () => undefined,
        () => core.inTurn(async () => (await core.acts()).forget()),
      );
      return { kind: 'forgotten', scope: 'device' };
    },
  };
}

/** The value of a field, if the level lets it through. */
function revealHere(core: Core, field: RevealField): Revealed<Json> {
  const decision = gate(core, field);
  if (!decision.ok) return decision;
  const { card } = core.state;
  const values: { readonly [field in RevealField]: () => unknown } = {
    greeting: () => core.snapshot().greeting,
    name: () => card?.facts['name.given']?.value,
    taste: () => card?.items,
    points: () => card?.facts['points']?.value,
    orders: () => card?.purchases,
    contact: () => [card?.facts['email']?.value, card?.facts['phone']?.value].filter(Boolean),
    birthday: () => card?.facts['birthday']?.value,
    sensitive: () =>
      Object.values(card?.facts ?? {}).filter(
        ({ purpose }) => purpose === 'health' && card?.consent.health === 'granted',
      ),
  };
  return { ok: true, value: (values[field]() ?? null) as Json };
}
