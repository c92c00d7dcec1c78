import type { EvidenceLevel, NormalIdentifier } from '../identity/types.js';
import type { Messages } from '../greeting/messages.js';
import type { Clock, Random } from '../kernel/clock.js';
import type { Card, Place, Channel } from '../profile/types.js';
import type { RecommenderLoaded } from '../recommend/types.js';
import type { Why } from '../greeting/types.js';
import type { Acts } from './acts.js';
import type { Catalog } from './catalog.js';
import type {
  Notice,
  Ready,
  Recommendations,
  RecommendOptions,
  RegularsEvents,
  RegularsOptions,
  Snapshot,
} from './types.js';
import type { Tabs } from './tabs.js';
import type { Vault } from './vault.js';

/** A proof of who it is, for this page. */
export interface Proof {
  readonly level: EvidenceLevel;
  /** Elapsed ms at which it stops to count; absent: this page load. */
  readonly until?: number;
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
}

/** One stay. `shown` counts per sku what was on screen. */
export interface Visit {
  readonly token: string;
  readonly startedAt: number;
  readonly exposures: Map<string, { shown: number; accepted: number }>;
  exposuresChanged: boolean;
  /** The words that were shown stay for the visit (product rule D8). */
  spoken?: { readonly key: string; readonly greeting: Snapshot['greeting'] };
  /** Closed over what it rests on; asked by ref. */
  readonly whys: Map<string, () => Why>;
  /** What a ref stands for, for `dismiss` and `accepted`. */
  readonly targets: Map<string, { readonly sku: string; readonly category?: string }>;
}

/** Everything the client's parts share; made once in `createRegulars`. */
export interface Core {
  readonly options: RegularsOptions;
  readonly mode: Snapshot['mode'];
  readonly clock: Clock;
  readonly random: Random;
  readonly messages: Messages;
  readonly vault: Vault;
  readonly catalog: Catalog;
  readonly report: (error: unknown) => void;
  readonly notice: (code: Notice['code'], message: string) => void;
  readonly emit: <E extends keyof RegularsEvents>(event: E, detail: RegularsEvents[E]) => void;
  /** Computes the snapshot anew and tells who listens. */
  readonly refresh: () => void;
  /** Everything that writes; loaded once, tried again after a failure. */
  readonly acts: () => Promise<Acts>;
  /** What listeners see now. */
  readonly snapshot: () => Snapshot;
  /** Runs one change of who is here after the other. */
  readonly inTurn: <T>(act: () => Promise<T>) => Promise<T>;
  readonly state: State;
}

/** What changes. */
export interface State {
  status: Snapshot['status'];
  person: Person;
  card: Card | undefined;
  visit: Visit | undefined;
  /** Subjects of this page's earlier visits, for answers that come late. */
  readonly visits: Map<string, string>;
  engine: RecommenderLoaded | undefined;
  /** Loaded with the engine: pages that do not recommend do not pay for it. */
  suggest: ((core: Core, options: RecommendOptions) => Recommendations) | undefined;
  modelState: Ready['model'];
  endsAt: number | null;
  tabs: Tabs | undefined;
  locale: string;
  currency: string | undefined;
  timeZone: string | undefined;
  place: Place | undefined;
  channel: Channel;
  basket: readonly string[];
  /** The customer's answer to `remember` on this page. */
  answeredRemember: 'granted' | 'denied' | undefined;
}
