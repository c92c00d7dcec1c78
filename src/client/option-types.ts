import type { Mode, RevealOverrides } from '../identity/types.js';
import type { IdentifierRules, IdentityBackend, ProofVerifier } from '../identity/port.js';
import type { SpeechOptions } from '../greeting/speech-options.js';
import type { Clock, Random } from '../kernel/clock.js';
import type { ConsentAnswers, ConsentSource, ProfileStorage } from '../profile/port.js';
import type { Place } from '../profile/types.js';
import type { Item, RecommenderPlug } from '../recommend/types.js';
import type { SyncPlug } from './sync-types.js';

export type { MessageFormatter } from '../greeting/messages.js';

/** The catalog: a list, a function that fetches one, or a way to fetch just what is shown. */
export type CatalogSource =
  | readonly Item[]
  | (() => Promise<readonly Item[]>)
  | {
      /** Fetches items by sku, a few at a time; unknown skus are left out. */
      readonly get: (skus: readonly string[]) => Promise<readonly Item[]>;
    };

/** The host's answer for one purpose before the customer gives one. */
export type ConsentSetting = 'ask' | 'granted' | 'denied';

/** Something for the developer to know; `onNotice` carries no personal data. */
export interface Notice {
  readonly code:
    | 'catalog-failed'
    | 'clock-wrong'
    | 'identifier-converted'
    | 'model-failed'
    | 'storage-corrupt'
    | 'storage-disagreed'
    | 'storage-evicted'
    | 'storage-full'
    | 'storage-locked'
    | 'storage-lost'
    | 'storage-memory'
    | 'storage-newer'
    | 'sync-refused';
  readonly message: string;
}

/** Keeps this device's id where a browser that empties itself does not reach: in an HttpOnly cookie of the shop's own server. */
export interface DeviceCookie {
  /**
   * Hands the id to the server, which sets the cookie anew, and gives the id that the cookie held already, or else this one. Called
   * while the storage is open, so after a yes, and once a day.
   */
  readonly keep: (id: string) => Promise<string>;
  /** Has the server erase the cookie: after a no, "forget me", "not you", and at the end of what was agreed to. */
  readonly erase: () => Promise<unknown>;
}

/** What `createRegulars` takes. Only `shop` is required. */
export interface RegularsOptions extends IdentifierRules, SpeechOptions {
  /** The business whose customers these are: the namespace of everything kept. */
  readonly shop: string;
  readonly place?: Place;
  /** @defaultValue 'storefront' */
  readonly mode?: Mode;
  /** @defaultValue memory: nothing outlives the page */
  readonly storage?: ProfileStorage;
  /** `recommender({ model })` of `regulars/recommend`. @defaultValue none: `recommend` answers `not-configured` */
  readonly recommend?: RecommenderPlug;
  readonly catalog?: CatalogSource;
  /** BCP 47. @defaultValue 'en' */
  readonly locale?: string;
  /** ISO 4217, needed to record prices. */
  readonly currency?: string;
  /**
   * IANA zone of the shop: of its kiosks and tills. On the web the customer's own holds, which is the device's unless `setContext`
   * knows better. @defaultValue the device's
   */
  readonly timeZone?: string;
  /**
   * What holds for a purpose before the customer answers; or who is asked: `shopifyConsent()` of `regulars/consent/shopify`,
   * `tcfConsent({ … })` of `regulars/consent/cmp`. @defaultValue 'ask' for each
   */
  readonly consent?: ConsentAnswers | ConsentSource;
  /** Levels a field asks for, where they differ from the table. */
  readonly reveal?: RevealOverrides;
  /** What the shop's backend does for recognition: looks up whom a kiosk does not know, and carries out proofs. @defaultValue that of `sync`, where its transport has one */
  readonly backend?: IdentityBackend;
  /** `syncOver(transport)` of `regulars/sync`: keeps this device and a backend the same. @defaultValue none: nothing goes over the network */
  readonly sync?: SyncPlug;
  /** What checks signed tokens: `jwsProof({ key, audience })` of `regulars/proof/jws`. @defaultValue none */
  readonly proofs?: readonly ProofVerifier[];
  /**
   * How long a device keeps things, in months: a customer after their last visit, single orders and what was shown after their
   * own time (what they count stays as long as the customer), answers to questions after theirs.
   * @defaultValue 24 for `remember`, 13 for `events`, 12 for `answers`
   */
  readonly retention?: {
    readonly remember?: number;
    readonly events?: number;
    readonly answers?: number;
  };
  /** Free text of lines that is worth keeping. @defaultValue none */
  readonly keep?: readonly 'notes'[];
  /**
   * Public key of the shop's backend, a P-256 JWK that `createSealKeys` of `regulars/server` makes. In a kiosk with a `storage`
   * purchases wait on the disk, sealed to it: nothing but the backend can read them. Elsewhere what identifies a customer, other than
   * by an account, is sealed to it and goes along with a `sync`; so is `carryToken()`. @defaultValue none: at a kiosk they wait in memory, elsewhere it stays
   */
  readonly sealTo?: JsonWebKey;
  /**
   * How many bytes the records here may take, as text. Beyond that the oldest history is dropped, and what it counted is kept;
   * an order that has no room even then is refused. @defaultValue 25 MB: some 35,000 orders
   */
  readonly limits?: { readonly bytes?: number };
  /** Kiosk: warn after 45 s, end 15 s later. Shared device: warn after 30 min. @defaultValue these */
  readonly idle?: { readonly warnAfterMs?: number; readonly endAfterMs?: number };
  /** Brings this device's id back after the browser has lost everything else: see the guide "Lost storage". @defaultValue none */
  readonly deviceCookie?: DeviceCookie;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Everything that degraded; never personal data. @defaultValue nothing is printed */
  readonly onError?: (error: unknown) => void;
  /** Told what a developer should know, with a code; never personal data. @defaultValue nothing is printed */
  readonly onNotice?: (notice: Notice) => void;
}
