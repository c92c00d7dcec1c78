import { RegularsError } from '../kernel/errors.js';
import type { ProfileStorage, StorageTransaction } from '../profile/port.js';
import type { Acts, Core, DeviceRow, Settled } from './core.js';
import { isDevice } from './device-row.js';
import type { Marker, MarkerStore } from './marker.js';

/**
 * Brings row and marker of this install together: makes the row where there is none, unless another tab has been faster, and where
 * the two name different devices, lets the one that was written later stand. The caller writes the marker anew. What is encrypted,
 * and nobody gave a key for, is left alone.
 */
export function settleDevice(
  to: ProfileStorage,
  fresh: DeviceRow,
  marker: Marker | undefined,
  now: number,
): Promise<Settled> {
  return to.transact('readwrite', async (transaction) => {
    const there = (await transaction.get('meta', 'device')) as DeviceRow | undefined;
    if (!isDevice(there)) return makeRow(transaction, there, fresh, marker, now);
    if (!marker) return { row: there };
    if (marker.device === there.id) {
      const row = marker.card === null ? { ...there, current: null } : there;
      // another tab has made the row anew
      return { row, ...(marker.generation !== there.generation && { found: 'evicted' }) };
    }
    if (marker.at <= (there.at ?? 0)) return { row: there, found: 'disagreed' };
    const row = { ...there, id: marker.device, at: now, current: whomOf(marker, there) };
    transaction.put('meta', 'device', row);
    return { row, found: 'disagreed' };
  });
}

async function makeRow(
  transaction: StorageTransaction,
  there: unknown,
  fresh: DeviceRow,
  marker: Marker | undefined,
  now: number,
): Promise<Settled> {
  if ((there as { readonly locked?: unknown } | undefined)?.locked !== undefined)
    throw new RegularsError('ERR_STORAGE_LOCKED', 'The stored data is encrypted: give its key.');
  const [card] = await transaction.list('cards', { limit: 1 });
  const row: DeviceRow = {
    ...fresh,
    at: now,
    // damaged or emptied: whom the row named, the marker still knows; what was known of them it does not
    ...(marker && { id: marker.device, current: whomOf(marker, fresh) }),
  };
  transaction.put('meta', 'device', row);
  if (there !== undefined) return { row, found: 'corrupt' };
  return { row, ...(marker && !card && { found: 'evicted' }) };
}

/** Whom a marker names, by the entry that the row knows for them. */
function whomOf({ card }: Marker, { current }: DeviceRow): DeviceRow['current'] {
  if (card === null || current?.customer === card) return card === null ? null : current;
  return { subject: card, customer: card };
}

/** What the client asks of this install's row. */
export function deviceActs(
  core: Core,
  markers: MarkerStore,
): Pick<Acts, 'settleDevice' | 'writeCurrent'> {
  return {
    settleDevice: async (to, fresh) => {
      const settled = await settleDevice(to, fresh, markers.read(), core.clock.now());
      if (settled.found) core.notice(`storage-${settled.found}`);
      return settled;
    },
    writeCurrent: (current) => writeCurrent(core, markers, current),
  };
}

/** Writes whom the device remembers. The rest of the row stays as another tab may have written it; nothing is written into what a no has emptied. */
async function writeCurrent(
  core: Core,
  markers: MarkerStore,
  current: DeviceRow['current'],
): Promise<DeviceRow> {
  const { vault, clock } = core;
  const mine = { ...vault.device(), current };
  return vault.run('readwrite', async (transaction) => {
    const there = (await transaction.get('meta', 'device')) as DeviceRow | undefined;
    if (there === undefined && markers.isGone()) return mine;
    const row = { ...(isDevice(there) ? there : mine), current, at: clock.now() };
    transaction.put('meta', 'device', row);
    return row;
  });
}
