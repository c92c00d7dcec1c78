import { normalizeIdentifier, type NormalizeOptions } from '../identity/normalize-identifier.js';
import type { RawIdentifier } from '../identity/port.js';
import { createTokenizer, type Tokenizer } from '../identity/tokens.js';
import type { NormalIdentifier } from '../identity/types.js';
import { fromBase64url } from '../kernel/base64url.js';
import { uuidV8 } from '../kernel/ids.js';
import { RegularsError } from '../kernel/errors.js';
import type { ShopKeys, ShopSettings } from './types.js';

/** What a mac is for: none can stand for another, nor for a token, since no type of an identifier begins with a mark. */
export type MacUse =
  '!cursor' | '!directory' | '!erased' | '!etag' | '!link' | '!page' | '!scope' | '!code' | '!note';

/** A shop with its keys at hand. */
export interface ShopHere {
  readonly id: string;
  readonly settings: ShopSettings;
  /** How its identifiers are read. */
  readonly rules: NormalizeOptions;
  readonly sealKeys: readonly JsonWebKey[];
  /** 43 characters of base64url that only this shop's key makes of a text. */
  readonly mac: (use: MacUse, text: string) => Promise<string>;
  /** A UUID made of a text: the same text gives the same. */
  readonly idOf: (use: MacUse, text: string) => Promise<string>;
  /** The token of an identifier in its normal form. */
  readonly token: (identifier: RawIdentifier) => Promise<string>;
  /** The same under the key of the shop's directories, which its tills are handed: see `directory.ts`. */
  readonly far: (identifier: RawIdentifier) => Promise<string>;
  /** An identifier in its normal form, by the shop's rules; undefined for what identifies nobody. */
  readonly normal: (type: string, value: unknown) => NormalIdentifier | undefined;
}

/** Takes up the keys of a shop. */
export function createShopHere(id: string, keys: ShopKeys, settings: ShopSettings): ShopHere {
  const { region, ownIdentifiers, loyalty } = settings;
  if (keys.key.length < 16)
    throw new RegularsError('ERR_OPTIONS_INVALID', 'The key of a shop has 32 random bytes.');
  const tokenizer = createTokenizer(keys.key);
  const made = async (type: string, text: string): Promise<string> => {
    const token = await tokenizer.token(type, text);
    if (token === undefined)
      throw new RegularsError('ERR_OPTIONS_INVALID', 'A server needs WebCrypto: this has none.');
    return token;
  };
  // an empty text has no token
  const mac: ShopHere['mac'] = (use, text) => made(use, `:${text}`);
  let farKey: Promise<Tokenizer> | undefined;
  const farTokenizer = async (): Promise<Tokenizer> =>
    createTokenizer(fromBase64url(await mac('!directory', 'digest')) ?? new Uint8Array());
  const rules = {
    ...(region !== undefined && { region }),
    ...(ownIdentifiers && { own: ownIdentifiers }),
    ...(loyalty && { loyalty }),
  };
  return {
    ...{ id, settings, rules, sealKeys: keys.seal ?? [], mac },
    idOf: async (use, text) => uuidV8(fromBase64url(await mac(use, text)) ?? new Uint8Array(16)),
    token: ({ type, value }) => made(type, value),
    far: async ({ type, value }) => {
      farKey ??= farTokenizer();
      return (await (await farKey).token(type, value)) ?? '';
    },
    normal: (type, value) => {
      const read = normalizeIdentifier(type, value, rules);
      return read.ok ? read.identifier : undefined;
    },
  };
}

/** True for equal texts, in a time that does not tell how far they are. */
export function isSame(a: string, b: string): boolean {
  let differ = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) differ |= a.charCodeAt(i) ^ b.charCodeAt(i % (b.length || 1));
  return differ === 0;
}
