import type { RawIdentifier } from '../identity/port.js';
import type {
  EvidenceLevel,
  Identifiers,
  NormalIdentifier,
  RevealDecision,
  RevealField,
} from '../identity/types.js';
import type { Clock, Random } from '../kernel/clock.js';
import type { ProfileStorage, StorageTransaction } from '../profile/port.js';
import type {
  Card,
  Channel,
  ConsentPurpose,
  DismissalReason,
  Place,
  PurchaseInput,
} from '../profile/types.js';
import type { RecommenderLoaded } from '../recommend/types.js';
import type { ChosenGreeting } from '../greeting/choose-greeting.js';
import type {
  LookedFor,
  LookedForQuery,
  Reorder,
  SpeakContext,
  Usual,
  Why,
} from '../greeting/types.js';
import type { Catalog } from './catalog.js';
import type {
  Audit,
  Choice,
  CustomerExport,
  ForgetOptions,
  Forgotten,
  Imported,
  Notice,
  Ready,
  Recognition,
  RecognizeOptions,
  Recommendations,
  RecommendOptions,
  RecordOutcome,
  Regulars,
  RegularsEvents,
  RegularsOptions,
  Snapshot,
  StorageStatus,
  TransferOptions,
  Verification,
  Rights,
} from './types.js';
import type { Known } from './known-types.js';
import type { Speech, Spoken } from './speech-types.js';
import type { SyncStatus } from '../sync/types.js';
import type { Sealing } from './sealing-types.js';
import type { StaffField } from './staff-types.js';
import type { SyncFace } from './sync-types.js';
import type { Tabs } from './tabs.js';

/** A proof of who it is, for this page. */
export interface Proof {
  readonly level: EvidenceLevel;
  /** Elapsed ms at which it stops to count; absent: this page load. */
  readonly until?: number;
  /** Wall time at which somebody was verified, ms: of two tabs, the later proof stands. */
  readonly at?: number;
}

/** Who is here. */
export interface Person {
  /** What is recorded now is recorded under this entry. */
  readonly subject: string;
  /** Whose card is shown; differs from `subject` when that was merged, or only claims. */
  readonly customer: string;
  readonly proof?: Proof;
  /** This device remembers the person. */
  readonly remembered: boolean;
  /** Links to make with the first purchase: identifiers somebody typed at a shared screen. */
  readonly claims: readonly NormalIdentifier[];
  /** At a kiosk, where the customer allowed "greet me by my number": what a claim may say. */
  readonly view?: ClaimView;
}

/** What a look-up lets a kiosk say: no card of a customer, but one that holds just this. */
export interface ClaimView {
  readonly card: Card;
  readonly usual: (context: SpeakContext) => Usual;
}

/** One stay. `shown` counts per sku what was on screen. */
export interface Visit {
  readonly token: string;
  readonly startedAt: number;
  readonly exposures: Map<string, { shown: number; accepted: number; viewed?: number }>;
  exposuresChanged: boolean;
  /** The words that were shown stay for the visit (product rule D8). */
  spoken?: Spoken;
}

/** Says why something was said. */
export interface Explain {
  /** The last characters of a text that may not be shown whole. */
  readonly mask: (text: string) => string;
  readonly greeting: (
    chosen: ChosenGreeting,
    card: Card | undefined,
    context: SpeakContext,
  ) => Why | undefined;
  readonly usual: (
    usual: Exclude<Usual, { readonly kind: 'none' }>,
    card: Card | undefined,
    context: SpeakContext,
  ) => Why | undefined;
}

