import { describe, expect, it } from 'vitest';
import { de } from '../../../src/greeting/locales/de.js';
import type { RegularsOptions } from '../../../src/client/types.js';
import { createDevice } from '../../support/device.js';
import { at, DAY, item, line, orders, said, signedIn } from './guest.js';
import { greetingOf, settled } from './words.js';

const now = at('2026-03-20 09:00');
const lattes = orders(now, [2, 5, 9, 12, 16, 20], () => ['Latte(milk:oat)']);

const rule = (choose: () => unknown): Partial<RegularsOptions> =>
  ({ greetingRules: (ours: readonly unknown[]) => [{ name: 'own', choose }, ...ours] }) as never;

describe("a host's rules in plain JavaScript", () => {
  it.each([
    ['throws', () => Promise.reject(new Error('late'))],
    ['gives a promise', async () => ({ kind: 'returning', because: [] })],
    ['gives a text', () => 'hello'],
    ['gives nothing of it', () => ({})],
    ['gives a kind that is a message', () => ({ kind: 'hello', because: [] })],
    ['gives a kind that every object has', () => ({ kind: 'constructor', because: [] })],
    ['rests on nothing', () => ({ kind: 'returning' })],
    ['counts NaN', () => ({ kind: 'milestone', because: [], slots: { ordinal: NaN } })],
    ['counts nothing', () => ({ kind: 'milestone', because: [] })],
  ])('is told and skipped, and the next speaks: %s', async (_, choose) => {
    const device = createDevice(now);
    const page = await signedIn(
      now,
      lattes,
      rule(() => {
        const choice: unknown = choose();
        if (choice instanceof Promise) choice.catch(() => undefined);
        return choice;
      }),
      'Shep',
      device,
    );
    await settled(page);
    const { kind, ref } = greetingOf(page);
    expect(kind).toBe('regular');
    expect(page.why(ref)?.text).toBe('You have ordered here 6 times in the last 90 days.');
    expect(device.errors).not.toEqual([]);
  });

  it('fill in only what may be said', async () => {
    const page = await signedIn(
      now,
      lattes,
      rule(() => ({
        kind: 'recovery',
        because: [null, { kind: 'nobody knows' }],
        slots: { staff: { name: 'Ana' }, contact: 5, weekday: 99, amount: '12 €' },
      })),
    );
    await settled(page);
    const { text, ref } = greetingOf(page);
    expect(text).toBe('We are sorry, Shep. Something went wrong. We are looking after it.');
    expect(page.why(ref)).toMatchObject({ rule: 'own', text: '' });
  });
});

describe("a host's formatter", () => {
  it.each([[null], [5], [{}], [[null]], [[{ type: 'text' }]]])(
    'that gives %j leaves our words, in the language of the page',
    async (given) => {
      const page = await signedIn(now, lattes, {
        locales: [de],
        locale: 'de',
        messageFormatter: (() => given) as never,
      });
      await settled(page);
      expect(greetingOf(page)).toMatchObject({ lang: 'de' });
      expect(greetingOf(page).text).toMatch(/Wie immer: Latte \(oat\)\?/);
    },
  );
});

describe("a host's own reason", () => {
  it.each([
    ['throws', () => JSON.parse('{') as string],
    ['gives a number', () => 7 as never],
    ['gives nothing', () => undefined as never],
  ])('that %s is told, and ours is said', async (_, evidence) => {
    const device = createDevice(now);
    const page = await signedIn(now, lattes, { messages: { evidence } }, 'Shep', device);
    await settled(page);
    expect(page.why(greetingOf(page).ref)?.text).toMatch(/You have ordered here 6 times/);
    expect(device.errors).not.toEqual([]);
  });

  it('is said where it gives one', async () => {
    const page = await signedIn(now, lattes, { messages: { evidence: () => 'So it is.' } });
    await settled(page);
    expect(page.why(greetingOf(page).ref)?.text).toBe('So it is.');
  });
});

describe('a language', () => {
  const latte = {
    ...{ id: 'a', at: now - 3 * DAY, currency: 'EUR' },
    lines: [{ ...line('Latte'), unitPrice: 400 }],
  };

  it.each(['de_DE', 'de-DE', 'DE-de'])('goes by %s in words, dates and prices', async (locale) => {
    const page = await signedIn(now, [latte], { locales: [de], locale, catalog: [item('Latte')] });
    await settled(page);
    const usual = page.usual();
    expect(page.why('ref' in usual ? usual.ref : '')?.text).toContain('17. März 2026');
    expect((await said(page)).text).toMatch(/Latte kostet jetzt 4,50\s€ \(vorher 4,00\s€\)/);
  });

  it('is English where the tag is none', async () => {
    const page = await signedIn(now, [latte], { catalog: [item('Latte')] });
    page.setContext({ locale: 'english!!' });
    await settled(page);
    const usual = page.usual();
    expect(page.why('ref' in usual ? usual.ref : '')?.text).toContain('March 17, 2026');
    expect((await said(page)).text).toContain('Latte is now €4.50 (it was €4.00)');
  });
});

describe('a name that ends with a full stop', () => {
  it.each([
    ['returning', [{ id: 'a', at: now - 3 * DAY, lines: [line('Tea')] }]],
    ['regular', lattes],
  ])('takes no second one: %s', async (kind, history) => {
    const device = createDevice(now);
    const page = await signedIn(now, history, { locales: [de] }, 'Maya K.', device);
    for (const locale of ['en', 'de']) {
      page.setContext({ locale });
      const { text } = greetingOf(page);
      expect(greetingOf(page).kind).toBe(kind);
      expect(text).toMatch(/Maya K\.( |$)/);
      expect(text).not.toContain('..');
    }
  });
});
