import { fromBase64url, toBase64url } from '../kernel/base64url.js';
import { RegularsError } from '../kernel/errors.js';
import type { SealedBox, SealedContent } from './types.js';

/** WebCrypto has no HPKE (RFC 9180); this is the same pattern, ECIES, of the parts that every engine has. */
const CURVE = { name: 'ECDH', namedCurve: 'P-256' };
const POINT_BYTES = 65;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Lengths are multiples of it: the length of a box does not tell whether a number was typed. */
const BLOCK_BYTES = 256;

/** A key pair of a shop's backend, as JWKs (RFC 7517). */
export interface SealKeys {
  /** For the option `sealTo` of kiosks: anybody may have it. */
  readonly publicKey: JsonWebKey;
  /** Stays with the backend: whoever has it reads every box. */
  readonly privateKey: JsonWebKey;
}

/** What came of opening a box, before anybody has looked at what is in it. */
export type Unsealed =
  | { readonly kind: 'opened'; readonly content: unknown }
  | {
      readonly kind: 'refused';
      readonly reason: 'malformed' | 'newer' | 'unknown-key' | 'tampered';
    };

/**
 * Makes the key pair to which kiosks seal what waits. Once for a shop, on the backend or in a console.
 * @example const { publicKey, privateKey } = await createSealKeys();
 */
export async function createSealKeys(): Promise<SealKeys> {
  const { subtle } = crypto;
  const pair = await subtle.generateKey(CURVE, true, ['deriveBits']);
  const { key_ops: _, ext: __, ...privateKey } = await subtle.exportKey('jwk', pair.privateKey);
  const { d: ___, ...publicKey } = privateKey;
  return { publicKey, privateKey };
}

/**
 * Seals records to the public key of a shop's backend: ECDH with a key made for this box alone, HKDF-SHA-256 (RFC 5869), AES-GCM.
 * Rejects with ERR_OPTIONS_INVALID where the key is none, and with ERR_STORAGE_UNAVAILABLE where there is no WebCrypto.
 */
export function sealRecords(
  publicKey: JsonWebKey,
  shop: string,
  content: SealedContent,
): Promise<SealedBox> {
  return sealText(publicKey, shop, padded(content));
}

/** Seals any text that is JSON. Its length shows. */
export async function sealText(
  publicKey: JsonWebKey,
  shop: string,
  text: Uint8Array<ArrayBuffer>,
): Promise<SealedBox> {
  // only secure contexts have it, whatever the DOM's types say
  const subtle: SubtleCrypto | undefined = (globalThis.crypto as Crypto | undefined)?.subtle;
  if (!subtle)
    throw new RegularsError('ERR_STORAGE_UNAVAILABLE', 'WebCrypto is missing: use https.');
  const to = await importPublic(publicKey);
  const own = await subtle.generateKey(CURVE, false, ['deriveBits']);
  const epk = toBase64url(new Uint8Array(await subtle.exportKey('raw', own.publicKey)));
  const kid = await thumbprint(to);
  const key = await agree(own.privateKey, to, { shop, kid, epk }, 'encrypt');
  // from the platform, whatever the option `random` says: who can guess it must not learn anything
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = await subtle.encrypt({ name: 'AES-GCM', iv }, key, text);
  return { v: 1, kid, epk, iv: toBase64url(iv), box: toBase64url(new Uint8Array(sealed)) };
}

/**
 * Opens a box with that one of the keys it is for. Whatever is wrong with the box is an outcome; a key that is none rejects with
 * ERR_OPTIONS_INVALID. What is in it may come from anybody: the caller checks it.
 */
