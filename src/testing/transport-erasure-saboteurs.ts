import type { ErasureClaim, ReceivedRecord, SentRecord } from '../sync/port.js';
import {
  erasedOf,
  instead,
  pages,
  pushes,
  type Memory,
  type TransportSaboteur,
} from './transport-sabotage.js';

const subjectOf = (record: unknown): string =>
  (record as { readonly subject?: string }).subject ?? '';

const stampOf = (record: unknown): string => (record as { readonly stamp?: string }).stamp ?? '';

/** Who pushed something of these entries. */
const pushedBy = ({ pushed }: Memory, account: string): ReadonlySet<string> =>
  new Set(
    pushed.filter(({ who }) => who.account === account).map(({ record }) => subjectOf(record)),
  );

/** Pages without the erasures that `isHidden` names. */
const hiding = (
  isHidden: (subject: string, mine: ReadonlySet<string>) => boolean,
): TransportSaboteur['sabotage'] =>
  pages((page, memory, { account }) => {
    const mine = pushedBy(memory, account);
    return page.filter(
      (record) =>
        record.kind !== 'erasure' ||
        !(record.data as { readonly subjects: readonly string[] }).subjects.some((subject) =>
          isHidden(subject, mine),
        ),
    );
  });

/** Pages with what was erased, as far as `isKept` picks it. */
const keeping = (
  isKept: (record: SentRecord, ofItsEntry: number) => boolean,
): TransportSaboteur['sabotage'] =>
  pages((page, memory, { account }) => {
    const erased = erasedOf(memory);
    const gone = memory.pushed.filter(
      ({ who, record }) =>
        who.account === account && record.kind !== 'erasure' && erased.has(subjectOf(record)),
    );
    const kept = gone.filter(({ record }) => isKept(record, gone.length));
    return [...page, ...kept.map(({ record }) => record as ReceivedRecord)];
  });

/** Those that break what is promised of forgetting. */
export const erasureSaboteurs: readonly TransportSaboteur[] = [
  {
    breaks: 'an erasure takes away everything of its entry, and nothing else',
    sabotage: keeping(({ kind }) => kind === 'fact'),
  },
  {
    breaks: 'two thousand records are forgotten as one is',
    sabotage: keeping((_record, ofItsEntry) => ofItsEntry > 1_000),
  },
  {
    breaks: 'what comes later about somebody erased is refused, for ever',
    sabotage: pushes((push) => async (batch, call) => {
      const { results, serverTime } = await push(batch, call);
      const facts = new Set(
        batch.records.filter(({ kind }) => kind === 'fact').map(({ id }) => id),
      );
      return {
        results: results.map((one) => (facts.has(one.id) ? { ...one, status: 'accepted' } : one)),
        serverTime,
      };
    }),
  },
  {
    breaks: 'an erasure counts, however old its stamp is',
    sabotage: pushes((push, _who, { pushed }) => async (batch, call) => {
      const isOld = batch.records.some(
        (record) =>
          record.kind === 'erasure' &&
          pushed.some(
            (one) =>
              subjectOf(one.record) === subjectOf(record) && stampOf(one.record) > stampOf(record),
          ),
      );
      return isOld
        ? {
            results: batch.records.map(({ id }) => ({ id, status: 'accepted' })),
            serverTime: 0,
          }
        : push(batch, call);
    }),
  },
  {
    breaks: 'nobody forgets an entry that is somebody else’s',
    sabotage: (setup) => {
      const said = new Set<string>();
      return instead(setup, ({ push, pull }) => ({
        push: async (batch, call) => {
          for (const record of batch.records)
            if (record.kind === 'erasure')
              for (const subject of (record as ErasureClaim).data.subjects) said.add(subject);
          return push(batch, call);
        },
        pull: async (query, call) => {
          const pulled = await pull(query, call);
          if ('resync' in pulled) return pulled;
          const told = query.subjects
            .filter((subject) => said.has(subject))
            .map((subject) => ({ kind: 'erasure', subject, data: { at: 0, subjects: [subject] } }));
          return { ...pulled, records: [...pulled.records, ...(told as never[])] };
        },
      }));
    },
  },
  {
    breaks: 'an erasure is taken in before what comes beside it',
    sabotage: pushes((push) => async (batch, call) => {
      const rest = batch.records.filter(({ kind }) => kind !== 'erasure');
      if (rest.length === 0 || rest.length === batch.records.length) return push(batch, call);
      const before = await push({ ...batch, records: rest }, call);
      const after = await push(
        { ...batch, records: batch.records.filter(({ kind }) => kind === 'erasure') },
        call,
      );
      return { ...after, results: [...before.results, ...after.results] };
    }),
  },
  {
    breaks: 'an erasure that is sent again is done with',
    sabotage: pushes((push) => {
      const sent = new Set<string>();
      return async (batch, call) => {
        const { results, serverTime } = await push(batch, call);
        const erasures = batch.records.filter(({ kind }) => kind === 'erasure');
        const again = new Set(erasures.map(({ id }) => id).filter((id) => sent.has(id)));
        for (const { id } of erasures) sent.add(id);
        return {
          results: results.map((one) =>
            again.has(one.id) ? { id: one.id, status: 'rejected' } : one,
          ),
          serverTime,
        };
      };
    }),
  },
  {
    breaks: 'a device of the customer is told, however old its cursor is',
    sabotage: hiding((subject, mine) => mine.has(subject)),
  },
  {
    breaks: 'a device is told that an entry it holds was erased, whoever is in front of it',
    sabotage: hiding((subject, mine) => !mine.has(subject)),
  },
  {
    breaks: 'who comes back is somebody new',
    sabotage: (setup) =>
      instead(setup, ({ push }, { account }, memory) => ({
        push: async (batch, call) => {
          const erased = erasedOf(memory);
          const mine = pushedBy(memory, account);
          const isBarred = [...mine].some((subject) => erased.has(subject));
          const isNew = batch.records.every((record) => !erased.has(subjectOf(record)));
          return isBarred && isNew
            ? { results: batch.records.map(({ id }) => ({ id, status: 'erased' })), serverTime: 0 }
            : push(batch, call);
        },
      })),
  },
];
