import { fromBase64url, toBase64url } from '../kernel/base64url.js';
import type { LaneNumbers } from './port.js';
import { isSame, type MacUse, type ShopHere } from './shop-keys.js';

/** What a cursor says. */
export interface Cursor {
  readonly epoch: string;
  /** A hash of the subjects that it is for. */
  readonly scope: string;
  readonly after: LaneNumbers;
  /** It began with nothing and is not through yet: what has become a base comes to it as one. */
  readonly whole: boolean;
  /** Of a page of a snapshot: where the log stood when that began. */
  readonly heads?: LaneNumbers;
}

/** A cursor as it goes out: only this shop's server can make one. */
export async function writeCursor(
  shop: ShopHere,
  use: Extract<MacUse, '!cursor' | '!page'>,
  { epoch, scope, after, whole, heads }: Cursor,
): Promise<string> {
  const parts = [epoch, scope, after, whole ? 1 : 0, ...(heads ? [heads] : [])];
  const text = toBase64url(new TextEncoder().encode(JSON.stringify(parts)));
  return `${text}.${await shop.mac(use, text)}`;
}

/** What it says; undefined for what this server did not write, or wrote for something else. */
export async function readCursor(
  shop: ShopHere,
  use: Extract<MacUse, '!cursor' | '!page'>,
  given: string,
): Promise<Cursor | undefined> {
  const [text = '', mac = '', ...rest] = given.split('.');
  if (rest.length > 0 || given.length > 4_096) return undefined;
  if (!isSame(await shop.mac(use, text), mac)) return undefined;
  const bytes = fromBase64url(text);
  if (!bytes) return undefined;
  // it was signed: what it says is what was written
  const [epoch, scope, after, whole, heads] = JSON.parse(
    new TextDecoder().decode(bytes),
  ) as readonly [string, string, LaneNumbers, 0 | 1, LaneNumbers?];
  return { epoch, scope, after, whole: whole === 1, ...(heads && { heads }) };
}

/** The hash of a set of subjects. */
export async function scopeOf(shop: ShopHere, subjects: readonly string[]): Promise<string> {
  return (await shop.mac('!scope', [...subjects].sort().join(' '))).slice(0, 22);
}
