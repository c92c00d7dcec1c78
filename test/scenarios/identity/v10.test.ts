import { beforeEach, describe, expect, it } from 'vitest';
import type { CustomerView } from '../../../src/identity/port.js';
import type { Recognition, Regulars, RegularsOptions } from '../../../src/client/types.js';
import { createDevice, type Device } from '../../support/device.js';
import { lookUpBackend, timed } from '../../support/kiosk.js';

const SHEP = '(425) 555-0100';
const SHEP_NORMAL = '+14255550100';
const VIEW: CustomerView = {
  name: 'Shep',
  paidVisits: 5,
  usual: [
    { sku: 'latte', name: 'Latte', quantity: 1, modifiers: [{ name: 'oat', quantity: 1 }] },
    { sku: 'wine', name: 'Glass of wine', quantity: 1, modifiers: [] },
  ],
};
const CATALOG = [
  { sku: 'latte', name: 'Latte' },
  { sku: 'wine', name: 'Glass of wine', sensitive: true },
];

let device: Device;
beforeEach(() => {
  device = createDevice();
  Object.assign(globalThis, { sessionStorage: fakeStorage() });
});

function fakeStorage(): Pick<Storage, 'getItem' | 'removeItem' | 'setItem'> {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

async function kioskWith(options: Partial<RegularsOptions> = {}): Promise<Regulars> {
  const kiosk = device.page({ mode: 'kiosk', catalog: CATALOG, ...options });
  await kiosk.start();
  return kiosk;
}

const textOf = (kiosk: Regulars): string => {
  const greeting = kiosk.greeting();
  return greeting.kind === 'none' ? '' : greeting.text;
};

describe('V10 typed phone at a kiosk', () => {
  it('greets by first name whoever allowed it, names the usual without what is sensitive, and refuses the rest', async () => {
    const { backend, asked } = lookUpBackend({ [SHEP_NORMAL]: VIEW });
    const kiosk = await kioskWith({ backend });
    const heard: unknown[] = [];
    kiosk.on('customer-recognized', (detail) => heard.push(detail));
    const { value } = await timed(device.clock, kiosk.recognize({ phone: SHEP }));
    expect(value).toEqual({ kind: 'found', level: 'claimed', blocked: [], held: [] });
    expect(asked).toEqual([[{ type: 'phone', value: SHEP_NORMAL }]]);
    expect(heard).toEqual([{ level: 'claimed' }]);
    expect(textOf(kiosk)).toContain('Shep');
    expect(kiosk.get()).toMatchObject({
      level: 'claimed',
      customer: { name: 'Shep', paidVisits: 5 },
    });
    const usual = kiosk.usual();
    expect(usual.kind !== 'none' && usual.lines.map(({ sku }) => sku)).toEqual(['latte']);
    expect(usual.kind !== 'none' && kiosk.why(usual.ref)?.text).toMatch(/\w/);
    expect(JSON.stringify(kiosk.get())).not.toMatch(/wine/i);
    expect(kiosk.reveal('name')).toEqual({ ok: true, value: 'Shep' });
    for (const field of [
      'address',
      'orders',
      'contact',
      'birthday',
      'payment',
      'sensitive',
    ] as const)
      expect(kiosk.reveal(field)).toEqual({ ok: false, need: 'verified' });
    expect(await kiosk.reorder('web:1')).toMatchObject({ ready: false, lines: [] });
    const again = await kiosk.reorder(usual.kind === 'none' ? '' : usual.ref);
    expect(again).toMatchObject({ ready: true, lines: [{ sku: 'latte' }] });
  });

  it('greets with the usual after the visitor has bought something, too', async () => {
    const { backend } = lookUpBackend({ [SHEP_NORMAL]: VIEW });
    const kiosk = await kioskWith({ backend });
    await timed(device.clock, kiosk.recognize({ phone: SHEP }));
    await kiosk.record({ id: 'k:1', lines: [{ sku: 'tea', name: 'Tea' }] });
    expect(textOf(kiosk)).toContain('Shep');
    expect(kiosk.usual()).toMatchObject({ kind: 'usual', lines: [{ sku: 'latte' }] });
  });

  it('is the same to the byte, and takes the same time, for known, unknown, hidden, broken and unreachable', async () => {
    const slow = (value: string): Promise<void> =>
      new Promise((resolve) => {
        if (value.endsWith('3')) return; // never answers
        device.clock.after(value.endsWith('1') ? 700 : 5, resolve);
      });
    const broken = { name: 7, usual: 'latte' } as unknown as CustomerView;
    const seen = new Set<string>();
    const times = new Set<number>();
    for (const [i, view] of [
      undefined,
      undefined,
      () => Promise.reject(new Error('down')),
      null,
    ].entries()) {
      const views = view ? { [`+1425555011${i}`]: view } : {};
      const kiosk = await kioskWith({ backend: lookUpBackend(views, slow).backend, proofs: [] });
      const { value, ms } = await timed(
        device.clock,
        kiosk.recognize({ phone: `425 555 011${i}` }),
      );
      const { visit: _, ...snapshot } = kiosk.get();
      seen.add(JSON.stringify([value, snapshot]));
      times.add(Math.round(ms / 100));
      await kiosk.stop();
    }
    expect([...seen]).toHaveLength(1);
    expect([...seen][0]).toContain('{"kind":"unproven","prove":["code","qr"]}');
    expect(times.size).toBe(1);
    // a view of a wrong shape says nothing it should not
    const odd = await kioskWith({ backend: lookUpBackend({ [SHEP_NORMAL]: broken }).backend });
    const { value } = await timed(device.clock, odd.recognize({ phone: SHEP }));
    expect(value).toMatchObject({ kind: 'found' });
    expect(odd.get().customer).not.toHaveProperty('name');
  });

  it('never takes longer than 2 s', async () => {
    const { backend } = lookUpBackend({}, () => new Promise(() => undefined));
    const kiosk = await kioskWith({ backend });
    const { ms } = await timed(device.clock, kiosk.recognize({ phone: SHEP }));
    expect(ms).toBeLessThanOrEqual(2_000);
  });

  it('slows down after eight, known and unknown alike, and a reload does not help', async () => {
    const { backend } = lookUpBackend({ [SHEP_NORMAL]: VIEW });
    const kiosk = await kioskWith({ backend, idle: { warnAfterMs: 3_600_000 } });
    for (let i = 0; i < 8; i++)
      await timed(device.clock, kiosk.recognize({ phone: `425 555 012${i}` }));
    const limited = await kiosk.recognize({ phone: SHEP });
    expect(limited).toMatchObject({ kind: 'limited' });
    expect(await kiosk.recognize({ phone: '425 555 0199' })).toEqual(limited);
    await kiosk.stop();
    const reloaded = await kioskWith({ backend });
    expect(await reloaded.recognize({ phone: SHEP })).toMatchObject({ kind: 'limited' });
    device.clock.advance(61_000);
    expect((await timed(device.clock, reloaded.recognize({ phone: SHEP }))).value).toMatchObject({
      kind: 'found',
    });
  });

  it('counts the same number typed again once', async () => {
    const { backend } = lookUpBackend({});
    const kiosk = await kioskWith({ backend });
    const answers: Recognition[] = [];
    for (let i = 0; i < 12; i++)
      answers.push((await timed(device.clock, kiosk.recognize({ phone: SHEP }))).value);
    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['unproven']));
  });

  it('takes no word of the page for a proof', async () => {
    const { backend } = lookUpBackend({});
    const kiosk = await kioskWith({ backend });
    const { value } = await timed(
      device.clock,
      kiosk.recognize({ account: 'shep' }, { verified: ['account'], name: 'Shep' }),
    );
    expect(value.kind).toBe('unproven');
    expect(kiosk.get()).toMatchObject({ level: 'claimed', customer: null });
    expect(JSON.stringify(kiosk.get())).not.toContain('Shep');
  });

  it('asks nobody where the host wants a proof for name and taste', async () => {
    const { backend, asked } = lookUpBackend({ [SHEP_NORMAL]: VIEW });
    const kiosk = await kioskWith({ backend, reveal: { name: 'verified', taste: 'verified' } });
    const { value } = await timed(device.clock, kiosk.recognize({ phone: SHEP }));
    expect(value.kind).toBe('unproven');
    expect(asked).toEqual([]);
  });

  it('ends while a look-up is pending, at once, and what comes then changes nothing', async () => {
    let answer = (): void => undefined;
    const { backend } = lookUpBackend(
      { [SHEP_NORMAL]: VIEW },
      () => new Promise((resolve) => (answer = resolve)),
    );
    const kiosk = await kioskWith({ backend });
    const pending = kiosk.recognize({ phone: SHEP });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await kiosk.endVisit();
    expect(kiosk.get()).toMatchObject({ level: 'none', visit: null, customer: null });
    answer();
    expect((await timed(device.clock, pending)).value).toEqual({
      kind: 'unproven',
      prove: ['code', 'qr'],
    });
    expect(kiosk.get()).toMatchObject({ level: 'none', customer: null });
    expect(textOf(kiosk)).not.toContain('Shep');
  });

  it('lets go of the first when a second number is typed', async () => {
    const { backend } = lookUpBackend({ [SHEP_NORMAL]: VIEW });
    const kiosk = await kioskWith({ backend });
    await timed(device.clock, kiosk.recognize({ phone: SHEP }));
    const before = kiosk.get();
    const { ref } = kiosk.usual() as { ref: string };
    await timed(device.clock, kiosk.recognize({ phone: '425 555 0177' }));
    expect(kiosk.get().visit).not.toBe(before.visit);
    expect(kiosk.get().customer).toBeNull();
    expect(JSON.stringify([kiosk.get(), await kiosk.rights.known()])).not.toMatch(/Shep|latte/i);
    expect(kiosk.why(ref)).toBeUndefined();
  });

  it('writes numbers nowhere: not in storage, errors, notices or events', async () => {
    const hostile = ['425 555 0100', '+14255550100', '9'.repeat(10_000), '\ud800425', 4255550100];
    const heard: unknown[] = [];
    const { backend } = lookUpBackend({
      [SHEP_NORMAL]: () => Promise.reject(new Error('GET /look-up?phone=+14255550100')),
    });
    const kiosk = await kioskWith({ backend });
    for (const event of [
      'customer-recognized',
      'visit-ending',
      'visit-ended',
      'storage-changed',
    ] as const)
      kiosk.on(event, (detail) => heard.push(detail));
    for (const phone of hostile) await timed(device.clock, kiosk.recognize({ phone }));
    const said = JSON.stringify([
      kiosk.get(),
      heard,
      device.notices,
      device.errors.map((error) => [String(error), (error as Error).stack, (error as Error).cause]),
    ]);
    expect(device.errors.length).toBeGreaterThan(0);
    expect(said).not.toMatch(/555.?0100|99999/);
    expect(await device.bytes()).toBe('[]');
  });

  it('on a personal device asks no backend: a number this device does not know is new', async () => {
    const { backend, asked } = lookUpBackend({ [SHEP_NORMAL]: VIEW });
    const page = device.page({ backend });
    await page.start();
    expect(await page.recognize({ phone: SHEP })).toMatchObject({ kind: 'new', level: 'claimed' });
    expect(asked).toEqual([]);
    expect(page.get().customer).not.toHaveProperty('name');
  });
});
