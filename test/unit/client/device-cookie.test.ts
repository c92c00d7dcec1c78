import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DeviceCookie } from '../../../src/client/types.js';
import { createDevice } from '../../support/device.js';
import {
  isTold,
  markerOf,
  openPage,
  settle,
  shelves,
  stopPages,
  toldOf,
} from '../../support/install.js';

const DAY = 86_400_000;
afterEach(stopPages);

/** A server with a browser's cookie, and what it was asked. */
interface Server extends DeviceCookie {
  cookie: string | undefined;
  reachable: boolean;
  readonly asked: string[];
}

function createServer(): Server {
  const server: Server = {
    cookie: undefined,
    reachable: true,
    asked: [],
    keep: async (id) => {
      server.asked.push('keep');
      await settle();
      if (!server.reachable) throw new Error('offline');
      return (server.cookie ??= id);
    },
    erase: async () => {
      server.asked.push('erase');
      if (!server.reachable) throw new Error('offline');
      server.cookie = undefined;
    },
  };
  return server;
}

const idle = (server: Server, ...asked: readonly string[]): Promise<void> =>
  vi.waitFor(() => expect(server.asked).toEqual(asked));

describe.each(shelves)('a cookie that keeps the id of the device, %s', (_, makeShelf) => {
  it('is not set, and nothing is asked, before a yes; after it once a day', async () => {
    const device = createDevice();
    const shelf = makeShelf();
    const server = createServer();
    const page = await openPage(device, shelf, { deviceCookie: server });
    await page.record({ id: 'web:1', lines: [{ sku: 'house' }] });
    await settle();
    expect(server.asked).toEqual([]);
    await page.rights.consent('remember', 'granted');
    await vi.waitFor(() => expect(server.cookie).toBe(markerOf(device)?.device));
    await settle();
    await page.stop();
    for (const after of [1_000, DAY - 2_000]) {
      device.clock.advance(after);
      await (await openPage(device, shelf, { deviceCookie: server })).stop();
    }
    expect(server.asked).toEqual(['keep']);
    device.clock.advance(DAY);
    await openPage(device, shelf, { deviceCookie: server });
    await idle(server, 'keep', 'keep');
    await settle();
    expect(toldOf(device)).toEqual([]);
  });

  it('brings the id back after all else was lost, once the customer says yes, and tells of the eviction', async () => {
    const device = createDevice();
    const shelf = makeShelf();
    const server = createServer();
    const page = await openPage(device, shelf, { deviceCookie: server });
    await page.rights.consent('remember', 'granted');
    await vi.waitFor(() => expect(server.cookie).toBeDefined());
    await settle();
    await page.stop();
    const { device: id } = markerOf(device) ?? {};
    await shelf.wipe();
    device.localStorage.clear();

    const next = await openPage(device, shelf, { deviceCookie: server });
    await settle();
    expect([next.get().level, server.asked]).toEqual(['none', ['keep']]);
    await next.rights.consent('remember', 'granted');
    expect(markerOf(device)?.device).not.toBe(id);
    await vi.waitFor(() => expect(markerOf(device)?.device).toBe(id));
    expect((await shelf.row())?.id).toBe(id);
    expect(next.get().storage).toEqual({ kind: 'persistent', reason: 'evicted' });
    await isTold(device, 'storage-evicted');
    await next.rights.remember({ key: 'name.given', value: 'Ana' });
    const { records } = await next.rights.export();
    expect(records.at(-1)?.by).toBe(`device:${id}`);
    await next.stop();
    const after = await openPage(device, shelf, { deviceCookie: server });
    expect([markerOf(device)?.device, after.get().storage]).toEqual([id, { kind: 'persistent' }]);
    await isTold(device, 'storage-evicted');
  });

  it.each(['a no', 'forget', 'not you'])('goes with %s', async (how) => {
    const device = createDevice();
    const shelf = makeShelf();
    const server = createServer();
    const page = await openPage(device, shelf, { deviceCookie: server });
    await page.rights.consent('remember', 'granted');
    // while the first one is still on its way: it may not arrive last
    if (how === 'a no') await page.rights.consent('remember', 'denied');
    else if (how === 'forget') await page.rights.forget({ scope: 'device' });
    else await page.notMe();
    await idle(server, 'keep', 'erase');
    await settle();
    expect(server.cookie).toBeUndefined();
    expect(device.localStorage.size).toBe(0);
  });

  it('goes with the time that was agreed to', async () => {
    const device = createDevice();
    const shelf = makeShelf();
    const server = createServer();
    const page = await openPage(device, shelf, { deviceCookie: server });
    await page.rights.consent('remember', 'granted');
    await vi.waitFor(() => expect(server.cookie).toBeDefined());
    await settle();
    await page.stop();
    device.clock.advance(25 * 31 * DAY);
    await openPage(device, shelf, { deviceCookie: server });
    await vi.waitFor(() => expect(server.cookie).toBeUndefined());
  });

  it('a no that did not get through is made up for before the next yes', async () => {
    const device = createDevice();
    const shelf = makeShelf();
    const server = createServer();
    const page = await openPage(device, shelf, { deviceCookie: server });
    await page.rights.consent('remember', 'granted');
    await vi.waitFor(() => expect(server.cookie).toBeDefined());
    await settle();
    const before = server.cookie;
    server.reachable = false;
    await page.rights.consent('remember', 'denied');
    await settle();
    expect(server.cookie).toBe(before);
    expect(device.errors.map(String)).toContain('Error: offline');
    server.reachable = true;
    await page.rights.consent('remember', 'granted');
    await settle();
    await vi.waitFor(() => expect(server.cookie).toBe(markerOf(device)?.device));
    expect(server.cookie).not.toBe(before);
  });

  it('a server that cannot be reached, or answers something else, keeps nobody waiting', async () => {
    for (const answer of ['x', '', 42, null, { id: 1 }, 'F'.repeat(32), 'f'.repeat(10_000)]) {
      const device = createDevice();
      const shelf = makeShelf();
      const deviceCookie = {
        keep: async () => answer as string,
        erase: () => Promise.reject(new Error('no')),
      };
      const page = await openPage(device, shelf, { deviceCookie });
      expect(await page.rights.consent('remember', 'granted')).toEqual({ kind: 'kept' });
      await vi.waitFor(() => expect(device.errors.length).toBeGreaterThan(0));
      expect(markerOf(device)?.device).toBe((await shelf.row())?.id);
      await page.rights.consent('remember', 'denied');
      expect(page.get().level).toBe('none');
      await page.stop();
    }
  });

  it('is not used by a kiosk or a till', async () => {
    for (const mode of ['kiosk', 'staff'] as const) {
      const device = createDevice();
      const server = createServer();
      const page = await openPage(device, makeShelf(), { mode, deviceCookie: server });
      await page.rights.consent('remember', 'granted');
      await settle();
      expect(server.asked).toEqual([]);
      await page.stop();
    }
  });
});

it('the guide shows the very files of the example', () => {
  const guide = readFileSync('docs/guides/lost-storage.md', 'utf8');
  const shown = [...guide.matchAll(/<!-- file: (\S+) -->\n\n```js\n([^]*?)```/g)];
  expect(shown.length).toBe(2);
  for (const [, file = '', code] of shown) expect(code).toBe(readFileSync(file, 'utf8'));
  const [, , recipe = ''] = shown[0] ?? [];
  expect(recipe.trim().split('\n').length).toBeLessThanOrEqual(26);
});