/** Everything the client's parts share; made once in `createRegulars`. */
export interface Core {
  readonly options: RegularsOptions;
  readonly mode: Snapshot['mode'];
  readonly clock: Clock;
  readonly random: Random;
  readonly vault: Vault;
  readonly catalog: Catalog;
  readonly report: (error: unknown) => void;
  /** Tells the developer; of a storage that went to memory, why. */
  readonly notice: (what: Notice['code'] | NonNullable<StorageStatus['reason']>) => void;
  readonly on: Regulars['on'];
  readonly emit: <E extends keyof RegularsEvents>(event: E, detail: RegularsEvents[E]) => void;
  /** Computes the snapshot anew and tells who listens. */
  readonly refresh: () => void;
  /** Everything that writes; loaded once, tried again after a failure. */
  readonly acts: () => Promise<Acts>;
  /** Loads what speaks to somebody; once, tried again after a failure. */
  readonly speech: () => Promise<void>;
  /** A module-level client on a server must not leak one request's customer into the next: it does nothing. */
  readonly inert: boolean;
  /** What listeners see now. */
  readonly snapshot: () => Snapshot;
  /** Runs one change of who is here after the other. */
  readonly inTurn: <T>(act: () => Promise<T>) => Promise<T>;
  readonly state: State;
}

/** Watches for whoever is here walking away. */
export interface IdleWatch {
  /** Somebody is there: begins with the visit, and begins anew. */
  readonly touch: () => void;
  /** Nobody is sent away while `promise` is pending, for as long as a visit lasts without activity: 30 min. */
  readonly hold: (promise: Promise<unknown>) => void;
  readonly stop: () => void;
}

/** What changes. */
export interface State {
  status: Snapshot['status'];
  person: Person;
  card: Card | undefined;
  visit: Visit | undefined;
  /** Closed over what it rests on; asked by ref. */
  readonly whys: Map<string, () => Why | undefined>;
  /** What a ref stands for, for `dismiss` and `accepted`. */
  readonly targets: Map<
    string,
    {
      readonly sku: string;
      readonly category?: string;
      /** Of an experiment: counted beside the item. */
      readonly arm?: string;
    }
  >;
  /** People an `ambiguous` answer offered, by choice. */
  readonly choices: Map<
    string,
    {
      readonly customer: string;
      readonly claims: readonly NormalIdentifier[];
      /** "Yes, that's me": what happened here before is given along. */
      readonly mine?: boolean | undefined;
    }
  >;
  /** Subjects of this page's earlier visits, for answers that come late. */
  readonly visits: Map<string, string>;
  engine: RecommenderLoaded | undefined;
  /** Loaded with the engine: pages that do not recommend do not pay for it. */
  suggest: ((core: Core, options: RecommendOptions) => Recommendations) | undefined;
  /** Loaded when somebody is known, or with what writes. */
  speech?: Speech;
  /** What memory has of whoever is here beside the card, where a storage is open: it waits for an answer. */
  waiting?: Card | undefined;
  /** Loaded with what writes: what today's catalog has of the usual no more. */
  usualToday?: (usual: Usual) => Usual;
  /** Loaded with what writes: a greeting does not wait for its reasons. */
  explain: Explain | undefined;
  /** At a kiosk that seals; loaded with what writes. */
  sealing?: Sealing;
  modelState: Ready['model'];
  endsAt: number | null;
  /** Where people walk away; loaded with what writes. */
  idle?: IdleWatch;
  /** At a till that has a staff: who is signed in; null while nobody is. */
  staff?: { readonly id: string } | null;
  /** There, what their role may not see is refused, whatever the level. */
  role?: (field: StaffField) => RevealDecision | undefined;
  /** At a till: writes down that these were shown; loaded with what writes, before anybody can be known there. */
  looked?: (fields: readonly RevealField[]) => void;
  /** On a shared device: who may be picked, masked. */
  people: readonly Choice[];
  tabs: Tabs | undefined;
  locale: string;
  currency: string | undefined;
  timeZone: string | undefined;
  place: Place | undefined;
  channel: Channel;
  basket: readonly string[];
  /** A storage that was lost is being opened again. */
  comesBack?: boolean;
  sync: SyncStatus;
  /** Who said no to `remember`: a subject of this page; `device` where the marker says that somebody did before. */
  refused: string | undefined;
}

/** Whom this device remembers. */
export interface Remembered {
  readonly subject: string;
  readonly customer: string;
}

