import { readCsv } from './csv.js';
import type { Collector, OrderDraft } from './orders.js';
import { personOf } from './person.js';
import { amount, currencyOf, number, text } from './read.js';
import type { ParseOptions } from './types.js';

/** Where the report has its columns; their names are in the language of whoever made it. */
const COLUMNS = [
  ...['Date', 'Order #', 'N. Revenue (formatted)', 'Status', 'Customer', 'Customer type'],
  ...['Product(s)', 'Items sold', 'Coupon(s)', 'Net Sales'],
];

/** The orders of the CSV file of the orders report: by the names of its columns, or by their places where the names are not English. */
export function ordersOfReport(
  csv: string,
  local: ((shown: number) => number) | undefined,
  options: ParseOptions,
  statusOf: (status: string | undefined) => OrderDraft['status'],
  found: Collector,
): void {
  const rows = readCsv(csv);
  const currency = currencyOf(options.currency);
  if (rows.length === 0) found.skip('not-an-order', '');
  for (const [i, row] of rows.entries()) {
    const cells = 'Order #' in row ? COLUMNS.map((name) => row[name]) : Object.values(row);
    const [date, number_, formatted, status, display, , products, sold, , net] = cells;
    const id = text(number_);
    const where = `row ${i + 2}`;
    const isDated = /^\d{4}-\d\d-\d\d/.test(date ?? '');
    if (!isDated || id === undefined) {
      found.skip(isDated ? 'no-id' : 'not-an-order', where);
      continue;
    }
    const lines = splitProducts(products).map(([quantity, name]) => ({
      ...{ name, quantity, unitPrice: null },
    }));
    const none = lines.length === 0 && (number(sold) ?? 0) > 0;
    const raw = net || formatted;
    found.add({
      ...{ id: `woocommerce:${id}`, at: date, local, lines, raw, currency, channel: 'web' },
      status: statusOf(text(status)),
      total: amount(raw, currency),
      customer: personOf({ display }, options),
      warnings: [none && `${sold} items sold but none listed`],
    });
  }
}

/** `1× Pizza, small, 2× Water`: a comma parts products only where a quantity follows. */
const splitProducts = (value: string | undefined): readonly (readonly [string?, string?])[] =>
  (text(value) ?? '')
    .split(/, (?=-?\d+(?:[.,]\d+)?× )/)
    .map((each) => /^(-?\d+(?:[.,]\d+)?)× (.+)$/s.exec(each)?.slice(1) ?? [undefined, text(each)])
    .filter(([, name]) => name) as [string?, string?][];
