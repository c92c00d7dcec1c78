import { compareText } from './fold-records.js';
import type { LinkData, Stamped } from './types.js';

/** A link with the subject it was made under. */
export type SubjectLink = Stamped<LinkData> & { readonly subject: string };

/** Who is one customer. */
export interface Components {
  /** The subjects of each customer, sorted; in the order of their first. */
  readonly groups: readonly (readonly string[])[];
  /** Record ids of links that join nobody because they would join two accounts. */
  readonly held: ReadonlySet<string>;
}

/** Representative of the set that `key` is in, and the way there made short. A key never seen is its own. */
export function rootOf(parents: Map<string, string>, key: string): string {
  let root = key;
  for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up;
  if (root !== key) parents.set(key, root);
  return root;
}

/** True for a link that can make its subject one with others: a device, an anonymous id and an unproved claim cannot. */
export function isJoining(link: LinkData): boolean {
  return link.unproved !== true && link.type !== 'device' && link.type !== 'anonymous';
}

/**
 * Groups subjects into customers by the tokens they share, walking `links` (those not taken back) in stamp order, whatever order
 * they are given in. A link that would put two accounts into one customer is held, unless it was made to merge them.
 */
export function componentsOf(
  subjects: Iterable<string>,
  links: readonly SubjectLink[],
): Components {
  const parents = new Map<string, string>();
  const accounts = new Set<string>(); // roots that have one
  const held = new Set<string>();
  const inOrder = [...links].sort(
    (a, b) => compareText(a.stamp, b.stamp) || compareText(a.record, b.record),
  );
  for (const { subject, record, data } of inOrder) {
    if (!isJoining(data)) continue;
    const token = rootOf(parents, `t:${data.token}`);
    const person = rootOf(parents, `s:${subject}`);
    if (data.type === 'account' && token === `t:${data.token}`) accounts.add(token);
    if (token === person) continue;
    const known = accounts.has(token);
    if (known && accounts.has(person) && data.method !== 'merged') held.add(record);
    else {
      parents.set(token, person);
      if (known) accounts.add(person);
    }
  }
  const groups = new Map<string, string[]>();
  for (const subject of [...new Set(subjects)].sort(compareText)) {
    const root = rootOf(parents, `s:${subject}`);
    groups.set(root, [...(groups.get(root) ?? []), subject]);
  }
  return { groups: [...groups.values()], held };
}
