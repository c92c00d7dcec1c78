// Rows of the shop's order export become purchases, refunds and a catalog. What is left out is told, with the reason.
import Papa from 'papaparse';
import { money } from 'regulars';

const CURRENCY = 'GBP';
const TIME_ZONE = 'Europe/London';

/** Codes that are no goods. Anything else is. */
const NOT_GOODS = new Map([
  ['AMAZONFEE', 'fee'],
  ['B', 'bad debt'],
  ['BANK CHARGES', 'bank charges'],
  ['C2', 'carriage'],
  ['CRUK', 'donation'],
  ['D', 'discount'],
  ['DOT', 'postage'],
  ['M', 'manual entry'],
  ['POST', 'postage'],
  ['S', 'samples'],
]);

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: TIME_ZONE,
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** What a clock on the shop's wall shows at an instant, as if it were UTC. */
function wallTime(instant) {
  const part = Object.fromEntries(
    clock.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  );
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
}

/** The instant, in ms, of a local time of the shop; NaN for a text that is none. */
export function shopTimeToInstant(local) {
  const wall = Date.parse(`${local}Z`);
  if (Number.isNaN(wall)) return Number.NaN;
  const guess = wall - (wallTime(wall) - wall);
  // A second look, at the offset that holds there: the first was taken up to an hour away.
  return guess - (wallTime(guess) - wall);
}

/** A row with its fields read, or the reason why it is left out. */
function readRow(row, number) {
  const where = `row ${number}`;
  const sku = row.StockCode?.trim() ?? '';
  const name = row.Description?.replace(/\s+/g, ' ').trim() ?? '';
  const customer = row.CustomerID?.trim() ?? '';
  const invoice = row.InvoiceNo?.trim() ?? '';
  const quantity = Number(row.Quantity || Number.NaN);
  const price = Number(row.UnitPrice || Number.NaN);
  const at = shopTimeToInstant(row.InvoiceDate);
  const isCancellation = invoice.startsWith('C');
  const reason =
    NOT_GOODS.get(sku) ??
    (customer === '' || invoice === '' || (sku === '' && name === '')
      ? 'no customer, invoice or article'
      : Number.isNaN(at)
        ? 'no time'
        : !Number.isInteger(quantity) || (isCancellation ? quantity >= 0 : quantity <= 0)
          ? 'no quantity'
          : !(price >= 0)
            ? 'no price'
            : undefined);
  if (reason !== undefined) return { where, reason };
  const unitPrice = money(price, CURRENCY);
  return { where, invoice, customer, country: row.Country, sku, name, quantity, unitPrice, at };
}

/** The purchase with this row's article added. */
function addLine(purchases, row) {
  const id = `online-retail:${row.invoice}`;
  const purchase = purchases.get(id) ?? {
    id,
    at: row.at,
    status: 'paid',
    lines: [],
    total: 0,
    currency: CURRENCY,
    channel: 'web',
    revision: 1,
  };
  const { sku, name, quantity, unitPrice } = row;
  purchase.lines.push({ sku, name, quantity, unitPrice });
  purchase.total += quantity * unitPrice;
  purchases.set(id, purchase);
}

/** Takes a cancelled quantity off the newest purchases that hold the article; gives what none of them held. */
function cancel(purchases, row, refunds) {
  let left = -row.quantity;
  const newestFirst = [...purchases.values()].sort((a, b) => b.at - a.at);
  for (const purchase of newestFirst) {
    if (left === 0) break;
    if (purchase.at > row.at) continue;
    const before = left;
    for (const line of purchase.lines) {
      if (line.sku !== row.sku) continue;
      const back = Math.min(left, line.quantity - (line.refundedQuantity ?? 0));
      if (back > 0) line.refundedQuantity = (line.refundedQuantity ?? 0) + back;
      left -= back;
    }
    if (left === before) continue;
    const whole = purchase.lines.every((line) => line.refundedQuantity === line.quantity);
    purchase.status = whole ? 'refunded' : 'partially_refunded';
    purchase.revision++;
    const { invoice, sku, at } = row;
    refunds.push({ purchase: purchase.id, invoice, sku, quantity: before - left, at });
  }
  return left;
}

/** Of each article the latest name and the most usual price. */
function makeCatalog(rows) {
  const articles = new Map();
  for (const { sku, name, unitPrice } of rows) {
    const article = articles.get(sku) ?? { name, prices: new Map() };
    if (name !== '') article.name = name;
    // A price of nothing is a gift of the shop, not a price.
    if (unitPrice > 0) article.prices.set(unitPrice, (article.prices.get(unitPrice) ?? 0) + 1);
    articles.set(sku, article);
  }
  return [...articles]
    .map(([sku, { name, prices }]) => {
      const [usual] = [...prices].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
      return { sku, name, ...(usual && { price: usual[0] }) };
    })
    .sort((a, b) => (a.sku < b.sku ? -1 : 1));
}

/**
 * Reads the export. `customers` maps a customer's id to purchases as `record` takes them, oldest first: a cancellation
 * is in the purchase it takes back, as `refundedQuantity` and a higher `revision`. The same text gives the same result.
 */
export function importOrders(csv) {
  const { data } = Papa.parse(csv, { header: true, skipEmptyLines: true });
  const skipped = [];
  const rows = [];
  data.forEach((row, index) => {
    const read = readRow(row, index + 2);
    (read.reason === undefined ? rows : skipped).push(read);
  });
  rows.sort((a, b) => a.at - b.at);

  const byCustomer = new Map();
  const refunds = [];
  const countries = new Map();
  const orders = rows.filter(({ quantity }) => quantity > 0);
  for (const row of rows) {
    const purchases = byCustomer.get(row.customer) ?? new Map();
    byCustomer.set(row.customer, purchases);
    countries.set(row.customer, row.country);
    if (row.quantity > 0) addLine(purchases, row);
    else if (cancel(purchases, row, refunds) > 0)
      skipped.push({ where: row.where, reason: 'cancellation without its order' });
  }
  const customers = new Map(
    [...byCustomer]
      .map(([id, purchases]) => [id, [...purchases.values()]])
      .filter(([, purchases]) => purchases.length > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return {
    customers,
    countries,
    refunds,
    skipped,
    catalog: makeCatalog(orders),
    rows: data.length,
  };
}

/** A purchase as the engine counts it: what was kept of it, nothing where all came back. */
export function purchaseToVisit({ at, lines }) {
  const kept = lines.filter(({ quantity, refundedQuantity = 0 }) => quantity > refundedQuantity);
  return { at, items: kept.map(({ sku }) => sku) };
}
