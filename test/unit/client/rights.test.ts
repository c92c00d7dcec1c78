import { describe, expect, it } from 'vitest';
import { importPurchases } from '../../../src/client/import-purchases.js';
import { indexedDbStorage } from '../../../src/adapters/storage/indexed-db.js';
import type { Regulars, RegularsOptions } from '../../../src/client/types.js';
import { createDevice, type Device } from '../../support/device.js';

const DAY_MS = 86_400_000;
const verified = { verified: ['account'] } as const;

const order = (id: string, sku = 'latte'): Parameters<Regulars['record']>[0] => ({
  id,
  lines: [{ sku, name: sku === 'latte' ? 'Latte' : sku, quantity: 1 }],
});

/** A customer with an account who said yes, and came for three days. */
async function regular(
  device: Device,
  options: Partial<RegularsOptions> = {},
  account = 'shep',
): Promise<Regulars> {
  const page = device.page(options);
  await page.start();
  await page.recognize({ account, phone: '4255550123' }, { verified: ['account'], name: 'Shep' });
  await page.rights.consent('remember', 'granted');
  for (const id of ['web:1', 'web:2', 'web:3']) {
    await page.record(order(id));
    device.clock.advance(DAY_MS);
  }
  await page.recognize({ account }, verified);
  return page;
}

const ids = async (page: Regulars): Promise<readonly string[]> => {
  const { purchases } = await page.rights.known();
  if (!purchases.ok) throw new Error(purchases.need);
  return purchases.value.filter(({ removed }) => !removed).map(({ id }) => id);
};

describe('known', () => {
  it('gives everything to whom a proof is for: with source, date, purpose, and where it is kept', async () => {
    const device = createDevice();
    const page = await regular(device);
    await page.rights.remember({ key: 'seat', value: 'window', expiresAt: device.clock.now() + 5 });
    const before = await page.rights.known();
    await page.rights.consent('suggest', 'granted');
    await page.rights.consent('suggest', 'denied');
    const known = await page.rights.known();
    expect(known).toMatchObject({
      level: 'verified',
      withheld: [],
      paidVisits: { ok: true, value: 3 },
      olderPurchases: { ok: true, value: 0 },
      accesses: { ok: true, value: [] },
      kept: { where: 'device', months: 24, until: expect.any(Number) },
    });
    expect(known.facts).toMatchObject([
      { key: 'name.given', value: 'Shep', source: 'host', corrected: false, purpose: 'remember' },
      { key: 'seat', source: 'customer', expiresAt: expect.any(Number) },
    ]);
    expect(known.facts[0]?.by).toMatch(/^device:/);
    expect(known.links).toMatchObject({
      value: [
        { type: 'account', level: 'verified' },
        { type: 'phone', level: 'claimed' },
      ],
    });
    const answers = known.consents.ok ? known.consents.value : [];
    expect(answers.map(({ purpose, answer, replaced }) => [purpose, answer, replaced])).toEqual([
      ['remember', 'granted', false],
      ['suggest', 'granted', true],
      ['suggest', 'denied', false],
    ]);
    expect(answers[2]?.replaces).toEqual([answers[1]?.id]);
    expect(before.derived).toMatchObject({
      value: { usual: { kind: 'usual', items: ['Latte'], share: 1, why: { rule: 'usual' } } },
    });
    device.clock.advance(10);
    expect((await page.rights.known()).facts).toHaveLength(1);
    await page.stop();
  });

  it('says which level it takes, and of nothing that it is not there', async () => {
    const device = createDevice();
    await (await regular(device)).stop();
    const page = device.page();
    await page.start();
    expect(page.get().level).toBe('device');
    const known = await page.rights.known();
    const need = { ok: false, need: 'verified' };
    expect(known).toMatchObject({
      purchases: need,
      visits: need,
      accesses: need,
      attestations: need,
      olderPurchases: need,
    });
    const fields = known.withheld.map(({ field }) => field);
    expect(fields).toEqual(expect.arrayContaining(['orders', 'contact', 'birthday', 'sensitive']));
    expect(JSON.stringify(known)).not.toContain('web:');
    await page.stop();
  });

  it('hands out copies that nobody can change the page by', async () => {
    const page = await regular(createDevice());
    const { purchases, items } = await page.rights.known();
    expect(Object.isFrozen(purchases)).toBe(true);
    if (!purchases.ok || !items.ok) throw new Error('verified');
    expect(() => (purchases.value as unknown[]).push(1)).toThrow(TypeError);
    expect(() => Object.assign(purchases.value[0]?.lines[0] ?? {}, { sku: 'x' })).toThrow(
      TypeError,
    );
    expect(page.reveal('orders')).toMatchObject({ ok: true });
    expect(Object.isFrozen((page.reveal('orders') as { value: object }).value)).toBe(false);
    await page.stop();
  });
});

