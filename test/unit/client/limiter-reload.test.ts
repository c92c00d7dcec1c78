import { afterEach, describe, expect, it } from 'vitest';
import { createDevice } from '../../support/device.js';
import { timed } from '../../support/kiosk.js';

describe('a kiosk that is reloaded', () => {
  const kept = new Map<string, string>();
  const session = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  afterEach(() => {
    kept.clear();
    Reflect.deleteProperty(globalThis, 'sessionStorage');
  });

  it('has nothing lying there for the few misses of a visit', async () => {
    Object.assign(globalThis, { sessionStorage: session });
    const device = createDevice();
    const page = device.page({ mode: 'kiosk' });
    await page.start();
    for (const phone of ['4255550101', '4255550102', '4255550103'])
      await timed(device.clock, page.recognize({ phone }));
    expect([...kept]).toEqual([]);
    await timed(device.clock, page.recognize({ phone: '4255550104' }));
    expect(kept.size).toBe(1);
    device.clock.advance(10 * 60_000);
    await timed(device.clock, page.recognize({ phone: '4255550105' }));
    expect([...kept]).toEqual([]);
    await page.stop();
  });

  it('goes on counting, and what it counts with says nothing of anybody', async () => {
    Object.assign(globalThis, { sessionStorage: session });
    const device = createDevice();
    let number = 0;
    const kinds: string[] = [];
    for (let load = 0; load < 2; load++) {
      const page = device.page({ mode: 'kiosk' });
      await page.start();
      for (let i = 0; i < 5; i++) {
        const phone = `(425) 555-01${String(number++).padStart(2, '0')}`;
        kinds.push((await timed(device.clock, page.recognize({ phone }))).value.kind);
      }
      await page.endVisit();
      await page.stop();
    }
    expect(kinds).toEqual([
      ...Array.from({ length: 8 }, () => 'unproven'),
      ...['limited', 'limited'],
    ]);
    const [[key, value] = []] = kept;
    expect([key, value]).toEqual([
      'regulars:blue-door:limited',
      expect.stringMatching(/^\[[\d,]+\]$/),
    ]);
  });

  it.each(['{', '[1]', '["a",60000]', '[null,60000,1]', '[1e400,60000]'])(
    'passes over a count that is %s',
    async (text) => {
      Object.assign(globalThis, { sessionStorage: session });
      kept.set('regulars:blue-door:limited', text);
      const page = createDevice().page({ mode: 'kiosk' });
      await page.start();
      expect(await page.recognize({ phone: 'x' })).toMatchObject({ kind: 'blocked' });
      await page.stop();
    },
  );
});
