import type {
  CustomerView,
  DirectoryEntry,
  DirectoryKeys,
  IdentityBackend,
  LookedUp,
  RawIdentifier,
} from '../identity/port.js';
import { createTokenizer, type Tokenizer } from '../identity/tokens.js';
import { fromBase64url } from '../kernel/base64url.js';
import { systemClock, type Clock } from '../kernel/clock.js';
import { RegularsError } from '../kernel/errors.js';
import { isAccount } from '../profile/link-limits.js';
import type { ProfileStorage } from '../profile/port.js';
import { SyncFailure, type Transport } from '../sync/port.js';
import { createDirectoryDisk, type DirectoryDisk } from './directory-disk.js';

const MINUTE_MS = 60_000;
/** What the server told is good for so long. */
const LIFETIME_MS = 24 * 60 * MINUTE_MS;
const REFRESH_MS = 60 * MINUTE_MS;
/** After a failure, and at the least after something was new at the server. */
const AGAIN_MS = 5 * MINUTE_MS;
/** A server that has not answered by then is away, as far as whoever waits at the till is concerned. */
const PATIENCE_MS = 600;
/** A directory of more is none for a till. */
const ENTRIES_MAX = 200_000;

/** What a directory is made of. */
export interface TillDirectoryOptions {
  readonly shop: string;
  /** `httpTransport` of `regulars/transport/http`, with a token of somebody of the staff. */
  readonly transport: Transport;
  /**
   * Where it is put, sealed: `indexedDbStorage()`, one of its own beside the client's, since it is opened for each call and closed after
   * it. @defaultValue none: each page that begins fetches it anew
   */
  readonly storage?: ProfileStorage;
  readonly clock?: Clock;
  /** What went wrong, never with personal data; failures of the network are no news. @defaultValue nobody is told */
  readonly onError?: (error: unknown) => void;
}

/** How a directory stands. */
export interface TillDirectoryStatus {
  /** `closed`: nobody has opened it. `none`: there is no key, or nothing good. `ready`: it answers while the network is away. */
  readonly state: 'closed' | 'none' | 'ready';
  readonly customers: number;
  /** Until when it is good, wall time in ms. */
  readonly until?: number;
}

/** Whom a till may know while the network is away. */
export interface TillDirectory {
  /** The option `backend` of the till's client. */
  readonly backend: IdentityBackend;
  /**
   * Asks the server for the key, for what is new if an hour has passed, and does so again each hour. Call it when somebody of the staff
   * has signed in. Resolves with how it stands then, whatever that is.
   */
  readonly open: () => Promise<TillDirectoryStatus>;
  /** Lets go of the key and of everybody: when the staff sign out. What is on the disk opens again only with the server's word. */
  readonly close: () => void;
  /** The same, and nothing is left on the disk. */
  readonly wipe: () => Promise<void>;
  /** How it stands now: whether it is open, how many it holds, and until when. Asks nobody. */
  readonly status: () => TillDirectoryStatus;
}

/** What is known while it is open. */
interface Held {
  readonly byToken: ReadonlyMap<string, DirectoryEntry>;
  readonly customers: number;
  readonly tokenizer: Tokenizer;
  /** Until when it is good: by a clock that nobody sets, and by the wall's, which goes on while a machine sleeps. */
  readonly untilElapsed: number;
  readonly until: number;
}

/**
 * A directory for a till: of the customers who allowed it, what a look-up tells of them, for while the network is away. It is sealed on
 * the disk with a key that the server hands out to whoever is signed in and that stays in memory, is good for a day, and goes with the
 * device. Online the server answers, as without it. Not for kiosks: a client of another mode than `staff` gets nothing of it.
 * @example
 * const till = tillDirectory({ shop: 'blue-door', transport, storage: indexedDbStorage() });
 * const regulars = createRegulars({ shop: 'blue-door', mode: 'staff', sync: syncOver(transport), backend: till.backend });
 * await till.open();
 */
