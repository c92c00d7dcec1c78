import { toBase64url } from '../kernel/base64url.js';
import type { IdentifierType } from './types.js';

/** Turns identifiers into tokens: what is kept of them at rest, and never the identifier itself. */
export interface Tokenizer {
  /**
   * The token of an identifier in its normal form: 43 characters of base64url, the same for the same key, type and value.
   * Resolves with `undefined` for an empty type or value, and where there is no Web Crypto (a page on plain http).
   */
  readonly token: (type: IdentifierType, value: string) => Promise<string | undefined>;
}

/**
 * Makes a {@link Tokenizer}: HMAC-SHA-256(key, type || 0x00 || value). Under a device's key tokens are pseudonyms, not secrets.
 * @example await createTokenizer(key).token('phone', '+14255550100')
 */
export function createTokenizer(key: Uint8Array): Tokenizer {
  const bytes = new Uint8Array(key); // a copy: the caller may wipe its own
  let importing: Promise<CryptoKey> | undefined;
  return {
    token: async (type, value) => {
      // only secure contexts have it, whatever the DOM's types say
      const subtle: SubtleCrypto | undefined = (globalThis.crypto as Crypto | undefined)?.subtle;
      // a type with a NUL in it could write another type's token
      if (subtle === undefined || type === '' || value === '' || type.includes('\0'))
        return undefined;
      importing ??= subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, [
        'sign',
      ]);
      const text = new TextEncoder().encode(`${type}\0${value}`);
      const mac = new Uint8Array(await subtle.sign('HMAC', await importing, text));
      return toBase64url(mac);
    },
  };
}
