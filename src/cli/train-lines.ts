import { timeToMs } from './train-time.js';
import { misused } from './exit.js';

/** What somebody bought: one order, or lines of one. */
export interface Bought {
  /** Whose it is: the strongest of what is known. */
  readonly customer: string;
  /** Tells orders apart; lines of the same one belong together. */
  readonly order: string;
  /** ms; null where it is not known. */
  readonly at: number | null;
  readonly skus: readonly string[];
  /** True where it is all of the order: a later one of the same order stands in its place. */
  readonly isWhole: boolean;
}

/** Why a row was left out. */
export type RowRefused = 'no-customer' | 'no-sku' | 'invalid-time' | 'not-bought';

/** Which columns of a table are what. */
export interface Columns {
  readonly customer: string;
  readonly order: string | undefined;
  readonly at: string | undefined;
  readonly sku: string;
  /** Rows in which it is not above 0 took something back. */
  readonly quantity: string | undefined;
}

export type ColumnRole = keyof Columns;

/** How tables call it, without case, blanks and underscores; the first that is there holds. */
const NAMES: { readonly [role in ColumnRole]: readonly string[] } = {
  customer: (
    'customer customerid customerkey custid userid user memberid member clientid householdkey householdid household ' +
    'shopperid visitorid account accountid cardid loyaltyid msnoid email'
  ).split(' '),
  order: (
    'visit order orderid ordernumber invoice invoiceno invoicenumber invoiceid basket basketid transaction transactionid ' +
    'receipt receiptid checkid seq'
  ).split(' '),
  at: (
    'timems at time timestamp datetime orderedat createdat paidat orderdate invoicedate transactiondate purchasedate ' +
    'date day'
  ).split(' '),
  sku: (
    'sku items skus item itemid product productid productcode stockcode articleid variantid upc ean gtin productname ' +
    'itemname article'
  ).split(' '),
  quantity: ['quantity', 'qty', 'units', 'itemquantity'],
};

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/**
 * The columns of a table, those that were named and else those with usual names; undefined where there is no customer or no sku, or nothing
 * that tells visits apart.
 */
export function columnsOf(names: readonly string[], given: Partial<Columns>): Columns | undefined {
  const find = (role: ColumnRole): string | undefined => {
    const named = given[role];
    if (named !== undefined) {
      if (!names.includes(named))
        throw misused(`There is no column "${named}"; there are ${names.slice(0, 20).join(', ')}.`);
      return named;
    }
    const there = new Map(names.map((name) => [plain(name), name]));
    const usual = NAMES[role].find((name) => there.has(name));
    return usual === undefined ? undefined : there.get(usual);
  };
  const [customer, sku] = [find('customer'), find('sku')];
  const [order, at, quantity] = [find('order'), find('at'), find('quantity')];
  if (customer === undefined || sku === undefined) return undefined;
  const isList = /^(?:items|skus)$/.test(plain(sku));
  return order === undefined && at === undefined && !isList
    ? undefined
    : { customer, order, at, sku, quantity };
}

/** A row of a table, its values by column. */
export type RowValue = (column: string) => unknown;

/** Reads rows of a table with these columns; `number` counts them. */
export function createRowReader({
  customer,
  order,
  at,
  sku,
  quantity,
}: Columns): (value: RowValue, number: number) => Bought | RowRefused {
  const isList = /^(?:items|skus)$/.test(plain(sku));
  return (value, number) => {
    const who = textOf(value(customer));
    if (who === '') return 'no-customer';
    const given = value(sku);
    const one = textOf(given);
    const skus = Array.isArray(given)
      ? given.flatMap(skusIn)
      : isList
        ? one.split(/[\s,;|]+/).filter((text) => text !== '')
        : one === ''
          ? []
          : [one];
    if (skus.length === 0) return 'no-sku';
    if (quantity !== undefined && Number(value(quantity)) <= 0) return 'not-bought';
    const when = at === undefined ? '' : value(at);
    const ms = timeToMs(when);
    if (ms === undefined) return 'invalid-time';
    // rows without an order's number are told apart by their times
    const numbered = order === undefined ? '' : textOf(value(order));
    const which = numbered || String(ms ?? (order === undefined ? number : ''));
    return { customer: who, order: `${who}\n${which}`, at: ms, skus, isWhole: false };
  };
}

/** Of a list within an order: skus, or lines that have one by a usual name, but for those that were taken back. */
function skusIn(line: unknown): readonly string[] {
  if (typeof line !== 'object' || line === null) return textOf(line) === '' ? [] : [textOf(line)];
  const fields = new Map(Object.entries(line).map(([name, value]) => [plain(name), value]));
  const first = (role: ColumnRole): unknown =>
    fields.get(NAMES[role].find((name) => textOf(fields.get(name)) !== '') ?? '');
  const sku = textOf(first('sku'));
  return sku === '' || Number(first('quantity') ?? 1) <= 0 ? [] : [sku];
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
}
