import { systemClock, systemRandom } from '../kernel/clock.js';
import { randomId, uuidV7 } from '../kernel/ids.js';
import { canonicalJson, type Json } from '../kernel/json.js';
import { nextStamp, type Stamp } from '../kernel/stamp.js';
import {
  SYNC_PROTOCOL,
  type ErasureClaim,
  type LinkClaim,
  type Pulled,
  type Pushed,
  type PushResult,
  type ReceivedRecord,
  type SentRecord,
  type SyncCall,
  type Transport,
} from '../sync/port.js';
import { equal } from './storage-check.js';
import { createWire, type Wire } from './transport-wire.js';

/** Who a device is signed in as. */
export interface TransportAccount {
  readonly shop: string;
  readonly account: string;
}

/**
 * What some backends have and others have not. `wire`: it is reached by `fetch`. `retry-after`: it sees how long it is told to wait.
 * `keepalive`: a request may outlive its page.
 * `late-commit`, `resync`: the setup can bring them about. `erasure`: it forgets, and refuses what comes later; `erasure-for-all`: a
 * device is told of it whoever is in front. `entries`: it knows whose an entry is. `snapshot`, `pokes`: those optional methods are there.
 */
export type TransportPart =
  | 'records'
  | 'entries'
  | 'wire'
  | 'retry-after'
  | 'keepalive'
  | 'late-commit'
  | 'resync'
  | 'erasure'
  | 'erasure-for-all'
  | 'snapshot'
  | 'pokes';

/** A transport to be tested, with the backend behind it. */
export interface TransportSetup {
  /** Two shops of the backend. The accounts of a check are new to it. */
  readonly shops: readonly [string, string];
  /** A device that is signed in. What goes over the network goes through this `fetch`, which a check can break. */
  readonly connect: (
    who: TransportAccount,
    fetch: typeof globalThis.fetch,
  ) => Transport | Promise<Transport>;
  /** Makes a record one that the backend refuses. @defaultValue a purchase whose lines are a text */
  readonly poison?: (record: SentRecord) => SentRecord;
  /** Stores records in a transaction that stays open, resolves once they have their numbers, and gives the way to commit. */
  readonly pushLate?: (
    who: TransportAccount,
    records: readonly SentRecord[],
  ) => Promise<() => Promise<void>>;
  /** Makes cursors useless: what an operator does after a backup was restored. */
  readonly renew?: (who: TransportAccount) => Promise<void>;
  /** Ends what the setup has begun. */
  readonly close?: () => Promise<void> | void;
}

/** One thing that every transport promises, and the check of it. */
export interface TransportPromise {
  /** A sentence: the name of the test. */
  readonly name: string;
  /** What it is about: a transport that has no such part leaves it out, and says so. */
  readonly part: TransportPart;
  /** Rejects with a plain `Error` when a transport that `make` gives breaks the promise. Several setups may share a backend. */
  readonly check: (make: () => TransportSetup | Promise<TransportSetup>) => Promise<void>;
}

/** What a check has at hand. */
export interface Bench {
  readonly setup: TransportSetup;
  readonly who: TransportAccount;
  /** Devices of the one customer, and what may go wrong on their way. */
  readonly device: Transport;
  readonly other: Transport;
  readonly wire: Wire;
  /** A device of somebody else: of this shop, or of the other. */
  readonly stranger: (shop?: string) => Promise<{
    readonly device: Transport;
    readonly make: Maker;
  }>;
  readonly make: Maker;
}

/** Makes records of one entry, each later than the one before. */
export interface Maker {
  readonly subject: string;
  /** What tells a backend whose the entry is: it goes first. */
  readonly claim: () => LinkClaim;
  readonly purchase: (name?: string) => SentRecord;
  readonly fact: (value: Json, key?: string) => SentRecord;
  readonly unknown: (data: Json) => SentRecord;
  readonly erasure: (subjects?: readonly string[]) => ErasureClaim;
}

let last: Stamp | undefined;

/** A maker of records of an entry that nobody has. */
export function createMaker({ shop, account }: TransportAccount): Maker {
  const subject = randomId(systemRandom);
  const device = randomId(systemRandom);
  const base = (): Omit<LinkClaim, 'kind' | 'data'> => {
    const now = systemClock.now();
    last = nextStamp(last, now, device);
    return { id: uuidV7(now, systemRandom), shop, subject, stamp: last, by: `device:${device}` };
  };
  return {
    subject,
    claim: () => ({
      ...base(),
      kind: 'link',
      data: {
        type: 'account',
        level: 'verified',
        method: 'host',
        at: systemClock.now(),
        identifier: { account },
      },
    }),
    purchase: (name = 'Latte') => ({
      ...base(),
      kind: 'purchase',
      data: {
        id: `web:${randomId(systemRandom)}`,
        at: systemClock.now(),
        status: 'paid',
        lines: [{ sku: 'LAT-12', name, quantity: 1, unitPrice: 380, modifiers: [] }],
        total: 380,
        currency: 'EUR',
        channel: 'web',
      },
    }),
    fact: (value, key = 'note') => ({
      ...base(),
      kind: 'fact',
      data: { key, value, at: systemClock.now(), source: 'host', purpose: 'remember' },
    }),
    unknown: (data) => ({ ...base(), kind: 'hologram' as never, data }),
    erasure: (subjects = [subject]) => ({
      ...base(),
      kind: 'erasure',
      data: { at: systemClock.now(), subjects },
    }),
  };
}

