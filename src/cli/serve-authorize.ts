import { timingSafeEqual, createHash } from 'node:crypto';
import { jwtVerify, SignJWT, type JWTPayload } from 'jose';
import type { Authorized, ServerScope } from '../server/types.js';

/** A token of this library says whom it is for, so that another of the shop's tokens, signed with the same key, is none. */
const AUDIENCE = 'regulars';
const SCOPES: readonly string[] = ['self', 'look-up', 'staff'] satisfies readonly ServerScope[];

/** What a token is to say. */
export interface TokenClaims {
  readonly scope: Exclude<ServerScope, 'device'>;
  readonly account?: string;
  readonly role?: string;
  readonly email?: string;
  readonly phone?: string;
}

/** Signs a token as a shop's backend would. */
export function signToken(
  key: Uint8Array,
  { scope, account, role, email, phone }: TokenClaims,
  minutes: number,
): Promise<string> {
  const claims = {
    ...{ scope },
    ...(role !== undefined && { role }),
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
  };
  const token = new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setExpirationTime(`${String(minutes)} minutes`);
  if (account !== undefined) token.setSubject(account);
  return token.sign(key);
}

const bearerOf = (request: Request): string | undefined =>
  /^Bearer (\S+)$/i.exec(request.headers.get('Authorization') ?? '')?.[1];

const digest = (text: string): Uint8Array => createHash('sha256').update(text).digest();

/** True for a request of whoever has the key itself: the shop's own programs, never a page. */
export function showsKey(request: Request, key: Uint8Array): boolean {
  const shown = bearerOf(request);
  return (
    shown !== undefined && timingSafeEqual(digest(shown), digest(new TextDecoder().decode(key)))
  );
}

/** Who asks, by a token that the shop's backend has signed with the key. */
export function authorizeBy(
  shop: string,
  key: Uint8Array,
): (request: Request) => Promise<Authorized | undefined> {
  return async (request) => {
    const token = bearerOf(request);
    if (token === undefined) return undefined;
    try {
      const { payload } = await jwtVerify(token, key, {
        ...{ algorithms: ['HS256'], audience: AUDIENCE, requiredClaims: ['exp'] },
        clockTolerance: 60,
      });
      return authorizedBy(shop, payload);
    } catch {
      return undefined; // whatever is wrong with it, nobody is signed in
    }
  };
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= 1024 ? value : undefined;

function authorizedBy(shop: string, claims: JWTPayload): Authorized | undefined {
  const { scope = 'self' } = claims;
  if (typeof scope !== 'string' || !SCOPES.includes(scope)) return undefined;
  const [account, role, place] = [
    textOf(claims.sub),
    textOf(claims['role']),
    textOf(claims['place']),
  ];
  const identifiers = ['email', 'phone'].flatMap((type) => {
    const value = textOf(claims[type]);
    return value === undefined ? [] : [{ type, value }];
  });
  if (scope === 'self' && account === undefined) return undefined;
  return {
    ...{ shop, scope: scope as TokenClaims['scope'] },
    ...(account !== undefined && { account }),
    ...(role !== undefined && { role }),
    ...(place !== undefined && { place }),
    ...(identifiers.length > 0 && { identifiers }),
  };
}
