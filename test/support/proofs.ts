import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { jwsProof, type PublicJwk } from '../../src/adapters/proof/jws.js';
import type { ProofVerifier } from '../../src/identity/port.js';

/** A shop's backend that signs tokens, and what checks them on its pages. */
export interface TokenMaker {
  /** A token of `account`, good for a minute from `now`; `claims` say otherwise. */
  readonly sign: (
    account: string,
    now: number,
    claims?: Readonly<Record<string, unknown>>,
  ) => Promise<string>;
  readonly verifier: ProofVerifier;
}

export async function tokenMaker(audience = 'blue-door'): Promise<TokenMaker> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const key = (await exportJWK(publicKey)) as PublicJwk;
  let made = 0;
  return {
    sign: (account, now, claims = {}) => {
      const iat = Math.floor(now / 1000);
      const all = { sub: account, aud: audience, iat, exp: iat + 60, jti: `t${made++}`, ...claims };
      return new SignJWT(all).setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
    },
    verifier: jwsProof({ key, audience }),
  };
}
