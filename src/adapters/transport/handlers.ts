import {
  SyncFailure,
  type Pulled,
  type PullQuery,
  type PushBatch,
  type PushResult,
  type ReceivedRecord,
  type SentRecord,
  type SyncCall,
  type Transport,
} from '../../sync/port.js';
import { listOf, membersOf, reached, resultOf, timeOf, unlessAborted } from './answer.js';

export { jsonOf } from './answer.js';
export { SyncFailure };

/**
 * What a push gives back: the `Response` of `fetch`, its JSON, the results alone, or nothing where all were taken. Of a `Response` that
 * is 204: an empty page with 200 is what somebody on the way may have put in its place.
 */
export type PushAnswer =
  | Response
  | readonly PushResult[]
  | { readonly results: readonly PushResult[]; readonly serverTime?: number }
  | undefined
  | void;

/** What a pull gives back: the `Response` of `fetch`, or its JSON. */
export type PullAnswer =
  | Response
  | {
      readonly records: readonly ReceivedRecord[];
      readonly cursor: string;
      /** @defaultValue true while as many came as were asked for */
      readonly more?: boolean;
      readonly serverTime?: number;
    }
  | { readonly resync: 'epoch' | 'horizon' | 'scope' };

/** A push handler as RxDB's `replicateRxCollection` takes it: rows in, the states of those that were there already out. */
export interface RxPushHandler {
  /**
   * Takes rows `{ newDocumentState }`, each a `SentRecord` with `_deleted: false`; resolves with the states of the backend that a row
   * conflicts with.
   */
  readonly handler: (
    // typed by whoever wrote it, for documents of their own
    rows: never,
  ) => Promise<readonly unknown[]>;
  readonly batchSize?: number;
}

/** As much of an observable as hints need. */
export interface RxHints {
  /** Calls `next` for whatever is emitted. */
  readonly subscribe: (next: () => void) => RxSubscription;
}

/** What ends a subscription. */
export interface RxSubscription {
  /** Ends it. */
  readonly unsubscribe: () => void;
}

/** A pull handler as RxDB's `replicateRxCollection` takes it. */
export interface RxPullHandler {
  /** Gives what is new after a checkpoint, and the next checkpoint. */
  readonly handler: (
    // a type of the handler's own, which comes back as the handler gave it
    checkpoint: never,
    batchSize: number,
  ) => Promise<{ readonly documents: readonly unknown[]; readonly checkpoint?: unknown }>;
  readonly batchSize?: number;
  /** An observable: whatever it emits is a hint to pull. */
  readonly stream$?: RxHints;
}

/** What binds an endpoint. */
export interface HandlersOptions {
  /** Sends a batch; a handler of RxDB's is taken as it is. */
  readonly push:
    RxPushHandler | ((batch: PushBatch, call: SyncCall) => PushAnswer | Promise<PushAnswer>);
  /** Fetches what is new after a cursor; a handler of RxDB's is taken as it is. */
  readonly pull:
    RxPullHandler | ((query: PullQuery, call: SyncCall) => PullAnswer | Promise<PullAnswer>);
  /** Calls `poke` when there may be something new; returns the way to stop. @defaultValue `stream$` of an RxDB handler, else none */
  readonly subscribe?: Transport['subscribe'];
  /** The most of one push. @defaultValue 500 records, 512 KB as JSON */
  readonly limits?: Partial<Transport['limits']>;
  /** Short name for status and errors. @defaultValue 'handlers' */
  readonly name?: string;
}

/**
 * Any endpoint as a backend: two functions that call it. What they give may be the bare `Response` of `fetch`; a refusal, a wait and a
 * page of HTML are told apart here. Handlers that were written for RxDB are taken as they are.
 * @example
 * const post = (path: string) => (body: unknown, { signal }: { readonly signal: AbortSignal }) =>
 *   fetch(path, { method: 'POST', body: JSON.stringify(body), signal });
 * syncOver(handlers({ push: post('/api/sync/push'), pull: post('/api/sync/pull') }));
 */
