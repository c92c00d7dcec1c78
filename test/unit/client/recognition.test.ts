import { describe, expect, it, vi } from 'vitest';
import { createDevice } from '../../support/device.js';

const ORDER = {
  id: 'web:1',
  lines: [{ sku: 'house', name: 'House Blend', quantity: 2, unitPrice: 900 }],
};

describe('this device', () => {
  it('is level none at the first start and device at the second, with one device id (V01)', async () => {
    const device = createDevice();
    const granted = { consent: { remember: 'granted' as const } };
    const first = device.page(granted);
    await first.start();
    expect(first.get().level).toBe('none');
    const marker = device.localStorage.get('regulars:blue-door');
    await first.stop();
    const second = device.page(granted);
    await second.start();
    expect(second.get().level).toBe('device');
    expect(JSON.parse(device.localStorage.get('regulars:blue-door') ?? '').device).toBe(
      JSON.parse(marker ?? '').device,
    );
    expect(device.errors).toEqual([]);
  });

  it('greets with "back" after a yes and a reload, and stores nothing without one (G01, P1)', async () => {
    const device = createDevice();
    const first = device.page();
    await first.start();
    expect(first.greeting()).toMatchObject({ kind: 'neutral' });
    expect(await first.record(ORDER)).toEqual({ kind: 'held', reason: 'no-consent' });
    expect(await device.databases()).toEqual([]);
    expect(device.localStorage.size).toBe(0);
    expect(await first.rights.consent('remember', 'granted')).toEqual({ kind: 'kept' });
    await first.stop();

    const second = device.page();
    await second.start();
    expect(second.get().level).toBe('device');
    const greeting = second.greeting();
    expect(greeting.kind).toBe('returning');
    expect(greeting.kind === 'returning' && greeting.text).toMatch(/back/i);
    expect(device.errors).toEqual([]);
  });

  it('a reload without a yes is neutral and knows nothing', async () => {
    const device = createDevice();
    const first = device.page();
    await first.start();
    await first.record(ORDER);
    await first.stop();
    const second = device.page();
    await second.start();
    expect(second.get()).toMatchObject({ level: 'none', customer: null });
    expect(second.greeting()).toMatchObject({ kind: 'neutral' });
    expect(await device.bytes()).toBe('[]');
  });

  it('keeps the original time of what waited in memory for the yes', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    await page.record(ORDER);
    const at = device.clock.now();
    device.clock.advance(60_000);
    await page.rights.consent('remember', 'granted');
    const { records } = await page.rights.export();
    expect(records.find(({ kind }) => kind === 'purchase')?.data).toMatchObject({ at });
  });
});

describe('an account that the host vouches for', () => {
  it('is new, then found, and everything of it may be seen', async () => {
    const device = createDevice();
    const page = device.page({ consent: { remember: 'granted' } });
    await page.start();
    const options = { verified: ['account'], name: 'Maya' };
    expect(await page.recognize({ account: 'u_42' }, options)).toMatchObject({
      kind: 'new',
      level: 'verified',
    });
    await page.record(ORDER);
    await page.stop();

    const again = device.page({ consent: { remember: 'granted' } });
    await again.start();
    expect(await again.recognize({ account: 'u_42' }, options)).toMatchObject({
      kind: 'found',
      level: 'verified',
    });
    expect(again.reveal('orders')).toMatchObject({ ok: true, value: [{ id: 'web:1' }] });
    expect(again.get().customer).toMatchObject({ name: 'Maya' });
    const greeting = again.greeting();
    expect(greeting.kind !== 'none' && greeting.text).toMatch(/Maya/);
  });

  it('takes the anonymous history of this device along', async () => {
    const device = createDevice();
    const page = device.page({ consent: { remember: 'granted' } });
    await page.start();
    await page.record(ORDER);
    await page.recognize({ account: 'u_42' }, { verified: ['account'] });
    expect(page.reveal('orders')).toMatchObject({ ok: true, value: [{ id: 'web:1' }] });
  });

  it('never mixes two accounts of one device (V12, V15)', async () => {
    const device = createDevice();
    const page = device.page({ consent: { remember: 'granted' } });
    await page.start();
    await page.recognize({ account: 'shep' }, { verified: ['account'], name: 'Shep' });
    await page.record(ORDER);
    await page.recognize({ account: 'maria' }, { verified: ['account'], name: 'Maria' });
    expect(page.get().customer?.name).toBe('Maria');
    expect(page.reveal('orders')).toEqual({ ok: true, value: [] });
    expect(page.usual()).toMatchObject({ kind: 'none' });
    await page.recognize({ account: 'shep' }, { verified: ['account'] });
    expect(page.get().customer?.name).toBe('Shep');
    expect(page.reveal('orders')).toMatchObject({ value: [{ id: 'web:1' }] });
  });

  it('holds until the time the host gave, then falls back without a reload (V11)', async () => {
    const device = createDevice();
    const page = device.page({ consent: { remember: 'granted' } });
    await page.start();
    await page.recognize(
      { account: 'u_42' },
      { verified: ['account'], until: device.clock.now() + 60_000 },
    );
    expect(page.get().level).toBe('verified');
    device.clock.advance(60_001);
    await Promise.resolve();
    expect(page.get().level).toBe('device');
    expect(page.reveal('orders')).toEqual({ ok: false, need: 'claimed' });
  });

  it('a number is taken as text and told of once a call (V09)', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    await page.recognize({ account: 42 }, { verified: ['account'] });
    expect(await page.recognize({ account: '42' }, { verified: ['account'] })).toMatchObject({
      kind: 'found',
    });
    await vi.waitFor(() =>
      expect(device.notices.filter(({ code }) => code === 'identifier-converted')).toHaveLength(1),
    );
  });

  it('repeating it appends nothing (V13)', async () => {
    const device = createDevice();
    const page = device.page({ consent: { remember: 'granted' } });
    await page.start();
    const who = { account: 'u_42', phone: '(425) 555-0100' };
    await page.recognize(who, { verified: ['account'], name: 'Maya' });
    const before = (await page.rights.export()).records.length;
    await page.recognize(
      { account: 'u_42', phone: '+1 425 555 0100' },
      { verified: ['account'], name: 'Maya' },
    );
    expect((await page.rights.export()).records).toHaveLength(before);
  });

  it('a sign-out ends the proof; what the device remembers stays', async () => {
    const device = createDevice();
    const page = device.page({ consent: { remember: 'granted' } });
    await page.start();
    await page.recognize({ account: 'u_42' }, { verified: ['account'], name: 'Maya' });
    await page.signOut();
    expect(page.get().level).toBe('device');
    expect(page.reveal('orders')).toEqual({ ok: false, need: 'claimed' });
  });

  it('without a yes to remember a sign-out leaves nobody', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    await page.recognize({ account: 'u_42' }, { verified: ['account'], name: 'Maya' });
    expect(page.get().customer?.name).toBe('Maya');
    await page.signOut();
    expect(page.get()).toMatchObject({ level: 'none', customer: null });
    expect(JSON.stringify(page.get())).not.toContain('Maya');
  });
});

