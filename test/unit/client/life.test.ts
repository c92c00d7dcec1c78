import { afterEach, describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../src/adapters/storage/memory.js';
import { indexedDbStorage } from '../../../src/adapters/storage/indexed-db.js';
import { createRegulars } from '../../../src/client/create-regulars.js';
import type { Snapshot } from '../../../src/client/types.js';
import { createDevice } from '../../support/device.js';

const ORDER = { id: 'web:1', lines: [{ sku: 'house', name: 'House Blend' }] };
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('creating and starting', () => {
  it('creating touches nothing', async () => {
    const device = createDevice();
    let touched = 0;
    Object.assign(globalThis, {
      localStorage: new Proxy({}, { get: () => touched++ }),
      indexedDB: new Proxy({}, { get: () => touched++ }),
    });
    const page = device.page();
    page.listen(() => undefined);
    page.greeting();
    page.recommend();
    expect(touched).toBe(0);
  });

  it('starting twice is once; stopping may be followed by starting', async () => {
    const device = createDevice();
    const page = device.page({ consent: { remember: 'granted' } });
    expect(page.start()).toBe(page.start());
    await page.start();
    await page.record(ORDER);
    await page.stop();
    expect(page.get().status).toBe('stopped');
    expect(await page.record(ORDER)).toEqual({ kind: 'refused', reason: 'stopped' });
    await page.start();
    expect(page.get()).toMatchObject({ status: 'ready', level: 'device' });
    expect(page.greeting()).toMatchObject({ kind: 'returning' });
  });

  it('stopped, it shows, tells and forgets nobody, and says so; started again, it knows them', async () => {
    const device = createDevice();
    const page = device.page({ consent: { remember: 'granted' } });
    await page.start();
    await page.recognize({ account: 'a' }, { verified: ['account'], name: 'Shep' });
    await page.record(ORDER);
    await page.stop();
    expect(page.get()).toMatchObject({ status: 'stopped', level: 'none', customer: null });
    const told = [page.get(), page.reveal('orders'), await page.rights.known()];
    expect(JSON.stringify(told)).not.toMatch(/Shep|House|web:1/);
    await expect(page.rights.export()).rejects.toMatchObject({ code: 'ERR_PROOF_NEEDED' });
    for (const scope of ['device', 'everywhere'] as const)
      expect(await page.rights.forget({ scope })).toEqual({ kind: 'refused', reason: 'stopped' });
    await page.start();
    expect(page.get()).toMatchObject({ level: 'device', customer: { name: 'Shep' } });
    await page.stop();
  });

  it('before start nothing is known and nothing throws', async () => {
    const device = createDevice();
    const page = device.page();
    expect(await page.recognize({ account: 'a' })).toEqual({
      kind: 'unavailable',
      reason: 'not-started',
    });
    expect(page.greeting()).toMatchObject({ kind: 'neutral' });
    expect(page.usual()).toMatchObject({ kind: 'none' });
    expect(page.recommend()).toEqual({ kind: 'none', reason: 'not-configured' });
    await page.endVisit();
    await page.notMe();
  });

  it('several clients side by side share nothing', async () => {
    const device = createDevice();
    const a = device.page({ shop: 'a', consent: { remember: 'granted' } });
    const b = device.page({ shop: 'b', consent: { remember: 'granted' } });
    await Promise.all([a.start(), b.start()]);
    await a.record(ORDER);
    await a.recognize({ account: 'x' }, { verified: ['account'], name: 'Ana' });
    expect(JSON.stringify(b.get())).not.toContain('Ana');
    expect(b.reveal('taste')).toMatchObject({ ok: false });
    expect([...(await device.databases())].sort()).toEqual(['regulars:a', 'regulars:b']);
  });

  it('wrong options throw at creation, all problems in one error', () => {
    const wrong = { shop: '', mode: 'shop', currency: 'eur', timeZone: 'Mars/Base' };
    expect(() => createRegulars(wrong as never)).toThrow(
      expect.objectContaining({
        code: 'ERR_OPTIONS_INVALID',
        message: expect.stringMatching(/shop .*mode .*currency .*timeZone /s),
      }),
    );
    for (const odd of [undefined, null, 7, { shop: 'ok', storage: null }])
      expect(() => createRegulars(odd as never)).toThrow(/ERR_OPTIONS|createRegulars/);
  });
});

describe('on a server', () => {
  const browser = { indexedDB: globalThis.indexedDB, document: globalThis.document };
  afterEach(() => void Object.assign(globalThis, browser));

  it('a client without storage, or with the browser one, is inert', async () => {
    Object.assign(globalThis, { indexedDB: undefined, document: undefined });
    for (const storage of [undefined, indexedDbStorage()]) {
      const client = createRegulars({ shop: 'blue-door', ...(storage && { storage }) });
      await client.start();
      expect(
        await client.recognize({ account: 'a' }, { verified: ['account'], name: 'Ana' }),
      ).toEqual({
        kind: 'unavailable',
        reason: 'server',
      });
      expect(await client.record(ORDER)).toEqual({ kind: 'refused', reason: 'server' });
      expect(client.get()).toBe(client.getServer());
      expect(client.greeting()).toMatchObject({ kind: 'neutral' });
    }
  });

  it('memory given on purpose makes it live', async () => {
    Object.assign(globalThis, { indexedDB: undefined, document: undefined });
    const client = createRegulars({ shop: 'blue-door', storage: memoryStorage() });
    await client.start();
    expect(
      await client.recognize({ account: 'a' }, { verified: ['account'], name: 'Ana' }),
    ).toMatchObject({ kind: 'new' });
    expect(client.get().customer?.name).toBe('Ana');
    expect(JSON.stringify(client.getServer())).not.toContain('Ana');
  });
});

describe('the snapshot', () => {
  it('is frozen, keeps its reference while nothing changes, and its parts while they are equal', async () => {
    const device = createDevice();
    const page = device.page({ consent: { remember: 'granted' } });
    await page.start();
    const before = page.get();
    expect(Object.isFrozen(before)).toBe(true);
    expect(Object.isFrozen(before.consent)).toBe(true);
    page.setContext({ currency: 'EUR' });
    expect(page.get()).toBe(before);
    await page.recognize({ account: 'a' }, { verified: ['account'] });
    expect(page.get()).not.toBe(before);
    expect(page.get().consent).toBe(before.consent);
    expect(page.get().storage).toBe(before.storage);
  });

  it('changes of one task come as one notice; a throwing listener harms no other', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    await settle();
    const heard: Snapshot[] = [];
    page.listen(() => {
      throw new Error('mine');
    });
    const stop = page.listen((snapshot) => heard.push(snapshot));
    await page.recognize({ account: 'a' }, { verified: ['account'], name: 'Ana' });
    await settle();
    expect(heard.length).toBeGreaterThan(0);
    expect(heard.at(-1)?.customer?.name).toBe('Ana');
    expect(device.errors.some((error) => (error as Error).message === 'mine')).toBe(true);
    stop();
    stop();
    const count = heard.length;
    await page.signOut();
    await settle();
    expect(heard).toHaveLength(count);
  });

  it('subscribe calls at once, listen does not; select tells only of its part', async () => {
    const device = createDevice();
    const page = device.page();
    const levels: string[] = [];
    const seen: unknown[] = [];
    page.subscribe((snapshot) => seen.push(snapshot));
    expect(seen).toHaveLength(1);
    const level = page.select(({ level: is }) => is);
    level.listen((value) => levels.push(value));
    await page.start();
    await settle();
    expect(levels).toEqual([]);
    await page.recognize({ account: 'a' }, { verified: ['account'] });
    await settle();
    expect(levels).toEqual(['verified']);
    expect(level.getServer()).toBe('none');
    const made = page.select((snapshot) => ({ is: snapshot.level }));
    expect(made.get()).toBe(made.get());
  });
});

