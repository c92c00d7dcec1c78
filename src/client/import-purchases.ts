import type { NormalizeOptions } from '../identity/normalize-identifier.js';
import type { NormalIdentifier } from '../identity/types.js';
import type { ProfileStorage } from '../profile/port.js';
import { purchaseRecordId, readPurchase } from '../profile/read-purchase.js';
import type { Channel, Place, Purchase, PurchaseInput } from '../profile/types.js';
import {
  identifiersOf,
  importPeople,
  nameFacts,
  type ImportPeopleOptions,
  type PeopleImported,
  type Somebody,
} from './import-people.js';

/** Whose purchases they are, and what holds for those that do not say otherwise. */
export interface ImportPurchasesOptions extends ImportPeopleOptions {
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

/** What came of importing purchases. */
export type PurchasesImported = PeopleImported<PurchaseSetAside>;

/**
 * Imports a shop's purchases with their customers, as `formats` or a till give them: chunk by chunk, each in one transaction with
 * the customers it makes, so that none is ever without its own. The same purchases again, or after a kill, append nothing twice.
 * The storage must be open; use the one of the client or one like it. Meant for a shop's own devices, where a directory of
 * customers may be kept.
 * @example
 * const storage = indexedDbStorage();
 * await storage.open({ name: 'regulars:blue-door' });
 * const { appended } = await importPurchases(storage, orders, { shop: 'blue-door', region: 'US' });
 */
export function importPurchases(
  storage: Pick<ProfileStorage, 'transact'>,
  purchases: Iterable<PurchaseInput> | AsyncIterable<PurchaseInput>,
  options: ImportPurchasesOptions,
): Promise<PurchasesImported> {
  const { shop } = options;
  return importPeople<PurchaseInput, PurchaseSetAside>(
    storage,
    purchases,
    async (input, index, rules, now): Promise<Somebody | PurchaseSetAside> => {
      const read = readImported(input, index, options, rules, now);
      if ('reason' in read) return read;
      const { purchase, identifiers, facts } = read;
      const id = (await purchaseRecordId(shop, purchase)) ?? '';
      return { identifiers, facts, purchase: { id, data: purchase } };
    },
    options,
  );
}

/** A purchase with whose it is. */
export interface ReadImported extends Pick<Somebody, 'identifiers' | 'facts'> {
  readonly purchase: Purchase;
}

/** Reads a purchase as an import does, or says why it would be passed over. */
export function readImported(
  input: PurchaseInput,
  index: number,
  options: Omit<ImportPurchasesOptions, 'shop'>,
  rules: NormalizeOptions,
  now: number,
): ReadImported | PurchaseSetAside {
  const { currency, place, channel = 'pos', keep } = options;
  let read: ReturnType<typeof readPurchase>;
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
  if (input.at === undefined || input.at === null) return { index, id, reason: 'no-time' };
  const { purchase, customer } = read;
  const identifiers: readonly NormalIdentifier[] = identifiersOf(customer?.ids, purchase.id, rules);
  if (identifiers.length === 0) return { index, id, reason: 'no-customer' };
  return { purchase, identifiers, facts: nameFacts(customer?.name) };
}
