import type { Core } from './core.js';
import type { Regulars, RegularsEvents } from './types.js';

/** Who listens, and the way to tell them. */
export interface Events {
  readonly emit: Core['emit'];
  readonly on: Regulars['on'];
}

/** Makes the events of one client; a handler that throws is given to `onThrow` and harms no other. */
export function createEvents(onThrow: (error: unknown) => void): Events {
  const handlers = new Map<string, Set<(detail: never) => void>>();
  return {
    on: (event, handler) => {
      const set = handlers.get(event) ?? new Set();
      handlers.set(event, set);
      const own = (detail: never): void => handler(detail);
      set.add(own);
      return () => void set.delete(own);
    },
    emit: <E extends keyof RegularsEvents>(event: E, detail: RegularsEvents[E]) => {
      for (const handler of [...(handlers.get(event) ?? [])])
        try {
          (handler as (detail: RegularsEvents[E]) => void)(detail);
        } catch (error) {
          onThrow(error);
        }
    },
  };
}
