import { describe, expect, it } from 'vitest';
import type { Choice, Regulars, RegularsOptions } from '../../../src/client/types.js';
import { createDevice, type Device } from '../../support/device.js';
import { seededRandom } from '../../../src/testing/fake-clock.js';

const PHONE = '425 555 0100';
const FAMILY = ['Shep', 'Maria', 'Bo'] as const;

async function familyOf(
  names: readonly string[],
  device: Device = createDevice(),
): Promise<Regulars> {
  const page = device.page({ consent: { remember: 'granted' }, random: seededRandom(7) });
  await page.start();
  for (const name of names)
    await page.recognize(
      { account: name, phone: PHONE, email: `${name}@example.com` },
      { verified: ['account'], name },
    );
  await page.notMe();
  return page;
}

async function choicesOf(page: Regulars): Promise<readonly Choice[]> {
  const result = await page.recognize({ phone: PHONE });
  expect(result.kind).toBe('ambiguous');
  return result.kind === 'ambiguous' ? result.choices : [];
}

describe('V23 family phone', () => {
  it.each([
    ['as they came', [0, 1]],
    ['the other way round', [1, 0]],
    ['with a third between', [1, 2, 0]],
  ])('gives masked choices in the same order, and greets nobody: %s', async (_, order) => {
    const names = order.map((i) => FAMILY[i] ?? '');
    const page = await familyOf(names);
    const labels = (await choicesOf(page)).map(({ label }) => label);
    expect(labels).toEqual(names.map((name) => `${name[0]}***`).sort());
    const said = JSON.stringify([page.get(), page.greeting()]);
    for (const name of names) expect(said).not.toContain(name);
    expect(page.get().level).toBe('none');
  });

  it('choosing one is a claim; a choice counts once, and not in the next visit', async () => {
    const page = await familyOf(['Shep', 'Maria']);
    const [maria] = await choicesOf(page);
    expect(await page.choose(maria?.id ?? '')).toMatchObject({ kind: 'found', level: 'claimed' });
    expect(page.get().customer?.name).toBe('Maria');
    expect(await page.choose(maria?.id ?? '')).toMatchObject({ kind: 'blocked' });
    await page.endVisit();
    const [again] = await choicesOf(page);
    await page.endVisit();
    expect(await page.choose(again?.id ?? '')).toMatchObject({ kind: 'blocked' });
    expect(page.get().customer).toBeNull();
  });

  it('ends with the visit also where silence ends it', async () => {
    const device = createDevice();
    const page = await familyOf(['Shep', 'Maria'], device);
    const [maria] = await choicesOf(page);
    device.clock.advance(31 * 60_000);
    expect(await page.choose(maria?.id ?? '')).toMatchObject({ kind: 'blocked' });
    const [next] = await choicesOf(page);
    await page.choose(next?.id ?? '');
    device.clock.advance(31 * 60_000);
    page.keepAlive();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(page.get()).toMatchObject({ level: 'none', customer: null });
  });

  it('a second identifier tells them apart', async () => {
    const page = await familyOf(['Shep', 'Maria']);
    expect(await page.recognize({ phone: PHONE, email: 'maria@example.com' })).toMatchObject({
      kind: 'found',
      level: 'claimed',
    });
    expect(page.get().customer?.name).toBe('Maria');
  });

  it('a proof of the phone alone proves none of them', async () => {
    const page = await familyOf(['Shep', 'Maria']);
    expect(await page.recognize({ phone: PHONE }, { verified: ['phone'] })).toMatchObject({
      kind: 'ambiguous',
    });
    expect(page.get().customer).toBeNull();
  });

  it('a no or a yes of a claimant says nothing for the device about the one who was claimed', async () => {
    const device = createDevice();
    const page = await familyOf(['Shep', 'Maria'], device);
    const [maria] = await choicesOf(page);
    await page.choose(maria?.id ?? '');
    await page.rights.consent('remember', 'granted');
    await page.stop();
    const next = device.page({ consent: { remember: 'granted' } });
    await next.start();
    expect(JSON.stringify(next.get())).not.toContain('Maria');
  });
});

