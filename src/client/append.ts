import { isRegularsError } from '../kernel/errors.js';
import { appendRecords, type Appended } from '../profile/log.js';
import { withFormat } from '../profile/migrations.js';
import type { StorageTransaction } from '../profile/port.js';
import type { RecordDraft } from '../profile/types.js';
import type { Core } from './core.js';
import { hashForErasures } from './erasures.js';
import { erasuresAmong, leaveErased, noteWritten } from './erased-elsewhere.js';
import { isForgotten } from './forgotten.js';
import { minimize } from './minimize.js';
import { withRoom } from './make-room-here.js';
import { answerTo, asIf, hasAgreed, mayKeep } from './may-keep.js';
import { sealLinks } from './seal-links.js';
import { takeUp } from './take-up.js';
import type { ConsentSetting, RecordOutcome } from './types.js';

/** What became of drafts, and where they went: the last of them, where they went apart. */
export interface Written extends Pick<Appended, 'appended' | 'refused'> {
  readonly kept: boolean;
  /** How many were left out because the customer said no to what they are for. */
  readonly unwanted: number;
}

const NOTHING: Appended = {
  ...{ cards: [], appended: [], held: [], duplicates: 0, refused: 0, bytes: 0 },
};

/** Where drafts belong: by the answer of the person they are of, and by the one to what they are for. */
interface Sorted {
  readonly kept: readonly RecordDraft[];
  readonly held: readonly RecordDraft[];
  readonly unwanted: number;
  /** True when a yes was met for the first time on this page. */
  readonly hasNew: boolean;
}

/** How records are appended. */
export interface AppendOptions {
  /** They came from a backend: they need not be sent. @defaultValue false */
  readonly remote?: boolean;
  /** False where the card that comes of it is not whole yet. @defaultValue true */
  readonly shows?: boolean;
}

/** Appends, and takes up the card when it is the one shown. Rejects where the storage does. */
export async function append(
  core: Core,
  drafts: readonly RecordDraft[],
  options: AppendOptions = {},
): Promise<Written | undefined> {
  if (drafts.length === 0) return undefined;
  if (core.vault.keeps() && drafts.some(({ subject }) => isForgotten(core, subject)))
    return { appended: [], refused: drafts.length, kept: false, unwanted: 0 };
  const { kept, held, unwanted, hasNew } = await sortDrafts(core, minimize(core, drafts));
  const waiting = held.length > 0 ? await appendHeld(core, held, options) : NOTHING;
  // somebody who turned out to have said yes before: what memory has of them comes first
  if (kept.length > 0 && hasNew && core.vault.isOpen() && core.vault.holds())
    await core.vault.open(undefined);
  const written = kept.length > 0 ? await appendKept(core, kept, options) : NOTHING;
  return {
    kept: held.length === 0 && core.vault.keeps(),
    unwanted,
    appended: [...waiting.appended, ...written.appended],
    refused: waiting.refused + written.refused,
  };
}

async function sortDrafts(core: Core, drafts: readonly RecordDraft[]): Promise<Sorted> {
  const people = new Map<string, Core>();
  for (const { subject } of drafts)
    if (!people.has(subject)) people.set(subject, await asIf(core, subject));
  const answerOf = (draft: RecordDraft): ConsentSetting =>
    answerTo(people.get(draft.subject) ?? core, draft);
  // one order is one thing: its links do not go without it
  const isNew = [...people.keys()].map((subject) => !hasAgreed(core, subject));
  const together = [...people.values()].every((there) => mayKeep(core, there));
  const kept = drafts.filter((draft) => together && answerOf(draft) === 'granted');
  const wanted = drafts.filter((draft) => answerOf(draft) !== 'denied');
  return {
    kept,
    held: wanted.filter((draft) => !kept.includes(draft)),
    unwanted: drafts.length - wanted.length,
    hasNew: together && isNew.includes(true),
  };
}

