import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { indexedDbStorage } from '../../src/adapters/storage/indexed-db.js';
import { createRegulars } from '../../src/client/create-regulars.js';
import type { Notice, Regulars } from '../../src/client/types.js';
import { closeRaw, deleteRaw, openRaw } from '../support/raw-database.js';

let shop = '';
let count = 0;
let notices: Notice['code'][] = [];
const pages = new Set<Regulars>();
const key = (): string => `regulars:${shop}`;

beforeEach(() => {
  shop = `lost-${++count}-${Date.now()}`;
  notices = [];
});
afterEach(async () => {
  await Promise.all([...pages].map((page) => page.stop()));
  pages.clear();
  closeRaw();
  await deleteRaw(key());
  localStorage.removeItem(key());
});

async function open(): Promise<Regulars> {
  const page = createRegulars({
    shop,
    storage: indexedDbStorage(),
    onNotice: ({ code }) => notices.push(code),
  });
  pages.add(page);
  await page.start();
  return page;
}

const marker = (): { device?: string; at?: number } =>
  JSON.parse(localStorage.getItem(key()) ?? '{}') as { device?: string; at?: number };

/** The row of the device, read by the back door. */
async function row(): Promise<{ id: string; at: number } | undefined> {
  const db = await openRaw(key(), undefined, (one) => one.close());
  const request = db.transaction('meta').objectStore('meta').get('device');
  const found = await new Promise<{ id: string; at: number } | undefined>((resolve) => {
    request.addEventListener('success', () =>
      resolve(request.result as { id: string; at: number } | undefined),
    );
  });
  db.close();
  return found;
}

/** A returning customer; gives the id of the device. */
async function regular(): Promise<string> {
  const page = await open();
  await page.rights.consent('remember', 'granted');
  await page.rights.remember({ key: 'name.given', value: 'Ana' });
  await page.stop();
  return marker().device ?? '';
}

describe('V02 self-healing copies', () => {
  it('the database is wiped: the same id returns, and the database is repaired before the next reload', async () => {
    const id = await regular();
    expect(await deleteRaw(key())).toBe('deleted');
    const page = await open();
    expect((await row())?.id).toBe(id);
    expect(page.get()).toMatchObject({ level: 'device', storage: { reason: 'evicted' } });
    await vi.waitFor(() => expect(notices).toEqual(['storage-evicted']));
    await page.stop();
    const next = await open();
    expect(marker().device).toBe(id);
    expect(next.get().storage).not.toHaveProperty('reason');
    expect(notices).toEqual(['storage-evicted']);
  });

  it('the marker is wiped: nothing is opened and the level is none; a new yes takes the id up again', async () => {
    const id = await regular();
    localStorage.removeItem(key());
    const opened = vi.spyOn(indexedDB, 'open');
    const page = await open();
    expect(page.get().level).toBe('none');
    expect(opened).not.toHaveBeenCalled();
    opened.mockRestore();
    await page.rights.consent('remember', 'granted');
    expect(marker().device).toBe(id);
    expect(page.get().customer?.name).toBe('Ana');
  });
});

it('V03 two ids: the later one stands, told once, and it never flips back', async () => {
  const id = await regular();
  const other = 'f'.repeat(32);
  const { at = 0 } = (await row()) ?? {};
  for (const [written, stands] of [
    [at - 1, id],
    [at + 60_000, other],
  ] as const) {
    notices = [];
    localStorage.setItem(key(), JSON.stringify({ ...marker(), device: other, at: written }));
    for (let reload = 0; reload < 3; reload++) {
      const page = await open();
      expect([marker().device, (await row())?.id]).toEqual([stands, stands]);
      await page.stop();
    }
    await vi.waitFor(() => expect(notices).toEqual(['storage-disagreed']));
  }
});
