import { describe, expect, it } from 'vitest';
import { createFleet, until, ordersHere } from '../../support/fleet.js';

describe('Y14 missed pokes', () => {
  it.each([
    ['without any poke', false],
    ['with pokes', true],
  ] as const)('all 20 changes arrive by cursor without a reload, %s', async (_, pokes) => {
    const { device } = createFleet({}, ({ subscribe, ...transport }) =>
      pokes && subscribe ? { ...transport, subscribe } : transport,
    );
    const [a, b] = [device(), device()];
    for (const one of [a, b]) {
      await one.open();
      await one.signIn('u_1');
      await one.sync();
    }
    await a.sync();
    b.line.calls.length = 0;
    for (let n = 1; n <= 20; n++) await a.buy(`web:${n}`);
    await a.sync();
    // a poke, or the timer that looks for news all the same
    b.clock.advance(pokes ? 1_000 : 7 * 60_000);
    await until(() => b.line.calls.length > 0 && b.page.sync.status().state === 'idle');
    expect(await ordersHere(b)).toHaveLength(20);
    expect(b.line.calls.filter(({ call }) => call === 'pull').length).toBeLessThan(5);
  });
});
