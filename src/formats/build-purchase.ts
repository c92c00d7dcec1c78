import { defined, idsOf } from './collect.js';
import { amount, number, text } from './read.js';
import type {
  ParsedCustomer,
  ParsedLine,
  ParsedModifier,
  ParsedPurchase,
  ParseOptions,
} from './types.js';

/** The first that is a text with something in it. */
export function first(...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const found = text(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Decimals as minor units; null without a currency, and for what is less than nothing. */
export function price(value: unknown, currency: string | null | undefined): number | null {
  const minor = amount(value, currency);
  return minor === null || minor < 0 ? null : minor;
}

/** An object of what there is in it; undefined when there is nothing. */
const filled = <T extends object>(fields: T): ReturnType<typeof defined<T>> | undefined => {
  const there = defined(fields);
  return Object.keys(there).length > 0 ? there : undefined;
};

/** What a modifier may have; empty fields fall away. */
type Choice = {
  readonly [K in 'group' | 'id' | 'name' | 'pre' | 'under' | 'note']?: string | undefined;
} & { readonly quantity?: number | undefined; readonly unitPrice?: number | null | undefined };

/** A modifier, named by its id at the least; none without either. */
export function modifierOf(choice: Choice): readonly ParsedModifier[] {
  const { id, name = id, quantity = 1, unitPrice, ...rest } = choice;
  if (name === undefined || quantity < 0) return [];
  return [{ ...defined({ ...rest, id, unitPrice: unitPrice ?? undefined }), name, quantity }];
}

/** What a line may have. */
interface Goods extends Pick<ParsedLine, 'unitPrice' | 'currency' | 'modifiers'> {
  readonly sku: string | undefined;
  readonly name: string | undefined;
  /** @defaultValue 1 */
  readonly quantity: unknown;
  readonly refunded?: number | undefined;
  readonly note?: string | undefined;
  readonly seat?: number | undefined;
}

/** A line, named by its sku at the least; none of which nothing is left. */
export function lineOf(goods: Goods): readonly ParsedLine[] {
  const { sku = null, name = sku ?? '', refunded = 0, note, seat, ...rest } = goods;
  const quantity = number(rest.quantity) ?? 1;
  const refundedQuantity = refunded > 0 ? Math.min(refunded, quantity) : undefined;
  return quantity > 0
    ? [{ ...rest, sku, name, quantity, ...defined({ note, seat, refundedQuantity }) }]
    : [];
}

/** Whether all of an order came back, some of it, or nothing. */
export function refundStatus(
  lines: readonly ParsedLine[],
  total: number | null,
  paidBack: number,
): ParsedPurchase['status'] {
  const whole = lines[0] && lines.every((line) => line.refundedQuantity === line.quantity);
  if (whole || (total && paidBack >= total)) return 'refunded';
  return paidBack > 0 || lines.some((line) => line.refundedQuantity)
    ? 'partially_refunded'
    : 'paid';
}

/** A person as an order or a loyalty programme has it. */
export function personOf(
  ids: Parameters<typeof idsOf>[0],
  options: ParseOptions,
  ...[given, family, display]: readonly unknown[]
): Pick<ParsedCustomer, 'ids' | 'name'> {
  const name = filled({ given: text(given), family: text(family), display: text(display) });
  return { ids: idsOf(ids, options), ...(name && { name }) };
}

/** What an order may have. */
type Order = Omit<ParsedPurchase, 'place' | 'warnings'> & {
  readonly place?: { readonly [K in 'id' | 'name' | 'table']?: string | undefined };
  readonly warnings?: readonly (string | false)[];
};

/** An order without what is empty. */
export function purchaseOf({ place, warnings = [], ...rest }: Order): ParsedPurchase {
  const where = filled(place ?? {});
  const noticed = warnings.filter((warning) => warning !== false);
  return { ...rest, ...(where && { place: where }), ...(noticed[0] && { warnings: noticed }) };
}
