import { describe, expect, it } from 'vitest';
import { createDevice } from '../../support/device.js';
import { readRaw } from '../../support/raw-outbox.js';

const GRANTED = { consent: { remember: 'granted' as const } };
const queued = async (): Promise<number> => (await readRaw('outbox')).length;

describe('V13 same person again', () => {
  it.each([
    [
      'verified by the host',
      { account: 'shep', phone: '(425) 555-0100' },
      { account: 'shep', phone: '+1 425 555 0100' },
      { verified: ['account'] },
    ],
    [
      'verified by phone and e-mail',
      { phone: '(425) 555-0100', email: 'Shep@Example.com' },
      { email: 'shep@example.COM', phone: '+14255550100' },
      { verified: ['phone', 'email'] },
    ],
    ['typed on the own device', { phone: '(425) 555-0100' }, { phone: '+1 425 555 0100' }, {}],
  ] as const)(
    '%s: what is known queues nothing, and a new name one fact',
    async (_, first, again, options) => {
      const device = createDevice();
      const page = device.page(GRANTED);
      await page.start();
      await page.recognize(first, { ...options, name: 'Shep' });
      const before = await queued();
      expect(before).toBeGreaterThan(0);
      const { id } = page.get().customer ?? {};
      for (let i = 0; i < 3; i++)
        expect(await page.recognize(again, { ...options, name: 'Shep' })).toMatchObject({
          kind: 'found',
        });
      expect(await queued()).toBe(before);
      expect(page.get().customer).toMatchObject({ id, name: 'Shep' });
      await page.rights.remember({ key: 'nickname', value: 'Sheppy' });
      await page.recognize(again, { ...options, name: 'Shepherd' });
      expect(await queued()).toBe(before + 2);
      expect(page.get().customer?.name).toBe('Shepherd');
      // a trait that was not given again stays
      const facts = (await readRaw('records')).flatMap((row) => {
        const { kind, data } = JSON.parse((row as { readonly text: string }).text);
        return kind === 'fact' ? [data.key as string] : [];
      });
      expect(new Set(facts)).toEqual(new Set(['name.given', 'nickname']));
    },
  );

  it('on the next page of the same device queues nothing either', async () => {
    const device = createDevice();
    const who = { account: 'shep', phone: '(425) 555-0100' };
    const options = { verified: ['account'], name: 'Shep' };
    const first = device.page(GRANTED);
    await first.start();
    await first.recognize(who, options);
    const before = await queued();
    await first.stop();
    const second = device.page(GRANTED);
    await second.start();
    await second.recognize(who, options);
    expect(await queued()).toBe(before);
  });
});
