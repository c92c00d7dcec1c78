import { describe, expect, it } from 'vitest';
import { checkFact, purposeOf } from '../../../src/profile/check-fact.js';
import type { FactData } from '../../../src/profile/types.js';
import { createDevice } from '../../support/device.js';

const vouched = { verified: ['account', 'email', 'phone'] } as const;

describe('as little as possible', () => {
  it('keeps no identifier as it was typed, and nothing of an order but what it needs (P10, P12)', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    await page.rights.consent('remember', 'granted');
    await page.recognize(
      { account: 'u_42', email: 'shep@example.com', phone: '(425) 555-0123' },
      vouched,
    );
    await page.record({
      id: 'web:1',
      shipping_address: { street: '12 Elm St', company: 'Acme' },
      payment: { card: '4111111111111111' },
      ip: '203.0.113.7',
      lines: [{ sku: 'latte', name: 'Latte', note: 'for Ann', device: 'iPhone-7' }],
    } as never);
    const bytes = await device.bytes();
    const traces = [
      'u_42',
      'shep@',
      '4255550123',
      '555-0123',
      'Elm',
      'Acme',
      '4111',
      '203.0',
      'Ann',
      'iPhone',
    ];
    for (const trace of traces) expect(bytes).not.toContain(trace);
    await page.rights.remember({ key: 'email', value: 'shep@example.com' });
    expect(await device.bytes()).toContain('shep@example.com');
    await page.stop();
  });

  it('says nothing about health in events, notices, errors, the snapshot or on a server (P11, P16)', async () => {
    const device = createDevice();
    const page = device.page();
    const heard: unknown[] = [];
    const before = JSON.stringify(page.getServer());
    for (const event of [
      'customer-recognized',
      'storage-changed',
      'visit-ending',
      'visit-ended',
    ] as const)
      page.on(event, (detail) => void heard.push(detail));
    page.listen((snapshot) => void heard.push(snapshot));
    await page.start();
    await page.rights.consent('remember', 'granted');
    await page.recognize({ account: 'a' }, { ...vouched, name: 'Zoltan' });
    await page.rights.consent('health', 'granted');
    await page.rights.remember({ key: 'allergies', value: 'peanut' });
    expect(JSON.stringify(page.reveal('sensitive'))).toContain('peanut');
    await page.rights.correct('allergies', 'cashew');
    await page.endVisit();
    const said = JSON.stringify([heard, device.errors, device.notices, [...device.localStorage]]);
    for (const trace of ['peanut', 'cashew', 'allergies']) expect(said).not.toContain(trace);
    expect(JSON.stringify(page.getServer())).toBe(before);
    expect(before).not.toContain('Zoltan');
    await page.stop();
  });

  it('a no to health leaves nothing of it on the device', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    await page.rights.consent('remember', 'granted');
    await page.recognize({ account: 'a' }, vouched);
    await page.rights.consent('health', 'denied');
    expect(await page.rights.remember({ key: 'allergies', value: 'peanut' })).toMatchObject({
      kind: 'refused',
      reason: 'no-consent',
    });
    expect(await device.bytes()).not.toContain('peanut');
    await page.stop();
  });
});

describe('what may be a fact', () => {
  const fact: FactData = {
    key: 'seat',
    value: 'window',
    at: 1,
    source: 'customer',
    purpose: 'remember',
  };

  it.each([
    ['no key', { key: '' }],
    ['an endless key', { key: 'x'.repeat(10_000) }],
    ['an endless value', { value: 'x'.repeat(10_000) }],
    ['a value that JSON cannot carry', { value: Number.NaN }],
    ['no value', { value: undefined as never }],
    ['a purpose that there is not', { purpose: '__proto__' as never }],
    ['an end that is no time', { expiresAt: Number.NaN }],
    ["a note of the staff's without an end (P17)", { source: 'staff', staffOnly: true }],
    ['health that somebody else tells (P11)', { source: 'staff', purpose: 'health' }],
  ] as const)('refuses %s, and names no value', (_, part) => {
    expect(() => checkFact({ ...fact, ...part })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    );
    expect(() => checkFact(fact)).not.toThrow();
    expect(() =>
      checkFact({ ...fact, source: 'staff', staffOnly: true, expiresAt: 9 }),
    ).not.toThrow();
  });

  it('takes what speaks of body or belief for health, whatever is said', () => {
    for (const key of ['diet', 'Allergies', 'allergy.nuts', 'kosher', 'medication'])
      expect(purposeOf(key, 'suggest')).toBe('health');
    for (const key of ['seat', 'name.given', '__proto__']) expect(purposeOf(key)).toBe('remember');
  });
});
