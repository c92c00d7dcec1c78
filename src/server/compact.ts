import { uuidV7 } from '../kernel/ids.js';
import { stampMs } from '../kernel/stamp.js';
import { foldRecords, isKnownRecord } from '../profile/fold-records.js';
import type { ProfileRecord, RecordOf } from '../profile/types.js';
import type { Context } from './context.js';
import type { LaneNumbers, NumberedRecord } from './port.js';
import type { ShopHere } from './shop-keys.js';
import { storedOf } from './stored.js';

const PAGE = 1_000;
const DAY_MS = 86_400_000;
/** So many records are looked at together. */
const AT_ONCE = 20_000;
/** Of fewer records no base is made: it would be as long. */
const WORTH = 8;

/** What a sweep came to. */
export interface Compacted {
  /** Bases that were made. */
  readonly bases: number;
  /** Records that they stand for. */
  readonly folded: number;
}

/** Records by subject, in the order of the log. */
type Parts = Map<string, NumberedRecord[]>;

/**
 * Makes a base of what each subject did before the horizon, and keeps it in the place of those records. Lane by lane, from the
 * beginning of the log to the first record that is younger: what lies behind stays. Again, or in two processes at once, it does no harm.
 */
export async function compact(
  context: Context,
  shop: ShopHere,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<Compacted> {
  const { database, clock, limits } = context;
  const before = clock.now() - limits.horizonDays * DAY_MS;
  const { heads } = await database.head(shop.id);
  let [bases, folded] = [0, 0];
  for (const lane of heads.keys())
    for await (const parts of oldIn(context, shop, heads, lane, before))
      for (const [subject, records] of parts) {
        signal?.throwIfAborted();
        const made = await makeBase(context, shop, subject, records);
        bases += made > 0 ? 1 : 0;
        folded += made;
      }
  return { bases, folded };
}

/**
 * What lies in a lane before the first record that is too young, by subject.
 * @yields as much as fits into memory
 */
async function* oldIn(
  { database }: Context,
  shop: ShopHere,
  heads: LaneNumbers,
  lane: number,
  before: number,
): AsyncGenerator<Parts, void, undefined> {
  // of the other lanes only what comes meanwhile is listed, and passed over
  const after = heads.map((head, other) => (other === lane ? 0 : head));
  let parts: Parts = new Map();
  let count = 0;
  for (let length = PAGE; length === PAGE;) {
    const page = await database.list(shop.id, { after, limit: PAGE });
    ({ length } = page);
    for (const record of page) {
      after[record.lane] = record.seq;
      if (record.lane !== lane) continue;
      if (stampMs(record.stamp) >= before) {
        length = 0;
        break;
      }
      parts.set(record.subject, [...(parts.get(record.subject) ?? []), record]);
      count++;
    }
    if (count < AT_ONCE && length === PAGE) continue;
    yield parts;
    [parts, count] = [new Map(), 0];
  }
}

/** Puts a base in the place of records of one subject. Gives how many: 0 where somebody else did, or it is not worth it. */
async function makeBase(
  { database, clock, random }: Context,
  shop: ShopHere,
  subject: string,
  old: readonly NumberedRecord[],
): Promise<number> {
  if (old.length < WORTH) return 0;
  // of several bases only one counts: what was folded before goes into the new one, wherever it lies
  const bases = (await database.linksOf(shop.id, [subject])).filter(({ kind }) => kind === 'base');
  const rows = [...bases, ...old.filter(({ kind }) => kind !== 'base')];
  const read = rows.map((row) => ({ row, record: JSON.parse(row.body) as ProfileRecord }));
  // of kinds that this version does not know nothing is lost
  const known = read.filter(({ record }) => isKnownRecord(record));
  const last = known.filter(({ record }) => record.kind !== 'base').at(-1)?.row;
  if (!last) return 0;
  const { lane, seq: through, stamp } = last;
  const base: RecordOf<'base'> = {
    ...{ id: uuidV7(clock.now(), random), shop: shop.id, subject, kind: 'base', stamp },
    by: 'server',
    data: { through, state: foldRecords(known.map(({ record }) => record)) },
  };
  const stored = await storedOf(base, shop);
  const ids = known.map(({ row }) => row.id);
  const isDone = await database.compact(shop.id, { base: stored, ids, lane, through });
  return isDone ? known.length - bases.length : 0;
}
