import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cardsOf } from '../../src/profile/card-of.js';
import { foldRecords } from '../../src/profile/fold-records.js';
import type { AnyRecord } from '../../src/profile/log-rows.js';
import { readAllRecords } from '../../src/profile/log.js';
import type { Card } from '../../src/profile/types.js';
import { SyncFailure } from '../../src/sync/port.js';
import { createFleet, rest, serverHas, type Fleet, type FleetDevice } from '../support/fleet.js';
import { runs } from '../support/runs.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What may happen to a device. */
type Step =
  | { readonly do: 'buy'; readonly order: number }
  | { readonly do: 'say'; readonly key: number; readonly value: number }
  | { readonly do: 'correct'; readonly key: number; readonly value: number }
  | {
      readonly do: 'sync' | 'begin-sync' | 'restart' | 'forget' | 'cut' | 'mend' | 'lose' | 'twice';
    }
  | { readonly do: 'jump'; readonly ms: number }
  | { readonly do: 'pass'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('buy' as const), order: fc.nat(40) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('say' as const, 'correct' as const),
      key: fc.nat(2),
      value: fc.nat(5),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom('sync' as const, 'begin-sync' as const) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(...(['restart', 'cut', 'mend', 'lose', 'twice'] as const)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('jump' as const),
      ms: fc.constantFrom(-26 * HOUR_MS, -2 * HOUR_MS, 4 * MINUTE_MS, 2 * HOUR_MS, 26 * HOUR_MS),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(1_000, MINUTE_MS, HOUR_MS),
    }),
  },
);

const history = fc.array(fc.tuple(fc.nat(2), step), { minLength: 1, maxLength: 45 });

/** A device whose line may be cut, lose answers, or deliver twice, in an order that the scheduler picks. */
async function openDevice(
  fleet: Fleet,
  scheduler: fc.Scheduler,
): Promise<FleetDevice & { state: State }> {
  const state: State = { cut: false, loses: 0, doubles: 0 };
  const device = fleet.device();
  await device.open();
  await device.signIn('u_1');
  device.line.before = async (call) => {
    await scheduler.schedule(Promise.resolve(), call);
    if (state.cut) throw new SyncFailure('offline', 'cut');
  };
  device.line.after = async (call) => {
    await scheduler.schedule(Promise.resolve(), `answer of ${call}`);
    if (state.cut || state.loses-- > 0) throw new SyncFailure('offline', 'the answer was lost');
  };
  device.line.repeats = () => state.doubles-- > 0;
  return Object.assign(device, { state });
}

interface State {
  cut: boolean;
  loses: number;
  doubles: number;
}

async function take(
  { serverClock }: Fleet,
  device: FleetDevice & { readonly state: State },
  all: readonly FleetDevice[],
  one: Step,
): Promise<void> {
  const { state, clock } = device;
  switch (one.do) {
    case 'buy':
      await device.page.record({
        id: `web:${one.order}`,
        lines: [{ sku: `sku-${one.order % 7}` }],
      });
      break;
    case 'say':
      await device.page.rights.remember({ key: `pref.${one.key}`, value: one.value });
      break;
    case 'correct':
      await device.page.rights.correct(`pref.${one.key}`, one.value);
      break;
    case 'sync':
      await device.sync();
      break;
    case 'begin-sync':
      void device.sync();
      break;
    case 'restart':
      await reopen(device);
      break;
    case 'forget':
      await device.page.rights.forget({ scope: 'everywhere' });
      void device.sync();
      await rest(10);
      await reopen(device);
      break;
    case 'cut':
      state.cut = true;
      break;
    case 'mend':
      state.cut = false;
      break;
    case 'lose':
      state.loses = 1;
      break;
    case 'twice':
      state.doubles = 1;
      break;
    case 'jump':
      clock.setWall(clock.now() + one.ms);
      break;
    case 'pass':
      for (const each of [serverClock, ...all.map((other) => other.clock)]) each.advance(one.ms);
  }
}

async function reopen(device: FleetDevice): Promise<void> {
  await device.page.stop();
  await device.open();
  await device.signIn('u_1');
}

