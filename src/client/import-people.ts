import type { NormalizeOptions } from '../identity/normalize-identifier.js';
import type { IdentifierRules } from '../identity/port.js';
import { createTokenizer, type Tokenizer } from '../identity/tokens.js';
import type { IdentifierType, NormalIdentifier } from '../identity/types.js';
import { systemClock, systemRandom, type Random } from '../kernel/clock.js';
import { RegularsError } from '../kernel/errors.js';
import { randomId, uuidV7 } from '../kernel/ids.js';
import type { Json } from '../kernel/json.js';
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
import { readCard } from '../profile/read-card.js';
import type { Purchase, RecordDraft, RecordOf } from '../profile/types.js';
import type { DeviceRow } from './core.js';
import { isDevice } from './device-row.js';
import { hashForErasures } from './erasures.js';
import { ownersIn, type TokenOf } from '../profile/owners.js';
import { normalizeOptions } from './read-identifier.js';
import { createBoxes, type Boxes } from './seal-imported.js';
import { settleDevice } from './settle-device.js';

/** Whose customers they are. */
export interface ImportPeopleOptions extends ImportOptions, IdentifierRules {
  readonly shop: string;
  /**
   * Public key of the shop's backend, as the client has it: what identifies a customer is sealed to it, and goes along when this device
   * syncs. @defaultValue none: links stay on this device
   */
  readonly sealTo?: JsonWebKey;
  /** @defaultValue the platform's */
  readonly random?: Random;
}

/** What came of importing people. */
export interface PeopleImported<A extends { readonly reason: string }> extends ImportProgress {
  /** Customers that were not known before. */
  readonly newCustomers: number;
  /** How many were passed over, by reason. */
  readonly reasons: { readonly [reason in A['reason']]?: number };
  /** The first hundred that were passed over; `skipped` counts all. */
  readonly setAside: readonly A[];
}

/** Somebody, with what is to be kept of them. */
export interface Somebody {
  readonly identifiers: readonly NormalIdentifier[];
  /** What is known of them where nothing else is: `name.given` and the like. */
  readonly facts: readonly (readonly [key: string, value: Json])[];
  /** What is known of them from now on. */
  readonly news?: readonly (readonly [key: string, value: Json])[];
  /** What they bought, under the id of its record. */
  readonly purchase?: { readonly id: string; readonly data: Purchase };
}

/** Somebody whose identifiers are tokens; `value` is for the backend alone. */
interface Ready extends Omit<Somebody, 'identifiers'> {
  readonly ids: readonly (TokenOf & { readonly value: string })[];
}

const ASIDE = 100;

/**
 * Imports people chunk by chunk, each in one transaction with the customers it makes. `read` says who somebody is, or why they are
 * passed over.
 */
export async function importPeople<T, A extends { readonly reason: string }>(
  storage: Pick<ProfileStorage, 'transact'>,
  inputs: Iterable<T> | AsyncIterable<T>,
  read: (input: T, index: number, rules: NormalizeOptions, now: number) => Promise<Somebody | A>,
  options: ImportPeopleOptions,
): Promise<PeopleImported<A>> {
  const { clock = systemClock, random = systemRandom, shop } = options;
  if (!globalThis.crypto?.subtle)
    throw new RegularsError('ERR_STORAGE_UNAVAILABLE', 'WebCrypto is missing: use https.');
  const device = await deviceIn(storage as ProfileStorage, random);
  const tokens = createTokens(createTokenizer(Uint8Array.from(device.key)));
  // one that cannot be loaded stops the import: by our own table other numbers would be left out each time
  const rules = normalizeOptions(options, await options.phone?.load());
  const boxes = createBoxes(options.sealTo, shop);
  const setAside: A[] = [];
  const reasons: { [reason in A['reason']]?: number } = {};
  let newCustomers = 0;
  let index = 0;
  const length = Array.isArray(inputs) ? inputs.length : undefined;
  const write = async (items: readonly T[], last: boolean, timed: Timed): Promise<ChunkCounts> => {
    const from = index;
    index += items.length;
    const now = clock.now();
    const people = await Promise.all(
      items.map(async (input, i) => {
        const one = await read(input, from + i, rules, now);
        return 'reason' in one ? one : toReady(one, tokens);
      }),
    );
    const ready = people.filter((one): one is Ready => 'ids' in one);
    for (const one of people) {
      if (!('reason' in one)) continue;
      const reason: A['reason'] = one.reason;
      reasons[reason] = (reasons[reason] ?? 0) + 1;
      if (setAside.length < ASIDE) setAside.push(one);
    }
    const written = await writeChunk(storage, ready, last, {
      ...{ timed, boxes, shop, device: device.id, now, random },
      ...(await hashForErasures(device, ready.flatMap(asNamed))),
    });
    newCustomers += written.made;
    return { ...written.counts, skipped: items.length - ready.length };
  };
  const share = length === undefined ? undefined : (done: number): number => done / length;
  const progress = await inChunks(inputs, write, options, clock, share);
  if (progress.appended > 0) tellPages(shop);
  return { ...progress, newCustomers, reasons, setAside };
}

type Tokens = (type: IdentifierType, value: string) => Promise<string | undefined>;

/** How many tokens are remembered: a regular's orders stand close together, and a mac costs more than a look. */
const REMEMBERED = 20_000;

