import { sealText, unseal } from './seal.js';

/** What the first part of a carry token is: of another one nothing is known here. */
const FORM = 'c1';

/**
 * Seals whose order it will be to the public key of the shop's backend, as one text that fits into an attribute of a cart: some 270
 * characters of base64url and dots. Only the backend reads it; whoever copies it can give an order to this customer and nothing else.
 */
export async function sealCarry(
  publicKey: JsonWebKey,
  shop: string,
  subject: string,
): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify({ carry: subject }));
  const { kid, epk, iv, box } = await sealText(publicKey, shop, text);
  return [FORM, kid, epk, iv, box].join('.');
}

/** Whose order it is; undefined for what is no carry token of this shop. */
export async function openCarry(
  token: unknown,
  shop: string,
  privateKeys: readonly JsonWebKey[],
): Promise<string | undefined> {
  if (typeof token !== 'string' || token.length > 1_024) return undefined;
  const [form, kid, epk, iv, box, ...rest] = token.split('.');
  if (form !== FORM || rest.length > 0) return undefined;
  const opened = await unseal({ v: 1, kid, epk, iv, box }, shop, privateKeys);
  if (opened.kind === 'refused') return undefined;
  const { carry } = Object(opened.content) as { readonly carry?: unknown };
  return typeof carry === 'string' && /^[\x21-\x7e]{1,256}$/.test(carry) ? carry : undefined;
}
