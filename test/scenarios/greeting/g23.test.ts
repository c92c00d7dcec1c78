import { describe, expect, it, vi } from 'vitest';
import { recommender } from '../../../src/recommend/recommender.js';
import { at, DAY, item, line, signedIn } from './guest.js';
import { everyWord, settled } from './words.js';

const NOW = at('2026-03-20 10:00');
const durable = { category: 'toasters', repurchaseDays: 1460 };
const MENU = [
  item('Toaster', durable),
  item('Toaster de luxe', durable),
  item('Small toaster', durable),
  item('Bread', { category: 'bread' }),
  item('Jam', { category: 'jam' }),
];
const orders = [
  { id: 'web:toaster', at: NOW - 14 * DAY, lines: [line('Toaster')] },
  ...[3, 10, 17].map((days) => ({
    id: `web:${days}`,
    at: NOW - days * DAY,
    lines: [line('Bread')],
  })),
];

describe('G23 durable', () => {
  it('is not offered again, nor any other of its kind; bread may be', async () => {
    const page = await signedIn(NOW, orders, { catalog: MENU, recommend: recommender() }, 'Maya');
    await vi.waitFor(() => expect(page.recommend()).not.toMatchObject({ reason: 'not-ready' }));
    await settled(page);
    const said = everyWord(page);
    expect(said).not.toMatch(/toaster/i);
    expect(said).toMatch(/bread/i);
  });
});
