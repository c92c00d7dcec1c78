import type { RevealField, Revealed } from '../identity/types.js';
import type { Json } from '../kernel/json.js';
import { checkOptions } from './check-options.js';
import type { Acts, Core } from './core.js';
import { createCore, type Made } from './create-core.js';
import { leaveOpen } from './door.js';
import { countExposure } from './exposure.js';
import { createLife, type Life } from './life.js';
import type { MarkerStore } from './marker.js';
import { selectPart } from './select.js';
import { takeContext } from './surroundings.js';
import { cardHere, fixGreeting, gate } from './speak.js';
import type {
  ProofRequest,
  Recognition,
  RecordOutcome,
  Regulars,
  RegularsOptions,
  Rights,
  Verification,
} from './types.js';

/** The client, given the way to what writes. */
export function createClient(
  options: RegularsOptions,
  loadActs: (core: Core, life: Life, markers: MarkerStore) => Promise<Acts>,
): Regulars {
  checkOptions(options);
  const made = createCore(options, () => loadActs(core, life, made.markers));
  const { core, store } = made;
  const life = createLife(core, made.markers);
  const doors = createDoors(core, life);
  return leaveOpen(
    {
      get: store.get,
      getServer: store.getServer,
      listen: store.listen,
      subscribe: store.subscribe,
      select: (part) => selectPart(store, part),
      on: made.on,
      start: () => (doors.inert ? Promise.resolve() : life.start()),
      stop: life.stop,
      ...parting(life, doors),
      ...recognizing(doors),
      ...speaking(made, life, doors),
      ...remembering(core, life, doors),
      rights: rightsOf(doors),
    },
    { core, life },
  );
}

/** The way in for whatever a page asks: closed on a server, before `start` and after `stop`. */
interface Doors {
  /** A module-level client on a server must not leak one request's customer into the next. */
  readonly inert: boolean;
  readonly live: () => boolean;
  /** Somebody acts, or leaves: false where nothing can be done any more. */
  readonly arrive: (leaves?: boolean) => Promise<boolean>;
  /** An act of somebody who is here: keeps the visit going, and is done by what writes. */
  readonly act: <T>(otherwise: T, run: (acts: Acts) => Promise<T>) => Promise<T>;
  /** The same, after whatever changes who is here. */
  readonly actInTurn: <T>(otherwise: T, run: (acts: Acts) => Promise<T>) => Promise<T>;
  readonly acts: () => Promise<Acts>;
  readonly refused: () => Extract<RecordOutcome, { readonly kind: 'refused' }>;
  readonly unavailable: () => Extract<Recognition, { readonly kind: 'unavailable' }>;
}

function createDoors(core: Core, life: Life): Doors {
  const { state, options } = core;
  const inert =
    typeof document === 'undefined' &&
    typeof indexedDB === 'undefined' &&
    (!options.storage || options.storage.name === 'indexed-db');
  const live = (): boolean => !inert && (state.status === 'ready' || state.status === 'starting');
  // outside of the turns: a visit that silence has ended is ended in one
  const arrive = async (leaves?: boolean): Promise<boolean> => {
    if (!live()) return false;
    // whoever leaves waits as long: what was asked before is done before
    await (leaves ? undefined : life.stay.touch());
    return live();
  };
  return {
    inert,
    live,
    arrive,
    act: async (otherwise, run) => ((await arrive()) ? run(await core.acts()) : otherwise),
    actInTurn: async (otherwise, run) =>
      (await arrive()) ? core.inTurn(async () => run(await core.acts())) : otherwise,
    acts: core.acts,
    refused: () => ({ kind: 'refused', reason: inert ? 'server' : 'stopped' }),
    unavailable: () => ({
      kind: 'unavailable',
      reason: inert ? 'server' : state.status === 'stopped' ? 'stopped' : 'not-started',
    }),
  };
}

function parting(
  life: Life,
  { acts, arrive, actInTurn }: Doors,
): Pick<Regulars, 'endVisit' | 'hold' | 'keepAlive' | 'notMe' | 'signOut'> {
  const leave = async (run: () => Promise<void>): Promise<void> => {
    if (!(await arrive(true))) return;
    try {
      await acts();
    } catch {
      // whoever needs it hears of it
    }
    await run();
  };
  return {
    notMe: () => actInTurn(undefined, (acts) => acts.notMe()),
    signOut: () => leave(life.signOut),
    endVisit: () => leave(life.endVisit),
    hold: life.stay.hold,
    keepAlive: () => void life.stay.touch(),
  };
}

function recognizing({
  act,
  actInTurn,
  unavailable,
}: Doors): Pick<Regulars, 'choose' | 'recognize' | 'requestProof' | 'verify'> {
  return {
    recognize: (identifiers, options = {}) =>
      act<Recognition>(unavailable(), (acts) => acts.recognize(identifiers, options)),
    choose: (choiceId) => actInTurn<Recognition>(unavailable(), (acts) => acts.choose(choiceId)),
    // neither in turn: a person may take minutes to answer
    requestProof: (kind, options) =>
      act<ProofRequest>(unavailable(), (acts) => acts.requestProof(kind, options)),
    verify: (given, options) =>
      act<Verification>(unavailable(), (acts) => acts.verify(given, options)),
  };
}

