import { createDecipheriv, createECDH, createHash, hkdfSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openSealed } from '../../../src/server/open-sealed.js';
import { createSealKeys, sealRecords, unseal } from '../../../src/sync/seal.js';
import type { SealedBox, SealedContent } from '../../../src/sync/types.js';

const PUBLIC = {
  kty: 'EC',
  crv: 'P-256',
  x: 'yKld_GdftBbUsDXwfryIc2uqIcRHCnjcCSW6g9FP5vo',
  y: 'tcgwzXDOwVTasTNF-gwkDrzepTeWfGrDGS58wOOEU9w',
};
const PRIVATE = { ...PUBLIC, d: 'Yldy5uqETttikIFKKGI2diF6Nv7pcJCKCLrE4aEkojg' };
const CONTENT: SealedContent = {
  records: [
    {
      id: '0195b1c0-0000-8000-8000-000000000001',
      shop: 'slurp',
      subject: '5ubject',
      kind: 'purchase',
      stamp: '0195b1c00000-0000-0badcafe',
      by: 'device:0badcafe',
      data: {
        id: 'kiosk:1',
        at: 1_742_460_000_000,
        status: 'paid',
        lines: [{ sku: 'ramen', name: 'Shoyu ramen', quantity: 1, unitPrice: 1250, modifiers: [] }],
        total: 1250,
        currency: 'USD',
        channel: 'kiosk',
      },
    },
  ],
  identifiers: [{ token: 't0ken', type: 'phone', value: '+14255550100' }],
};
/** Sealed by the first release that could: whatever changes, it opens. */
const KEPT: SealedBox = {
  v: 1,
  kid: 'E2kOcE65b4RAfKKyTS4slUrreKo7PzijRNsgsZeKYDE',
  epk: 'BI4uLRXtBPGFTiFsBIigRDWEhabQDq4I54zkYUumgTrnd3B7ptLIf73rIrjvmXOpOff72ezt2dbq4ZQAHsn5_cc',
  iv: '8hDdRpYgWOkgXGyZ',
  box:
    'DfbrMWlkmjA-h_JGE_6lw0lmT_M1RixtAq0BOb12IAKO_Y7DnQHvr8TLV2XTNKvyVqp3Xx_291EoYfEq' +
    'kj_jTziaKImGX4ufbbZGM947X9vDJPg5-nkToLffNSbI75LLflZAzGYfN182_VjlcylLEFlCtEuDNy-L' +
    '0TG0YPXktOeOlhxvrKIHHvX1t8eH-YCdo0PFiEFGrGm84SB2sW5omSgJWCj1_sgiZobpCks18tFPROtB' +
    'd_u509JK0KDwMyObavHLXEoigtugB-aB9eFux02GQnb1eYurejToISKi2xUro3THiktHFXxPp5js5iHz' +
    'oDVbOEijF7vtCxDYoCl1q1ehg85WFX6Jp4SvY4Y8Jgs5t6Omk7iZANx8bRcJyB1K51vavbBGgGGAkuYn' +
    '_3-T2NI63PzzHCMpkoJUd7bD85lUnDTCFsT80T82wa_5TdQVyQRgZ_AAsOtKBZlfnhEVylVh8UGD5GLf' +
    'NGx-bc1rzoMDI3n7S4wo4WWBLukzXTVtY_XCT1t4RNnE3dy8AezIMrC7Yfx5t8PeuUqCB4EL8MVgtB9x' +
    'SJTbHF5Le6r-vpn_WFKK1zjMjz59uLTYJpASuYY0OwczpLKkS0wP3lSU5_2Hlt5sydQVB1AYsKrtAbqV' +
    'WjuVNHFVdFu-f0KwnLl9lPWnNe-vQ95cfBHib_jjS6pyxL9xQ1tugBmIovkixp6e',
};

const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');
const open = (box: unknown, shop = 'slurp', keys: readonly JsonWebKey[] = [PRIVATE]) =>
  openSealed(box, { shop, privateKeys: keys });
const seal = (content: unknown, shop = 'slurp'): Promise<SealedBox> =>
  sealRecords(PUBLIC, shop, content as SealedContent);

