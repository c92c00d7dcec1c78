import { describe, expect, it } from 'vitest';
import { indexedDbStorage } from '../../../src/adapters/storage/indexed-db.js';
import { memoryStorage } from '../../../src/adapters/storage/memory.js';
import { createStaff, type Staff, type StaffOptions } from '../../../src/client/staff.js';
import type { Regulars } from '../../../src/client/types.js';
import type { ProfileRecord } from '../../../src/profile/types.js';
import { createDevice, type Device } from '../../support/device.js';

const DAY_MS = 86_400_000;
const PHONE = '(425) 555-0100';
const ORDER = { id: 'pos:1', lines: [{ sku: 'latte', name: 'Latte' }] };
const roles: StaffOptions['roles'] = {
  cashier: ['name', 'taste'],
  manager: ['name', 'taste', 'orders', 'contact', 'notes', 'issues'],
};

interface Till {
  readonly device: Device;
  readonly regulars: Regulars;
  readonly staff: Staff;
}

async function till(options: Partial<StaffOptions> = {}, device = createDevice()): Promise<Till> {
  const regulars = device.page({ mode: 'staff' });
  await regulars.start();
  const staff = createStaff(regulars, { roles, who: { id: 'ana', role: 'manager' }, ...options });
  return { device, regulars, staff };
}

/** Shep is known here: two orders, signed in once. */
async function withShep(regulars: Regulars): Promise<string> {
  await regulars.recognize(
    { account: 'u1', phone: PHONE },
    { verified: ['account', 'phone'], name: 'Shep' },
  );
  await regulars.record(ORDER);
  const id = regulars.get().customer?.id ?? '';
  await regulars.endVisit();
  return id;
}

async function recordsOn(): Promise<readonly ProfileRecord[]> {
  const storage = indexedDbStorage();
  await storage.open({ name: 'regulars:blue-door' });
  const rows = await storage.transact('readonly', (tx) => tx.list('records'));
  await storage.close();
  return rows.map(({ value }) => JSON.parse((value as { text: string }).text) as ProfileRecord);
}

describe('a till', () => {
  it('opens its storage whatever anybody answers, writes no marker, and greets nobody at start', async () => {
    const { device, regulars } = await till();
    expect(regulars.get().storage.kind).toBe('persistent');
    await withShep(regulars);
    await regulars.stop();
    expect(device.localStorage.size).toBe(0);
    const next = device.page({ mode: 'staff', consent: { remember: 'denied' } });
    await next.start();
    expect(next.get()).toMatchObject({ level: 'none', customer: null, people: [] });
    expect(next.get().storage.kind).toBe('persistent');
  });

  it("recognizes by claim, and keeps orders as the shop's own, without a yes", async () => {
    const { device, regulars } = await till();
    await withShep(regulars);
    expect(await regulars.recognize({ phone: PHONE })).toMatchObject({
      kind: 'found',
      level: 'claimed',
    });
    expect(await regulars.record({ ...ORDER, id: 'pos:2' })).toEqual({ kind: 'kept' });
    expect(await device.bytes()).toContain('pos:2');
    expect((await recordsOn()).find(({ kind }) => kind === 'purchase')).toMatchObject({
      data: { channel: 'pos' },
    });
    await regulars.endVisit();
    expect(regulars.get()).toMatchObject({ level: 'none', customer: null });
  });

  it('forgets the proof and the person with the visit, and after 30 silent minutes', async () => {
    const { device, regulars, staff } = await till({ lockAfterMs: 10 * DAY_MS });
    await withShep(regulars);
    await regulars.recognize({ phone: PHONE });
    await staff.attest('id-card');
    device.clock.advance(30 * 60_000 + 1);
    await regulars.recognize({ phone: '(425) 555-0199' });
    expect(regulars.get().customer?.name).toBeUndefined();
    expect(JSON.stringify([regulars.get(), regulars.reveal('orders')])).not.toMatch(/Shep|latte/i);
  });

  it('a customer who wants to be forgotten goes, and the till with the others stays', async () => {
    const { device, regulars } = await till();
    await withShep(regulars);
    await regulars.recognize({ account: 'u2' }, { verified: ['account'], name: 'Maria' });
    await regulars.record({ id: 'pos:m', lines: [{ sku: 'tea' }] });
    await regulars.rights.forget({ scope: 'device' });
    expect(regulars.get().storage.kind).toBe('persistent');
    expect(await device.bytes()).not.toMatch(/Maria|pos:m/);
    expect(await device.bytes()).toContain('Shep');
  });
});

