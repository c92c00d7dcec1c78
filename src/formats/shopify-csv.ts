import type { CsvRow } from './csv.js';
import type { Loose } from './read.js';
import { fieldsOf, readTable, type Cell } from './shopify-table.js';

/** Columns of an order, by the field of the API that says the same: the admin's export, Transporter, Matrixify. */
const ORDER = {
  id: ['id'],
  notes: ['note attributes', 'additional details'],
  processedAt: ['created at', 'processed at'],
  cancelledAt: ['cancelled at'],
  financialStatus: ['financial status', 'payment: status'],
  currency: ['currency'],
  totalPrice: ['total', 'price: total'],
  totalRefunded: ['refunded amount', 'price: total refund'],
  sourceName: ['source', 'source name'],
  locationName: ['location', 'physical location'],
  email: ['email'],
  phone: ['phone'],
} as const;

const CUSTOMER = {
  id: ['customer: id'],
  email: ['customer: email'],
  phone: ['customer: phone'],
  firstName: ['customer: first name'],
  lastName: ['customer: last name'],
} as const;

const LINE = {
  id: ['line: id'],
  variantId: ['line: variant id'],
  productId: ['line: product id'],
  sku: ['lineitem sku', 'line: sku'],
  title: ['lineitem name', 'line: title', 'line: name'],
  variantTitle: ['line: variant title'],
  quantity: ['lineitem quantity', 'line: quantity'],
  price: ['lineitem price', 'line: price'],
} as const;

/** The orders of a CSV file as the API would have them, each with where it begins: rows of one name are one order. None where the columns are others. */
export function ordersOfCsv(text: string): readonly (readonly [order: Loose, where: string])[] {
  const { rows, cell, has } = readTable(text);
  if (!has(/^line(item |: )/)) return [];
  const groups = new Map<string, { rows: CsvRow[]; where: string; head: boolean }>();
  for (const [i, row] of rows.entries()) {
    const name = cell(row, ['name', 'id']) ?? '';
    const group = groups.get(name);
    // the export has the id on an order's first row only: once more is the order once more
    const head = cell(row, has(/^top row$/) ? ['top row'] : ['id']) !== undefined;
    if (group && !(head && group.head)) {
      group.rows.push(row);
      group.head ||= head;
    } else groups.set(name, { rows: [row], where: `row ${i + 2}`, head });
  }
  return [...groups].map(([name, group]) => [orderOf(name, group.rows, cell), group.where]);
}

function orderOf(name: string, rows: readonly CsvRow[], cell: Cell): Loose {
  const lines = rows.map((row) => ({
    type: cell(row, ['line: type'])?.toLowerCase() ?? 'line item',
    line: {
      ...fieldsOf(LINE, [row], cell),
      giftCard: cell(row, ['line: gift card'])?.toLowerCase() === 'true',
      properties: pairs(cell(row, ['line: properties'])),
    } as Loose,
  }));
  const all = fieldsOf(ORDER, rows, cell);
  return {
    ...all,
    // a spreadsheet writes long numbers as 5.55E+12, the same for many
    id: /^\d+$/.test(String(all['id'])) ? all['id'] : name,
    customer: fieldsOf(CUSTOMER, rows, cell),
    noteAttributes: pairs(all['notes'] as string | undefined),
    lineItems: lines.flatMap(({ type, line }) =>
      type === 'line item' && (line['title'] ?? line['sku']) ? [line] : [],
    ),
    refunds: lines.flatMap(({ type, line }) =>
      type === 'refund line'
        ? [
            {
              refundLineItems: [
                { lineItemId: line['id'], quantity: Math.abs(Number(line['quantity'])) },
              ],
            },
          ]
        : [],
    ),
  };
}

/** `gift: true`, one a line. */
const pairs = (text: string | undefined): readonly Loose[] =>
  (text ?? '').split('\n').map((line) => {
    const at = line.indexOf(':');
    return at < 0 ? {} : { name: line.slice(0, at), value: line.slice(at + 1) };
  });
