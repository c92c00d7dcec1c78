import { hex } from '../../src/kernel/random-id.js';
import { uuidV8 } from '../../src/kernel/ids.js';
import type { Purchase } from '../../src/profile/types.js';
import { linesOf, randomOf, timesOf } from '../page/history.js';

const DAY_MS = 86_400_000;

/** The time of this shop: the same in each run, so that each contender writes the same bytes. */
export const NOW: number = Date.UTC(2026, 0, 15, 12);

/** Number of the customer with 50 orders: whom the rows for open and append are about. */
export const REGULAR = 0;

/** A customer as a shop knows one, before any contender made it its own. */
export interface Customer {
  readonly id: string;
  readonly name: string;
  /** What the customer is found by: a keyed hash of a phone number looks like this. */
  readonly token: string;
  /** Oldest first. */
  readonly orders: readonly Purchase[];
}

/** Random bytes that are the same for the same numbers. */
function bytesOf(seed: number, count: number): Uint8Array {
  const random = randomOf(Math.imul(seed, 0x9e3779b1));
  return Uint8Array.from({ length: count }, () => Math.floor(random() * 256));
}

/** The token of the customer with number `i`. */
export function tokenOf(i: number): string {
  return hex(bytesOf(2 * i + 1, 32));
}

/** The id of the customer with number `i`. */
export function idOf(i: number): string {
  return hex(bytesOf(2 * i, 16));
}

function orderOf(id: string, at: number, random: () => number): Purchase {
  return {
    id,
    at,
    status: 'paid',
    lines: linesOf(random),
    total: null,
    currency: 'EUR',
    channel: 'web',
  };
}

/** The customer with number `i`; with one to three orders where `count` does not say how many. */
export function customerOf(i: number, count?: number): Customer {
  const random = randomOf(i);
  const orders = i === REGULAR ? 50 : (count ?? 1 + Math.floor(random() * 3));
  return {
    id: idOf(i),
    name: `Maya ${i}`,
    token: tokenOf(i),
    orders: timesOf(orders, NOW, random).map((at, n) => orderOf(`web:${i}-${n}`, at, random)),
  };
}

/** The `n`th order that the regular places during the bench: each a day after the other. */
export function nextOrder(n: number): Purchase {
  return orderOf(`web:next-${n}`, NOW + n * DAY_MS, randomOf(1_000_000 + n));
}

/** The id that a record is given: purchases have the same one wherever they are written. */
export function recordId(text: string): string {
  let seed = 7;
  for (const c of text) seed = Math.imul(seed, 31) + c.charCodeAt(0);
  const a = bytesOf(seed, 8);
  return uuidV8(Uint8Array.from([...a, ...bytesOf(seed ^ text.length, 8)]));
}
