import type { DeviceRow } from './core.js';

/** A row that something else wrote is made anew: the card, which the marker names, is found all the same. */
export function isDevice(row: Partial<DeviceRow> | undefined): row is DeviceRow {
  return (
    typeof row?.id === 'string' &&
    typeof row.generation === 'string' &&
    Array.isArray(row.key) &&
    (row.current === null || typeof row.current?.subject === 'string')
  );
}
