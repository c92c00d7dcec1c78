import { chooseGreeting } from '../../../src/greeting/choose-greeting.js';
import { defaultGreetingRules } from '../../../src/greeting/default-rules.js';
import type { ChosenGreeting } from '../../../src/greeting/choose-greeting.js';
import { findUsual } from '../../../src/greeting/find-usual.js';
import { en } from '../../../src/greeting/locales/en.js';
import type { SpeakContext, Usual } from '../../../src/greeting/types.js';
import type { Card, CardPurchase, Modifier, PurchaseLine } from '../../../src/profile/types.js';
import type { Item } from '../../../src/recommend/types.js';

export const DAY = 86_400_000;
/** Friday, 2026-03-20, 08:05 UTC. */
export const NOW = Date.UTC(2026, 2, 20, 8, 5);

/** `oat` or `milk:oat` or `onions*0`. */
export function modifier(text: string): Modifier {
  const [, group, name = '', quantity] = /^(?:(.+):)?([^*]+)(?:\*(\d+))?$/.exec(text) ?? [];
  return { ...(group && { group }), name, quantity: Number(quantity ?? 1) };
}

export function line(name: string, modifiers: readonly string[] = [], quantity = 1): PurchaseLine {
  const sku = name.toLowerCase().replace(/ /g, '-');
  return { sku, name, quantity, unitPrice: 450, modifiers: modifiers.map(modifier) };
}

let count = 0;
export function order(
  at: number,
  lines: readonly PurchaseLine[],
  more: Partial<CardPurchase> = {},
): CardPurchase {
  count += 1;
  return {
    id: `pos:${String(count).padStart(6, '0')}`,
    at,
    status: 'paid',
    lines,
    total: 450,
    currency: 'EUR',
    channel: 'pos',
    ...more,
  };
}

export function card(purchases: readonly CardPurchase[], more: Partial<Card> = {}): Card {
  const paid = purchases
    .filter(({ status }) => status === 'paid')
    .map(({ at }) => at)
    .sort((a, b) => b - a);
  return {
    id: 'c1',
    subjects: ['c1'],
    facts: {},
    consent: { remember: 'granted' },
    consentRecords: {},
    links: [],
    purchases: [...purchases].sort((a, b) => b.at - a.at),
    olderPurchases: 0,
    items: [],
    visitTimes: paid,
    paidVisits: paid.length,
    issues: [],
    dismissals: [],
    exposures: {},
    ...more,
  };
}

export function context(more: Partial<SpeakContext> = {}): SpeakContext {
  return {
    now: NOW,
    timeZone: 'UTC',
    locale: 'en',
    mode: 'storefront',
    level: 'verified',
    shop: 'blue-door',
    channel: 'web',
    seed: 7,
    may: { taste: true },
    ...more,
  };
}

/** Everything a page would show of a greeting and a usual. */
export function spoken(
  guest: Card | undefined,
  here: SpeakContext,
  items: readonly Item[] = [],
): { chosen: ChosenGreeting; usual: Usual; said: string } {
  const itemOf = (sku: string): Item | undefined => items.find((item) => item.sku === sku);
  const usual = findUsual(guest, here, itemOf);
  const input = { ...(guest && { card: guest }), context: here, usual };
  const chosen = chooseGreeting(input, defaultGreetingRules, en);
  const { greeting } = chosen;
  const shown = usual.kind === 'none' ? [] : [usual.text, ...usual.ask.map(({ text }) => text)];
  return {
    chosen,
    usual,
    said: [greeting.text, ...greeting.parts.map(({ value }) => value), ...shown].join('\n'),
  };
}

/** Lattes with croissants in the mornings, one soup in between. */
export function shepsOrders(): readonly CardPurchase[] {
  const latte = [line('Latte', ['milk:oat', 'extra hot']), line('Almond croissant')];
  const at = (days: number): number => NOW - days * DAY - 10 * 60_000;
  return [
    ...[1, 8, 15, 22, 36].map((days) => order(at(days), latte)),
    order(at(3), [line('Flat white', ['milk:whole'])]),
  ];
}
