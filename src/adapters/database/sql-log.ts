import type { Random } from '../../kernel/clock.js';
import { randomId } from '../../kernel/ids.js';
import type {
  AppendBatch,
  AppendStatus,
  Compaction,
  Erasing,
  LogQuery,
  NumberedRecord,
  ShopHead,
  StoredRecord,
} from '../../server/port.js';
import { laneOf, type LanesOf } from './lanes.js';
import type { SqlQuery, SqlRow } from './sql-client.js';

/** A shop's number of lanes never changes: it is asked for once. */
const REMEMBERED_SHOPS = 10_000;

const COLUMNS = 'id, subject, kind, stamp, body, lane, seq';

function recordOf(row: SqlRow): NumberedRecord {
  const { id, subject, kind, stamp, body, lane, seq } = row as unknown as NumberedRecord;
  // wide numbers come as texts: on CockroachDB every integer is one
  return { id, subject, kind, stamp, body, lane: Number(lane), seq: Number(seq) };
}

/** What knows the shops. */
export interface Shops {
  readonly head: (query: SqlQuery, shop: string) => Promise<ShopHead>;
  readonly lanes: (query: SqlQuery, shop: string) => Promise<number>;
}

/** Makes a shop the first time somebody asks for it. */
export function createShops(lanesOf: LanesOf, random: Random): Shops {
  const known = new Map<string, number>();
  const read = (query: SqlQuery, shop: string): Promise<readonly SqlRow[]> =>
    query(
      `select s.epoch, s.lanes, l.seq, l.horizon from regulars_shop s
       join regulars_lane l on l.shop = s.shop where s.shop = $1 order by l.lane`,
      [shop],
    );
  const make = async (query: SqlQuery, shop: string): Promise<void> => {
    await query(
      `insert into regulars_shop (shop, epoch, lanes) values ($1, $2, $3)
       on conflict (shop) do nothing`,
      [shop, randomId(random), lanesOf(shop)],
    );
    const [row] = await query('select lanes from regulars_shop where shop = $1', [shop]);
    const lanes = Array.from({ length: Number(row?.['lanes']) }, (_, lane) => lane);
    await query(
      `insert into regulars_lane (shop, lane, seq, horizon)
       select $1, lane, 0, 0 from unnest($2::int[]) as given (lane)
       on conflict (shop, lane) do nothing`,
      [shop, lanes],
    );
  };
  const head: Shops['head'] = async (query, shop) => {
    let rows = await read(query, shop);
    if (rows.length === 0 || rows.length < Number(rows[0]?.['lanes'])) {
      await make(query, shop);
      rows = await read(query, shop);
    }
    if (known.size >= REMEMBERED_SHOPS) known.clear();
    known.set(shop, rows.length);
    return {
      epoch: String(rows[0]?.['epoch']),
      heads: rows.map(({ seq }) => Number(seq)),
      horizon: rows.map(({ horizon }) => Number(horizon)),
    };
  };
  return {
    head,
    lanes: async (query, shop) => known.get(shop) ?? (await head(query, shop)).heads.length,
  };
}

/** Takes the lanes for this transaction: whoever has them is the next to commit there. In their order, so that nobody waits in a circle. */
async function lock(
  query: SqlQuery,
  shop: string,
  lanes: readonly number[],
): Promise<Map<number, number>> {
  const rows = await query(
    `select lane, seq from regulars_lane
     where shop = $1 and lane = any($2::int[]) order by lane for update`,
    [shop, [...lanes].sort((a, b) => a - b)],
  );
  return new Map(rows.map(({ lane, seq }) => [Number(lane), Number(seq)]));
}

/** Which of these ids are taken, and which of these hashes erased. */
async function known(
  query: SqlQuery,
  shop: string,
  ids: readonly string[],
  hashes: readonly string[],
): Promise<{ readonly ids: Set<string>; readonly erased: Set<string> }> {
  const rows = await query(
    `select 'id' as what, id as text from regulars_record where shop = $1 and id = any($2::text[])
     union all
     select 'hash', hash from regulars_erased where shop = $1 and hash = any($3::text[])`,
    [shop, ids, [...new Set(hashes)]],
  );
  const of = (wanted: string): Set<string> =>
    new Set(rows.flatMap(({ what, text }) => (what === wanted ? [String(text)] : [])));
  return { ids: of('id'), erased: of('hash') };
}