function speaking(
  { core, store }: Made,
  life: Life,
  doors: Doors,
): Pick<
  Regulars,
  | 'accepted'
  | 'dismiss'
  | 'greeting'
  | 'recommend'
  | 'reorder'
  | 'reveal'
  | 'shown'
  | 'usual'
  | 'why'
> {
  const { state } = core;
  return {
    greeting: () => store.get().greeting,
    usual: () => store.get().usual,
    recommend: (options = {}) =>
      state.suggest?.(core, options) ?? {
        kind: 'none',
        reason: core.options.recommend ? 'not-ready' : 'not-configured',
      },
    reorder: async (ref) => (await doors.acts()).reorder(ref),
    why: (ref) => state.whys.get(ref)?.(),
    reveal: (field) => revealHere(core, field),
    shown: (refs) => {
      const list = typeof refs === 'string' ? [refs] : refs;
      const { greeting } = store.get();
      if (greeting.kind !== 'none' && list.includes(greeting.ref)) fixGreeting(core, greeting);
      countExposure(core, list, 'shown');
    },
    accepted: (ref) => {
      void life.stay.touch();
      countExposure(core, [ref], 'accepted');
    },
    dismiss: (ref, reason) => doors.act(doors.refused(), (acts) => acts.dismiss(ref, reason)),
  };
}

function remembering(
  core: Core,
  life: Life,
  doors: Doors,
): Pick<Regulars, 'record' | 'setContext'> {
  const { state } = core;
  return {
    record: async (purchase, { visit } = {}) => {
      // who is here is not known before the storage is open; `start` settles within 2 s
      if (state.status === 'starting') await life.start();
      // whose it is, is fixed before anything is awaited: a late answer never moves to the next person
      const subject = visit === undefined ? state.person.subject : state.visits.get(visit);
      if (subject === undefined) return { kind: 'refused', reason: 'visit-unknown' };
      if (!doors.live()) return doors.refused();
      // an answer for an earlier visit says nothing of who stands here now
      if (subject === state.person.subject) await life.stay.touch();
      return (await doors.acts()).record(purchase, subject);
    },
    setContext: (change) => {
      takeContext(state, change);
      if (doors.live() && change?.basket !== undefined) void life.stay.touch();
      core.refresh();
    },
  };
}

function rightsOf({ act, actInTurn, acts, refused }: Doors): Rights {
  const change = (how: (known: Acts['change']) => Promise<RecordOutcome>): Promise<RecordOutcome> =>
    act(refused(), (writing) => how(writing.change));
  return {
    known: async () => (await acts()).known(),
    audit: async () => (await acts()).audit(),
    remember: (fact) => change((known) => known.remember(fact)),
    correct: (ref, value) => change((known) => known.correct(ref, value)),
    remove: (ref) => change((known) => known.remove(ref)),
    restore: (ref) => change((known) => known.restore(ref)),
    allowGreetingByNumber: (yes) => change((known) => known.allowGreetingByNumber(yes)),
    consent: (purpose, answer) =>
      actInTurn(refused(), (writing) => writing.answer(purpose, answer)),
    export: async (options) => (await acts()).export(options),
    import: (source, options) => act(refused(), (writing) => writing.import(source, options)),
    forget: (options) =>
      actInTurn({ kind: 'forgotten', scope: 'device' }, (writing) => writing.forget(options)),
  };
}

/** The value of a field, if the level lets it through. */
function revealHere(core: Core, field: RevealField): Revealed<Json> {
  const decision = gate(core, field);
  if (!decision.ok) return decision;
  const card = cardHere(core);
  const fact = (key: string): Json | undefined => card?.facts[key]?.value;
  const health = card?.consent.health === 'granted' && gate(core, 'sensitive').ok;
  const values: { readonly [field in RevealField]: () => unknown } = {
    greeting: () => core.snapshot().greeting,
    name: () => fact('name.given'),
    taste: () => card?.items.filter(({ sku }) => health || !core.catalog.item(sku)?.sensitive),
    points: () => fact('points'),
    contact: () => [fact('email'), fact('phone')].filter((value) => value !== undefined),
    address: () => fact('address'),
    // of an order that may only be shown masked, its number
    orders: () => (decision.masked ? card?.purchases.map(({ id }) => id) : card?.purchases),
    payment: () => fact('payment'),
    birthday: () => fact('birthday'),
    sensitive: () =>
      health ? Object.values(card.facts).filter(({ purpose }) => purpose === 'health') : [],
  };
  const value = (values[field]() ?? null) as Json;
  if (!decision.masked) return { ok: true, value };
  const mask = (part: Json): Json =>
    typeof part === 'string' ? (core.state.explain?.mask(part) ?? true) : part !== null;
  return { ok: true, value: Array.isArray(value) ? value.map(mask) : mask(value) };
}
