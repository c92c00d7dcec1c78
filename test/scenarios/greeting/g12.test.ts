import { describe, expect, it } from 'vitest';
import { createDevice } from '../../support/device.js';
import { at, DAY, line, signedIn } from './guest.js';
import { everyWord, FORBIDDEN, greetingOf, settled } from './words.js';

const NOW = at('2026-03-20 12:00');
const visits = (count: number): { id: string; at: number; lines: ReturnType<typeof line>[] }[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `web:${index}`,
    at: NOW - (index + 1) * 40 * DAY,
    lines: [line('Tea')],
  }));
const cancelled = {
  id: 'web:cancelled',
  at: NOW - 10 * DAY,
  status: 'cancelled',
  lines: [line('Tea')],
} as const;

describe('G12 milestone', () => {
  it('thanks for the tenth visit, and does not count what was cancelled', async () => {
    const page = await signedIn(NOW, [...visits(9), cancelled], {}, 'Maya');
    await settled(page);
    const { kind, text, ref } = greetingOf(page);
    expect(kind).toBe('milestone');
    expect(text).toMatch(/Maya/);
    expect(text).toMatch(/\b10th|tenth/);
    expect(text).toMatch(/thank/i);
    expect(everyWord(page)).not.toMatch(/11|eleven|cancel/i);
    expect(everyWord(page)).not.toMatch(FORBIDDEN);
    expect(page.why(ref)).toMatchObject({
      rule: 'milestone',
      evidence: [{ kind: 'milestone', ordinal: 10 }, { kind: 'purchases' }],
      controls: expect.arrayContaining(['wrong', 'stop', 'forget']),
    });
    const ids = page.why(ref)?.evidence.flatMap((one) => (one.kind === 'purchases' ? one.ids : []));
    expect(ids).toHaveLength(9);
    expect(ids).not.toContain('web:cancelled');
  });

  it('is the 10th, 25th, 50th, then each 50th, and no other', async () => {
    const round: number[] = [];
    for (const count of [8, 9, 10, 11, 19, 23, 24, 25, 29, 48, 49, 50, 74]) {
      const page = await signedIn(NOW, visits(count), {}, 'Maya');
      if (greetingOf(page).kind === 'milestone') round.push(count + 1);
    }
    expect(round).toEqual([10, 25, 50]);
  }, 60_000);

  it('counts several orders within four hours as one visit', async () => {
    const twice = visits(5).flatMap((order) => [
      order,
      { ...order, id: `${order.id}b`, at: order.at + 3_600_000 },
    ]);
    expect(greetingOf(await signedIn(NOW, twice)).kind).not.toBe('milestone');
  });

  it('stays while the tenth is being paid for, and falls with an order that was not theirs', async () => {
    const page = await signedIn(NOW, visits(9), {}, 'Maya');
    await page.record({ id: 'web:tenth', lines: [line('Tea')] });
    expect(greetingOf(page)).toMatchObject({ kind: 'milestone' });
    expect(greetingOf(page).text).toMatch(/10th/);
    await page.rights.remove('web:tenth');
    await page.rights.remove('web:3');
    expect(everyWord(page)).not.toMatch(/10th|tenth/);
  });

  it('is the same through one stay, and is said once: not again in the next', async () => {
    const device = createDevice(NOW);
    const page = await signedIn(NOW, visits(9), {}, 'Maya', device);
    const again = async (): Promise<string> => {
      await page.endVisit();
      await page.recognize({ account: 'u_42' }, { verified: ['account'] });
      return greetingOf(page).text;
    };
    const said = greetingOf(page);
    page.shown(said.ref);
    page.shown(said.ref);
    device.clock.advance(10 * 60_000);
    expect(await again()).toBe(said.text);
    device.clock.advance(DAY);
    expect(await again()).not.toMatch(/10th|tenth/);
  });
});
