import { afterEach, describe, expect, it, vi } from 'vitest';
import { indexedDbStorage } from '../../../src/adapters/storage/indexed-db.js';
import type { Regulars } from '../../../src/client/types.js';
import { RegularsError } from '../../../src/kernel/errors.js';
import type { ProfileStorage } from '../../../src/profile/port.js';
import { createDevice, rows, type Device } from '../../support/device.js';
import { openPage, settle, SHOP, shelves, stopPages, type Shelf } from '../../support/install.js';

const [, makeShelf] = shelves[1] ?? (() => expect.fail('no shelf'))();
const consent = { remember: 'granted' } as const;
afterEach(stopPages);

/** Ben, with an order that nobody has sent yet, and Ana, who is here. */
async function two(device: Device, shelf: Shelf): Promise<void> {
  const page = await openPage(device, shelf);
  for (const name of ['Ben', 'Ana']) {
    await page.notMe();
    await page.recognize({ account: name }, { verified: ['account'], name });
    await page.rights.consent('remember', 'granted');
    await page.record({ id: `web:${name}`, lines: [{ sku: 'house', name: `for ${name}` }] });
  }
  await page.stop();
}

/** A database that does not open, does not answer once it is open, or both, while `on` says so. */
function failing(on: {
  opening: boolean;
  running: boolean;
  readonly code?: RegularsError['code'];
}): ProfileStorage {
  const inner = indexedDbStorage();
  let memory = false;
  return {
    ...inner,
    name: 'failing',
    open: async (options) => {
      memory = on.opening;
      if (!memory) return inner.open(options);
      return {
        kind: 'memory',
        reason: 'timeout',
        error: new RegularsError('ERR_STORAGE_TIMEOUT', 'x'),
      };
    },
    close: async () => {
      if (!memory) await inner.close();
    },
    transact: (...call) =>
      on.running
        ? Promise.reject(new RegularsError(on.code ?? 'ERR_STORAGE_FAILED', 'gone'))
        : inner.transact(...call),
  };
}

const forget = (page: Regulars, how: string): Promise<unknown> =>
  how === 'a no'
    ? page.rights.consent('remember', 'denied')
    : page.rights.forget({ scope: 'device' });

/** Everything of Ana is gone, and everything of Ben is there. */
async function onlyBen(device: Device): Promise<void> {
  const text = await device.bytes();
  expect(text).not.toContain('Ana');
  expect(text).toContain('web:Ben');
}

describe.each(['forget', 'a no'])('%s while the storage cannot be asked', (how) => {
  it.each(['does not open', 'is lost on the way'])(
    'keeps what others have there, and is made up for when the storage is back: it %s',
    async (what) => {
      const device = createDevice();
      const shelf = makeShelf();
      await two(device, shelf);
      const on = { opening: what === 'does not open', running: false };
      const storage = failing(on);
      const page = await openPage(device, { ...shelf, storage: () => storage });
      if (what !== 'does not open') {
        expect(page.get().customer?.name).toBe('Ana');
        on.running = true;
      }
      await forget(page, how);
      expect(JSON.stringify(page.get())).not.toContain('Ana');
      expect(page.get().level).toBe('none');
      expect(await device.bytes()).toContain('web:Ben');
      Object.assign(on, { opening: false, running: false });
      await vi.waitFor(async () => {
        device.clock.advance(60_000);
        await onlyBen(device);
      });
      await settle();
      expect(device.localStorage.size).toBe(0);
      expect(page.get()).toMatchObject({ level: 'none', storage: { reason: 'no-consent' } });
    },
  );

  it('and the page is left: it is done before the next start shows anything', async () => {
    for (const next of ['ask', 'granted'] as const) {
      const device = createDevice();
      const shelf = makeShelf();
      await two(device, shelf);
      const on = { opening: true, running: false };
      const storage = failing(on);
      const page = await openPage(device, { ...shelf, storage: () => storage });
      await forget(page, how);
      await page.stop();
      expect(await device.bytes()).toContain('for Ana');
      const after = await openPage(device, shelf, { consent: { remember: next } });
      expect(JSON.stringify(after.get())).not.toContain('Ana');
      await onlyBen(device);
      if (next === 'ask') expect(device.localStorage.size).toBe(0);
      await after.stop();
    }
  });

  it('and a yes follows, on this page or the next: nothing of before comes back', async () => {
    for (const reload of [false, true]) {
      const device = createDevice();
      const shelf = makeShelf();
      await two(device, shelf);
      const on = { opening: true, running: false };
      const storage = failing(on);
      let page = await openPage(device, { ...shelf, storage: () => storage });
      await forget(page, how);
      if (reload) {
        await page.stop();
        page = await openPage(device, { ...shelf, storage: () => storage });
      }
      await page.rights.consent('remember', 'granted');
      expect(page.get().storage.kind).toBe('memory');
      on.opening = false;
      await vi.waitFor(async () => {
        device.clock.advance(60_000);
        expect(page.get().storage).toEqual({ kind: 'persistent' });
      });
      await page.record({ id: 'web:new', lines: [{ sku: 'house' }] });
      await onlyBen(device);
      expect(await device.bytes()).toContain('web:new');
      await page.stop();
    }
  });
});

