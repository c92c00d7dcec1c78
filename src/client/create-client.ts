import { checkOptions } from './check-options.js';
import type { Acts, Core, LateFace } from './core.js';
import { createCore, type Made } from './create-core.js';
import { leaveOpen } from './door.js';
import { countExposure } from './exposure.js';
import { createLife, type Life } from './life.js';
import type { MarkerStore } from './marker.js';
import { revealHere } from './reveal-here.js';
import { selectPart } from './select.js';
import { takeContext } from './surroundings.js';
import type { Speech } from './speech-types.js';
import type { SyncFace } from './sync-types.js';
import type { Regulars, RegularsOptions, Rights } from './types.js';

/** The client, given the way to what writes, and to what speaks to somebody. */
export function createClient(
  options: RegularsOptions,
  loadActs: (core: Core, life: Life, markers: MarkerStore) => Promise<Acts>,
  loadSpeech: () => Promise<(core: Core) => Speech>,
): Regulars {
  checkOptions(options);
  const made = createCore(options, () => loadActs(core, life, made.markers), loadSpeech);
  const { core, store } = made;
  const life = createLife(core, made.markers);
  return leaveOpen(
    {
      get: store.get,
      getServer: store.getServer,
      listen: store.listen,
      subscribe: store.subscribe,
      select: (part) => selectPart(store, part),
      on: made.on,
      start: () => (core.inert ? Promise.resolve() : life.start()),
      stop: life.stop,
      hold: life.stay.hold,
      keepAlive: () => void life.stay.touch(),
      ...late<Exclude<keyof LateFace, keyof Rights | keyof SyncFace | 'record'>>(
        core,
        'carryToken choose dismiss endVisit lookFor notMe recognize refund reorder requestProof signOut verify viewed',
      ),
      ...speaking(made, life),
      ...remembering(core, life),
      sync: {
        ...late<Exclude<keyof SyncFace, 'status'>>(core, 'discard now refused retry'),
        status: () => store.get().sync,
      },
      rights: late<keyof Rights>(
        core,
        'allowGreetingByNumber audit consent correct export forget import known remember remove restore',
      ),
    },
    { core, life },
  );
}

/** What waits for the module that does it. */
function late<K extends keyof LateFace>(core: Core, names: string): Pick<LateFace, K> {
  const waiting =
    (name: string) =>
    async (...given: readonly unknown[]): Promise<unknown> =>
      ((await core.acts()).face[name as K] as (...all: readonly unknown[]) => unknown)(...given);
  return Object.fromEntries(
    names.split(' ').map((name) => [name, waiting(name)]),
  ) as unknown as Pick<LateFace, K>;
}

function speaking(
  { core, store }: Made,
  life: Life,
): Pick<Regulars, 'accepted' | 'greeting' | 'recommend' | 'reveal' | 'shown' | 'usual' | 'why'> {
  const { state } = core;
  return {
    greeting: () => store.get().greeting,
    usual: () => store.get().usual,
    recommend: (options = {}) =>
      state.suggest?.(core, options) ?? {
        kind: 'none',
        reason: core.options.recommend ? 'not-ready' : 'not-configured',
      },
    why: (ref) => state.whys.get(ref)?.(),
    reveal: (field) => {
      const shown = revealHere(core, field);
      if (shown.ok) state.looked?.([field]);
      return shown;
    },
    shown: (refs) => {
      const list = typeof refs === 'string' ? [refs] : refs;
      const { greeting } = store.get();
      const said = greeting.kind === 'none' ? undefined : greeting.ref;
      // once a visit, however often the page draws it
      const isNew = !state.visit?.spoken;
      if (greeting.kind !== 'none' && list.includes(greeting.ref)) state.speech?.fix(greeting);
      countExposure(core, isNew ? list : list.filter((ref) => ref !== said), 'shown');
    },
    accepted: (ref) => {
      void life.stay.touch();
      countExposure(core, [ref], 'accepted');
    },
  };
}

function remembering(core: Core, life: Life): Pick<Regulars, 'record' | 'setContext'> {
  const { state } = core;
  return {
    record: async (purchase, { visit } = {}) => {
      // who is here is not known before the storage is open; `start` settles within 2 s
      if (state.status === 'starting') await life.start();
      // whose it is, is fixed before anything is awaited: a late answer never moves to the next person
      const subject = visit === undefined ? state.person.subject : state.visits.get(visit);
      return (await core.acts()).face.record(purchase, subject);
    },
    setContext: (change) => {
      takeContext(state, change);
      if (!core.inert && change?.basket !== undefined) void life.stay.touch();
      core.refresh();
    },
  };
}
