import { systemClock, systemRandom, type Clock } from '../../kernel/clock.js';
import { isRegularsError, RegularsError } from '../../kernel/errors.js';
import type {
  ProfileStorage,
  StorageOpened,
  StorageOpenOptions,
  StorageTransaction,
} from '../../profile/port.js';
import { createPageTurns } from './encrypted-lock.js';
import {
  askForKey,
  isCryptoKey,
  isKeyBytes,
  PASS_ORDER,
  unlock,
  type EncryptionKey,
  type EncryptionKeySource,
} from './encrypted-open.js';
import { createCipher, type Cipher } from './encrypted-rows.js';
import { lockedError, type Located, type Session } from './encrypted-calls.js';
import { attempt, type Attempt, type Body } from './encrypted-transaction.js';
import { memoryStorage } from './memory.js';

export type { EncryptionKey, EncryptionKeySource } from './encrypted-open.js';

/** How often a transaction is tried that others write into. */
const ATTEMPTS = 40;

/** Longest pause between two attempts, in ms. */
const MAX_PAUSE_MS = 64;

/** Rows that the pass over older data encrypts in one transaction. */
const CHUNK = 100;

/** The key, and what to do without it. */
export interface EncryptedStorageOptions {
  /** Kept in memory only, and never written anywhere. */
  readonly key: EncryptionKeySource;
  /** The key that the data has now, where `key` is to take its place: all is encrypted anew. Asked for only where it is needed. */
  readonly formerKey?: EncryptionKeySource;
  /**
   * `memory` goes on without the data, and says `locked` in what `open` gives; `reject` makes `open` reject with ERR_STORAGE_LOCKED.
   * @defaultValue 'memory'
   */
  readonly otherwise?: 'memory' | 'reject';
  /** @defaultValue the platform's */
  readonly clock?: Clock;
}

type Options = Parameters<ProfileStorage['transact']>[2];

/** What an opening came to. */
type Opening =
  | { readonly result: StorageOpened; readonly session: Session }
  /** Transactions that are not encrypted: memory has no need of it. */
  | { readonly result: StorageOpened; readonly clear: ProfileStorage };

function noop(): void {}

const isLocked = (error: unknown): boolean =>
  isRegularsError(error) && error.code === 'ERR_STORAGE_LOCKED';

const closedError = (): RegularsError =>
  new RegularsError('ERR_STORAGE_CLOSED', 'The storage is not open.');

/** A copy: the caller may wipe its own. Throws for what can be no key. */
function sourceOf(key: EncryptionKeySource): EncryptionKeySource {
  if (typeof key === 'function' || isCryptoKey(key)) return key;
  if (isKeyBytes(key)) return key.slice() satisfies EncryptionKey;
  throw new RegularsError(
    'ERR_OPTIONS_INVALID',
    'The key must be 32 bytes, a CryptoKey of AES-GCM with 256 bits that may encrypt and decrypt, or a function that gives one.',
  );
}

/** Runs `body` until nobody else wrote between its reads and its writes. */
async function transactOver<T>(
  session: Session,
  mode: 'readonly' | 'readwrite',
  body: Body<T>,
  options?: Options,
): Promise<{ readonly value: T; readonly stale: readonly Located[] }> {
  const once = (): Promise<Attempt<T>> => attempt(session, mode, body, options);
  for (let tries = 1; tries <= ATTEMPTS; tries++) {
    // what is read in one breath needs no turn, and most is
    const isFirstRead = mode === 'readonly' && tries === 1;
    const result = await (isFirstRead ? once() : session.inPageTurn(once));
    if (result.kind === 'done') return result;
    const [chance = 0] = systemRandom(1);
    const pauseMs = (Math.min(2 ** tries, MAX_PAUSE_MS) * chance) / 255;
    await new Promise<void>((resolve) => void setTimeout(resolve, pauseMs));
  }
  throw new RegularsError('ERR_STORAGE_FAILED', 'Other pages write all the time.', {
    retryable: true,
  });
}

/** Encrypts the next rows that are not under the present key. */
const passOn: Body<void> = async ({ list, put }, { passAt, pass, isStale }) => {
  const at = passAt();
  if (!at) return;
  const { store, after } = at;
  const rows = await list(store, { ...(after !== undefined && { after }), limit: CHUNK });
  const now = passAt();
  if (now?.store !== store || now.after !== after) return; // another page was faster
  for (const { key, value } of rows) if (isStale(store, key)) put(store, key, value);
  const last = rows[CHUNK - 1];
  const next = PASS_ORDER[PASS_ORDER.indexOf(store) + 1];
  pass(last ? { store, after: last.key } : next ? { store: next } : null);
};

/** Encrypts what a page that knows of no key has written meanwhile. */
const lockAgain =
  (rows: readonly Located[]): Body<void> =>
  async ({ get, put }, { isStale }) => {
    const values = await Promise.all(rows.map(({ store, key }) => get(store, key)));
    for (const [i, { store, key }] of rows.entries())
      if (isStale(store, key)) put(store, key, values[i]);
  };

/** Unlocks with the key; asks for the former one only where that is not enough. */
async function beginSession(
  storage: ProfileStorage,
  { name, timeoutMs = 5000 }: StorageOpenOptions,
  clock: Clock,
  key: CryptoKey,
  former: EncryptionKeySource | undefined,
): Promise<Session> {
  const begin = async (cipher: Cipher): Promise<Session> => ({
    ...{ storage, cipher },
    inPageTurn: createPageTurns(`${name}:encryption`, clock),
    check: await unlock(storage, cipher),
  });
  try {
    return await begin(createCipher(name, key));
  } catch (error) {
    if (!former || !isLocked(error)) throw error;
    return begin(createCipher(name, key, await askForKey(former, clock, timeoutMs)));
  }
}