/** Writes records with the next numbers of their lanes, which are locked. */
async function insert(
  query: SqlQuery,
  shop: string,
  records: readonly (Omit<StoredRecord, 'body'> & { readonly body: string | null })[],
  lanes: number,
  heads: Map<number, number>,
): Promise<void> {
  if (records.length === 0) return;
  const numbered = records.map((record) => {
    const lane = laneOf(record.subject, lanes);
    const seq = (heads.get(lane) ?? 0) + 1;
    heads.set(lane, seq);
    return { ...record, lane, seq };
  });
  const column = <K extends keyof (typeof numbered)[number]>(name: K) =>
    numbered.map((record) => record[name]);
  await query(
    `insert into regulars_record (shop, lane, seq, id, subject, kind, stamp, body, names)
     select $1, lane, seq, id, subject, kind, stamp, body, names
     from unnest(
       $2::int[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
       as given (lane, seq, id, subject, kind, stamp, body, names)`,
    [
      ...[shop, column('lane'), column('seq'), column('id'), column('subject')],
      ...[column('kind'), column('stamp'), column('body')],
      numbered.map(({ hashes }) => (hashes.length > 1 ? JSON.stringify(hashes.slice(1)) : null)),
    ],
  );
  const led = records.flatMap(({ subject, tokens = [] }) =>
    [...tokens].map((token) => [token, subject] as const),
  );
  if (led.length > 0)
    await query(
      `insert into regulars_token (shop, token, subject)
       select distinct $1, token, subject from unnest($2::text[], $3::text[]) as given (token, subject)
       on conflict (shop, token, subject) do nothing`,
      [shop, led.map(([token]) => token), led.map(([, subject]) => subject)],
    );
}

async function advance(
  query: SqlQuery,
  shop: string,
  before: ReadonlyMap<number, number>,
  after: ReadonlyMap<number, number>,
): Promise<void> {
  for (const [lane, seq] of after)
    if (seq !== before.get(lane))
      await query('update regulars_lane set seq = $3 where shop = $1 and lane = $2', [
        ...[shop, lane, seq],
      ]);
}

const TAKE_AWAY =
  "update regulars_record set subject = '', kind = '', stamp = '', body = null, names = null";

/** Notes that these never come back. In one order, so that two who note the same do not wait for each other. */
async function note(query: SqlQuery, shop: string, hashes: readonly string[]): Promise<void> {
  if (hashes.length > 0)
    await query(
      `insert into regulars_erased (shop, hash) select $1, hash from unnest($2::text[]) as given (hash)
       on conflict (shop, hash) do nothing`,
      [shop, [...new Set(hashes)].sort()],
    );
}

async function erase(query: SqlQuery, shop: string, erasing: readonly Erasing[]): Promise<void> {
  const subjects = [...new Set(erasing.flatMap((one) => one.subjects))];
  // whatever was bought until now: the lanes are locked
  const rows = await query(
    `select names from regulars_record
     where shop = $1 and subject = any($2::text[]) and body is not null and names is not null`,
    [shop, subjects],
  );
  const names = rows.flatMap((row) => JSON.parse(String(row['names'])) as readonly string[]);
  await note(query, shop, [...erasing.flatMap((one) => one.hashes), ...names]);
  await query(`${TAKE_AWAY} where shop = $1 and subject = any($2::text[]) and body is not null`, [
    shop,
    subjects,
  ]);
  await query('delete from regulars_token where shop = $1 and subject = any($2::text[])', [
    ...[shop, subjects],
  ]);
}

