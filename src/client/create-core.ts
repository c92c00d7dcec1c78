import { systemClock, systemRandom } from '../kernel/clock.js';
import { createDerived, type Derived } from '../kernel/readable.js';
import { createCatalog } from './catalog.js';
import type { Acts, Core, State } from './core.js';
import { createEvents, type Events } from './events.js';
import { createMarkerStore, type MarkerStore } from './marker.js';
import { onceLoaded } from './once-loaded.js';
import { takeSnapshot } from './snapshot.js';
import type { Speech } from './speech-types.js';
import type { RegularsOptions, Snapshot, StorageStatus } from './types.js';
import { surroundings } from './surroundings.js';
import { SYNC_OFF } from './sync-types.js';
import { createVault } from './vault.js';

/** A core, with what only the face needs of it. */
export interface Made {
  readonly core: Core;
  readonly store: Derived<Snapshot>;
  readonly markers: MarkerStore;
  readonly on: Events['on'];
}

/** Puts the parts together; `loadActs` gives what writes, `loadSpeech` what speaks to somebody. */
export function createCore(
  options: RegularsOptions,
  loadActs: () => Promise<Acts>,
  loadSpeech: () => Promise<(core: Core) => Speech>,
): Made {
  const { clock = systemClock, random = systemRandom, mode = 'storefront' } = options;
  const { report, notice, noCatalog } = createReports(options);
  const events = createEvents(report);
  const markers = createMarkerStore(options.shop);
  const refresh = (): void => store.invalidate();
  const state = initialState(options);
  const core: Core = {
    options,
    mode,
    clock,
    random,
    state,
    speech: onceLoaded(async () => {
      const createSpeech = await loadSpeech();
      state.speech ??= createSpeech(core); // what writes may have made it meanwhile
      refresh();
    }),
    inert: isInert(options),
    report,
    notice,
    refresh,
    on: events.on,
    emit: events.emit,
    acts: onceLoaded(loadActs),
    snapshot: () => store.get(),
    inTurn: createTurns(),
    catalog: createCatalog(options.catalog, noCatalog, refresh),
    vault: createVault({
      ...{ shop: options.shop, storage: options.storage, mode },
      ...{ clock, random, markers, report, notice },
      acts: () => core.acts(),
      heal: () => void core.acts().then((acts) => acts.heal(), report),
      changed: () => {
        refresh();
        events.emit('storage-changed', core.vault.status());
      },
    }),
  };
  const store = createStore(core);
  return { core, store, markers, on: events.on };
}

/** What listeners see; on a server, and to whoever asks for it, what is there before `start`, whatever has become of the client since. */
function createStore(core: Core): Derived<Snapshot> {
  const before = core.vault.status();
  const status = (): StorageStatus => before;
  const neutral = { ...core, state: initialState(core.options), vault: { ...core.vault, status } };
  return createDerived(
    () => takeSnapshot(core),
    () => takeSnapshot(neutral),
    core.report,
  );
}

function isInert({ storage }: RegularsOptions): boolean {
  return (
    typeof document === 'undefined' &&
    typeof indexedDB === 'undefined' &&
    (!storage || storage.name === 'indexed-db')
  );
}

/** One act after the other, whatever became of the one before; at once when nothing runs. */
function createTurns(): Core['inTurn'] {
  let last: Promise<void> | undefined;
  return (act) => {
    const done = last ? last.then(act) : act();
    const end = (): void => {
      if (last === ended) last = undefined;
    };
    const ended: Promise<void> = done.then(end, end);
    last = ended;
    return done;
  };
}

/** The host's two ears; whatever they throw goes no further. */
function createReports(
  options: RegularsOptions,
): Pick<Core, 'notice' | 'report'> & { readonly noCatalog: (error: unknown) => void } {
  const report: Core['report'] = (error) => {
    try {
      options.onError?.(error);
    } catch {
      // the host's handler is the last one; its own error has nowhere to go
    }
  };
  const notice: Core['notice'] = (what) => {
    const { onNotice } = options;
    if (onNotice)
      void import('./notices.js').then(({ noticeOf }) => onNotice(noticeOf(what))).catch(report);
  };
  return {
    report,
    notice,
    noCatalog: (error) => {
      notice('catalog-failed');
      report(error);
    },
  };
}

function initialState(options: RegularsOptions): State {
  return {
    status: 'idle',
    // made by start(): some servers refuse random numbers while modules load
    person: { subject: '', customer: '', remembered: false, claims: [] },
    card: undefined,
    visit: undefined,
    whys: new Map(),
    targets: new Map(),
    choices: new Map(),
    visits: new Map(),
    engine: undefined,
    suggest: undefined,
    explain: undefined,
    modelState: 'none',
    endsAt: null,
    people: [],
    tabs: undefined,
    ...surroundings(options),
    refused: undefined,
    sync: SYNC_OFF,
  };
}
