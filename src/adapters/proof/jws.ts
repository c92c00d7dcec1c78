import type * as JoseLibrary from 'jose';
import type { ProofVerifier, RawIdentifier, TokenChecked } from '../../identity/port.js';
import { RegularsError } from '../../kernel/errors.js';

/** A public key as servers publish it, with the name that tokens call it by. */
export type PublicJwk = JsonWebKey & { readonly kid?: string };

/** What `jwsProof` takes. */
export interface JwsProofOptions {
  /**
   * The backend's public key: a JWK, the `keys` of a JWKS (a token names one by its `kid`), PEM text (SPKI), or a `CryptoKey`.
   * Keep the old key in the list until its last token has expired.
   */
  readonly key: PublicJwk | readonly PublicJwk[] | CryptoKey | string;
  /** Whom tokens are for: this shop's pages. A token for anybody else is refused. */
  readonly audience: string;
  /** Who signs. @defaultValue whoever has the key */
  readonly issuer?: string;
  /** How long a token may live, from `iat` to `exp`: it is a hand-over, no session. @defaultValue 10 min */
  readonly maxLifetimeMs?: number;
}

type Jose = typeof JoseLibrary;
type Claims = Readonly<Record<string, unknown>>;
type Refusal = Extract<TokenChecked, { readonly ok: false }>;

// Only what a public key checks: with a shared secret whoever can check could sign, and a page hides nothing.
const ALGORITHMS = [
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
] as const;
/** Clocks of customers' devices are believed so far, and no further. */
const SKEW_MS = 5 * 60_000;
const DEFAULT_LIFETIME_MS = 10 * 60_000;
/** A longer text is no token of ours, and is not looked into. */
const LONGEST_TOKEN = 16_384;
const LONGEST_ID = 256;

/**
 * Checks tokens (JWS, RFC 7515; claims of JWT, RFC 7519) that the shop's backend has signed, with the library `jose`, which is loaded
 * with the first token. A token needs `sub` (the account) or another identifier, `aud`, `iat`, `exp` and `jti`. Of the names that
 * OpenID Connect has, `phone_number` and `email` count where `…_verified` is true; `given_name`, `sid` (a session for `pull`) and our
 * own `loyalty` are read as well. Sign with ES256: all browsers check it, Ed25519 only those of today. Throws ERR_OPTIONS_INVALID for a key that is secret, or none.
 * @example createRegulars({ shop: 'blue-door', proofs: [jwsProof({ key: publicJwk, audience: 'blue-door' })] })
 */
export function jwsProof(options: JwsProofOptions): ProofVerifier {
  const { maxLifetimeMs = DEFAULT_LIFETIME_MS } = options;
  checkOptions(options, maxLifetimeMs);
  const check = createSignatureCheck(options.key);
  return {
    kind: 'token',
    verify: async (token, now) => {
      if (typeof token !== 'string' || token.length > LONGEST_TOKEN) return refuse('malformed');
      const claims = await check(token, await loadJose());
      return typeof claims === 'string'
        ? refuse(claims)
        : readClaims(claims, options, maxLifetimeMs, now);
    },
  };
}

const refuse = (reason: Refusal['reason']): Refusal => ({ ok: false, reason });

async function loadJose(): Promise<Jose> {
  try {
    return await import('jose');
  } catch (cause) {
    throw new RegularsError(
      'ERR_OPTIONS_INVALID',
      'jwsProof checks signatures with jose, which is not installed: npm install jose',
      { cause },
    );
  }
}

const invalid = (what: string): RegularsError =>
  new RegularsError('ERR_OPTIONS_INVALID', `jwsProof: ${what}.`);

function checkOptions({ key, audience, issuer }: JwsProofOptions, maxLifetimeMs: number): void {
  if (typeof audience !== 'string' || audience === '')
    throw invalid('`audience` is missing: the name that the backend writes into `aud`');
  if (issuer !== undefined && (typeof issuer !== 'string' || issuer === ''))
    throw invalid('`issuer` must be the text that the backend writes into `iss`');
  if (!(maxLifetimeMs > 0 && maxLifetimeMs <= 86_400_000))
    throw invalid('`maxLifetimeMs` must be above 0, and a day at most');
  if (typeof key === 'string') {
    if (!/^\s*-----BEGIN PUBLIC KEY-----/.test(key))
      throw invalid('as text, `key` must be PEM that begins with "-----BEGIN PUBLIC KEY-----"');
  } else if (isCryptoKey(key)) {
    if (key.type !== 'public') throw invalid('`key` must be a public key');
  } else if (Object(key) !== key || listOf(key).length === 0) {
    throw invalid('`key` is missing: a JWK, a list of them, PEM text or a CryptoKey');
  } else for (const jwk of listOf(key)) checkJwk(jwk);
}

function checkJwk(jwk: PublicJwk): void {
  // the likeliest mistake, and the worst: the key that signs, sent to every visitor
  if (Object(jwk) !== jwk || jwk.d !== undefined || jwk.k !== undefined || jwk.kty === 'oct')
    throw invalid(
      '`key` must be public: a JWK without `d` and `k`. Never send the other one to a page',
    );
  if (typeof jwk.kty !== 'string') throw invalid('`key` is no JWK: `kty` is missing');
}

