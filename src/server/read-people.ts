import { cardOf } from '../profile/card-of.js';
import { foldRecords } from '../profile/fold-records.js';
import type { TokenOf } from '../profile/owners.js';
import type { Card, FoldState, ProfileRecord, UnknownRecord } from '../profile/types.js';
import { customerBy, loadPeople, type People } from './people.js';
import type { Database } from './port.js';
import type { ShopHere } from './shop-keys.js';

const PAGE = 1_000;

/** Every record of these subjects, in the order of the log. */
export async function recordsOf(
  database: Database,
  shop: string,
  subjects: readonly string[],
): Promise<readonly (ProfileRecord | UnknownRecord)[]> {
  const records: (ProfileRecord | UnknownRecord)[] = [];
  const after: number[] = [];
  if (subjects.length === 0) return records;
  for (let length = PAGE; length === PAGE;) {
    const page = await database.list(shop, { subjects, after, limit: PAGE });
    for (const { body, lane, seq } of page) {
      while (after.length <= lane) after.push(0);
      after[lane] = seq;
      records.push(JSON.parse(body) as ProfileRecord);
    }
    ({ length } = page);
  }
  return records;
}

/** What there is of each of these subjects, read together. */
export async function statesOf(
  database: Database,
  shop: string,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, FoldState>> {
  const bySubject = new Map<string, (ProfileRecord | UnknownRecord)[]>(
    subjects.map((subject) => [subject, []]),
  );
  for (const record of await recordsOf(database, shop, subjects))
    bySubject.get(record.subject)?.push(record);
  return new Map([...bySubject].map(([subject, of]) => [subject, foldRecords(of)]));
}

/** The card of one customer, by all there is of them. */
export async function cardOfGroup(
  database: Database,
  shop: string,
  { held }: People,
  group: readonly string[],
): Promise<Card> {
  return cardOf({ states: await statesOf(database, shop, group), held });
}

/** Whom identifiers lead to: the one customer, or none where they lead to nobody or to several. */
export async function findOne(
  database: Database,
  shop: ShopHere,
  who: readonly TokenOf[],
): Promise<{ readonly people: People; readonly group: readonly string[] } | undefined> {
  const tokens = who.map(({ token }) => token);
  const people = await loadPeople(database, shop.id, { tokens });
  const group = customerBy(people, who);
  return group && { people, group };
}
