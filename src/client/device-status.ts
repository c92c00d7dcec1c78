import { VERSION } from '../kernel/version.js';
import { withFormat } from '../profile/migrations.js';
import { ERASE_PREFIX, recordKey } from '../profile/row-keys.js';
import { waitingSince } from '../profile/waiting-since.js';
import type { PushBatch, SealedEntry, SentRecord, SYNC_PROTOCOL, Transport } from '../sync/port.js';
import type { Core } from './core.js';
import { SEALED_PREFIX } from './sealed-rows.js';
import type { Reach } from './sync-outgoing.js';

/** So often a device with nothing to send tells that it is there. */
const BEAT_MS = 5 * 60_000;
const SCHEMA = 1;
/** Its own, and checked: with the value the port would be a chunk that every page with sync pays for. */
const PROTOCOL: typeof SYNC_PROTOCOL = 1;

/** A transport that says with each push how it stands with the device, and what says it where nothing is pushed. */
export interface Telling {
  readonly transport: Transport;
  /** Begins to tell; returns the way to stop. */
  readonly begin: (leads: () => boolean) => () => void;
}

/** On the shop's own devices, over a transport of our server; anywhere else nothing of it. */
export function tellStatus(core: Core, reach: Reach, transport: Transport): Telling {
  const isTold = (core.mode === 'kiosk' || core.mode === 'staff') && transport.identity;
  if (!isTold) return { transport, begin: () => () => undefined };
  const { clock, vault, state } = core;
  const statusOf = async (
    records: readonly SentRecord[],
  ): Promise<NonNullable<PushBatch['device']>> => {
    // where there is no storage nothing waits in one
    const oldestUnsent = await withFormat((format) =>
      reach('readonly', (tx) => waitingSince(tx, namesOf(records), format)),
    ).catch(() => undefined);
    return { version: VERSION, ...(oldestUnsent !== undefined && { oldestUnsent }) };
  };
  const push: Transport['push'] = async (batch, call) =>
    // a page that is going has no time to look
    call.keepalive
      ? transport.push(batch, call)
      : transport.push({ ...batch, device: await statusOf(batch.records) }, call);
  return {
    transport: { ...transport, push },
    begin: (leads) => {
      let controller = new AbortController();
      let cancel = (): void => undefined;
      const beat = (): void => {
        plan();
        // one that was not answered until now never is
        controller.abort();
        controller = new AbortController();
        const batch = {
          client: vault.device().id,
          protocol: PROTOCOL,
          schema: SCHEMA,
          records: [],
        };
        // what failed, or was told to wait, is tried again by the engine, and tells it then
        if (leads() && state.sync.state === 'idle')
          void push(batch, { signal: controller.signal }).catch(() => undefined); // the next one tells
      };
      const plan = (): void => {
        cancel = clock.after(BEAT_MS, beat);
      };
      plan();
      return () => {
        cancel();
        controller.abort();
      };
    },
  };
}

/** What stands for these in the outbox. */
function namesOf(records: readonly SentRecord[]): ReadonlySet<string> {
  return new Set(
    records.map((record) => {
      if (record.kind === 'sealed') return SEALED_PREFIX + record.id;
      if (record.kind === 'erasure') return ERASE_PREFIX + record.id;
      const { subject, id } = record as Exclude<SentRecord, SealedEntry>;
      return recordKey(subject, id);
    }),
  );
}
