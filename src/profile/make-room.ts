import { isRegularsError } from '../kernel/errors.js';
import { nextStamp } from '../kernel/stamp.js';
import { foldRecords, isBase } from './fold-records.js';
import { currentFormat, type LogFormat } from './log-format.js';
import { decodeRows, putRecord, readLog, type ReadRecord } from './log-rows.js';
import { refoldCard } from './log.js';
import { pickGone, STEPS, type Gone, type Step, type Unsent } from './pick-gone.js';
import type { ProfileStorage, StorageRow, StorageTransaction } from './port.js';
import { pruneState } from './prune-state.js';
import { ASIDE_PREFIX, outboxKey } from './row-keys.js';
import type { RecordOf } from './types.js';

/** What making room needs to know of the world. */
export interface RoomEnv {
  readonly shop: string;
  readonly device: string;
  /** Who drops: `device:<id>`. */
  readonly by: string;
  readonly now: number;
  /** Fresh ids for bases. */
  readonly id: () => string;
  /**
   * The disk is full: what dropping writes is kept small. So cards stay as they are, and may show for a while what was dropped.
   * @defaultValue false
   */
  readonly isFull?: boolean;
  /** @defaultValue that of this release; see `withFormat` */
  readonly format?: LogFormat;
}

/** How many records were dropped. */
export interface Drops {
  /** Those a backend has. */
  readonly delivered: number;
  /** Those that never left this device; without a transport that is all of them. */
  readonly unsent: number;
}

/** What came of making room. */
export interface Room {
  /** Bytes of all records now; above the target when there was no more to drop. */
  readonly bytes: number;
  /** What was dropped, this time. */
  readonly dropped: Drops;
}

/** Rows that are dropped in one transaction, so that others have their turn: at most; on a full disk; where even those do not fit. */
const MOST = 2_000;
const FEW = 200;
const LEAST = 20;
const PAGE = 500;
/** After every key that begins with what is before it. */
const LAST = '\uffff';

/**
 * Drops history until the bytes of all records are at most `target`, in short transactions; whatever was committed stays. What
 * goes leaves in a base what it counts: no number of a card changes, and a record that was dropped and comes again is known. First
 * goes what a backend has, oldest first, customer by customer; then unsent exposures, visits and accesses; unsent purchases and
 * refunds last. Each customer's newest purchase stays, and whatever is no history: links, consents, facts, corrections, issues,
 * answers, dismissals, attestations, erasures, and kinds this version does not know.
 */
export async function makeRoom(
  storage: Pick<ProfileStorage, 'transact'>,
  target: number,
  env: RoomEnv,
): Promise<Room> {
  const unsent = await readUnsent(storage, env);
  const dropped: Drops = { delivered: 0, unsent: 0 };
  const most = env.isFull ? FEW : MOST;
  let walk: Walk = { bytes: Infinity, at: '', dropped, most, met: true };
  for (const step of STEPS) {
    // where a backend has nothing, keeping less of it frees nothing
    if (!step.unsent && !walk.met) continue;
    walk = { ...walk, at: '', met: false };
    while (walk.at !== undefined) {
      const from = walk;
      try {
        walk = await storage.transact('readwrite', (tx) =>
          walkOn(tx, from, { step, target, unsent, env }),
        );
      } catch (error) {
        const full = isRegularsError(error) && error.code === 'ERR_STORAGE_QUOTA';
        if (!full || from.most <= LEAST) throw error;
        // a small base may fit where a large one and a card do not
        walk = { ...from, most: from.most > FEW ? FEW : LEAST };
      }
      if (walk.bytes <= target) return toRoom(walk);
    }
  }
  return toRoom(walk);
}

function toRoom({ bytes, dropped }: Walk): Room {
  return { bytes, dropped };
}

/** How many records were dropped here since this device began; undefined when there was none. */
export async function readDrops(tx: StorageTransaction): Promise<Drops | undefined> {
  const row = (await tx.get('meta', 'drops')) as { readonly [key in keyof Drops]?: unknown };
  const { delivered, unsent } = row ?? {};
  return Number.isSafeInteger(delivered) && Number.isSafeInteger(unsent)
    ? (row as Drops)
    : undefined;
}

/** How far a step has come. */
interface Walk extends Room {
  /** After which key it goes on; undefined at the end. */
  readonly at: string | undefined;
  readonly most: number;
  /** The step found something of its sort. */
  readonly met: boolean;
}

interface Task {
  readonly step: Step;
  readonly target: number;
  readonly unsent: Unsent;
  readonly env: RoomEnv;
}

