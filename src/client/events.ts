import { createListeners, type Listeners } from '../kernel/readable.js';
import type { Core } from './core.js';
import type { Regulars } from './types.js';

/** Who listens, and the way to tell them. */
export interface Events {
  readonly emit: Core['emit'];
  readonly on: Regulars['on'];
}

/** Makes the events of one client; a handler that throws is given to `onThrow` and harms no other. */
export function createEvents(onThrow: (error: unknown) => void): Events {
  const events = new Map<string, Listeners<never>>();
  return {
    on: (event, handler) => {
      const listeners = events.get(event) ?? createListeners<never>(onThrow);
      events.set(event, listeners);
      return listeners.add(handler);
    },
    emit: (event, detail) => events.get(event)?.tell(detail as never),
  };
}
