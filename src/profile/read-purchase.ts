import type { IdentifierType } from '../identity/types.js';
import { RegularsError } from '../kernel/errors.js';
import { hash32 } from '../kernel/hash.js';
import { uuidV8 } from '../kernel/ids.js';
import { canonicalJson } from '../kernel/json.js';
import type {
  CardPurchase,
  Channel,
  Modifier,
  Place,
  Purchase,
  PurchaseInput,
  PurchaseLine,
  PurchaseStatus,
  RecordData,
} from './types.js';

/** What an order has that does not say otherwise. */
export interface PurchaseDefaults {
  readonly now: number;
  readonly currency?: string;
  readonly place?: Place;
  readonly channel: Channel;
  /** Whether free text of lines is worth keeping. */
  readonly keepNotes: boolean;
  /**
   * The stored purchase of an id. A repeat that leaves out time, status, currency, place or channel has those of the stored
   * one, so that a thank-you page opened again says nothing new. @defaultValue none is known
   */
  readonly known?: (id: string) => CardPurchase | undefined;
}

const STATUSES: readonly PurchaseStatus[] = [
  'paid',
  'open',
  'partially_refunded',
  'refunded',
  'cancelled',
];
const CHANNELS: readonly Channel[] = ['web', 'app', 'kiosk', 'pos', 'phone', 'unknown'];
const ID_LENGTH = 200;
const TEXT_LENGTH = 500;
const LATEST_MS = 8.64e15;

type Loose = { readonly [key: string]: unknown };

function invalid(what: string): RegularsError {
  return new RegularsError('ERR_PURCHASE_INVALID', `The purchase was not recorded: ${what}.`);
}

/**
 * Reads an order as a page gives it, with the defaults filled in. Only known fields pass: an address in the order gets nowhere.
 * Throws ERR_PURCHASE_INVALID, naming what is wrong, on what cannot be an order.
 */
export function readPurchase(
  input: PurchaseInput,
  defaults: PurchaseDefaults,
): { readonly purchase: Purchase; readonly customer: PurchaseInput['customer'] } {
  const order = readObject(input, 'it is no object');
  const id = readId(order['id']);
  if (id === undefined) throw invalid('it has no id; give the id your system has for the order');
  const lines = Array.isArray(order['lines']) ? (order['lines'] as readonly unknown[]) : [];
  if (lines.length === 0) throw invalid('it has no lines');
  const known = defaults.known?.(id);
  const { at, currency, place: usual, channel } = known ?? { ...defaults, at: defaults.now };
  const place = readPlace(order['place']) ?? usual;
  const refs = readRefs(order['refs'], id);
  const revision = readNumber(order['revision'], 'revision');
  const purchase: Purchase = {
    id,
    at: readTime(order['at'], at),
    status: readChoice(order['status'], STATUSES, 'status') ?? statusOf(known),
    lines: lines.map((line, i) => readLine(line, `lines[${i}]`, defaults.keepNotes)),
    total: readPrice(order['total'], 'total') ?? null,
    currency: readCurrency(order['currency'] ?? currency),
    ...(place && { place }),
    channel: readChoice(order['channel'], CHANNELS, 'channel') ?? channel,
    ...(order['gift'] === true && { gift: true }),
    ...(refs.length > 0 && { refs }),
    ...(revision !== undefined && { revision }),
  };
  return { purchase, customer: input.customer };
}

/**
 * The type of an identifier that an order names by its `kind`. What a source calls a customer is an account of that source: `external`
 * in the order `shopify:1001` is `account:shopify`, and the shop's own `account` where the order's id names no source.
 */
export function typeOfKind(kind: unknown, purchaseId: string): IdentifierType {
  if (kind !== 'external') return typeof kind === 'string' ? kind : '';
  const source = /^([a-z][\w.-]{0,31}):/i.exec(purchaseId)?.[1];
  return source === undefined ? 'account' : `account:${source.toLowerCase()}`;
}

/** Importing a key crosses threads; once a shop is enough. */
const keys = new Map<string, Promise<CryptoKey>>();

/**
 * Id of the record of a purchase or refund, made from shop and content: the same order read twice is the same record. Undefined
 * where there is no WebCrypto (a page over plain http).
 */
export async function purchaseRecordId(
  shop: string,
  data: Purchase | RecordData['refund'],
): Promise<string | undefined> {
  const subtle = (globalThis as { readonly crypto?: { readonly subtle?: SubtleCrypto } }).crypto
    ?.subtle;
  if (subtle === undefined) return undefined;
  const encoder = new TextEncoder();
  let key = keys.get(shop);
  if (!key) {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    const secret = encoder.encode(`regulars:${shop}`);
    key = subtle.importKey('raw', secret, algorithm, false, ['sign']);
    keys.set(shop, key);
  }
  const content = encoder.encode(canonicalJson(data));
  return uuidV8(new Uint8Array(await subtle.sign('HMAC', await key, content)));
}

