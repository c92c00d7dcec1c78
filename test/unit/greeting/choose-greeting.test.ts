import { describe, expect, it } from 'vitest';
import { chooseGreeting } from '../../../src/greeting/choose-greeting.js';
import { createMessages } from '../../../src/greeting/create-messages.js';
import { defaultGreetingRules } from '../../../src/greeting/default-rules.js';
import { ar } from '../../../src/greeting/locales/ar.js';
import { de } from '../../../src/greeting/locales/de.js';
import { en } from '../../../src/greeting/locales/en.js';
import { ja } from '../../../src/greeting/locales/ja.js';
import { zhHans } from '../../../src/greeting/locales/zh-hans.js';
import type { GreetingInput, GreetingRule } from '../../../src/greeting/types.js';
import type { Messages, SpokenMessages } from '../../../src/greeting/messages.js';
import { card, context, DAY, line, NOW, order, shepsOrders, spoken } from './guests.js';

const none = { kind: 'none', reason: 'no-history' } as const;
const visits = (count: number, every: number): GreetingInput => ({
  card: card(
    Array.from({ length: count }, (_, at) => order(NOW - (at + 1) * every * DAY, [line('Latte')])),
  ),
  context: context({ name: { given: 'Ana' } }),
  usual: none,
});
const kindOf = (input: GreetingInput): string =>
  chooseGreeting(input, defaultGreetingRules, en).greeting.kind;

