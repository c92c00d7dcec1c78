import type { RegularsOptions } from './types.js';

/**
 * The one thing read before consent: a localStorage entry `regulars:<shop>`, written by the customer's yes, erased by
 * their no. It says that a database may be opened, and lets an emptied database be noticed.
 */
export interface Marker {
  readonly device: string;
  /** The customer this device remembers; null after "not you". */
  readonly card: string | null;
  /** Made with the database; another one there means that the browser emptied it. */
  readonly generation: string;
  /** The last visit, ms; what is kept ends so long after it as the customer was told. */
  readonly at: number;
}

/** What a no leaves where the host says yes for everybody: no id, no time. */
const REFUSED = { refused: true };
export const MONTH_MS: number = (365.25 / 12) * 86_400_000;

/** How long a device remembers after the last visit (product rule P9). */
export function remembersMonths({ retention }: RegularsOptions): number {
  return retention?.remember ?? 24;
}

/** True when the time that the customer agreed to is over. */
export function isOver(marker: Marker, options: RegularsOptions, now: number): boolean {
  return now - marker.at > remembersMonths(options) * MONTH_MS;
}

/** No visit is ten years ago: the clock is wrong, now or then, and nothing is deleted for that. */
export function isFarAhead(elapsedMs: number): boolean {
  return elapsedMs > 120 * MONTH_MS;
}

/** Reads and writes the marker of one shop; a browser that refuses localStorage has none. */
export interface MarkerStore {
  readonly read: () => Marker | undefined;
  readonly write: (marker: Marker) => void;
  readonly erase: () => void;
  /** Writes nothing but that somebody here said no, against a host that says yes for everybody. */
  readonly refuse: () => void;
  readonly isRefused: () => boolean;
  /** True where an erasure could not be carried out: it comes before anything else. */
  readonly owes: () => boolean;
  /** True when it was there before and is no more: erased by another tab, or with the site's data. */
  readonly isGone: () => boolean;
}

/** The marker in this page's localStorage. */
export function createMarkerStore(shop: string): MarkerStore {
  const key = `regulars:${shop}`;
  // even reading the property throws where storage is blocked
  const attempt = <T>(act: (storage: Storage) => T): T | undefined => {
    try {
      return act(globalThis.localStorage);
    } catch {
      return undefined;
    }
  };
  const text = (): string | undefined => attempt((storage) => storage.getItem(key)) ?? undefined;
  let seen = false;
  const read = (): Marker | undefined => {
    const marker = parseMarker(text());
    seen ||= marker !== undefined;
    return marker;
  };
  const isRefused = (): boolean => text()?.includes('"refused":true') === true;
  const write: MarkerStore['write'] = (marker) =>
    void attempt((storage) =>
      storage.setItem(key, JSON.stringify({ ...marker, ...(isRefused() && REFUSED) })),
    );
  return {
    owes: () => text()?.includes('"erase":') === true,
    refuse: () => write({ ...(read() as Marker), ...REFUSED }),
    isRefused,
    read,
    write,
    erase: () => {
      seen = false;
      attempt((storage) => storage.removeItem(key));
    },
    isGone: () => seen && !read(),
  };
}

function parseMarker(text = 'null'): Marker | undefined {
  try {
    const { device, card, generation, at } = JSON.parse(text) as Record<keyof Marker, unknown>;
    if (
      typeof device !== 'string' ||
      !/^[0-9a-f]{32}$/.test(device) ||
      typeof generation !== 'string'
    )
      return undefined;
    return {
      device,
      card: typeof card === 'string' ? card : null,
      generation,
      at: typeof at === 'number' ? at : 0,
    };
  } catch {
    return undefined; // no marker, or one somebody else wrote
  }
}
