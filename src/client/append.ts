import { isRegularsError } from '../kernel/errors.js';
import { appendRecords, type Appended } from '../profile/log.js';
import { withFormat } from '../profile/migrations.js';
import type { RecordDraft } from '../profile/types.js';
import type { Core } from './core.js';
import { isForgotten } from './forgotten.js';
import { withRoom } from './make-room-here.js';
import { takeUp } from './take-up.js';
import type { RecordOutcome } from './types.js';

/** Appends, and takes up the card when it is the one shown. Rejects where the storage does. */
export async function append(
  core: Core,
  drafts: readonly RecordDraft[],
): Promise<Appended | undefined> {
  if (drafts.length === 0) return undefined;
  const { vault } = core;
  const orders = drafts.some(({ kind }) => kind === 'purchase' || kind === 'refund');
  const appended = await withRoom(core, (check) =>
    withFormat((format) =>
      vault.run(
        'readwrite',
        async (transaction) => {
          if (vault.keeps() && drafts.some(({ subject }) => isForgotten(core, subject)))
            return { cards: [], appended: [], duplicates: 0, refused: drafts.length, bytes: 0 };
          const done = await appendRecords(transaction, drafts, { ...vault.env(), format });
          if (done.appended.length > 0) check(done.bytes, () => lengthOf(done));
          return done;
        },
        // a power cut must not take an order; the rest may wait for the disk
        orders ? 'strict' : 'relaxed',
      ),
    ),
  );
  takeUp(core, appended.cards);
  return appended;
}

function lengthOf({ appended }: Appended): number {
  return appended.reduce((sum, record) => sum + JSON.stringify(record).length, 0);
}

/** Appends, and says what became of it; nothing a page does with an outcome can break it. */
export async function commit(core: Core, drafts: readonly RecordDraft[]): Promise<RecordOutcome> {
  const { vault, state } = core;
  if (state.status === 'stopped') return { kind: 'refused', reason: 'stopped' };
  if (vault.status().readOnly) return { kind: 'refused', reason: 'read-only' };
  try {
    const appended = await append(core, drafts);
    if (appended && appended.refused > 0) return { kind: 'refused', reason: 'erased' };
  } catch (error) {
    core.report(error);
    const code = isRegularsError(error) ? error.code : undefined;
    if (code === 'ERR_STORAGE_NEWER') return { kind: 'refused', reason: 'read-only' };
    return { kind: 'refused', reason: code === 'ERR_STORAGE_QUOTA' ? 'quota' : 'storage' };
  }
  if (vault.keeps()) return { kind: 'kept' };
  // a storage that was lost may be back
  void core.acts().then((acts) => acts.nudge());
  const { kind, reason } = vault.status();
  return { kind: 'held', reason: kind === 'opening' ? 'opening' : (reason ?? 'not-configured') };
}
