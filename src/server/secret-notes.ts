import type { RawIdentifier } from '../identity/port.js';
import { fromBase64url, toBase64url } from '../kernel/base64url.js';
import type { LinkData } from '../profile/types.js';
import type { ShopHere } from './shop-keys.js';

/** A link of the server's own. */
export interface ServerLinkData extends LinkData {
  /** The device's link that this one stands for. */
  readonly same?: string;
  /** Of an account its value, which only this server reads: what a phone has proved leads to it. */
  readonly hidden?: string;
  /** Its token under the key of the shop's directories, which only this server reads: whoever pulls it may have been handed that key. */
  readonly far?: string;
}

const IV_BYTES = 12;

const keysOf = new WeakMap<ShopHere, Promise<CryptoKey>>();

function keyOf(shop: ShopHere): Promise<CryptoKey> {
  const key = keysOf.get(shop) ?? importKey(shop);
  keysOf.set(shop, key);
  return key;
}

async function importKey(shop: ShopHere): Promise<CryptoKey> {
  const bytes = fromBase64url(await shop.mac('!note', 'secret')) ?? new Uint8Array();
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/** Text that only this shop's server reads again: what is raw is at rest nowhere, for however short a time. */
export async function hide(shop: ShopHere, value: unknown): Promise<string> {
  // from the platform, whatever `random` says: one that comes twice would tell what is hidden
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const text = new TextEncoder().encode(JSON.stringify(value));
  const hidden = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await keyOf(shop), text);
  const bytes = new Uint8Array(IV_BYTES + hidden.byteLength);
  bytes.set(iv);
  bytes.set(new Uint8Array(hidden), IV_BYTES);
  return toBase64url(bytes);
}

/** What was hidden; undefined for what this server did not hide. */
export async function reveal(shop: ShopHere, text: string): Promise<unknown> {
  const bytes = fromBase64url(text);
  if (!bytes || bytes.length <= IV_BYTES) return undefined;
  const how = { name: 'AES-GCM', iv: bytes.slice(0, IV_BYTES) };
  try {
    const plain = await crypto.subtle.decrypt(how, await keyOf(shop), bytes.slice(IV_BYTES));
    return JSON.parse(new TextDecoder().decode(plain)) as unknown;
  } catch {
    return undefined;
  }
}

/** What a link keeps of an identifier for the shop's directories. */
export const hideFar = async (shop: ShopHere, identifier: RawIdentifier): Promise<string> =>
  hide(shop, await shop.far(identifier));

/** Under it stands that a token was proved to whoever is signed in. */
export const provedKey = async (shop: ShopHere, device: string, token: string): Promise<string> =>
  `proved:${await shop.mac('!note', `${device} ${token}`)}`;
