import { createTokenizer } from '../identity/tokens.js';
import { uuidV7 } from '../kernel/ids.js';
import { namesOf } from '../profile/card-purchases.js';
import { namedByErasure, type Tombstone } from '../profile/erase-customer.js';
import { withFormat } from '../profile/migrations.js';
import { nameHash } from '../profile/name-hash.js';
import type { Purchase, RecordDraft, UnknownRecord } from '../profile/types.js';
import type { Core, DeviceRow } from './core.js';

const MISSING = 'an id that was not hashed before';

/** True for the error of an erasure that met an id which another tab has written since. */
export function isMissing(error: unknown): boolean {
  return error instanceof RangeError && error.message === MISSING;
}

/** Hashes texts with this device's key: a transaction cannot wait for it. Undefined without WebCrypto: there nothing is kept. */
async function hashesOf(
  { key }: Pick<DeviceRow, 'key'>,
  texts: Iterable<string>,
): Promise<ReadonlyMap<string, string> | undefined> {
  const tokenizer = createTokenizer(Uint8Array.from(key));
  const all = await Promise.all(
    [...new Set(texts)]
      .filter((text) => text !== '')
      .map(async (text) => [text, await tokenizer.token('erasure', text)] as const),
  );
  const hashes = all.flatMap(([text, hash]) => (hash === undefined ? [] : [[text, hash] as const]));
  return hashes.length === all.length ? new Map(hashes) : undefined;
}

/** The erasure that forgetting `customer` leaves behind. */
export async function createStone(core: Core, customer: string): Promise<Tombstone | undefined> {
  const { vault, clock, random, options } = core;
  const texts = await withFormat((format) =>
    vault.run('readonly', (transaction) => namedByErasure(transaction, customer, format)),
  );
  return stoneOf(core, texts, {
    id: uuidV7(clock.now(), random),
    by: `device:${vault.device().id}`,
    ...(options.sync?.transport.kind === 'records' && { tells: 'sync' }),
  });
}

/** The erasure that names what is in `texts`. */
export async function stoneOf(
  { vault }: Core,
  texts: readonly string[],
  about: Omit<Tombstone, 'hash'>,
): Promise<Tombstone | undefined> {
  const hashes = await hashesOf(vault.device(), texts);
  if (!hashes) return undefined;
  return {
    ...about,
    hash: (text) => {
      const hash = hashes.get(text);
      if (hash === undefined) throw new RangeError(MISSING);
      return hash;
    },
  };
}

/** What drafts are looked up by among the erasures here; undefined, and for nothing, where nobody was erased. */
export function hashForErasures(
  device: Pick<DeviceRow, 'erasures' | 'key'>,
  drafts: readonly Named[],
): Promise<{ readonly hash?: (text: string) => string }> {
  return hashesForErasures(device, drafts.flatMap(textsOf));
}

/** The same, of these names alone. */
export async function hashesForErasures(
  device: Pick<DeviceRow, 'erasures' | 'key'>,
  texts: readonly string[],
): Promise<{ readonly hash?: (text: string) => string }> {
  if (device.erasures !== true) return {};
  const hashes = await hashesOf(device, texts);
  return hashes ? { hash: (text) => hashes.get(text) ?? '' } : {};
}

/** What is looked up. */
type Named = Pick<RecordDraft | UnknownRecord, 'data' | 'kind' | 'subject'>;

function textsOf({ subject, kind, data }: Named): readonly string[] {
  if (kind !== 'purchase') return [subject];
  return [subject, ...namesOf(data as Purchase).flatMap((name) => [name, nameHash(name)])];
}