/** Opens with the keys; closes again, with nothing written, where they do not fit. */
async function openWith(
  storage: ProfileStorage,
  options: StorageOpenOptions,
  clock: Clock,
  [source, former]: readonly [EncryptionKeySource, EncryptionKeySource | undefined],
): Promise<Opening> {
  const key = askForKey(source, clock, options.timeoutMs ?? 5000);
  key.catch(noop); // the storage may fail before it does
  const result = await storage.open(options);
  if (result.reason) return { result, clear: storage };
  try {
    const session = await beginSession(storage, options, clock, await key, former);
    // at once what a page without the key would write beside: it now takes the data for a newer release's
    while (session.check.pass?.store === 'meta')
      await transactOver(session, 'readwrite', passOn, { durability: 'strict' });
    return { result, session };
  } catch (cause) {
    await storage.close();
    const isOurs = isRegularsError(cause) && cause.code.startsWith('ERR_STORAGE');
    throw isOurs ? cause : lockedError('its key was not given', cause);
  }
}

/** Opens with the keys; where they do not fit, in memory or not at all. */
async function openOr(
  memory: ProfileStorage,
  otherwise: 'memory' | 'reject',
  ...[storage, options, clock, sources]: Parameters<typeof openWith>
): Promise<Opening> {
  try {
    return await openWith(storage, options, clock, sources);
  } catch (error) {
    if (otherwise === 'reject' || !isLocked(error)) throw error;
    await memory.open(options);
    return { result: { kind: 'memory', reason: 'locked', error }, clear: memory };
  }
}

/** What changes in one storage. */
interface Inside {
  opened: Promise<Opening> | undefined;
  /** Settles with what was begun last: one thing runs after the other. */
  last: Promise<unknown>;
}

function inTurn<T>(inside: Inside, act: () => Promise<T>): Promise<T> {
  const done = inside.last.then(act);
  inside.last = done.catch(noop);
  return done;
}

/** Encrypts on, unless it was closed meanwhile; others have their turn between two of these. */
function lockOn(
  inside: Inside,
  opening: Promise<Opening>,
  session: Session,
  body: Body<void>,
): Promise<void> {
  return inTurn(inside, async () => {
    if (inside.opened === opening) await transactOver(session, 'readwrite', body);
  });
}

/** Encrypts what is left of older rows. */
async function passOver(inside: Inside, opening: Promise<Opening>): Promise<void> {
  const at = await opening;
  if (inside.opened !== opening || !('session' in at) || !at.session.check.pass) return;
  await lockOn(inside, opening, at.session, passOn);
  await passOver(inside, opening);
}

async function transactIn<T>(
  inside: Inside,
  opening: Promise<Opening>,
  mode: 'readonly' | 'readwrite',
  body: (transaction: StorageTransaction) => Promise<T>,
  options?: Options,
): Promise<T> {
  const at = await opening;
  if ('clear' in at) return at.clear.transact(mode, body, options);
  const { value, stale } = await transactOver(at.session, mode, body, options);
  if (stale.length > 0 && !at.session.check.pass)
    lockOn(inside, opening, at.session, lockAgain(stale)).catch(noop); // at the next reading then
  return value;
}

/**
 * Keeps everything in another storage, encrypted: AES-GCM, with a key that the host hands in and that is held in memory only.
 * Keys of rows stay as they are: random ids and keyed hashes. What was there before is encrypted in the background after opening.
 * Without the right key nothing is read, written or lost: `open` says `locked`, and asks for the key anew when it is called again.
 * Only `destroy` needs none. A transaction that another page writes into is run again: a body may run several times.
 * @example encryptedStorage(indexedDbStorage(), { key: () => keyOfSession() })
 */
export function encryptedStorage(
  storage: ProfileStorage,
  { key, formerKey, otherwise = 'memory', clock = systemClock }: EncryptedStorageOptions,
): ProfileStorage {
  const sources = [
    sourceOf(key),
    formerKey === undefined ? undefined : sourceOf(formerKey),
  ] as const;
  const memory = memoryStorage();
  const inside: Inside = { opened: undefined, last: Promise.resolve() };

  const begin = async (options: StorageOpenOptions): Promise<StorageOpened> => {
    const opening = inTurn(inside, () =>
      openOr(memory, otherwise, storage, options, clock, sources),
    );
    inside.opened = opening;
    opening.catch(() => {
      if (inside.opened === opening) inside.opened = undefined;
    });
    passOver(inside, opening).catch(noop); // goes on at the next opening
    return (await opening).result;
  };
  const end = (act: () => Promise<void>): Promise<void> => {
    inside.opened = undefined;
    return inTurn(inside, act);
  };
  return {
    name: storage.name,
    open: async (options) => {
      const before = inside.opened;
      if (!before) return begin(options);
      const { result } = await before;
      if (result.reason === 'locked' && inside.opened === before) return begin(options);
      if (result.reason !== 'locked') await storage.open(options); // makes a lost connection anew
      return result;
    },
    transact: async (mode, body, options) => {
      const opening = inside.opened;
      if (!opening) throw closedError();
      return inTurn(inside, () => transactIn(inside, opening, mode, body, options));
    },
    destroy: () => end(() => memory.destroy().then(storage.destroy)),
    close: () => end(() => memory.close().then(storage.close)),
    listen: storage.listen,
  };
}
