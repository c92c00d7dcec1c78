import { compareText } from './fold-records.js';
import { isJoining, isMerge, isPersonal, LINK_CAPS, limitOf } from './link-limits.js';
import type { HeldReason, LinkData, StampedBy } from './types.js';

/** A link with the subject it was made under. */
export type SubjectLink = StampedBy<LinkData> & { readonly subject: string };

/** Who is one customer. */
export interface Components {
  /** The subjects of each customer, sorted; in the order of their first. */
  readonly groups: readonly (readonly string[])[];
  /** Links that count for nothing, by record id, and why. */
  readonly held: ReadonlyMap<string, HeldReason>;
}

/** Representative of the set that `key` is in, and the way there made short. A key never seen is its own. */
export function rootOf(parents: Map<string, string>, key: string): string {
  let root = key;
  for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up;
  if (root !== key) parents.set(key, root);
  return root;
}

/** Order of links, whatever order they came in. */
export function compareLinks(a: SubjectLink, b: SubjectLink): number {
  return compareText(a.stamp, b.stamp) || compareText(a.record, b.record);
}

/** What the active links of one customer come to. */
interface Person {
  /** Has an account, or an identifier that was verified. */
  readonly known: boolean;
  readonly links: number;
  readonly merges: ReadonlySet<string>;
  /** By type and token: when it was linked. */
  readonly identifiers: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;
}

const NOBODY: Person = { known: false, links: 0, merges: new Set(), identifiers: new Map() };

/**
 * Groups subjects into customers by the tokens they share, walking `links` (those not taken back) in stamp order, whatever order
 * they are given in. A link is judged by those before it: one that would join two known people, or somebody to a value that
 * several have, or break a limit or a cap, is held. Half of a merge waits for the other half, which joins whomever they name.
 */
export function componentsOf(
  subjects: Iterable<string>,
  links: readonly SubjectLink[],
): Components {
  const parents = new Map<string, string>();
  const people = new Map<string, Person>();
  const holders = new Map<string, readonly SubjectLink[]>();
  const held = new Map<string, HeldReason>();
  for (const link of asOne(links).sort(compareLinks)) {
    const { subject, record, data } = link;
    const has = (isJoining(data) && holders.get(data.token)) || [];
    const merge = isMerge(data);
    if (isJoining(data)) holders.set(data.token, [...has, link]);
    if (merge && has.length === 0) continue;
    const root = rootOf(parents, subject);
    const others = new Set(has.map((one) => rootOf(parents, one.subject)));
    const met = others.has(root) ? [] : [...others];
    const parts = [root, ...met].map((one) => people.get(one) ?? NOBODY);
    const whole = combine([...parts, personBy(data)]);
    const reason = (merge ? undefined : apartOf(parts, data)) ?? overOf(whole, parts, merge);
    if (reason === undefined) {
      for (const other of met) parents.set(other, root);
      people.set(root, whole);
      continue;
    }
    held.set(record, reason);
    // neither half of a merge counts without the other
    if (merge) for (const one of has) held.set(one.record, reason);
    else if (!isLeading(data, reason)) holders.set(data.token, has);
  }
  // what was held because it is another's holds nobody apart once a merge has made the two one
  for (const { subject, record, data } of asOne(links)) {
    const reason = held.get(record);
    if (reason !== 'two-people' && reason !== 'shared') continue;
    const root = rootOf(parents, subject);
    const isOurs = (one: SubjectLink): boolean =>
      one.record !== record && rootOf(parents, one.subject) === root && !held.has(one.record);
    if (holders.get(data.token)?.some(isOurs)) held.delete(record);
  }
  const groups = new Map<string, string[]>();
  for (const subject of [...new Set(subjects)].sort(compareText)) {
    const root = rootOf(parents, subject);
    groups.set(root, [...(groups.get(root) ?? []), subject]);
  }
  return { groups: [...groups.values()], held };
}