/** The row `device` of the store `meta`: this install. */
export interface DeviceRow {
  readonly id: string;
  /** Bytes of the key that identifiers' tokens are made with here; never sent. */
  readonly key: readonly number[];
  readonly generation: string;
  readonly current: Remembered | null;
  /** Somebody was erased everywhere: what comes in is looked up among the erasures here. */
  readonly erasures?: true;
  /** How many were erased here while the database stayed: other tabs look who that was. */
  readonly erased?: number;
  /** When the row was written, ms: of two copies of an id that differ, the later one stands. */
  readonly at?: number;
  /** When a server last kept the id in a cookie, ms. */
  readonly cookieAt?: number;
}

/** The row of this install, and what was found out about the storage on the way. */
export interface Settled {
  readonly row: DeviceRow;
  readonly found?: 'corrupt' | 'disagreed' | 'evicted';
}

/** What opening found. */
export interface Opened {
  readonly current: Remembered | null;
  readonly card: Card | undefined;
  /** The browser had emptied it. */
  readonly evicted?: boolean;
}

/** Where records go: memory until the customer has said yes and the database is open, then there. */
export interface Vault {
  readonly status: () => StorageStatus;
  readonly device: () => DeviceRow;
  /** True when records go where they outlive the page. */
  readonly keeps: () => boolean;
  /** True when a storage is open, whether or not it outlives the page: memory is another place beside it. */
  readonly isOpen: () => boolean;
  /** What memory is about: identifiers by token, to make tokens anew where the device turns out to be another. */
  readonly identifiers: Map<string, NormalIdentifier>;
  /** Memory: what waits there for a yes. */
  readonly held: () => Promise<ProfileStorage>;
  /** Opens the storage; what memory holds of `anonymous` becomes of whom the device remembers. Undefined when it stays closed. */
  readonly open: (anonymous: string | undefined) => Promise<Opened | undefined>;
  /** Runs in memory, whatever is open: what nobody has said yes to. */
  readonly runHeld: <T>(
    mode: 'readonly' | 'readwrite',
    body: (transaction: StorageTransaction) => Promise<T>,
  ) => Promise<T>;
  /** True when memory was written to, and not emptied since. */
  readonly holds: () => boolean;
  /** Runs on the storage in use; falls back to memory when that one is lost for good. */
  readonly run: <T>(
    mode: 'readonly' | 'readwrite',
    body: (transaction: StorageTransaction) => Promise<T>,
    durability?: 'strict' | 'relaxed',
  ) => Promise<T>;
  /** What a record written now is stamped with. */
  readonly env: () => { readonly shop: string; readonly device: string; readonly now: number };
  /** The clock here is so far ahead of the backend's, ms: records are stamped by that one. */
  readonly setAhead: (ms: number) => void;
  /** The card of a customer; computed anew when what is stored is damaged or old. */
  readonly card: (customer: string) => Promise<Card | undefined>;
  /** Whom the device remembers, as this tab last read it. */
  readonly remembered: () => Remembered | undefined;
  /** Reads anew whom the device remembers: another tab changed it. */
  readonly reread: () => Promise<void>;
  /** Says whom the device remembers from now on; null after "not you". */
  readonly remember: (current: Remembered | null) => Promise<void>;
  /** Adds to the status what was found out about the storage in use. */
  readonly note: (found: Pick<StorageStatus, 'persisted' | 'dropped' | 'reason'>) => void;
  /** Empties memory; `parting` leaves what a customer has said yes to, and only waits for the storage. */
  readonly dropHeld: (parting?: boolean) => Promise<void>;
  /** Closes the storage and goes on in memory; deletes the database when asked to. */
  readonly release: (how: 'close' | 'destroy') => Promise<void>;
}

/** What a proof has given, whichever it was. */
export interface Proved {
  readonly identifiers: readonly RawIdentifier[];
  readonly method: Extract<Verification, { readonly kind: 'verified' }>['method'];
  readonly name?: string;
  /** How long it holds, ms. @defaultValue 30 min in a kiosk, 24 h elsewhere */
  readonly lifetimeMs?: number;
  /** What the backend gives the records for, at a kiosk. */
  readonly session?: string;
}

/** What the customer changes of what is known. */
export type ChangeKnown = Pick<
  Rights,
  'allowGreetingByNumber' | 'correct' | 'remember' | 'remove' | 'restore'
>;

