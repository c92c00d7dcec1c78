import {
  SyncFailure,
  type ErasureClaim,
  type Pulled,
  type ReceivedRecord,
  type SyncCall,
  type Transport,
} from '../../sync/port.js';
import { failureOf, listOf, membersOf } from './answer.js';

/** What a call of a function gives. */
interface RpcAnswer {
  readonly data: unknown;
  readonly error: unknown;
  /** 0 where nobody answered. */
  readonly status: number;
}

/** A call under way. */
interface RpcCall extends PromiseLike<RpcAnswer> {
  readonly abortSignal?: (signal: AbortSignal) => PromiseLike<RpcAnswer>;
}

/** What calls a function of the database: the client of `@supabase/supabase-js` or `@supabase/postgrest-js`, signed in. */
export interface RpcClient {
  /** Calls a function by its name; a client that knows only other functions of the database fits too. */
  readonly rpc: (name: never, given: never) => unknown;
}

/** How a PostgREST is reached. */
export interface SupabaseTransportOptions {
  readonly client: RpcClient;
  /**
   * Calls `poke` when there may be something new, by Realtime; returns the way to stop.
   * @defaultValue none: the engine asks by itself
   */
  readonly subscribe?: Transport['subscribe'];
}

/**
 * Syncs with a PostgreSQL behind PostgREST: two functions of `supabaseSql` (`regulars/transport/supabase-sql`), and row-level security
 * by shop and account. Whoever is signed in at the client reads and writes their own records.
 * @example
 * syncOver(supabaseTransport({ client: createClient(url, publishableKey) }));
 */
export function supabaseTransport({ client, subscribe }: SupabaseTransportOptions): Transport {
  const ask = async (
    name: string,
    given: object,
    { signal }: SyncCall,
  ): Promise<{ readonly [name: string]: unknown }> => {
    const asked = client.rpc(`regulars_${name}` as never, given as never) as RpcCall;
    const { data, error, status } = await (asked.abortSignal?.(signal) ?? asked);
    signal.throwIfAborted?.();
    if (status === 0) throw new SyncFailure('offline', 'Nobody answered.', { cause: error });
    // the headers stay inside the client: how long to wait is not known
    if (error !== null) throw failureOf({ status, headers: new Headers() });
    return membersOf(data);
  };
  return {
    name: 'supabase',
    kind: 'records',
    limits: { records: 500, bytes: 512_000 },
    push: async ({ records }, call) => {
      const sent = records.map((record) => {
        const { id, kind } = record;
        if (kind === 'sealed') return { id }; // nobody here could open it: refused
        const { subject, stamp, data } = record as ErasureClaim;
        return kind === 'erasure'
          ? { id, kind, subject, stamp, ...data }
          : // as text, since a database refuses what strings may hold
            { id, subject, body: JSON.stringify(record) };
      });
      const { results, serverTime } = await ask('push', { records: sent }, call);
      return { results: listOf(results), serverTime: Number(serverTime) };
    },
    pull: async ({ cursor: after, limit: size, subjects: held }, call) => {
      const answer = await ask('pull', { after, size, held }, call);
      const { resync, erased, bodies, cursor, more, serverTime } = answer;
      if (resync !== undefined) return { resync } as Pulled;
      const records = listOf(bodies).map((body) => JSON.parse(body) as ReceivedRecord);
      return {
        records: [...(listOf(erased) as readonly ErasureClaim[]), ...records],
        cursor: String(cursor),
        more: more === true,
        serverTime: Number(serverTime),
      };
    },
    ...(subscribe && { subscribe }),
  };
}