/** The links, with one token for an identifier that has one under this device's key and one under the shop's. */
function asOne(links: readonly SubjectLink[]): SubjectLink[] {
  const shops = new Map<string, string>();
  const tokens = new Map(links.map(({ record, data }) => [record, data.token]));
  for (const { data } of links) {
    const own = data.same === undefined ? undefined : tokens.get(data.same);
    if (own !== undefined) shops.set(own, data.token);
  }
  if (shops.size === 0) return [...links];
  return links.map((link) => {
    const token = shops.get(link.data.token);
    return token === undefined ? link : { ...link, data: { ...link.data, token } };
  });
}

/** True for a link by which its customer is found: also where it is held because the value is another known person's too. */
export function isLeading(data: LinkData, held: HeldReason | undefined): boolean {
  return held === undefined || (held === 'two-people' && limitOf(data.type).perValue > 1);
}

/** Why people who have the same value stay apart: `own` is whose link it is, the others those who have it. */
function apartOf(
  [own = NOBODY, ...others]: readonly Person[],
  { type }: LinkData,
): HeldReason | undefined {
  if (others.length === 0) return undefined;
  // nobody is joined to one of several by guess
  if (!own.known) return others.length > 1 ? 'shared' : undefined;
  if (others.length === 1 && others[0]?.known !== true) return undefined;
  const { perValue } = limitOf(type);
  return perValue > 1 && others.length >= perValue ? 'limit' : 'two-people';
}

/** What one link alone comes to. */
function personBy(data: LinkData): Person {
  const { type, token, at } = data;
  if (isMerge(data)) return { ...NOBODY, links: 2, merges: new Set([token]) };
  if (data.unproved === true) return { ...NOBODY, links: 1 };
  return {
    known: isPersonal(type) && (limitOf(type).priority === 1 || data.level === 'verified'),
    links: 1,
    merges: new Set(),
    identifiers: new Map([[type, new Map([[token, [at]]])]]),
  };
}

function combine(parts: readonly Person[]): Person {
  const identifiers = new Map<string, Map<string, readonly number[]>>();
  for (const part of parts)
    for (const [type, tokens] of part.identifiers) {
      const all = identifiers.get(type) ?? new Map<string, readonly number[]>();
      identifiers.set(type, all);
      const { windowMs } = limitOf(type);
      for (const [token, times] of tokens)
        all.set(token, windowMs === undefined ? [] : [...(all.get(token) ?? []), ...times]);
    }
  return {
    known: parts.some(({ known }) => known),
    links: parts.reduce((sum, { links }) => sum + links, 0),
    merges: new Set(parts.flatMap(({ merges }) => [...merges])),
    identifiers,
  };
}

/** Which bound `whole` breaks. One that a merge has broken before binds again only for what makes it worse. */
function overOf(
  whole: Person,
  parts: readonly Person[],
  merge: boolean,
): 'limit' | 'cap' | undefined {
  if (!merge)
    for (const type of whole.identifiers.keys()) {
      const count = countOf(whole, type);
      if (count > limitOf(type).perCustomer && parts.every((part) => countOf(part, type) < count))
        return 'limit';
    }
  let identifiers = 0;
  let visitors = 0;
  for (const [type, { size }] of whole.identifiers) {
    identifiers += size;
    if (!isPersonal(type)) visitors += size;
  }
  return whole.links > LINK_CAPS.links ||
    whole.merges.size > LINK_CAPS.merges ||
    identifiers > LINK_CAPS.identifiers ||
    visitors > LINK_CAPS.visitors
    ? 'cap'
    : undefined;
}

/** How many identifiers of a type somebody has: the most within any of its windows of time. */
function countOf({ identifiers }: Person, type: string): number {
  const tokens = identifiers.get(type) ?? new Map<string, readonly number[]>();
  const { windowMs, perCustomer } = limitOf(type);
  if (windowMs === undefined || tokens.size <= perCustomer) return tokens.size;
  const uses = [...tokens]
    .flatMap(([token, times]) => times.map((at) => ({ at, token })))
    .sort((a, b) => a.at - b.at);
  const last = new Map<string, number>(); // by token, the oldest use first
  let most = 0;
  for (const { at, token } of uses) {
    last.delete(token);
    last.set(token, at);
    for (const [old, when] of last) {
      if (when > at - windowMs) break;
      last.delete(old);
    }
    most = Math.max(most, last.size);
  }
  return most;
}
