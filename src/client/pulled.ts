import { DATA_VERSION } from '../profile/decode-row.js';
import { expandBase } from '../profile/expand-base.js';
import { isAppendable } from '../profile/import-log.js';
import { readAllRecords } from '../profile/log.js';
import { loadUpcast } from '../profile/migrations.js';
import type { ProfileRecord, RecordKind } from '../profile/types.js';
import { append } from './append.js';
import type { Core } from './core.js';
import { levelOf } from './person.js';
import { meet, type Read } from './read-identifiers.js';
import { linkDraft } from './drafts.js';

/** Who they are, the proof says; who looked is the backend's to know. */
const KINDS: ReadonlySet<string> = new Set<RecordKind>([
  ...(['purchase', 'refund', 'visit', 'fact', 'correction', 'consent', 'issue'] as const),
  ...(['answer', 'dismissal', 'exposure'] as const),
]);

/** What a kiosk has from elsewhere of the customers of one visit: in memory, and only for as long as the proof holds. */
export interface Pulled {
  /** Takes in records of whom a proof is for, as one entry. */
  readonly bring: (
    records: readonly unknown[],
    proved: Read['good'],
    method: string,
  ) => Promise<void>;
  /** Lets go of everybody but the customer who is proved now. */
  readonly sweep: () => Promise<void>;
  /** The visit is over, and its memory is gone. */
  readonly clear: () => void;
}

/** Makes it. */
export function createPulled(core: Core): Pulled {
  const { state, vault } = core;
  /** Ids of what came from elsewhere, by the entry it is under here. */
  const brought = new Map<string, Set<string>>();
  return {
    bring: async (source, proved, method) => {
      const records = await readPulled(core, source);
      const subject = records[0]?.subject;
      if (subject === undefined) return;
      const ids = brought.get(subject) ?? new Set();
      for (const { id } of records) ids.add(id);
      brought.set(subject, ids);
      const { fits, others } = await meet(core, proved);
      const links = proved.map((identifier) =>
        linkDraft(core, subject, identifier, 'verified', method),
      );
      // a second proof of the same visit finds them linked
      await append(core, [...records, ...(fits.length + others.length === 0 ? links : [])]);
      for (const { id } of links) ids.add(id);
    },
    sweep: async () => {
      const mine = new Set(
        levelOf(core) === 'verified' ? [state.person.subject, ...(state.card?.subjects ?? [])] : [],
      );
      const gone = new Set<string>();
      for (const [subject, ids] of brought)
        if (!mine.has(subject)) {
          for (const id of ids) gone.add(id);
          brought.delete(subject);
        }
      if (gone.size === 0 || vault.keeps()) return;
      // memory is made anew without them: an erasure would leave a mark of them
      const all = await vault.run('readonly', readAllRecords);
      const stays = all.filter(({ id }) => !gone.has(id)) as readonly ProfileRecord[];
      await vault.dropHeld();
      await append(core, stays);
    },
    clear: () => brought.clear(),
  };
}

/** Records of this shop that may be appended, all under the entry of the first; none of somebody who was erased. */
async function readPulled(core: Core, source: readonly unknown[]): Promise<ProfileRecord[]> {
  const { options, clock } = core;
  const upcast = await loadUpcast();
  const records = source.flatMap((value): readonly ProfileRecord[] => {
    const record = upcast(value, DATA_VERSION) as ProfileRecord | undefined;
    if (record?.shop !== options.shop || !isAppendable(record, clock.now())) return [];
    return record.kind === 'base' ? expandBase(record) : [record];
  });
  if (records.some(({ kind }) => kind === 'erasure')) return [];
  const kept = records.filter(({ kind }) => KINDS.has(kind));
  const subject = kept[0]?.subject;
  return subject === undefined ? [] : kept.map((record) => ({ ...record, subject }));
}
