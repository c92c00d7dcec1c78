import type { StorageTransaction } from '../profile/port.js';
import { readCard } from '../profile/read-card.js';
import type { Core, DeviceRow } from './core.js';
import { isDevice } from './device-row.js';
import { isForgotten, noteForgotten } from './forgotten.js';
import type { MarkerStore } from './marker.js';
import { become, isOwn, nobody } from './person.js';

// Another tab tells of a no in milliseconds; what is on its way here meanwhile would bring back the rows of whom that no erased.

/** What a page knows of one database. */
interface Sight {
  readonly generation: string;
  /** How many had been erased there when this page first wrote. */
  readonly erased: number;
  /** Whom this page has written there. */
  readonly written: Set<string>;
}

/** How a page hears of it. */
interface Watch {
  readonly markers: Pick<MarkerStore, 'isGone'>;
  readonly follow: (message: 'forgotten' | 'person-changed') => void;
}

const sights = new WeakMap<Core, Sight>();
const watches = new WeakMap<Core, Watch>();

/** Says where to look, and what to do then. */
export function watchErasures(core: Core, watch: Watch): void {
  watches.set(core, watch);
}

/** Counts an erasure, in its own transaction, in a database that stays: other tabs look whether whom they show is still there. */
export async function countErasure(
  transaction: StorageTransaction,
  mine: DeviceRow,
  leavesStone = false,
): Promise<void> {
  const there = (await transaction.get('meta', 'device')) as DeviceRow | undefined;
  const row = isDevice(there) ? there : mine;
  transaction.put('meta', 'device', {
    ...row,
    ...(leavesStone && { erasures: true }),
    erased: countOf(row) + 1,
  });
}

function countOf({ erased }: DeviceRow): number {
  return typeof erased === 'number' ? erased : 0;
}

function sightOf(core: Core): Sight {
  const row = core.vault.device();
  const known = sights.get(core);
  if (known?.generation === row.generation) return known;
  const sight = { generation: row.generation, erased: countOf(row), written: new Set<string>() };
  sights.set(core, sight);
  return sight;
}

/** Notes whom this page has written into the storage. */
export function noteWritten(core: Core, subjects: Iterable<string>): void {
  if (!core.vault.keeps()) return;
  const { written } = sightOf(core);
  for (const subject of subjects) written.add(subject);
}

/** Looks, in the transaction that would write, for those who were erased. */
export type Erasures = (transaction: StorageTransaction) => Promise<readonly string[]>;

/** Which of these the storage is known to have, as of now; what is looked for is who of them is there no more. */
export async function erasuresAmong(core: Core, subjects: readonly string[]): Promise<Erasures> {
  const { vault, state } = core;
  const none: Erasures = () => Promise.resolve([]);
  if (!vault.keeps()) return none;
  const { person, card } = state;
  const isKnown = (person.remembered || person.proof !== undefined) && isOwn(person, card);
  const shown = isKnown && card ? [card.id, ...card.subjects] : [];
  const { written, erased } = sightOf(core);
  const known = subjects.filter(
    (one) => shown.includes(one) || written.has(one) || (isKnown && one === person.subject && card),
  );
  const mine = vault.device();
  const others = new Map<string, readonly string[]>();
  for (const subject of known) {
    const all = shown.length > 0 && !written.has(subject) ? [subject, ...shown] : [subject];
    // what is in memory moves into the storage, never back: whom it has may not have been there yet
    const held = vault.holds() && (await vault.runHeld('readonly', (tx) => isThere(tx, all)));
    if (!held) others.set(subject, all);
  }
  return async (transaction) => {
    const gone = subjects.filter((subject) => isForgotten(core, subject));
    // closed since: this is memory
    if (!vault.keeps()) return gone;
    const row = (await transaction.get('meta', 'device')) as DeviceRow | undefined;
    // emptied: by a no, which takes the marker as well, or by the browser
    if (!isDevice(row)) return row || !watches.get(core)?.markers.isGone() ? gone : subjects;
    // emptied by a no, and made anew after a yes; what a browser emptied goes on under its id
    if (row.generation !== mine.generation)
      return row.id === mine.id || core.mode === 'staff' ? gone : subjects;
    if (countOf(row) === erased) return gone;
    for (const [subject, all] of others) if (!(await isThere(transaction, all))) gone.push(subject);
    return gone;
  };
}

async function isThere(
  transaction: StorageTransaction,
  subjects: readonly string[],
): Promise<boolean> {
  for (const subject of subjects)
    if ((await readCard(transaction, subject)).kind !== 'none') return true;
  return false;
}

/** Another tab has erased these: nothing of them is shown, nor written, from here on. */
export async function leaveErased(core: Core, subjects: readonly string[]): Promise<void> {
  const { person, card } = core.state;
  const isMine = [person.subject, person.customer, ...(card?.subjects ?? [])];
  // a no on this page sees to all of this itself
  const news = subjects.filter((subject) => !isForgotten(core, subject));
  noteForgotten(core, news);
  if (!news.some((subject) => isMine.includes(subject))) return;
  if (isOwn(person, card)) noteForgotten(core, isMine);
  await become(core, nobody(core), undefined);
  const { follow, markers } = watches.get(core) ?? {};
  follow?.(markers?.isGone() ? 'forgotten' : 'person-changed');
}
