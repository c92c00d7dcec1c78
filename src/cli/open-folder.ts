import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProfileStorage } from '../profile/port.js';
import { Exit, misused } from './exit.js';

const NAME = /^~?regulars%3a(.+)\.lmdb$/;

/** Plain text as `lmdbStorage` writes it in the names of folders; undefined for one that it writes another way. */
function escaped(shop: string): string | undefined {
  if (!/^[\x20-\x7e]{1,100}$/.test(shop)) return undefined;
  return shop.replace(/[^a-z0-9-]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}

/** The shops whose storages lie in a folder, as far as their names tell. */
function shopsIn(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const [, shop] = NAME.exec(name) ?? [];
    return shop === undefined ? [] : [decodeURIComponent(shop)];
  });
}

/** The shop that was named, or the only one there is. */
export function shopOf(folder: string, shop: string | undefined): string {
  if (!existsSync(folder)) throw new Exit(1, `There is no folder ${folder}.`);
  const there = shopsIn(folder);
  if (shop !== undefined) {
    const name = escaped(shop);
    // opening would make one
    if (name !== undefined && !existsSync(join(folder, `regulars%3a${name}.lmdb`)))
      throw new Exit(1, `${folder} holds no storage of the shop "${shop}".${list(there)}`);
    return shop;
  }
  const [one, other] = there;
  if (one === undefined) throw new Exit(1, `${folder} holds no storage of regulars.`);
  if (other !== undefined) throw misused(`Say which shop with --shop.${list(there)}`);
  return one;
}

const list = (shops: readonly string[]): string =>
  shops.length > 0 ? ` There are: ${shops.join(', ')}.` : '';

/** Opens the storage of a shop; made where there is none. */
export async function openFolder(folder: string, shop: string): Promise<ProfileStorage> {
  const { lmdbStorage } = await import('../adapters/storage/node-lmdb.js');
  const storage = lmdbStorage({ folder });
  await storage.open({ name: `regulars:${shop}` });
  return storage;
}