describe('a typed identifier on a personal device', () => {
  it('of nobody yet is linked to the one here, and found later', async () => {
    const device = createDevice();
    const page = device.page({ consent: { remember: 'granted' } });
    await page.start();
    expect(await page.recognize({ email: 'Jane@Example.com' })).toMatchObject({
      kind: 'new',
      level: 'claimed',
    });
    await page.record(ORDER);
    await page.stop();
    const again = device.page({ consent: { remember: 'granted' } });
    await again.start();
    expect(await again.recognize({ email: 'jane@example.COM ' })).toMatchObject({ kind: 'found' });
  });

  it('what is bought under it stays unproved: nothing of it counts (giving needs no proof, taking does)', async () => {
    const device = createDevice();
    const page = device.page({ consent: { remember: 'granted' } });
    await page.start();
    await page.recognize(
      { account: 'u_42', phone: '4255550100' },
      { verified: ['account'], name: 'Shep' },
    );
    await page.record(ORDER);
    await page.recognize({ account: 'other' }, { verified: ['account'] });
    expect(await page.recognize({ phone: '(425) 555-0100' })).toMatchObject({
      kind: 'found',
      level: 'claimed',
    });
    await page.record({ ...ORDER, id: 'web:2' });
    // of an order that may only be shown masked its number: the one that was bought now is not among them
    expect(page.reveal('orders')).toEqual({ ok: true, value: ['***'] });
    expect(page.get().customer?.paidVisits).toBe(1);
  });

  it('shared by two people is ambiguous; the choices are masked, and choosing one is a claim (V23)', async () => {
    const device = createDevice();
    const page = device.page({ consent: { remember: 'granted' } });
    await page.start();
    await page.recognize(
      { account: 'a', phone: '4255550100' },
      { verified: ['account'], name: 'Shep' },
    );
    await page.recognize(
      { account: 'b', phone: '4255550100' },
      { verified: ['account'], name: 'Maria' },
    );
    await page.signOut();
    const result = await page.recognize({ phone: '4255550100' });
    expect(result.kind).toBe('ambiguous');
    const choices = result.kind === 'ambiguous' ? result.choices : [];
    expect(choices.map(({ label }) => label).sort()).toEqual(['M***', 'S***']);
    expect(JSON.stringify(result)).not.toMatch(/Shep|Maria/);
    const shep = choices.find(({ label }) => label.startsWith('S'));
    expect(await page.choose(shep?.id ?? '')).toMatchObject({ kind: 'found', level: 'claimed' });
    expect(page.get().customer?.name).toBe('Shep');
  });

  it.each([
    '',
    '  ',
    'null',
    'Undefined',
    'NaN',
    '[object Object]',
    'anonymous',
    '000-000-0000',
    '-1',
  ])('junk %j is blocked for every type and changes nothing (V08)', async (junk) => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    const before = page.get();
    for (const type of ['account', 'loyalty', 'phone', 'email', 'house-number']) {
      const result = await page.recognize({ [type]: junk });
      expect(result).toMatchObject({ kind: 'blocked', blocked: [{ type }] });
    }
    await Promise.resolve();
    expect(page.get()).toMatchObject({ level: before.level, customer: before.customer });
  });

  it('eight misses in a minute are limited, known and unknown alike', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    for (let i = 0; i < 8; i++) await page.recognize({ phone: `42555501${10 + i}` });
    const result = await page.recognize({ phone: '4255550199' });
    expect(result).toMatchObject({ kind: 'limited' });
    expect(result.kind === 'limited' && result.retryAfterMs).toBeGreaterThan(50_000);
  });
});