describe('chooseGreeting', () => {
  it('calls five visits in 90 days a regular, four a returning customer, none a first one', () => {
    expect(kindOf(visits(5, 18))).toBe('regular');
    expect(kindOf(visits(5, 19))).toBe('returning');
    expect(kindOf(visits(4, 1))).toBe('returning');
    expect(kindOf(visits(0, 1))).toBe('first');
  });

  it('is neutral for an erased card, for the level none, and where neither name nor taste may be said', () => {
    const input = visits(5, 2);
    expect(kindOf({ ...input, card: card([], { erased: true }) })).toBe('neutral');
    expect(kindOf({ ...input, context: context({ level: 'none', name: { given: 'Ana' } }) })).toBe(
      'neutral',
    );
    expect(kindOf({ ...input, context: context({ may: { taste: false } }) })).toBe('neutral');
    const { context: here, usual } = input;
    expect(kindOf({ context: here, usual })).toBe('neutral');
  });

  it('never says back, again or usual on a first visit, in any of its phrasings', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { said } = spoken(card([]), context({ name: { given: 'Ana' }, seed }));
      expect(said).toMatch(/^(Welcome|Hello), Ana\.$/m);
      expect(said).not.toMatch(/back|again|usual|last/i);
    }
  });

  it('changes its phrasing from day to day, and not within a day', () => {
    const texts = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      const { greeting } = chooseGreeting(
        { ...visits(2, 3), context: context({ seed }) },
        defaultGreetingRules,
        en,
      );
      texts.add(greeting.text);
      const again = chooseGreeting(
        { ...visits(2, 3), context: context({ seed }) },
        defaultGreetingRules,
        en,
      );
      expect(again.greeting).toEqual(greeting);
    }
    expect(texts.size).toBe(3);
  });

  it('says what has changed of a usual as the language puts one sentence after the other', () => {
    const { usual } = spoken(card(shepsOrders()), context());
    if (usual.kind === 'none') throw new Error('no usual');
    const changed = { kind: 'gone', line: 0, reason: 'unknown' } as const;
    const said = (messages: SpokenMessages): string => {
      const changes = ['A.', 'B.'].map((text) => ({ ...changed, text }));
      const input = { ...visits(5, 2), usual: { ...usual, changes } };
      return chooseGreeting(input, defaultGreetingRules, messages).greeting.text;
    };
    expect(said(en)).toMatch(/\. A\. B\.$/);
    expect(said(createMessages(de))).toMatch(/\. A\. B\.$/);
    expect(said(createMessages(ja))).toMatch(/。A\.B\.$/);
    expect(said(createMessages(zhHans))).toMatch(/。A\.B\.$/);
    expect(said(createMessages(ar))).toMatch(/\. A\. B\.$/);
    const { sentences: _, ...own } = en;
    expect(said(own)).toBe(said(en)); // of a host whose words came without it
  });

  it('says the hour of the day without comment: nothing of night or noon', () => {
    const heads = new Set<string>();
    for (let hour = 0; hour < 24; hour++)
      for (let seed = 0; seed < 8; seed++) {
        const now = Date.UTC(2026, 2, 20, hour);
        const { chosen } = spoken(
          card(shepsOrders()),
          context({ now, seed, name: { given: 'Shep' } }),
        );
        heads.add(/^[^,]+/.exec(chosen.greeting.text)?.[0] ?? '');
      }
    expect([...heads].sort()).toEqual([
      'Good afternoon',
      'Good evening',
      'Good morning',
      'Hello',
      'Welcome back',
    ]);
  });

  it('leaves a placeholder unsaid, and keeps the sentence whole', () => {
    const { said } = spoken(card(shepsOrders()), context({ name: { given: 'undefined' } }));
    expect(said).not.toMatch(/undefined|, \./);
  });

  it('names the habitual table, unless the guest sits at one already', () => {
    const at = { place: { id: 'main', table: '7' } };
    const guest = card([1, 2, 3].map((ago) => order(NOW - ago * DAY, [line('Latte')], at)));
    const { said } = spoken(guest, context({ place: { id: 'main' } }));
    expect(said).toContain('The usual: Latte, at table 7?');
    expect(spoken(guest, context({ place: { id: 'main', table: '2' } })).said).not.toMatch(/table/);
  });

  it('names three of thirty things and counts the rest', () => {
    const lines = Array.from({ length: 30 }, (_, at) => line(`Thing ${at}`));
    const { said } = spoken(card([order(NOW - DAY, lines)]), context());
    expect(said).toContain('Last time: Thing 0, Thing 1, Thing 2 and 27 more.');
  });

  it('isolates a name that runs the other way, in the text only', () => {
    const { chosen } = spoken(card([]), context({ name: { given: 'شيرين' } }));
    expect(chosen.greeting.text).toMatch(/, \u2068شيرين\u2069\./);
    expect(chosen.greeting.parts).toContainEqual({ type: 'name', value: 'شيرين' });
  });

  it('takes the first rule of the host that gives something, and ours when it gives nothing', () => {
    const vip: GreetingRule = { name: 'vip', choose: () => ({ kind: 'regular', because: [] }) };
    const quiet: GreetingRule = { name: 'quiet', choose: () => undefined };
    const chosen = chooseGreeting(visits(0, 1), [quiet, vip, ...defaultGreetingRules], en);
    expect(chosen).toMatchObject({ rule: 'vip', greeting: { kind: 'regular' }, errors: [] });
    expect(chooseGreeting(visits(0, 1), [], en)).toMatchObject({ rule: 'neutral' });
  });

  it('skips a rule that throws and hands back what it threw', () => {
    const error = new Error('host');
    const bad: GreetingRule = {
      name: 'bad',
      choose: () => {
        throw error;
      },
    };
    const chosen = chooseGreeting(visits(5, 2), [bad, ...defaultGreetingRules], en);
    expect(chosen).toMatchObject({ rule: 'regular', errors: [error] });
  });

  it('speaks English where the words of the host throw', () => {
    const error = new Error('words');
    const broken: Messages = {
      ...en,
      lang: 'xx',
      greeting: () => {
        throw error;
      },
    };
    const chosen = chooseGreeting(visits(5, 2), defaultGreetingRules, broken);
    expect(chosen.errors).toEqual([error]);
    expect(chosen.greeting).toMatchObject({ kind: 'regular', lang: 'en' });
  });
});
