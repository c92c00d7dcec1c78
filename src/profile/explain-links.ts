import type { EvidenceLevel, IdentifierType } from '../identity/types.js';
import { stampMs } from '../kernel/stamp.js';
import { linksOf } from './card-of.js';
import { compareLinks, componentsOf } from './components.js';
import { isJoining } from './link-limits.js';
import type { FoldState, HeldReason } from './types.js';

/** A link, and why it is believed or not: with no value and no token of it. */
export interface ExplainedLink {
  /** Id of its record. */
  readonly id: string;
  readonly subject: string;
  readonly type: IdentifierType;
  readonly level: EvidenceLevel;
  /** How it was shown: `host`, `typed`, `adopted`, `merged`. */
  readonly method: string;
  readonly at: number;
  /** Who wrote it: `device:<id>`, `import`, `staff:<id>`; absent where a record of another shape does not say. */
  readonly by?: string;
  readonly state: 'active' | 'held' | 'taken-back';
  /** Why it is held. */
  readonly held?: HeldReason;
  /** Other subjects that have the same: whom a merge joined, whom a held link would have joined. For the staff. */
  readonly with?: readonly string[];
  /** A claim that nobody proved. */
  readonly unproved?: true;
  /** Why, of a merge. */
  readonly reason?: string;
  /** From when on it counts what its subject did. */
  readonly since?: number;
  readonly takenBack?: { readonly at: number; readonly by?: string; readonly reason?: string };
}

/**
 * Every link that ever led to a customer, in stamp order: those that stand, those that are held, those that were taken back. Answers
 * "why do you think I am Shep?". Pure; take `states` from `readPeople`. Empty when nobody is known by this id.
 */
export function explainLinks(
  states: ReadonlyMap<string, FoldState>,
  subjectOrCustomerId: string,
): readonly ExplainedLink[] {
  const standing = linksOf(states);
  const stands = new Set(standing.map(({ record }) => record));
  const { groups, held } = componentsOf(states.keys(), standing);
  const own = new Set(groups.find((subjects) => subjects.includes(subjectOrCustomerId)));
  const unlinks = [...states.values()].flatMap((state) => Object.values(state.unlinks));
  return [...states]
    .filter(([subject]) => own.has(subject))
    .flatMap(([, state]) => Object.values(state.links))
    .sort(compareLinks)
    .map(({ record, subject, by, data }): ExplainedLink => {
      const { type, level, method, at, unproved, reason, since } = data;
      const why = held.get(record);
      const others = standing.filter(
        (one) => one.data.token === data.token && one.subject !== subject && isJoining(one.data),
      );
      const shows = stands.has(record) && (why !== undefined || method === 'merged');
      const back = stands.has(record) ? undefined : unlinks.find((one) => one.data.link === record);
      return {
        ...{ id: record, subject, type, level, method, at },
        ...(by !== undefined && { by }),
        state: back ? 'taken-back' : why === undefined ? 'active' : 'held',
        ...(why !== undefined && { held: why }),
        ...(shows &&
          others.length > 0 && { with: [...new Set(others.map((one) => one.subject))].sort() }),
        ...(unproved === true && { unproved }),
        ...(reason !== undefined && { reason }),
        ...(since !== undefined && { since }),
        ...(back && {
          takenBack: {
            at: stampMs(back.stamp),
            ...(back.by !== undefined && { by: back.by }),
            ...(back.data.reason !== undefined && { reason: back.data.reason }),
          },
        }),
      };
    });
}