export function tillDirectory(options: TillDirectoryOptions): TillDirectory {
  const { shop, transport, storage, clock = systemClock, onError } = options;
  const { identity } = transport;
  if (!identity?.directory)
    throw new RegularsError(
      'ERR_OPTIONS_INVALID',
      'tillDirectory: needs a transport of our server, like httpTransport().',
    );
  const inside: Inside = {
    ...{ shop, transport, identity, clock, directory: identity.directory },
    disk: storage && createDirectoryDisk(storage, shop),
    report: (error) => onError?.(error),
    opened: undefined,
    held: undefined,
    cancel: () => undefined,
    unsubscribe: () => undefined,
    triedAt: -Infinity,
    isNews: false,
  };
  const close = (): void => {
    inside.opened?.abort();
    inside.opened = undefined;
    inside.held = undefined;
    inside.cancel();
    inside.unsubscribe();
    inside.triedAt = -Infinity;
    inside.isNews = false;
  };
  return {
    backend: { ...identity, lookUp: (who, call) => lookUp(inside, who, call) },
    open: async () => {
      close();
      const controller = new AbortController();
      inside.opened = controller;
      await refresh(inside, controller.signal);
      if (!controller.signal.aborted) follow(inside, controller.signal);
      return statusOf(inside);
    },
    close,
    wipe: async () => {
      close();
      await inside.disk?.wipe();
    },
    status: () => statusOf(inside),
  };
}

interface Inside {
  readonly shop: string;
  readonly transport: Transport;
  readonly identity: IdentityBackend;
  readonly directory: NonNullable<IdentityBackend['directory']>;
  readonly clock: Clock;
  readonly disk: DirectoryDisk | undefined;
  readonly report: (error: unknown) => void;
  /** Ends what runs; undefined while it is closed. */
  opened: AbortController | undefined;
  held: Held | undefined;
  cancel: () => void;
  unsubscribe: () => void;
  /** When the server was asked last, elapsed ms. */
  triedAt: number;
  /** The server has said since that there is something new. */
  isNews: boolean;
}

/** What is good still; what is not is let go of. */
function heldNow(inside: Inside): Held | undefined {
  const { held, clock } = inside;
  if (held && (clock.elapsed() >= held.untilElapsed || clock.now() >= held.until)) {
    inside.held = undefined;
    void inside.disk?.wipe().catch(inside.report);
  }
  return inside.held;
}

function statusOf(inside: Inside): TillDirectoryStatus {
  const held = heldNow(inside);
  if (!held) return { state: inside.opened ? 'none' : 'closed', customers: 0 };
  return { state: 'ready', customers: held.customers, until: held.until };
}

// ---------------------------------------------------------------- looking up

