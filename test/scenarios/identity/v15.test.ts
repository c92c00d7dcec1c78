import { describe, expect, it, vi } from 'vitest';
import type { Regulars } from '../../../src/client/types.js';
import { createDevice, type Device } from '../../support/device.js';
import { readRaw } from '../../support/raw-outbox.js';

const order = (id: string, sku: string) => ({ id, lines: [{ sku, name: sku }] });
const GRANTED = { consent: { remember: 'granted' as const } };

/** Everything a page can be asked. */
async function everything(page: Regulars): Promise<string> {
  const fields = ['name', 'taste', 'points', 'contact', 'orders', 'birthday'] as const;
  return JSON.stringify([
    page.get(),
    page.recommend(),
    await page.rights.known(),
    fields.map((field) => page.reveal(field)),
  ]);
}

/** Under which entries orders lie, by the back door. */
async function subjectOf(id: string): Promise<string> {
  for (const row of await readRaw('records')) {
    const { kind, subject, data } = JSON.parse((row as { readonly text: string }).text);
    if (kind === 'purchase' && data.id === id) return subject as string;
  }
  throw new Error(`no order ${id}`);
}

describe('V15 A then B with no reset', () => {
  it('shows nothing of A to B, gives the visit another id, and lets their events share none', async () => {
    const device = createDevice();
    const page = device.page(GRANTED);
    await page.start();
    await page.recognize({ account: 'a' }, { verified: ['account'], name: 'Anna' });
    await page.rights.remember({ key: 'birthday', value: '1990-04-01' });
    await page.record(order('web:1', 'absinthe'));
    page.setContext({ basket: ['absinthe'] });
    const usual = page.usual();
    const ref = usual.kind === 'none' ? '' : usual.ref;
    expect(page.why(ref)).toBeDefined();
    const visit = page.get().visit;

    await page.recognize({ account: 'b' }, { verified: ['account'], name: 'Bert' });
    expect(await everything(page)).not.toMatch(/Anna|absinthe|1990/);
    expect(page.why(ref)).toBeUndefined();
    expect(await page.reorder('web:1')).toMatchObject({ lines: [], ready: false });
    expect(page.get().visit).not.toBe(visit);
    await page.record(order('web:2', 'beer'));
    expect(await subjectOf('web:2')).not.toBe(await subjectOf('web:1'));
    device.clock.advance(1_000);
    // a payment of A's that is answered late is A's
    await page.record(order('web:3', 'anise'), { visit: visit ?? '' });
    expect(await everything(page)).not.toContain('anise');
    await page.recognize({ account: 'a' }, { verified: ['account'] });
    expect(page.reveal('orders')).toMatchObject({ value: [{ id: 'web:3' }, { id: 'web:1' }] });
    expect(await everything(page)).not.toMatch(/Bert|beer/);
  });

  it('holds for numbers that are only typed, too', async () => {
    const device = createDevice();
    const page = device.page(GRANTED);
    await page.start();
    await page.recognize({ phone: '425 555 0101' }, { name: 'Anna' });
    await page.record(order('web:1', 'absinthe'));
    await page.recognize({ phone: '425 555 0102' }, { name: 'Bert' });
    expect(await everything(page)).not.toMatch(/Anna|absinthe/);
    await page.record(order('web:2', 'beer'));
    await page.recognize(
      { account: 'b', phone: '425 555 0102' },
      { verified: ['account', 'phone'] },
    );
    expect(await subjectOf('web:2')).not.toBe(await subjectOf('web:1'));
    expect(page.reveal('orders')).toMatchObject({ value: [{ id: 'web:2' }] });
  });

  it('in two tabs: the later proof wins in both, and a sign-out ends both', async () => {
    const device = createDevice();
    const [one, two] = [device.page(GRANTED), device.page(GRANTED)];
    await one.start();
    await one.recognize({ account: 'a' }, { verified: ['account'], name: 'Anna' });
    await two.start();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await two.recognize({ account: 'b' }, { verified: ['account'], name: 'Bert' });
    await vi.waitFor(() => expect(one.get().customer?.id).toBe(two.get().customer?.id), {
      timeout: 1_000,
    });
    expect(one.get().customer?.name).toBe('Bert');
    await one.signOut();
    await vi.waitFor(() => expect(two.get().level).toBe('device'), { timeout: 1_000 });
    await one.stop();
    await two.stop();
  });
});

