import { normalizeIdentifier, type NormalizeOptions } from '../identity/normalize-identifier.js';
import type { IdentifierRules } from '../identity/port.js';
import { createTokenizer, type Tokenizer } from '../identity/tokens.js';
import type { NormalIdentifier } from '../identity/types.js';
import { systemClock, systemRandom, type Random } from '../kernel/clock.js';
import { RegularsError } from '../kernel/errors.js';
import { randomId, uuidV7 } from '../kernel/ids.js';
import { durability, touchLog } from '../profile/import-log.js';
import {
  inChunks,
  type ChunkCounts,
  type ImportOptions,
  type ImportProgress,
  type Timed,
} from '../profile/in-chunks.js';
import { appendRecords, isErased, type LogEnv } from '../profile/log.js';
import { withFormat } from '../profile/migrations.js';
import type { ProfileStorage, StorageTransaction } from '../profile/port.js';
import { purchaseRecordId, readPurchase, typeOfKind } from '../profile/read-purchase.js';
import type {
  Channel,
  Place,
  Purchase,
  PurchaseInput,
  RecordDraft,
  RecordOf,
} from '../profile/types.js';
import type { DeviceRow } from './core.js';
import { isDevice } from './device-row.js';
import { hashForErasures } from './erasures.js';
import { normalizeOptions } from './read-identifier.js';
import { settleDevice } from './settle-device.js';
import { ownersIn, type OwnerOf, type TokenOf } from './owners.js';

/** Whose purchases they are, and what holds for those that do not say otherwise. */
export interface ImportPurchasesOptions extends ImportOptions, IdentifierRules {
  readonly shop: string;
  /** ISO 4217. @defaultValue unknown */
  readonly currency?: string;
  readonly place?: Place;
  /** @defaultValue 'pos' */
  readonly channel?: Channel;
  /** Free text of lines that is worth keeping. @defaultValue none */
  readonly keep?: readonly 'notes'[];
  /** @defaultValue the platform's */
  readonly random?: Random;
}

/** A purchase that was passed over. */
export interface PurchaseSetAside {
  /** Its place in the source, counted from 0. */
  readonly index: number;
  readonly reason:
    /** It is no purchase; `message` says why. */
    | 'invalid'
    /** It has no time of its own: with the time of the import it would be another one each time. */
    | 'no-time'
    /** It names nobody, or nobody that could be told from others. */
    | 'no-customer';
  readonly message?: string;
}

/** What came of importing purchases. */
export interface PurchasesImported extends ImportProgress {
  /** Customers that were not known before. */
  readonly newCustomers: number;
  /** The first hundred that were passed over; `skipped` counts all. */
  readonly setAside: readonly PurchaseSetAside[];
}

const ASIDE = 100;

/** How identifiers become tokens here. */
interface Reader {
  readonly tokenizer: Tokenizer;
  readonly rules: NormalizeOptions;
}

/** A purchase that can be appended once its customer is known. */
interface Ready {
  readonly id: string;
  readonly purchase: Purchase;
  readonly ids: readonly TokenOf[];
  readonly name: string | undefined;
}

/**
 * Imports a shop's purchases with their customers, as `formats` or a till give them: chunk by chunk, each in one transaction with
 * the customers it makes, so that none is ever without its own. The same purchases again, or after a kill, append nothing twice.
 * The storage must be open; use the one of the client or one like it. Meant for a shop's own devices, where a directory of
 * customers may be kept.
 * @example
 * const storage = indexedDbStorage();
 * await storage.open({ name: 'regulars:blue-door' });
 * const { appended } = await importPurchases(storage, orders, { shop: 'blue-door', region: 'US' });
 */
export async function importPurchases(
  storage: Pick<ProfileStorage, 'transact'>,
  purchases: Iterable<PurchaseInput> | AsyncIterable<PurchaseInput>,
  options: ImportPurchasesOptions,
): Promise<PurchasesImported> {
  const { clock = systemClock, random = systemRandom, shop } = options;
  if (!globalThis.crypto?.subtle)
    throw new RegularsError('ERR_STORAGE_UNAVAILABLE', 'WebCrypto is missing: use https.');
  const device = await deviceIn(storage as ProfileStorage, random);
  const reader: Reader = {
    tokenizer: createTokenizer(Uint8Array.from(device.key)),
    // one that cannot be loaded stops the import: by our own table other numbers would be left out each time
    rules: normalizeOptions(options, await options.phone?.load()),
  };
  const setAside: PurchaseSetAside[] = [];
  let newCustomers = 0;
  let index = 0;
  const length = Array.isArray(purchases) ? purchases.length : undefined;
  const write = async (
    inputs: readonly PurchaseInput[],
    last: boolean,
    timed: Timed,
  ): Promise<ChunkCounts> => {
    const from = index;
    index += inputs.length;
    const read = await Promise.all(
      inputs.map((input, i) => readOne(input, from + i, options, reader, clock.now())),
    );
    const ready = read.filter((one) => 'purchase' in one);
    for (const one of read) if ('reason' in one && setAside.length < ASIDE) setAside.push(one);
    const written = await writeChunk(storage, ready, last, {
      ...{ timed, shop, device: device.id, now: clock.now(), random },
      ...(await hashForErasures(device, ready.map(asNamed))),
    });
    newCustomers += written.made;
    return { ...written.counts, skipped: inputs.length - ready.length };
  };
  const share = length === undefined ? undefined : (done: number): number => done / length;
  const progress = await inChunks(purchases, write, options, clock, share);
  if (progress.appended > 0) tellPages(shop);
  return { ...progress, newCustomers, setAside };
}

