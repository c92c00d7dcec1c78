import {
  readImported,
  type ImportDefaults,
  type PurchaseSetAside,
} from '../formats/read-imported.js';
import type { ProfileStorage } from '../profile/port.js';
import { purchaseRecordId } from '../profile/read-purchase.js';
import type { PurchaseInput } from '../profile/types.js';
import {
  importPeople,
  type ImportPeopleOptions,
  type PeopleImported,
  type Somebody,
} from './import-people.js';

export type { PurchaseSetAside } from '../formats/read-imported.js';

/** Whose purchases they are, and what holds for those that do not say otherwise. */
export interface ImportPurchasesOptions extends ImportPeopleOptions, ImportDefaults {}

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
