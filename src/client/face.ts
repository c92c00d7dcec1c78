import { sealCarry } from '../sync/carry.js';
import { consentOf } from './consent.js';
import type { Acts, Core, LateFace } from './core.js';
import type { Life } from './life.js';
import { dropProved, syncFace } from './sync-line.js';
import { recordRefund } from './take-back.js';
import { countViews } from './views.js';
import type { Forgotten, Recognition, RecordOutcome, Regulars, Rights } from './types.js';

type Refused = Extract<RecordOutcome, { readonly kind: 'refused' }>;

/** The way in for whatever a page asks: closed on a server, before `start` and after `stop`. */
interface Doors {
  /** Somebody acts, or leaves: false where nothing can be done any more. */
  readonly arrive: (leaves?: boolean) => Promise<boolean>;
  /** An act of somebody who is here: keeps the visit going. */
  readonly act: <T>(otherwise: T, run: () => Promise<T>) => Promise<T>;
  /** The same, after whatever changes who is here. */
  readonly inTurn: <T>(otherwise: T, run: () => Promise<T>) => Promise<T>;
  /** The same, for whoever is here when the page asks, and for nobody who comes while it waits for its turn. */
  readonly ofWhoIsHere: <T>(run: (subject: string) => Promise<T>) => Promise<T | Refused>;
  readonly refused: () => Refused;
  readonly unavailable: () => Extract<Recognition, { readonly kind: 'unavailable' }>;
}

function createDoors(core: Core, life: Life): Doors {
  const { state, inert } = core;
  const live = (): boolean => !inert && (state.status === 'ready' || state.status === 'starting');
  // outside of the turns: a visit that silence has ended is ended in one
  const arrive = async (leaves?: boolean): Promise<boolean> => {
    if (!live()) return false;
    // whoever leaves waits as long: what was asked before is done before
    await (leaves ? undefined : life.stay.touch());
    return live();
  };
  const inTurn: Doors['inTurn'] = async (otherwise, run) =>
    (await arrive()) ? core.inTurn(run) : otherwise;
  const refused = (): Refused => ({ kind: 'refused', reason: inert ? 'server' : 'stopped' });
  return {
    arrive,
    act: async (otherwise, run) => ((await arrive()) ? run() : otherwise),
    inTurn,
    ofWhoIsHere: async <T>(run: (subject: string) => Promise<T>) => {
      if (state.status === 'starting') await life.start();
      const { subject } = state.person;
      return inTurn<T | Refused>(refused(), async () =>
        state.person.subject === subject
          ? run(subject)
          : { kind: 'refused', reason: 'visit-unknown' },
      );
    },
    refused,
    unavailable: () => ({
      kind: 'unavailable',
      reason: inert ? 'server' : state.status === 'stopped' ? 'stopped' : 'not-started',
    }),
  };
}

/** Whose order it will be, for the shop's server alone; undefined where that has no key, or nobody is to be remembered. */
function carryToken(core: Core): Promise<string | undefined> {
  const { sealTo, shop } = core.options;
  const isRefused = consentOf(core, 'remember') === 'denied';
  return !sealTo || isRefused
    ? Promise.resolve(undefined)
    : sealCarry(sealTo, shop, core.state.person.subject);
}

/** Makes it. */
export function createFace(core: Core, life: Life, acts: Omit<Acts, 'face'>): LateFace {
  const doors = createDoors(core, life);
  const { act, arrive, inTurn, refused, unavailable } = doors;
  const leave = async (run: () => Promise<void>): Promise<void> => {
    if (await arrive(true)) await run();
    dropProved(core);
  };
  return {
    recognize: (identifiers, options = {}) =>
      act<Recognition>(unavailable(), () => acts.recognize(identifiers, options)),
    choose: (id) => inTurn<Recognition>(unavailable(), () => acts.choose(id)),
    // neither in turn: a person may take minutes to answer
    requestProof: (kind, options) =>
      act<Awaited<ReturnType<Regulars['requestProof']>>>(unavailable(), () =>
        acts.requestProof(kind, options),
      ),
    verify: (given, options) =>
      act<Awaited<ReturnType<Regulars['verify']>>>(unavailable(), () =>
        acts.verify(given, options),
      ),
    notMe: () => inTurn(undefined, acts.notMe),
    signOut: () => leave(life.signOut),
    endVisit: () => leave(life.endVisit),
    reorder: acts.reorder,
    lookFor: acts.lookFor,
    viewed: (skus) => act(undefined, () => Promise.resolve(countViews(core, skus))),
    carryToken: () => inTurn(undefined, () => carryToken(core)),
    refund: (refund) => doors.ofWhoIsHere((subject) => recordRefund(core, refund, subject)),
    dismiss: (ref, reason) => act<RecordOutcome>(refused(), () => acts.dismiss(ref, reason)),
    record: async (purchase, subject) => {
      if (subject === undefined) return { kind: 'refused', reason: 'visit-unknown' };
      // an answer for an earlier visit says nothing of who stands here now
      const here = subject === core.state.person.subject;
      return (await arrive(!here)) ? acts.record(purchase, subject) : refused();
    },
    ...syncFace(core),
    ...rightsOf(doors, acts),
  };
}

function rightsOf({ act, ofWhoIsHere, refused }: Doors, acts: Omit<Acts, 'face'>): Rights {
  const { change } = acts;
  const doing = (run: () => Promise<RecordOutcome>): Promise<RecordOutcome> => act(refused(), run);
  return {
    known: acts.known,
    audit: acts.audit,
    export: acts.export,
    remember: (fact) => doing(() => change.remember(fact)),
    correct: (ref, value) => doing(() => change.correct(ref, value)),
    remove: (ref) => doing(() => change.remove(ref)),
    restore: (ref) => doing(() => change.restore(ref)),
    allowGreetingByNumber: (yes) => doing(() => change.allowGreetingByNumber(yes)),
    import: (source, options) => act(refused(), () => acts.import(source, options)),
    consent: (purpose, answer) => ofWhoIsHere(() => acts.answer(purpose, answer)),
    forget: (options) => ofWhoIsHere<Forgotten>(() => acts.forget(options)),
  };
}
