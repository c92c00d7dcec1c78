import { instant, number, object, text, type Loose } from './read.js';
import type {
  ParsedCustomer,
  ParsedLine,
  ParsedModifier,
  ParsedOrders,
  ParsedPurchase,
  ParsedRefund,
  Skipped,
  SkipReason,
} from './types.js';

/** Values as they lie in a payload: what is no text with something in it falls away. */
export type Texts<K extends string> = { readonly [k in K]?: unknown };

/** A modifier as a payload has it; named by its id at the least, none without either. */
export interface ModifierDraft extends Texts<
  'group' | 'id' | 'name' | 'pre' | 'under' | 'note' | 'quantity'
> {
  readonly unitPrice?: number | null | undefined;
}

/** A line as a payload has it; named by its sku at the least. */
export interface LineDraft extends Texts<'sku' | 'name' | 'category' | 'note' | 'quantity'> {
  readonly unitPrice: number | null;
  /** @defaultValue that of the order */
  readonly currency?: string | null | undefined;
  readonly modifiers?: readonly ModifierDraft[];
  readonly refunded?: number | undefined;
  readonly seat?: number | undefined;
}

/** An order as a payload has it. */
export interface OrderDraft {
  /** With the source: `ga4:1001`. */
  readonly id: string;
  readonly at: unknown;
  /** Reads times without an offset. */
  readonly local?: ((shown: number) => number) | undefined;
  /** Or what tells it of what was read (`paidOrBack`). */
  readonly status:
    ParsedPurchase['status'] | ((lines: readonly ParsedLine[]) => ParsedPurchase['status']);
  readonly lines: readonly LineDraft[];
  readonly total: number | null;
  /** What the total was read from: money of no currency is warned of. */
  readonly raw?: unknown;
  readonly currency: string | null | undefined;
  readonly channel: ParsedPurchase['channel'];
  readonly customer: Pick<ParsedCustomer, 'ids' | 'name'>;
  readonly place?: Texts<'id' | 'name' | 'table'>;
  readonly gift?: boolean;
  readonly warnings?: readonly (string | false)[];
}

/** Gathers what a parser finds. */
export interface Collector {
  /**
   * An order; the same id again replaces the one before, in its place. Made fit to be recorded: lines without sku and name go, and those of
   * nothing; money below zero or of no currency is unknown; what is empty falls away.
   */
  readonly add: (order: OrderDraft) => void;
  readonly skip: (reason: SkipReason, where: string) => void;
  readonly purchases: Map<string, ParsedPurchase>;
  readonly customers: ParsedCustomer[];
  readonly refunds: ParsedRefund[];
  readonly skipped: Skipped[];
  readonly warnings: string[];
  readonly done: () => ParsedOrders;
}

/** Those of the fields that are texts with something in them. */
export function texts<K extends string>(
  from: Partial<Readonly<Record<K, unknown>>>,
  ...names: readonly K[]
): { readonly [k in K]?: string } {
  const found: { [k in K]?: string } = {};
  for (const name of names) {
    const said = text(from[name]);
    if (said) found[name] = said;
  }
  return found;
}

/** Whether all of an order came back, some of it, or nothing, by its lines and by money. */
export const paidOrBack =
  (
    total: number | null,
    back: number | null | undefined,
  ): ((lines: readonly ParsedLine[]) => ParsedPurchase['status']) =>
  (lines) =>
    isAllBack(lines) || (total && Number(back) >= total)
      ? 'refunded'
      : back || lines.some((line) => line.refundedQuantity)
        ? 'partially_refunded'
        : 'paid';

/** Whether there are lines, and all of them came back. */
export const isAllBack = (lines: readonly ParsedLine[]): boolean =>
  !!lines[0] && lines.every((line) => line.refundedQuantity === line.quantity);

/** Whether there is anything in an object. */
export const hasAny = (fields: object): boolean => !!Object.keys(fields)[0];