/** Appends a chunk with the customers it makes, in one transaction. */
async function writeChunk(
  storage: Pick<ProfileStorage, 'transact'>,
  ready: readonly Ready[],
  isLast: boolean,
  { random, timed, ...env }: LogEnv & { readonly random: Random; readonly timed: Timed },
): Promise<{ readonly counts: ChunkCounts; readonly made: number }> {
  const { appended, refused, made } = await withFormat((format) =>
    storage.transact(
      'readwrite',
      (tx) =>
        timed(async () => {
          // an order of somebody who was erased would bring them back by name
          const gone = await Promise.all(ready.map((one) => isErased(tx, asNamed(one), env.hash)));
          const left = ready.filter((_, i) => gone[i] !== true);
          const { drafts, made: fresh } = await draftsOf(tx, left, env.now, random);
          const written = await appendRecords(tx, drafts, { ...env, format });
          if (isLast) await touchLog(tx);
          return { ...written, refused: ready.length - left.length + written.refused, made: fresh };
        }),
      durability(isLast),
    ),
  );
  const count = appended.filter(({ kind }) => kind === 'purchase').length;
  const duplicates = ready.length - count - refused;
  return { counts: { appended: count, duplicates, refused, skipped: 0 }, made };
}

function asNamed({ purchase }: Ready): Pick<RecordOf<'purchase'>, 'data' | 'kind' | 'subject'> {
  return { kind: 'purchase', subject: '', data: purchase };
}

/** This install, whose key tokens are made with; made where the storage is new. */
async function deviceIn(storage: ProfileStorage, random: Random): Promise<DeviceRow> {
  const row = (await storage.transact('readonly', (tx) => tx.get('meta', 'device'))) as
    Partial<DeviceRow> | undefined;
  if (isDevice(row)) return row;
  const fresh = {
    ...{ id: randomId(random), key: [...random(32)], generation: randomId(random) },
    current: null,
  };
  return (await settleDevice(storage, fresh, undefined, systemClock.now())).row;
}

async function readOne(
  input: PurchaseInput,
  index: number,
  options: ImportPurchasesOptions,
  { tokenizer, rules }: Reader,
  now: number,
): Promise<Ready | PurchaseSetAside> {
  const { shop, currency, place, channel = 'pos', keep } = options;
  let read: ReturnType<typeof readPurchase>;
  try {
    read = readPurchase(input, {
      now,
      channel,
      keepNotes: keep?.includes('notes') ?? false,
      ...(currency !== undefined && { currency }),
      ...(place && { place }),
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    return { index, reason: 'invalid', message };
  }
  if (input.at === undefined || input.at === null) return { index, reason: 'no-time' };
  const { purchase, customer } = read;
  const given: unknown = customer?.ids;
  const ids: TokenOf[] = [];
  for (const one of Array.isArray(given) ? (given as readonly unknown[]) : []) {
    const { kind, value } = (one ?? {}) as { readonly kind?: unknown; readonly value?: unknown };
    const normal = normalizeIdentifier(typeOfKind(kind, purchase.id), value, rules);
    const identifier: NormalIdentifier | undefined = normal.ok ? normal.identifier : undefined;
    const token = identifier && (await tokenizer.token(identifier.type, identifier.value));
    if (identifier && token !== undefined) ids.push({ type: identifier.type, token });
  }
  if (ids.length === 0) return { index, reason: 'no-customer' };
  const id = (await purchaseRecordId(shop, purchase)) ?? '';
  const name: unknown = customer?.name?.given;
  return { id, purchase, ids, name: typeof name === 'string' && name !== '' ? name : undefined };
}

/** The purchases under their customers, with what makes those who are new. */
async function draftsOf(
  tx: StorageTransaction,
  ready: readonly Ready[],
  now: number,
  random: Random,
): Promise<{ readonly drafts: readonly RecordDraft[]; readonly made: number }> {
  const tokens = ready.flatMap(({ ids }) => ids.map(({ token }) => token));
  const owners = await ownersIn(tx, tokens, () => randomId(random));
  const drafts: RecordDraft[] = [];
  let made = 0;
  for (const { id, purchase, ids, name } of ready) {
    const owner: OwnerOf = await owners(ids);
    const { subject } = owner;
    const by = 'import';
    const fresh = (): { readonly id: string; readonly subject: string; readonly by: string } => ({
      ...{ id: uuidV7(now, random), subject, by },
    });
    for (const { type, token } of owner.links) {
      const data = { type, token, level: 'claimed', method: 'import', at: now } as const;
      drafts.push({ ...fresh(), kind: 'link', data });
    }
    if (owner.isNew) {
      made++;
      const fact = { key: 'name.given', at: now, source: 'import', purpose: 'remember' } as const;
      if (name !== undefined)
        drafts.push({ ...fresh(), kind: 'fact', data: { ...fact, value: name.slice(0, 100) } });
    }
    drafts.push({ id, subject, kind: 'purchase', by, data: purchase });
  }
  return { drafts, made };
}

/** Pages of this shop that are open read their customer's card anew. */
function tellPages(shop: string): void {
  try {
    const channel = new BroadcastChannel(`regulars:${shop}`);
    channel.postMessage('changed');
    channel.close();
  } catch {
    // without it they see what is new with their next read
  }
}
