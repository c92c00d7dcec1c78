import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { folderName } from '../adapters/storage/node-lmdb-rows.js';
import type { ProfileStorage } from '../profile/port.js';
import { Exit, misused } from './exit.js';

const NAME = /^regulars%3a(.+)\.lmdb$/;
const nameOf = (shop: string): string => folderName(`regulars:${shop}`);

/** The shops whose storages lie in a folder; those with names too long for a folder's are not told by it. */
function shopsIn(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const shop = decoded(NAME.exec(name)?.[1] ?? '');
    return nameOf(shop) === name && shop !== '' ? [shop] : [];
  });
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return '';
  }
}

/** The shop that was named, or the only one there is. */
export function shopOf(folder: string, shop: string | undefined): string {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new Exit(1, `There is no folder ${folder}.`);
  const there = shopsIn(folder);
  if (shop !== undefined) {
    // opening would make one
    if (!existsSync(join(folder, nameOf(shop))))
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
