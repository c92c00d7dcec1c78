import type { ReceivedRecord } from '../sync/port.js';

/** A record as a database keeps it: what it means was decided before. */
export interface StoredRecord {
  readonly id: string;
  readonly subject: string;
  readonly kind: ReceivedRecord['kind'];
  readonly stamp: string;
  /** The whole record, as JSON. */
  readonly body: string;
  /** Tokens under the shop's key that lead to the subject, of a link. */
  readonly tokens?: readonly string[];
  /** Keyed hashes of the subject and of a purchase's ids: where one of them was erased, the record is refused. */
  readonly hashes: readonly string[];
}

/** Somebody to forget: bodies and tokens of these subjects go, ids stay for dedupe, hashes keep them from coming back. */
export interface Erasing {
  readonly id: string;
  readonly subjects: readonly string[];
  /** Keyed hashes of the subjects and of all their purchases' ids. */
  readonly hashes: readonly string[];
}

/** A record with its number: `lane` and `seq` say where it lies in the shop's log. */
export interface NumberedRecord extends StoredRecord {
  readonly lane: number;
  readonly seq: number;
}

/** How far a shop's log reaches: one number a lane, from 0. The numbers of a lane have no gap, and their order is that of the commits. */
export type LaneNumbers = readonly number[];

/** What a shop's log is. */
export interface ShopHead {
  /** Drawn anew when a backup is restored: cursors of another one are of no use. */
  readonly epoch: string;
  readonly heads: LaneNumbers;
  /** What lies at or before these numbers may have become a base. */
  readonly horizon: LaneNumbers;
}

/** A device of the shop: a kiosk, a till. */
export interface ShopDevice {
  readonly id: string;
  readonly place?: string;
  /** Hash of the key that it shows; absent until the code was traded. */
  readonly keyHash?: string;
  readonly codeHash?: string;
  /** Wall time in ms until which the code is good. */
  readonly codeUntil?: number;
  /** What it said of itself last. */
  readonly version?: string;
  readonly seenAt?: number;
  /** Stamp time of the oldest record that waits there, ms. */
  readonly oldestUnsent?: number;
  readonly revoked?: boolean;
}

/**
 * Where a server keeps everything of its shops. It decides nothing: what a record means, who may see it and whose it is was decided
 * above. Implement it to keep shops somewhere new; `regulars/testing` has its contract. Calls reject with ERR_DATABASE_FAILED, which
 * says whether it may be tried again.
 */
export interface Database {
  /** Short name for messages: `postgres`. */
  readonly name: string;
  /** Makes or brings up to date what it needs. Idempotent; two processes may do it at once. */
  readonly migrate: () => Promise<void>;
  readonly head: (shop: string) => Promise<ShopHead>;
  /**
   * Appends, in one transaction, in commit order of each lane. An id that was there once is a `duplicate`, for ever; what is about
   * somebody erased is `erased`. What is erased is so before what is appended beside it.
   */
  readonly append: (
    shop: string,
    batch: { readonly records: readonly StoredRecord[]; readonly erasing?: readonly Erasing[] },
  ) => Promise<readonly ('accepted' | 'duplicate' | 'erased')[]>;
  /** Records after `after`, in the order of their numbers within each lane; of `subjects`, or of everybody. */
  readonly list: (
    shop: string,
    query: {
      readonly subjects?: readonly string[];
      readonly after: LaneNumbers;
      readonly limit: number;
    },
  ) => Promise<readonly NumberedRecord[]>;
  /** Subjects that these tokens lead to. */
  readonly subjectsOf: (
    shop: string,
    tokens: readonly string[],
  ) => Promise<ReadonlyMap<string, readonly string[]>>;
  /** Links and unlinks of these subjects. */
  readonly linksOf: (
    shop: string,
    subjects: readonly string[],
  ) => Promise<readonly NumberedRecord[]>;
  /** Which of these hashes were erased, and when: the number of the erasure. */
  readonly erased: (shop: string, hashes: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Puts a base in the place of a subject's records up to its number, if nothing else has; moves the horizon. */
  readonly compact: (
    shop: string,
    base: StoredRecord & { readonly through: number; readonly lane: number },
  ) => Promise<boolean>;
  /** Draws a new epoch: after a backup was restored. */
  readonly renew: (shop: string, epoch: string) => Promise<void>;
  readonly devices: {
    readonly put: (shop: string, device: ShopDevice) => Promise<void>;
    readonly list: (shop: string) => Promise<readonly ShopDevice[]>;
    readonly byKey: (shop: string, keyHash: string) => Promise<ShopDevice | undefined>;
    /** Trades a code for a key, once: of two who try at the same time one succeeds. */
    readonly enroll: (
      shop: string,
      codeHash: string,
      keyHash: string,
      now: number,
    ) => Promise<ShopDevice | undefined>;
  };
  /** Small things that end by themselves and that all processes share: challenges of proofs, counts of limits. */
  readonly notes: {
    readonly put: (shop: string, key: string, value: string, untilMs: number) => Promise<void>;
    readonly get: (shop: string, key: string, now: number) => Promise<string | undefined>;
    /** Replaces `before`, if that is still there: of two at the same time one gets true. Undefined deletes. */
    readonly swap: (
      shop: string,
      key: string,
      before: string,
      after: string | undefined,
    ) => Promise<boolean>;
    /** Adds one; gives the count, which begins anew once `untilMs` of its first is over. */
    readonly count: (shop: string, key: string, now: number, untilMs: number) => Promise<number>;
    readonly sweep: (now: number) => Promise<void>;
  };
  readonly close: () => Promise<void>;
}
