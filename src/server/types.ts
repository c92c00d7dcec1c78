import type { IdentifierRules, RawIdentifier } from '../identity/port.js';
import type { EvidenceLevel, RevealOverrides } from '../identity/types.js';
import type { Clock, Random } from '../kernel/clock.js';
import type { Item, RecommenderPlug } from '../recommend/types.js';
import type { SpeechOptions } from '../greeting/speech-options.js';
import type { ConsentAnswers } from '../profile/port.js';
import type { Bus } from './bus.js';
import type { Database } from './port.js';

/**
 * What a caller may do. `self`: the customer, signed in: reads and writes their own records. `look-up`: a page that asks for a view of
 * somebody. `device`: a kiosk or a till of the shop: look-up, and boxes for what waits there. `staff`: whoever may see everybody.
 */
export type ServerScope = 'self' | 'look-up' | 'device' | 'staff';

/** Who asks, as the host's own sign-in knows it. */
export interface Authorized {
  /** The shop whose records these are. It comes from here and never from what was sent. */
  readonly shop: string;
  readonly scope: ServerScope;
  /** The customer's number in the host's own books: who `self` is. */
  readonly account?: string;
  /** What else the host has checked of this customer: the phone and the e-mail that were confirmed. */
  readonly identifiers?: readonly RawIdentifier[];
  /** How sure the host is. Below `verified` nothing is read and nothing but boxes is taken. @defaultValue 'verified' */
  readonly level?: EvidenceLevel;
  /** Names the device or page that limits count for. @defaultValue the account, else what the request authorized itself with */
  readonly device?: string;
  /** What somebody of the staff is. Scope `staff` needs one. */
  readonly role?: string;
  /** Where it is, for devices: `main-st`. */
  readonly place?: string;
}

/** The keys of a shop. Kept by the host, beside the database and not in it. */
export interface ShopKeys {
  /** 32 random bytes: tokens, cursors and the marks of whom was forgotten are made with it. Another key knows nobody. */
  readonly key: Uint8Array;
  /** Private keys of `createSealKeys` whose boxes may still come: today's first, then those it was rotated from. */
  readonly seal?: readonly JsonWebKey[];
}

/** How much may be asked. */
export interface ServerLimits {
  /** Bytes of the body of a push. @defaultValue 1,000,000 */
  readonly pushBytes?: number;
  /** Records of one push. @defaultValue 500 */
  readonly pushRecords?: number;
  /** Characters of one record, as JSON. @defaultValue 65,536 */
  readonly recordLength?: number;
  /** Requests a minute of one customer or device, in each process. @defaultValue 600 */
  readonly requestsPerMinute?: number;
  /** Look-ups, and proofs of each kind, of one identifier in ten minutes. @defaultValue 5 */
  readonly perIdentifier?: number;
  /** Look-ups, and proofs of each kind, of one device in ten minutes. @defaultValue 30 */
  readonly perDevice?: number;
  /** Every look-up takes so long, whatever comes of it, ms. @defaultValue 250 */
  readonly lookUpMs?: number;
  /** Days after which what happened may become a base. @defaultValue 180 */
  readonly horizonDays?: number;
  /** Open event streams of one customer or device, in each process. @defaultValue 10 */
  readonly streams?: number;
}

/** Which pages may call: origins such as `https://shop.example`, or a test of one. */
export interface CorsOptions {
  /** Each as a browser writes it: scheme, host, and a port that is not the usual one. */
  readonly origins: readonly string[] | ((origin: string) => boolean);
}

/** What a shop says of itself, where it is not the same for all. */
export interface ShopSettings extends Omit<IdentifierRules, 'phone'>, SpeechOptions {
  /** IANA zone of the shop, for the usual and the part of the day. */
  readonly timeZone?: string;
  /** What it sells: tells what is sensitive, which is in no view, and what may be offered. @defaultValue nothing is known */
  readonly catalog?: readonly Item[];
  /** BCP 47, of whoever says nothing else. @defaultValue 'en' */
  readonly locale?: string;
  /** ISO 4217, of whoever says nothing else. @defaultValue prices are told as they are */
  readonly currency?: string;
  /**
   * `recommender({ model })` of `regulars/recommend`, made once: it keeps its model, and another one reads it anew.
   * @defaultValue none: `recommend` answers `not-configured`
   */
  readonly recommend?: RecommenderPlug;
  /** What holds for a purpose before the customer answers, as in your pages. @defaultValue 'ask' for each */
  readonly consent?: ConsentAnswers;
  /** Other levels of evidence for what may be said. @defaultValue the disclosure table */
  readonly reveal?: RevealOverrides;
}

/** A code on its way to the customer. */
export interface CodeToDeliver {
  readonly shop: string;
  readonly to: RawIdentifier;
  readonly code: string;
  /** How long it can be answered, ms. */
  readonly lifetimeMs: number;
}

/** What {@link createRegularsServer} takes. */
export interface RegularsServerOptions {
  /** Where everything is kept: `postgresDatabase`, `pgliteDatabase`, `memoryDatabase`. */
  readonly database: Database;
  /** Says who asks, by the host's own sign-in: a session, a signed token. Undefined: nobody, which is answered with 401. */
  readonly authorize: (
    request: Request,
  ) => Authorized | undefined | Promise<Authorized | undefined>;
  /** The keys of a shop; undefined for one that there is not. */
  readonly keys: (shop: string) => ShopKeys | undefined | Promise<ShopKeys | undefined>;
  /** What a shop says of itself. @defaultValue nothing */
  readonly settings?: (shop: string) => ShopSettings | Promise<ShopSettings>;
  /** Sends a code: the SMS or mail of a shop. @defaultValue none: there are no codes */
  readonly deliver?: (message: CodeToDeliver) => void | Promise<void>;
  /** The text of a QR, as an address that the customer's phone opens. @defaultValue the ticket itself */
  readonly qrText?: (ticket: string, shop: string) => string;
  /** Pages of other origins that may call. @defaultValue none */
  readonly cors?: CorsOptions;
  readonly limits?: ServerLimits;
  /** Tells the other processes of this server what is new. @defaultValue this process alone; the others find it out within 25 s */
  readonly bus?: Bus;
  /** Told of what went wrong: never with personal data. @defaultValue nobody is */
  readonly onError?: (error: unknown) => void;
  /** @defaultValue the platform's */
  readonly clock?: Clock;
  /** @defaultValue the platform's */
  readonly random?: Random;
}
