import { systemClock } from '../kernel/clock.js';
import { SyncFailure, type ReceivedRecord, type SentRecord } from '../sync/port.js';
import { erasureSaboteurs } from './transport-erasure-saboteurs.js';
import { instead, pages, pulls, pushes, type TransportSaboteur } from './transport-sabotage.js';
import { wireSaboteurs } from './transport-wire-saboteurs.js';

export type { TransportSaboteur } from './transport-sabotage.js';

const nameOf = (record: unknown): unknown =>
  (record as { readonly data?: { readonly lines?: readonly { readonly name: string }[] } }).data
    ?.lines?.[0]?.name;
const subjectOf = (record: unknown): string =>
  (record as { readonly subject?: string }).subject ?? '';

const records: readonly TransportSaboteur[] = [
  {
    breaks: 'what one device pushes another of the same customer pulls, unchanged',
    sabotage: pages((page) =>
      page.map((record) => (nameOf(record) === 'Bun' ? { ...record, by: 'us' } : record)),
    ),
  },
  {
    breaks: 'each record has its result',
    sabotage: pushes((push) => async (batch, call) => {
      const { results, serverTime } = await push(batch, call);
      return { results: results.length === 21 ? results.slice(1) : results, serverTime };
    }),
  },
  {
    breaks: 'a push of nothing tells the time',
    sabotage: pushes((push) => async (batch, call) => ({
      ...(await push(batch, call)),
      serverTime: 0,
    })),
  },
  {
    breaks:
      'what was pushed before is a duplicate, in whatever order and beside new ones, and is there once',
    sabotage: pushes((push) => async (batch, call) => {
      const { results, serverTime } = await push(batch, call);
      return {
        results: results.map((one) =>
          one.status === 'duplicate' ? { ...one, status: 'accepted' } : one,
        ),
        serverTime,
      };
    }),
  },
  {
    breaks: 'a record is never edited: another content under its id changes nothing',
    sabotage: (setup) => {
      const latest = new Map<string, SentRecord>();
      return instead(setup, ({ push, pull }) => ({
        push: (batch, call) => {
          for (const record of batch.records) latest.set(record.id, record);
          return push(batch, call);
        },
        pull: async (query, call) => {
          const pulled = await pull(query, call);
          return 'resync' in pulled
            ? pulled
            : {
                ...pulled,
                records: pulled.records.map((record) =>
                  record.kind === 'purchase'
                    ? ((latest.get(record.id) ?? record) as ReceivedRecord)
                    : record,
                ),
              };
        },
      }));
    },
  },
  {
    breaks: 'records of an unknown kind are carried along',
    sabotage: pages((page) => page.filter(({ kind }) => kind !== 'hologram')),
  },
  {
    breaks: 'hostile values come back as they were',
    sabotage: pages((page) =>
      page.filter(({ data }) => (data as { readonly key?: string }).key !== '__proto__'),
    ),
  },
  {
    breaks: 'a text with U+0000 comes back whole, or is refused alone',
    sabotage: pages((page) =>
      page.map((record) => {
        const data = record.data as { readonly value?: unknown };
        return data.value === 'nothing: \u0000'
          ? { ...record, data: { ...data, value: 'nothing: ' } as never }
          : record;
      }),
    ),
  },
  {
    breaks: 'a batch as large as the limits say is taken',
    sabotage: pushes((push) => async (batch, call) => {
      if (JSON.stringify(batch).length > 400_000) throw new SyncFailure('too-large', 'Too large.');
      return push(batch, call);
    }),
  },
  {
    breaks: 'devices that push at the same time lose nothing',
    sabotage: (setup) => {
      let running = 0;
      return pushes((push) => async (batch, call) => {
        if (running > 0) return { results: taken(batch.records), serverTime: systemClock.now() };
        running++;
        try {
          return await push(batch, call);
        } finally {
          running--;
        }
      })(setup);
    },
  },
  {
    breaks: 'ten thousand waiting records are drained in batches',
    sabotage: pushes((push) => {
      let batches = 0;
      return async (batch, call) =>
        ++batches > 15
          ? { results: taken(batch.records), serverTime: systemClock.now() }
          : push(batch, call);
    }),
  },
  {
    breaks: 'one that is refused spoils none of the others',
    sabotage: pushes((push) => async (batch, call) => {
      const { results, serverTime } = await push(batch, call);
      return results.some(({ status }) => status === 'rejected')
        ? { results: results.map(({ id }) => ({ id, status: 'rejected' })), serverTime }
        : { results, serverTime };
    }),
  },
];

function taken(
  batch: readonly SentRecord[],
): { readonly id: string; readonly status: 'accepted' }[] {
  return batch.map(({ id }) => ({ id, status: 'accepted' }));
}