describe('createStaff', () => {
  it('is for a client of mode staff alone', async () => {
    for (const mode of ['storefront', 'shared', 'kiosk'] as const)
      expect(() => createStaff(createDevice().page({ mode }), { roles })).toThrow(
        expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
      );
    expect(() => createStaff({} as Regulars, { roles })).toThrow(/mode: 'staff'/);
  });

  it.each([
    [{ id: 'ana', role: '__proto__' }],
    [{ id: 'ana', role: 'boss' }],
    [{ id: '', role: 'cashier' }],
    [{ id: 'a b', role: 'cashier' }],
    [{ id: 'x'.repeat(10_000), role: 'cashier' }],
  ])('refuses to sign in %j', async (who) => {
    const { staff } = await till();
    staff.signOut();
    expect(() => staff.signIn(who)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    );
    expect(staff.who()).toBeNull();
  });

  it('locks after 2 minutes without a call or a touch; then every call answers locked', async () => {
    let told = 0;
    const { device, regulars, staff } = await till({ onLock: () => told++ });
    await withShep(regulars);
    await regulars.recognize({ phone: PHONE });
    device.clock.advance(119_999);
    expect(await staff.log()).toMatchObject({ kind: 'log' });
    device.clock.advance(119_999);
    expect(told).toBe(0);
    device.clock.advance(1);
    expect(told).toBe(1);
    expect(staff.who()).toBeNull();
    const note = { purpose: 'remember' as const, expiresAt: device.clock.now() + DAY_MS };
    const calls = [
      staff.attest('id-card'),
      staff.note('x', note),
      staff.reveal('orders'),
      staff.merge('a', 'b', { reason: 'x' }),
      staff.unlink('a', 'x'),
      staff.explain(),
      staff.issues(),
      staff.log(),
    ];
    expect(await Promise.all(calls)).toEqual(calls.map(() => ({ kind: 'locked' })));
    expect((await recordsOn()).filter(({ by }) => by.startsWith('staff:'))).toEqual([]);
    staff.signIn({ id: 'ben', role: 'cashier' });
    expect(await staff.log()).toMatchObject({ kind: 'log' });
    staff.signOut();
    expect(await staff.log()).toEqual({ kind: 'locked' });
    device.clock.advance(10 * 60_000);
    expect(told).toBe(1);
  });

  it('an attestation raises to verified for 30 minutes, is written down, and the customer sees it', async () => {
    const { device, regulars, staff } = await till({ lockAfterMs: DAY_MS });
    const shep = await withShep(regulars);
    expect(await staff.attest('id-card')).toEqual({ kind: 'nobody' });
    await regulars.recognize({ phone: PHONE });
    expect(await staff.reveal('orders')).toMatchObject({ kind: 'revealed' }); // masked, or as the table has it
    expect(await staff.attest('id-card')).toMatchObject({ kind: 'attested', level: 'verified' });
    expect(regulars.get()).toMatchObject({ level: 'verified', customer: { id: shep } });
    expect(regulars.reveal('orders')).toMatchObject({ ok: true });
    const known = await regulars.rights.known();
    expect(known.attestations).toMatchObject({
      ok: true,
      value: [{ staff: 'ana', method: 'id-card', at: device.clock.now() }],
    });
    device.clock.advance(30 * 60_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(regulars.get().level).not.toBe('verified');
  });

  it('what an attestation links says which of the staff linked it', async () => {
    const { regulars, staff } = await till();
    await regulars.recognize(
      { account: 'u1', phone: PHONE },
      { verified: ['account'], name: 'Shep' },
    );
    await regulars.endVisit();
    await regulars.recognize({ phone: PHONE });
    expect(await staff.attest('id-card')).toMatchObject({ kind: 'attested' });
    const told = await staff.explain();
    const links = told.kind === 'links' ? told.links : [];
    expect(links.filter(({ method }) => method === 'staff')).toMatchObject([
      { type: 'phone', level: 'verified', by: 'staff:ana' },
    ]);
    expect(await staff.log()).toMatchObject({
      acts: expect.arrayContaining([expect.objectContaining({ staff: 'ana', what: 'linked' })]),
    });
  });

  it('an attested person of a shared phone is the one that was chosen', async () => {
    const { regulars, staff } = await till();
    await withShep(regulars);
    await regulars.recognize(
      { account: 'u2', phone: PHONE },
      { verified: ['account', 'phone'], name: 'Maria Lopez' },
    );
    const maria = regulars.get().customer?.id;
    await regulars.endVisit();
    const answer = await regulars.recognize({ phone: PHONE });
    if (answer.kind !== 'ambiguous') throw new Error(answer.kind);
    expect(answer.choices.map(({ label }) => label).sort()).toEqual(['M*** L.', 'S***']);
    const choice = answer.choices.find(({ label }) => label.startsWith('M'));
    expect(await regulars.choose(choice?.id ?? '')).toMatchObject({
      kind: 'found',
      level: 'claimed',
    });
    expect(await staff.attest('known-to-me')).toMatchObject({ kind: 'attested' });
    expect(regulars.get()).toMatchObject({
      level: 'verified',
      customer: { id: maria, name: 'Maria Lopez' },
    });
  });

  it('a role sees its fields and no others; each look is an entry that the customer can see', async () => {
    const { device, regulars, staff } = await till({ who: { id: 'ben', role: 'cashier' } });
    await withShep(regulars);
    await regulars.recognize({ phone: PHONE });
    await staff.attest('id-card');
    expect(await staff.reveal('name', 'called out')).toEqual({ kind: 'revealed', value: 'Shep' });
    for (const field of ['orders', 'notes', 'contact'] as const)
      expect(await staff.reveal(field)).toEqual({ kind: 'absent' });
    expect(await staff.issues()).toEqual({ kind: 'absent' });
    const known = await regulars.rights.known();
    expect(known.accesses).toEqual({
      ok: true,
      value: [{ at: device.clock.now(), staff: 'ben', fields: ['name'], why: 'called out' }],
    });
    expect(await staff.log()).toMatchObject({
      kind: 'log',
      acts: [
        // the list itself is a look
        { staff: 'ben', what: 'looked', fields: expect.arrayContaining(['orders', 'contact']) },
        { staff: 'ben', what: 'looked', fields: ['name'], why: 'called out' },
        { staff: 'ben', what: 'linked' },
        { staff: 'ben', what: 'attested', method: 'id-card' },
      ],
    });
  });

  it('what the page shows is for the role as well: a name and a usual that it has not are not there', async () => {
    const { regulars, staff } = await till({ roles: { ...roles, packer: ['taste'] } });
    await withShep(regulars);
    await regulars.recognize({ account: 'u1' }, { verified: ['account'] });
    expect(regulars.get().customer).toMatchObject({ name: 'Shep', paidVisits: 1 });
    staff.signIn({ id: 'ida', role: 'packer' });
    expect(JSON.stringify(regulars.get())).not.toContain('Shep');
    expect(regulars.get().customer?.paidVisits).toBe(1);
    for (const field of ['name', 'orders', 'contact'] as const)
      expect(regulars.reveal(field)).toEqual({ ok: false, need: 'verified' });
    staff.signOut();
    expect(regulars.get().customer).toEqual({ id: expect.any(String) as string });
    const told = [regulars.get(), await regulars.rights.known(), regulars.reveal('taste')];
    expect(JSON.stringify(told)).not.toMatch(/Shep|pos:1|Latte/i);
    await expect(regulars.rights.export()).rejects.toMatchObject({ code: 'ERR_PROOF_NEEDED' });
    staff.signIn({ id: 'ana', role: 'manager' });
    expect(regulars.reveal('orders')).toMatchObject({ ok: true, value: [{ id: 'pos:1' }] });
  });

  it('a look beside staff.reveal is written down too: each field once a visit and person', async () => {
    const { device, regulars, staff } = await till();
    await withShep(regulars);
    await regulars.recognize({ account: 'u1' }, { verified: ['account'] });
    const looks = async (): Promise<readonly unknown[]> =>
      [...(await recordsOn())]
        .sort((a, b) => (a.stamp < b.stamp ? -1 : 1))
        .flatMap(({ kind, by, data }) =>
          kind === 'access' ? [[by, (data as { fields: unknown }).fields]] : [],
        );
    for (let i = 0; i < 3; i++) regulars.reveal('orders');
    regulars.reveal('greeting');
    await expect.poll(looks).toEqual([['staff:ana', ['orders']]]);
    device.clock.advance(1);
    await regulars.rights.known();
    await regulars.rights.known();
    expect(await looks()).toEqual([
      ['staff:ana', ['orders']],
      ['staff:ana', expect.not.arrayContaining(['orders'])],
    ]);
    device.clock.advance(1);
    staff.signIn({ id: 'ben', role: 'manager' });
    await regulars.rights.export();
    expect((await looks()).at(-1)).toEqual(['staff:ben', expect.arrayContaining(['contact'])]);
    await regulars.endVisit();
    await regulars.stop();

    device.clock.advance(1);
    const bare = device.page({ mode: 'staff' });
    await bare.start();
    await bare.recognize({ account: 'u1' }, { verified: ['account'] });
    expect(bare.reveal('orders')).toMatchObject({ ok: true });
    await expect
      .poll(async () => (await looks()).at(-1))
      .toEqual([expect.stringMatching(/^device:/), ['orders']]);
    expect((await bare.rights.known()).accesses).toMatchObject({
      value: [{ staff: '', fields: ['orders'] }, { staff: 'ben' }, {}, {}],
    });
    await bare.stop();
  });

  it('looks below verified are logged for the customer they were about', async () => {
    const { regulars, staff } = await till();
    const shep = await withShep(regulars);
    await regulars.recognize({ phone: PHONE });
    await staff.reveal('name');
    await regulars.endVisit();
    expect(await staff.log(shep)).toMatchObject({ acts: [{ what: 'looked', fields: ['name'] }] });
  });

  it('shows nothing of a look that could not be written down', async () => {
    const device = createDevice();
    const inner = memoryStorage();
    let full = false;
    const regulars = device.page({
      mode: 'staff',
      storage: {
        ...inner,
        transact: (mode, body, options) =>
          full && mode === 'readwrite'
            ? Promise.reject(new Error('broken'))
            : inner.transact(mode, body, options),
      },
    });
    await regulars.start();
    const staff = createStaff(regulars, { roles, who: { id: 'ana', role: 'manager' } });
    await withShep(regulars);
    await regulars.recognize({ phone: PHONE });
    full = true;
    expect(await staff.reveal('name')).toEqual({ kind: 'refused', reason: 'storage' });
    expect(await staff.attest('id-card')).toEqual({ kind: 'refused', reason: 'storage' });
    expect(regulars.get().level).toBe('claimed');
  });

  it('a note needs a purpose and an end, is for the role, and never reaches the greeting', async () => {
    const { device, regulars, staff } = await till();
    await withShep(regulars);
    await regulars.recognize({ phone: PHONE });
    const expiresAt = device.clock.now() + DAY_MS;
    for (const bad of [
      {},
      { purpose: 'remember' },
      { expiresAt },
      { purpose: 'gossip', expiresAt },
      { purpose: 'health', expiresAt },
      { purpose: 'remember', expiresAt: NaN },
      { purpose: 'remember', expiresAt: device.clock.now() },
    ])
      await expect(staff.note('likes the window', bad as never)).rejects.toMatchObject({
        code: 'ERR_OPTIONS_INVALID',
      });
    await expect(staff.note(' ', { purpose: 'remember', expiresAt })).rejects.toThrow(/note/);
    expect(await staff.note('likes the window', { purpose: 'remember', expiresAt })).toEqual({
      kind: 'kept',
    });
    expect(JSON.stringify(regulars.get())).not.toContain('window');
    expect(await staff.reveal('notes')).toMatchObject({
      kind: 'revealed',
      value: [{ text: 'likes the window', purpose: 'remember', expiresAt }],
    });
    expect(JSON.stringify((await regulars.rights.known()).facts)).not.toContain('window');
    await staff.attest('id-card');
    expect(JSON.stringify((await regulars.rights.known()).facts)).toContain('window');
    staff.signOut();
    device.clock.advance(DAY_MS);
    staff.signIn({ id: 'ana', role: 'manager' });
    await regulars.recognize({ phone: PHONE });
    expect(await staff.reveal('notes')).toMatchObject({ value: [] });
  });

  it('merges two known people with a reason, explains it, and parts them exactly', async () => {
    const { regulars, staff } = await till();
    const shep = await withShep(regulars);
    await regulars.recognize({ account: 'u9' }, { verified: ['account'], name: 'Shepard' });
    await regulars.record({ id: 'pos:9', lines: [{ sku: 'tea' }] });
    const other = regulars.get().customer?.id ?? '';
    await regulars.endVisit();
    await expect(staff.merge(shep, other, { reason: ' ' })).rejects.toMatchObject({
      code: 'ERR_OPTIONS_INVALID',
    });
    expect(await staff.merge(shep, 'nobody', { reason: 'twice' })).toEqual({ kind: 'unknown' });
    const merged = await staff.merge(shep, other, { reason: 'the same person, twice' });
    if (merged.kind !== 'merged') throw new Error(merged.kind);
    expect(await staff.merge(shep, other, { reason: 'again' })).toEqual({
      kind: 'merged',
      customer: merged.customer,
    });
    await regulars.recognize({ account: 'u9' }, { verified: ['account'] });
    expect(regulars.get().customer?.paidVisits).toBe(1); // both orders within 4 h
    await regulars.endVisit();
    const explained = await staff.explain(other);
    if (explained.kind !== 'links') throw new Error(explained.kind);
    expect(explained.links.filter(({ method }) => method === 'merged')).toMatchObject([
      { by: 'staff:ana', reason: 'the same person, twice', state: 'active' },
      { by: 'staff:ana' },
    ]);
    expect(await staff.unlink(merged.link ?? '', 'they are two')).toEqual({
      kind: 'unlinked',
      links: 2,
    });
    expect(await staff.unlink(merged.link ?? '', 'again')).toEqual({ kind: 'unknown' });
    await regulars.recognize({ account: 'u9' }, { verified: ['account'] });
    expect(regulars.get().customer).toMatchObject({ id: other, name: 'Shepard' });
    const acts = await staff.log();
    if (acts.kind !== 'log') throw new Error(acts.kind);
    expect(acts.acts.map(({ what }) => what)).toEqual(['unlinked', 'looked', 'merged']);
  });
});
