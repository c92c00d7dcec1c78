import { memoryStorage } from '../adapters/storage/memory.js';
import { withFormat } from '../profile/migrations.js';
import { goByPlatform } from './platform.js';
import { attend } from './attend.js';
import { begin, lifeOfMode } from './begin.js';
import { answerConsent, endRemembering } from './answer.js';
import { refoldCard } from '../profile/log.js';
import type { ProfileStorage } from '../profile/port.js';
import { pick, seenHere } from './people.js';
import { createIdleWatch, endVisit } from './visit.js';
import { keepDevice, withCookie } from './device-cookie.js';
import { watchErasures } from './erased-elsewhere.js';
import { createExplain } from './explain.js';
import { loadEngine } from './engine.js';
import { createFace } from './face.js';
import { follow, notMe } from './follow.js';
import { forgetAs } from './forget.js';
import { createHealer } from './heal.js';
import { moveHeld } from './hold.js';
import { looked } from './looked.js';
import { lookForNow } from './look-for.js';
import { lookAtRoom, withRoomIn } from './make-room-here.js';
import { fateOf } from './may-keep.js';
import type { Acts, ChangeKnown, Core } from './core.js';
import type { RecordOutcome } from './types.js';
import type { Life } from './life.js';
import type { MarkerStore } from './marker.js';
import { onceLoaded } from './once-loaded.js';
import { createRecognition } from './recognition.js';
import { dismissRef, recordPurchase, writeExposure } from './remember.js';
import { erasingFirst, finishErasing } from './owed.js';
import { lookAtTime, noteVisit } from './retain.js';
import { reorderNow } from './reorder.js';
import { usualToday } from './today.js';
import { createSealing } from './sealed-purchases.js';
import { sealLinks } from './seal-links.js';
import { createSpeech } from './speech.js';
import { backendOf } from './sync-line.js';
import { deviceActs } from './settle-device.js';

/**
 * Named here so that a bundler that splits by file keeps the first load in one chunk: two would cost a page 0.6 kB.
 * @public
 */
export { createClient } from './create-client.js';

/** The acts of one client. */
export function createActs(core: Core, given: Life, marking: MarkerStore): Acts {
  const markers = withCookie(core, marking);
  const life = erasingFirst(core, lifeOfMode(core, given));
  const { state } = core;
  prepare(core, life, markers);
  // the visit may have ended while this waited for its turn: whoever is recognized begins the next one
  const stay = async (): Promise<void> => (state.visit ? undefined : life.stay.touch());
  const recognition = createRecognition(core, stay);
  const healer = createHealer(core, lookingAround(core, life), markers);
  const acts: Omit<Acts, 'face'> = {
    ...recognition,
    choose: async (id) => {
      await stay();
      return (await pick(core, id)) ?? recognition.choose(id);
    },
    begin: () => core.inTurn(() => begin(core, markers)),
    seen: (current) => seenHere(core, current),
    endVisit: (silently) => endVisit(core, silently),
    ...provingLater(core),
    record: (purchase, subject) => recordPurchase(core, purchase, subject),
    dismiss: (ref, reason) => dismissRef(core, ref, reason),
    writeExposure: (visit, subject) => writeExposure(core, visit, subject),
    reorder: (ref) => reorderNow(core, ref),
    lookFor: (query) => lookForNow(core, query),
    answer: (...given) =>
      answerConsent(core, life, markers, ...given).finally(() => void keepDevice(core)),
    forget: (options) => forgetAs(core, markers, options),
    notMe: () => {
      state.sealing?.unclaim(state.person.subject);
      return notMe(core, markers);
    },
    endRemembering: () => (markers.owes() ? finishErasing(core) : endRemembering(core, markers)),
    attend: () => attend(core, life, markers, healer),
    heal: healer.heal,
    nudge: healer.nudge,
    loadEngine: () => {
      void afterOpening(core, life, markers).catch(core.report);
      return loadEngine(core);
    },
    createHeld: memoryStorage,
    ...deviceActs(core, markers),
    moveHeld: (to, anonymous) => moveMine(core, to, anonymous),
    refold: (customer) =>
      withFormat((format) =>
        core.vault.run('readwrite', (transaction) => refoldCard(transaction, customer, format)),
      ),
    audit: async () => (await import('./audit.js')).auditHere(core, markers),
    ...rightsLater(core),
  };
  return { ...acts, face: createFace(core, given, acts) };
}

