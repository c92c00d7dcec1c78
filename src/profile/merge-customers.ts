import { isMerge } from './link-limits.js';
import { linksOf } from './card-of.js';
import type { FoldState, RecordDraft } from './types.js';

/** Who may make two known customers one, and part them again: somebody of the staff, or the shop's own backend. */
export type Authority = `staff:${string}` | 'backend';

/** What a merge needs to know. */
export interface MergeEnv {
  /** Ids of the two records. */
  readonly ids: readonly [string, string];
  /** Random; what the two halves find each other by. */
  readonly token: string;
  readonly by: Authority;
  readonly at: number;
  readonly reason: string;
}

/**
 * The records that make two customers one: a link under each, with one token. Each side keeps its own records, so that taking the
 * links back parts them as they were. Held where one of the two would have too many (`cap`).
 */
export function mergeDrafts(
  subjects: readonly [string, string],
  { ids, token, by, at, reason }: MergeEnv,
): readonly RecordDraft[] {
  return subjects.map((subject, i) => ({
    id: ids[i] ?? '',
    subject,
    kind: 'link',
    by,
    data: {
      type: 'merge',
      token: `merge:${token}`,
      level: 'verified',
      method: 'merged',
      at,
      reason,
    },
  }));
}

/** What taking a link back needs to know. */
export interface UnlinkEnv {
  /** Makes an id for each record. */
  readonly id: () => string;
  readonly by: string;
  readonly reason?: string;
}

/**
 * The records that take a link back: of a merge both halves. None when no link of `states` that still stands has this record id.
 * Take the states from `readPeople`: then both halves are there.
 */
export function unlinkDrafts(
  states: ReadonlyMap<string, FoldState>,
  link: string,
  { id, by, reason }: UnlinkEnv,
): readonly RecordDraft[] {
  const links = linksOf(states);
  const found = links.find(({ record }) => record === link);
  return links
    .filter(
      (one) =>
        one === found ||
        (found && isMerge(found.data) && isMerge(one.data) && one.data.token === found.data.token),
    )
    .map(({ record, subject }) => ({
      id: id(),
      subject,
      kind: 'unlink',
      by,
      data: { link: record, ...(reason !== undefined && { reason }) },
    }));
}
