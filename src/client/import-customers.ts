import { identifiersOf, nameFacts } from '../formats/read-imported.js';
import type { Json } from '../kernel/json.js';
import type { ProfileStorage } from '../profile/port.js';
import { importPeople, type ImportPeopleOptions, type PeopleImported } from './import-people.js';

/** Somebody whom a shop's loyalty programme knows, as `formats` give them. */
export interface CustomerInput {
  readonly ids?: readonly { readonly kind: string; readonly value: string }[];
  readonly name?: {
    readonly given?: string;
    readonly family?: string;
    readonly display?: string;
  };
  /** Points now. */
  readonly balance?: number;
}

/** Whose customers they are. */
export interface ImportCustomersOptions extends ImportPeopleOptions {
  /**
   * What stands before the colon in the ids of orders of the same system, as `square`: their `external` ids are accounts there.
   * @defaultValue the shop's own accounts
   */
  readonly source?: string;
}

/** Somebody who was passed over. */
export interface CustomerSetAside {
  /** Their place in the source, counted from 0. */
  readonly index: number;
  /** Nothing says who they are, or nothing that could be told from others. */
  readonly reason: 'no-customer';
}

/** What came of importing customers: of those appended something new is known. */
export type CustomersImported = PeopleImported<CustomerSetAside>;

/**
 * Imports the members of a shop's loyalty programme: their identifiers, a name where none is known, and their points (the fact
 * `points`). The same ones again append nothing. Of two members who share a phone number both stay themselves.
 * @example
 * await importCustomers(storage, parseToast(payload).customers, { shop: 'blue-door', source: 'toast' });
 */
export function importCustomers(
  storage: Pick<ProfileStorage, 'transact'>,
  customers: Iterable<CustomerInput> | AsyncIterable<CustomerInput>,
  options: ImportCustomersOptions,
): Promise<CustomersImported> {
  const source = options.source === undefined ? '' : `${options.source}:`;
  return importPeople<CustomerInput, CustomerSetAside>(
    storage,
    customers,
    async (input, index, rules) => {
      const { ids, name, balance } = (input as CustomerInput | null | undefined) ?? {};
      const identifiers = identifiersOf(ids, source, rules);
      if (identifiers.length === 0) return { index, reason: 'no-customer' };
      const hasPoints = typeof balance === 'number' && Number.isFinite(balance);
      const news: readonly (readonly [key: string, value: Json])[] = hasPoints
        ? [['points', balance]]
        : [];
      return { identifiers, facts: nameFacts(name), news };
    },
    options,
  );
}
