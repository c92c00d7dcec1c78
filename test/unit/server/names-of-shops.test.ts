import { expect, it } from 'vitest';
import { SHOP, startServer } from '../../support/server.js';

const KEY = new Uint8Array(32).fill(3);

/** A server that tells how often the keys of each shop were asked for. */
function asking(isShop: (name: string) => boolean) {
  const asked = new Map<string, number>();
  const server = startServer({
    keys: (shop) => {
      asked.set(shop, (asked.get(shop) ?? 0) + 1);
      return isShop(shop) ? { key: KEY } : undefined;
    },
  });
  const show = async (key: string): Promise<number> => {
    const headers = { Authorization: `Device ${key}` };
    return (await server.call('pull', undefined, undefined, { headers })).status;
  };
  return { ...server, asked, show };
}

it('a shop that a key names is asked for once, one that is none each time, and the answer is the same', async () => {
  const { asked, show } = asking((name) => name === SHOP);
  for (let n = 0; n < 3; n++) {
    expect(await show(`${SHOP}.x`)).toBe(401);
    expect(await show('another.x')).toBe(401);
    // nothing is asked for what could be no name
    for (const odd of ['.x', 'x', '%.x', `${'n'.repeat(1_024)}.x`])
      expect(await show(odd)).toBe(401);
  }
  expect([...asked]).toEqual([
    [SHOP, 1],
    ['another', 3],
  ]);
});

it('names that a stranger makes up fill no memory, also where every one of them has keys', async () => {
  const { asked, show } = asking(() => true);
  await show(`${SHOP}.x`);
  for (let n = 0; n < 10_000; n++) await show(`made-up-${n}.x`);
  expect(asked.get(SHOP)).toBe(1);
  expect(asked.get('made-up-0')).toBe(1);
  // what was kept was let go, and is asked for when it is needed
  expect(await show(`${SHOP}.x`)).toBe(401);
  expect(asked.get(SHOP)).toBe(2);
}, 60_000);
