import { isRegularsError } from '../kernel/errors.js';
import { eraseCustomer, listCustomers } from '../profile/log.js';
import { withFormat } from '../profile/migrations.js';
import type { ProfileStorage, StorageTransaction } from '../profile/port.js';
import type { Core, DeviceRow } from './core.js';
import { isDevice } from './device-row.js';
import { countErasure } from './erased-elsewhere.js';
import type { Life } from './life.js';
import type { MarkerStore } from './marker.js';
import { destroyUnlessSealed, hasSealed } from './sealed-rows.js';
import type { StorageStatus } from './types.js';

/** What may pass by itself, as other pages close or the browser recovers; the rest needs a reload, a key, or another browser. */
const PASSING: readonly StorageStatus['reason'][] = ['blocked', 'timeout', 'lost'];

/** True for a storage that is tried again. */
export function mayPass({ reason }: StorageStatus): boolean {
  return PASSING.includes(reason);
}

/** Stands for whom the device remembers, where this page could not look who that is. */
const REMEMBERED = '*';
/** Stands for all whom the device knows: the time they agreed to is over, or a platform says no for them. */
const EVERYBODY = '**';

/** Who is still to be erased, for a browser without localStorage. */
const owed = new WeakMap<Core, readonly string[]>();

/**
 * Notes who is to be erased here: the storage could not be asked, or the page may be killed before it is done. What could not be done
 * is done before anything is shown of this storage again.
 */
export function oweErasing(core: Core, markers: MarkerStore): void {
  const { person, card } = core.state;
  const ids = [person.subject, person.customer, ...(card?.subjects ?? [])];
  const marked = markers.read()?.card;
  if (marked) ids.push(marked);
  // a storage that did not open has not said whom it remembers
  else if (!person.proof && !core.vault.keeps()) ids.push(REMEMBERED);
  owed.set(core, [...new Set([...idsOwed(core), ...ids])]);
}

/** Deletes what a device keeps that has not been opened on this page; as soon as that can be done. */
export async function wipeDevice(core: Core, markers: MarkerStore): Promise<void> {
  owed.set(core, [...idsOwed(core), EVERYBODY]);
  markers.erase();
  noteOwed(core);
  await finishErasing(core);
}

/** The note in the place of the marker: who is to be erased, that a backend is to be told of somebody, and nothing else. */
interface Note {
  readonly erase?: readonly string[];
  readonly tells?: true;
}

/** Who owes it, for a browser without localStorage. */
const telling = new WeakSet<Core>();

/** True while an erasure waits in the storage for a backend to be told. */
export function owesTelling(core: Core): boolean {
  let text: string | null | undefined;
  try {
    text = globalThis.localStorage.getItem(`regulars:${core.options.shop}`);
  } catch {
    // the note is in memory alone
  }
  return telling.has(core) || text?.includes('"tells":true') === true;
}

/** Notes that one waits: the storage may be opened to tell the backend, and for nothing else. Or that none does any more. */
export function noteTelling(core: Core, waits: boolean): void {
  if (waits) telling.add(core);
  else telling.delete(core);
  noteOf(core, ({ tells: _, ...note }) => {
    const next = { ...note, ...(waits && { tells: true as const }) };
    return Object.keys(next).length > 0 ? next : undefined;
  });
}

