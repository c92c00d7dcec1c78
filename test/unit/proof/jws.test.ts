import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
  type JWTPayload,
} from 'jose';
import { describe, expect, it } from 'vitest';
import { jwsProof, type PublicJwk } from '../../../src/adapters/proof/jws.js';

const NOW = Date.UTC(2026, 2, 3, 8, 5);
const SECONDS = NOW / 1000;
const MINUTE = 60;

const pair = await generateKeyPair('ES256', { extractable: true });
const other = await generateKeyPair('ES256', { extractable: true });
const publicJwk = (await exportJWK(pair.publicKey)) as PublicJwk;
const privateJwk = (await exportJWK(pair.privateKey)) as PublicJwk;
const otherJwk = (await exportJWK(other.publicKey)) as PublicJwk;

const GOOD: JWTPayload = {
  sub: 'u_shep',
  aud: 'blue-door',
  iat: SECONDS,
  exp: SECONDS + MINUTE,
  jti: 'one',
};
type Key = Parameters<SignJWT['sign']>[0];
function sign(
  claims: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, unknown>> = {},
  key: Key = pair.privateKey,
): Promise<string> {
  return new SignJWT({ ...GOOD, ...claims })
    .setProtectedHeader({ alg: 'ES256', ...header })
    .sign(key);
}

const proof = jwsProof({ key: publicJwk, audience: 'blue-door' });
const reasonOf = async (token: string, now = NOW, verifier = proof): Promise<string> => {
  const checked = await verifier.verify(token, now);
  return checked.ok ? 'ok' : checked.reason;
};

describe('a signed token', () => {
  it('gives the account, and how long its id is to be remembered', async () => {
    expect(await proof.verify(await sign(), NOW)).toEqual({
      ok: true,
      identifiers: [{ type: 'account', value: 'u_shep' }],
      id: 'one',
      expiresAt: NOW + 6 * 60_000,
    });
  });

  it('gives what OpenID Connect calls verified, the card, the name and the session', async () => {
    const token = await sign({
      ...{ phone_number: '+14255550100', phone_number_verified: true },
      ...{ email: 'shep@example.com', email_verified: true },
      ...{ loyalty: 'CARD-1', given_name: 'Shep', sid: 's1' },
    });
    expect(await proof.verify(token, NOW)).toMatchObject({
      identifiers: [
        { type: 'account', value: 'u_shep' },
        { type: 'loyalty', value: 'CARD-1' },
        { type: 'phone', value: '+14255550100' },
        { type: 'email', value: 'shep@example.com' },
      ],
      name: 'Shep',
      session: 's1',
    });
  });

  it.each([false, undefined, 'true', 1])(
    'gives no phone that is verified: %s',
    async (verified) => {
      const token = await sign({
        ...{ phone_number: '+14255550100', phone_number_verified: verified },
        ...{ email: 'shep@example.com', email_verified: verified },
      });
      expect(await proof.verify(token, NOW)).toMatchObject({
        identifiers: [{ type: 'account', value: 'u_shep' }],
      });
    },
  );

  it.each([
    ['another audience', { aud: 'red-door' }, 'audience'],
    ['no audience', { aud: undefined }, 'audience'],
    ['an audience like ours', { aud: ['blue-doors', 'blue'] }, 'audience'],
    ['no end', { exp: undefined }, 'lifetime'],
    ['no beginning', { iat: undefined }, 'lifetime'],
    ['a long life', { exp: SECONDS + 11 * MINUTE }, 'lifetime'],
    ['an end before its beginning', { exp: SECONDS - 1 }, 'lifetime'],
    ['times that are texts', { exp: String(SECONDS + MINUTE) }, 'lifetime'],
    ['a beginning to come', { iat: SECONDS + 6 * MINUTE, exp: SECONDS + 7 * MINUTE }, 'not-yet'],
    ['a validity to come', { nbf: SECONDS + 6 * MINUTE }, 'not-yet'],
    ['no id', { jti: undefined }, 'no-id'],
    ['an empty id', { jti: '' }, 'no-id'],
    ['an endless id', { jti: 'x'.repeat(10_000) }, 'no-id'],
    ['nobody', { sub: undefined }, 'nobody'],
    ['a number for an account', { sub: 42 }, 'nobody'],
    ['an account in the prototype', { sub: undefined, ['__proto__']: { sub: 'u_shep' } }, 'nobody'],
  ])('with %s is refused', async (_what, claims, reason) => {
    expect(await reasonOf(await sign(claims))).toBe(reason);
  });

  it('for several audiences is good for each of them', async () => {
    expect(await reasonOf(await sign({ aud: ['red-door', 'blue-door'] }))).toBe('ok');
  });

  it('is believed 5 minutes beyond its end and before its beginning, and no further', async () => {
    const token = await sign();
    expect(await reasonOf(token, NOW + 6 * 60_000 - 1)).toBe('ok');
    expect(await reasonOf(token, NOW + 6 * 60_000)).toBe('expired');
    expect(await reasonOf(token, NOW - 5 * 60_000)).toBe('ok');
    expect(await reasonOf(token, NOW - 5 * 60_000 - 1)).toBe('not-yet');
  });

  it('of another issuer is refused where one is named', async () => {
    const strict = jwsProof({ key: publicJwk, audience: 'blue-door', issuer: 'https://shop' });
    expect(await reasonOf(await sign({ iss: 'https://shop' }), NOW, strict)).toBe('ok');
    expect(await reasonOf(await sign({ iss: 'https://other' }), NOW, strict)).toBe('issuer');
    expect(await reasonOf(await sign(), NOW, strict)).toBe('issuer');
  });

  it('may live as long as the shop says', async () => {
    const short = jwsProof({ key: publicJwk, audience: 'blue-door', maxLifetimeMs: 30_000 });
    expect(await reasonOf(await sign(), NOW, short)).toBe('lifetime');
  });
});