/** The status of an order that names none: the one it was given before. An open one is paid then, like a new one. */
function statusOf(known: CardPurchase | undefined): PurchaseStatus {
  const status = known?.givenStatus ?? known?.status ?? 'paid';
  return status === 'open' ? 'paid' : status;
}

function readLine(value: unknown, at: string, keepNotes: boolean): PurchaseLine {
  const line = readObject(value, `${at} is no object`);
  const sku = readId(line['sku']) ?? null;
  const name = readText(line['name']) ?? sku;
  if (name === null) throw invalid(`${at} has neither sku nor name`);
  const quantity = readNumber(line['quantity'], `${at}.quantity`) ?? 1;
  if (quantity <= 0) throw invalid(`${at}.quantity is ${quantity}; leave out what was not bought`);
  const category = readText(line['category']);
  const note = keepNotes ? readText(line['note']) : undefined;
  const seat = readNumber(line['seat'], `${at}.seat`);
  const refunded = readNumber(line['refundedQuantity'], `${at}.refundedQuantity`);
  const modifiers = (line['modifiers'] ?? []) as unknown;
  if (!Array.isArray(modifiers)) throw invalid(`${at}.modifiers is no list`);
  return {
    sku,
    name,
    quantity,
    unitPrice: readPrice(line['unitPrice'], `${at}.unitPrice`) ?? null,
    ...(category !== undefined && { category }),
    modifiers: modifiers.map((modifier, i) => readModifier(modifier, `${at}.modifiers[${i}]`)),
    ...(note !== undefined && { note }),
    ...(seat !== undefined && { seat }),
    ...(refunded !== undefined && { refundedQuantity: Math.min(refunded, quantity) }),
  };
}

function readModifier(value: unknown, at: string): Modifier {
  const modifier = readObject(value, `${at} is no object`);
  const name = readText(modifier['name']);
  if (name === undefined) throw invalid(`${at} has no name`);
  const group = readText(modifier['group']);
  const id = readId(modifier['id']);
  const pre = readText(modifier['pre']);
  const under = readId(modifier['under']);
  const unitPrice = readPrice(modifier['unitPrice'], `${at}.unitPrice`, true);
  return {
    ...(group !== undefined && { group }),
    ...(id !== undefined && { id }),
    name,
    quantity: readNumber(modifier['quantity'], `${at}.quantity`) ?? 1,
    ...(pre !== undefined && { pre }),
    ...(unitPrice !== undefined && { unitPrice }),
    ...(under !== undefined && { under }),
  };
}

function readObject(value: unknown, problem: string): Loose {
  if (typeof value !== 'object' || value === null) throw invalid(problem);
  return value as Loose;
}

/** A text that is not empty, cut; numbers are taken as text. */
function readText(value: unknown, length = TEXT_LENGTH): string | undefined {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim().slice(0, length) : undefined;
}

/** Like a text; one that had to be cut keeps its own hash, so that two long ids stay two. */
function readId(value: unknown): string | undefined {
  const text = readText(value, Infinity);
  return text === undefined || text.length <= ID_LENGTH
    ? text
    : `${text.slice(0, ID_LENGTH - 9)}~${hash32(text).toString(16).padStart(8, '0')}`;
}

function readNumber(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
    throw invalid(`${name} is no number of 0 or more`);
  return value;
}

function readPrice(value: unknown, name: string, discount = false): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw invalid(`${name} is no number; write a price as money(9.8, 'EUR')`);
  if (!Number.isSafeInteger(value))
    throw invalid(
      `${name} is ${value}, and prices are integers of the minor unit; write money(9.8, 'EUR')`,
    );
  if (value < 0 && !discount) throw invalid(`${name} is negative`);
  return value;
}

function readTime(value: unknown, now: number): number {
  if (value === undefined || value === null) return now;
  // some shops write +0100, which not every engine reads
  const ms =
    typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value)
      ? Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
      : value;
  if (typeof ms !== 'number' || !(ms >= 0 && ms <= LATEST_MS))
    throw invalid('at is no time; give ms since 1970 or ISO 8601 text');
  return Math.floor(ms);
}

function readCurrency(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const code = typeof value === 'string' ? value.toUpperCase() : '';
  if (!/^[A-Z]{3}$/.test(code)) throw invalid('currency is no ISO 4217 code such as "EUR"');
  return code;
}

function readChoice<T extends string>(
  value: unknown,
  choices: readonly T[],
  name: string,
): T | undefined {
  if (value === undefined || value === null) return undefined;
  const choice = choices.find((known) => known === value);
  if (choice === undefined) throw invalid(`${name} is none of ${choices.join(', ')}`);
  return choice;
}

function readPlace(value: unknown): Place | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const place = value as Loose;
  const id = readId(place['id']);
  const name = readText(place['name']);
  const table = readText(place['table']);
  return {
    ...(id !== undefined && { id }),
    ...(name !== undefined && { name }),
    ...(table !== undefined && { table }),
  };
}

function readRefs(value: unknown, id: string): readonly string[] {
  const refs = Array.isArray(value) ? value.flatMap((ref) => readId(ref) ?? []) : [];
  return [...new Set(refs)].filter((ref) => ref !== id).sort();
}
