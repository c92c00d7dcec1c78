import { describe, expect, it } from 'vitest';
import { createStaff } from '../../../src/client/staff.js';
import { createDevice } from '../../support/device.js';
import { at, DAY, line, signedIn } from './guest.js';
import { everyWord, greetingOf, issue, settled } from './words.js';

const NOW = at('2026-03-20 08:05');
const orders = [7, 14, 21, 28, 35].map((days) => ({
  id: `web:${days}`,
  at: NOW - days * DAY,
  lines: [line('Latte(milk:oat)')],
}));

describe('G16 complaint resolved', () => {
  it.each(['storefront', 'shared'] as const)(
    'is thanked for in one line, without its details; the usual may follow: %s',
    async (mode) => {
      const page = await signedIn(NOW, orders, { mode }, 'Maya');
      await issue(page, 'resolved', NOW - 6 * DAY, NOW - 5 * DAY);
      await settled(page);
      const { kind, text, ref } = greetingOf(page);
      expect(kind).toBe('follow-up');
      expect(text).toMatch(/thank you for telling us|right now/i);
      expect(text).not.toMatch(/soup|cold|Ana|Saturday|Sunday|likely|!/i);
      expect(text.split('\n')).toHaveLength(1);
      expect(everyWord(page)).not.toMatch(/soup|cold|how likely/i);
      expect(page.why(ref)).toMatchObject({
        rule: 'follow-up',
        evidence: [{ kind: 'issue', issue: 'cold', state: 'resolved' }],
      });
    },
  );

  it.each([
    ['31 days ago', 40, 31, orders.slice(4), false],
    ['30 days ago', 40, 30, orders.slice(4), true],
    ['and there was a visit since', 20, 9, orders, false],
  ])(
    'is said for 30 days, and until the next visit: %s',
    async (_, went, settledAgo, history, said) => {
      const page = await signedIn(NOW, history, {}, 'Maya');
      await issue(page, 'resolved', NOW - went * DAY, NOW - settledAgo * DAY);
      expect(greetingOf(page).kind === 'follow-up').toBe(said);
    },
  );

  it('is said once', async () => {
    const device = createDevice(NOW);
    const page = await signedIn(NOW, orders, {}, 'Maya', device);
    await issue(page, 'resolved', NOW - 6 * DAY, NOW - 5 * DAY);
    page.shown(greetingOf(page).ref);
    await page.record({ id: 'web:now', lines: [line('Latte')] });
    // the same words through the stay
    expect(greetingOf(page).kind).toBe('follow-up');
    await page.rights.remove('web:now');
    await page.endVisit();
    device.clock.advance(DAY);
    await page.recognize({ account: 'u_42' }, { verified: ['account'] });
    expect(greetingOf(page).kind).not.toBe('follow-up');
  });

  it('says no day of an open one where others look on, either', async () => {
    const page = await signedIn(NOW, orders, { mode: 'shared', contact: 'the counter' }, 'Maya');
    await issue(page, 'open', NOW - 2 * DAY);
    expect(greetingOf(page)).toMatchObject({ kind: 'recovery' });
    expect(greetingOf(page).text).toMatch(/Ana.*the counter/);
    expect(greetingOf(page).text).not.toMatch(/day\b|soup|cold/i);
  });

  it('comes and goes by the hand of the staff, and only a role that may see issues hears of them', async () => {
    const device = createDevice(NOW);
    const till = await signedIn(
      NOW,
      orders,
      { mode: 'staff', contact: 'the counter' },
      'Maya',
      device,
    );
    const staff = createStaff(till, {
      roles: { waiter: ['name', 'taste'], manager: ['name', 'taste', 'issues'] },
      who: { id: 'ben', role: 'manager' },
    });
    const opened = await staff.openIssue('The soup was cold.', { owner: 'Ana' });
    if (opened.kind !== 'opened') throw new Error(opened.kind);
    expect(greetingOf(till)).toMatchObject({ kind: 'recovery' });
    staff.signIn({ id: 'eva', role: 'waiter' });
    expect(greetingOf(till).kind).toBe('neutral');
    expect(await staff.resolveIssue(opened.issue)).toEqual({ kind: 'absent' });
    staff.signIn({ id: 'ben', role: 'manager' });
    expect(await staff.resolveIssue('another')).toEqual({ kind: 'unknown' });
    device.clock.advance(60_000);
    expect(await staff.resolveIssue(opened.issue)).toEqual({ kind: 'resolved' });
    expect(greetingOf(till).kind).toBe('follow-up');
    expect(await staff.resolveIssue(opened.issue)).toEqual({ kind: 'unknown' });
    expect(await staff.log()).toMatchObject({
      acts: expect.arrayContaining([expect.objectContaining({ staff: 'ben', what: 'issue' })]),
    });
    staff.signOut();
    expect(await staff.openIssue('Again.')).toEqual({ kind: 'locked' });
  });
});