/** The same by another library and from the description alone. */
function openByHand(box: SealedBox, shop: string): unknown {
  const own = createECDH('prime256v1');
  own.setPrivateKey(bytes(PRIVATE.d));
  const secret = own.computeSecret(bytes(box.epk));
  const info = JSON.stringify(['regulars-sealed', 1, shop, box.kid, box.epk]);
  const key = Buffer.from(hkdfSync('sha256', secret, '', info, 32));
  const sealed = bytes(box.box);
  const cipher = createDecipheriv('aes-256-gcm', key, bytes(box.iv));
  cipher.setAuthTag(sealed.subarray(-16));
  const text = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
  return JSON.parse(text.toString('utf8'));
}

describe('a sealed box', () => {
  it('opens with the private key, and holds what was sealed', async () => {
    const { publicKey, privateKey } = await createSealKeys();
    expect(Object.keys(publicKey).toSorted()).toEqual(['crv', 'kty', 'x', 'y']);
    expect(privateKey).toMatchObject({ ...publicKey, d: expect.any(String) });
    const box = await sealRecords(publicKey, 'slurp', CONTENT);
    expect(await open(box, 'slurp', [privateKey])).toEqual({ kind: 'opened', ...CONTENT });
  });

  it('is read by any other ECDH, HKDF and AES-GCM too', async () => {
    expect(openByHand(await seal(CONTENT), 'slurp')).toEqual(CONTENT);
    expect(openByHand(KEPT, 'slurp')).toEqual(CONTENT);
  });

  it('of an earlier release opens', async () => {
    expect(await open(KEPT)).toEqual({ kind: 'opened', ...CONTENT });
  });

  it('is plain JSON that shows nothing, and no two are alike', async () => {
    const [one, other] = [await seal(CONTENT), await seal(CONTENT)];
    expect(JSON.parse(JSON.stringify(one))).toEqual(one);
    expect(Object.keys(one)).toEqual(['v', 'kid', 'epk', 'iv', 'box']);
    for (const part of ['epk', 'iv', 'box'] as const) expect(one[part]).not.toBe(other[part]);
    for (const secret of ['5ubject', 'ramen', '4255550100', 'kiosk:1'])
      expect(JSON.stringify(one) + bytes(one.box).toString('latin1')).not.toContain(secret);
  });

  it('is as long with a typed number as without', async () => {
    const without = await seal({ ...CONTENT, identifiers: [] });
    expect(without.box).toHaveLength((await seal(CONTENT)).box.length);
  });

  it('names its key by the thumbprint of RFC 7638', async () => {
    // the key and thumbprint of RFC 9449 section 6.1
    const key = {
      kty: 'EC',
      crv: 'P-256',
      x: 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs',
      y: '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA',
    };
    const { kid } = await sealRecords({ ...key, alg: 'ES256', use: 'sig' }, 'slurp', CONTENT);
    expect(kid).toBe('0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I');
    const { crv, kty, x, y } = PUBLIC;
    const text = JSON.stringify({ crv, kty, x, y });
    expect(KEPT.kid).toBe(createHash('sha256').update(text).digest('base64url'));
  });

  it('opens after the key was rotated, as long as the old one is given', async () => {
    const { privateKey } = await createSealKeys();
    expect(await open(KEPT, 'slurp', [privateKey, PRIVATE])).toMatchObject({ kind: 'opened' });
    for (const keys of [[privateKey], []])
      expect(await open(KEPT, 'slurp', keys)).toEqual({ kind: 'refused', reason: 'unknown-key' });
  });

  it("does not open as another key's, for another shop, cut off or changed", async () => {
    const { publicKey, privateKey } = await createSealKeys();
    const mine = await sealRecords(publicKey, 'slurp', CONTENT);
    const tampered = { kind: 'refused', reason: 'tampered' };
    // renamed, so that the wrong key is tried
    expect(await open({ ...KEPT, kid: mine.kid }, 'slurp', [privateKey])).toEqual(tampered);
    expect(await open(KEPT, 'other')).toEqual(tampered);
    expect(await open({ ...KEPT, epk: mine.epk })).toEqual(tampered);
    expect(await open({ ...KEPT, iv: mine.iv })).toEqual(tampered);
    const cut = bytes(KEPT.box).subarray(0, -1).toString('base64url');
    expect(await open({ ...KEPT, box: cut })).toEqual(tampered);
    // 65 bytes, but no point of the curve
    const nowhere = Buffer.concat([Buffer.of(4), Buffer.alloc(64, 1)]).toString('base64url');
    expect(await open({ ...KEPT, epk: nowhere })).toEqual(tampered);
  });

  it.each([
    undefined,
    null,
    7,
    'text',
    [],
    {},
    { ...KEPT, v: 0 },
    { ...KEPT, v: '1' },
    { ...KEPT, v: NaN },
    { ...KEPT, kid: 7 },
    { ...KEPT, epk: '' },
    { ...KEPT, epk: `${KEPT.epk}=` },
    { ...KEPT, iv: `${KEPT.iv}AA` },
    { ...KEPT, iv: '+/+/+/+/+/+/+/+/' },
    { ...KEPT, box: 'A' },
    { ...KEPT, box: 'AAAA' },
    { ...KEPT, box: undefined },
    JSON.parse('{ "__proto__": { "v": 1 } }') as unknown,
  ])('that is none is refused as malformed: %j', async (box) => {
    expect(await open(box)).toEqual({ kind: 'refused', reason: 'malformed' });
  });

  it('of a newer release is refused as newer', async () => {
    expect(await open({ v: 2 })).toEqual({ kind: 'refused', reason: 'newer' });
  });
});