export async function unseal(
  value: unknown,
  shop: string,
  privateKeys: readonly JsonWebKey[],
): Promise<Unsealed> {
  const parts = readBox(value);
  if (typeof parts === 'string') return { kind: 'refused', reason: parts };
  const { box, epk, point, iv, sealed } = parts;
  for (const privateKey of privateKeys) {
    const kid = await thumbprint(await importPublic(privateKey));
    if (kid !== box.kid) continue;
    const own = await importPrivate(privateKey);
    try {
      const from = await crypto.subtle.importKey('raw', point, CURVE, true, []);
      const key = await agree(own, from, { shop, kid, epk }, 'decrypt');
      const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed);
      return { kind: 'opened', content: JSON.parse(new TextDecoder().decode(plain)) as unknown };
    } catch (error) {
      return { kind: 'refused', reason: error instanceof SyntaxError ? 'malformed' : 'tampered' };
    }
  }
  return { kind: 'refused', reason: 'unknown-key' };
}

interface Parts {
  readonly box: SealedBox;
  readonly epk: string;
  readonly point: Uint8Array<ArrayBuffer>;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly sealed: Uint8Array<ArrayBuffer>;
}

/** A box from outside, in bytes; or why it cannot be one. */
function readBox(value: unknown): Parts | 'malformed' | 'newer' {
  const box = (value ?? {}) as Readonly<Record<keyof SealedBox, unknown>>;
  if (Number.isSafeInteger(box.v) && Number(box.v) > 1) return 'newer';
  const texts = [box.kid, box.epk, box.iv, box.box];
  if (box.v !== 1 || !texts.every((text) => typeof text === 'string')) return 'malformed';
  const { epk, iv, box: sealed } = box as SealedBox;
  const bytes = { point: fromBase64url(epk), iv: fromBase64url(iv), sealed: fromBase64url(sealed) };
  return bytes.point?.length === POINT_BYTES &&
    bytes.iv?.length === IV_BYTES &&
    bytes.sealed &&
    bytes.sealed.length >= TAG_BYTES
    ? { box: box as SealedBox, epk, point: bytes.point, iv: bytes.iv, sealed: bytes.sealed }
    : 'malformed';
}

const importPublic = (key: JsonWebKey): Promise<CryptoKey> => importKey(pointOf(key), []);

const importPrivate = (key: JsonWebKey): Promise<CryptoKey> =>
  importKey({ ...pointOf(key), d: key.d ?? '' }, ['deriveBits']);

/** What makes the key and nothing else: what a JWK may say of its use differs from tool to tool. */
const pointOf = ({ crv = '', x = '', y = '' }: JsonWebKey): JsonWebKey => {
  return { kty: 'EC', crv, x, y };
};

async function importKey(key: JsonWebKey, usages: readonly KeyUsage[]): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('jwk', key, CURVE, key.d === undefined, [...usages]);
  } catch (cause) {
    const which = key.d === undefined ? 'public' : 'private';
    throw new RegularsError('ERR_OPTIONS_INVALID', `This is no ${which} P-256 key (JWK).`, {
      cause,
    });
  }
}

/** The thumbprint of a public key: SHA-256 over its required members in the order of their names (RFC 7638 section 3). */
async function thumbprint(key: CryptoKey): Promise<string> {
  const { crv, kty, x, y } = await crypto.subtle.exportKey('jwk', key);
  const members = new TextEncoder().encode(JSON.stringify({ crv, kty, x, y }));
  return toBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', members)));
}

/** The key of one box. What it is for goes into it: a box moved to another shop, or with another header, does not open. */
async function agree(
  own: CryptoKey,
  other: CryptoKey,
  { shop, kid, epk }: { readonly shop: string; readonly kid: string; readonly epk: string },
  usage: 'encrypt' | 'decrypt',
): Promise<CryptoKey> {
  const { subtle } = crypto;
  const secret = await subtle.deriveBits({ name: 'ECDH', public: other }, own, 256);
  const material = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const info = new TextEncoder().encode(JSON.stringify(['regulars-sealed', 1, shop, kid, epk]));
  // no salt: the secret is new for each box (RFC 5869 section 3.1)
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  return subtle.deriveKey(how, material, { name: 'AES-GCM', length: 256 }, false, [usage]);
}

/** As JSON, with spaces after it. */
function padded(content: SealedContent): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(content));
  const bytes = new Uint8Array(Math.ceil(text.length / BLOCK_BYTES) * BLOCK_BYTES).fill(0x20);
  bytes.set(text);
  return bytes;
}
