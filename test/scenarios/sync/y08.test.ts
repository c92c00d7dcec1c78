import { describe, expect, it } from 'vitest';
import { readAllRecords } from '../../../src/profile/log.js';
import {
  createFleet,
  serverHas,
  until,
  type Fleet,
  type FleetDevice,
} from '../../support/fleet.js';

/** A device whose disk fails from a number of writes on: what a killed page leaves. */
async function killedAt(fleet: Fleet, writes: number): Promise<FleetDevice> {
  const device = fleet.device();
  await device.open();
  await device.signIn('u_1');
  const { transact } = device.storage;
  let left = writes;
  Object.assign(device.storage, {
    transact: async (...given: Parameters<typeof transact>) => {
      if (given[0] === 'readwrite' && left-- <= 0) return new Promise(() => undefined);
      return transact(...given);
    },
  });
  void device.sync();
  // it hangs in the write at which it was killed, or has come to its end
  await until(() => left < 0 || device.page.sync.status().lastAt !== undefined);
  Object.assign(device.storage, { transact });
  return device;
}

describe('Y08 killed between two writes', () => {
  it.each([[0], [1], [2], [3], [5]])(
    'after a restart and a sync nothing is missing and nothing is there twice (killed after %i writes)',
    async (writes) => {
      const fleet = createFleet();
      const source = fleet.device();
      await source.open();
      await source.signIn('u_1');
      await source.page.rights.remember({ key: 'milk', value: 'oat' });
      for (let n = 1; n <= 120; n++) await source.buy(`web:${n}`);
      await source.sync();

      const device = await killedAt(fleet, writes);
      // the page is gone: what it holds is never written
      await device.open();
      await device.signIn('u_1');
      await device.sync();
      const here = await device.storage.transact('readonly', (tx) => readAllRecords(tx));
      const orders = here.filter(({ kind }) => kind === 'purchase').map(({ id }) => id);
      const theirs = (await serverHas(fleet.shop)).filter(({ kind }) => kind === 'purchase');
      expect(orders.sort()).toEqual(theirs.map(({ id }) => id).sort());
      expect(orders).toHaveLength(120);
      expect(device.page.get().customer?.paidVisits).toBe(1);
    },
  );
});
