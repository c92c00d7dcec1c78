import Table from 'cli-table3';
import { plainText } from '../kernel/text.js';
import type { ExportInspection } from '../profile/inspect-export.js';
import type { InspectedCustomer, Inspection } from '../profile/inspect-log.js';

/** A text from a storage as a terminal may show it: nothing in it steers the terminal. */
export const safe = (text: string, limit = 60): string => plainText(text, limit);

/** A number as people read it. */
export const number = (value: number): string => value.toLocaleString('en');
/** A moment, ISO 8601. */
export const time = (ms: number): string =>
  Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString().replace('.000Z', 'Z') : String(ms);

/** A table; columns of numbers stand to the right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const made = new Table({
    head: [...head],
    style: { head: [], border: [] },
    colAligns: head.map((_, i) =>
      rows.every((row) => typeof row[i] === 'number') ? 'right' : 'left',
    ),
  });
  for (const row of rows)
    made.push(row.map((cell) => (typeof cell === 'number' ? number(cell) : cell)));
  return `${made.toString()}\n`;
}

/** What a storage holds, as tables. */
export function inspectionText(seen: Inspection): string {
  const stores = Object.entries(seen.stores).map(
    ([name, { rows, bytes }]) => [name, rows, bytes] as const,
  );
  const kinds = Object.entries(seen.records).map(([kind, count]) => [safe(kind), count] as const);
  const { tokens, unreadable, waiting, log } = seen;
  const facts: readonly (readonly [string, string | number])[] = [
    ['customers', seen.customers],
    ['identifiers that lead to them', tokens.identifiers],
    ['merged subjects', tokens.merged],
    ['traces of erasures', tokens.erased],
    ['records waiting to be sent', waiting.records],
    ['sealed boxes waiting', waiting.sealed],
    ['damaged rows', unreadable.damaged],
    ['rows of a newer version', unreadable.newer],
    ['encrypted rows', unreadable.encrypted],
    ...(log ? [['number of the last record', log.number] as const] : []),
    ...(seen.oldestAt === undefined ? [] : [['oldest record', time(seen.oldestAt)] as const]),
    ...(seen.newestAt === undefined ? [] : [['newest record', time(seen.newestAt)] as const]),
  ];
  return [
    table(['store', 'rows', 'bytes'], stores),
    kinds.length > 0 ? table(['records', 'count'], kinds) : '',
    table(
      ['', ''],
      facts.map(([name, value]) => [name, typeof value === 'number' ? number(value) : value]),
    ),
  ].join('');
}

/** What an export holds, as tables. */
export function exportText(seen: ExportInspection): string {
  const kinds = Object.entries(seen.records).map(([kind, count]) => [safe(kind), count] as const);
  return [
    `export of ${safe(seen.shop)}, ${time(seen.exportedAt)}\n`,
    kinds.length > 0 ? table(['records', 'count'], kinds) : '',
    table(
      ['', ''],
      [
        ['whole', seen.complete ? 'yes' : 'NO: lines are missing or were changed'],
        ['records waiting to be sent', number(seen.waiting.records)],
        ['sealed boxes waiting', number(seen.waiting.sealed)],
        ['lines that cannot be read', number(seen.skipped)],
      ],
    ),
  ].join('');
}

/** One customer, as tables. */
export function customerText({ id, card, state, rows }: InspectedCustomer): string {
  const facts = Object.entries(card?.facts ?? {}).map(
    ([key, { value, source }]) => [safe(key), safe(JSON.stringify(value)), source] as const,
  );
  const records = rows.map(({ key, state: read, record }) => {
    const { kind, stamp, by, data } = (record ?? {}) as { readonly [field: string]: unknown };
    const told = read === 'ok' || read === 'older' ? String(kind) : read;
    const text = (value: unknown): string => (typeof value === 'string' ? value : '');
    return [safe(told), safe(text(stamp)), safe(text(by) || key, 24), summary(data)];
  });
  return [
    `customer ${safe(id)}${state === 'ok' ? '' : ` (card: ${state})`}\n`,
    card
      ? `subjects ${card.subjects.map((one) => safe(one)).join(', ')}; paid visits ${card.paidVisits}; ` +
        `purchases ${card.purchases.length + card.olderPurchases}\n`
      : '',
    facts.length > 0 ? table(['fact', 'value', 'source'], facts) : '',
    records.length > 0 ? table(['record', 'stamp', 'by', 'what'], records) : '',
  ].join('');
}

function summary(data: unknown): string {
  return data === undefined ? '' : safe(JSON.stringify(data));
}
