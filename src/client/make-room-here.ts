import { isRegularsError, RegularsError } from '../kernel/errors.js';
import { uuidV7 } from '../kernel/ids.js';
import { readLog } from '../profile/log-rows.js';
import { makeRoom, readDrops } from '../profile/make-room.js';
import { withFormat } from '../profile/migrations.js';
import type { Core } from './core.js';
import type { StorageStatus } from './types.js';

/** What the records of a device may take unless the host says otherwise. */
const LIMIT_BYTES = 25_000_000;
/** At the limit, room is made down to this share of it: not at every order. */
const LEAVES_OF_LIMIT = 0.9;
/** Where the disk is full this much of ours is left: others will want room as well. */
const LEAVES_OF_ALL = 0.75;

/** What room is made in. */
type Room = Parameters<typeof makeRoom>[0];

/** Visits in which `storage-full` was told: once is enough. */
const told = new WeakMap<Core, string>();

/**
 * Runs a write; where the disk is full, or the limit is passed, makes room and runs it once more. `check` is called inside the
 * transaction: what passes the limit is taken back, so the limit holds whatever can be dropped.
 */
export async function withRoom<T>(
  core: Core,
  write: (check: (bytes: number, added: () => number) => void) => Promise<T>,
): Promise<T> {
  const { vault, options } = core;
  const limit = options.limits?.bytes ?? LIMIT_BYTES;
  let over: number | undefined;
  const check = (bytes: number, added: () => number): void => {
    over = undefined;
    if (!vault.keeps() || bytes <= limit) return;
    over = added();
    throw new RegularsError(
      'ERR_STORAGE_QUOTA',
      `The records here would take more than limits.bytes (${limit}), and no more can be dropped.`,
    );
  };
  try {
    return await write(check);
  } catch (error) {
    if (!isQuota(error) || !vault.keeps()) throw error;
    const added = over;
    tell(core);
    const here: Room = {
      transact: (mode, body, more) => vault.run(mode, body, more?.durability),
    };
    await dropHistory(core, here, added === undefined, (bytes) =>
      added === undefined ? bytes * LEAVES_OF_ALL : limit * LEAVES_OF_LIMIT - added,
    );
    await lookAtRoom(core);
    return write(check);
  }
}

/**
 * Moves what memory holds into `to`, which nobody else uses meanwhile. Where its disk is full, makes room and moves once more; where
 * that is not enough, rejects with an error that passes: it is tried again.
 */
export async function withRoomIn<T>(core: Core, to: Room, move: () => Promise<T>): Promise<T> {
  try {
    const moved = await move();
    await keepLimit(core, to);
    return moved;
  } catch (error) {
    if (!isQuota(error)) throw error;
    tell(core);
    await dropHistory(core, to, true, (bytes) => bytes * LEAVES_OF_ALL);
    return move().catch((cause: unknown) => {
      if (!isQuota(cause)) throw cause;
      throw new RegularsError(
        'ERR_STORAGE_TIMEOUT',
        'There is no room for what waits in memory; it is tried again.',
        { cause, retryable: true },
      );
    });
  }
}

/** What memory held moves in whole; the oldest makes room for it. */
async function keepLimit(core: Core, to: Room): Promise<void> {
  const limit = core.options.limits?.bytes ?? LIMIT_BYTES;
  const { bytes } = await withFormat((format) =>
    to.transact('readonly', (tx) => readLog(tx, format, core.clock.now())),
  );
  if (bytes <= limit) return;
  tell(core);
  await dropHistory(core, to, false, () => limit * LEAVES_OF_LIMIT);
}

function tell(core: Core): void {
  const visit = core.state.visit?.token ?? '';
  if (told.get(core) !== visit) core.notice('storage-full');
  told.set(core, visit);
}

async function dropHistory(
  core: Core,
  storage: Room,
  isFull: boolean,
  leaves: (bytes: number) => number,
): Promise<void> {
  const { vault, random } = core;
  const env = vault.env();
  try {
    await withFormat(async (format) => {
      const { bytes } = await storage.transact('readonly', (tx) => readLog(tx, format, env.now));
      const by = `device:${env.device}`;
      const id = (): string => uuidV7(env.now, random);
      await makeRoom(storage, leaves(bytes), { ...env, by, id, isFull, format });
    });
  } catch (error) {
    // too full even to drop something: the write is tried once more all the same, and says so
    if (!isQuota(error)) throw error;
  }
}

function isQuota(error: unknown): boolean {
  return isRegularsError(error) && error.code === 'ERR_STORAGE_QUOTA';
}

/** Tells the status what was dropped here, and whether the browser keeps this site's data. Never fails: the status is all it is for. */
export async function lookAtRoom(core: Core): Promise<void> {
  const { vault } = core;
  if (!vault.keeps()) return;
  try {
    const [dropped, persisted] = await Promise.all([
      vault.run('readonly', readDrops),
      storageManager()?.persisted?.(),
    ]);
    noteWhatIsNew(core, {
      ...(dropped && { dropped }),
      ...(persisted !== undefined && { persisted }),
    });
  } catch (error) {
    core.report(error);
  }
}

/** True while the browser asks the person: Firefox may never answer. */
let asking = false;

/** Asks the browser not to evict this site's data by itself; the moment after a yes is the one it listens. Nothing waits for it. */
export function askToPersist(core: Core): void {
  if (asking || !core.vault.keeps()) return;
  // the browser may hold on to the answer's handler for as long as the page lives
  const here = new WeakRef(core);
  asking = true;
  void Promise.resolve()
    .then(() => storageManager()?.persist?.())
    .then(
      (persisted) => {
        const asked = here.deref();
        if (asked && persisted !== undefined) noteWhatIsNew(asked, { persisted });
      },
      () => undefined, // some windows refuse to be asked: then nothing is known
    )
    .then(() => (asking = false));
}

function noteWhatIsNew({ vault }: Core, found: Pick<StorageStatus, 'persisted' | 'dropped'>): void {
  const { persisted, dropped } = vault.status();
  const same =
    (found.persisted ?? persisted) === persisted &&
    (found.dropped?.delivered ?? dropped?.delivered) === dropped?.delivered &&
    (found.dropped?.unsent ?? dropped?.unsent) === dropped?.unsent;
  if (!same && vault.keeps()) vault.note(found);
}

function storageManager(): Partial<StorageManager> | undefined {
  return (globalThis as { readonly navigator?: { readonly storage?: Partial<StorageManager> } })
    .navigator?.storage;
}
