import type {
  ParsedCustomer,
  ParsedId,
  ParsedOrders,
  ParsedPurchase,
  ParsedRefund,
  ParseOptions,
  Skipped,
  SkipReason,
} from './types.js';
import { list, object, text, type Loose } from './read.js';

/** Gathers what a parser finds. */
export interface Collector {
  /**
   * An order; the same id again replaces the one before, in its place. Made fit to be recorded: lines without sku and name go, and those of
   * nothing; money below zero or of no currency is unknown. `raw` is what time and money were read from: unread, they are warned of.
   */
  readonly add: (
    purchase: ParsedPurchase,
    raw?: { readonly at?: unknown; readonly total?: unknown },
  ) => void;
  readonly addCustomer: (customer: ParsedCustomer) => void;
  /** What came back; the same again is the same event. */
  readonly refund: (refund: ParsedRefund) => void;
  readonly skip: (reason: SkipReason, where: string) => void;
  readonly warn: (warning: string) => void;
  /** All of it; refunds of orders that are here are worked into their lines and status. */
  readonly done: () => ParsedOrders;
}

/** An object without the fields that are undefined. */
export const defined = <T extends object>(
  fields: T,
): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

export function collect(): Collector {
  const purchases = new Map<string, ParsedPurchase>();
  const refunds = new Map<string, ParsedRefund>();
  const customers: ParsedCustomer[] = [];
  const skipped: Skipped[] = [];
  const warnings: string[] = [];
  return {
    add: (purchase, raw) => void purchases.set(purchase.id, fit(purchase, raw)),
    addCustomer: (customer) => void customers.push(customer),
    refund: (refund) => void refunds.set(JSON.stringify(refund), refund),
    skip: (reason, where) => void skipped.push({ reason, where }),
    warn: (warning) => void warnings.push(warning),
    done: () => {
      const left = [...refunds.values()].filter((refund) => !takeBack(purchases, refund));
      return { purchases: [...purchases.values()], customers, refunds: left, skipped, warnings };
    },
  };
}

/** Fit to be recorded. */
function fit(
  purchase: ParsedPurchase,
  raw: { readonly at?: unknown; readonly total?: unknown } = {},
): ParsedPurchase {
  const warnings = new Set(purchase.warnings);
  const money = (value: number | null, currency: string | null): number | null => {
    if (value !== null && value < 0) warnings.add('an amount below zero');
    return Number.isSafeInteger(value) && Number(value) >= 0 && currency ? value : null;
  };
  const lines = purchase.lines.flatMap((line) => {
    if (!line.sku && !line.name) warnings.add('item without sku and name dropped');
    else if (line.quantity > 0)
      return [{ ...line, unitPrice: money(line.unitPrice, line.currency) }];
    return [];
  });
  if (!purchase.at && text(raw.at)) warnings.add('its time could not be read');
  if (!purchase.currency && text(raw.total)) warnings.add('no currency');
  return {
    ...purchase,
    lines,
    total: money(purchase.total, purchase.currency),
    ...(warnings.size > 0 && { warnings: [...warnings] }),
  };
}

/** True when the order is here. */
function takeBack(purchases: Map<string, ParsedPurchase>, refund: ParsedRefund): boolean {
  const purchase = purchases.get(refund.purchase);
  if (!purchase) return false;
  const inPart = refund.total !== undefined && refund.total < (purchase.total ?? 0);
  const back = refund.lines ?? (inPart ? [] : undefined);
  const left = new Map<string, number>();
  for (const { sku, quantity } of back ?? []) left.set(sku, (left.get(sku) ?? 0) + quantity);
  const lines = purchase.lines.map((line) => {
    const { refundedQuantity = 0, quantity } = line;
    const key = line.sku ?? line.name;
    const taken = Math.min(back ? (left.get(key) ?? 0) : quantity, quantity - refundedQuantity);
    if (taken <= 0) return line;
    left.set(key, (left.get(key) ?? 0) - taken);
    return { ...line, refundedQuantity: refundedQuantity + taken };
  });
  const isWhole =
    !back || (lines[0] && lines.every((line) => line.refundedQuantity === line.quantity));
  const status = isWhole ? 'refunded' : 'partially_refunded';
  purchases.set(purchase.id, {
    ...purchase,
    lines,
    status: purchase.status === 'cancelled' ? 'cancelled' : status,
  });
  return true;
}

/** The parsed JSON of a text; anything else as it is; undefined for text that is no JSON. */
export function readJson(input: unknown): unknown {
  if (typeof input !== 'string') return input;
  try {
    return JSON.parse(input.replace(/^\uFEFF/, '')) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * The orders in a payload, each with where it stands: looks through bare lists and wrappers (`{ order }`, `{ orders: [] }`, …) by the
 * names of their fields. A payload that is no wrapper is one order.
 * @yields an order and its path
 */
export function* unwrap(
  value: unknown,
  wrappers: readonly string[],
  where = '',
): Generator<readonly [order: Loose, where: string]> {
  const inside = wrappers.find((name) => typeof (object(value)[name] ?? 0) === 'object');
  // deeper than anything that wraps orders: no list, whatever it is
  if (where.length > 99) yield [{}, where];
  else if (Array.isArray(value))
    for (const [i, one] of list(value).entries()) yield* unwrap(one, wrappers, `${where}[${i}]`);
  else if (inside === undefined) yield [object(value), where];
  else yield* unwrap(object(value)[inside], wrappers, where ? `${where}.${inside}` : inside);
}

/** Identifiers, normal enough to be told apart: those without a value fall away, and none comes twice. */
export function idsOf(
  given: readonly (readonly [kind: ParsedId['kind'], value: unknown])[],
  { country }: ParseOptions,
): readonly ParsedId[] {
  const ids = new Map<string, ParsedId>();
  for (const [kind, raw] of given) {
    const found = text(raw) ?? '';
    const value =
      kind === 'email' ? readEmail(found) : kind === 'phone' ? readPhone(found, country) : found;
    if (value) ids.set(`${kind} ${value}`, { kind, value });
  }
  return [...ids.values()];
}

const readEmail = (value: string): string =>
  /^\S+@\S+$/.exec(value.replace(/^mailto:/i, ''))?.[0].toLowerCase() ?? '';

/** Calling codes of countries whose national numbers are completed. From ITU-T E.164. */
const CODES =
  'AT43AU61BE32BR55CA1CH41CZ420DE49DK45ES34FI358FR33GB44IE353IT39JP81KR82MX52NL31NO47NZ64PL48PT351SE46US1';

function readPhone(value: string, country: string | undefined): string {
  const dialed = value.replace(/(ext|x|;|#).*$/i, '');
  const digits = dialed.replace(/\D/g, '');
  if (!digits || /^\W*(tel:)?\+/i.test(dialed)) return digits && `+${digits}`;
  const code = country ? parseInt(CODES.split(country.toUpperCase())[1] ?? '') : 0;
  if (!code) return digits;
  // what is dialed before a number within its country; the 0 of Italy is part of the number
  const prefix = code === 1 ? /^1(?=\d{10}$)/ : code === 39 ? /^(?!)/ : /^0/;
  return digits.startsWith('00') ? `+${digits.slice(2)}` : `+${code}${digits.replace(prefix, '')}`;
}
