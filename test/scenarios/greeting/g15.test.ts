import { describe, expect, it, vi } from 'vitest';
import { recommender } from '../../../src/recommend/recommender.js';
import { createDevice } from '../../support/device.js';
import type { Regulars, RegularsOptions } from '../../../src/client/types.js';
import { at, DAY, item, line, signedIn } from './guest.js';
import { everyWord, FORBIDDEN, greetingOf, issue, settled } from './words.js';

// a Friday
const NOW = at('2026-03-20 08:05');
const MENU = [item('Latte'), item('Soup'), item('Cake')];
const nine = [1, 2, 3, 4, 5, 8, 9, 10, 11].map((days) => ({
  id: `web:${days}`,
  at: NOW - days * DAY,
  lines: [line('Latte(milk:oat)')],
}));
const options = { catalog: MENU, recommend: recommender(), contact: '+1 425 555 0100' };

async function wronged(more: Partial<RegularsOptions> = {}, now = NOW): Promise<Regulars> {
  const page = await signedIn(now, nine, { ...options, ...more }, 'Maya', createDevice(now));
  await vi.waitFor(() => expect(page.recommend()).not.toMatchObject({ reason: 'not-ready' }));
  await page.rights.remember({ key: 'birthday', value: '03-20' });
  return page;
}

describe('G15 open complaint', () => {
  it('is acknowledged, with who handles it and how to reach them, and nothing is celebrated or offered', async () => {
    const page = await wronged();
    expect(greetingOf(page).kind).toBe('birthday');
    expect(page.recommend()).toMatchObject({ kind: 'items' });
    await issue(page, 'open', NOW - 2 * DAY);
    await settled(page);
    const { kind, text, ref } = greetingOf(page);
    expect(kind).toBe('recovery');
    expect(text).toMatch(/sorry/i);
    expect(text).toMatch(/went wrong/i);
    expect(text).toMatch(/Wednesday/);
    expect(text).toMatch(/Ana/);
    expect(text).toContain('+1 425 555 0100');
    // "usual" is no headline; ordering it stays a service
    expect(text).not.toMatch(/usual|latte|birthday|10th|tenth|recommend|soup|cold|!/i);
    expect(page.recommend()).toEqual({ kind: 'none', reason: 'nothing' });
    expect(page.usual().kind).toBe('usual');
    expect(everyWord(page)).not.toMatch(/birthday|10th|!|how likely/i);
    expect(everyWord(page)).not.toMatch(FORBIDDEN);
    expect(page.why(ref)).toMatchObject({
      rule: 'recovery',
      evidence: [{ kind: 'issue', issue: 'cold', state: 'open', at: NOW - 2 * DAY }],
      controls: expect.arrayContaining(['wrong', 'stop', 'forget']),
    });
  });

  it('outranks words that were shown, and a rest after two dismissals; a host may still be told "stop"', async () => {
    const page = await wronged();
    page.shown(greetingOf(page).ref);
    await page.dismiss(greetingOf(page).ref, 'not-now');
    expect(page.greeting()).toEqual({ kind: 'none', reason: 'dismissed' });
    await issue(page, 'open', NOW - DAY);
    expect(greetingOf(page).kind).toBe('recovery');
    await page.dismiss(greetingOf(page).ref, 'not-now');
    expect(page.greeting()).toEqual({ kind: 'none', reason: 'dismissed' });
  });

  it('says "wrong" of it: then nothing of it is said, and still nothing is celebrated', async () => {
    const device = createDevice(NOW);
    const page = await signedIn(NOW, nine, options, 'Maya', device);
    await issue(page, 'open', NOW - DAY);
    await page.dismiss(greetingOf(page).ref, 'wrong');
    await page.endVisit();
    device.clock.advance(DAY);
    await page.recognize({ account: 'u_42' }, { verified: ['account'] });
    expect(greetingOf(page)).toMatchObject({ kind: 'neutral', ref: 'g:neutral' });
    expect(page.recommend()).toEqual({ kind: 'none', reason: 'nothing' });
  });

  it('names no day that is long ago, nobody whom no record names, and no way that the host does not give', async () => {
    const { contact: _contact, ...silent } = options;
    const page = await signedIn(NOW, nine, silent, 'Maya');
    await issue(page, 'open', NOW - 20 * DAY, NOW - 20 * DAY, '17');
    const { text } = greetingOf(page);
    expect(text).toMatch(/sorry/i);
    expect(text).not.toMatch(/day\b|17|Ana|reach|undefined|\{/);
  });

  it('is the very first that a page says at the next start, without anything else before it', async () => {
    const device = createDevice(NOW);
    const first = device.page({ ...options, consent: { remember: 'granted', suggest: 'granted' } });
    await first.start();
    await first.rights.remember({ key: 'name.given', value: 'Maya' });
    await first.record({ id: 'web:1', at: NOW - 3 * DAY, lines: [line('Latte')] });
    await issue(first, 'open', NOW - 2 * DAY);
    await first.stop();
    const next = device.page({ ...options, consent: { remember: 'granted', suggest: 'granted' } });
    const heard: string[] = [];
    next.subscribe(({ greeting }) => heard.push(greeting.kind));
    await next.start();
    expect(next.get().level).toBe('device');
    expect(greetingOf(next)).toMatchObject({ kind: 'recovery' });
    expect([...new Set(heard)]).toEqual(['neutral', 'recovery']);
    await next.stop();
  });

  it('is over when it is settled', async () => {
    const page = await wronged();
    await issue(page, 'open', NOW - 2 * DAY);
    await issue(page, 'resolved', NOW - 2 * DAY, NOW - DAY);
    expect(greetingOf(page).kind).not.toBe('recovery');
    expect(page.recommend()).toMatchObject({ kind: 'items' });
  });
});