describe('V23 what a claimant says is not the word of the one who was claimed', () => {
  /** Shep and Maria are known here; somebody says to be Maria. */
  async function claimed(
    consent: RegularsOptions['consent'] = { remember: 'granted' },
  ): Promise<{ readonly device: Device; readonly page: Regulars; readonly maria: string }> {
    const device = createDevice();
    const page = device.page({ consent, random: seededRandom(7) });
    await page.start();
    for (const name of ['Shep', 'Maria']) {
      await page.recognize(
        { account: name, phone: PHONE },
        { verified: ['account', 'phone'], name },
      );
      await page.rights.consent('remember', 'granted');
      await page.rights.consent('health', 'granted');
      await page.rights.remember({ key: 'allergies', value: `${name}-nuts`, purpose: 'health' });
      await page.record({ id: `o-${name}`, lines: [{ sku: `latte-${name}` }] });
      await page.notMe();
    }
    const [choice] = await choicesOf(page);
    await page.choose(choice?.id ?? '');
    expect(page.get()).toMatchObject({ level: 'claimed', customer: { name: 'Maria' } });
    return { device, page, maria: page.get().customer?.id ?? '' };
  }

  /** What a later page tells Maria, once she has proved who she is. */
  async function later(device: Device, page: Regulars): Promise<Regulars> {
    await page.stop();
    const next = device.page({ consent: { remember: 'granted' } });
    await next.start();
    expect(JSON.stringify(next.get())).not.toContain('Maria');
    await next.recognize({ account: 'Maria' }, { verified: ['account'] });
    return next;
  }

  it.each([
    ['forgets', (page: Regulars) => page.rights.forget({ scope: 'device' })],
    ['says no', (page: Regulars) => page.rights.consent('remember', 'denied')],
    ['says yes', (page: Regulars) => page.rights.consent('remember', 'granted')],
    ['says no to health', (page: Regulars) => page.rights.consent('health', 'denied')],
    ['says no to suggestions', (page: Regulars) => page.rights.consent('suggest', 'denied')],
    ['corrects the name', (page: Regulars) => page.rights.correct('name.given', 'Mallory')],
    ['removes the name', (page: Regulars) => page.rights.remove('name.given')],
  ])('nothing of hers goes or changes where the claimant %s', async (_, act) => {
    const { device, page, maria } = await claimed();
    await page.record({ id: 'o-claim', lines: [{ sku: 'tea' }] });
    await act(page);
    const next = await later(device, page);
    expect(next.get().customer).toMatchObject({ id: maria, name: 'Maria' });
    expect(next.get().consent).toMatchObject({ remember: 'granted', health: 'granted' });
    expect(JSON.stringify(next.reveal('sensitive'))).toContain('Maria-nuts');
    expect(JSON.stringify(next.reveal('orders'))).toContain('latte-Maria');
    await next.recognize({ account: 'Shep' }, { verified: ['account'] });
    expect(JSON.stringify(next.reveal('orders'))).toContain('latte-Shep');
  });

  it.each(['forget', 'no'])('what was done under the claim goes with a %s', async (how) => {
    const { device, page } = await claimed();
    await page.record({ id: 'o-claim', lines: [{ sku: 'tea-under-claim' }] });
    await page.rights.remember({ key: 'note', value: 'said-under-claim' });
    expect(await device.bytes()).toContain('tea-under-claim');
    if (how === 'no') await page.rights.consent('remember', 'denied');
    else await page.rights.forget({ scope: 'device' });
    expect(page.get()).toMatchObject({ level: 'none', customer: null });
    const bytes = await device.bytes();
    expect(bytes).not.toContain('tea-under-claim');
    expect(bytes).not.toContain('said-under-claim');
    expect(bytes).toContain('latte-Maria');
  });

  it('a word of a claimant does not outrank what the one who was claimed says later', async () => {
    const page = createDevice().page({ consent: { remember: 'granted' } });
    await page.start();
    await page.recognize({ phone: PHONE }, { verified: ['phone'], name: 'Maria' });
    await page.notMe();
    await page.recognize({ phone: PHONE });
    await page.rights.correct('favorite', 'of-the-claimant');
    await page.record({ id: 'o-claim', lines: [{ sku: 'tea' }] });
    await page.endVisit();
    await page.recognize({ phone: PHONE }, { verified: ['phone'] });
    await page.rights.remember({ key: 'favorite', value: 'her-own' });
    expect((await page.rights.known()).facts).toContainEqual(
      expect.objectContaining({ key: 'favorite', value: 'her-own', corrected: false }),
    );
  });

  it('a no to suggestions holds for this visit at once', async () => {
    const { page } = await claimed();
    await page.rights.consent('suggest', 'denied');
    expect(page.get().consent.suggest).toBe('denied');
    expect(page.recommend()).toMatchObject({ kind: 'none' });
  });

  it('a yes of a claimant does not take back the no of the one who was claimed', async () => {
    const device = createDevice();
    const page = device.page({ consent: { remember: 'granted' } });
    await page.start();
    await page.recognize({ phone: PHONE }, { verified: ['phone'], name: 'Maria' });
    await page.rights.consent('suggest', 'denied');
    await page.notMe();
    await page.recognize({ phone: PHONE });
    await page.rights.consent('suggest', 'granted');
    await page.record({ id: 'o-claim', lines: [{ sku: 'tea' }] });
    await page.endVisit();
    // her proof takes along what was claimed
    await page.recognize({ phone: PHONE }, { verified: ['phone'] });
    expect(page.get().consent.suggest).toBe('denied');
  });
});
