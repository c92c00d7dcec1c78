import { systemRandom, type Random } from '../../kernel/clock.js';
import { RegularsError } from '../../kernel/errors.js';
import { randomId } from '../../kernel/ids.js';
import type {
  AppendBatch,
  AppendStatus,
  Compaction,
  Database,
  DeviceTable,
  LogQuery,
  NoteTable,
  NumberedRecord,
  ShopDevice,
  StoredRecord,
} from '../../server/port.js';
import { laneOf, oneLane, type LanesOf } from './lanes.js';

export type { LanesOf } from './lanes.js';

/** What a memory database may be given. */
export interface MemoryDatabaseOptions {
  /** How many lanes a shop gets when it is first asked for. @defaultValue one each */
  readonly lanes?: LanesOf;
  /** For epochs. @defaultValue the platform's */
  readonly random?: Random;
}

interface Note {
  readonly value: string;
  readonly untilMs: number;
}

interface Shop {
  epoch: string;
  readonly heads: number[];
  readonly horizon: number[];
  /** Every id there ever was, with its record while it is kept. */
  readonly records: Map<string, NumberedRecord | undefined>;
  /** Hashes of what those that are kept are known by, beside their subject. */
  readonly names: Map<string, readonly string[]>;
  readonly tokens: Map<string, Set<string>>;
  readonly erased: Set<string>;
  readonly devices: Map<string, ShopDevice>;
  readonly notes: Map<string, Note>;
}

type Find = (shop: string) => Shop;

/** The records that are kept, lane by lane. */
const logOf = ({ records }: Shop): readonly NumberedRecord[] =>
  [...records.values()]
    .filter((record) => record !== undefined)
    .sort((a, b) => a.lane - b.lane || a.seq - b.seq);

function put(shop: Shop, record: StoredRecord): void {
  const { id, subject, kind, stamp, body, tokens = [], hashes } = record;
  const lane = laneOf(subject, shop.heads.length);
  const seq = (shop.heads[lane] ?? 0) + 1;
  shop.heads[lane] = seq;
  shop.records.set(id, { id, subject, kind, stamp, body, lane, seq });
  if (hashes.length > 1) shop.names.set(id, hashes.slice(1));
  for (const token of tokens)
    shop.tokens.set(token, (shop.tokens.get(token) ?? new Set()).add(subject));
}

/** The id stays taken. */
function takeAway(shop: Shop, id: string): void {
  shop.records.set(id, undefined);
  shop.names.delete(id);
}

function append(shop: Shop, { records, erasing = [] }: AppendBatch): readonly AppendStatus[] {
  for (const { id, subjects, hashes } of erasing) {
    if (!shop.records.has(id)) {
      shop.records.set(id, undefined);
      shop.heads[0] = (shop.heads[0] ?? 0) + 1;
    }
    const gone = new Set(subjects);
    for (const hash of hashes) shop.erased.add(hash);
    for (const [key, record] of shop.records)
      if (record && gone.has(record.subject)) {
        for (const name of shop.names.get(key) ?? []) shop.erased.add(name);
        takeAway(shop, key);
      }
    for (const led of shop.tokens.values()) for (const subject of subjects) led.delete(subject);
  }
  return records.map((record) => {
    if (record.hashes.some((hash) => shop.erased.has(hash))) {
      for (const name of record.hashes.slice(1)) shop.erased.add(name);
      return 'erased';
    }
    if (shop.records.has(record.id)) return 'duplicate';
    put(shop, record);
    return 'accepted';
  });
}

function list(shop: Shop, { subjects, after, limit }: LogQuery): readonly NumberedRecord[] {
  const asked = subjects && new Set(subjects);
  return logOf(shop)
    .filter(({ lane, seq, subject }) => seq > (after[lane] ?? 0) && (asked?.has(subject) ?? true))
    .slice(0, limit);
}

function compact(shop: Shop, { base, ids, lane, through }: Compaction): boolean {
  const erased = base.hashes.some((hash) => shop.erased.has(hash));
  if (erased || shop.records.has(base.id) || !ids.every((id) => shop.records.get(id))) return false;
  for (const id of ids) takeAway(shop, id);
  put(shop, base);
  shop.horizon[lane] = Math.max(shop.horizon[lane] ?? 0, through);
  return true;
}

function subjectsOf(
  { tokens: leading }: Shop,
  tokens: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const token of tokens) {
    const subjects = [...(leading.get(token) ?? [])].sort();
    if (subjects.length > 0) found.set(token, subjects);
  }
  return found;
}