describe('a kiosk', () => {
  it('answers every number alike, keeps nothing, and its wipe leaves nothing (G19, V18)', async () => {
    const device = createDevice();
    const kiosk = device.page({ mode: 'kiosk', consent: { remember: 'granted' } });
    await kiosk.start();
    const answer = await kiosk.recognize({ phone: '(425) 555-0100' });
    expect(answer).toEqual({ kind: 'unproven', prove: [] });
    expect(JSON.stringify(await kiosk.recognize({ phone: '(425) 555-0199' }))).toBe(
      JSON.stringify(answer),
    );
    expect(await kiosk.recognize({ account: 'a' }, { verified: ['account'] })).toEqual(answer);
    expect(await kiosk.record(ORDER)).toEqual({ kind: 'held', reason: 'kiosk' });
    expect(kiosk.greeting()).toMatchObject({ kind: 'neutral' });
    expect(kiosk.get()).toMatchObject({ customer: null });
    await kiosk.endVisit();
    expect(kiosk.get()).toMatchObject({ level: 'none', visit: null });
    expect(await device.bytes()).toBe('[]');
    expect(await device.databases()).toEqual([]);
    await expect(kiosk.rights.export()).rejects.toMatchObject({ name: 'RegularsError' });
  });

  it('warns after 45 s, ends 15 s later, once (V19)', async () => {
    const device = createDevice();
    const kiosk = device.page({ mode: 'kiosk' });
    await kiosk.start();
    const heard: string[] = [];
    for (const event of ['idle-warning', 'idle-cancelled', 'visit-ending', 'visit-ended'] as const)
      kiosk.on(event, () => heard.push(event));
    kiosk.keepAlive();
    device.clock.advance(45_000);
    expect(heard).toEqual(['idle-warning']);
    await settle();
    expect(kiosk.get().endsAt).toBe(device.clock.now() + 15_000);
    device.clock.advance(10_000);
    kiosk.keepAlive();
    expect(heard).toEqual(['idle-warning', 'idle-cancelled']);
    device.clock.advance(60_000);
    await settle();
    await settle();
    expect(heard).toEqual([
      'idle-warning',
      'idle-cancelled',
      'idle-warning',
      'visit-ending',
      'visit-ended',
    ]);
    device.clock.advance(600_000);
    expect(heard).toHaveLength(5);
  });

  it('a keepAlive every 20 s never warns, nor does a payment that is held', async () => {
    const device = createDevice();
    const kiosk = device.page({ mode: 'kiosk' });
    await kiosk.start();
    let warned = 0;
    kiosk.on('idle-warning', () => warned++);
    for (let i = 0; i < 30; i++) {
      kiosk.keepAlive();
      device.clock.advance(20_000);
    }
    let pay: () => void = () => undefined;
    kiosk.hold(new Promise<void>((resolve) => (pay = resolve)));
    device.clock.advance(600_000);
    expect(warned).toBe(0);
    pay();
    await settle();
    device.clock.advance(45_000);
    expect(warned).toBe(1);
  });

  it('waits for the host to clean up, at most 2 s', async () => {
    const device = createDevice();
    const kiosk = device.page({ mode: 'kiosk' });
    await kiosk.start();
    kiosk.keepAlive();
    let ended = false;
    kiosk.on('visit-ending', ({ waitUntil }) => waitUntil(new Promise(() => undefined)));
    kiosk.on('visit-ended', () => (ended = true));
    const ending = kiosk.endVisit();
    await settle();
    expect(ended).toBe(false);
    device.clock.advance(2_000);
    await ending;
    expect(ended).toBe(true);
  });

  it('an answer that comes after the wipe belongs to the visit it came from (V17)', async () => {
    const device = createDevice();
    const kiosk = device.page({ mode: 'kiosk' });
    await kiosk.start();
    kiosk.keepAlive();
    const visit = kiosk.get().visit ?? '';
    await kiosk.endVisit();
    kiosk.keepAlive();
    expect(kiosk.get().visit).not.toBe(visit);
    expect(await kiosk.record(ORDER, { visit })).toMatchObject({ kind: 'held' });
    expect(kiosk.get().ready.card).toBe(false);
    expect(await kiosk.record(ORDER, { visit: 'made-up' })).toEqual({
      kind: 'refused',
      reason: 'visit-unknown',
    });
  });
});
