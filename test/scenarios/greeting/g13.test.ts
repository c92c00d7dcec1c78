import { describe, expect, it } from 'vitest';
import { createDevice, type Device } from '../../support/device.js';
import type { Regulars, RegularsOptions } from '../../../src/client/types.js';
import { at, DAY, line, signedIn } from './guest.js';
import { everyWord, FORBIDDEN, greetingOf, settled } from './words.js';

const orders = [30, 70].map((days) => ({
  id: `web:${days}`,
  at: at('2026-03-20 09:00') - days * DAY,
  lines: [line('Tea')],
}));

async function born(
  now: number,
  value: string,
  options: Partial<RegularsOptions> = {},
  device: Device = createDevice(now),
): Promise<Regulars> {
  const page = await signedIn(now, orders, options, 'Maya', device);
  expect(await page.rights.remember({ key: 'birthday', value })).toMatchObject({ kind: 'held' });
  return page;
}

describe('G13 birthday', () => {
  it.each(['03-20', '--03-20', '1990-03-20'])(
    'is wished to whoever gave it, without age or year: %s',
    async (value) => {
      const page = await born(at('2026-03-20 09:00'), value);
      await settled(page);
      const { kind, text, ref } = greetingOf(page);
      expect(kind).toBe('birthday');
      expect(text).toMatch(/birthday, Maya/i);
      const said = everyWord(page);
      expect(said).not.toMatch(/1990|\b36\b|\bage\b|\bold\b/i);
      expect(greetingOf(page).text).not.toMatch(FORBIDDEN);
      expect(page.why(ref)).toMatchObject({
        rule: 'birthday',
        evidence: [{ kind: 'fact', key: 'birthday', source: 'customer' }],
        controls: expect.arrayContaining(['wrong', 'stop', 'forget']),
      });
      expect(page.why(ref)?.text).toMatch(/You told us/);
    },
  );

  it.each([
    ['2026-03-16 23:00', false],
    ['2026-03-17 01:00', true],
    ['2026-03-23 23:00', true],
    ['2026-03-24 01:00', false],
  ])('is wished within three days: %s %s', async (now, wished) => {
    const page = await born(at(now), '03-20');
    expect(greetingOf(page).kind === 'birthday').toBe(wished);
  });

  it.each([
    ['2027-02-26 12:00', true],
    ['2027-03-01 12:00', true],
    ['2027-03-05 12:00', false],
    ['2028-02-29 12:00', true],
    ['2028-02-25 12:00', false],
  ])('is had in each year by who was born on 29 February: %s %s', async (now, wished) => {
    expect(greetingOf(await born(at(now), '02-29')).kind === 'birthday').toBe(wished);
  });

  it.each([
    ['2025-12-30 12:00', '01-01'],
    ['2026-01-02 12:00', '12-31'],
  ])('is near across the turn of the year: %s, %s', async (now, value) => {
    expect(greetingOf(await born(at(now), value)).kind).toBe('birthday');
  });

  it("is a day of the customer's own calendar", async () => {
    const page = await born(at('2026-03-17 01:00'), '03-20');
    expect(greetingOf(page).kind).toBe('birthday');
    // there it is still the 16th
    page.setContext({ timeZone: 'America/New_York' });
    expect(greetingOf(page).kind).not.toBe('birthday');
  });

  it('falls with the fact, at once; and is not wished on account of a wrong one', async () => {
    const page = await born(at('2026-03-20 09:00'), '03-20');
    const { ref } = greetingOf(page);
    page.shown(ref);
    expect(await page.rights.remove('birthday')).toMatchObject({ kind: 'held' });
    expect(everyWord(page)).not.toMatch(/birthday/i);
    await page.rights.correct('birthday', '03-21');
    expect(greetingOf(page).kind).toBe('birthday');
    await page.dismiss(greetingOf(page).ref, 'wrong');
    expect(page.greeting()).toEqual({ kind: 'none', reason: 'dismissed' });
  });

  it('is wished once, and again next year; after "wrong" never again', async () => {
    const now = at('2026-03-20 09:00');
    const device = createDevice(now);
    const page = await born(now, '03-20', {}, device);
    const comeBack = async (days: number): Promise<string> => {
      await page.endVisit();
      device.clock.advance(days * DAY);
      await page.recognize({ account: 'u_42' }, { verified: ['account'] });
      return greetingOf(page).kind;
    };
    page.shown(greetingOf(page).ref);
    expect(await comeBack(1)).not.toBe('birthday');
    expect(await comeBack(364)).toBe('birthday');
    await page.dismiss(greetingOf(page).ref, 'wrong');
    expect(await comeBack(365)).not.toBe('birthday');
  });

  it('is said to nobody of whom only this device knows', async () => {
    const now = at('2026-03-20 09:00');
    const device = createDevice(now);
    const first = device.page({ consent: { remember: 'granted' } });
    await first.start();
    await first.rights.remember({ key: 'name.given', value: 'Maya' });
    await first.rights.remember({ key: 'birthday', value: '03-20' });
    await first.record({ id: 'web:1', lines: [line('Tea')] });
    await first.stop();
    const next = device.page({ consent: { remember: 'granted' } });
    await next.start();
    expect(next.get().level).toBe('device');
    expect(everyWord(next)).toMatch(/Maya/);
    expect(everyWord(next)).not.toMatch(/birthday/i);
    await next.stop();
    const loose = device.page({ consent: { remember: 'granted' }, reveal: { birthday: 'device' } });
    await loose.start();
    // the very first words: nothing else was said before
    expect(greetingOf(loose)).toMatchObject({ kind: 'birthday' });
    await loose.stop();
  });
});
