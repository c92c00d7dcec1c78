import type { ReceivedRecord, SentRecord, SyncCode } from './port.js';

/** Something to send, with where it waits. */
export interface Outgoing {
  readonly key: string;
  readonly record: SentRecord;
  /** Its length as JSON, in bytes. */
  readonly bytes: number;
}

/** What became of what was sent; a code sets it aside. `gone`: it is about somebody who was erased. */
export interface Outcome {
  readonly key: string;
  readonly is: 'done' | 'gone' | { readonly code: SyncCode };
}

/** What a round has to do, as it stands when it begins. */
export interface Task {
  /** Keys of what may be sent now, in order: of whoever is verified, and of anybody what only the backend can read. */
  readonly keys: readonly string[];
  /** Whose records may be fetched; undefined while they are nobody's to fetch. Another one has another subscription. */
  readonly whose: string | undefined;
  /** The backend's time was asked before. */
  readonly knowsTime: boolean;
}

/** What the engine needs of the device. Its promises may reject with an ERR_STORAGE_… code. */
export interface SyncHost {
  /** Id of this device. */
  readonly client: () => string;
  /** Undefined where the storage cannot be written. */
  readonly prepare: () => Promise<Task | undefined>;
  /** These as they go over the wire, in the same order; what can never go is settled, what cannot go yet is left out. */
  readonly read: (keys: readonly string[]) => Promise<readonly Outgoing[]>;
  readonly settle: (outcomes: readonly Outcome[]) => Promise<void>;
  /** Learns the backend's time, and stamps anew what waits and is too far ahead of it. */
  readonly meet: (serverTime: number) => Promise<void>;
  readonly question: () => Promise<{
    readonly cursor: string | null;
    readonly subjects: readonly string[];
  }>;
  /** Takes in what came, and the cursor with it, in one transaction. False when whoever it was for is gone. */
  readonly receive: (records: readonly ReceivedRecord[], cursor: string | null) => Promise<boolean>;
  /** Puts a snapshot in the place of what was acknowledged or received. */
  readonly replace: (records: readonly ReceivedRecord[], cursor: string) => Promise<boolean>;
  readonly count: () => Promise<{ readonly waiting: number; readonly refused: number }>;
}
