import {
  identifiersOf,
  nameFacts,
  readOrder,
  type ImportDefaults,
  type PurchaseSetAside,
  type ReadOrder,
} from '../formats/read-imported.js';
import { randomId, uuidV7 } from '../kernel/ids.js';
import { cardOf } from '../profile/card-of.js';
import { namesOf } from '../profile/card-purchases.js';
import { emptyState } from '../profile/fold-records.js';
import { comparePriority, isPersonal } from '../profile/link-limits.js';
import { ownersBy, type OwnerOf, type TokenOf } from '../profile/owners.js';
import { purchaseRecordId } from '../profile/read-purchase.js';
import type { ProfileRecord, PurchaseInput, RecordData } from '../profile/types.js';
import { openCarry } from '../sync/carry.js';
import type { Context } from './context.js';
import { groupsBy, loadPeople, type People } from './people.js';
import { poke } from './poke.js';
import type { StoredRecord } from './port.js';
import { hide, hideFar, type ServerLinkData } from './secret-notes.js';
import type { ShopHere } from './shop-keys.js';
import { storedOf } from './stored.js';

/** How orders are taken. */
export interface RecordOptions extends ImportDefaults {
  /** What `carryToken()` of a page gave, brought back by the order: it is of whoever was there. */
  readonly carryToken?: string | undefined;
  /** Country of phone numbers without a country code, ISO 3166-1. @defaultValue the one of `settings` */
  readonly region?: string;
}

/** What came of orders. */
export interface Recorded {
  readonly appended: number;
  /** There already, to the letter. */
  readonly duplicates: number;
  /** Of somebody who was forgotten. */
  readonly refused: number;
  /** What was passed over, and why. */
  readonly skipped: readonly PurchaseSetAside[];
}

/** Things that came back, as `formats` give those of orders that are not in the same payload. */
export interface RefundGiven {
  /** Id of the order. */
  readonly purchase: string;
  /** ms or ISO 8601; without one it cannot be kept. */
  readonly at: number | string | null;
  /** @defaultValue all of it */
  readonly lines?: readonly { readonly sku: string; readonly quantity: number }[];
}

type Order = ReadOrder & { readonly index: number };

/** Token of an order: leads to whom it was recorded for. */
const orderToken = async (shop: ShopHere, name: string): Promise<string> =>
  `#${await shop.mac('!erased', name)}`;

/** Takes in orders of a shop with their customers, as an import does: again, they append nothing. */
export async function recordOrders(
  context: Context,
  shop: ShopHere,
  inputs: readonly PurchaseInput[],
  options: RecordOptions,
): Promise<Recorded> {
  const now = context.clock.now();
  const skipped: PurchaseSetAside[] = [];
  const orders: Order[] = [];
  for (const [index, input] of inputs.entries()) {
    const read = readOrder(input, index, options, now);
    if ('reason' in read) skipped.push(read);
    else orders.push({ ...read, index });
  }
  const fresh = await withoutForgotten(context, shop, orders);
  const carrier =
    options.carryToken === undefined
      ? undefined
      : await openCarry(options.carryToken, shop.id, shop.sealKeys);
  const records =
    carrier === undefined
      ? await withOwners(context, shop, fresh, { region: options.region, skipped })
      : await Promise.all(fresh.map((one) => purchaseOf(context, shop, carrier, one)));
  const stored = await Promise.all(records.map((record) => storedWithOrder(record, shop)));
  const statuses =
    stored.length > 0 ? await context.database.append(shop.id, { records: stored }) : [];
  await poke({ context, shop }, [...new Set(records.map(({ subject }) => subject))]);
  const countOf = (wanted: string): number =>
    statuses.filter((status, i) => status === wanted && records[i]?.kind === 'purchase').length;
  return {
    appended: countOf('accepted'),
    duplicates: countOf('duplicate'),
    refused: countOf('erased') + orders.length - fresh.length,
    skipped: [...skipped].sort((a, b) => a.index - b.index),
  };
}

/** An order of somebody who was forgotten would bring them back by name. */
async function withoutForgotten(
  { database }: Context,
  shop: ShopHere,
  orders: readonly Order[],
): Promise<readonly Order[]> {
  const hashes = await Promise.all(
    orders.map(({ purchase }) =>
      Promise.all(namesOf(purchase).map((name) => shop.mac('!erased', name))),
    ),
  );
  const all = hashes.flat();
  const erased = all.length > 0 ? await database.erased(shop.id, all) : new Set();
  const isGone = (names: readonly string[] | undefined): boolean =>
    names?.some((hash) => erased.has(hash)) === true;
  // an order that has other ids beside the one that was erased is refused by those too from then on
  const late = hashes
    .filter(isGone)
    .flat()
    .filter((hash) => !erased.has(hash));
  if (late.length > 0) {
    const id = await shop.idOf('!erased', JSON.stringify(late));
    await database.append(shop.id, { records: [], erasing: [{ id, subjects: [], hashes: late }] });
  }
  return orders.filter((_, i) => !isGone(hashes[i]));
}

async function storedWithOrder(record: ProfileRecord, shop: ShopHere): Promise<StoredRecord> {
  const stored = await storedOf(record, shop);
  if (record.kind !== 'purchase') return stored;
  const tokens = await Promise.all(namesOf(record.data).map((name) => orderToken(shop, name)));
  return { ...stored, tokens };
}

async function purchaseOf(
  { stamp }: Context,
  shop: ShopHere,
  subject: string,
  { purchase }: Order,
): Promise<ProfileRecord> {
  const id = (await purchaseRecordId(shop.id, purchase)) ?? '';
  const by = 'import';
  return { id, shop: shop.id, subject, kind: 'purchase', stamp: stamp(), by, data: purchase };
}