describe('a signature', () => {
  it('of another key is refused', async () => {
    expect(await reasonOf(await sign({}, {}, other.privateKey))).toBe('signature');
  });

  it('does not hold for other claims', async () => {
    const [header, , signature] = (await sign()).split('.');
    const [, claims] = (await sign({ sub: 'u_maria' })).split('.');
    expect(await reasonOf([header, claims, signature].join('.'))).toBe('signature');
  });

  it('is asked for: alg none is refused', async () => {
    const token = new UnsecuredJWT(GOOD).encode();
    expect(await reasonOf(token)).toBe('signature');
    expect(await reasonOf(`${token}AAAA`)).toBe('signature');
  });

  it('made with the public key as a shared secret is refused', async () => {
    const pem = await exportSPKI(pair.publicKey);
    for (const secret of [pem, JSON.stringify(publicJwk)]) {
      const token = await sign({}, { alg: 'HS256' }, new TextEncoder().encode(secret));
      for (const key of [pem, publicJwk, pair.publicKey])
        expect(await reasonOf(token, NOW, jwsProof({ key, audience: 'blue-door' }))).toBe(
          'signature',
        );
    }
  });

  it('is found by the name of its key, also after a rotation', async () => {
    const keys = [
      { ...otherJwk, kid: 'old' },
      { ...publicJwk, kid: 'new' },
    ];
    const set = jwsProof({ key: keys, audience: 'blue-door' });
    expect(await reasonOf(await sign({}, { kid: 'new' }), NOW, set)).toBe('ok');
    expect(await reasonOf(await sign({}, { kid: 'old' }, other.privateKey), NOW, set)).toBe('ok');
    expect(await reasonOf(await sign(), NOW, set)).toBe('ok'); // no name: each is tried
    expect(await reasonOf(await sign({}, { kid: 'old' }), NOW, set)).toBe('signature');
    expect(await reasonOf(await sign({}, { kid: 'unknown' }), NOW, set)).toBe('signature');
  });

  it('is not checked with a key for something else', async () => {
    for (const extra of [{ use: 'enc' }, { alg: 'ES384' }]) {
      const set = jwsProof({ key: { ...publicJwk, ...extra }, audience: 'blue-door' });
      expect(await reasonOf(await sign(), NOW, set)).toBe('signature');
    }
  });

  it.each(['EdDSA', 'Ed25519', 'RS256', 'PS256', 'ES384'])('may be %s', async (alg) => {
    const made = await generateKeyPair(alg, { extractable: true });
    const token = await sign({}, { alg }, made.privateKey);
    const keys = [
      (await exportJWK(made.publicKey)) as PublicJwk,
      await exportSPKI(made.publicKey),
      made.publicKey,
    ];
    for (const key of keys)
      expect(await reasonOf(token, NOW, jwsProof({ key, audience: 'blue-door' }))).toBe('ok');
  });
});

describe('a text that is no token', () => {
  it.each([
    '',
    'a.b.c',
    '....',
    'eyJhbGciOiJFUzI1NiJ9',
    '\ud800.\ud800.\ud800',
    'x'.repeat(10_000),
    'x'.repeat(1_000_000),
    'e30.e30.',
  ])('is malformed, or has no signature: %#', async (token) => {
    expect(['malformed', 'signature']).toContain(await reasonOf(token));
  });

  it.each([undefined, null, 42, {}, []] as unknown as string[])(
    'is malformed, whatever its type: %s',
    async (token) => {
      expect(await reasonOf(token)).toBe('malformed');
    },
  );

  it.each(['not json', '[]', 'null', '"text"'])('holds no claims: %s', async (payload) => {
    const { CompactSign } = await import('jose');
    const token = await new CompactSign(new TextEncoder().encode(payload))
      .setProtectedHeader({ alg: 'ES256' })
      .sign(pair.privateKey);
    expect(await reasonOf(token)).toBe('malformed');
  });
});

describe('jwsProof', () => {
  it.each([
    ['a private key', { key: privateJwk }],
    ['a private CryptoKey', { key: pair.privateKey }],
    ['a shared secret', { key: { kty: 'oct', k: 'AAAA' } }],
    ['a secret in a list', { key: [publicJwk, { kty: 'oct', k: 'AAAA' }] }],
    ['no key', { key: undefined as unknown as string }],
    ['an empty list', { key: [] }],
    ['some text', { key: 'hello' }],
    ['a private PEM', { key: '-----BEGIN PRIVATE KEY-----\nAAAA' }],
    ['an object', { key: {} }],
    ['no audience', { audience: '' }],
    ['an empty issuer', { issuer: '' }],
    ['a life of NaN', { maxLifetimeMs: NaN }],
    ['a negative life', { maxLifetimeMs: -1 }],
  ])('is not made with %s', (_what, wrong) => {
    expect(() => jwsProof({ key: publicJwk, audience: 'blue-door', ...wrong })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    );
  });
});