/** In one transaction. */
export async function append(
  query: SqlQuery,
  shop: string,
  lanes: number,
  { records, erasing = [] }: AppendBatch,
): Promise<readonly AppendStatus[]> {
  // whoever erases holds them all: nobody can be half way with a record of that person in another lane
  const used =
    erasing.length > 0
      ? Array.from({ length: lanes }, (_, lane) => lane)
      : [...new Set(records.map(({ subject }) => laneOf(subject, lanes)))];
  if (used.length === 0) return [];
  const heads = await lock(query, shop, used);
  const before = new Map(heads);
  if (erasing.length > 0) await erase(query, shop, erasing);
  const ids = [...records, ...erasing].map(({ id }) => id);
  const hashes = records.flatMap((record) => record.hashes);
  const { ids: taken, erased } = await known(query, shop, ids, hashes);
  const isNew = ({ id }: { readonly id: string }): boolean => !taken.has(id) && !!taken.add(id);
  const marks = erasing.filter(isNew).map(({ id }) => ({
    ...{ id, subject: '', kind: 'erasure' as const, stamp: '', body: null, hashes: [] },
  }));
  const fresh: StoredRecord[] = [];
  const refused: string[] = [];
  const statuses = records.map((record): AppendStatus => {
    if (record.hashes.some((hash) => erased.has(hash))) {
      const names = record.hashes.slice(1).filter((name) => !erased.has(name));
      for (const name of names) erased.add(name);
      refused.push(...names);
      return 'erased';
    }
    if (!isNew(record)) return 'duplicate';
    fresh.push(record);
    return 'accepted';
  });
  await note(query, shop, refused);
  await insert(query, shop, [...marks, ...fresh], lanes, heads);
  await advance(query, shop, before, heads);
  return statuses;
}

/** In one transaction. */
export async function compact(
  query: SqlQuery,
  shop: string,
  lanes: number,
  { base, ids, lane, through }: Compaction,
): Promise<boolean> {
  const own = laneOf(base.subject, lanes);
  const heads = await lock(query, shop, [...new Set([own, lane])]);
  const before = new Map(heads);
  const { ids: taken, erased } = await known(query, shop, [base.id], base.hashes);
  if (taken.size > 0 || erased.size > 0) return false;
  const gone = await query(
    `${TAKE_AWAY} where shop = $1 and id = any($2::text[]) and body is not null returning id`,
    [shop, ids],
  );
  if (gone.length < new Set(ids).size) throw new Superseded();
  await insert(query, shop, [base], lanes, heads);
  await advance(query, shop, before, heads);
  await query(
    'update regulars_lane set horizon = greatest(horizon, $3) where shop = $1 and lane = $2',
    [shop, lane, through],
  );
  return true;
}

/** Takes a transaction back whose answer is no. */
export class Superseded extends Error {}

/** Lane by lane, each along its key: no engine has to sort what it does not give. */
export async function list(
  query: SqlQuery,
  shop: string,
  lanes: number,
  { subjects, after, limit }: LogQuery,
): Promise<readonly NumberedRecord[]> {
  const all = Array.from({ length: lanes }, (_, lane) => lane);
  const own = subjects && new Set(subjects.map((subject) => laneOf(subject, lanes)));
  const used = own ? all.filter((lane) => own.has(lane)) : all;
  if (used.length === 0) return [];
  const params: unknown[] = [shop, limit, ...(subjects ? [subjects] : [])];
  const parts = used.map((lane) => {
    const from = params.push(lane, after[lane] ?? 0);
    return `(select ${COLUMNS} from regulars_record
      where shop = $1 and lane = $${from - 1} and seq > $${from} and body is not null
      ${subjects ? 'and subject = any($3::text[])' : ''} order by seq limit $2)`;
  });
  // the names of the columns, not what is made of them: a number made into a text would be sorted as one
  const text = `select ${COLUMNS} from (${parts.join(' union all ')}) part order by lane, seq limit $2`;
  return (await query(text, params)).map(recordOf);
}

/** Reads by the index of links alone. */
export async function linksOf(
  query: SqlQuery,
  shop: string,
  subjects: readonly string[],
): Promise<readonly NumberedRecord[]> {
  const rows = await query(
    `select ${COLUMNS} from regulars_record
     where shop = $1 and subject = any($2::text[]) and kind in ('link', 'unlink', 'base')
     order by lane, seq`,
    [shop, subjects],
  );
  return rows.map(recordOf);
}
