import { viewOfCard, type ViewContext } from '../greeting/view-of-card.js';
import { normalizeIdentifier } from '../identity/normalize-identifier.js';
import type { RawIdentifier } from '../identity/port.js';
import { createTokenizer } from '../identity/tokens.js';
import type { CustomerView, Identifiers } from '../identity/types.js';
import type { Random } from '../kernel/clock.js';
import { randomId, uuidV7 } from '../kernel/ids.js';
import type { Json } from '../kernel/json.js';
import { nextStamp, type Stamp } from '../kernel/stamp.js';
import { cardsOf } from '../profile/card-of.js';
import { foldRecords } from '../profile/fold-records.js';
import { readPurchase } from '../profile/read-purchase.js';
import type { ProfileRecord, PurchaseInput, RecordDraft } from '../profile/types.js';
import type { Item } from '../recommend/types.js';

const GREET_BY_NUMBER = 'greet-by-number';

/** A customer that a shop knows. */
export interface LoopbackCustomer {
  /** What identifies them; each is verified. */
  readonly identifiers: Identifiers;
  /** First name. */
  readonly name?: string;
  /** They allowed "greet me by my number". @defaultValue false */
  readonly greetByNumber?: boolean;
  /** Facts by key: `{ address: '1 Pine St' }`. */
  readonly facts?: { readonly [key: string]: Json };
  readonly purchases?: readonly PurchaseInput[];
  /** Records as they are, of one customer: an export of theirs. */
  readonly records?: readonly ProfileRecord[];
}

/** What holding customers takes. */
export interface CustomersOptions {
  readonly shop: string;
  readonly key: Uint8Array;
  readonly region?: string;
  readonly timeZone?: string;
  readonly catalog: readonly Item[];
  readonly random: Random;
  readonly now: () => number;
}

/** One of them, as they are found. */
export interface Held {
  readonly subject: string;
  readonly identifiers: readonly RawIdentifier[];
  readonly customer: LoopbackCustomer;
  /** They may have allowed "greet me by my number": whether they did is for their records to say. */
  readonly mayGreet: boolean;
}

/** The customers of a shop, in memory. */
export interface Customers {
  readonly add: (customer: LoopbackCustomer) => void;
  /** Those who have any of these. */
  readonly find: (who: readonly RawIdentifier[]) => readonly Held[];
  readonly records: (held: Held) => Promise<readonly ProfileRecord[]>;
  readonly view: (held: Held) => Promise<CustomerView | undefined>;
}

/** The normal forms of identifiers, without those of no use. */
export function normalForms(
  who: readonly RawIdentifier[],
  region: string | undefined,
): readonly RawIdentifier[] {
  return who.flatMap(({ type, value }) => {
    const read = normalizeIdentifier(type, value, region === undefined ? {} : { region });
    return read.ok ? [{ type, value: read.identifier.value }] : [];
  });
}

/** Holds them. */
export function createCustomers(options: CustomersOptions): Customers {
  const byIdentifier = new Map<string, Set<Held>>();
  const logs = new Map<Held, Promise<readonly ProfileRecord[]>>();
  const logOf = (held: Held): Promise<readonly ProfileRecord[]> => {
    const log = logs.get(held) ?? recordsOf(held, options);
    logs.set(held, log);
    return log;
  };
  const keyOf = ({ type, value }: RawIdentifier): string => JSON.stringify([type, value]);
  return {
    add: (customer) => {
      const given = Object.entries(customer.identifiers).flatMap(([type, value]) =>
        value === undefined || value === null ? [] : [{ type, value: String(value) }],
      );
      const identifiers = normalForms(given, options.region);
      const { greetByNumber = false, facts = {}, records = [] } = customer;
      const mayGreet =
        greetByNumber ||
        Object.hasOwn(facts, GREET_BY_NUMBER) ||
        records.some(({ data }) => (data as { readonly key?: unknown }).key === GREET_BY_NUMBER);
      const held = { subject: randomId(options.random), identifiers, customer, mayGreet };
      for (const key of identifiers.map(keyOf))
        byIdentifier.set(key, (byIdentifier.get(key) ?? new Set()).add(held));
    },
    find: (who) => [
      ...new Set(
        normalForms(who, options.region).flatMap((one) => [
          ...(byIdentifier.get(keyOf(one)) ?? []),
        ]),
      ),
    ],
    records: logOf,
    view: async (held) => {
      const records = await logOf(held);
      const [card] = cardsOf(new Map([[held.subject, foldRecords(records)]]));
      const item = (sku: string): Item | undefined =>
        options.catalog.find((one) => one.sku === sku || one.aliases?.includes(sku));
      return card && viewOfCard(card, contextOf(options), item);
    },
  };
}

function contextOf({ shop, timeZone, now }: CustomersOptions): ViewContext {
  return {
    ...{ shop, now: now(), locale: 'en', channel: 'kiosk', seed: 0 },
    ...(timeZone !== undefined && { timeZone }),
  };
}

/** The log of a customer, with tokens under the shop's key. */
async function recordsOf(
  { subject, identifiers, customer }: Held,
  { shop, key, now, random }: CustomersOptions,
): Promise<readonly ProfileRecord[]> {
  const at = now();
  const tokenizer = createTokenizer(key);
  const by = 'import';
  const draft = <K extends RecordDraft['kind']>(
    kind: K,
    data: Extract<RecordDraft, { readonly kind: K }>['data'],
  ): RecordDraft => ({ id: uuidV7(at, random), subject, kind, by, data }) as RecordDraft;
  const fact = (name: string, value: Json): RecordDraft =>
    draft('fact', { key: name, value, at, source: 'customer', purpose: 'remember' });

  const drafts: RecordDraft[] = [];
  for (const { type, value } of identifiers) {
    const token = await tokenizer.token(type, value);
    if (token !== undefined)
      drafts.push(draft('link', { type, token, level: 'verified', method: 'import', at }));
  }
  if (customer.name !== undefined) drafts.push(fact('name.given', customer.name));
  if (customer.greetByNumber) drafts.push(fact(GREET_BY_NUMBER, true));
  for (const [name, value] of Object.entries(customer.facts ?? {})) drafts.push(fact(name, value));
  for (const input of customer.purchases ?? []) {
    const defaults = { now: at, channel: 'web', keepNotes: false } as const;
    drafts.push(draft('purchase', readPurchase(input, defaults).purchase));
  }
  let last: Stamp | undefined;
  const made = drafts.map((one): ProfileRecord => {
    last = nextStamp(last, at, '0'.repeat(32));
    return { ...one, shop, stamp: last };
  });
  return [...(customer.records ?? []).map((record) => ({ ...record, subject })), ...made];
}
