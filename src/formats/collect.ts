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
  /** An order; the same id again replaces the one before, in its place. */
  readonly add: (purchase: ParsedPurchase) => void;
  readonly addCustomer: (customer: ParsedCustomer) => void;
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
  const customers: ParsedCustomer[] = [];
  const refunds: ParsedRefund[] = [];
  const skipped: Skipped[] = [];
  const warnings: string[] = [];
  return {
    add: (purchase) => void purchases.set(purchase.id, purchase),
    addCustomer: (customer) => void customers.push(customer),
    refund: (refund) => void refunds.push(refund),
    skip: (reason, where) => void skipped.push({ reason, where }),
    warn: (warning) => void warnings.push(warning),
    done: () => ({
      purchases: [...purchases.values()],
      customers,
      refunds: refunds.filter((refund) => !takeBack(purchases, refund)),
      skipped,
      warnings,
    }),
  };
}

/** True when the order is here. */
function takeBack(purchases: Map<string, ParsedPurchase>, refund: ParsedRefund): boolean {
  const purchase = purchases.get(refund.purchase);
  if (!purchase) return false;
  const left = new Map(refund.lines?.map(({ sku, quantity }) => [sku, quantity]));
  const lines = purchase.lines.map((line) => {
    const back = refund.lines ? (left.get(line.sku ?? line.name) ?? 0) : line.quantity;
    const taken = Math.min(back, line.quantity - (line.refundedQuantity ?? 0));
    if (taken <= 0) return line;
    left.set(line.sku ?? line.name, back - taken);
    return { ...line, refundedQuantity: (line.refundedQuantity ?? 0) + taken };
  });
  const whole = lines.every((line) => line.refundedQuantity === line.quantity);
  purchases.set(purchase.id, {
    ...purchase,
    lines,
    status: whole ? 'refunded' : 'partially_refunded',
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
 */
export function* unwrap(
  value: unknown,
  wrappers: readonly string[],
  where = '',
): Generator<readonly [order: Loose, where: string]> {
  if (Array.isArray(value)) {
    for (const [i, one] of list(value).entries()) yield* unwrap(one, wrappers, `${where}[${i}]`);
    return;
  }
  const inside = wrappers.find(
    (name) => typeof object(object(value)[name]) === 'object' && object(value)[name],
  );
  if (inside !== undefined)
    yield* unwrap(object(value)[inside], wrappers, where ? `${where}.${inside}` : inside);
  else yield [object(value), where];
}

/** Identifiers, normal enough to be told apart: those without a value fall away, and none comes twice. */
export function idsOf(
  given: readonly (readonly [kind: ParsedId['kind'], value: unknown])[],
  { country }: ParseOptions,
): readonly ParsedId[] {
  const ids = new Map<string, ParsedId>();
  for (const [kind, raw] of given) {
    const value = readId(kind, text(raw), country);
    if (value !== undefined) ids.set(`${kind} ${value}`, { kind, value });
  }
  return [...ids.values()];
}

/** Calling codes of countries whose national numbers are completed. From ITU-T E.164. */
const CODES: { readonly [country: string]: string } = {
  ...{
    AT: '43',
    AU: '61',
    BE: '32',
    BR: '55',
    CA: '1',
    CH: '41',
    DE: '49',
    ES: '34',
    FR: '33',
    GB: '44',
  },
  ...{ IT: '39', JP: '81', KR: '82', NL: '31', PL: '48', PT: '351', US: '1' },
};

function readId(
  kind: ParsedId['kind'],
  value: string | undefined,
  country: string | undefined,
): string | undefined {
  if (value === undefined) return undefined;
  if (kind === 'email') {
    const email = value.replace(/^mailto:/i, '').toLowerCase();
    return /^\S+@\S+$/.test(email) ? email : undefined;
  }
  if (kind !== 'phone') return value;
  const digits = value.replace(/\D/g, '');
  if (digits === '') return undefined;
  if (/^\s*(tel:)?\+/.test(value)) return `+${digits}`;
  const code = country && Object.hasOwn(CODES, country) ? CODES[country] : undefined;
  if (code === undefined) return digits;
  const trunk = code === '1' ? /^1(?=\d{10}$)/ : code === '39' ? /^$/ : /^0/;
  return `+${code}${digits.replace(trunk, '')}`;
}
