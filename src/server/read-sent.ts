import { stampMs } from '../kernel/stamp.js';
import { isAppendable } from '../profile/import-log.js';
import { limitOf } from '../profile/link-limits.js';
import type { ProfileRecord, RecordOf, UnknownRecord } from '../profile/types.js';
import { unseal } from '../sync/seal.js';
import type { ErasureClaim, LinkClaim, SyncCode } from '../sync/port.js';
import type { NormalIdentifier } from '../identity/types.js';
import { openSealed } from './open-sealed.js';
import type { ShopHere } from './shop-keys.js';

/** A stamp may be so far ahead of this server's clock. */
const AHEAD_MS = 5 * 60_000;

/** A record as it was sent, looked at; or why it is not taken. */
export type Sent =
  | { readonly kind: 'record'; readonly record: ProfileRecord | UnknownRecord }
  | {
      readonly kind: 'claim';
      readonly claim: LinkClaim;
      readonly identifier: NormalIdentifier;
    }
  /** Half of a merge by the staff: its two halves find each other by a random text. */
  | { readonly kind: 'merge'; readonly claim: LinkClaim; readonly token: string }
  | { readonly kind: 'erasure'; readonly claim: ErasureClaim }
  | {
      readonly kind: 'box';
      readonly records: readonly ProfileRecord[];
      /** By the token of the link that it is for. */
      readonly identifiers: ReadonlyMap<string, NormalIdentifier>;
    }
  | { readonly kind: 'rejected'; readonly code: SyncCode };

const reject = (code: SyncCode): Sent => ({ kind: 'rejected', code });

/** How what was sent is read. */
export interface ReadSentEnv {
  readonly shop: ShopHere;
  readonly now: number;
  /** Characters of one record. */
  readonly recordLength: number;
}

type Loose = Readonly<Record<string, unknown>>;

/** What is a key of a database: all that devices make are. */
const isKey = (text: unknown): text is string =>
  typeof text === 'string' && /^[\x21-\x7e]{1,256}$/.test(text);

/** True for a record whose keys a database can keep, and that may be appended. */
const isKeepable = (record: ProfileRecord | UnknownRecord, now: number): boolean =>
  isAppendable(record, now) &&
  isKey(record.id) &&
  isKey(record.subject) &&
  /^[\w.-]{1,64}$/.test(record.kind) &&
  record.by.length <= 256;

/** Its id as it was sent; undefined for what has none that could be answered for. */
export function sentId(value: unknown): string | undefined {
  const { id } = Object(value) as Loose;
  return isKey(id) ? id : undefined;
}

/** Reads one record from outside. Never throws. */
export async function readSent(value: unknown, env: ReadSentEnv): Promise<Sent> {
  try {
    const { kind, box } = Object(value) as Loose;
    // what is nested too deep to be written again throws here
    const text = JSON.stringify(value);
    if (text.length > env.recordLength) return reject('too-large');
    // a database keeps no text with U+0000 in it
    if (/(?:^|[^\\])(?:\\\\)*\\u0000/.test(text)) return reject('invalid');
    if (kind === 'sealed') return await openBox(box, env);
    return await readRecord(value as Loose, env);
  } catch {
    return reject('invalid');
  }
}

async function readRecord(value: Loose, env: ReadSentEnv): Promise<Sent> {
  const { shop, now } = env;
  const { parseRecord } = await import('../profile/schema.js');
  const { kind, data } = value;
  const { identifier } = Object(data) as Loose;
  // a claim has something in the place of what is kept: the rest of it is as it will be
  const parsed = parseRecord(
    kind === 'link'
      ? { ...value, data: { ...(data as Loose), token: '' } }
      : kind === 'erasure'
        ? { ...value, data: { ...(data as Loose), purchases: [] } }
        : value,
  );
  if (!parsed) return reject('invalid');
  if (parsed.shop !== shop.id) return reject('scope');
  // a device mends its clock, however far ahead that is
  if (stampMs(parsed.stamp) > now + AHEAD_MS) return reject('skew');
  if (!isKeepable(parsed, now)) return reject('invalid');
  if (kind === 'base') return reject('invalid');
  if (kind === 'link') return readClaim(parsed as RecordOf<'link'>, identifier, shop);
  if (kind !== 'erasure') return { kind: 'record', record: parsed };
  const claim = parsed as ErasureClaim;
  const { subjects } = claim.data;
  const isFit = subjects.length > 0 && subjects.length <= 1_000 && subjects.every(isKey);
  return isFit ? { kind: 'erasure', claim } : reject('invalid');
}

async function readClaim(
  { data: { token: _, ...data }, ...envelope }: RecordOf<'link'>,
  identifier: unknown,
  shop: ShopHere,
): Promise<Sent> {
  const claim = { ...envelope, data: { ...data, identifier } } as LinkClaim;
  const { account, sealed } = Object(identifier) as Loose;
  if (data.type === 'merge')
    return typeof account === 'string' && /^merge:[\w-]{1,64}$/.test(account)
      ? { kind: 'merge', claim, token: account }
      : reject('invalid');
  if (sealed === undefined && limitOf(data.type).priority !== 1) return reject('invalid');
  const given = sealed === undefined ? account : await openIdentifier(sealed, data.type, shop);
  const normal = shop.normal(data.type, given);
  return normal ? { kind: 'claim', claim, identifier: normal } : reject('invalid');
}

/** The value that was sealed for a link of this type. */
async function openIdentifier(box: unknown, type: string, shop: ShopHere): Promise<unknown> {
  const opened = await unseal(box, shop.id, shop.sealKeys);
  if (opened.kind === 'refused') return undefined;
  const { identifiers } = Object(opened.content) as Loose;
  const [one] = Array.isArray(identifiers) ? (identifiers as readonly unknown[]) : [];
  const given = Object(one) as Loose;
  return given['type'] === type ? given['value'] : undefined;
}

async function openBox(box: unknown, { shop, now }: ReadSentEnv): Promise<Sent> {
  const opened = await openSealed(box, { shop: shop.id, privateKeys: shop.sealKeys });
  if (opened.kind === 'refused') return reject('invalid');
  const bad = opened.records.filter((record) => !isKeepable(record, now));
  const isOnlyAhead = bad.every((record) => isKeepable(record, stampMs(record.stamp)));
  if (bad.length > 0) return reject(isOnlyAhead ? 'skew' : 'invalid');
  const identifiers = new Map<string, NormalIdentifier>();
  for (const { token, type, value } of opened.identifiers) {
    const normal = shop.normal(type, value);
    if (normal) identifiers.set(token, normal);
  }
  return { kind: 'box', records: opened.records, identifiers };
}
