import { describe, expect, it } from 'vitest';
import { createDevice } from '../../support/device.js';
import { readRaw } from '../../support/raw-outbox.js';

const JUNK = [
  ...['', '  ', 'null', 'Undefined', 'NaN', '[object Object]', 'anonymous', '000-000-0000', '-1'],
  ...[' NULL\n', 'ａｎｏｎｙｍｏｕｓ', '0', '111-111-1111', 'true', 'guest'],
] as const;
const TYPES = ['account', 'loyalty', 'phone', 'email', 'device', 'room'];

/** What is kept of people, and waits to be sent. A kiosk has no database. */
async function queued(mode: string): Promise<unknown> {
  if (mode === 'kiosk') return [];
  return Promise.all((['records', 'outbox', 'tokens', 'cards'] as const).map(readRaw));
}

describe('V08 junk identifiers', () => {
  it.each(['storefront', 'shared', 'kiosk', 'staff'] as const)(
    'are blocked with a reason in mode %s, change nobody and queue nothing',
    async (mode) => {
      const device = createDevice();
      const page = device.page({ mode, consent: { remember: 'granted' } });
      await page.start();
      if (mode === 'storefront')
        await page.recognize({ account: 'shep' }, { verified: ['account'], name: 'Shep' });
      page.keepAlive();
      await Promise.resolve();
      const before = page.get();
      const stored = await queued(mode);
      for (const type of TYPES)
        for (const junk of JUNK) {
          const result = await page.recognize({ [type]: junk }, { verified: [type], name: 'Eve' });
          expect(result).toMatchObject({ kind: 'blocked', blocked: [{ type }] });
          expect(result.kind === 'blocked' && result.blocked[0]?.reason).toMatch(/\w/);
        }
      expect(page.get()).toEqual(before);
      expect(await queued(mode)).toEqual(stored);
    },
  );

  it('of a shape that is no identifier at all throw nothing', async () => {
    const page = createDevice().page();
    await page.start();
    const hostile: readonly unknown[] = [
      null,
      'phone',
      [],
      { phone: {} },
      { email: Symbol('x') },
      JSON.parse('{"__proto__":"425 555 0100"}'),
      { account: 'x'.repeat(10_000) },
      { account: '\ud800' },
      { phone: Number.NaN },
      { account: -1 },
    ];
    for (const given of hostile)
      expect(await page.recognize(given as { phone: string })).toMatchObject({ kind: 'blocked' });
    expect(page.get()).toMatchObject({ level: 'none', customer: null });
  });

  it('beside a good one do not keep it from counting', async () => {
    const page = createDevice().page();
    await page.start();
    expect(
      await page.recognize({ account: 'shep', phone: 'null' }, { verified: ['account', 'phone'] }),
    ).toMatchObject({ kind: 'new', level: 'verified', blocked: [{ type: 'phone' }] });
  });

  it('as the only thing that was verified prove nothing for the rest', async () => {
    const page = createDevice().page();
    await page.start();
    expect(
      await page.recognize({ account: 'null', phone: '425 555 0100' }, { verified: ['account'] }),
    ).toMatchObject({ kind: 'new', level: 'claimed', blocked: [{ type: 'account' }] });
  });
});
