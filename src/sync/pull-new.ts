import { SyncFailure, type ReceivedRecord } from './port.js';
import type { Round } from './push-waiting.js';

/** The most of one pull. */
const PULL_RECORDS = 500;
/** A backend that asks for another snapshot right after one would do so for ever. */
const RESYNCS = 2;
/** So many pages in a row without anything new, and there may be no end. What came by then is kept, the next round goes on from there. */
const STALE_PAGES = 100;

/** Fetches what is new, page by page; a cursor that is of no use any more is replaced by a snapshot. */
export async function pullNew({ host, transport, call }: Round): Promise<void> {
  const watch = createWatch();
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
    watch(answer.records, answer.cursor === cursor);
  }
}

async function resync(
  { host, transport, call }: Pick<Round, 'call' | 'host' | 'transport'>,
  subjects: readonly string[],
): Promise<boolean> {
  if (!transport.snapshot) return host.receive([], null);
  const records: ReceivedRecord[] = [];
  const watch = createWatch();
  for (let page: string | null = null; ;) {
    const answer = await transport.snapshot({ page, subjects }, call);
    if (call.signal.aborted) return false;
    records.push(...answer.records);
    if (answer.page === null) return host.replace(records, answer.cursor);
    watch(answer.records, answer.page === page);
    page = answer.page;
  }
}

/** Looks at page after page, and throws where that would go on for ever. */
function createWatch(): (records: readonly ReceivedRecord[], stands: boolean) => void {
  const ids = new Set<unknown>();
  let stale = 0;
  return (records, stands) => {
    const before = ids.size;
    // whatever is in it: it is read where it is taken in
    for (const record of records) ids.add((record as Partial<ReceivedRecord> | null)?.id);
    stale = ids.size > before ? 0 : stale + 1;
    if (stands || stale >= STALE_PAGES) throw new SyncFailure('wait', 'Pages without end.');
  };
}