describe('correcting', () => {
  it('outranks what is imported later, also when it is imported again (P8)', async () => {
    const device = createDevice();
    const page = await regular(device);
    const [name] = (await page.rights.known()).facts;
    expect(await page.rights.correct(name?.id ?? '', 'Shepherd')).toEqual({ kind: 'kept' });
    const storage = indexedDbStorage();
    await storage.open({ name: 'regulars:blue-door' });
    const orders = [
      {
        ...order('pos:1'),
        at: '2026-03-01T08:00:00Z',
        customer: { ids: [{ kind: 'external', value: 'shep' }], name: { given: 'Wrong' } },
      },
    ];
    for (let i = 0; i < 2; i++) await importPurchases(storage, orders, { shop: 'blue-door' });
    await storage.close();
    await page.recognize({ account: 'shep' }, { ...verified, name: 'Host' });
    expect((await page.rights.known()).facts).toMatchObject([
      { key: 'name.given', value: 'Shepherd', corrected: true, source: 'customer' },
    ]);
    expect(page.get().customer?.name).toBe('Shepherd');
    await page.stop();
  });

  it('keeps the purpose: what is about health does not become something else', async () => {
    const device = createDevice();
    const page = await regular(device);
    await page.rights.consent('health', 'granted');
    await page.rights.remember({ key: 'diet', value: 'halal' });
    await page.rights.correct('diet', 'kosher');
    const facts = (): Promise<unknown> =>
      page.rights.known().then((known) => known.facts.filter(({ key }) => key === 'diet'));
    expect(await facts()).toMatchObject([{ value: 'kosher', purpose: 'health', corrected: true }]);
    await page.stop();
    const later = device.page();
    await later.start();
    expect(JSON.stringify([await later.rights.known(), later.get()])).not.toContain('kosher');
    await later.stop();
  });

  it.each([
    '__proto__',
    'constructor',
    '',
    'x'.repeat(10_000),
    '\ud800',
    'purchase:',
    null,
    42,
    {},
  ])('refuses what leads nowhere: %s', async (ref) => {
    const page = await regular(createDevice());
    const before = await page.rights.known();
    expect(await page.rights.remove(ref as string)).toEqual({
      ...{ kind: 'refused', reason: 'not-found' },
    });
    expect(await page.rights.restore(ref as string)).toMatchObject({ reason: 'not-found' });
    expect(await page.rights.known()).toEqual(before);
    await page.stop();
  });

  it('a fact that was removed comes back as it was', async () => {
    const page = await regular(createDevice());
    const [name] = (await page.rights.known()).facts;
    expect(await page.rights.remove('name.given')).toEqual({ kind: 'kept' });
    expect((await page.rights.known()).facts).toEqual([]);
    expect(page.get().customer?.name).toBeUndefined();
    expect(await page.rights.restore(name?.id ?? '')).toEqual({ kind: 'kept' });
    expect((await page.rights.known()).facts).toMatchObject([
      { key: 'name.given', value: 'Shep', source: 'host', at: name?.at },
    ]);
    await page.stop();
  });

  it('"that was not me": an order counts nowhere, not when it comes again, until that is taken back', async () => {
    const device = createDevice();
    const page = await regular(device);
    expect(page.usual()).toMatchObject({ kind: 'usual' });
    expect(await page.rights.remove('web:2')).toEqual({ kind: 'kept' });
    expect(await ids(page)).toEqual(['web:3', 'web:1']);
    expect(page.get().customer?.paidVisits).toBe(2);
    expect(page.usual()).toMatchObject({ kind: 'last' });
    const known = await page.rights.known();
    expect(known.items).toMatchObject({ value: [{ sku: 'latte', purchases: 2 }] });
    expect(known.facts.map(({ key }) => key)).toEqual(['name.given']);
    expect(known.purchases).toMatchObject({ value: [{}, { id: 'web:2', removed: true }, {}] });
    await page.record({ ...order('web:2'), at: Date.UTC(2026, 2, 21, 9), total: 900, revision: 7 });
    expect(await ids(page)).toEqual(['web:3', 'web:1']);
    await page.stop();
    const later = await regular(device);
    expect(await ids(later)).toEqual(['web:3', 'web:1']);
    expect(await later.rights.restore('web:2')).toEqual({ kind: 'kept' });
    expect(await ids(later)).toEqual(['web:3', 'web:2', 'web:1']);
    expect(later.get().customer?.paidVisits).toBe(3);
    await later.stop();
  });

  it('an identifier that is not theirs leads to them no more, until that is taken back', async () => {
    const page = await regular(createDevice());
    const phone = async (): Promise<{ id: string; removed?: true } | undefined> => {
      const { links } = await page.rights.known();
      return links.ok ? links.value.filter(({ type }) => type === 'phone').at(-1) : undefined;
    };
    const { id = '' } = (await phone()) ?? {};
    expect(await page.rights.remove(id)).toEqual({ kind: 'kept' });
    expect(await phone()).toMatchObject({ removed: true });
    expect(page.get().customer?.name).toBe('Shep');
    expect(await page.rights.restore(id)).toEqual({ kind: 'kept' });
    expect(await phone()).not.toHaveProperty('removed');
    await page.stop();
  });

  it('on a card of two, goes to the entry that what is corrected came by', async () => {
    const device = createDevice();
    const page = await regular(device);
    await page.notMe();
    await page.rights.consent('remember', 'granted');
    await page.rights.remember({ key: 'seat', value: 'window' });
    await page.recognize({ account: 'shep' }, verified);
    await page.rights.correct('seat', 'aisle');
    await page.rights.correct('name.given', 'Shepherd');
    const { records } = await page.rights.export();
    const of = (kind: string): unknown =>
      records.flatMap((one) =>
        one.kind === kind && 'key' in one.data ? [[one.data.key, one.subject]] : [],
      );
    expect(new Set(records.map(({ subject }) => subject)).size).toBe(2);
    expect(new Map(of('correction') as [])).toEqual(new Map(of('fact') as []));
    await page.stop();
  });

  it('is not for whom it is not shown to: a typed number removes nothing of its owner', async () => {
    const device = createDevice();
    const page = await regular(device, { consent: { remember: 'granted' } });
    const { links } = await page.rights.known();
    const link = links.ok ? (links.value[0]?.id ?? '') : '';
    await page.notMe();
    await page.recognize({ phone: '4255550123' });
    for (const ref of ['web:1', link]) {
      expect(await page.rights.remove(ref)).toMatchObject({ kind: 'refused', reason: 'not-found' });
    }
    expect(await page.rights.allowGreetingByNumber(true)).toMatchObject({ reason: 'needs-proof' });
    await expect(page.rights.export()).rejects.toMatchObject({ code: 'ERR_PROOF_NEEDED' });
    await expect(page.rights.forget({ scope: 'everywhere' })).rejects.toMatchObject({
      code: 'ERR_PROOF_NEEDED',
    });
    await page.recognize({ account: 'shep' }, verified);
    expect(await ids(page)).toHaveLength(3);
    await page.stop();
  });
});

