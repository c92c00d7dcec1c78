import { describe, expect, it } from 'vitest';
import { createFleet, serverHas, type FleetDevice } from '../../support/fleet.js';

async function two(): Promise<{
  readonly a: FleetDevice;
  readonly b: FleetDevice;
  readonly shop: ReturnType<typeof createFleet>['shop'];
}> {
  const { shop, device } = createFleet();
  const [a, b] = [device(), device()];
  for (const one of [a, b]) {
    await one.open();
    await one.signIn('u_1');
    await one.sync();
  }
  await a.sync();
  return { a, b, shop };
}

const factsOf = async ({ page }: FleetDevice): Promise<readonly (readonly [string, unknown])[]> =>
  (await page.rights.known()).facts
    .map(({ key, value }) => [key, value] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));

/** What the server's own fold comes to: the last of each key, as its records say. */
async function atServer(
  shop: ReturnType<typeof createFleet>['shop'],
  key: string,
): Promise<unknown> {
  const facts = (await serverHas(shop)).filter(
    ({ kind }) => kind === 'fact',
  ) as unknown as readonly {
    readonly stamp: string;
    readonly id: string;
    readonly data: { readonly key: string; readonly value: unknown };
  }[];
  return facts
    .filter(({ data }) => data.key === key)
    .sort((x, y) => (x.stamp + x.id < y.stamp + y.id ? 1 : -1))[0]?.data.value;
}

describe('Y03 different fields', () => {
  it.each([['A first'], ['B first']])(
    'both changes are on A, B and the server (%s)',
    async (order) => {
      const { a, b, shop } = await two();
      await a.page.rights.remember({ key: 'milk', value: 'oat' });
      await b.page.rights.remember({ key: 'language', value: 'de' });
      const [first, second] = order === 'A first' ? [a, b] : [b, a];
      for (const one of [first, second, first]) await one.sync();
      const both = [
        ['language', 'de'],
        ['milk', 'oat'],
      ];
      expect(await factsOf(a)).toEqual(both);
      expect(await factsOf(b)).toEqual(both);
      expect(await atServer(shop, 'milk')).toBe('oat');
      expect(await atServer(shop, 'language')).toBe('de');
    },
  );
});

describe('Y04 same field', () => {
  it('the later change wins everywhere, whoever syncs first', async () => {
    for (const order of [0, 1]) {
      const { a, b, shop } = await two();
      await a.page.rights.remember({ key: 'milk', value: 'oat' });
      b.clock.advance(60_000);
      await b.page.rights.remember({ key: 'milk', value: 'soy' });
      const [first, second] = order === 0 ? [a, b] : [b, a];
      for (const one of [first, second, first]) await one.sync();
      expect(await factsOf(a)).toEqual([['milk', 'soy']]);
      expect(await factsOf(b)).toEqual([['milk', 'soy']]);
      expect(await atServer(shop, 'milk')).toBe('soy');
    }
  });

  it('a tie is broken the same way everywhere', async () => {
    const { a, b, shop } = await two();
    await a.page.rights.remember({ key: 'milk', value: 'oat' });
    await b.page.rights.remember({ key: 'milk', value: 'soy' });
    for (const one of [a, b, a]) await one.sync();
    const here = await factsOf(a);
    expect(await factsOf(b)).toEqual(here);
    expect(await atServer(shop, 'milk')).toBe(here[0]?.[1]);
  });
});
