import type { PurchaseSetAside } from '../client/import-purchases.js';
import { number, safe } from './print.js';
import type { OrdersRead } from './read-orders.js';

/** What a reason asks of whoever runs the command. */
const HINTS: { readonly [reason: string]: string } = {
  'no-time': 'say when they came with --received-at, or where with --time-zone',
  'no-customer': 'nothing in it says whose it is',
  'no-order': 'refunds of orders that are not in the storage',
  test: 'marked as a test',
  'not-bought': 'open, canceled, given away or given back',
  'no-sku': 'nothing in it has a sku',
  inactive: 'accounts that are switched off',
};
const PLACES = 5;
const WARNINGS = 1_000;
const SHOWN = 10;

/** Something that came up several times. */
interface Often {
  count: number;
  readonly first: string;
  readonly places: string[];
}

/** What was met in a file, counted. */
export interface Tally {
  readonly add: (part: OrdersRead) => void;
  /** Something was passed over; `place` where it is known. */
  readonly skip: (reason: string, count: number, places: readonly string[]) => void;
  readonly skipped: () => number;
  /** What was passed over and noticed, with the first places: lines for a person. */
  readonly lines: () => readonly string[];
}

/** Counts what was met in a file. */
export function createTally(): Tally {
  const reasons = new Map<string, Often>();
  const warnings = new Map<string, Often>();
  let more = 0;
  const note = (map: Map<string, Often>, key: string, first: string, count: number): Often => {
    const known = map.get(key) ?? { count: 0, first, places: [] };
    known.count += count;
    map.set(key, known);
    return known;
  };
  const skip: Tally['skip'] = (reason, count, places) => {
    const known = note(reasons, reason, reason, count);
    for (const place of places) if (known.places.length < PLACES) known.places.push(place);
  };
  const warn = (text: string, place?: string): void => {
    // the same words of another line, order or amount are the same warning
    const key = text.replace(/"[^"]*"|[\w-]*\d[\w.-]*/g, '…');
    if (warnings.size >= WARNINGS && !warnings.has(key)) more++;
    else {
      const known = note(warnings, key, text, 1);
      if (place !== undefined && known.places.length < PLACES) known.places.push(place);
    }
  };
  return {
    add: (part) => {
      for (const { reason, where } of part.skipped) skip(reason, 1, where === '' ? [] : [where]);
      for (const text of part.warnings) warn(text);
      for (const purchase of part.purchases) {
        const { id, warnings: own } = (purchase ?? {}) as {
          readonly id?: unknown;
          readonly warnings?: unknown;
        };
        if (Array.isArray(own)) for (const text of own) warn(String(text), String(id));
      }
    },
    skip,
    skipped: () => [...reasons.values()].reduce((sum, { count }) => sum + count, 0),
    lines: () => {
      const often = [...warnings.values()].sort((a, b) => b.count - a.count);
      const left = often.slice(SHOWN).reduce((sum, { count }) => sum + count, more);
      return [
        ...[...reasons].map(([reason, told]) => reasonLine(reason, told)),
        ...often
          .slice(0, SHOWN)
          .map((told) => `  ${times(told.count)}${safe(told.first, 200)}${placesOf(told)}`),
        ...(left > 0 ? [`  and ${number(left)} warnings of other kinds`] : []),
      ];
    },
  };
}

const times = (count: number): string => `warning${count > 1 ? `, ${number(count)} times` : ''}: `;

function placesOf({ count, places }: Often): string {
  if (places.length === 0) return '';
  const more = count > places.length ? ', …' : '';
  return ` (${places.map((place) => safe(place, 120)).join(', ')}${more})`;
}

/** How a purchase is called that was passed over, with what is wrong with it. */
export function placeOf({ id, index, message }: PurchaseSetAside): string {
  const why = message?.replace('The purchase was not recorded: ', '').replace(/\.$/, '');
  return `${id ?? `order ${index + 1}`}${why ? `: ${why}` : ''}`;
}

function reasonLine(reason: string, told: Often): string {
  const hint = HINTS[reason];
  return `  ${number(told.count)} ${safe(reason)}${hint === undefined ? '' : `, ${hint}`}${placesOf(told)}`;
}