describe('forgetting everywhere', () => {
  it('keeps an export and a second import of the same orders from bringing anybody back (P7)', async () => {
    const device = createDevice();
    const page = await regular(device);
    const taken = await page.rights.export();
    const told: unknown[] = [];
    expect(
      await page.rights.forget({ scope: 'everywhere', onProgress: (at) => told.push(at) }),
    ).toEqual({ kind: 'forgotten', scope: 'everywhere', pending: true });
    expect(told.at(-1)).toEqual({ done: 1, total: 1 });
    expect(page.get()).toMatchObject({ level: 'none', customer: null });
    const bytes = await device.bytes();
    for (const trace of ['Shep', 'web:1', 'web:2', 'latte', taken.records[0]?.subject ?? '?'])
      expect(bytes).not.toContain(trace);
    expect(bytes).toContain('erasure');
    expect(device.localStorage.size).toBe(0);

    const storage = indexedDbStorage();
    await storage.open({ name: 'regulars:blue-door' });
    const customer = { ids: [{ kind: 'external', value: 'shep' }], name: { given: 'Shep' } };
    const at = '2026-03-20T09:00:00Z';
    const orders = ['web:1', 'web:2', 'web:3'].map((id) => ({ ...order(id), at, customer }));
    expect(await importPurchases(storage, orders, { shop: 'blue-door' })).toMatchObject({
      ...{ appended: 0, refused: 3, newCustomers: 0, duplicates: 0 },
    });
    await storage.close();
    await page.rights.consent('remember', 'granted');
    expect(await page.rights.import(taken)).toMatchObject({ kind: 'imported', records: 0 });
    expect(await page.record(order('web:1'))).toEqual({ kind: 'refused', reason: 'erased' });
    await page.stop();
    const later = device.page();
    await later.start();
    expect(later.get().customer?.name).toBeUndefined();
    expect(await device.bytes()).not.toContain('Shep');
    // the same identifier, met later, is somebody new
    await later.recognize({ account: 'shep' }, { ...verified, name: 'Shep' });
    await later.record(order('web:9'));
    expect(await ids(later)).toEqual(['web:9']);
    expect(device.errors).toEqual([]);
    await later.stop();
  });

  it('waits for nobody where only this page knew somebody, and can be stopped before it begins', async () => {
    const page = createDevice().page();
    await page.start();
    await page.record(order('web:1'));
    const signal = AbortSignal.abort(new Error('cancel'));
    await expect(page.rights.forget({ scope: 'everywhere', signal })).rejects.toThrow('cancel');
    await expect(page.rights.forget({ scope: 'all' as never })).rejects.toMatchObject({
      code: 'ERR_OPTIONS_INVALID',
    });
    expect(await page.rights.forget({ scope: 'everywhere' })).toEqual({
      ...{ kind: 'forgotten', scope: 'everywhere', pending: false },
    });
    await page.stop();
  });
});

