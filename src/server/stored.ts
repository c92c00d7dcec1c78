import { namesOf } from '../profile/card-purchases.js';
import { isKnownRecord } from '../profile/fold-records.js';
import type { ProfileRecord, RecordOf, UnknownRecord } from '../profile/types.js';
import { claimToken } from './people.js';
import type { Erasing, StoredRecord } from './port.js';
import type { ShopHere } from './shop-keys.js';

/** A record as a database keeps it. */
export async function storedOf(
  record: ProfileRecord | UnknownRecord,
  shop: ShopHere,
  hashes: Map<string, Promise<string>> = new Map(),
): Promise<StoredRecord> {
  const { id, subject, kind, stamp } = record;
  const names = namesIn(record);
  const link = kind === 'link' ? (record as RecordOf<'link'>).data : undefined;
  const token = link?.unproved === true ? claimToken(link.token) : link?.token;
  return {
    ...{ id, subject, stamp, body: JSON.stringify(record) },
    kind,
    ...(token !== undefined && { tokens: [token] }),
    hashes: await Promise.all([subject, ...names].map((name) => hashOf(shop, name, hashes))),
  };
}

/** What forgetting these subjects comes to. What they bought the database knows, at the moment in which it erases it. */
export async function erasingOf(
  shop: ShopHere,
  { id, subjects }: Pick<Erasing, 'id' | 'subjects'>,
  hashes: Map<string, Promise<string>> = new Map(),
): Promise<Erasing> {
  return {
    ...{ id, subjects },
    hashes: await Promise.all(subjects.map((subject) => hashOf(shop, subject, hashes))),
  };
}

/** What its purchases are known by. */
function namesIn(record: ProfileRecord | UnknownRecord): readonly string[] {
  if (!isKnownRecord(record)) return [];
  if (record.kind === 'purchase') return namesOf(record.data);
  if (record.kind !== 'base') return [];
  return Object.values(record.data.state.purchases).flatMap(({ data }) => namesOf(data));
}

/** The mark that forgetting somebody, or an order of theirs, leaves. */
export function hashOf(
  shop: ShopHere,
  text: string,
  hashes: Map<string, Promise<string>>,
): Promise<string> {
  const hash = hashes.get(text) ?? shop.mac('!erased', text);
  hashes.set(text, hash);
  return hash;
}
