import { createHmac } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { createTokenizer } from '../../../src/identity/tokens.js';

const key = new Uint8Array(32).fill(7);

it('a token is the HMAC-SHA-256 of type, NUL and value in base64url, as Node computes it', async () => {
  const { token } = createTokenizer(key);
  for (const [type, value] of [
    ['phone', '+14255550100'],
    ['email', 'josé@example.com'],
    ['account', '😀'],
  ] as const)
    expect(await token(type, value)).toBe(
      createHmac('sha256', key).update(`${type}\0${value}`).digest('base64url'),
    );
});

it('a token has 43 characters that are safe in a URL', async () => {
  const { token } = createTokenizer(key);
  for (let i = 0; i < 200; i++) expect(await token('account', `u_${i}`)).toMatch(/^[\w-]{43}$/);
});

it('another type and another key give another token', async () => {
  const tokens = [
    await createTokenizer(key).token('account', '42'),
    await createTokenizer(key).token('loyalty', '42'),
    await createTokenizer(new Uint8Array(32).fill(8)).token('account', '42'),
  ];
  expect(new Set(tokens).size).toBe(3);
});

it('the key is copied: wiping it afterwards changes no token', async () => {
  const mine = key.slice();
  const { token } = createTokenizer(mine);
  mine.fill(0);
  expect(await token('account', '42')).toBe(await createTokenizer(key).token('account', '42'));
});

it('nothing gives no token, nor does a type that could write the token of another', async () => {
  const { token } = createTokenizer(key);
  expect(await token('account', '')).toBeUndefined();
  expect(await token('', '42')).toBeUndefined();
  expect(await token('account\0x', '42')).toBeUndefined();
});

it('a page on plain http has no Web Crypto, and gets no token rather than an error', async () => {
  for (const crypto of [undefined, {}]) {
    vi.stubGlobal('crypto', crypto);
    try {
      expect(await createTokenizer(key).token('account', '42')).toBeUndefined();
    } finally {
      vi.unstubAllGlobals();
    }
  }
});
