import type { StoreName } from '../profile/port.js';

/** Where `audit` looks. */
export type AuditPlace =
  'storage' | 'memory' | 'localStorage' | 'sessionStorage' | 'cookies' | 'caches' | 'page';

/** Some bytes held here. */
export interface AuditEntry {
  readonly place: AuditPlace;
  /** The store of a database, or of the memory that stands in for one. */
  readonly store?: StoreName;
  /** What it is: the kind of a record, `card`, `identifier`, `device`, `sealed`, or the key of the browser's entry. */
  readonly what: string;
  /** Whose it is: something of a customer's, the shop's own, or what this device needs to work. */
  readonly of: 'customer' | 'shop' | 'device';
  readonly rows: number;
  /** Of keys and values, as UTF-8 text. */
  readonly bytes: number;
}

/** A row that could not be read. It is left where it is, and harms no other. */
export interface SetAside {
  readonly store: StoreName;
  readonly key: string;
  readonly why: 'damaged' | 'newer' | 'encrypted';
  /** What is there, as text. */
  readonly text: string;
}

/** Every byte this client holds, and where. */
export interface Audit {
  readonly at: number;
  readonly entries: readonly AuditEntry[];
  /** Sums of the entries, by whose they are. */
  readonly bytes: { readonly [of in AuditEntry['of']]: number };
  readonly setAside: readonly SetAside[];
  /** Entries that others put into this browser, counted and not looked into. */
  readonly foreign: {
    readonly [place in 'localStorage' | 'sessionStorage' | 'cookies' | 'caches']: number;
  };
  /** False where a storage is there that nobody here has agreed to: it was not opened. */
  readonly complete: boolean;
}