/** A call that nobody ends, or `signal` does. */
export const call = (signal: AbortSignal = new AbortController().signal): SyncCall => ({ signal });

/** Pushes them as one batch. */
export function push(
  device: Transport,
  records: readonly SentRecord[],
  signal?: AbortSignal,
  more: Pick<SyncCall, 'keepalive'> = {},
): Promise<Pushed> {
  return device.push(
    { client: '0'.repeat(32), protocol: SYNC_PROTOCOL, schema: 1, records },
    { ...call(signal), ...more },
  );
}

/** Pushes them and throws unless all are there now. */
export async function pushAll(device: Transport, records: readonly SentRecord[]): Promise<void> {
  const { results } = await push(device, records);
  const done = new Set(results.filter(isThere).map(({ id }) => id));
  const missing = records.filter(({ id }) => !done.has(id)).length;
  equal('how many were not taken', missing, 0);
}

/** Whether the backend has the record. */
export const isThere = ({ status }: PushResult): boolean =>
  status === 'accepted' || status === 'duplicate';

/** The status of each record, in their order. */
export function statuses({ results }: Pushed, records: readonly SentRecord[]): readonly string[] {
  const byId = new Map(results.map(({ id, status }) => [id, status]));
  return records.map(({ id }) => byId.get(id) ?? 'missing');
}

/** How a pull asks, where it is not the usual. */
interface Asking {
  readonly limit?: number;
  readonly subjects?: readonly string[];
}

/** One page; throws when a resync is asked for. */
export async function page(
  device: Transport,
  cursor: string | null,
  { limit = device.limits.records, subjects = [] }: Asking = {},
): Promise<Extract<Pulled, { readonly records: unknown }>> {
  const pulled = await device.pull({ cursor, limit, subjects }, call());
  if ('resync' in pulled) throw new Error(`a pull was answered with resync: ${pulled.resync}`);
  return pulled;
}

/** Everything after a cursor, page by page; from the beginning where the cursor is of no use. */
export async function pullAll(
  device: Transport,
  cursor: string | null = null,
  { limit = device.limits.records, subjects = [] }: Asking = {},
): Promise<{ readonly records: readonly ReceivedRecord[]; readonly cursor: string }> {
  const records: ReceivedRecord[] = [];
  let from = cursor;
  for (let pages = 0; pages < 2_000; pages++) {
    const pulled = await device.pull({ cursor: from, limit, subjects }, call());
    if ('resync' in pulled) {
      if (from === null) throw new Error('a pull from the beginning was answered with resync');
      from = null;
      records.length = 0;
      continue;
    }
    records.push(...pulled.records);
    from = pulled.cursor;
    if (!pulled.more) return { records, cursor: from };
  }
  throw new Error('2,000 pages, and there is always more');
}

type AnyRecord = SentRecord | ReceivedRecord;
/** Without what a backend may put in the place of what was sent: links, bases, erasures. */
export const plain = (records: readonly AnyRecord[]): readonly AnyRecord[] =>
  records.filter(({ kind }) => kind !== 'link' && kind !== 'base' && kind !== 'erasure');

const sorted = (records: readonly AnyRecord[]): readonly string[] =>
  plain(records)
    .map((record) => canonicalJson(record))
    .sort();

/** Throws unless these are the same records, each once, in whatever order; links may be the backend's own. */
export function sameRecords(
  what: string,
  actual: readonly AnyRecord[],
  expected: readonly AnyRecord[],
): void {
  const [is, should] = [sorted(actual), sorted(expected)];
  equal(`${what}: how many`, is.length, should.length);
  for (const [n, text] of should.entries()) equal(what, is[n], text);
}

/** Ids in their order. */
export const idsOf = (records: readonly AnyRecord[]): readonly string[] =>
  plain(records).map(({ id }) => id);

/** What the erasures among them name. */
export const erasedIn = (records: readonly ReceivedRecord[]): readonly string[] =>
  records.flatMap((record) =>
    record.kind === 'erasure' ? (record as ErasureClaim).data.subjects : [],
  );

/** What an act rejects with; throws when it does not. */
export async function failure(
  act: () => Promise<unknown>,
): Promise<{ readonly kind: unknown; readonly retryAfterMs: unknown }> {
  try {
    await act();
  } catch (error) {
    const { kind, retryAfterMs } = error as { readonly kind?: unknown; retryAfterMs?: unknown };
    // whatever is no SyncFailure counts as offline
    return (error as Error).name === 'SyncFailure'
      ? { kind, retryAfterMs }
      : { kind: 'offline', retryAfterMs: undefined };
  }
  throw new Error('it resolved, but should reject');
}

/** A promise whose check gets two devices of a customer who is new. */
export function promise(
  part: TransportPart,
  name: string,
  check: (bench: Bench) => Promise<void>,
): TransportPromise {
  return {
    name,
    part,
    check: async (make) => {
      const setup = await make();
      const [shop] = setup.shops;
      const somebody = (): string => `u_${randomId(systemRandom)}`;
      const who = { shop, account: somebody() };
      const wire = createWire();
      try {
        await check({
          setup,
          who,
          wire,
          device: await setup.connect(who, wire.fetch),
          other: await setup.connect(who, wire.fetch),
          make: createMaker(who),
          stranger: async (there = shop) => {
            const stranger = { shop: there, account: somebody() };
            return {
              device: await setup.connect(stranger, wire.fetch),
              make: createMaker(stranger),
            };
          },
        });
      } finally {
        await setup.close?.();
      }
    },
  };
}
