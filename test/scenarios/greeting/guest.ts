import { vi } from 'vitest';
import { memoryStorage } from '../../../src/adapters/storage/memory.js';
import type { Reorder, Usual } from '../../../src/greeting/types.js';
import type { Regulars, RegularsOptions } from '../../../src/client/types.js';
import type { LineInput, PurchaseInput } from '../../../src/profile/types.js';
import type { Item, ModifierGroup } from '../../../src/recommend/types.js';
import { createDevice, type Device } from '../../support/device.js';

export const DAY = 86_400_000;

/** A line as scenarios write it: `latte(oat, extra hot)`; `milk:oat` names the group, `no onions` is none of them. */
export function line(text: string): LineInput {
  const [, name = '', inner = ''] = /^([^(]+)(?:\((.*)\))?$/.exec(text.trim()) ?? [];
  const modifiers = inner
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
    .map((one) => {
      const [, group, choice = ''] = /^(?:(.+):)?(.+)$/.exec(one) ?? [];
      const without = /^no (.+)$/.exec(choice)?.[1];
      return {
        ...(group !== undefined && { group }),
        name: without ?? choice,
        quantity: without === undefined ? 1 : 0,
      };
    });
  const label = name.trim();
  return { sku: label.toLowerCase().replace(/ /g, '-'), name: label, modifiers };
}

/** `2026-03-20 08:05`, UTC. */
export const at = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`);

/** Orders on these days before `now`, newest first, each of the lines that its number gives. */
export function orders(
  now: number,
  days: readonly number[],
  lines: (day: number, index: number) => readonly string[],
  more: Partial<PurchaseInput> = {},
): readonly PurchaseInput[] {
  return days.map((day, index) => ({
    id: `pos:${now}:${day}:${lines(day, index).join()}`,
    at: now - day * DAY,
    lines: lines(day, index).map(line),
    ...more,
  }));
}

export const group = (name: string, ...options: readonly string[]): ModifierGroup => ({
  id: name,
  name: name.charAt(0).toUpperCase() + name.slice(1),
  options: options.map((option) => ({ id: option, name: option })),
});

/** An item of a catalog. */
export const item = (name: string, more: Partial<Item> = {}): Item => ({
  sku: name.toLowerCase().replace(/ /g, '-'),
  name,
  price: 450,
  ...more,
});

/** Somebody who has signed in, on a page of their own, with these orders behind them. */
export async function signedIn(
  now: number,
  history: readonly PurchaseInput[],
  options: Partial<RegularsOptions> = {},
  name = 'Shep',
  device: Device = createDevice(now),
): Promise<Regulars> {
  const page = device.page({
    storage: memoryStorage(),
    consent: { remember: 'granted', suggest: 'granted', health: 'granted' },
    ...options,
  });
  await page.start();
  await page.recognize({ account: 'u_42' }, { verified: ['account'], name });
  for (const order of history) await page.record(order);
  // what changed is told as soon as what resolves it is there
  await vi.waitFor(() => {
    if (page.get().ready.catalog === 'loading') throw new Error('The catalog is on its way.');
  });
  return page;
}

export type KnownUsual = Exclude<Usual, { readonly kind: 'none' }>;

export function usualOf(page: Regulars): KnownUsual {
  const usual = page.usual();
  if (usual.kind === 'none') throw new Error(`No usual: ${usual.reason}`);
  return usual;
}

/** Everything that is shown of a visit: greeting, usual, questions, and what reorder says to the one tap. */
export async function said(page: Regulars): Promise<{
  readonly text: string;
  readonly greeting: string;
  readonly again: Reorder | undefined;
}> {
  const greeting = page.greeting();
  const usual = page.usual();
  const again = usual.kind === 'none' ? undefined : await page.reorder(usual.ref);
  const head = greeting.kind === 'none' ? '' : greeting.text;
  const rest =
    usual.kind === 'none'
      ? []
      : [
          usual.text,
          ...usual.ask.map(({ text }) => text),
          ...(usual.changes ?? []).map(({ text }) => text),
        ];
  const changed = again?.changed.map(({ text }) => text) ?? [];
  return { text: [head, ...rest, ...changed].join('\n'), greeting: head, again };
}
