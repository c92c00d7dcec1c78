import { describe, expect, it, vi } from 'vitest';
import { trainModel } from '../../../src/model/train-model.js';
import { recommender } from '../../../src/recommend/recommender.js';
import type { Item } from '../../../src/recommend/types.js';
import { at, item, signedIn } from './guest.js';

const NOW = at('2026-03-20 10:00');
const toaster = (name: string): Item => item(name, { category: 'Toasters', repurchaseDays: 1500 });
const bread = item('Bread', { category: 'Bakery' });
const customers = Array.from({ length: 20 }, () => ({
  visits: [{ items: ['toaster', 'bread'] }, { items: ['steel-toaster', 'bread'] }],
}));

async function offered(
  catalog: readonly Item[],
  boughtAt: string,
  lines: Parameters<typeof signedIn>[1][number]['lines'] = [
    { sku: 'toaster', name: 'Toaster', category: 'Toasters' },
  ],
): Promise<string> {
  const model = await trainModel(customers);
  const history = [{ id: 'web:1', at: at(boughtAt), lines }];
  const page = await signedIn(NOW, history, { catalog, recommend: recommender({ model }) });
  await vi.waitFor(() => expect(page.get().ready.model).toBe('ready'));
  const found = page.recommend({ limit: 20 });
  return found.kind === 'none' ? '' : found.items.map(({ name }) => name).join();
}

describe('G23 a durable', () => {
  it.each([
    ['the same and others', [toaster('Toaster'), toaster('Steel toaster'), bread]],
    ['one that is no longer sold', [toaster('Steel toaster'), bread]],
  ])('bought two weeks ago brings no toaster, and may bring bread: %s', async (_, catalog) => {
    const text = await offered(catalog, '2026-03-06 10:00');
    expect(text).not.toMatch(/toaster/i);
    expect(text).toMatch(/bread/i);
  });

  it('that came back, or has served its time, is none', async () => {
    const catalog = [toaster('Toaster'), toaster('Steel toaster'), bread];
    expect(await offered(catalog, '2021-03-06 10:00')).toMatch(/toaster/i);
    const back = [
      { sku: 'toaster', name: 'Toaster', category: 'Toasters', refundedQuantity: 1 },
      { sku: 'bread', name: 'Bread' },
    ];
    expect(await offered(catalog, '2026-03-06 10:00', back)).toMatch(/toaster/i);
  });
});
