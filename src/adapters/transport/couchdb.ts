import type {
  ErasureClaim,
  PushResult,
  ReceivedRecord,
  SyncCall,
  Transport,
} from '../../sync/port.js';
import { jsonOf, listOf, membersOf, reached, timeOf } from './answer.js';
import { waitForPokes } from './pokes.js';

/** How a CouchDB is reached. */
export interface CouchdbTransportOptions {
  /** The database of whoever is signed in, and of nobody else: CouchDB lets whoever reads a database read all of it. */
  readonly url: string | (() => string | Promise<string>);
  /**
   * A database of the shop that everybody signed in may read and add to: of whom was forgotten, so that a device is told whoever is in
   * front of it. Its documents name random ids.
   * @defaultValue that of `url`: a device is told when that customer is back
   */
  readonly erased?: string;
  /**
   * The header Authorization: `Bearer …` of a JWT, `Basic …`. Asked for each request.
   * @defaultValue none: the cookie of CouchDB's own session
   */
  readonly authorization?: () => string | Promise<string>;
  /** @defaultValue that of the page */
  readonly fetch?: typeof globalThis.fetch;
}

interface Row {
  readonly id: string;
  readonly value?: { readonly rev: string };
  readonly doc?: { readonly record?: string } | null;
  readonly error?: string;
  readonly reason?: string;
}

/** What was asked for: `rows` of whatever list it has, `cursor` of a feed of changes. */
interface Answer {
  readonly rows: readonly Row[];
  readonly cursor: string;
  readonly serverTime: number;
}

/** A request of the customer's database; or of the one of whom was forgotten. */
type Ask = (path: string, call: SyncCall, body?: object, isErased?: boolean) => Promise<Answer>;

/**
 * Syncs with a CouchDB, or whatever speaks its API: one document a record, `_changes` as the cursor. Each customer has a database: that is
 * where CouchDB draws its lines (`couch_peruser` makes them).
 * @example
 * syncOver(couchdbTransport({ url: () => `https://couch.example/${databaseOf(session.user)}` }));
 */
export function couchdbTransport(options: CouchdbTransportOptions): Transport {
  const ask = askerOf(options);
  return {
    name: 'couchdb',
    kind: 'records',
    limits: { records: 500, bytes: 512_000 },
    push: async ({ records }, call) => {
      const results: PushResult[] = [];
      const rest: ReceivedRecord[] = [];
      for (const record of records)
        if (record.kind === 'erasure') results.push(await erase(ask, record as ErasureClaim, call));
        // a box is for a key that nobody has here
        else if (record.kind === 'sealed') results.push({ id: record.id, status: 'rejected' });
        else rest.push(record as ReceivedRecord);
      const { told, serverTime } = await write(ask, rest, call);
      return { results: [...results, ...told], serverTime };
    },
    pull: async ({ cursor, limit, subjects }, call) => {
      const told = await erasedOf(ask, subjects, call);
      const asked = `include_docs=true&limit=${limit}`;
      const { rows, ...rest } = await ask(changesAfter(cursor ?? 0, asked), call);
      return { records: [...told, ...recordsOf(rows)], more: rows.length >= limit, ...rest };
    },
    subscribe: (poke, call) => {
      let since = 'now';
      return waitForPokes(poke, call, async (turn, tell) => {
        const asked = 'feed=longpoll&timeout=25000&limit=1';
        const { rows, cursor } = await ask(changesAfter(since, asked), turn);
        since = cursor;
        if (rows.length > 0) tell();
      });
    },
  };
}

const changesAfter = (since: string | number, asked: string): string =>
  `_changes?${asked}&since=${encodeURIComponent(since)}`;

// As text: a database on the way refuses what JavaScript's strings may hold, or loses keys of a name it has itself.
const documentOf = (id: string, record: object): object => ({
  _id: id,
  record: JSON.stringify(record),
});
const recordsOf = (rows: readonly Row[]): readonly ReceivedRecord[] =>
  rows.flatMap(({ doc }) => {
    try {
      return JSON.parse(doc?.record ?? '') as ReceivedRecord;
    } catch {
      return []; // no document of ours
    }
  });