describe('what was done before without a name', () => {
  const verified = { verified: ['account'] };
  const ordersOf = (page: Regulars): readonly string[] => {
    const orders = page.reveal('orders');
    return orders.ok
      ? (orders.value as readonly { readonly id: string }[]).map(({ id }) => id)
      : [];
  };

  it('is adopted with a proof, for 90 days back', async () => {
    const device = createDevice();
    const page = device.page(GRANTED);
    await page.start();
    await page.record(order('web:1', 'old'));
    device.clock.advance(91 * 86_400_000);
    await page.record(order('web:2', 'new'));
    await page.recognize({ account: 'a' }, verified);
    expect(ordersOf(page)).toEqual(['web:2']);
  });

  it('is not taken along by a number that was only typed, unless they say "that\'s me"', async () => {
    const device = createDevice();
    const page = device.page(GRANTED);
    await page.start();
    await page.record(order('web:1', 'tea'));
    await page.recognize({ phone: '425 555 0101' });
    expect(await everything(page)).not.toContain('tea');
    await page.endVisit();
    expect(page.get().level).toBe('device');
    expect(JSON.stringify(page.reveal('taste'))).toContain('tea');
    await page.recognize({ phone: '425 555 0102' }, { mine: true });
    expect(JSON.stringify(page.reveal('taste'))).toContain('tea');
  });

  const PHONE = '425 555 0101';
  /** A device that has forgotten whom it knew: A, who has an order and a phone. */
  async function afterA(device: Device): Promise<Regulars> {
    const page = device.page(GRANTED);
    await page.start();
    await page.recognize({ account: 'a', phone: PHONE }, { verified: ['account', 'phone'] });
    await page.record(order('web:1', 'latte'));
    await page.notMe();
    device.clock.advance(1_000);
    await page.rights.consent('remember', 'granted');
    return page;
  }

  it('given along with a claim of somebody known waits for the proof', async () => {
    const page = await afterA(createDevice());
    await page.record(order('web:2', 'tea'));
    expect(await page.recognize({ phone: PHONE }, { mine: true })).toMatchObject({
      kind: 'found',
      level: 'claimed',
    });
    expect(page.get().customer?.paidVisits).toBe(1);
    expect(JSON.stringify(page.reveal('taste'))).not.toContain('tea');
    await page.endVisit();
    // a claim leads the device to nobody
    expect(JSON.stringify(page.reveal('taste'))).not.toContain('latte');
    await page.recognize({ account: 'a', phone: PHONE }, { verified: ['account', 'phone'] });
    expect(ordersOf(page)).toEqual(['web:2', 'web:1']);
  });

  it('what was bought under a claim of an earlier visit is shown after a proof, marked, counted nowhere, and can be refused', async () => {
    const page = await afterA(createDevice());
    await page.recognize({ phone: PHONE });
    await page.record(order('web:2', 'tea'));
    expect(JSON.stringify([page.get(), page.reveal('taste'), page.reveal('orders')])).not.toMatch(
      /tea|web:2/,
    );
    await page.endVisit();
    await page.recognize({ account: 'a', phone: PHONE }, { verified: ['account', 'phone'] });
    const orders = page.reveal('orders');
    expect(orders.ok && orders.value).toMatchObject([
      { id: 'web:2', unproved: true },
      { id: 'web:1' },
    ]);
    expect(page.get().customer?.paidVisits).toBe(1);
    expect(JSON.stringify(page.reveal('taste'))).not.toContain('tea');
    await page.rights.remove('web:2');
    expect(ordersOf(page)).toEqual(['web:1']);
  });

  it('of somebody else stays theirs', async () => {
    const device = createDevice();
    const page = device.page(GRANTED);
    await page.start();
    await page.recognize({ email: 'anna@example.com' });
    await page.record(order('web:1', 'tea'));
    await page.recognize({ account: 'b' }, verified);
    expect(ordersOf(page)).toEqual([]);
  });
});