/** Reads and changes the note; a browser without localStorage has none. */
function noteOf({ options }: Core, change?: (note: Note) => Note | undefined): readonly string[] {
  const key = `regulars:${options.shop}`;
  try {
    const { localStorage } = globalThis;
    const note = JSON.parse(localStorage.getItem(key) ?? '{}') as Note | null;
    const next = change?.(note ?? {});
    if (next) localStorage.setItem(key, JSON.stringify(next));
    else if (change) localStorage.removeItem(key);
    const erase: unknown = note?.erase;
    return Array.isArray(erase) ? erase.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

/** Writes the note, after the marker was erased: for the next start, if this page does not come to it. */
export function noteOwed(core: Core): void {
  const erase = owed.get(core);
  if (erase) noteOf(core, (note) => ({ ...note, erase }));
}

/** It is done. */
export function settleOwed(core: Core): void {
  owed.delete(core);
  noteOf(core, ({ erase: _, ...rest }) => (Object.keys(rest).length > 0 ? rest : undefined));
}

/** True while somebody is to be erased. */
export function owesErasing(core: Core): boolean {
  return idsOwed(core).length > 0;
}

function idsOwed(core: Core): readonly string[] {
  return owed.get(core) ?? noteOf(core);
}

/** Erases whoever is still to be erased. False where the storage cannot be asked yet. */
export async function finishErasing(core: Core): Promise<boolean> {
  const { vault, options } = core;
  const { storage, shop } = options;
  const ids = idsOwed(core);
  if (ids.length === 0 || !storage) return true;
  try {
    // closed first: an adapter that went on in memory by itself opens anew only then
    await vault.release('close');
    await storage.close();
    const { reason, error } = await storage.open({ name: `regulars:${shop}` });
    // without the key nobody reads any of it again
    if (reason === 'locked') await storage.destroy();
    else if (reason) throw error;
    else if (await isEmptyWithout(core, storage, ids)) await destroyUnlessSealed(storage);
    else await storage.close();
    settleOwed(core);
    vault.note({ reason: 'no-consent' });
    return true;
  } catch (error) {
    core.report(error);
    waitFor(core, error);
    return false;
  }
}

/** At once where that keeps nobody waiting; a database that does not answer is asked by the healer. */
export async function eraseSoon(core: Core, reopens = false): Promise<void> {
  const { begin, heal, nudge } = await core.acts();
  if (!mayPass(core.vault.status())) {
    await finishErasing(core);
    // not waited for: it takes a turn of its own
    if (reopens) begin().catch(core.report);
    return;
  }
  heal();
  nudge();
}

/** It is tried again like an opening; where only another release, or a key, can do it, at the next start. */
function waitFor(core: Core, error: unknown): void {
  const code = isRegularsError(error) ? error.code : '';
  const reason =
    code === 'ERR_STORAGE_NEWER' ? 'newer' : code === 'ERR_STORAGE_LOCKED' ? 'locked' : 'timeout';
  core.vault.note({ reason });
  void core.acts().then((acts) => acts.heal(), core.report);
}

/** Erases these, and says whether nobody else is there. Where nobody else was, nothing has to be read: it may be of a newer release. */
async function isEmptyWithout(
  core: Core,
  storage: ProfileStorage,
  ids: readonly string[],
): Promise<boolean> {
  const whom = async (transaction: StorageTransaction): Promise<readonly string[]> => {
    const row = (await transaction.get('meta', 'device')) as DeviceRow | undefined;
    const remembered = isDevice(row) ? row.current : null;
    return ids.flatMap((id) =>
      id !== REMEMBERED ? [id] : remembered ? [remembered.customer, remembered.subject] : [],
    );
  };
  if (ids.includes(EVERYBODY)) return true;
  const alone = await storage.transact('readonly', async (transaction) => {
    const gone = await whom(transaction);
    const cards = await transaction.list('cards', { limit: gone.length + 1 });
    return cards.every(({ key }) => gone.includes(key)) && !(await hasSealed(transaction));
  });
  if (alone) return true;
  return withFormat((format) =>
    storage.transact(
      'readwrite',
      async (transaction) => {
        const gone = await whom(transaction);
        for (const id of gone)
          await eraseCustomer(transaction, id, { ...core.vault.env(), format });
        await countErasure(transaction, core.vault.device());
        const row = (await transaction.get('meta', 'device')) as DeviceRow | undefined;
        if (isDevice(row) && row.current && gone.includes(row.current.customer))
          transaction.put('meta', 'device', { ...row, current: null });
        return (await listCustomers(transaction, 1)).length === 0;
      },
      { durability: 'strict' },
    ),
  );
}

/** A life in which no storage is opened before whoever is to be erased has been. */
export function erasingFirst(core: Core, life: Life): Life {
  return {
    ...life,
    openStorage: async (remembered) => {
      if (!owesErasing(core) || (await finishErasing(core))) await life.openStorage(remembered);
    },
  };
}
