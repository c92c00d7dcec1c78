import type { ErasureClaim, ReceivedRecord, SentRecord, Transport } from '../sync/port.js';
import type { TransportAccount, TransportSetup } from './transport-check.js';

/** A transport made to break one promise, to show that the contract notices. */
export interface TransportSaboteur {
  /** The name of the promise that must fail, and the only one that may. */
  readonly breaks: string;
  /** Wraps a sound setup. */
  readonly sabotage: (setup: TransportSetup) => TransportSetup;
}

type Push = Transport['push'];
type Pull = Transport['pull'];

/** What the broken transports of one setup share. */
export interface Memory {
  /** Whatever was pushed, by whom. */
  readonly pushed: { readonly who: TransportAccount; readonly record: SentRecord }[];
}

/** Another way to make the calls of every transport. */
export function instead(
  setup: TransportSetup,
  change: (
    transport: Transport,
    who: TransportAccount,
    memory: Memory,
    setup: TransportSetup,
  ) => Partial<Transport>,
): TransportSetup {
  const memory: Memory = { pushed: [] };
  return {
    ...setup,
    connect: async (who, fetch) => {
      const sound = await setup.connect(who, fetch);
      const noted: Transport = {
        ...sound,
        push: async (batch, call) => {
          const pushed = await sound.push(batch, call);
          const taken = new Set(
            pushed.results.filter(({ status }) => status === 'accepted').map(({ id }) => id),
          );
          for (const record of batch.records)
            if (taken.has(record.id)) memory.pushed.push({ who, record });
          return pushed;
        },
      };
      return { ...noted, ...change(noted, who, memory, setup) };
    },
  };
}

/** Another push. */
export const pushes =
  (
    change: (push: Push, who: TransportAccount, memory: Memory) => Push,
  ): ((setup: TransportSetup) => TransportSetup) =>
  (setup) =>
    instead(setup, ({ push }, who, memory) => ({ push: change(push, who, memory) }));

/** Another pull. */
export const pulls =
  (
    change: (pull: Pull, who: TransportAccount, memory: Memory, setup: TransportSetup) => Pull,
  ): ((setup: TransportSetup) => TransportSetup) =>
  (setup) =>
    instead(setup, ({ pull }, who, memory) => ({ pull: change(pull, who, memory, setup) }));

/** Another list of records in each page. */
export const pages = (
  change: (
    records: readonly ReceivedRecord[],
    memory: Memory,
    who: TransportAccount,
  ) => readonly ReceivedRecord[],
): ((setup: TransportSetup) => TransportSetup) =>
  pulls((pull, who, memory) => async (query, call) => {
    const pulled = await pull(query, call);
    return 'resync' in pulled
      ? pulled
      : { ...pulled, records: change(pulled.records, memory, who) };
  });

/** What of the pushed ones was erased by now. */
export function erasedOf({ pushed }: Memory): ReadonlySet<string> {
  return new Set(
    pushed.flatMap(({ record }) =>
      record.kind === 'erasure' ? (record as ErasureClaim).data.subjects : [],
    ),
  );
}
