import { hash32 } from '../kernel/hash.js';
import { DATA_VERSION, type StoredRow } from './decode-row.js';

// Reading stands apart, so that a page that only greets does not load what writes.
export { decodeRow } from './decode-row.js';

/** Writes a value as a row. */
export function encodeRow(value: unknown, version: number = DATA_VERSION): StoredRow {
  return encodeText(JSON.stringify(value), version);
}

/** Writes a value, given as JSON, as a row. */
export function encodeText(text: string, version: number = DATA_VERSION): StoredRow {
  return { v: version, sum: hash32(text), text };
}
