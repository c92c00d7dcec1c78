import type { RawIdentifier } from '../identity/port.js';
import { nextStamp, stampMs } from '../kernel/stamp.js';
import { withFormat } from '../profile/migrations.js';
import { readWaiting, settleOutbox } from '../profile/outbox.js';
import type { AnyRecord } from '../profile/log-rows.js';
import { isPersonal } from '../profile/link-limits.js';
import type { StorageTransaction } from '../profile/port.js';
import { ERASE_PREFIX } from '../profile/row-keys.js';
import type { RecordOf } from '../profile/types.js';
import type { Outgoing } from '../sync/host.js';
import type { ErasureClaim, LinkClaim, SentRecord } from '../sync/port.js';
import type { SealedBox } from '../sync/types.js';
import type { Core } from './core.js';
import { SEALED_PREFIX } from './sealed-rows.js';
import { TOLERANCE_MS } from './sync-clock.js';
import { lineOf } from './sync-line.js';

/** How the storage is reached: through the client where that has it open; where others come, and after somebody was forgotten, for one call. */
export type Reach = <T>(
  mode: 'readonly' | 'readwrite',
  body: (transaction: StorageTransaction) => Promise<T>,
) => Promise<T>;

/** What never leaves: it is left in the outbox no longer. */
const NEVER = 'never';
/** What cannot leave yet. */
const LATER = 'later';

/** What waits under these keys, as it goes over the wire. */
export async function readOutgoing(
  core: Core,
  reach: Reach,
  keys: readonly string[],
): Promise<readonly Outgoing[]> {
  const now = core.clock.now();
  const read = await withFormat((format) =>
    reach('readonly', (tx) =>
      Promise.all(
        keys.map(async (key): Promise<SentRecord | typeof NEVER | typeof LATER> => {
          if (key.startsWith(ERASE_PREFIX) || key.startsWith(SEALED_PREFIX)) {
            const entry = await tx.get('outbox', key);
            if (entry === undefined) return LATER; // another tab was faster
            return key.startsWith(ERASE_PREFIX)
              ? notAhead(core, entry as ErasureClaim)
              : { id: key.slice(SEALED_PREFIX.length), kind: 'sealed', box: entry as SealedBox };
          }
          const found = await readWaiting(tx, key, format);
          return found ? toSent(core, found.record, found.entry) : NEVER;
        }),
      ),
    ),
  );
  const never = keys.filter((_, i) => read[i] === NEVER);
  if (never.length > 0)
    await withFormat((format) =>
      reach('readwrite', (tx) =>
        settleOutbox(
          tx,
          never.map((key) => ({ key, is: 'done' })),
          { now, format },
        ),
      ),
    );
  const utf8 = new TextEncoder();
  return read.flatMap((record, i) => {
    if (typeof record === 'string' || record === undefined) return [];
    return [{ key: keys[i] ?? '', record, bytes: utf8.encode(JSON.stringify(record)).length }];
  });
}

/** An erasure counts whatever its clock; it is not to be refused for that. */
function notAhead({ vault }: Core, claim: ErasureClaim): ErasureClaim {
  const { now, device } = vault.env();
  const isAhead = stampMs(claim.stamp) > now + TOLERANCE_MS;
  return isAhead ? { ...claim, stamp: nextStamp(undefined, now, device) } : claim;
}

function toSent(
  core: Core,
  record: AnyRecord,
  entry: unknown,
): SentRecord | typeof NEVER | typeof LATER {
  if (record.kind === 'base' || record.kind === 'erasure') return NEVER;
  return record.kind === 'link' ? toClaim(core, record as RecordOf<'link'>, entry) : record;
}

/** A link with what identifies in the place of its token, which is this device's alone. */
function toClaim(
  core: Core,
  record: RecordOf<'link'>,
  entry: unknown,
): LinkClaim | typeof NEVER | typeof LATER {
  const { token, ...data } = record.data;
  const claim = (identifier: LinkClaim['data']['identifier']): LinkClaim => ({
    ...record,
    data: { ...data, identifier },
  });
  const { type } = data;
  // the random value that two halves of a merge share
  if (type === 'merge') return claim({ account: token });
  const isAccount = /^account(:|$)/.test(type);
  const known: RawIdentifier | undefined =
    lineOf(core).identifiers.get(token) ?? core.vault.identifiers.get(token);
  if (isAccount && known) return claim({ account: known.value });
  const { sealed } = (entry ?? {}) as { readonly sealed?: SealedBox };
  if (sealed) return claim({ sealed });
  // an account is known again when its owner is; nobody else's number leaves without a key to seal it to
  return isAccount && isPersonal(type) ? LATER : NEVER;
}