const devicesOf = (find: Find): DeviceTable => ({
  put: async (shop, device) => void find(shop).devices.set(device.id, device),
  list: async (shop) => [...find(shop).devices.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
  byKey: async (shop, keyHash) =>
    [...find(shop).devices.values()].find((device) => device.keyHash === keyHash),
  enroll: async (shop, codeHash, keyHash, now) => {
    const { devices } = find(shop);
    const found = [...devices.values()].find((device) => device.codeHash === codeHash);
    if (!found || found.revoked === true || (found.codeUntil ?? 0) <= now) return undefined;
    const { codeHash: _code, codeUntil: _until, ...kept } = found;
    const enrolled = { ...kept, keyHash };
    devices.set(found.id, enrolled);
    return enrolled;
  },
  seen: async (shop, id, { version, seenAt, oldestUnsent }) => {
    const { devices } = find(shop);
    const found = devices.get(id);
    if (!found) return;
    const { version: _version, seenAt: _at, oldestUnsent: _oldest, ...kept } = found;
    devices.set(id, {
      ...kept,
      ...(version !== undefined && { version }),
      ...(seenAt !== undefined && { seenAt }),
      ...(oldestUnsent !== undefined && { oldestUnsent }),
    });
  },
  revoke: async (shop, id) => {
    const { devices } = find(shop);
    const found = devices.get(id);
    if (found) devices.set(id, { ...found, revoked: true });
    return found !== undefined;
  },
});

const notesOf = (shops: ReadonlyMap<string, Shop>, find: Find): NoteTable => {
  const valid = (shop: string, key: string, now: number): Note | undefined => {
    const note = find(shop).notes.get(key);
    return note && note.untilMs > now ? note : undefined;
  };
  return {
    put: async (shop, key, value, untilMs) => void find(shop).notes.set(key, { value, untilMs }),
    get: async (shop, key, now) => valid(shop, key, now)?.value,
    swap: async (shop, key, before, after) => {
      const { notes } = find(shop);
      const note = notes.get(key);
      if (note?.value !== before) return false;
      if (after === undefined) notes.delete(key);
      else notes.set(key, { ...note, value: after });
      return true;
    },
    count: async (shop, key, now, untilMs) => {
      const before = valid(shop, key, now);
      const count = Number(before?.value ?? 0) + 1;
      find(shop).notes.set(key, { value: String(count), untilMs: before?.untilMs ?? untilMs });
      return count;
    },
    sweep: async (now) => {
      for (const { notes } of shops.values())
        for (const [key, { untilMs }] of notes) if (untilMs <= now) notes.delete(key);
    },
  };
};

/**
 * Keeps shops in this object and nowhere else: for tests and for trying things out. What it answers is gone with the process.
 * @example createRegularsServer({ database: memoryDatabase(), authorize, keys })
 */
export function memoryDatabase({
  lanes = oneLane,
  random = systemRandom,
}: MemoryDatabaseOptions = {}): Database {
  const shops = new Map<string, Shop>();
  let closed = false;
  const find: Find = (name) => {
    if (closed) throw new RegularsError('ERR_DATABASE_FAILED', 'The database was closed.');
    const shop = shops.get(name) ?? {
      epoch: randomId(random),
      heads: Array.from({ length: lanes(name) }, () => 0),
      horizon: Array.from({ length: lanes(name) }, () => 0),
      ...{ records: new Map(), names: new Map(), tokens: new Map(), erased: new Set<string>() },
      ...{ devices: new Map(), notes: new Map() },
    };
    shops.set(name, shop);
    return shop;
  };
  return {
    name: 'memory',
    migrate: async () => undefined,
    head: async (name) => {
      const { epoch, heads, horizon } = find(name);
      return { epoch, heads: [...heads], horizon: [...horizon] };
    },
    append: async (name, batch) => append(find(name), batch),
    list: async (name, query) => list(find(name), query),
    subjectsOf: async (name, tokens) => subjectsOf(find(name), tokens),
    linksOf: async (name, subjects) => {
      const asked = new Set(subjects);
      return logOf(find(name)).filter(
        ({ kind, subject }) => asked.has(subject) && ['link', 'unlink', 'base'].includes(kind),
      );
    },
    erased: async (name, hashes) => {
      const { erased } = find(name);
      return new Set(hashes.filter((hash) => erased.has(hash)));
    },
    compact: async (name, compaction) => compact(find(name), compaction),
    renew: async (name, epoch) => void (find(name).epoch = epoch),
    devices: devicesOf(find),
    notes: notesOf(shops, find),
    close: async () => void (closed = true),
  };
}