async function readUnsent(
  storage: Pick<ProfileStorage, 'transact'>,
  { format = currentFormat, now }: RoomEnv,
): Promise<Unsent> {
  const { n: through } = await storage.transact('readonly', (tx) => readLog(tx, format, now));
  const numbers = new Set<number>();
  for (let after: string | undefined = ''; after !== undefined;) {
    const from: string = after;
    const rows = await storage.transact('readonly', (tx) =>
      tx.list('outbox', { after: from, limit: MOST }),
    );
    for (const { key } of rows) numbers.add(Number(key.replace(ASIDE_PREFIX, '')));
    after = rows.length < MOST ? undefined : rows.at(-1)?.key;
  }
  return { numbers, through };
}

/** Goes on with a step for one transaction: some customers, or a part of one with very many records. */
async function walkOn(tx: StorageTransaction, walk: Walk, task: Task): Promise<Walk> {
  const { format = currentFormat, now } = task.env;
  const page = await tx.list('records', { after: walk.at ?? '', limit: PAGE });
  let { bytes } = await readLog(tx, format, now);
  let { at, dropped, met } = walk;
  for (const [prefix, some] of bySubject(page)) {
    if (bytes <= task.target) break;
    const isCut = page.length === PAGE && some.at(-1) === page.at(-1);
    const rows = isCut ? await tx.list('records', { prefix }) : some;
    const { read } = decodeRows(rows, format);
    const gone = pickGone(read, {
      ...{ step: task.step, unsent: task.unsent, by: task.env.by, now, most: walk.most },
    });
    met ||= gone.met;
    const freed = await drop(tx, read, gone, task.env);
    if (freed > 0) {
      bytes -= freed;
      dropped = addDrops(dropped, gone);
      const goesOn = gone.more && bytes > task.target;
      // the card has its numbers already: what it shows is seen to when all of it is done, and there is room to say so
      if (!goesOn && walk.most > FEW) await refoldCard(tx, read[0]?.record.subject ?? '', format);
      if (gone.more) return { ...walk, bytes, dropped, met, at };
    }
    at = prefix + LAST;
  }
  return { ...walk, bytes, dropped, met, at: page.length < PAGE ? undefined : at };
}

function bySubject(rows: readonly StorageRow[]): ReadonlyMap<string, readonly StorageRow[]> {
  const groups = new Map<string, StorageRow[]>();
  for (const row of rows) {
    const prefix = row.key.slice(0, row.key.indexOf('/') + 1) || row.key;
    const group = groups.get(prefix);
    if (group) group.push(row);
    else groups.set(prefix, [row]);
  }
  return groups;
}

/** Puts what these records count into a base and removes them; gives the bytes that became free: 0 where it would free none. */
async function drop(
  tx: StorageTransaction,
  read: readonly ReadRecord[],
  { records, delivered, unsent }: Gone,
  { shop, device, by, now, id, format = currentFormat }: RoomEnv,
): Promise<number> {
  if (records.size === 0) return 0;
  const rows = read.filter(({ record }) => record.kind === 'base' || records.has(record.id));
  const subject = rows[0]?.record.subject ?? '';
  const log = await readLog(tx, format, now);
  const stamp = nextStamp(log.stamp, now, device);
  const known = rows.flatMap(({ record }) => (isBase(record) ? [record] : []));
  const state = foldRecords(rows.map(({ record }) => record));
  const base: RecordOf<'base'> = {
    ...{ id: id(), shop, subject, kind: 'base', stamp, by },
    data: {
      // a base of the server's, whose numbers are others, takes the place of this one
      through: known.reduce(newerThrough, 0),
      state: pruneState(state, { subject, by, records, delivered }),
    },
  };
  const freed = rows.reduce((sum, { bytes }) => sum + bytes, -JSON.stringify(base).length);
  if (freed <= 0) return 0;
  for (const { key, n, record } of rows) {
    tx.remove('records', key);
    // a base has the number of another record
    if (!isBase(record)) tx.remove('outbox', outboxKey(n));
  }
  putRecord(tx, base, log.n, format);
  tx.put('meta', 'log', { ...log, v: format.version, stamp, bytes: log.bytes - freed });
  tx.put('meta', 'drops', addDrops(await readDrops(tx), { delivered, unsent }));
  return freed;
}

function newerThrough(through: number, { data }: RecordOf<'base'>): number {
  return Math.max(through, data.through);
}

function addDrops(before: Drops | undefined, { delivered, unsent }: Drops): Drops {
  return {
    delivered: (before?.delivered ?? 0) + delivered,
    unsent: (before?.unsent ?? 0) + unsent,
  };
}