function isCryptoKey(key: unknown): key is CryptoKey {
  return typeof CryptoKey === 'function' && key instanceof CryptoKey;
}

const listOf = (key: PublicJwk | readonly PublicJwk[]): readonly PublicJwk[] =>
  Array.isArray(key) ? (key as readonly PublicJwk[]) : [key as PublicJwk];

/** The claims of a token whose signature holds, or why there are none. */
function createSignatureCheck(
  key: JwsProofOptions['key'],
): (token: string, jose: Jose) => Promise<Claims | 'malformed' | 'signature'> {
  // imported once: it costs more than a check
  const imported = new Map<string, Promise<CryptoKey>>();
  const once = (name: string, load: () => Promise<CryptoKey>): Promise<CryptoKey> => {
    const known = imported.get(name) ?? load();
    imported.set(name, known);
    return known;
  };
  type Load = () => Promise<CryptoKey>;
  const keysFor = (jose: Jose, alg: string, kid: unknown): readonly Load[] => {
    if (isCryptoKey(key)) return [async () => key];
    if (typeof key === 'string') return [() => once(alg, () => jose.importSPKI(key, alg))];
    return listOf(key).flatMap((jwk, i) => {
      const load: Load = () => jose.importJWK(jwk, alg) as Promise<CryptoKey>;
      return fits(jwk, alg, kid) ? [() => once(`${i} ${alg}`, load)] : [];
    });
  };
  return async (token, jose) => {
    let header: Claims;
    try {
      header = jose.decodeProtectedHeader(token);
    } catch {
      return 'malformed';
    }
    const { alg } = header;
    if (!ALGORITHMS.some((allowed) => allowed === alg)) return 'signature';
    for (const load of keysFor(jose, alg as string, header['kid'])) {
      try {
        const { payload } = await jose.compactVerify(token, await load(), {
          algorithms: [...ALGORITHMS],
        });
        return claimsOf(payload) ?? 'malformed';
      } catch {
        // another key may have signed it
      }
    }
    return 'signature';
  };
}

/** True for a key that may have signed: of another use, another algorithm or another name it has not. */
function fits(jwk: PublicJwk, alg: string, kid: unknown): boolean {
  return (
    (jwk.use === undefined || jwk.use === 'sig') &&
    (jwk.alg === undefined || jwk.alg === alg) &&
    (kid === undefined || jwk.kid === undefined || jwk.kid === kid)
  );
}

function claimsOf(payload: Uint8Array): Claims | undefined {
  try {
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    return claims !== null && typeof claims === 'object' && !Array.isArray(claims)
      ? (claims as Claims)
      : undefined;
  } catch {
    return undefined;
  }
}

/** What the claims say, if they hold now and here. */
function readClaims(
  claims: Claims,
  { audience, issuer }: JwsProofOptions,
  maxLifetimeMs: number,
  now: number,
): TokenChecked {
  const own = (name: string): unknown => (Object.hasOwn(claims, name) ? claims[name] : undefined);
  const aud = own('aud');
  if (aud !== audience && !(Array.isArray(aud) && aud.includes(audience)))
    return refuse('audience');
  if (issuer !== undefined && own('iss') !== issuer) return refuse('issuer');

  const [issued, expires, from] = [own('iat'), own('exp'), own('nbf') ?? own('iat')].map(msOf);
  if (issued === undefined || expires === undefined || from === undefined)
    return refuse('lifetime');
  if (expires <= issued || expires - issued > maxLifetimeMs) return refuse('lifetime');
  if (now >= expires + SKEW_MS) return refuse('expired');
  if (now < Math.max(issued, from) - SKEW_MS) return refuse('not-yet');

  const id = text(own('jti'), LONGEST_ID);
  if (id === undefined) return refuse('no-id');
  const identifiers = identifiersOf(own);
  if (identifiers.length === 0) return refuse('nobody');
  const name = text(own('given_name'), 320);
  const session = text(own('sid'), LONGEST_TOKEN);
  return {
    ok: true,
    identifiers,
    id,
    expiresAt: expires + SKEW_MS,
    ...(name !== undefined && { name }),
    ...(session !== undefined && { session }),
  };
}

/** Claims have seconds. */
const msOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value * 1000 : undefined;

const text = (value: unknown, longest: number): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= longest ? value : undefined;

function identifiersOf(own: (name: string) => unknown): readonly RawIdentifier[] {
  const found: readonly (readonly [type: string, value: unknown])[] = [
    ['account', own('sub')],
    ['loyalty', own('loyalty')],
    ['phone', own('phone_number_verified') === true ? own('phone_number') : undefined],
    ['email', own('email_verified') === true ? own('email') : undefined],
  ];
  return found.flatMap(([type, given]) => {
    const value = text(given, LONGEST_ID);
    return value === undefined ? [] : [{ type, value }];
  });
}
