import { describe, expect, it, vi } from 'vitest';
import { createDevice } from '../../support/device.js';

describe('V09 numeric id', () => {
  it('is text: 42 and "42" are the same person, and the page is warned once', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    const verified = ['account'];
    expect(await page.recognize({ account: 42 }, { verified })).toMatchObject({ kind: 'new' });
    const first = page.get().customer?.id;
    for (const account of ['42', 42, ' 42 ', 42])
      expect(await page.recognize({ account }, { verified })).toMatchObject({ kind: 'found' });
    expect(page.get().customer?.id).toBe(first);
    const warned = (): number =>
      device.notices.filter(({ code }) => code === 'identifier-converted').length;
    await vi.waitFor(() => expect(warned()).toBe(1));
    expect(JSON.stringify(device.notices)).not.toContain('42');
  });

  it('beyond what a number can tell apart is blocked, never rounded to somebody else', async () => {
    const page = createDevice().page();
    await page.start();
    for (const account of [2 ** 53, 1.5, Infinity, -Infinity])
      expect(await page.recognize({ account }, { verified: ['account'] })).toMatchObject({
        kind: 'blocked',
      });
  });
});
