import { describe, expect, it } from 'vitest';
import type { Choice, Regulars } from '../../../src/client/types.js';
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
