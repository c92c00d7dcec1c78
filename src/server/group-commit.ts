import { isRegularsError } from '../kernel/errors.js';
import type { AppendBatch, AppendStatus, Database } from './port.js';

/** Of so many records one transaction is made: more would hold up who comes next for longer than it saves. */
const GROUP = 2000;

interface Waiting extends AppendBatch {
  readonly done: (statuses: readonly AppendStatus[]) => void;
  readonly fail: (error: unknown) => void;
}

/** The first of what waits that fit into one transaction; one that is too large by itself goes alone. */
function nextGroup(waiting: Waiting[]): readonly Waiting[] {
  let records = 0;
  const fits = waiting.findIndex((one, i) => {
    records += one.records.length + (one.erasing?.length ?? 0);
    return i > 0 && records > GROUP;
  });
  return waiting.splice(0, fits === -1 ? waiting.length : fits);
}

/**
 * Commits what waits for a shop together: a push that comes while another is being written waits for the next transaction, which takes
 * all that came by then. The busier a shop, the fewer transactions for each record; one that is alone waits for nobody. Each push gets
 * its own answer, and one that cannot be written does not spoil the others.
 */
export function groupCommit(database: Database): Database {
  const queues = new Map<string, Waiting[]>();
  const draining = new Set<Promise<void>>();

  const write = async (shop: string, group: readonly Waiting[]): Promise<void> => {
    const records = group.flatMap((one) => one.records);
    const erasing = group.flatMap((one) => one.erasing ?? []);
    try {
      const statuses = await database.append(shop, { records, erasing });
      let from = 0;
      for (const one of group) one.done(statuses.slice(from, (from += one.records.length)));
    } catch (error) {
      // a database that is away is away for all of them
      if (group.length === 1 || (isRegularsError(error) && error.retryable))
        for (const one of group) one.fail(error);
      else for (const one of group) await write(shop, [one]);
    }
  };

  const drain = async (shop: string, waiting: Waiting[]): Promise<void> => {
    while (waiting.length > 0) await write(shop, nextGroup(waiting));
    queues.delete(shop); // in the same breath as nothing was found waiting
  };

  return {
    ...database,
    append: (shop, batch) =>
      new Promise((done, fail) => {
        const one = { ...batch, done, fail };
        const running = queues.get(shop);
        if (running) running.push(one);
        else {
          const waiting = [one];
          queues.set(shop, waiting);
          const drained = drain(shop, waiting).finally(() => draining.delete(drained));
          draining.add(drained);
        }
      }),
    close: async () => {
      while (draining.size > 0) await Promise.all(draining); // what was taken in is written
      await database.close();
    },
  };
}