const order: readonly TransportSaboteur[] = [
  {
    breaks: 'there is a cursor where there is nothing',
    sabotage: pulls((pull) => async (query, call) => {
      const pulled = await pull(query, call);
      return query.cursor === null && 'records' in pulled && pulled.records.length === 0
        ? { ...pulled, more: true }
        : pulled;
    }),
  },
  {
    breaks: 'a cursor gives what is after it, as often as it is asked',
    sabotage: pulls((pull) => {
      const used = new Set<string>();
      return async (query, call) => {
        const pulled = await pull(query, call);
        if (query.cursor === null || 'resync' in pulled || pulled.records.length === 0)
          return pulled;
        const asked = `${query.cursor} ${query.limit}`;
        if (used.has(asked)) return { ...pulled, records: [] };
        used.add(asked);
        return pulled;
      };
    }),
  },
  {
    breaks: 'the records of a customer come in the order in which they were taken in, page by page',
    sabotage: pages((page) => [...page].reverse()),
  },
  {
    breaks: 'a page holds no more than was asked for',
    sabotage: pulls((pull) => (query, call) => pull({ ...query, limit: query.limit * 2 }, call)),
  },
];

const apart: readonly TransportSaboteur[] = [
  {
    breaks: 'two customers know nothing of each other',
    sabotage: pulls((pull, who, { pushed }) => async (query, call) => {
      const pulled = await pull(query, call);
      if ('resync' in pulled || query.subjects.length !== 2 || query.cursor !== null) return pulled;
      const theirs = pushed.filter(
        (one) => one.who.account !== who.account && query.subjects.includes(subjectOf(one.record)),
      );
      return {
        ...pulled,
        records: [...pulled.records, ...theirs.map(({ record }) => record as ReceivedRecord)],
      };
    }),
  },
  {
    breaks: 'two shops know nothing of each other',
    sabotage: pulls((pull, who, { pushed }) => async (query, call) => {
      const pulled = await pull(query, call);
      if ('resync' in pulled) return pulled;
      const theirs = pushed.filter(
        (one) => one.who.shop !== who.shop && one.who.account === who.account,
      );
      return {
        ...pulled,
        records: [...pulled.records, ...theirs.map(({ record }) => record as ReceivedRecord)],
      };
    }),
  },
  {
    breaks: 'what a stranger pushes under an entry of mine never reaches me',
    sabotage: (setup) => {
      const forged: SentRecord[] = [];
      return instead(setup, ({ push, pull }, who, { pushed }) => ({
        push: (batch, call) => {
          forged.push(...batch.records.filter((record) => nameOf(record) === 'Forged'));
          return push(batch, call);
        },
        pull: async (query, call) => {
          const pulled = await pull(query, call);
          if ('resync' in pulled) return pulled;
          const mine = new Set(
            pushed
              .filter((one) => one.who.account === who.account)
              .map(({ record }) => subjectOf(record)),
          );
          const theirs = forged.filter((record) => mine.has(subjectOf(record)));
          return { ...pulled, records: [...pulled.records, ...(theirs as ReceivedRecord[])] };
        },
      }));
    },
  },
  {
    breaks: 'an entry that is somebody else’s is refused',
    sabotage: pushes((push) => async (batch, call) => {
      const { results, serverTime } = await push(batch, call);
      return {
        results: results.map((one) =>
          one.code === 'scope' ? { id: one.id, status: 'accepted' } : one,
        ),
        serverTime,
      };
    }),
  },
];

const parts: readonly TransportSaboteur[] = [
  {
    breaks: 'what commits late is not skipped',
    sabotage: (setup) => ({
      ...setup,
      // its number was given before, and the reader is past it
      pushLate: async () => async () => undefined,
    }),
  },
  {
    breaks: 'a cursor of before a restored backup says so, and all is there',
    sabotage: (setup) => ({ ...setup, renew: async () => undefined }),
  },
  {
    breaks: 'a cursor that nobody gave out is not taken for one',
    sabotage: (setup) => {
      const given = new Set<string>();
      return instead(setup, ({ pull, snapshot }) => ({
        pull: async (query, call) => {
          const pulled = await pull(query, call);
          if ('records' in pulled) given.add(pulled.cursor);
          const { cursor } = query;
          return cursor === null || given.has(cursor)
            ? pulled
            : { records: [], cursor, more: false, serverTime: systemClock.now() };
        },
        ...(snapshot && {
          snapshot: async (query, call) => {
            const part = await snapshot(query, call);
            given.add(part.cursor);
            return part;
          },
        }),
      }));
    },
  },
  {
    breaks: 'a snapshot has everything, and a cursor to go on from',
    sabotage: (setup) =>
      instead(setup, ({ snapshot }) =>
        snapshot
          ? {
              snapshot: async (query, call) => {
                const part = await snapshot(query, call);
                return part.page === null ? { ...part, records: part.records.slice(1) } : part;
              },
            }
          : {},
      ),
  },
  {
    breaks: 'a poke comes when another device has pushed',
    sabotage: (setup) => instead(setup, () => ({ subscribe: () => () => undefined })),
  },
];

/** Saboteurs for the promises of the contract of transports. */
export const transportSaboteurs: readonly TransportSaboteur[] = [
  ...records,
  ...order,
  ...apart,
  ...parts,
  ...erasureSaboteurs,
  ...wireSaboteurs,
];
