import { expect, it } from 'vitest';
import { handlers } from '../../../src/adapters/transport/handlers.js';
import { syncOver } from '../../../src/client/sync.js';
import { createFleet, SHOP } from '../../support/fleet.js';

const nonsense: readonly unknown[] = [
  ...[5, null, 'x', [], {}, { id: 1 }],
  { id: 'a', subject: 's', kind: 'purchase', stamp: 'x', data: null },
  { id: '__proto__', shop: SHOP, subject: '__proto__', kind: 'fact', stamp: '0', by: 'x', data: 1 },
  { id: 'b', shop: SHOP, subject: 's', kind: 'purchase', stamp: 'z', by: 'q', data: { lines: 1 } },
  { id: 'c', kind: 'erasure', data: { subjects: 'none' } },
  { id: 'c', kind: 'erasure' },
  { id: 'd', kind: 'link', subject: 's', data: { identifier: null } },
  { id: 'd', kind: 'link', subject: 's', data: { identifier: 'u_1' } },
  { id: 'd', kind: 'link', subject: 's', data: { type: {}, identifier: { account: 'u_1' } } },
  { id: 'e', kind: 'hologram', subject: {}, stamp: 5 },
];

it.each(nonsense.map((one) => [JSON.stringify(one), one] as const))(
  'what a backend gives that is no record holds up nothing: %s',
  async (_text, one) => {
    const { device } = createFleet();
    let asked = 0;
    const here = device({
      sync: syncOver(
        handlers({
          push: () => undefined,
          pull: async ({ cursor }) => {
            asked++;
            return cursor === null
              ? { records: [one as never], cursor: '1', more: true }
              : { records: [], cursor, more: false };
          },
        }),
      ),
    });
    await here.open();
    await here.signIn('u_1');
    await here.sync();
    await here.buy('web:1');
    expect(here.page.sync.status().state).toBe('idle');
    expect(here.errors).toEqual([]);
    expect(asked).toBeGreaterThan(1);
    expect(here.page.get().customer?.paidVisits).toBe(1);
  },
);
