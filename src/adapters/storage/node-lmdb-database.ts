import { RegularsError } from '../../kernel/errors.js';
import type { StorageTransaction } from '../../profile/port.js';
import { identityOf, openFile, takeAway } from './node-lmdb-file.js';
import { callsOver, commitError, lmdbError, type Root } from './node-lmdb-rows.js';

/** A storage that uses a database. */
export interface DatabaseUser {
  /** Somebody else has destroyed it: the next call makes a new one. */
  readonly lost: () => void;
}

/**
 * One database as all storages of this process share it. LMDB blocks the whole thread that opens a file or reads while
 * the same thread is in a transaction that writes: so all takes its turn here.
 */
export interface Database {
  readonly users: Set<DatabaseUser>;
  /** Opens it where it is not open. Rejects with a typed error. */
  readonly open: () => Promise<void>;
  readonly transact: <T>(
    mode: 'readonly' | 'readwrite',
    body: (transaction: StorageTransaction) => Promise<T>,
  ) => Promise<T>;
  /** Deletes it for everybody. */
  readonly destroy: (by: DatabaseUser) => Promise<void>;
  /** Closes it once what runs has ended, if nobody uses it by then. */
  readonly leave: () => Promise<void>;
}

/** Tells the caller how it went; of a write, when LMDB has committed. */
type Ending = () => void;

/** What runs in its turn. */
interface Job {
  /** Reads run side by side on one snapshot, writes share one commit. */
  readonly mode: 'readonly' | 'readwrite' | 'alone';
  /** Never rejects. */
  readonly run: (root: Root | undefined, transaction: object) => Promise<Ending>;
  readonly fail: (error: unknown) => void;
}

/** What changes in a database. */
interface Inside {
  readonly path: string;
  readonly users: Set<DatabaseUser>;
  readonly queue: Job[];
  isBusy: boolean;
  root: Root | undefined;
  /** The file that `root` has open. */
  identity: string | undefined;
}

/** Runs `body`, and refuses one that awaits anything else: it would hold the lock that other processes wait for. */
async function runBody<T>(
  root: Root,
  mode: 'readonly' | 'readwrite',
  transaction: object,
  body: (transaction: StorageTransaction) => Promise<T>,
): Promise<T> {
  let refusal: string | undefined;
  let failure: RegularsError | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const refused = (why: string): RegularsError =>
    new RegularsError('ERR_STORAGE_FAILED', `Nothing was written: ${why}.`);
  const refuse = (isWrite: boolean, cause?: unknown): void => {
    if (refusal !== undefined) throw refused(refusal);
    if (cause !== undefined) failure ??= lmdbError('A value cannot be stored', cause);
    else if (isWrite && mode === 'readonly') failure ??= refused('the transaction only reads');
    else return;
    throw failure;
  };
  try {
    const result = await Promise.race([
      body(callsOver(root, transaction, refuse)),
      // our calls settle within one task: a body that needs a second one waits for something else
      new Promise<never>((_, reject) => {
        timer = setTimeout(reject, 0, refused('the body awaited more than its transaction'));
      }),
    ]);
    if (failure) throw failure;
    return result;
  } finally {
    refusal = 'the transaction is over';
    clearTimeout(timer);
  }
}

/** Runs a body that writes: in a transaction within that of its turn, so that it takes back its own writes only. */
async function runWrite<T>(
  root: Root,
  body: (transaction: StorageTransaction) => Promise<T>,
): Promise<T> {
  let failure: { readonly error: unknown } | undefined;
  try {
    return await root.childTransaction(async () => {
      try {
        return await runBody(root, 'readwrite', {}, body);
      } catch (error) {
        failure = { error };
        throw error;
      }
    });
  } catch (cause) {
    throw failure ? failure.error : lmdbError('The transaction failed', cause);
  }
}

async function close(inside: Inside): Promise<void> {
  const { root } = inside;
  inside.root = undefined;
  await root?.close();
}

/** The open database: another one where somebody else has destroyed it since. */
async function link(inside: Inside): Promise<Root> {
  const { path, root, users } = inside;
  if (root && inside.identity === identityOf(path)) return root;
  await close(inside);
  const opened = await openFile(path);
  Object.assign(inside, { root: opened, identity: identityOf(path) });
  if (root) for (const { lost } of [...users]) lost();
  return opened;
}