describe('parting', () => {
  it('"not me" takes everything shown away, on the next page too (G17)', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    await page.rights.consent('remember', 'granted');
    await page.rights.remember({ key: 'name.given', value: 'Ana' });
    await page.record(ORDER);
    await page.stop();
    const next = device.page();
    await next.start();
    expect(next.get().customer?.name).toBe('Ana');
    await next.notMe();
    expect(JSON.stringify(next.get())).not.toContain('Ana');
    expect(next.greeting()).toMatchObject({ kind: 'neutral' });
    await next.stop();
    const after = device.page();
    await after.start();
    expect(after.get()).toMatchObject({ level: 'none', customer: null });
    // and the next person's yes does not bring Ana back
    await after.rights.consent('remember', 'granted');
    expect(JSON.stringify(after.get())).not.toContain('Ana');
    expect(after.reveal('taste')).toMatchObject({ ok: true, value: [] });
  });

  it('forget leaves nothing', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    await page.rights.consent('remember', 'granted');
    await page.rights.remember({ key: 'name.given', value: 'Ana' });
    await page.record(ORDER);
    expect(await page.rights.forget({ scope: 'device' })).toEqual({
      kind: 'forgotten',
      scope: 'device',
    });
    expect(await device.databases()).toEqual([]);
    expect(await device.bytes()).toBe('[]');
    expect(JSON.stringify(page.get())).not.toContain('Ana');
    expect(page.get().consent.remember).toBe('ask');
  });

  it('a no after a yes wipes at once (P3)', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    await page.rights.consent('remember', 'granted');
    await page.record(ORDER);
    await page.rights.consent('remember', 'denied');
    expect(await device.bytes()).toBe('[]');
    expect(page.get()).toMatchObject({ level: 'none', consent: { remember: 'denied' } });
    // and what comes after lives for the page alone (V07)
    expect(await page.record(ORDER)).toEqual({ kind: 'held', reason: 'no-consent' });
    expect(await device.bytes()).toBe('[]');
  });

  it('what is remembered ends 24 months after the last visit, before anything is shown (P9)', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    expect(page.get().remembersMonths).toBe(24);
    await page.rights.consent('remember', 'granted');
    await page.rights.remember({ key: 'name.given', value: 'Ana' });
    await page.stop();
    const month = 30.5 * 86_400_000;
    device.clock.advance(23 * month);
    const within = device.page();
    await within.start();
    expect(within.get().customer?.name).toBe('Ana');
    await within.stop();
    // 23 months after that visit it still holds: the visit counted
    device.clock.advance(23 * month);
    const again = device.page();
    await again.start();
    expect(again.get().customer?.name).toBe('Ana');
    await again.stop();
    device.clock.advance(25 * month);
    const late = device.page();
    await late.start();
    expect(late.get()).toMatchObject({
      customer: null,
      level: 'none',
      consent: { remember: 'ask' },
    });
    expect(await device.bytes()).toBe('[]');
    expect(await device.databases()).toEqual([]);
  });

  it('a shop may promise less', async () => {
    const device = createDevice();
    const options = { retention: { remember: 1 } };
    const page = device.page(options);
    await page.start();
    await page.rights.consent('remember', 'granted');
    await page.record(ORDER);
    await page.stop();
    device.clock.advance(32 * 86_400_000);
    const late = device.page(options);
    await late.start();
    expect(late.get()).toMatchObject({ level: 'none', remembersMonths: 1 });
  });
});

it('a thank-you page that is opened again the next day changes nothing of the order', async () => {
  const device = createDevice();
  const page = device.page({ consent: { remember: 'granted' } });
  await page.start();
  await page.recognize({ account: 'u_42' }, { verified: ['account'] });
  await page.record(ORDER);
  const before = page.reveal('orders');
  const records = (await page.rights.export()).records.length;
  device.clock.advance(86_400_000);
  await page.record(ORDER);
  expect(page.reveal('orders')).toEqual(before);
  expect((await page.rights.export()).records).toHaveLength(records);
});