/** The server, and while that is away what is held here: the same to everybody else, as without it. */
async function lookUp(
  inside: Inside,
  who: readonly RawIdentifier[],
  call: Parameters<IdentityBackend['lookUp']>[1],
): Promise<LookedUp> {
  const { identity, clock } = inside;
  const here = async (): Promise<LookedUp | undefined> => {
    const view = call.staff === true ? await viewHere(inside, who) : undefined;
    return view && { kind: 'view', view };
  };
  const isAway = (globalThis.navigator as Partial<Navigator> | undefined)?.onLine === false;
  const found = isAway ? await here() : undefined;
  if (found) return found;
  const asked = identity.lookUp(who, call).catch(async (error: unknown) => {
    // who was refused is not away
    if (error instanceof SyncFailure && error.kind === 'auth') throw error;
    const answer = await here();
    if (answer) return answer;
    throw error;
  });
  let cancel = (): void => undefined;
  const late = new Promise<LookedUp>((resolve) => {
    cancel = clock.after(PATIENCE_MS, () => {
      void here().then((answer) => answer && resolve(answer));
    });
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    cancel();
  }
}

/** What may be said of the one customer to whom all of these lead that lead anywhere. */
async function viewHere(
  inside: Inside,
  who: readonly RawIdentifier[],
): Promise<CustomerView | undefined> {
  const held = heldNow(inside);
  if (!held) return undefined;
  const found: DirectoryEntry[] = [];
  // an account decides, as at the server: one that is not here may be of somebody who did not allow it
  const accounts = who.filter(isAccount);
  for (const { type, value } of accounts.length > 0 ? accounts : who) {
    const entry = held.byToken.get((await held.tokenizer.token(type, value)) ?? '');
    if (entry) found.push(entry);
  }
  const [first, ...others] = found;
  return others.every(({ of }) => of === first?.of) ? first?.view : undefined;
}

// ---------------------------------------------------------------- fetching

/** Fetches it anew when its time has come; never rejects. */
async function refresh(inside: Inside, signal: AbortSignal): Promise<void> {
  const { clock, report } = inside;
  inside.triedAt = clock.elapsed();
  inside.isNews = false;
  let nextMs = REFRESH_MS;
  try {
    await fetchAll(inside, signal);
  } catch (error) {
    nextMs = AGAIN_MS;
    if (signal.aborted) return;
    if (!(error instanceof SyncFailure)) report(error);
    else if (error.kind === 'auth') {
      // whoever is here has no part in it any more: a device that was revoked, a role that was taken away
      inside.held = undefined;
      await inside.disk?.wipe().catch(report);
    } else nextMs = Math.max(nextMs, error.retryAfterMs ?? 0);
  }
  // of what came meanwhile it may have seen nothing: that is planned already
  if (!signal.aborted && !inside.isNews) planNext(inside, signal, nextMs);
}

/** Instead of what was planned before. */
function planNext(inside: Inside, signal: AbortSignal, ms: number): void {
  inside.cancel();
  inside.cancel = inside.clock.after(ms, () => void refresh(inside, signal));
}

/** Something is new at the server: somebody may have been forgotten. */
function follow(inside: Inside, signal: AbortSignal): void {
  const { transport, clock } = inside;
  inside.unsubscribe();
  const end = transport.subscribe?.(
    () => {
      if (signal.aborted || inside.isNews) return;
      inside.isNews = true;
      planNext(inside, signal, Math.max(0, inside.triedAt + AGAIN_MS - clock.elapsed()));
    },
    { signal },
  );
  inside.unsubscribe = () => end?.();
}

async function fetchAll(inside: Inside, signal: AbortSignal): Promise<void> {
  const { directory, clock, disk, report } = inside;
  // without a disk, or one that cannot be read, it is fetched
  const stored = inside.held ? undefined : await disk?.look().catch(report);
  const begunAt = clock.elapsed();
  const first = await directory({ page: null, ...(stored && { was: stored.keyId }) }, { signal });
  const { keys, serverTime } = first;
  if (!keys || signal.aborted) return;
  if (stored && keys.was !== undefined && !inside.held) {
    const entries = await disk?.read(stored, keys.was).catch(report);
    if (entries && !signal.aborted)
      hold(inside, entries, keys, stored.madeAt - serverTime, begunAt);
  }
  const entries = [...first.entries];
  for (let { page } = first; page !== null;) {
    const next = await directory({ page }, { signal });
    if (signal.aborted) return;
    entries.push(...next.entries);
    if (next.page === page || entries.length > ENTRIES_MAX)
      throw new SyncFailure('wait', 'The pages of a directory do not end.');
    ({ page } = next);
  }
  hold(inside, entries, keys, 0, begunAt);
  // a full disk: it is in memory all the same
  await disk?.write(entries, { keyId: keys.id, madeAt: serverTime }, keys.seal).catch(report);
  // closed, or wiped, while it was written
  if (signal.aborted) await disk?.wipe().catch(report);
}

/** Takes up what was fetched whole; `agoMs` is how much earlier than this answer it was made, below 0. */
function hold(
  inside: Inside,
  entries: readonly DirectoryEntry[],
  { digest }: DirectoryKeys,
  agoMs: number,
  begunAt: number,
): void {
  const leftMs = LIFETIME_MS + Math.min(0, agoMs);
  const { clock } = inside;
  if (!(leftMs > 0)) return;
  const byToken = new Map<string, DirectoryEntry>();
  for (const entry of entries)
    if (Array.isArray(entry?.tokens)) for (const token of entry.tokens) byToken.set(token, entry);
  inside.held = {
    byToken,
    customers: new Set(entries.map((entry) => entry?.of)).size,
    tokenizer: createTokenizer(fromBase64url(digest) ?? new Uint8Array()),
    untilElapsed: begunAt + leftMs,
    until: clock.now() + leftMs,
  };
}
