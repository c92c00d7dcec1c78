import { recordPrefix } from './read-card.js';

/** Key of a record. */
export function recordKey(subject: string, id: string): string {
  return recordPrefix(subject) + id;
}

/** Key of an entry of the outbox: sorts as the numbers do. */
export function outboxKey(n: number): string {
  return String(n).padStart(16, '0');
}
