import { systemClock, systemRandom } from '../kernel/clock.js';
import { uuidV7 } from '../kernel/ids.js';
import { SyncFailure } from '../sync/port.js';
import { instead, pushes, type TransportSaboteur } from './transport-sabotage.js';

/** Another failure in the place of one that `change` knows. */
const failing = (
  change: (error: Error & Partial<SyncFailure>) => Error | undefined,
): TransportSaboteur['sabotage'] => {
  const told =
    <A extends readonly unknown[], R>(act: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> =>
      act(...args).catch((error: unknown) => {
        throw change(error as Error) ?? error;
      });
  return (setup) => instead(setup, ({ push, pull }) => ({ push: told(push), pull: told(pull) }));
};

const answered = (statuses: string, kind: 'invalid' | 'offline'): TransportSaboteur['sabotage'] =>
  failing(({ message, retryAfterMs }) =>
    new RegExp(`answered (${statuses})`).test(message) && retryAfterMs === undefined
      ? new SyncFailure(kind, message)
      : undefined,
  );

/** Those that break what is promised while the network fails. */
export const wireSaboteurs: readonly TransportSaboteur[] = [
  {
    breaks: 'an answer that is lost, and again: everything is there once',
    sabotage: pushes((push) => {
      let failed = false;
      return async (batch, call) => {
        const pushed = await push(batch, call).catch((error: unknown) => {
          failed = true;
          throw error;
        });
        // sent anew under another id, as who makes ids while sending does
        const again = new Set(
          pushed.results.filter(({ status }) => status === 'duplicate').map(({ id }) => id),
        );
        if (failed && again.size > 0)
          await push(
            {
              ...batch,
              records: batch.records
                .filter(({ id }) => again.has(id))
                .map((record) => ({ ...record, id: uuidV7(systemClock.now(), systemRandom) })),
            },
            call,
          );
        return pushed;
      };
    }),
  },
  {
    breaks: 'a push that never arrived can be made later',
    sabotage: pushes((push) => {
      const tried = new Set<string>();
      return async (batch, call) => {
        if (batch.records.every(({ id }) => tried.has(id)))
          return {
            results: batch.records.map(({ id }) => ({ id, status: 'accepted' })),
            serverTime: systemClock.now(),
          };
        return push(batch, call).catch((error: unknown) => {
          for (const { id } of batch.records) tried.add(id);
          throw error;
        });
      };
    }),
  },
  {
    breaks: 'nobody answers: offline',
    sabotage: failing((error) =>
      error.name === 'TypeError' || error.message === 'Nobody answered.'
        ? new SyncFailure('invalid', error.message)
        : undefined,
    ),
  },
  {
    breaks: 'a page of HTML in the place of an answer: offline',
    sabotage: failing(({ name, message }) =>
      name === 'SyncFailure' && message.includes('JSON')
        ? new SyncFailure('invalid', message)
        : undefined,
    ),
  },
  {
    breaks: 'an answer that is somebody else’s, or empty: offline',
    sabotage: failing(({ name, message }) =>
      name === 'SyncFailure' && message.includes('list')
        ? new SyncFailure('invalid', message)
        : undefined,
    ),
  },
  {
    breaks: 'a failure of a machine in between: offline',
    sabotage: answered('502', 'invalid'),
  },
  {
    breaks: 'a token that is refused: auth, and no loop of requests',
    sabotage: answered('401', 'offline'),
  },
  { breaks: 'too large a batch: too-large', sabotage: answered('413', 'invalid') },
  { breaks: 'told to wait: wait', sabotage: answered('503', 'offline') },
  {
    breaks: 'told how long to wait, in seconds or by a date',
    sabotage: failing(({ kind, message }) =>
      kind === 'wait' ? new SyncFailure('wait', message) : undefined,
    ),
  },
  {
    breaks: 'a push that has to outlive its page says so',
    sabotage: pushes(
      (push) =>
        (batch, { signal }) =>
          push(batch, { signal }),
    ),
  },
  {
    breaks: 'a call that is ended rejects, before and in the middle',
    sabotage: pushes(
      (push) => (batch, call) =>
        push(batch, call).catch((error: unknown) => {
          if (!call.signal.aborted) throw error;
          return new Promise(() => undefined);
        }),
    ),
  },
];
