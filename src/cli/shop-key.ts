import { createECDH, createPublicKey, hkdfSync } from 'node:crypto';

/** What one key of a shop is good for. */
export interface KeysOfShop {
  /** What the shop's backend signs tokens with: the text of the key itself. */
  readonly signing: Uint8Array;
  /** What the server makes its own tokens, cursors and marks with. */
  readonly shop: Uint8Array;
  /** Opens the boxes of kiosks. */
  readonly seal: JsonWebKey;
  /** For the option `sealTo` of kiosks. */
  readonly sealTo: JsonWebKey;
  /** Lies in the database, to notice another key; of no use for anything else. */
  readonly mark: Uint8Array;
}

const LEAST = 32;

/** True for a text that is long enough to be nobody's guess. */
export const isKey = (text: string): boolean => /^[\x21-\x7e]+$/.test(text) && text.length >= LEAST;

const derive = (key: string, use: string, bytes: number): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', key, 'regulars serve', use, bytes));

/** Makes all keys of a shop from the one that is kept: each for its own use, none tells another. */
export function keysOf(key: string, shop: string): KeysOfShop {
  const pair = createECDH('prime256v1');
  // one number in 2^32 is none of the curve
  for (let tries = 0; ; tries++)
    try {
      pair.setPrivateKey(derive(key, `seal ${String(tries)} ${shop}`, 32));
      break;
    } catch (error) {
      if (tries > 9) throw error;
    }
  const point = pair.getPublicKey();
  const part = (from: number): string => point.subarray(from, from + 32).toString('base64url');
  const given = { kty: 'EC', crv: 'P-256', x: part(1), y: part(33) };
  const { kty, crv, x, y } = createPublicKey({ key: given, format: 'jwk' }).export({
    format: 'jwk',
  });
  const sealTo = { kty, crv, x, y } as JsonWebKey;
  // a leading zero is not written
  const d = Buffer.concat([Buffer.alloc(32), pair.getPrivateKey()]).subarray(-32);
  return {
    signing: new TextEncoder().encode(key),
    shop: derive(key, `shop ${shop}`, 32),
    seal: { ...sealTo, d: d.toString('base64url') },
    sealTo,
    mark: derive(key, `mark ${shop}`, 16),
  };
}
