import { afterEach, describe, expect, it, vi } from 'vitest';
import { createRegulars } from '../../../src/client/create-regulars.js';
import { behindOf } from '../../../src/client/door.js';
import type { Regulars, RegularsOptions } from '../../../src/client/types.js';
import type { GreetingRule } from '../../../src/greeting/types.js';
import { recommender } from '../../../src/recommend/recommender.js';
import { createTestRegulars } from '../../../src/testing/create-test-regulars.js';
import { createDevice } from '../../support/device.js';

const DAY = 86_400_000;
const kindOf = (regulars: Regulars): string => regulars.greeting().kind;
const refOf = (regulars: Regulars): string => {
  const greeting = regulars.greeting();
  if (greeting.kind === 'none') throw new Error(greeting.reason);
  return greeting.ref;
};

describe('greetingRules', () => {
  it('may be a function that adds, replaces and reorders', async () => {
    const storm: GreetingRule = {
      name: 'storm',
      choose: ({ context }) =>
        context.basket?.includes('umbrella') ? { kind: 'returning', because: [] } : undefined,
    };
    let names: readonly string[] = [];
    const { regulars } = await createTestRegulars({
      customer: 'regular',
      greetingRules: (defaults) => {
        names = defaults.map(({ name }) => name);
        return [storm, ...defaults.filter(({ name }) => name !== 'regular')];
      },
    });
    expect(names).toEqual([
      ...['unknown', 'recovery', 'follow-up', 'paused', 'birthday', 'milestone'],
      ...['lapsed', 'regular', 'returning', 'first'],
    ]);
    expect(regulars.why(refOf(regulars))).toMatchObject({ rule: 'returning' });
    regulars.setContext({ basket: ['umbrella'] });
    expect(regulars.why(refOf(regulars))).toMatchObject({ rule: 'storm' });
  });

  it('that throws, or gives no list, is told to onError and ours speak', async () => {
    const error = new Error('host');
    const errors: unknown[] = [];
    const { regulars } = await createTestRegulars({
      customer: 'regular',
      onError: (one) => errors.push(one),
      greetingRules: () => {
        throw error;
      },
    });
    expect(kindOf(regulars)).toBe('regular');
    expect(errors).toEqual([error]);
    const nothing = await createTestRegulars({
      customer: 'regular',
      greetingRules: (() => undefined) as never,
    });
    expect(kindOf(nothing.regulars)).toBe('regular');
  });
});

describe('hold-out', () => {
  it('greets plainly whom the lot fell on, says so when asked, and counts it', async () => {
    const { regulars, clock } = await createTestRegulars({ customer: 'regular', holdOut: 1 });
    expect(regulars.greeting()).toMatchObject({ kind: 'neutral', text: 'Welcome.' });
    const ref = refOf(regulars);
    expect(regulars.why(ref)).toMatchObject({
      rule: 'held-out',
      evidence: [{ kind: 'held-out' }],
    });
    expect(regulars.why(ref)?.text).toMatch(/lot/);
    regulars.shown(ref);
    regulars.shown(ref);
    await regulars.endVisit();
    clock.advance(DAY);
    await regulars.recognize({ account: 'test-customer' }, { verified: ['account'] });
    const { records } = await regulars.rights.export();
    const exposures = records.flatMap((one) => (one.kind === 'exposure' ? [one.data.items] : []));
    expect(exposures).toEqual([
      { 'greeting:held-out': { shown: 1, accepted: 0, ignored: 1, viewed: 0 } },
    ]);
    expect(kindOf(regulars)).toBe('neutral');
  });

  it('counts who was greeted beside them', async () => {
    const { regulars } = await createTestRegulars({ customer: 'regular', holdOut: 1e-9 });
    expect(kindOf(regulars)).toBe('regular');
    regulars.shown(refOf(regulars));
    regulars.accepted(refOf(regulars));
    await regulars.endVisit();
    await regulars.recognize({ account: 'test-customer' }, { verified: ['account'] });
    const { records } = await regulars.rights.export();
    expect(records.flatMap((one) => (one.kind === 'exposure' ? [one.data.items] : []))).toEqual([
      { 'greeting:regular': { shown: 1, accepted: 1, ignored: 0, viewed: 0 } },
    ]);
  });

  it('says what went wrong to whoever it went wrong for', async () => {
    const { regulars } = await createTestRegulars({ customer: 'open-issue', holdOut: 1 });
    expect(kindOf(regulars)).toBe('recovery');
  });

  it('counts nothing of everyday greetings where there is none', async () => {
    const { regulars } = await createTestRegulars({ customer: 'regular' });
    regulars.shown(refOf(regulars));
    await regulars.endVisit();
    await regulars.recognize({ account: 'test-customer' }, { verified: ['account'] });
    const { records } = await regulars.rights.export();
    expect(records.filter(({ kind }) => kind === 'exposure')).toEqual([]);
  });
});

