import type { SyncTransport } from '../sync/port.js';
import type { RefusedRecord, SyncStatus } from '../sync/types.js';

/** What `syncOver` of `regulars/sync` gives. */
export interface SyncPlug {
  readonly transport: SyncTransport;
  /** Ours: starts the engine behind a client. */
  readonly attach: (inside: unknown) => unknown;
}

/** How a round is watched and stopped. */
export interface SyncNowOptions {
  /** Stops it: the call rejects with the signal's reason, and what was sent by then stays sent. */
  readonly signal?: AbortSignal;
  /** Told of what waited here how many records are done with. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Keeps this device and a backend the same. Nothing on the page waits for it. */
export interface SyncFace {
  /**
   * Sends what waits and fetches what is new, now. Resolves with how it stands then, whatever that is: `offline` and `needs-auth` are
   * no errors. Rejects with the signal's reason; what was sent by then stays sent.
   */
  readonly now: (options?: SyncNowOptions) => Promise<SyncStatus>;
  /** How it stands; `snapshot.sync` is the same. */
  readonly status: () => SyncStatus;
  /** What the backend refused for good: set aside, and in nobody's way. */
  readonly refused: () => Promise<readonly RefusedRecord[]>;
  /** Sends it again. False where it is not among the refused. */
  readonly retry: (id: string) => Promise<boolean>;
  /** Does not send it any more; on this device it stays. False where it is not among the refused. */
  readonly discard: (id: string) => Promise<boolean>;
}

/** Without a sync, and before `start`. */
export const SYNC_OFF: SyncStatus = { state: 'off', waiting: 0, refused: 0 };

/** What runs behind a client. */
export interface SyncRunner extends Omit<SyncFace, 'status'> {
  readonly stop: () => void;
}
