import { normalizeIdentifier, type NormalizeOptions } from '../identity/normalize-identifier.js';
import type { NormalIdentifier } from '../identity/types.js';
import type { Json } from '../kernel/json.js';
import { readPurchase, typeOfKind } from '../profile/read-purchase.js';
import type { Channel, Place, Purchase, PurchaseInput } from '../profile/types.js';

/** What holds for purchases that do not say otherwise. */
export interface ImportDefaults {
  /** ISO 4217. @defaultValue unknown */
  readonly currency?: string;
  readonly place?: Place;
  /** @defaultValue 'pos' */
  readonly channel?: Channel;
  /** Free text of lines that is worth keeping. @defaultValue none */
  readonly keep?: readonly 'notes'[];
}

/** A purchase that was passed over. */
export interface PurchaseSetAside {
  /** Its place in the source, counted from 0. */
  readonly index: number;
  /** Its id, where it has one. */
  readonly id?: string;
  readonly reason:
    /** It is no purchase; `message` says why. */
    | 'invalid'
    /** It has no time of its own: with the time of the import it would be another one each time. */
    | 'no-time'
    /** It names nobody, or nobody that could be told from others. */
    | 'no-customer';
  readonly message?: string;
}

/** A purchase as it is kept, and what it says of whose it is. */
export interface ReadOrder {
  readonly purchase: Purchase;
  readonly customer: PurchaseInput['customer'];
}

/** A purchase with whose it is. */
export interface ReadImported {
  readonly purchase: Purchase;
  readonly identifiers: readonly NormalIdentifier[];
  /** What is known of them where nothing else is. */
  readonly facts: NameFacts;
}

/** Reads a purchase as an import does, or says why it would be passed over; whosever it is. */
export function readOrder(
  input: PurchaseInput,
  index: number,
  options: ImportDefaults,
  now: number,
): ReadOrder | PurchaseSetAside {
  const { currency, place, channel = 'pos', keep } = options;
  let read: ReadOrder;
  try {
    read = readPurchase(input, {
      now,
      channel,
      keepNotes: keep?.includes('notes') ?? false,
      ...(currency !== undefined && { currency }),
      ...(place && { place }),
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const given = (input as { readonly id?: unknown } | null | undefined)?.id;
    const id = typeof given === 'string' ? given : undefined;
    return { index, ...(id !== undefined && { id }), reason: 'invalid', message };
  }
  const { id } = read.purchase;
  return input.at === undefined || input.at === null ? { index, id, reason: 'no-time' } : read;
}

/** Reads a purchase as an import does, or says why it would be passed over. */
export function readImported(
  input: PurchaseInput,
  index: number,
  options: ImportDefaults,
  rules: NormalizeOptions,
  now: number,
): ReadImported | PurchaseSetAside {
  const read = readOrder(input, index, options, now);
  if ('reason' in read) return read;
  const { purchase, customer } = read;
  const { id } = purchase;
  const identifiers = identifiersOf(customer?.ids, id, rules);
  if (identifiers.length === 0) return { index, id, reason: 'no-customer' };
  return { purchase, identifiers, facts: nameFacts(customer?.name) };
}

/** The identifiers of `kind` and `value` that can be told from others. `source` is the id of a purchase, or what stands before its colon. */
export function identifiersOf(
  given: unknown,
  source: string,
  rules: NormalizeOptions,
): readonly NormalIdentifier[] {
  return (Array.isArray(given) ? (given as readonly unknown[]) : []).flatMap((one) => {
    const { kind, value } = (one ?? {}) as { readonly kind?: unknown; readonly value?: unknown };
    const normal = normalizeIdentifier(typeOfKind(kind, source), value, rules);
    return normal.ok ? [normal.identifier] : [];
  });
}

/** What is known of somebody by key: `name.given` and the like. */
export type NameFacts = readonly (readonly [key: string, value: Json])[];

/** What a name says, as facts. */
export function nameFacts(name: unknown): NameFacts {
  const given = (name ?? {}) as { readonly [part: string]: unknown };
  return ['given', 'family', 'display'].flatMap((part) => {
    const text = given[part];
    return typeof text === 'string' && text.trim() !== ''
      ? [[`name.${part}`, text.trim().slice(0, 100)] as const]
      : [];
  });
}