describe('whose time it is (D15)', () => {
  afterEach(() => vi.unstubAllEnvs());
  const noonUtc = Date.UTC(2026, 2, 20, 12);

  async function hourOf(options: Partial<RegularsOptions>): Promise<string> {
    vi.stubEnv('TZ', 'Asia/Tokyo');
    const page = createDevice(noonUtc).page({ ...options, consent: { remember: 'granted' } });
    const heard: string[] = [];
    const rules: GreetingRule[] = [
      {
        name: 'spy',
        choose: ({ context }) => {
          heard.push(context.timeZone ?? 'device');
          return undefined;
        },
      },
    ];
    const spied = createRegulars({
      shop: 'blue-door',
      clock: behindOf(page)?.core.clock as never,
      ...options,
      greetingRules: rules,
    });
    await spied.start();
    spied.greeting();
    await spied.stop();
    return heard.at(-1) ?? 'never asked';
  }

  it.each([
    ['on the web the device', {}, 'device'],
    ['on the web the device, whatever the shop', { timeZone: 'Europe/Berlin' }, 'device'],
    ['at a kiosk the shop', { timeZone: 'Europe/Berlin', mode: 'kiosk' }, 'Europe/Berlin'],
    ['at a till the shop', { timeZone: 'Europe/Berlin', mode: 'staff' }, 'Europe/Berlin'],
    ['at a kiosk that does not know', { mode: 'kiosk' }, 'device'],
  ] as const)('is that of %s', async (_, options, zone) => {
    expect(await hourOf(options)).toBe(zone);
  });

  it('is what the page says, where it says so', async () => {
    const { regulars } = await createTestRegulars({ customer: 'regular' });
    regulars.setContext({ timeZone: 'America/Los_Angeles' });
    // 00:05 there: nobody is told that it is night
    expect(JSON.stringify(regulars.greeting())).not.toMatch(/Good|night/);
  });
});

describe('a pause', () => {
  it('is a fact of the customer: they are greeted plainly until it ends or is removed', async () => {
    const { regulars, clock } = await createTestRegulars({
      customer: 'regular',
      recommend: recommender(),
      catalog: [
        { sku: 'latte', name: 'Latte' },
        { sku: 'tea', name: 'Tea' },
      ],
    });
    await vi.waitFor(() => expect(regulars.recommend()).not.toMatchObject({ reason: 'not-ready' }));
    regulars.shown(refOf(regulars));
    const expiresAt = clock.now() + DAY;
    await regulars.rights.remember({ key: 'paused', value: true, expiresAt });
    expect(regulars.greeting()).toMatchObject({ kind: 'neutral', text: 'Welcome.' });
    expect(regulars.usual()).toEqual({ kind: 'none', reason: 'dismissed' });
    const offers = regulars.recommend();
    const reasons = offers.kind === 'items' ? offers.items.flatMap((one) => one.reasons) : [];
    expect(reasons.some(({ kind }) => kind === 'bought')).toBe(false);
    expect(regulars.why('g:neutral')).toMatchObject({
      rule: 'paused',
      evidence: [{ kind: 'fact', key: 'paused' }],
    });
    await regulars.rights.remove('paused');
    expect(kindOf(regulars)).toBe('regular');
    await regulars.rights.correct('paused', true);
    expect(kindOf(regulars)).toBe('neutral');
  });

  it('does not keep back that something went wrong', async () => {
    const { regulars } = await createTestRegulars({ customer: 'open-issue' });
    await regulars.rights.remember({ key: 'paused', value: true });
    expect(kindOf(regulars)).toBe('recovery');
  });
});

it.each([
  ['greetingRules', 'vip'],
  ['prior', 'bakery'],
  ['prior', { k: 1 }],
  ['holdOut', 2],
  ['contact', ''],
])('refuses %s %o', (option, value) => {
  expect(() => createRegulars({ shop: 'x', [option]: value })).toThrow(option);
});
