import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromBase64url, toBase64url } from '../../src/kernel/base64url.js';
import { openSealed } from '../../src/server/open-sealed.js';
import { createSealKeys, sealRecords } from '../../src/sync/seal.js';
import type { SealedBox, SealedContent } from '../../src/sync/types.js';

const seed = 20_261_122;
const text = fc.string({ unit: 'binary', maxLength: 40 });
const content: fc.Arbitrary<SealedContent> = fc.record({
  records: fc.array(
    fc.record({
      id: fc.uuid(),
      shop: fc.constant('slurp'),
      subject: fc.uuid(),
      kind: fc.constant('purchase' as const),
      stamp: fc.constant('0195b1c00000-0000-0badcafe'),
      by: fc.constant('device:0badcafe'),
      data: fc.record({
        id: text,
        at: fc.nat(),
        status: fc.constantFrom('paid' as const, 'open' as const),
        lines: fc.constant([]),
        total: fc.oneof(fc.constant(null), fc.integer()),
        currency: fc.constant(null),
        channel: fc.constant('kiosk' as const),
      }),
    }),
    { maxLength: 4 },
  ),
  identifiers: fc.array(fc.record({ token: text, type: text, value: text }), { maxLength: 4 }),
});
const keys = await createSealKeys();
const open = (box: unknown) => openSealed(box, { shop: 'slurp', privateKeys: [keys.privateKey] });

it('what is sealed is what is opened', () =>
  fc.assert(
    fc.asyncProperty(content, async (given) => {
      const box = await sealRecords(keys.publicKey, 'slurp', given);
      const sent = JSON.parse(JSON.stringify(box)) as unknown;
      expect(await open(sent)).toEqual({ kind: 'opened', ...given });
    }),
    { seed, numRuns: 100 },
  ));

it('a box with any one bit of its text flipped is refused', async () => {
  const box = await sealRecords(keys.publicKey, 'slurp', { records: [], identifiers: [] });
  const parts = ['kid', 'epk', 'iv', 'box'] as const satisfies readonly (keyof SealedBox)[];
  const flip = (text: string, at: number, bit: number): string => {
    const codes = Array.from(text, (character) => character.charCodeAt(0));
    codes[at] = (codes[at] ?? 0) ^ (1 << bit);
    return String.fromCharCode(...codes);
  };
  const check = async (part: (typeof parts)[number], at: number, bit: number): Promise<void> => {
    const flipped = { ...box, [part]: flip(box[part], at, bit) };
    expect(await open(flipped)).toMatchObject({ kind: 'refused' });
  };
  // the last character of a text has bits that no byte has
  for (const part of parts)
    for (let bit = 0; bit < 8; bit++) await check(part, box[part].length - 1, bit);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...parts), fc.nat(), fc.nat(7), (part, at, bit) =>
      check(part, at % box[part].length, bit),
    ),
    { seed, numRuns: 500 },
  );
});

it('a box that is cut off anywhere is refused', async () => {
  const box = await sealRecords(keys.publicKey, 'slurp', { records: [], identifiers: [] });
  for (const part of ['kid', 'epk', 'iv', 'box'] as const)
    for (let length = 0; length < box[part].length; length++)
      expect(await open({ ...box, [part]: box[part].slice(0, length) })).toMatchObject({
        kind: 'refused',
      });
});

it('whatever is no box is refused, and nothing is thrown', () =>
  fc.assert(
    fc.asyncProperty(fc.anything(), async (value) => {
      expect(await open(value)).toMatchObject({ kind: 'refused' });
    }),
    { seed, numRuns: 300 },
  ));

it('base64url reads what it writes, and of other texts none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
      const written = toBase64url(bytes);
      expect(written).toBe(Buffer.from(bytes).toString('base64url'));
      expect(fromBase64url(written)).toEqual(bytes);
    }),
    { seed },
  );
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...Array.from('AB-_9=+/ é')), maxLength: 8 }),
      (given) => {
        const bytes = fromBase64url(given);
        expect(bytes === undefined || toBase64url(bytes) === given).toBe(true);
      },
    ),
    { seed, numRuns: 1000 },
  );
});
