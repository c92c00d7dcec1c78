import { SyncFailure, type ReceivedRecord } from './port.js';
import type { Round } from './push-waiting.js';

/** The most of one pull. */
const PULL_RECORDS = 500;
/** A backend that asks for another snapshot right after one would do so for ever. */
const RESYNCS = 2;

/** Fetches what is new, page by page; a cursor that is of no use any more is replaced by a snapshot. */
export async function pullNew({ host, transport, call }: Round): Promise<void> {
  for (let resyncs = 0; !call.signal.aborted;) {
    const { cursor, subjects } = await host.question();
    const answer = await transport.pull({ cursor, limit: PULL_RECORDS, subjects }, call);
    if (call.signal.aborted) return;
    if ('resync' in answer) {
      if (++resyncs > RESYNCS || (cursor === null && !transport.snapshot))
        throw new SyncFailure('wait', 'Snapshots without end.');
      if (!(await resync({ host, transport, call }, subjects))) return;
      continue;
    }
    await host.meet(answer.serverTime);
    if (!(await host.receive(answer.records, answer.cursor)) || !answer.more) return;
    if (answer.cursor === cursor) throw new SyncFailure('wait', 'The cursor stands still.');
  }
}

async function resync(
  { host, transport, call }: Omit<Round, 'limits'>,
  subjects: readonly string[],
): Promise<boolean> {
  if (!transport.snapshot) return host.receive([], null);
  const records: ReceivedRecord[] = [];
  for (let page: string | null = null; ;) {
    const answer = await transport.snapshot({ page, subjects }, call);
    if (call.signal.aborted) return false;
    records.push(...answer.records);
    if (answer.page === null) return host.replace(records, answer.cursor);
    if (answer.page === page) throw new SyncFailure('wait', 'The page stands still.');
    page = answer.page;
  }
}
