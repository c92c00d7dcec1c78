/** What can go wrong on the way. `lost`: carried out, and the answer never comes. `down`: never left. `stuck`: no answer until the call is ended. */
export type Fault = 'lost' | 'down' | 'stuck' | (() => Response);

/** The network between a transport and its backend. */
export interface Wire {
  readonly fetch: typeof globalThis.fetch;
  /** From now on, or for the request that comes as the nth from now alone. */
  readonly break: (fault: Fault, nth?: number) => void;
  readonly heal: () => void;
  /** How many requests there were. */
  readonly requests: () => number;
  /** How many of them were to outlive their page. */
  readonly outliving: () => number;
}

/** A network that a check can break. */
export function createWire(): Wire {
  let fault: Fault | undefined;
  let only: number | undefined;
  let requests = 0;
  let outliving = 0;
  return {
    fetch: async (input, init) => {
      requests++;
      if (init?.keepalive ?? (input instanceof Request && input.keepalive)) outliving++;
      if (fault === undefined || (only !== undefined && --only !== 0)) return fetch(input, init);
      const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
      if (signal?.aborted) throw new DOMException('It was ended.', 'AbortError');
      if (typeof fault === 'function') return fault();
      if (fault === 'lost') await (await fetch(input, init)).arrayBuffer();
      if (fault === 'stuck')
        await new Promise<void>((resolve) => {
          signal?.addEventListener('abort', () => resolve());
        });
      throw signal?.aborted
        ? new DOMException('It was ended.', 'AbortError')
        : new TypeError('fetch failed');
    },
    break: (next, nth) => {
      fault = next;
      only = nth;
    },
    heal: () => {
      fault = undefined;
    },
    requests: () => requests,
    outliving: () => outliving,
  };
}
