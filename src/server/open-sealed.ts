import type { ProfileRecord } from '../profile/types.js';
import { unseal } from '../sync/seal.js';
import type { SealedContent, SealedIdentifier } from '../sync/types.js';

/** What opens the boxes of a shop. */
export interface OpenSealedOptions {
  readonly shop: string;
  /** The private keys whose boxes may still come: today's, and those it was rotated from. */
  readonly privateKeys: readonly JsonWebKey[];
}

/** What came of opening a box. */
export type OpenedBox =
  | ({ readonly kind: 'opened' } & SealedContent)
  /**
   * `unknown-key`: `kid` of the box names none of the keys. `tampered`: not for this shop, or not as it was sealed.
   * `malformed`: no box, or not what belongs into one. `newer`: sealed by a newer release.
   */
  | {
      readonly kind: 'refused';
      readonly reason: 'malformed' | 'newer' | 'tampered' | 'unknown-key';
    };

/**
 * Opens a box that a kiosk has sealed, on the backend. Put your own token in the place of each link's, made of the identifier's value,
 * and append the records: they have ids, so the same box twice changes nothing. Whoever knows the public key can make a box:
 * what is in it is a claim, like a typed number. Rejects with ERR_OPTIONS_INVALID where a key is none.
 * @example const opened = await openSealed(box, { shop: 'slurp', privateKeys: [privateKey] });
 */
export async function openSealed(box: unknown, options: OpenSealedOptions): Promise<OpenedBox> {
  const { shop, privateKeys } = options;
  const result = await unseal(box, shop, privateKeys);
  if (result.kind === 'refused') return result;
  // the schemas are the bigger part of it: a server that has nothing to open does not load them
  const { parseRecord } = await import('../profile/schema.js');
  const { records, identifiers } = Object(result.content) as Partial<Record<string, unknown>>;
  const read = listOf(records, (value) => asSealable(parseRecord(value), shop));
  const names = listOf(identifiers, asIdentifier);
  return read && names
    ? { kind: 'opened', records: read, identifiers: names }
    : { kind: 'refused', reason: 'malformed' };
}

/** A list of which every member is one; undefined for any other. */
function listOf<T>(value: unknown, read: (member: unknown) => T | undefined): T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const members = value.map(read).filter((member) => member !== undefined);
  return members.length === value.length ? members : undefined;
}

/** What a kiosk may say: somebody bought, and what they typed, unproved. */
function asSealable(
  record: { readonly kind: string; readonly shop: string } | undefined,
  shop: string,
): ProfileRecord | undefined {
  if (record?.shop !== shop) return undefined;
  const known = record as ProfileRecord;
  const claim = known.kind === 'link' && known.data.level === 'claimed';
  return claim || known.kind === 'purchase' ? known : undefined;
}

function asIdentifier(value: unknown): SealedIdentifier | undefined {
  const { token, type, value: text } = Object(value) as Readonly<Record<string, unknown>>;
  return typeof token === 'string' && typeof type === 'string' && typeof text === 'string'
    ? { token, type, value: text }
    : undefined;
}
