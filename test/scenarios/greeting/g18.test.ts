import { describe, expect, it } from 'vitest';
import { createDevice } from '../../support/device.js';
import { at, DAY, line } from './guest.js';
import { everyWord, greetingOf } from './words.js';

const NOW = at('2026-03-20 08:05');
const history = [1, 2, 3, 4, 5].map((day) => ({
  id: `pos:${day}`,
  at: NOW - day * DAY,
  lines: [line('Latte')],
}));

describe('G18 kiosk left', () => {
  it('wipes everything of who was there when a warning is not answered', async () => {
    const device = createDevice(NOW);
    const page = device.page({
      mode: 'kiosk',
      // at a kiosk a proof is the only way in; here a verifier stands for it
      proofs: [
        {
          kind: 'token',
          verify: () =>
            Promise.resolve({
              ...{ ok: true, identifiers: [{ type: 'account', value: 'shep' }], name: 'Shep' },
              ...{ id: 'once', expiresAt: NOW + DAY },
            }),
        },
      ],
    });
    await page.start();
    const start = page.get();
    expect(await page.verify({ token: 'signed' })).toMatchObject({ kind: 'verified' });
    for (const order of history) await page.record(order);
    expect(everyWord(page)).toMatch(/Shep[\s\S]*usual[\s\S]*latte/i);
    page.shown(greetingOf(page).ref);
    const warned: number[] = [];
    page.on('idle-warning', ({ endsAt }) => warned.push(endsAt));
    device.clock.advance(45_000);
    expect(warned).toEqual([NOW + 60_000]);
    expect(everyWord(page)).toMatch(/Shep/);
    device.clock.advance(15_000);
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
    expect(everyWord(page)).not.toMatch(/Shep|latte|usual/i);
    expect({ ...page.get(), visit: null, endsAt: null }).toEqual({
      ...start,
      visit: null,
      endsAt: null,
      status: 'ready',
      ready: page.get().ready,
      storage: page.get().storage,
    });
    expect(greetingOf(page).text).toBe('Welcome.');
    expect(JSON.stringify([...device.localStorage])).not.toMatch(/shep|latte/i);
    expect(await device.bytes()).not.toMatch(/shep|latte/i);
    expect(JSON.stringify(await page.rights.audit())).not.toMatch(/shep/i);
  });
});
