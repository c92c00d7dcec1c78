import { expect, it } from 'vitest';
import fc from 'fast-check';
import type { Regulars } from '../../src/client/types.js';
import { seededRandom } from '../../src/testing/fake-clock.js';
import { createDevice } from '../support/device.js';
import { runs } from '../support/runs.js';

const NAMES = ['Aaron', 'Berta', 'Cyril'] as const;
const FAMILY = '425 555 0100';

const person = fc.constantFrom(...NAMES);
const step = fc.oneof(
  fc.record({ act: fc.constant('sign-in' as const), name: person, phone: fc.boolean() }),
  fc.record({ act: fc.constant('prove' as const), name: person }),
  fc.record({ act: fc.constant('claim' as const), name: person, mine: fc.boolean() }),
  fc.record({ act: fc.constant('choose' as const), which: fc.nat(2) }),
  fc.record({ act: fc.constant('order' as const) }),
  fc.record({ act: fc.constantFrom('yes', 'no-to-suggestions', 'silence', 'reload') }),
  fc.record({ act: fc.constantFrom('notMe', 'signOut', 'endVisit') }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** One device, whoever comes to it. */
interface Scene {
  readonly device: ReturnType<typeof createDevice>;
  readonly open: () => Promise<Regulars>;
  page: Regulars;
  /** Who was verified when an order came; undefined where nobody was. */
  readonly owners: Map<string, string | undefined>;
}

async function take(scene: Scene, given: Step): Promise<void> {
  const { page, device, owners } = scene;
  device.clock.advance(1_000);
  const mail = 'name' in given ? `${given.name}@example.com` : '';
  switch (given.act) {
    case 'sign-in':
      await page.recognize(
        { account: given.name, email: mail, ...(given.phone && { phone: FAMILY }) },
        { verified: ['account'], name: given.name },
      );
      expect(page.get()).toMatchObject({ level: 'verified', customer: { name: given.name } });
      return;
    case 'prove':
      await page.recognize({ email: mail }, { verified: ['email'], name: given.name });
      return;
    case 'claim':
      await page.recognize({ email: mail }, { mine: given.mine });
      return;
    case 'choose': {
      const met = await page.recognize({ phone: FAMILY });
      if ('choices' in met) await page.choose(met.choices[given.which]?.id ?? '');
      return;
    }
    case 'order': {
      const { level, customer } = page.get();
      const id = `web:${owners.size}`;
      owners.set(id, level === 'verified' ? customer?.name : undefined);
      await page.record({ id, lines: [{ sku: 'latte' }] });
      return;
    }
    case 'yes':
      await page.rights.consent('remember', 'granted');
      return;
    case 'no-to-suggestions':
      await page.rights.consent('suggest', 'denied');
      return;
    case 'silence':
      device.clock.advance(31 * 60_000);
      page.keepAlive();
      return;
    case 'reload':
      await page.stop();
      scene.page = await scene.open();
      return;
    default:
      await page[given.act]();
  }
}

it('an order is of whoever was verified when it came, and of one person at most, whatever others claim', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('storefront', 'shared', 'staff'),
      fc.constantFrom('ask', 'granted'),
      fc.array(step, { maxLength: 14 }),
      async (mode, remember, steps) => {
        const device = createDevice();
        let seed = 0;
        const open = async (): Promise<Regulars> => {
          const random = seededRandom(++seed);
          const page = device.page({ mode, consent: { remember }, random });
          await page.start();
          return page;
        };
        const scene: Scene = { device, open, page: await open(), owners: new Map() };
        for (const given of steps) {
          await take(scene, given);
          const said = JSON.stringify([scene.page.get(), scene.page.usual()]);
          expect(NAMES.filter((name) => said.includes(name)).length).toBeLessThan(2);
        }
        const { page, owners } = scene;
        const seen: string[] = [];
        for (const name of NAMES) {
          await page.endVisit();
          await page.recognize({ account: name }, { verified: ['account'], name });
          expect(page.get().customer?.name).toBe(name);
          const orders = page.reveal('orders');
          for (const { id } of (orders.ok ? orders.value : []) as { id: string }[]) {
            seen.push(id);
            expect([id, owners.get(id) ?? name]).toEqual([id, name]);
          }
        }
        expect(new Set(seen).size).toBe(seen.length);
        expect(device.errors).toEqual([]);
        await page.stop();
      },
    ),
    { numRuns: runs(100), seed: 20261122 },
  );
}, 300_000);
