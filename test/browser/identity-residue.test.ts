import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { indexedDbStorage } from '../../src/adapters/storage/indexed-db.js';
import { createRegulars } from '../../src/client/create-regulars.js';
import { sealedOutbox } from '../../src/client/sealed-outbox.js';
import type { Regulars, RegularsOptions } from '../../src/client/types.js';
import type { ProofVerifier } from '../../src/identity/port.js';
import { createSealKeys } from '../../src/sync/seal.js';
import { createFakeClock } from '../../src/testing/fake-clock.js';

const SECRETS = [
  'Shep',
  'shep@example.com',
  '5550100',
  '555-0100',
  '2900000000018',
  'u-shep',
  'kiosk:7',
  'ramen',
];
const WHO = { phone: '(425) 555-0100', loyalty: '2900000000018', email: 'shep@example.com' };

const trusting: ProofVerifier = {
  kind: 'token',
  verify: async (token, now) => ({
    ok: true,
    identifiers: [{ type: 'account', value: 'u-shep' }],
    name: 'Shep',
    id: token,
    expiresAt: now + 60_000,
  }),
};

let shop = '';
let count = 0;
let page: Regulars;

async function open(options: Partial<RegularsOptions>): Promise<Regulars> {
  page = createRegulars({
    shop,
    region: 'US',
    currency: 'USD',
    storage: indexedDbStorage(),
    ...options,
  });
  await page.start();
  return page;
}

/** Every row of every database, by the back door. */
async function databases(): Promise<string> {
  let text = '';
  for (const { name = '' } of await indexedDB.databases()) {
    text += name;
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error(name));
    });
    for (const store of database.objectStoreNames) {
      const all = database.transaction(store).objectStore(store);
      for (const request of [all.getAllKeys(), all.getAll()])
        text += JSON.stringify(
          await new Promise<unknown>((resolve) => {
            request.onsuccess = () => resolve(request.result);
          }),
        );
    }
    database.close();
  }
  return text;
}

/** Everything that a browser keeps of a page, and what the page shows. */
async function everything(): Promise<string> {
  let text =
    (await databases()) +
    JSON.stringify(Object.entries(localStorage)) +
    JSON.stringify(Object.entries(sessionStorage));
  text +=
    document.cookie +
    document.documentElement.outerHTML +
    location.href +
    JSON.stringify(history.state);
  for (const name of await caches.keys()) {
    text += name;
    for (const request of await (await caches.open(name)).keys()) text += request.url;
  }
  return text + JSON.stringify([page.get(), page.greeting(), page.usual()]);
}

async function expectNothing(): Promise<void> {
  const text = await everything();
  for (const secret of SECRETS) expect(text).not.toContain(secret);
}

beforeEach(() => {
  shop = `residue-${++count}-${Date.now()}`;
  document.body.innerHTML = '<p id="hello"></p><input id="field">';
});
afterEach(async () => {
  await page.stop();
  localStorage.removeItem('somebody-elses');
  await new Promise<void>((resolve) => {
    const request = indexedDB.deleteDatabase(`regulars:${shop}`);
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });
});

describe('after endVisit at a kiosk (V18)', () => {
  it.each(['claimed', 'verified'] as const)('nothing is left of somebody %s', async (level) => {
    const { publicKey } = await createSealKeys();
    await open({ mode: 'kiosk', sealTo: publicKey, proofs: [trusting] });
    page.on('visit-ended', () => (document.body.textContent = ''));
    await page.recognize(WHO);
    if (level === 'verified') await page.verify({ token: 'signed' });
    expect(page.get().level).toBe(level);
    await page.rights.remember({ key: 'name.given', value: 'Shep' });
    document.body.append(page.greeting().kind === 'none' ? '' : 'ramen');
    for (const id of ['kiosk:7', 'kiosk:77'])
      expect(await page.record({ id, lines: [{ sku: 'ramen' }] })).toEqual({ kind: 'kept' });
    await page.endVisit();
    await expectNothing();
    expect((await page.rights.audit()).bytes.customer).toBe(0);
    expect(await sealedOutbox({ shop, storage: indexedDbStorage() }).count()).toBeGreaterThan(1);
  });

  it('takes well below 100 ms', async () => {
    const { publicKey } = await createSealKeys();
    await open({ mode: 'kiosk', sealTo: publicKey, proofs: [trusting] });
    const times: number[] = [];
    for (let i = 0; i < 20; i++) {
      await page.recognize({ ...WHO, phone: `425555${1000 + i}` });
      await page.verify({ token: `signed-${i}` });
      await page.record({ id: `kiosk:${i}`, lines: [{ sku: 'ramen' }] });
      const began = performance.now();
      await page.endVisit();
      times.push(performance.now() - began);
    }
    times.sort((a, b) => a - b);
    console.info(`endVisit ms: median ${times[10]?.toFixed(2)}, worst ${times[19]?.toFixed(2)}`);
    // the figure is reported; a busy machine is no bug
    expect(times[10]).toBeLessThan(100);
  });

  it('a page that is left wipes itself before the browser can freeze it', async () => {
    await open({ mode: 'kiosk' });
    await page.recognize(WHO);
    await page.rights.remember({ key: 'name.given', value: 'Shep' });
    const ended: string[] = [];
    page.on('visit-ended', ({ visit }) => ended.push(visit));
    dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
    expect(ended).toHaveLength(1);
    expect(page.get()).toMatchObject({ visit: null, level: 'none', customer: null });
    expect((await page.rights.audit()).bytes.customer).toBe(0);
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    expect(page.get()).toMatchObject({ visit: null, level: 'none' });
    await expectNothing();
  });

  it.each([
    [
      'a touch',
      () => document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true })),
    ],
    [
      'a key',
      () => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '5', bubbles: true })),
    ],
    ['the wheel', () => document.body.dispatchEvent(new WheelEvent('wheel', { bubbles: true }))],
    [
      'a scanner that fills a field',
      () =>
        document.querySelector('#field')?.dispatchEvent(new InputEvent('input', { bubbles: true })),
    ],
  ])('%s cancels the warning (V19)', async (_name, act) => {
    const clock = createFakeClock();
    await open({ mode: 'kiosk', clock });
    await expect.poll(() => page.get().status).toBe('ready');
    page.keepAlive();
    clock.advance(45_000);
    expect(page.get().endsAt).not.toBeNull();
    act();
    expect(page.get().endsAt).toBeNull();
  });
});

describe('after forgetting on a device', () => {
  it('nothing is left in any store, and what others keep there is untouched and only counted', async () => {
    localStorage.setItem('somebody-elses', 'their own');
    await open({ consent: { remember: 'granted' } });
    await page.recognize(
      { account: 'u-shep', ...WHO },
      { verified: ['account', 'email', 'phone'], name: 'Shep' },
    );
    await page.record({ id: 'kiosk:7', lines: [{ sku: 'ramen' }] });
    expect(await databases()).toContain('Shep');
    const before = await page.rights.audit();
    expect(before.bytes.customer).toBeGreaterThan(0);
    expect(before.foreign.localStorage).toBeGreaterThan(0);
    expect(JSON.stringify(before)).not.toContain('somebody-elses');
    await page.rights.forget({ scope: 'device' });
    await expectNothing();
    expect(localStorage.getItem('somebody-elses')).toBe('their own');
    const { entries } = await page.rights.audit();
    expect(entries.filter((entry) => entry.of === 'customer' && entry.place !== 'page')).toEqual(
      [],
    );
  });
});