async function appendKept(
  core: Core,
  drafts: readonly RecordDraft[],
  { remote = false, shows = true }: AppendOptions,
): Promise<Appended> {
  const { vault } = core;
  const orders = drafts.some(({ kind }) => kind === 'purchase' || kind === 'refund');
  const erasures = await hashForErasures(vault.device(), drafts);
  const sealed = await sealLinks(core, drafts);
  const subjects = [...new Set(drafts.map(({ subject }) => subject))];
  const lookForErased = await erasuresAmong(core, subjects);
  let erased: readonly string[] = [];
  const appended = await withRoom(core, (check) =>
    withFormat((format) =>
      vault.run(
        'readwrite',
        async (transaction) => {
          erased = await lookForErased(transaction);
          if (erased.length > 0) return { ...NOTHING, refused: drafts.length };
          const done = await appendRecords(transaction, drafts, {
            ...vault.env(),
            ...erasures,
            ...sealed,
            remote,
            format,
          });
          if (done.appended.length > 0) check(done.bytes, () => lengthOf(done));
          return done;
        },
        // a power cut must not take an order; the rest may wait for the disk
        orders ? 'strict' : 'relaxed',
      ),
    ),
  );
  if (erased.length > 0) {
    await leaveErased(core, erased);
    return appended;
  }
  noteWritten(core, subjects);
  takeUp(core, shows ? appended.cards : []);
  return appended;
}

/** Into memory: what has no yes yet. */
async function appendHeld(
  core: Core,
  drafts: readonly RecordDraft[],
  { shows = true }: AppendOptions,
): Promise<Appended> {
  const { vault } = core;
  const appended = await withFormat((format) =>
    vault.runHeld('readwrite', (transaction: StorageTransaction) =>
      appendRecords(transaction, drafts, { ...vault.env(), format }),
    ),
  );
  if (!vault.isOpen() || !mayKeep(core, core)) takeUp(core, shows ? appended.cards : [], false);
  else {
    // of somebody who is kept, memory has only what still waits for an answer: no card to show
    const { subject } = core.state.person;
    core.state.waiting =
      appended.cards.find(({ subjects }) => subjects.includes(subject)) ?? core.state.waiting;
    core.refresh();
  }
  return appended;
}

function lengthOf({ appended }: Appended): number {
  return appended.reduce((sum, record) => sum + JSON.stringify(record).length, 0);
}

/** Appends, and says what became of it; nothing a page does with an outcome can break it. */
export async function commit(
  core: Core,
  drafts: readonly RecordDraft[],
  options?: AppendOptions,
): Promise<RecordOutcome> {
  const { vault, state } = core;
  if (state.status === 'stopped') return { kind: 'refused', reason: 'stopped' };
  if (vault.status().readOnly) return { kind: 'refused', reason: 'read-only' };
  let written: Written | undefined;
  try {
    written = await append(core, drafts, options);
    if (written && written.refused > 0) return { kind: 'refused', reason: 'erased' };
    if (written?.unwanted) return { kind: 'refused', reason: 'no-consent' };
  } catch (error) {
    core.report(error);
    const code = isRegularsError(error) ? error.code : undefined;
    if (code === 'ERR_STORAGE_NEWER') return { kind: 'refused', reason: 'read-only' };
    return { kind: 'refused', reason: code === 'ERR_STORAGE_QUOTA' ? 'quota' : 'storage' };
  }
  if (written?.kept ?? vault.keeps()) return { kind: 'kept' };
  if (vault.keeps()) return { kind: 'held', reason: 'no-consent' };
  // a storage that was lost may be back
  void core.acts().then((acts) => acts.nudge());
  const { kind, reason = 'not-configured' } = vault.status();
  // emptied, and held again: it went to memory meanwhile
  return {
    kind: 'held',
    reason: kind === 'opening' ? 'opening' : reason === 'evicted' ? 'lost' : reason,
  };
}