/** The orders with the links and names of those who are new. */
async function withOwners(
  context: Context,
  shop: ShopHere,
  orders: readonly Order[],
  { region, skipped }: { readonly region: unknown; readonly skipped: PurchaseSetAside[] },
): Promise<readonly ProfileRecord[]> {
  const rules = typeof region === 'string' ? { ...shop.rules, region } : shop.rules;
  const named: (Order & { readonly ids: readonly (TokenOf & { readonly value: string })[] })[] = [];
  for (const order of orders) {
    const { purchase, customer, index } = order;
    const found = identifiersOf(customer?.ids, purchase.id, rules);
    if (found.length === 0) skipped.push({ index, id: purchase.id, reason: 'no-customer' });
    else
      named.push({
        ...order,
        ids: await Promise.all(
          found.map(async ({ type, value }) => ({
            ...{ type, value, token: await shop.token({ type, value }) },
          })),
        ),
      });
  }
  const tokens = named.flatMap(({ ids }) => ids.map(({ token }) => token));
  const people = await loadPeople(context.database, shop.id, { tokens });
  const owners = await ownersAmong(people, tokens, context);
  const records: ProfileRecord[] = [];
  for (const order of named) {
    const owner = await owners([...order.ids].sort(comparePriority));
    const values = new Map(order.ids.map(({ token, value }) => [token, value]));
    records.push(...(await newOwner(context, shop, owner, order, values)));
    records.push(await purchaseOf(context, shop, owner.subject, order));
  }
  return records;
}

/** What makes a customer who is new, and links what is new of one who is known. */
async function newOwner(
  { clock, random, stamp }: Context,
  shop: ShopHere,
  { subject, links, isNew }: OwnerOf,
  { customer }: Order,
  values: ReadonlyMap<string, string>,
): Promise<readonly ProfileRecord[]> {
  const at = clock.now();
  const envelope = (): Pick<ProfileRecord, 'id' | 'shop' | 'subject' | 'stamp' | 'by'> => ({
    ...{ id: uuidV7(at, random), shop: shop.id, subject, stamp: stamp(), by: 'import' },
  });
  const made: ProfileRecord[] = [];
  for (const { type, token } of links) {
    const value = values.get(token);
    const isOwn = type === 'account' && value !== undefined;
    const data: ServerLinkData = {
      ...{ type, token, level: 'claimed', method: 'import', at },
      ...(isOwn && { hidden: await hide(shop, value) }),
      ...(value !== undefined && isPersonal(type) && { far: await hideFar(shop, { type, value }) }),
    };
    made.push({ ...envelope(), kind: 'link', data });
  }
  for (const [key, value] of isNew ? nameFacts(customer?.name) : []) {
    const data = { key, value, at, source: 'import', purpose: 'remember' } as const;
    made.push({ ...envelope(), kind: 'fact', data });
  }
  return made;
}

/** Finds whose orders are, among those who are known and those whom an order before made. */
function ownersAmong(
  people: People,
  tokens: readonly string[],
  { random }: Context,
): ReturnType<typeof ownersBy> {
  const { states, held } = people;
  const cards = new Map(
    people.groups.map((group) => {
      const own = new Map(group.map((subject) => [subject, states.get(subject) ?? emptyState]));
      const card = cardOf({ states: own, held });
      return [card.id, card] as const;
    }),
  );
  const idOf = ([first = '']: readonly string[]): string =>
    [...cards.values()].find(({ id, subjects }) => id === first || subjects.includes(first))?.id ??
    first;
  const find = async (token: string): Promise<readonly string[]> =>
    groupsBy(people, token).map(idOf).sort();
  const rows = { find, card: async (customer: string) => cards.get(customer) };
  return ownersBy(rows, tokens, () => randomId(random));
}

/** Takes in what came back of orders that were recorded here. */
export async function recordRefunds(
  context: Context,
  shop: ShopHere,
  refunds: readonly RefundGiven[],
): Promise<Pick<Recorded, 'appended' | 'duplicates' | 'refused'> & { readonly skipped: number }> {
  const { database, stamp } = context;
  const tokens = await Promise.all(refunds.map(({ purchase }) => orderToken(shop, purchase)));
  const led = tokens.length > 0 ? await database.subjectsOf(shop.id, tokens) : new Map();
  const records: ProfileRecord[] = [];
  for (const [i, { purchase, at: given, lines }] of refunds.entries()) {
    const [subject] = (led.get(tokens[i] ?? '') ?? []) as readonly string[];
    const at = typeof given === 'string' ? Date.parse(given) : given;
    if (subject === undefined || at === null || !Number.isFinite(at)) continue;
    const data: RecordData['refund'] = { purchase, at, ...(lines && { lines }) };
    const id = (await purchaseRecordId(shop.id, data)) ?? '';
    const by = 'import';
    records.push({ id, shop: shop.id, subject, kind: 'refund', stamp: stamp(), by, data });
  }
  const stored = await Promise.all(records.map((record) => storedOf(record, shop)));
  const statuses = stored.length > 0 ? await database.append(shop.id, { records: stored }) : [];
  await poke({ context, shop }, [...new Set(records.map(({ subject }) => subject))]);
  const countOf = (wanted: string): number => statuses.filter((one) => one === wanted).length;
  return {
    appended: countOf('accepted'),
    duplicates: countOf('duplicate'),
    refused: countOf('erased'),
    skipped: refunds.length - records.length,
  };
}