function createTokens(tokenizer: Tokenizer): Tokens {
  const known = new Map<string, Promise<string | undefined>>();
  return (type, value) => {
    const name = `${type}\0${value}`;
    const token = known.get(name) ?? tokenizer.token(type, value);
    if (known.size >= REMEMBERED) known.clear();
    known.set(name, token);
    return token;
  };
}

async function toReady({ identifiers, ...rest }: Somebody, tokens: Tokens): Promise<Ready> {
  const made = await Promise.all(
    identifiers.map(async ({ type, value }) => ({ type, value, token: await tokens(type, value) })),
  );
  return {
    ...rest,
    ids: made.flatMap(({ token, ...raw }) => (token === undefined ? [] : [{ ...raw, token }])),
  };
}

interface ChunkEnv extends LogEnv {
  readonly random: Random;
  readonly timed: Timed;
  readonly boxes: Boxes;
}

/** Appends a chunk with the customers it makes, in one transaction; once more where it turned out which identifiers are to be sealed. */
async function writeChunk(
  storage: Pick<ProfileStorage, 'transact'>,
  ready: readonly Ready[],
  isLast: boolean,
  given: ChunkEnv,
): Promise<{ readonly counts: ChunkCounts; readonly made: number }> {
  const { random, timed, boxes, ...env } = given;
  const written = await withFormat((format) =>
    storage.transact(
      'readwrite',
      (tx) =>
        timed(async () => {
          // an order of somebody who was erased would bring them back by name
          const gone = await Promise.all(
            ready.map(async (one) => {
              const [named] = asNamed(one);
              return named !== undefined && isErased(tx, named, env.hash);
            }),
          );
          const left = ready.filter((_, i) => !gone[i]);
          const { drafts, made: fresh } = await draftsOf(tx, left, env.now, random);
          const sealed = boxes.along(drafts);
          if ('missing' in sealed) return sealed;
          const done = await appendRecords(tx, drafts, { ...env, ...sealed, format });
          if (isLast) await touchLog(tx);
          return { ...done, refused: ready.length - left.length + done.refused, made: fresh };
        }),
      durability(isLast),
    ),
  );
  if ('missing' in written) {
    const ids = new Map(ready.flatMap((one) => one.ids.map((id) => [id.token, id])));
    await boxes.seal(written.missing, (token) => {
      const { type = '', value = '' } = ids.get(token) ?? {};
      return { type, value };
    });
    return writeChunk(storage, ready, isLast, given);
  }
  const { appended, refused, made } = written;
  // of people without orders those count of whom something new is known
  const count = ready.some(({ purchase }) => purchase)
    ? appended.filter(({ kind }) => kind === 'purchase').length
    : new Set(appended.map(({ subject }) => subject)).size;
  const duplicates = ready.length - count - refused;
  return { counts: { appended: count, duplicates, refused, skipped: 0 }, made };
}

function asNamed({
  purchase,
}: Ready): readonly Pick<RecordOf<'purchase'>, 'data' | 'kind' | 'subject'>[] {
  return purchase ? [{ kind: 'purchase', subject: '', data: purchase.data }] : [];
}

/** This install, whose key tokens are made with; made where the storage is new. */
export async function deviceIn(storage: ProfileStorage, random: Random): Promise<DeviceRow> {
  const row = (await storage.transact('readonly', (tx) => tx.get('meta', 'device'))) as
    Partial<DeviceRow> | undefined;
  if (isDevice(row)) return row;
  const fresh = {
    ...{ id: randomId(random), key: [...random(32)], generation: randomId(random) },
    current: null,
  };
  return (await settleDevice(storage, fresh, undefined, systemClock.now())).row;
}

/** What is to be appended of people, with what makes those who are new. */
async function draftsOf(
  tx: StorageTransaction,
  ready: readonly Ready[],
  now: number,
  random: Random,
): Promise<{ readonly drafts: readonly RecordDraft[]; readonly made: number }> {
  const tokens = ready.flatMap(({ ids }) => ids.map(({ token }) => token));
  const areMembers = ready.some(({ purchase }) => !purchase);
  const owners = await ownersIn(tx, tokens, () => randomId(random), areMembers);
  const drafts: RecordDraft[] = [];
  let made = 0;
  for (const { purchase, ids, facts, news } of ready) {
    const { subject, links, isNew } = await owners(ids);
    const by = 'import';
    const fresh = (): { readonly id: string; readonly subject: string; readonly by: string } => ({
      ...{ id: uuidV7(now, random), subject, by },
    });
    for (const { type, token } of links) {
      const data = { type, token, level: 'claimed', method: 'import', at: now } as const;
      drafts.push({ ...fresh(), kind: 'link', data });
    }
    if (isNew) made++;
    const known = news && !isNew ? await knownFacts(tx, subject) : [];
    const wanted = isNew || news ? facts.filter(([key]) => !known.includes(key)) : [];
    for (const [key, value] of [...wanted, ...(news ?? [])]) {
      const data = { key, value, at: now, source: 'import', purpose: 'remember' } as const;
      drafts.push({ ...fresh(), kind: 'fact', data });
    }
    if (purchase)
      drafts.push({ id: purchase.id, subject, kind: 'purchase', by, data: purchase.data });
  }
  return { drafts, made };
}

async function knownFacts(tx: StorageTransaction, customer: string): Promise<readonly string[]> {
  const read = await readCard(tx, customer);
  return read.kind === 'card' ? Object.keys(read.card.facts) : [];
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
