import { describe, expect, it, vi } from 'vitest';
import { createDevice, rows } from '../../support/device.js';

const ORDER = { id: 'web:1', lines: [{ sku: 'tea', name: 'Tea' }] };

describe('after somebody has gone', () => {
  it.each(['granted', 'ask'] as const)(
    '"not you" holds though the page is left before the database knows (%s)',
    async (remember) => {
      const device = createDevice();
      const consent = { remember };
      const page = device.page({ consent });
      await page.start();
      if (remember === 'ask') await page.rights.consent('remember', 'granted');
      await page.rights.remember({ key: 'name.given', value: 'Ana' });
      await page.stop();
      const left = device.page({ consent });
      await left.start();
      expect(left.get().customer?.name).toBe('Ana');
      const key = 'regulars:blue-door';
      const { card: ana } = JSON.parse(device.localStorage.get(key) ?? '{}') as { card: string };
      void left.notMe();
      await vi.waitFor(() => expect(left.get().customer?.name).toBeUndefined());
      const marker = device.localStorage.get(key) ?? '';
      await left.stop();
      // as the disk is when the page goes at that moment: the row of before, the marker of now
      const current = { subject: ana, customer: ana };
      await rows(key, 'meta', (row, name) =>
        name === 'device' ? { ...(row as object), current } : row,
      );
      device.localStorage.set(key, marker);
      const next = device.page({ consent });
      await next.start();
      expect(next.get().customer?.name).toBeUndefined();
      expect(JSON.stringify(next.get())).not.toContain('Ana');
    },
  );

  it('a greeting that is still on the page says why', async () => {
    const device = createDevice();
    const page = device.page({ consent: { remember: 'granted' } });
    await page.start();
    await page.recognize({ account: 'a' }, { verified: ['account'], name: 'Ana' });
    await page.record(ORDER);
    await page.endVisit();
    const greeting = page.greeting();
    expect(page.get().visit).toBeNull();
    expect(greeting.kind !== 'none' && page.why(greeting.ref)?.text).toMatch(/\w/);
  });

  it('a late payment of an earlier guest does not begin a visit at the empty kiosk', async () => {
    const device = createDevice();
    const kiosk = device.page({ mode: 'kiosk' });
    await kiosk.start();
    kiosk.keepAlive();
    const visit = kiosk.get().visit ?? '';
    await kiosk.endVisit();
    expect(await kiosk.record(ORDER, { visit })).toMatchObject({ kind: 'held' });
    expect(kiosk.get().visit).toBeNull();
    device.clock.advance(50_000);
    expect(kiosk.get().endsAt).toBeNull();
  });

  it('a choice that was offered to them is no choice any more', async () => {
    const device = createDevice();
    const page = device.page({ consent: { remember: 'granted' } });
    await page.start();
    await page.recognize(
      { account: 'a', phone: '4255550100' },
      { verified: ['account'], name: 'Cid' },
    );
    await page.recognize(
      { account: 'b', phone: '4255550100' },
      { verified: ['account'], name: 'Dan' },
    );
    await page.signOut();
    const asked = await page.recognize({ phone: '4255550100' });
    const choices = asked.kind === 'ambiguous' ? asked.choices : [];
    expect(choices).toHaveLength(2);
    await page.notMe();
    expect(await page.choose(choices[0]?.id ?? '')).toEqual({ kind: 'blocked', blocked: [] });
    expect(page.get().customer).toBeNull();
  });

  it('what is bought after a proof has run out is not written to whom it was', async () => {
    const device = createDevice();
    const page = device.page();
    await page.start();
    const until = device.clock.now() + 60_000;
    await page.recognize({ account: 'a' }, { verified: ['account'], name: 'Ana', until });
    device.clock.advance(61_000);
    await vi.waitFor(() => expect(page.get().customer).toBeNull());
    expect(page.get().level).toBe('none');
    await page.record(ORDER);
    await page.recognize({ account: 'b' }, { verified: ['account'] });
    expect(JSON.stringify(page.get())).not.toContain('Ana');
  });

  it('the next guest does not sit at their table', async () => {
    const device = createDevice();
    const page = device.page({ consent: { remember: 'granted' }, place: { id: 'main-st' } });
    await page.start();
    await page.recognize({ account: 'a' }, { verified: ['account'] });
    page.setContext({ table: '7' });
    await page.record(ORDER);
    await page.endVisit();
    await page.recognize({ account: 'b' }, { verified: ['account'] });
    await page.record({ ...ORDER, id: 'web:2' });
    const { records } = await page.rights.export();
    const places = records.flatMap((record) =>
      record.kind === 'purchase' ? [record.data.place] : [],
    );
    expect(places).toEqual([{ id: 'main-st' }]);
  });
});

it('a context of another shape changes nothing, and a tag that nobody knows breaks nothing', async () => {
  const device = createDevice();
  const page = device.page({ consent: { remember: 'granted' } });
  await page.start();
  const before = page.get();
  for (const odd of [null, { person: null }, { basket: 'abc' }, { locale: null }, { table: 7 }])
    page.setContext(odd as never);
  expect(page.get().customer).toEqual(before.customer);
  page.setContext({ locale: 'not a locale!', currency: 'EURO', timeZone: 'Mars/Base' });
  await page.record({ ...ORDER, currency: 'EUR' });
  const usual = page.usual();
  expect(usual.kind).toBe('none');
  await page.recognize({ account: 'a' }, { verified: ['account'] });
  const again = page.usual();
  await expect(page.reorder(again.kind === 'none' ? '' : again.ref)).resolves.toBeDefined();
  expect(device.errors).toEqual([]);
});
