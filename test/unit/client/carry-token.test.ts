import { describe, expect, it } from 'vitest';
import { createRegulars } from '../../../src/index.js';
import { memoryStorage } from '../../../src/adapters/storage/memory.js';
import { createSealKeys } from '../../../src/sync/seal.js';
import { openCarry } from '../../../src/sync/carry.js';

const { publicKey: sealTo, privateKey } = await createSealKeys();

describe('a carry token', () => {
  it('tells the server, and nobody else, whose order it will be', async () => {
    const regulars = createRegulars({ shop: 'blue-door', storage: memoryStorage(), sealTo });
    await regulars.start();
    const token = (await regulars.carryToken()) ?? '';
    expect(token).toMatch(/^[\w.-]{200,300}$/);
    expect(await regulars.carryToken()).not.toBe(token);
    const subject = await openCarry(token, 'blue-door', [privateKey]);
    expect(await openCarry(await regulars.carryToken(), 'blue-door', [privateKey])).toBe(subject);
    expect(subject).toMatch(/^[0-9a-f]{32}$/);
    expect(token).not.toContain(subject);
    expect(await openCarry(token, 'other', [privateKey])).toBeUndefined();
    await regulars.stop();
  });

  it('is none without a key, after a no, and of what somebody made up', async () => {
    const open = createRegulars({ shop: 'blue-door', storage: memoryStorage() });
    await open.start();
    expect(await open.carryToken()).toBeUndefined();
    await open.stop();
    const refused = createRegulars({ shop: 'blue-door', storage: memoryStorage(), sealTo });
    await refused.start();
    await refused.rights.consent('remember', 'denied');
    expect(await refused.carryToken()).toBeUndefined();
    await refused.stop();
    for (const made of ['', 'c1....', 'c1.a.b.c.d', 'x'.repeat(5_000), undefined, 7, '\ud800'])
      expect(await openCarry(made, 'blue-door', [privateKey])).toBeUndefined();
  });
});