it("without localStorage, with the host's yes, and a storage that did not open in time: healing brings nobody back", async () => {
  const device = createDevice();
  const shelf = makeShelf();
  const first = await openPage(device, shelf, { consent });
  await first.recognize({ account: 'Ana' }, { verified: ['account'], name: 'Ana' });
  await first.record({ id: 'web:Ana', lines: [{ sku: 'house' }] });
  await first.stop();
  Object.defineProperty(globalThis, 'localStorage', {
    configurable: true,
    get: () => {
      throw new DOMException('denied', 'SecurityError');
    },
  });
  const on = { opening: true, running: false };
  const storage = failing(on);
  const page = await openPage(device, { ...shelf, storage: () => storage }, { consent });
  await page.rights.forget({ scope: 'device' });
  on.opening = false;
  await vi.waitFor(async () => {
    device.clock.advance(60_000);
    expect(await device.bytes()).not.toContain('web:Ana');
  });
  await settle();
  expect(JSON.stringify(page.get())).not.toContain('Ana');
  Reflect.deleteProperty(globalThis, 'localStorage');
});

it("a start at which it cannot be done either shows nothing, with the host's yes as well; it is done as soon as it can be", async () => {
  const device = createDevice();
  const shelf = makeShelf();
  await two(device, shelf);
  const on = { opening: true, running: true };
  const storage = failing(on);
  const page = await openPage(device, { ...shelf, storage: () => storage });
  await forget(page, 'forget');
  await page.stop();
  on.opening = false;
  let refused = 0;
  // the erasure fails, what is asked after it would not
  const once: ProfileStorage = {
    ...storage,
    transact: (...call) => {
      on.running = refused++ === 0;
      return storage.transact(...call);
    },
  };
  const next = await openPage(device, { ...shelf, storage: () => once }, { consent });
  expect(refused).toBe(1);
  expect(JSON.stringify(next.get())).not.toContain('Ana');
  await vi.waitFor(async () => {
    device.clock.advance(60_000);
    await onlyBen(device);
    expect(next.get().storage).toEqual({ kind: 'persistent' });
  });
});

it("data of a newer release keeps what others have there; that release's page erases the one", async () => {
  const device = createDevice();
  const shelf = makeShelf();
  await two(device, shelf);
  const version = (v: number): Promise<void> =>
    rows(SHOP, 'meta', (value, key) => (key === 'log' ? { ...(value as object), v } : value));
  await version(99);
  const page = await openPage(device, shelf);
  await page.record({ id: 'web:x', lines: [{ sku: 'house' }] });
  await page.rights.forget({ scope: 'device' });
  expect(await device.bytes()).toContain('web:Ben');
  await page.stop();
  await version(1);
  const next = await openPage(device, shelf);
  expect(next.get().level).toBe('none');
  await onlyBen(device);
  expect(device.localStorage.size).toBe(0);
});

it('an erasure that a killed page began is completed before the next start shows anything', async () => {
  const device = createDevice();
  const shelf = makeShelf();
  await two(device, shelf);
  let killed = false;
  const inner = indexedDbStorage();
  const never = new Promise<never>(() => undefined);
  const storage: ProfileStorage = {
    ...inner,
    transact: (mode, ...rest) =>
      killed && mode === 'readwrite' ? never : inner.transact(mode, ...rest),
  };
  // not stopped: a page that was killed is not
  const page = device.page({ storage });
  await page.start();
  killed = true;
  void page.rights.forget({ scope: 'device' });
  await settle();
  expect(await device.bytes()).toContain('for Ana');
  const next = await openPage(device, shelf, { consent });
  expect(JSON.stringify(next.get())).not.toContain('Ana');
  await onlyBen(device);
  await inner.close();
});

describe('where several come', () => {
  it.each(['ERR_STORAGE_FAILED', 'ERR_STORAGE_QUOTA'] as const)(
    'somebody whose erasure fails (%s) is erased as soon as that can be done, on this page or the next; the others stay',
    async (code) => {
      for (const leaves of [false, true]) {
        const device = createDevice();
        const shelf = makeShelf();
        const on = { opening: false, running: false, code };
        const storage = failing(on);
        const shared = { mode: 'shared', consent } as const;
        const page = await openPage(device, { ...shelf, storage: () => storage }, shared);
        for (const name of ['Ben', 'Ana']) {
          await page.recognize({ account: name }, { verified: ['account'], name });
          await page.rights.consent('remember', 'granted');
          await page.record({ id: `web:${name}`, lines: [{ sku: 'house', name: `for ${name}` }] });
        }
        expect(page.get().people).toHaveLength(2);
        on.running = true;
        await forget(page, 'forget');
        expect(page.get().level).toBe('none');
        expect(JSON.stringify(page.get())).not.toContain('Ana');
        expect(await device.bytes()).toContain('for Ana');
        if (leaves) await page.stop();
        on.running = false;
        const next = leaves ? await openPage(device, shelf, shared) : page;
        await vi.waitFor(async () => {
          device.clock.advance(60_000);
          await onlyBen(device);
          expect(next.get()).toMatchObject({ level: 'none', storage: { kind: 'persistent' } });
          expect(next.get().people).toHaveLength(1);
        });
        expect([...device.localStorage.values()].join()).not.toContain('"erase"');
        await stopPages();
      }
    },
  );
});

describe('a device whose time is over', () => {
  it.each(['on this page', 'at the next start'])(
    'is wiped %s, where its storage cannot be opened at first',
    async (when) => {
      const device = createDevice();
      const shelf = makeShelf();
      await two(device, shelf);
      device.clock.advance(25 * 31 * 86_400_000);
      const on = { opening: true, running: false };
      const storage = failing(on);
      const page = await openPage(device, { ...shelf, storage: () => storage }, { consent });
      expect(page.get().level).toBe('none');
      expect(await device.bytes()).toContain('web:Ana');
      on.opening = false;
      if (when !== 'on this page') {
        await page.stop();
        await openPage(device, shelf);
      }
      await vi.waitFor(async () => {
        device.clock.advance(60_000);
        expect(await device.bytes()).not.toMatch(/web:|erase.":/);
      });
    },
  );
});
