import { describe, expect, it, vi } from 'vitest';
import { createDevice } from '../../support/device.js';
import type { Item } from '../../../src/recommend/types.js';
import { at, item, orders, said, signedIn, usualOf } from './guest.js';

const NOW = at('2026-03-20 10:05');
const habit = orders(NOW, [10, 40, 70], () => ['Ethiopia Guji']);
const difference = 'Also washed and floral, a little less fruit.';
const guji = item('Ethiopia Guji', {
  available: false,
  substitutes: [
    { sku: 'kenya', difference: 'out as well' },
    { sku: 'ethiopia-sidamo', difference },
  ],
});
const sidamo = item('Ethiopia Sidamo', { allergens: [] });
const SHOP = [guji, sidamo, item('Kenya', { available: false }), item('House Blend')];

describe('G08 out of stock', () => {
  it('says that it is out, names the substitute and why it is near, and is no usual', async () => {
    const page = await signedIn(NOW, habit, { catalog: SHOP });
    const { text, greeting, again } = await said(page);
    expect(greeting).toMatch(/ethiopia guji is out.*ethiopia sidamo.*floral/i);
    expect(text).not.toMatch(/limited|hurry|kenya|house blend|!|usual/i);
    expect(usualOf(page).lines).toMatchObject([{ sku: 'ethiopia-guji' }]);
    expect(usualOf(page).changes).toMatchObject([
      {
        kind: 'gone',
        reason: 'unavailable',
        instead: { kind: 'substitute', item: { sku: 'ethiopia-sidamo' } },
      },
    ]);
    expect(again).toMatchObject({ ready: false, cart: [] });
    const [change] = usualOf(page).changes ?? [];
    const instead = change?.kind === 'gone' ? change.instead : undefined;
    expect(page.why(instead?.ref ?? '')?.text).toMatch(/guji/i);
  });

  it('with a catalog that is asked by sku alone', async () => {
    const asked: string[] = [];
    const get = (skus: readonly string[]): Promise<readonly Item[]> => {
      asked.push(...skus);
      return Promise.resolve(SHOP.filter(({ sku }) => skus.includes(sku)));
    };
    const page = await signedIn(NOW, habit, { catalog: { get } });
    await vi.waitFor(() => expect(usualOf(page).changes).toHaveLength(1));
    await vi.waitFor(() =>
      expect(page.greeting()).toMatchObject({ text: expect.stringMatching(/sidamo/i) }),
    );
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('names it at the first greeting of the next page: nobody is offered first what is out', async () => {
    const device = createDevice(NOW);
    const { indexedDbStorage } = await import('../../../src/adapters/storage/indexed-db.js');
    const options = {
      catalog: SHOP,
      consent: { remember: 'granted', suggest: 'granted' },
    } as const;
    const first = await signedIn(
      NOW,
      habit,
      { ...options, storage: indexedDbStorage() },
      'Ana',
      device,
    );
    await first.stop();
    const next = device.page(options);
    await next.start();
    expect(next.get().level).toBe('device');
    expect(next.greeting()).toMatchObject({ text: expect.stringMatching(/sidamo/i) });
    await next.stop();
  });

  it.each([
    ['holds it', ['Tree nuts'], 'nuts'],
    ['holds it by another name', ['hazelnut'], 'Nuts, sesame'],
    ['may hold it: its allergens are not told', undefined, 'nuts'],
    ['may hold it: nobody here knows the word', ['milk'], 'Kiwi'],
  ])(
    'offers no substitute to a guest with an allergy when it %s',
    async (_, allergens, allergy) => {
      const near = item('Ethiopia Sidamo', allergens && { allergens });
      const page = await signedIn(NOW, habit, { catalog: [guji, near] });
      await page.rights.remember({ key: 'allergy', value: allergy, purpose: 'health' });
      const { text } = await said(page);
      expect(text).not.toMatch(/sidamo|safe/i);
      const found = await page.lookFor('Ethiopia Guji');
      expect(found.kind).toBe('none');
      expect(found.text).toMatch(/ask our staff/i);
    },
  );

  it('promises no safety of what it does offer', async () => {
    const page = await signedIn(NOW, habit, { catalog: SHOP });
    await page.rights.remember({ key: 'allergy', value: ['nuts'], purpose: 'health' });
    const found = await page.lookFor({ sku: 'ethiopia-guji' });
    expect(found).toMatchObject({ kind: 'substitute', item: { sku: 'ethiopia-sidamo' } });
    expect(found.text).toMatch(/ask our staff/i);
    expect(found.text).not.toMatch(/safe|free of|without nuts/i);
  });

  it('claims neither price nor stock when the catalog cannot be had, and keeps the order to queue', async () => {
    for (const catalog of [
      () => Promise.reject(new Error('offline')),
      { get: () => Promise.reject(new Error('offline')) },
      undefined,
    ]) {
      const page = await signedIn(NOW, habit, catalog ? { catalog } : {});
      const { text, again } = await said(page);
      expect(text).toMatch(/ethiopia guji/i);
      expect(text).not.toMatch(/not got|no longer|out just now/i);
      expect(again).toMatchObject({ ready: false, checked: false, changed: [], cart: [] });
      expect(again?.lines).toMatchObject([{ sku: 'ethiopia-guji', quantity: 1 }]);
      expect(await page.lookFor('kettle')).toMatchObject({
        kind: 'none',
        reason: 'not-ready',
        text: '',
      });
    }
  });
});