/** Proofs are for few pages: what takes them is loaded with the first. */
function provingLater(core: Core): Pick<Acts, 'admit' | 'requestProof' | 'verify'> {
  const load = onceLoaded(async () => (await import('./prove.js')).createProving(core));
  if (backendOf(core) || core.options.proofs) void load().catch(core.report);
  return {
    admit: async (...given) => (await load()).admit(...given),
    requestProof: async (...given) => (await load()).requestProof(...given),
    verify: async (given, options) => {
      // whose visit it is, is fixed before anything is awaited
      const visit = core.state.visit?.token;
      return (await load()).verify(given, options, visit);
    },
  };
}

/** What is known is looked at by few: what shows and changes it is loaded when somebody does. */
function rightsLater(core: Core): Pick<Acts, 'change' | 'export' | 'import' | 'known'> {
  const load = onceLoaded(async () => (await import('./rights.js')).rightsHere(core));
  const change =
    <K extends keyof ChangeKnown>(how: K) =>
    async (...given: Parameters<ChangeKnown[K]>): Promise<RecordOutcome> => {
      const { subject } = core.state.person;
      const known = (await load()).change;
      // whose it is, is fixed before anything is awaited
      if (core.state.person.subject !== subject)
        return { kind: 'refused', reason: 'visit-unknown' };
      return (known[how] as (...all: typeof given) => Promise<RecordOutcome>)(...given);
    };
  return {
    known: async () => (await load()).known(),
    export: async (options) => (await load()).export(options),
    import: async (source, options) => (await load()).import(source, options),
    change: {
      remember: change('remember'),
      correct: change('correct'),
      remove: change('remove'),
      restore: change('restore'),
      allowGreetingByNumber: change('allowGreetingByNumber'),
    },
  };
}

/** What belongs to the mode, and comes with what writes. */
function prepare(core: Core, life: Life, markers: MarkerStore): void {
  const { state, mode, options } = core;
  state.explain = createExplain(core);
  state.usualToday = (usual) => usualToday(core, usual);
  state.speech ??= createSpeech(core);
  watchErasures(core, {
    markers,
    // not waited for: whoever found out may have a turn themselves
    follow: (message) =>
      void core.inTurn(() => follow(core, life, markers, message)).catch(core.report),
  });
  // whoever comes has visited, though they buy nothing
  if (mode !== 'kiosk')
    core.on('customer-recognized', () => void noteVisit(core).catch(core.report));
  if (mode === 'staff') state.looked = (fields) => void looked(core, fields);
  const { sealTo, storage } = options;
  if (mode === 'kiosk' && sealTo && storage) state.sealing = createSealing(core, sealTo, storage);
  if (mode === 'kiosk' || mode === 'shared')
    state.idle = createIdleWatch(core, () => endVisit(core));
  state.idle?.touch();
  // what the usual has become shows from here on
  if (!core.inert) core.refresh();
}

/** What nobody waits for; after the opening, however late that is. */
async function afterOpening(core: Core, life: Life, markers: MarkerStore): Promise<void> {
  await core.inTurn(() => goByPlatform(core, life, markers));
  await lookAtRoom(core);
  await lookAtTime(core);
  await keepDevice(core);
}

/** A storage that comes back is looked at anew. */
function lookingAround(core: Core, life: Life): Life {
  const openStorage: Life['openStorage'] = async (remembered) => {
    await life.openStorage(remembered);
    void lookAtRoom(core);
  };
  return { ...life, openStorage };
}

/** A customer's yes is their own: what is recorded of others without one does not move, and goes when they part. */
function moveMine(
  core: Core,
  to: ProfileStorage | undefined,
  anonymous: string | undefined,
): Promise<boolean> {
  const move = (): Promise<boolean> =>
    moveHeld(
      core.vault,
      to,
      anonymous,
      (record, isKnown) => fateOf(core, record, isKnown),
      (drafts) => sealLinks(core, drafts),
    );
  return to ? withRoomIn(core, to, move) : move();
}