async function runReads(inside: Inside, jobs: readonly Job[]): Promise<readonly Ending[]> {
  const root = await link(inside);
  root.resetReadTxn(); // what other processes have committed by now is to be seen
  const transaction = root.useReadTransaction();
  try {
    return await Promise.all(jobs.map((job) => job.run(root, { transaction })));
  } finally {
    transaction.done();
  }
}

async function runWrites(inside: Inside, jobs: readonly Job[]): Promise<readonly Ending[]> {
  for (;;) {
    const root = await link(inside);
    const endings: Ending[] = [];
    try {
      // LMDB waits for the lock in a thread of its own, and keeps it until this promise is settled
      const isDone = await root.transaction(async () => {
        if (inside.identity !== identityOf(inside.path)) return false; // destroyed while we waited
        for (const job of jobs) endings.push(await job.run(root, {}));
        return true;
      });
      if (isDone) return endings;
    } catch (cause) {
      throw lmdbError('The transaction failed', await commitError(cause));
    }
  }
}

/** Does what waits, in its order. */
async function work(inside: Inside): Promise<void> {
  const { queue } = inside;
  if (inside.isBusy) return;
  inside.isBusy = true;
  for (let first = queue[0]; first; first = queue[0]) {
    const { mode } = first;
    const others = queue.findIndex((job) => job.mode !== mode);
    const same = others < 0 ? queue.length : others;
    const jobs = queue.splice(0, mode === 'alone' ? 1 : same);
    try {
      const endings =
        mode === 'alone'
          ? [await first.run(inside.root, {})]
          : await (mode === 'readonly' ? runReads : runWrites)(inside, jobs);
      for (const end of endings) end();
    } catch (error) {
      for (const { fail } of jobs) fail(error);
    }
  }
  inside.isBusy = false;
}

/** Acts when all that was asked for before has ended. */
function inTurn<T>(
  inside: Inside,
  mode: Job['mode'],
  act: (root: Root | undefined, transaction: object) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const run: Job['run'] = async (...given) => {
      try {
        const value = await act(...given);
        return () => resolve(value);
      } catch (error) {
        return () => reject(error);
      }
    };
    inside.queue.push({ mode, run, fail: reject });
    void work(inside);
  });
}

/** Takes the file away, where that can be done with the lock in hand: so that nobody is in the middle of a write that is lost. */
async function destroy(inside: Inside, by: DatabaseUser): Promise<void> {
  const { path, users } = inside;
  let deleteIt: (() => Promise<void>) | undefined;
  try {
    const root = await link(inside);
    await root.transaction(() => {
      if (inside.identity === identityOf(path)) deleteIt = takeAway(path);
    });
  } catch {
    // damaged, or on Windows, which takes away closed files only
  }
  await close(inside);
  for (const user of [...users]) if (user !== by) user.lost();
  try {
    await (deleteIt ?? takeAway(path))();
  } catch (cause) {
    throw new RegularsError(
      'ERR_STORAGE_BLOCKED',
      `The database in ${path} cannot be deleted: another process has it open.`,
      { cause, retryable: true },
    );
  }
}

/** Makes the database in the folder `path`; touches nothing before it is used. `unused` hears that it was closed. */
export function createDatabase(path: string, unused: () => void): Database {
  const users = new Set<DatabaseUser>();
  const inside: Inside = {
    path,
    users,
    queue: [],
    isBusy: false,
    root: undefined,
    identity: undefined,
  };
  return {
    users,
    open: () => inTurn(inside, 'readonly', async () => undefined),
    transact: (mode, body) =>
      inTurn(inside, mode, (root, transaction) =>
        mode === 'readonly'
          ? runBody(root as Root, mode, transaction, body)
          : runWrite(root as Root, body),
      ),
    destroy: (by) => inTurn(inside, 'alone', () => destroy(inside, by)),
    leave: () =>
      inTurn(inside, 'alone', async () => {
        if (users.size > 0) return;
        await close(inside);
        if (users.size === 0) unused();
      }),
  };
}
