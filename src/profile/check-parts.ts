import { isStamp } from '../kernel/stamp.js';

// Checked by hand: a schema of a union or a tuple costs more than it says.

/** True for what JSON can say. */
export function isJson(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isJson);
  return value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
}

/** True for what is left of a purchase that was dropped. */
export function isOlderPurchase(row: unknown): boolean {
  const [names, at, stamp, place, lines] = Array.isArray(row) ? (row as unknown[]) : [];
  return (
    isStamp(stamp) &&
    Array.isArray(lines) &&
    [at, place, ...(lines as unknown[])].every(Number.isFinite) &&
    typeof names === 'string'
  );
}