export function collect(): Collector {
  const purchases = new Map<string, ParsedPurchase>();
  const skipped: Skipped[] = [];
  const rest = { customers: [], refunds: [], skipped, warnings: [] };
  return {
    ...rest,
    purchases,
    skip: (reason, where) => void skipped.push({ reason, where }),
    add: (order) => void purchases.set(order.id, purchaseOf(order)),
    done: () => ({ ...rest, purchases: [...purchases.values()] }),
  };
}

const money = (value: number | null | undefined, currency: string | null): number | null =>
  value != null && value >= 0 && currency && Number.isSafeInteger(value) ? value : null;

function purchaseOf(order: OrderDraft): ParsedPurchase {
  const { channel, customer, gift, id, status } = order;
  const currency = order.currency ?? null;
  const warnings = (order.warnings ?? []).filter((warning) => warning !== false);
  const lines = order.lines.flatMap((line): readonly ParsedLine[] => {
    const { modifiers = [], refunded = 0, seat } = line;
    const own = line.currency ?? currency;
    const { sku = null, name = sku, ...more } = texts(line, 'sku', 'name', 'category', 'note');
    const quantity = number(line.quantity) ?? 1;
    if (!name) warnings.push('item without sku and name dropped');
    if (!name || quantity <= 0) return [];
    return [
      {
        ...{ ...more, sku, name, quantity, unitPrice: money(line.unitPrice, own), currency: own },
        modifiers: modifiers.flatMap(modifierOf),
        ...(seat && { seat }),
        ...(refunded > 0 && { refundedQuantity: Math.min(refunded, quantity) }),
      },
    ];
  });
  const at = instant(order.at, order.local);
  const place = texts(order.place ?? {}, 'id', 'name', 'table');
  if (!at && text(order.at)) warnings.push('its time could not be read');
  if (!currency && text(order.raw)) warnings.push('no currency');
  return {
    ...{ id, at, lines, total: money(order.total, currency), currency, channel, customer },
    status: typeof status === 'string' ? status : status(lines),
    ...(hasAny(place) && { place }),
    ...(gift && { gift }),
    ...(warnings[0] && { warnings: [...new Set(warnings)] }),
  };
}

function modifierOf(draft: ModifierDraft): readonly ParsedModifier[] {
  const said = texts(draft, 'group', 'id', 'name', 'pre', 'under', 'note');
  const { name = said.id } = said;
  const quantity = number(draft.quantity) ?? 1;
  // what begins with _ is not for anybody's eyes
  return name && quantity >= 0 && said.group?.[0] !== '_'
    ? [{ ...said, name, quantity, ...(draft.unitPrice != null && { unitPrice: draft.unitPrice }) }]
    : [];
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
 * The orders in a payload, each with where it stands and with the fields of all that wraps it: looks through lists and wrappers
 * (`{ order }`, `{ orders: [] }`, …) by the names of their fields. A payload that is no wrapper is one order.
 * @yields an order, its path, and what is around it
 */
export function* unwrap(
  input: unknown,
  wrappers: readonly string[],
  /** What is not looked into, though it has such fields. */
  isOrder: (one: Loose, where: string) => unknown = () => false,
  where = '',
  around: Loose = {},
): Generator<readonly [order: Loose, where: string, around: Loose]> {
  const value = readJson(input);
  const one = object(value);
  const inside = isOrder(one, where)
    ? undefined
    : wrappers.find((name) => typeof (one[name] ?? 0) === 'object');
  // deeper than anything that wraps orders: no list, whatever it is
  if (where.length > 99) yield [{}, where, around];
  else if (Array.isArray(value))
    for (const [i, each] of value.entries())
      yield* unwrap(each, wrappers, isOrder, `${where}[${i}]`, around);
  else if (inside === undefined) yield [one, where, around];
  else
    yield* unwrap(one[inside], wrappers, isOrder, where + (where && '.') + inside, {
      ...around,
      ...one,
    });
}
