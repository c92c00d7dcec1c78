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
  /**
   * Keyed hashes, first of the subject, then of a purchase's ids. Where one of them was erased, the record is refused, and those of the
   * ids count as erased from then on; so do those of records that an erasure takes.
   */
  readonly hashes: readonly string[];
}

/** Somebody to forget: bodies and tokens of these subjects go, ids stay for dedupe, hashes keep them from coming back. */
export interface Erasing {
  /** One that was there once takes no second number in the log; what it says is done again. */
  readonly id: string;
  readonly subjects: readonly string[];
  /** Keyed hashes of the subjects, and of whatever else is known not to come back. */
  readonly hashes: readonly string[];
}

/** What became of a record that was to be appended. What is about somebody erased is `erased`, whether it was there before or not. */
export type AppendStatus = 'accepted' | 'duplicate' | 'erased';

/** What is appended together. What is erased is so before what is appended beside it. */
export interface AppendBatch {
  readonly records: readonly StoredRecord[];
  readonly erasing?: readonly Erasing[];
}

/** A record with its number: `lane` and `seq` say where it lies in the shop's log. */
export interface NumberedRecord extends Omit<StoredRecord, 'tokens' | 'hashes'> {
  readonly lane: number;
  readonly seq: number;
}

/** How far a shop's log reaches: one number a lane, from 0. The numbers of a lane have no gap, and their order is that of the commits. */
export type LaneNumbers = readonly number[];

/** What a shop's log is. */
export interface ShopHead {
  /** Drawn anew when a backup is restored: cursors of another one are of no use. */
  readonly epoch: string;
  /** One number for each lane that the shop has. All records of a subject lie in one lane. An erasure takes a number too. */
  readonly heads: LaneNumbers;
  /** What lies at or before these numbers may have become a base. */
  readonly horizon: LaneNumbers;
}

/** What is read of a log. */
export interface LogQuery {
  /** Of these alone; absent: of everybody. */
  readonly subjects?: readonly string[];
  /** A lane that it does not name is read from its beginning. */
  readonly after: LaneNumbers;
  readonly limit: number;
}

/** A base in the place of what was folded into it. */
export interface Compaction {
  readonly base: StoredRecord;
  /** The records that it was made of, earlier bases among them. */
  readonly ids: readonly string[];
  /** Where the last of them lies: the horizon of its lane moves there, never back. */
  readonly lane: number;
  readonly through: number;
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

/** What a device says of itself: absent fields are taken away. */
export type DeviceStatus = Pick<ShopDevice, 'version' | 'seenAt' | 'oldestUnsent'>;

/** The devices of shops. */
export interface DeviceTable {
  /** Adds one, or replaces one of the same id whole: it needs a new code to come in again. */
  readonly put: (shop: string, device: ShopDevice) => Promise<void>;
  /** By their ids. */
  readonly list: (shop: string) => Promise<readonly ShopDevice[]>;
  /** Whoever shows this key, revoked or not. */
  readonly byKey: (shop: string, keyHash: string) => Promise<ShopDevice | undefined>;
  /** Trades a code for a key, once: of two who try at the same time one succeeds. Undefined when it is unknown, used, too old or revoked. */
  readonly enroll: (
    shop: string,
    codeHash: string,
    keyHash: string,
    now: number,
  ) => Promise<ShopDevice | undefined>;
  /** Keeps what it said, and touches nothing else. */
  readonly seen: (shop: string, id: string, status: DeviceStatus) => Promise<void>;
  /** Ends its key and its code for ever. False when there is none of this id. */
  readonly revoke: (shop: string, id: string) => Promise<boolean>;
}

/** Small things that end by themselves and that all processes share: challenges of proofs, counts of limits. */
export interface NoteTable {
  /** Keeps a text under a key, in the place of another one. */
  readonly put: (shop: string, key: string, value: string, untilMs: number) => Promise<void>;
  /** Undefined once its time is over. */
  readonly get: (shop: string, key: string, now: number) => Promise<string | undefined>;
  /** Replaces `before`, if that is still there: of two at the same time one gets true. Undefined deletes. Its end stays as it was. */
  readonly swap: (
    shop: string,
    key: string,
    before: string,
    after: string | undefined,
  ) => Promise<boolean>;
  /** Adds one; gives the count, which begins anew once `untilMs` of its first is over. */
  readonly count: (shop: string, key: string, now: number, untilMs: number) => Promise<number>;
  /** Takes away what is over, of all shops. */
  readonly sweep: (now: number) => Promise<void>;
}

/**
 * Where a server keeps everything of its shops. It decides nothing: what a record means, who may see it and whose it is was decided
 * above. Implement it to keep shops somewhere new; `regulars/testing` has its contract. Calls reject with ERR_DATABASE_FAILED, which
 * says whether it may be tried again. Numbers are safe integers; texts hold no U+0000.
 */
export interface Database {
  /** Short name for messages: `postgres`. */
  readonly name: string;
  /** Makes or brings up to date what it needs. Idempotent; two processes may do it at once. */
  readonly migrate: () => Promise<void>;
  /** Where the log of a shop stands. A shop that nobody has written to has an epoch too, and keeps it. */
  readonly head: (shop: string) => Promise<ShopHead>;
  /**
   * Appends, in one transaction, in commit order of each lane, within it in the order given. An id that was there once is a
   * `duplicate`, for ever, its record erased or folded since or not. Resolves once it would survive a crash.
   */
  readonly append: (shop: string, batch: AppendBatch) => Promise<readonly AppendStatus[]>;
  /** Records after `after`, lane by lane, in the order of their numbers; what was erased or folded is not among them. */
  readonly list: (shop: string, query: LogQuery) => Promise<readonly NumberedRecord[]>;
  /** Subjects that these tokens lead to, sorted; a token that leads nowhere is absent. */
  readonly subjectsOf: (
    shop: string,
    tokens: readonly string[],
  ) => Promise<ReadonlyMap<string, readonly string[]>>;
  /** What says who these subjects are: links, unlinks, and bases, in which there may be some. */
  readonly linksOf: (
    shop: string,
    subjects: readonly string[],
  ) => Promise<readonly NumberedRecord[]>;
  /** Which of these hashes were erased. */
  readonly erased: (shop: string, hashes: readonly string[]) => Promise<ReadonlySet<string>>;
  /**
   * Puts a base in the place of what it was made of, if all of it is still there: of two who do it at the same time one gets true,
   * and nobody brings back what was erased meanwhile. The ids stay for dedupe, the tokens stay.
   */
  readonly compact: (shop: string, compaction: Compaction) => Promise<boolean>;
  /** Draws a new epoch: after a backup was restored. */
  readonly renew: (shop: string, epoch: string) => Promise<void>;
  readonly devices: DeviceTable;
  readonly notes: NoteTable;
  /** Waits for what runs. Later calls reject. */
  readonly close: () => Promise<void>;
}
