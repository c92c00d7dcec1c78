import { expect, vi } from 'vitest';
import { indexedDbStorage } from '../../src/adapters/storage/indexed-db.js';
import { memoryStorage } from '../../src/adapters/storage/memory.js';
import type { DeviceRow } from '../../src/client/core.js';
import type { Marker } from '../../src/client/marker.js';
import type { Regulars, RegularsOptions } from '../../src/client/types.js';
import type { ProfileStorage } from '../../src/profile/port.js';
import type { Device } from './device.js';

/** Name of the database, and key of the marker. */
export const SHOP = 'regulars:blue-door';

/** Where one device keeps things, with the back door to it. */
export interface Shelf {
  /** For `createRegulars`: the same rows at each page. */
  readonly storage: () => ProfileStorage;
  /** What a browser does when it evicts. */
  readonly wipe: () => Promise<void>;
  /** Reads and changes the row of this install. */
  readonly row: () => Promise<DeviceRow | undefined>;
  readonly change: (row: Partial<DeviceRow>) => Promise<void>;
}

/** `close`: a back door of its own lets go, so that it blocks no page. */
function shelfOf(storage: () => ProfileStorage, back: ProfileStorage, close = true): Shelf {
  const through = async <T>(act: () => Promise<T>): Promise<T> => {
    await back.open({ name: SHOP });
    const result = await act();
    if (close) await back.close();
    return result;
  };
  const row = (): Promise<DeviceRow | undefined> =>
    through(
      () =>
        back.transact('readonly', (tx) => tx.get('meta', 'device')) as Promise<
          DeviceRow | undefined
        >,
    );
  return {
    storage,
    row,
    wipe: () => through(() => back.destroy()),
    change: async (change) => {
      const next = { ...(await row()), ...change };
      await through(() => back.transact('readwrite', async (tx) => tx.put('meta', 'device', next)));
    },
  };
}

/** Memory that outlives its pages. */
function memoryShelf(): Shelf {
  const inner = memoryStorage();
  const storage: ProfileStorage = {
    ...inner,
    open: async (options) => ({ ...(await inner.open(options)), kind: 'persistent' }),
  };
  return shelfOf(() => storage, inner, false);
}

/** Made per test, since `createDevice` puts a fresh IndexedDB in place. */
export const shelves: readonly (readonly [name: string, make: () => Shelf])[] = [
  ['memory', memoryShelf],
  ['IndexedDB', () => shelfOf(indexedDbStorage, indexedDbStorage())],
];

export const markerOf = ({ localStorage }: Device): Marker | null =>
  JSON.parse(localStorage.get(SHOP) ?? 'null') as Marker | null;

export const changeMarker = (device: Device, change: Partial<Marker>): void =>
  void device.localStorage.set(SHOP, JSON.stringify({ ...markerOf(device), ...change }));

/** What the developer was told about the storage, in order. */
export const toldOf = ({ notices }: Device): readonly string[] =>
  notices.map(({ code }) => code).filter((code) => code.startsWith('storage-'));

/** Notices come a moment later: their texts are loaded for the first one. */
export const isTold = (device: Device, ...codes: readonly string[]): Promise<void> =>
  vi.waitFor(() => expect(toldOf(device)).toEqual(codes));

/** Time for what is still on its way. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));

const pages = new Set<Regulars>();

/** A page of the device, started. One that is not stopped would hear the tests that follow. */
export async function openPage(
  device: Device,
  shelf: Shelf,
  options: Partial<RegularsOptions> = {},
): Promise<Regulars> {
  const page = device.page({ storage: shelf.storage(), ...options });
  pages.add(page);
  await page.start();
  return page;
}

/** For `afterEach`. */
export async function stopPages(): Promise<void> {
  await Promise.all([...pages].map((page) => page.stop()));
  pages.clear();
}