describe('what is in a box', () => {
  const [purchase] = CONTENT.records;
  const link = {
    ...purchase,
    kind: 'link',
    data: {
      type: 'phone',
      token: 't0ken',
      level: 'claimed',
      method: 'claim',
      at: 1_742_460_000_000,
      unproved: true,
    },
  };

  it('may be purchases and claims', async () => {
    const box = await seal({ ...CONTENT, records: [link, purchase] });
    expect(await open(box)).toMatchObject({ kind: 'opened', records: [link, purchase] });
  });

  // whoever has the public key can make a box: it is on every kiosk's page
  it.each([
    ['a proof', { records: [{ ...link, data: { ...link.data, level: 'verified' } }] }],
    ['an erasure', { records: [{ ...purchase, kind: 'erasure', data: {} }] }],
    ['another shop', { records: [{ ...purchase, shop: 'other' }] }],
    ['a kind of its own', { records: [{ ...purchase, kind: 'curse' }] }],
    ['half an order', { records: [{ ...purchase, data: { id: 'kiosk:1' } }] }],
    ['no list', { records: 'all' }],
    ['nothing', {}],
    [
      'a name without a value',
      { records: [purchase], identifiers: [{ token: 't', type: 'phone' }] },
    ],
  ])('may not be %s', async (_, content) => {
    const box = await seal({ identifiers: [], ...content });
    expect(await open(box)).toEqual({ kind: 'refused', reason: 'malformed' });
  });

  it('may be hostile text, which comes out as it went in', async () => {
    for (const text of ['', 'x'.repeat(10_000), '\ud800', '__proto__', '\0', '🍜']) {
      const identifiers = [{ token: text, type: text, value: text }];
      const box = await seal({ records: [], identifiers });
      expect(await open(box)).toEqual({ kind: 'opened', records: [], identifiers });
    }
    const order = JSON.parse('{ "records": [], "identifiers": [], "__proto__": { "x": 1 } }');
    expect(await open(await seal(order))).toMatchObject({ kind: 'opened', records: [] });
  });

  it('may be no JSON at all', async () => {
    const box = await seal(undefined);
    expect(await unseal(box, 'slurp', [PRIVATE])).toEqual({ kind: 'refused', reason: 'malformed' });
  });
});

describe('a key that is none', () => {
  const wrong = expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' });

  it.each([
    {},
    { ...PUBLIC, crv: 'P-384' },
    { ...PUBLIC, y: PUBLIC.x },
    { ...PUBLIC, x: 'AAAA' },
    { kty: 'oct', k: 'AAAA' },
  ])('is told at sealing: %j', async (key) => {
    await expect(sealRecords(key, 'slurp', CONTENT)).rejects.toEqual(wrong);
  });

  it('is told at opening', async () => {
    await expect(open(KEPT, 'slurp', [PUBLIC])).rejects.toEqual(wrong);
    await expect(open(KEPT, 'slurp', [{ kty: 'RSA' }])).rejects.toEqual(wrong);
  });
});
