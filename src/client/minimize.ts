import { uuidV7 } from '../kernel/ids.js';
import { minimizeFact } from '../profile/minimize-fact.js';
import type { RecordDraft } from '../profile/types.js';
import type { Core } from './core.js';

/** Drafts as they may be kept; of somebody who turns out to be a child, with their two noes (product rule P18). */
export function minimize(core: Core, drafts: readonly RecordDraft[]): readonly RecordDraft[] {
  return drafts.flatMap((draft): readonly RecordDraft[] => {
    if (draft.kind !== 'fact' && draft.kind !== 'correction') return [draft];
    const { fact, isChild } = minimizeFact(draft.data);
    return [
      ...(fact ? [{ ...draft, data: fact } as RecordDraft] : []),
      ...(isChild ? (['suggest', 'measure'] as const) : []).map((purpose): RecordDraft => {
        const at = core.clock.now();
        return {
          ...{ id: uuidV7(at, core.random), subject: draft.subject, by: draft.by, kind: 'consent' },
          data: {
            ...{ purpose, answer: 'denied', at },
            replaces: core.state.card?.consentRecords[purpose] ?? [],
          },
        };
      }),
    ];
  });
}