/** What a page would show: the same on every device, whatever it calls the customer. */
function shown(card: Card | undefined): unknown {
  if (!card) return undefined;
  const { facts, purchases, items, paidVisits, visitTimes, olderPurchases } = card;
  return {
    facts: Object.entries(facts)
      .map(([key, { value, corrected }]) => [key, value, corrected])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    ...{ purchases, items, paidVisits, visitTimes, olderPurchases },
  };
}

const isTheirs = ({ kind }: { readonly kind: string }): boolean =>
  kind !== 'link' && kind !== 'erasure';
const idsOf = (
  records: readonly { readonly id: string; readonly kind: string }[],
): readonly string[] =>
  // the same order of the same content is one record, though two entries of one customer have it
  [...new Set(records.filter(isTheirs).map(({ id }) => id))].sort();

function cardIn(records: readonly AnyRecord[]): Card | undefined {
  const subjects = new Map<string, AnyRecord[]>();
  for (const record of records) {
    if (record.kind === 'erasure') continue;
    subjects.set(record.subject, [...(subjects.get(record.subject) ?? []), record]);
  }
  const states = new Map([...subjects].map(([id, own]) => [id, foldRecords(own)]));
  const cards = cardsOf(states).filter(({ subjects: [first] }) => first !== undefined);
  return [...cards].sort(
    (a, b) => b.paidVisits - a.paidVisits || b.subjects.length - a.subjects.length,
  )[0];
}

async function converge(
  fleet: Fleet,
  devices: readonly (FleetDevice & { state: State })[],
): Promise<void> {
  for (const { state } of devices) Object.assign(state, { cut: false, loses: 0 });
  for (let round = 0; round < 5; round++)
    for (const device of devices) {
      for (const each of [fleet.serverClock, ...devices.map((other) => other.clock)])
        each.advance(10 * MINUTE_MS);
      await rest(3);
      // whoever was forgotten elsewhere meanwhile is nobody here, until they sign in again
      if (device.page.get().level !== 'verified') await device.signIn('u_1');
      await device.sync();
    }
  // what a poke began ends too
  while (devices.some(({ page }) => page.sync.status().state === 'syncing')) await rest(3);
}

describe('N devices and a backend', () => {
  it('are equal at the end, whatever happened to them and their lines', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.scheduler(), async (steps, scheduler) => {
        const fleet = createFleet();
        const opened = (async () => {
          const devices = [];
          for (let n = 0; n < 3; n++) devices.push(await openDevice(fleet, scheduler));
          for (const [which, one] of steps) {
            const device = devices[which];
            if (device) await take(fleet, device, devices, one);
          }
          await converge(fleet, devices);
          return devices;
        })();
        const devices = await waitFor(scheduler, opened);
        const server = await serverHas(fleet.shop);
        const theirs = shown(cardIn(server as readonly AnyRecord[]));
        for (const device of devices) {
          expect(device.errors).toEqual([]);
          expect(await device.page.sync.refused()).toEqual([]);
          expect(device.page.sync.status()).toMatchObject({
            state: 'idle',
            waiting: 0,
            refused: 0,
          });
          const here = await device.storage.transact('readonly', (tx) => readAllRecords(tx));
          expect(idsOf(here)).toEqual(idsOf(server));
          expect(shown(cardIn(here))).toEqual(theirs);
        }
        for (const device of devices) await device.page.stop();
      }),
      {
        numRuns: runs(200, 5_000),
        seed: 815,
        endOnFailure: true,
      },
    );
  }, 600_000);
});

/** Lets the scheduler pick what goes on next, until it is done. */
async function waitFor<T>(scheduler: fc.Scheduler, promise: Promise<T>): Promise<T> {
  let done = false;
  const end = (): void => {
    done = true;
  };
  promise.then(end, end);
  // eslint-disable-next-line no-unmodified-loop-condition -- a callback does
  while (!done) {
    if (scheduler.count() > 0) await scheduler.waitOne();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return promise;
}
