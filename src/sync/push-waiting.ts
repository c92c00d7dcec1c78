import type { Outcome, Outgoing, SyncHost } from './host.js';
import {
  SYNC_PROTOCOL,
  SyncFailure,
  type PushResult,
  type SyncCall,
  type SyncCode,
  type Transport,
} from './port.js';

/** Version of the stored data, as it goes over the wire. */
const SCHEMA = 1;

/** More are rarely less than 60 kB. */
const PARCEL = 200;

/** What was sent so often and got no answer is not wanted. */
const UNANSWERED = 10;

/** What one round shares. */
export interface Round {
  readonly host: SyncHost;
  readonly transport: Transport;
  readonly call: SyncCall;
  /** Shrinks when the backend finds a batch too large. */
  readonly limits: { records: number; bytes: number };
  /** What the backend said nothing about, by its key: how often in a row. */
  readonly unanswered: Map<string, number>;
  /** Told how many are done with. */
  readonly onSent?: (count: number) => void;
}

/** What the backend may say of one record that is not the record's fault: it waits, and is sent again with a later round. */
const WAITS: ReadonlySet<SyncCode> = new Set<SyncCode>([
  'auth',
  'rate',
  'resync',
  'scope',
  'unavailable',
  'upgrade-required',
]);

/** Learns the backend's time before the first push: what is stamped too far ahead must not leave. */
export async function askTime({ host, transport, call }: Round): Promise<void> {
  const { serverTime } = await transport.push(batchOf(host, []), call);
  if (!call.signal.aborted) await host.meet(serverTime);
}

function batchOf(host: SyncHost, part: readonly Outgoing[]): Parameters<Transport['push']>[0] {
  const records = part.map(({ record }) => record);
  return { client: host.client(), protocol: SYNC_PROTOCOL, schema: SCHEMA, records };
}

/** Sends these, batch by batch. What was stamped too far ahead is stamped anew by the host, and sent once more. */
export async function pushWaiting(
  round: Round,
  keys: readonly string[],
  isSecond = false,
): Promise<void> {
  const { host, limits, call } = round;
  const skewed: string[] = [];
  for (let at = 0; at < keys.length;) {
    const chunk = keys.slice(at, at + limits.records);
    const batch = cut(await host.read(chunk), limits.bytes);
    const last = batch.rest === undefined ? undefined : chunk.indexOf(batch.rest);
    at += last ?? chunk.length;
    if (call.signal.aborted) return;
    if (batch.tooLarge !== undefined)
      await host.settle([{ key: batch.tooLarge, is: { code: 'too-large' } }]);
    if (batch.taken.length > 0) skewed.push(...(await pushBatch(round, batch.taken, isSecond)));
  }
  if (skewed.length > 0) await pushWaiting(round, skewed, true);
}

/** As many from the front as fit. One that fits nowhere is set aside; `rest` is the first that was not taken. */
function cut(
  all: readonly Outgoing[],
  bytes: number,
): { readonly taken: readonly Outgoing[]; readonly tooLarge?: string; readonly rest?: string } {
  let sum = 0;
  const end = all.findIndex((one) => (sum += one.bytes + 1) > bytes);
  if (end < 0) return { taken: all };
  const taken = all.slice(0, end);
  const first = all[end]?.key ?? '';
  if (end > 0) return { taken, rest: first };
  const rest = all[1]?.key;
  return { taken, tooLarge: first, ...(rest !== undefined && { rest }) };
}

/** What of these fits into a request that outlives its page, read while there is time. */
export async function packParcel(
  host: SyncHost,
  keys: readonly string[],
  bytes: number,
): Promise<readonly Outgoing[]> {
  return keys.length === 0 ? [] : cut(await host.read(keys.slice(0, PARCEL)), bytes).taken;
}

/** Sends a batch; halves one that the backend finds too large, and looks for the one bad record in one that it cannot take. */
export async function pushBatch(
  round: Round,
  batch: readonly Outgoing[],
  isSecond: boolean,
): Promise<readonly string[]> {
  const { host, transport, call, limits, onSent } = round;
  const skewed: string[] = [];
  const before = limits.records;
  const parts: (readonly Outgoing[])[] = [batch];
  for (let part = parts.pop(); part && !call.signal.aborted; part = parts.pop()) {
    const { length } = part;
    try {
      const { results, serverTime } = await transport.push(batchOf(host, part), call);
      // it is sent again, and is a duplicate then
      if (call.signal.aborted) break;
      const { outcomes, again } = read(round, part, results, isSecond);
      skewed.push(...again);
      await host.settle(outcomes);
      onSent?.(outcomes.length);
      await host.meet(serverTime);
    } catch (error) {
      const kind = error instanceof SyncFailure ? error.kind : undefined;
      if (kind !== 'too-large' && kind !== 'invalid') throw error;
      if (length === 1 && part[0]) await host.settle([{ key: part[0].key, is: { code: kind } }]);
      // it was this one alone: the others may go together again
      if (length === 1) limits.records = before;
      if (length === 1) continue;
      const half = length >> 1;
      if (kind === 'too-large') limits.records = Math.max(1, Math.min(limits.records, half));
      parts.push(part.slice(half), part.slice(0, half));
    }
  }
  return skewed;
}

/** What the results say of each record of a batch: one that they do not name waits, up to so many times. */
function read(
  { unanswered }: Round,
  part: readonly Outgoing[],
  results: readonly PushResult[],
  isSecond: boolean,
): {
  readonly outcomes: readonly Outcome[];
  readonly again: readonly string[];
} {
  const byId = new Map(results.map((result) => [result.id, result]));
  const outcomes: Outcome[] = [];
  const again: string[] = [];
  for (const { key, record } of part) {
    const { status, code = 'invalid' } = byId.get(record.id) ?? {};
    const times = (unanswered.get(key) ?? 0) + 1;
    unanswered.delete(key);
    if (status === 'erased') outcomes.push({ key, is: 'gone' });
    else if (status === 'accepted' || status === 'duplicate') outcomes.push({ key, is: 'done' });
    // what it says of it nobody here can read: it may not have it
    else if (status !== 'rejected' && times < UNANSWERED) unanswered.set(key, times);
    else if (status !== 'rejected') outcomes.push({ key, is: { code: 'unavailable' } });
    else if (code === 'skew' && !isSecond) again.push(key);
    else if (!WAITS.has(code)) outcomes.push({ key, is: { code } });
  }
  return { outcomes, again };
}
