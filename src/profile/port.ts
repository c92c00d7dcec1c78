import type { ConsentPurpose } from './types.js';

/** What is said of each purpose: left out by who does not speak of it, `ask` while nobody has answered. */
export type ConsentAnswers = {
  readonly [purpose in ConsentPurpose]?: 'ask' | 'granted' | 'denied';
};

/**
 * Where a customer answers outside of our own question: a consent platform, a shop system. Its no counts at once, whatever was
 * said before; of a purpose that it speaks of nothing is stored or read before its yes.
 */
export interface ConsentSource {
  /** The answers now; never throws. A purpose that is left out is not this source's. */
  readonly get: () => ConsentAnswers;
  /** Calls `changed` whenever an answer may have changed; returns the way to stop. */
  readonly listen: (changed: () => void) => () => void;
}

/** The five stores of a profile storage. Keys are text; values are structured-cloneable. */
export type StoreName = 'cards' | 'tokens' | 'records' | 'outbox' | 'meta';

/** A row of a store. */
export interface StorageRow {
  readonly key: string;
  readonly value: unknown;
}

/** Which rows: keys that begin with `prefix`, after `after`, at most `limit`; in the order of the keys' UTF-16 code units. */
export interface StorageRange {
  readonly prefix?: string;
  readonly after?: string;
  readonly limit?: number;
}

/**
 * One transaction over all stores. Reads see this transaction's own writes.
 * Only its own calls may be awaited inside: awaiting anything else (a fetch, a timer, WebCrypto) ends an IndexedDB transaction.
 */
export interface StorageTransaction {
  /** The value, or `undefined` when there is none. */
  readonly get: (store: StoreName, key: string) => Promise<unknown>;
  /** The rows of a range, in the order of their keys. */
  readonly list: (store: StoreName, range?: StorageRange) => Promise<readonly StorageRow[]>;
  /** Writes or replaces. A failed write makes the whole transaction fail. */
  readonly put: (store: StoreName, key: string, value: unknown) => void;
  /** Resolves whether or not the key was there. */
  readonly remove: (store: StoreName, key: string) => void;
}

/** What happened to a storage, told to whoever listens. */
export type StorageEvent =
  /** The connection was lost and is made anew at the next call. */
  | { readonly kind: 'lost' }
  /** A newer page wants to upgrade: this one has let go of its connection and rejects with ERR_STORAGE_SUPERSEDED. */
  | { readonly kind: 'superseded' };

/** What opening gave. */
export interface StorageOpened {
  /** `memory` when nothing outlives the page, whatever was asked for. */
  readonly kind: 'memory' | 'persistent';
  /** Why it is memory although more was asked for. */
  readonly reason?: 'unavailable' | 'blocked' | 'timeout' | 'corrupt' | 'locked';
  /** What says what can be done: a `RegularsError`, with what the browser said as its cause. */
  readonly error?: unknown;
}

/** Which database, and how long to wait for it. */
export interface StorageOpenOptions {
  /** Name of the database: `regulars:<shop>`. */
  readonly name: string;
  /** @defaultValue 5000 */
  readonly timeoutMs?: number;
}

/**
 * Keeps everything of one shop on this device. Five ordered stores and transactions: what they mean is decided above the port,
 * the same way for every adapter. Implement it to keep profiles somewhere new; `regulars/testing` has its contract.
 */
export interface ProfileStorage {
  /** Short name for status and errors: `memory`, `indexed-db`. */
  readonly name: string;
  /** Opens or makes the database. Rejects with a `RegularsError` of an ERR_STORAGE_… code. Opening an open one is a no-op. */
  readonly open: (options: StorageOpenOptions) => Promise<StorageOpened>;
  /**
   * Runs `body` in one transaction: all of its writes or none, isolated from other transactions, in this page and in other tabs.
   * Resolves when committed. A body that throws, or returns a rejected promise, writes nothing and rejects with that error.
   * A body may run again: when the connection was lost before it was committed, or others wrote into what it had read.
   * `strict` asks that the writes survive a power cut.
   */
  readonly transact: <T>(
    mode: 'readonly' | 'readwrite',
    body: (transaction: StorageTransaction) => Promise<T>,
    options?: { readonly durability?: 'strict' | 'relaxed' },
  ) => Promise<T>;
  /** Deletes the whole database and closes. Resolves when nothing of it is left. */
  readonly destroy: () => Promise<void>;
  /** Waits for running transactions, then lets go. A closed storage may be opened again. */
  readonly close: () => Promise<void>;
  /** Tells of {@link StorageEvent}s; returns the way to stop. */
  readonly listen: (listener: (event: StorageEvent) => void) => () => void;
}