/** What a page may ask for and has to wait for: it comes with what writes. */
export type LateFace = Rights &
  Omit<SyncFace, 'status'> &
  Pick<
    Regulars,
    | 'carryToken'
    | 'choose'
    | 'dismiss'
    | 'endVisit'
    | 'lookFor'
    | 'notMe'
    | 'recognize'
    | 'refund'
    | 'reorder'
    | 'requestProof'
    | 'signOut'
    | 'verify'
    | 'viewed'
  > & {
    /** Records for whoever it was when the page asked; undefined for a visit nobody knows. */
    readonly record: (
      purchase: Parameters<Regulars['record']>[0],
      subject: string | undefined,
    ) => Promise<RecordOutcome>;
  };

/**
 * Everything that a person's act asks for: whatever writes, looks up or exports. A greeting needs none of it, so it is a
 * module of its own, which `start` loads once the greeting is there.
 */
export interface Acts {
  /** What a page asks for. */
  readonly face: LateFace;
  readonly recognize: (identifiers: Identifiers, options: RecognizeOptions) => Promise<Recognition>;
  readonly choose: (choiceId: string) => Promise<Recognition>;
  readonly requestProof: Regulars['requestProof'];
  readonly verify: Regulars['verify'];
  /** Takes up whom a proof is for, unless the visit it was for is over. Takes a turn itself. */
  readonly admit: (proved: Proved, visit: string | undefined) => Promise<Verification>;
  readonly record: (purchase: PurchaseInput, subject: string) => Promise<RecordOutcome>;
  readonly dismiss: (ref: string, reason: DismissalReason) => Promise<RecordOutcome>;
  readonly writeExposure: (visit: Visit, subject: string) => Promise<void>;
  readonly reorder: (refOrPurchaseId: string) => Promise<Reorder>;
  readonly lookFor: (query: LookedForQuery) => Promise<LookedFor>;
  readonly answer: (
    purpose: ConsentPurpose,
    answer: 'granted' | 'denied',
  ) => Promise<RecordOutcome>;
  readonly forget: (options: ForgetOptions) => Promise<Forgotten>;
  /** The person is wrong. */
  readonly notMe: () => Promise<void>;
  /** Deletes what the customer agreed to for a time that is over. */
  readonly endRemembering: () => Promise<unknown>;
  /** Listens to other tabs and to the page's comings and goings; returns the way to stop. */
  readonly attend: () => () => void;
  /** Something happened to the storage: looks what it was, and brings it back if that can be done. */
  readonly heal: () => void;
  /** A good moment to try a lost storage again. */
  readonly nudge: () => void;
  /** Loads the engine that recommends, if the host gave one. */
  readonly loadEngine: () => Promise<void>;
  /** The memory where things wait for a yes. */
  readonly createHeld: () => ProfileStorage;
  /** Makes the row of this install, or brings it and the marker together, and says so. */
  readonly settleDevice: (to: ProfileStorage, fresh: DeviceRow) => Promise<Settled>;
  /** Writes whom this device remembers; gives the row as it is now. */
  readonly writeCurrent: (current: Remembered | null) => Promise<DeviceRow>;
  /** Moves what memory holds into a storage, as far as its customers have said yes; without a storage it only drops the rest. True when something stays. */
  readonly moveHeld: (
    to: ProfileStorage | undefined,
    anonymous: string | undefined,
  ) => Promise<boolean>;
  /** Computes a card anew from its records. */
  readonly refold: (customer: string) => Promise<Card | undefined>;
  readonly audit: () => Promise<Audit>;
  /** Opens what a device that several people use begins with. */
  readonly begin: () => Promise<void>;
  /** Somebody whom a shared device remembers is here. */
  readonly seen: (current: Remembered | null) => Promise<void>;
  /** Ends the visit, with all that was said and, where others come after, all that was known. */
  readonly endVisit: (silently?: boolean) => Promise<void>;
  readonly known: () => Promise<Known>;
  /** What the customer changes of what is known. */
  readonly change: ChangeKnown;
  readonly export: (options?: TransferOptions) => Promise<CustomerExport>;
  readonly import: (
    source: CustomerExport | string | Blob,
    options?: TransferOptions,
  ) => Promise<Imported>;
}