describe('taking along', () => {
  it('brings the same customer to a second device: known says the same of them (P6)', async () => {
    const page = await regular(createDevice());
    await page.rights.correct('name.given', 'Shepherd');
    await page.rights.remove('web:2');
    await page.rights.consent('suggest', 'denied');
    await page.rights.remember({ key: 'seat', value: 'window' });
    const taken = JSON.parse(JSON.stringify(await page.rights.export())) as never;
    const before = await page.rights.known();
    await page.stop();
    const device = createDevice(before.at);
    const other = device.page();
    await other.start();
    await other.recognize({ account: 'shep' }, verified);
    await other.rights.consent('remember', 'granted');
    expect(await other.rights.import(taken)).toMatchObject({ kind: 'imported' });
    const after = await other.rights.known();
    for (const part of [
      ...(['facts', 'purchases', 'paidVisits', 'items', 'visits', 'issues'] as const),
      ...(['answers', 'dismissals', 'exposures', 'derived', 'olderPurchases'] as const),
    ])
      expect(after[part], part).toEqual(before[part]);
    expect(after.consent).toEqual(before.consent);
    await other.stop();
  });

  it('ends with the level: after a sign-out nothing is given out', async () => {
    const page = await regular(createDevice());
    await page.rights.export();
    await page.signOut();
    await expect(page.rights.export()).rejects.toMatchObject({ code: 'ERR_PROOF_NEEDED' });
    await page.stop();
  });
});

describe('being greeted by a number', () => {
  it('is allowed only by whom a proof is for, and taken back by a no', async () => {
    const page = await regular(createDevice());
    expect(await page.rights.allowGreetingByNumber(true)).toEqual({ kind: 'kept' });
    const fact = async (): Promise<unknown> =>
      (await page.rights.known()).facts.find(({ key }) => key === 'greet-by-number');
    expect(await fact()).toMatchObject({ value: true });
    await expect(
      page.rights.remember({ key: 'greet-by-number', value: true }),
    ).rejects.toMatchObject({ code: 'ERR_OPTIONS_INVALID' });
    await page.signOut();
    expect(await page.rights.allowGreetingByNumber(false)).toEqual({ kind: 'kept' });
    await page.recognize({ account: 'shep' }, verified);
    expect(await fact()).toBeUndefined();
    await page.stop();
  });
});