export function handlers(options: HandlersOptions): Transport {
  const { push, pull, name = 'handlers' } = options;
  const stream = 'handler' in pull ? pull.stream$ : undefined;
  const subscribe =
    options.subscribe ??
    (stream &&
      ((poke: () => void): (() => void) => {
        const subscription = stream.subscribe(() => poke());
        return () => subscription.unsubscribe();
      }));
  const batchSize = 'handler' in push ? push.batchSize : undefined;
  return {
    name,
    kind: 'records',
    limits: { records: batchSize ?? 500, bytes: 512_000, ...options.limits },
    push: async (batch, call) => {
      if ('handler' in push)
        return {
          results: await pushRows(push, batch.records, call),
          serverTime: timeOf(undefined),
        };
      const given = await reached(() => push(batch, call));
      const answer = await resultOf(given);
      const { results, serverTime } = membersOf(answer);
      return {
        results: Array.isArray(answer)
          ? (answer as readonly PushResult[])
          : isSilent(given)
            ? batch.records.map(({ id }) => ({ id, status: 'accepted' }))
            : listOf(results),
        serverTime: typeof serverTime === 'number' ? serverTime : timeOf(given),
      };
    },
    pull: async (query, call) => {
      if ('handler' in pull) return pullDocuments(pull, query, call);
      const given = await reached(() => pull(query, call));
      const { resync, records, cursor, more, serverTime } = membersOf(await resultOf(given));
      if (resync !== undefined) return { resync } as Pulled;
      const found: readonly ReceivedRecord[] = listOf(records);
      return {
        records: found,
        cursor: String(cursor),
        more: more === undefined ? found.length >= query.limit : more === true,
        serverTime: typeof serverTime === 'number' ? serverTime : timeOf(given),
      };
    },
    ...(subscribe && { subscribe }),
  };
}

const isSilent = (given: unknown): boolean =>
  given instanceof Response ? given.status === 204 : given === undefined || given === null;

/** A record is never edited: what is there already in another state is a duplicate, or was erased. */
async function pushRows(
  { handler }: RxPushHandler,
  records: readonly SentRecord[],
  call: SyncCall,
): Promise<readonly PushResult[]> {
  if (records.length === 0) return []; // asked for the time, which such a handler does not tell
  const rows = records.map((record) => ({ newDocumentState: { ...record, _deleted: false } }));
  const conflicts = new Map(
    (await unlessAborted(() => reached(() => handler(rows as never)), call)).map((state) => {
      const { id, _deleted } = membersOf(state);
      return [id, _deleted === true ? 'erased' : 'duplicate'] as const;
    }),
  );
  return records.map(({ id }) => ({ id, status: conflicts.get(id) ?? 'accepted' }));
}

async function pullDocuments(
  { handler, batchSize }: RxPullHandler,
  query: PullQuery,
  call: SyncCall,
): Promise<Pulled> {
  const limit = Math.min(query.limit, batchSize ?? query.limit);
  const before: unknown = query.cursor === null ? undefined : JSON.parse(query.cursor);
  const { documents, checkpoint } = await unlessAborted(
    () => reached(() => handler(before as never, limit)),
    call,
  );
  return {
    records: documents.flatMap((document) => recordOf(membersOf(document))),
    cursor: JSON.stringify(checkpoint ?? before ?? null),
    more: documents.length >= limit,
    serverTime: timeOf(undefined),
  };
}

/** What a document has of a record; the backend's own fields stay behind. */
function recordOf(document: { readonly [name: string]: unknown }): readonly ReceivedRecord[] {
  if (document['_deleted'] === true) return [];
  const { id, shop, subject, kind, stamp, by, data } = document;
  return [{ id, shop, subject, kind, stamp, by, data } as ReceivedRecord];
}