/** What is known of these as forgotten. */
async function erasedOf(
  ask: Ask,
  subjects: readonly string[],
  call: SyncCall,
): Promise<readonly ReceivedRecord[]> {
  const keys = [...new Set(subjects)].map((subject) => `erased:${subject}`);
  return recordsOf((await ask('_all_docs', call, { keys, include_docs: true }, true)).rows);
}

/** Deletes every document of these entries. What was in them goes with the next compaction. */
async function remove(ask: Ask, subjects: readonly string[], call: SyncCall): Promise<void> {
  for (const subject of subjects) {
    // `;` is what comes after `:`
    const range = { startkey: `${subject}:`, endkey: `${subject};` };
    const { rows } = await ask('_all_docs', call, range);
    const docs = rows.map(({ id, value }) => ({ _id: id, _rev: value?.rev, _deleted: true }));
    await ask('_bulk_docs', call, { docs });
  }
}

/** First it is known, then it is done: whoever writes meanwhile sees that, and takes back what it wrote. */
async function erase(ask: Ask, claim: ErasureClaim, call: SyncCall): Promise<PushResult> {
  const { id, data } = claim;
  const docs = data.subjects.map((subject) =>
    documentOf(`erased:${subject}`, { ...claim, subject, data: { ...data, subjects: [subject] } }),
  );
  await ask('_bulk_docs', call, { docs }, true);
  await remove(ask, data.subjects, call);
  return { id, status: 'accepted' };
}

async function write(
  ask: Ask,
  records: readonly ReceivedRecord[],
  call: SyncCall,
): Promise<{ readonly told: readonly PushResult[]; readonly serverTime: number }> {
  const idOf = ({ subject, id }: ReceivedRecord): string => `${subject}:${id}`;
  const subjects = records.map(({ subject }) => subject);
  const erased = async (): Promise<ReadonlySet<string>> =>
    new Set((await erasedOf(ask, subjects, call)).map(({ subject }) => subject));
  const before = await erased();
  const docs = records
    .filter(({ subject }) => !before.has(subject))
    .map((record) => documentOf(idOf(record), record));
  const { rows, serverTime } = await ask('_bulk_docs', call, { docs });
  const after = await erased();
  await remove(
    ask,
    [...after].filter((subject) => !before.has(subject)),
    call,
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  const told = records.flatMap((record) => {
    const status = after.has(record.subject) ? 'erased' : statusOf(byId.get(idOf(record)));
    return status ? [{ id: record.id, status }] : [];
  });
  return { told, serverTime };
}

/** What became of a document; undefined for one that may be sent again. A conflict is also what `couchdbDesign` says of one that is there. */
function statusOf(row: Row | undefined): PushResult['status'] | undefined {
  if (!row?.error) return row && 'accepted';
  if (/conflict/.test(String(row.reason))) return 'duplicate';
  return row.error === 'forbidden' ? 'rejected' : undefined;
}

function askerOf({ url, erased, authorization, fetch: through }: CouchdbTransportOptions): Ask {
  return async (path, call, body, isErased) => {
    const home = typeof url === 'string' ? url : await url();
    const shown = await authorization?.();
    const response = await reached(() =>
      (through ?? fetch)(`${(isErased && erased) || home}/${path}`, {
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
        headers: { 'content-type': 'application/json', ...(shown && { authorization: shown }) },
        credentials: shown ? 'omit' : 'include',
        cache: 'no-store',
        ...call,
      }),
    );
    const answer = await jsonOf(response);
    const { results, rows, last_seq } = membersOf(answer);
    return {
      rows: listOf(results ?? rows ?? answer),
      cursor: String(last_seq),
      serverTime: timeOf(response),
    };
  };
}
