import type { Clock } from '../kernel/clock.js';
import { SyncFailure, type SyncCall, type Transport } from './port.js';

/** A transport whose calls end: with their round, and after `ms`, whether it heeds the signal or not. Pokes have no end. */
export function limited(transport: Transport, clock: Clock, ms: number): Transport {
  const within =
    <Q, A>(ask: (query: Q, call: SyncCall) => Promise<A>) =>
    (query: Q, call: SyncCall): Promise<A> =>
      new Promise((resolve, reject) => {
        const controller = new AbortController();
        const end = (): void => {
          controller.abort();
          reject(new SyncFailure('offline', 'No answer in time.'));
        };
        const cancel = clock.after(ms, end);
        call.signal.addEventListener('abort', end);
        void (async () => ask(query, { ...call, signal: controller.signal }))()
          .then(resolve, reject)
          .finally(() => {
            cancel();
            call.signal.removeEventListener('abort', end);
          });
      });
  const { push, pull, snapshot } = transport;
  return {
    ...transport,
    push: within(push),
    pull: within(pull),
    ...(snapshot && { snapshot: within(snapshot) }),
  };
}
