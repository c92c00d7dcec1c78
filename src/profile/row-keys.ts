import { recordPrefix } from './read-card.js';

/** Key of a record. */
export function recordKey(subject: string, id: string): string {
  return recordPrefix(subject) + id;
}

/** Begins the keys of outbox entries that are nobody's record here: what somebody erased is told by. */
export const ERASE_PREFIX = 'erase:';
/** Begins the keys of outbox entries that a backend refused for good. */
export const ASIDE_PREFIX = 'aside:';

/** Which record an entry of the outbox is of: its value is that key, or has it beside what else goes over the wire. */
export function recordKeyOf(entry: unknown): string | undefined {
  const { key = entry } = (entry ?? {}) as { readonly key?: unknown };
  return typeof key === 'string' ? key : undefined;
}

/** Key of an entry of the outbox: sorts as the numbers do. */
export function outboxKey(n: number): string {
  return String(n).padStart(16, '0');
}
