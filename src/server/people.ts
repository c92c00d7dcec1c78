import { linksOf } from '../profile/card-of.js';
import { componentsOf, isLeading, type SubjectLink } from '../profile/components.js';
import { foldRecords } from '../profile/fold-records.js';
import { isAccount, isJoining, isMerge, isPersonal } from '../profile/link-limits.js';
import type { TokenOf } from '../profile/owners.js';
import type { FoldState, HeldReason, ProfileRecord, UnknownRecord } from '../profile/types.js';
import type { Database } from './port.js';

/** Everybody whom some identifiers lead to, as far as links tell who they are. */
export interface People {
  /** By subject, what its links and bases say. */
  readonly states: ReadonlyMap<string, FoldState>;
  /** Links that were not taken back. */
  readonly links: readonly SubjectLink[];
  readonly held: ReadonlyMap<string, HeldReason>;
  /** The subjects of each customer. */
  readonly groups: readonly (readonly string[])[];
}

/** True for a subject that is nobody's: nothing that was checked says whose it is. */
export const isFree = ({ links }: People, subject: string): boolean =>
  !links.some(
    (link) => link.subject === subject && link.data.unproved !== true && isPersonal(link.data.type),
  );

/** What may be looked through for one question. More is nobody's family: it is a number that a till types for everybody. */
export const SUBJECTS_MAX = 2_000;

/** Token of a claim that nobody proved: it leads to what was bought under it, and joins nobody. */
export const claimToken = (token: string): string => `?${token}`;

/** Finds everybody whom these tokens and subjects lead to, and all who share anything with them. */
export async function loadPeople(
  database: Database,
  shop: string,
  start: { readonly tokens?: readonly string[]; readonly subjects?: readonly string[] },
): Promise<People> {
  const states = new Map<string, FoldState>();
  const asked = new Set<string>();
  let tokens = [...(start.tokens ?? [])];
  let subjects = [...(start.subjects ?? [])];
  while (tokens.length + subjects.length > 0 && states.size < SUBJECTS_MAX) {
    const unasked = [...new Set(tokens)].filter((token) => !asked.has(token));
    for (const token of unasked) asked.add(token);
    const led = unasked.length > 0 ? await database.subjectsOf(shop, unasked) : new Map();
    const found = [...subjects, ...[...led.values()].flat()] as readonly string[];
    const fresh = [...new Set(found)]
      .filter((subject) => !states.has(subject))
      .slice(0, SUBJECTS_MAX - states.size);
    const bySubject = new Map<string, (ProfileRecord | UnknownRecord)[]>();
    for (const subject of fresh) bySubject.set(subject, []);
    if (fresh.length > 0)
      for (const { subject, body } of await database.linksOf(shop, fresh))
        bySubject.get(subject)?.push(JSON.parse(body) as ProfileRecord);
    const read = new Map([...bySubject].map(([subject, of]) => [subject, foldRecords(of)]));
    for (const [subject, state] of read) states.set(subject, state);
    tokens = linksOf(read).flatMap(({ data }) => (isJoining(data) ? [data.token] : []));
    subjects = [];
  }
  const links = linksOf(states);
  return { states, links, ...componentsOf(states.keys(), links) };
}

/** The customers whom a token leads to: the subjects of each. */
export function groupsBy(
  { links, held, groups }: People,
  token: string,
): readonly (readonly string[])[] {
  const led = new Set(
    links
      .filter(
        ({ record, data }) =>
          data.token === token &&
          data.unproved !== true &&
          !isMerge(data) &&
          isLeading(data, held.get(record)),
      )
      .map(({ subject }) => subject),
  );
  return groups.filter((group) => group.some((subject) => led.has(subject)));
}

/**
 * The one customer whom these lead to; undefined where they lead to nobody or to several. An account decides. One that nobody has is not
 * somebody's who has another: a family's phone, though it was checked, makes nobody of them another.
 */
export function customerBy(people: People, who: readonly TokenOf[]): readonly string[] | undefined {
  const oneBy = (some: readonly TokenOf[]): readonly (readonly string[])[] => [
    ...new Set(some.flatMap(({ token }) => groupsBy(people, token))),
  ];
  const accounts = who.filter(isAccount);
  const byAccount = oneBy(accounts);
  const isOthers = (group: readonly string[]): boolean =>
    accounts.some(({ type }) => hasLink(people, group, type));
  const found =
    byAccount.length > 0
      ? byAccount
      : oneBy(who.filter((one) => !isAccount(one))).filter((group) => !isOthers(group));
  return found.length === 1 ? found[0] : undefined;
}

const hasLink = ({ links, held }: People, group: readonly string[], type: string): boolean =>
  links.some(
    ({ record, subject, data }) =>
      data.type === type && data.unproved !== true && !held.has(record) && group.includes(subject),
  );
