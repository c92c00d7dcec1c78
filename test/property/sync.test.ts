import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cardsOf } from '../../src/profile/card-of.js';
import { foldRecords } from '../../src/profile/fold-records.js';
import type { AnyRecord } from '../../src/profile/log-rows.js';
import { readAllRecords } from '../../src/profile/log.js';
import type { Card } from '../../src/profile/types.js';
import type { ProfileStorage } from '../../src/profile/port.js';
import { SyncFailure } from '../../src/sync/port.js';
import { createFleet, rest, serverHas, type Fleet, type FleetDevice } from '../support/fleet.js';
import { runs } from '../support/runs.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Two people have an account here, and any device may be used by both. */
const ACCOUNTS = ['u_1', 'u_2'] as const;
type Account = (typeof ACCOUNTS)[number];

/** What may happen to a device. */
type Step =
  | { readonly do: 'buy'; readonly order: number }
  | { readonly do: 'say'; readonly key: number; readonly value: number }
  | { readonly do: 'correct'; readonly key: number; readonly value: number }
  | {
      readonly do: 'sync' | 'begin-sync' | 'restart' | 'forget' | 'cut' | 'mend' | 'lose' | 'twice';
    }
  | { readonly do: 'sign-out' }
  | { readonly do: 'sign-in'; readonly account: Account }
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
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sign-out' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('sign-in' as const),
      account: fc.constantFrom(...ACCOUNTS),
    }),
  },
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

/** Whatever happens, and then somebody is forgotten whose order is on two devices: what finds saboteurs of that soon. */
const forgotten: typeof history = history.map((steps) => [
  ...steps,
  ...[0, 1].flatMap((which): readonly [number, Step][] => [
    [which, { do: 'mend' }],
    [which, { do: 'sign-in', account: 'u_1' }],
  ]),
  [0, { do: 'buy', order: 41 }],
  ...[0, 1].map((which): [number, Step] => [which, { do: 'sync' }]),
  [0, { do: 'forget' }],
  ...[0, 1].map((which): [number, Step] => [which, { do: 'sync' }]),
]);

type Device = FleetDevice & { readonly state: State };

interface State {
  cut: boolean;
  loses: number;
  doubles: number;
  /** Who signed in last. */
  account: Account;
}

/** A device whose line may be cut, lose answers, or deliver twice, in an order that the scheduler picks. */
async function openDevice(
  fleet: Fleet,
  scheduler: fc.Scheduler,
  options?: Parameters<Fleet['device']>[0],
): Promise<Device> {
  const state: State = { cut: false, loses: 0, doubles: 0, account: 'u_1' };
  const device = Object.assign(fleet.device(options), { state });
  await device.open();
  await signIn(device, 'u_1');
  device.line.before = async (call) => {
    await scheduler.schedule(Promise.resolve(), call);
    if (state.cut) throw new SyncFailure('offline', 'cut');
  };
  device.line.after = async (call) => {
    await scheduler.schedule(Promise.resolve(), `answer of ${call}`);
    if (state.cut || state.loses-- > 0) throw new SyncFailure('offline', 'the answer was lost');
  };
  device.line.repeats = () => state.doubles-- > 0;
  return device;
}

/** Three devices: two of their own, used by whoever comes, and one that says it is shared. */
async function openDevices(fleet: Fleet, scheduler: fc.Scheduler): Promise<readonly Device[]> {
  return [
    await openDevice(fleet, scheduler),
    await openDevice(fleet, scheduler),
    await openDevice(fleet, scheduler, { mode: 'shared' }),
  ];
}

async function signIn(device: Device, account: Account): Promise<void> {
  device.state.account = account;
  await device.signIn(account);
}

let bought = 0;

async function take(
  { serverClock }: Fleet,
  device: Device,
  all: readonly Device[],
  one: Step,
): Promise<void> {
  const { state, clock, account } = device;
  switch (one.do) {
    case 'buy': {
      // an order is one customer's: the same account may tell of it twice, whoever has none only once
      const id = account === undefined ? `web:${++bought}` : `${account}:${one.order}`;
      await device.page.record({ id, lines: [{ sku: `sku-${one.order % 7}` }] });
      break;
    }
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
    case 'sign-out':
      device.account = undefined;
      await device.page.signOut();
      break;
    case 'sign-in':
      await signIn(device, one.account);
      break;
    case 'forget':
      if (device.page.get().level !== 'verified') break; // nobody else may
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

async function reopen(device: Device): Promise<void> {
  await device.page.stop();
  await device.open();
  if (device.account !== undefined) await signIn(device, device.state.account);
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

/** Cards of these records, and the records of those who have an account: what nobody signed in for is nobody's, and stays where it is. */
function peopleIn(records: readonly AnyRecord[]): {
  readonly cards: readonly string[];
  readonly owned: readonly AnyRecord[];
} {
  const subjects = new Map<string, AnyRecord[]>();
  for (const record of records) {
    if (record.kind === 'erasure') continue;
    subjects.set(record.subject, [...(subjects.get(record.subject) ?? []), record]);
  }
  const states = new Map([...subjects].map(([id, own]) => [id, foldRecords(own)]));
  const people = cardsOf(states).filter(({ links }) => links.length > 0);
  return {
    cards: people
      .filter(({ facts, purchases }) => Object.keys(facts).length + purchases.length > 0)
      .map((card) => JSON.stringify(shown(card)))
      .sort(),
    owned: people.flatMap((card) => card.subjects.flatMap((one) => subjects.get(one) ?? [])),
  };
}

/** Lines are mended, and both customers sign in everywhere: until their coming itself is known everywhere. */
async function converge(fleet: Fleet, devices: readonly Device[]): Promise<void> {
  for (const { state } of devices) Object.assign(state, { cut: false, loses: 0 });
  for (const ms of [10 * MINUTE_MS, 10 * MINUTE_MS, 10 * MINUTE_MS, 0, 0])
    for (const device of devices)
      for (const account of ACCOUNTS) {
        for (const each of [fleet.serverClock, ...devices.map(({ clock }) => clock)])
          each.advance(ms);
        await rest(3);
        await signIn(device, account);
        await device.sync();
      }
  // what a poke began ends too
  while (devices.some(({ page }) => page.sync.status().state === 'syncing')) await rest(3);
}

/** Lives through a history, and says what is not as it has to be in the end. */
async function live(
  fleet: Fleet,
  steps: readonly (readonly [number, Step])[],
  scheduler: fc.Scheduler,
): Promise<void> {
  const devices = await waitFor(
    scheduler,
    (async () => {
      const opened = await openDevices(fleet, scheduler);
      for (const [which, one] of steps) {
        const device = opened[which];
        if (device) await take(fleet, device, opened, one);
      }
      await converge(fleet, opened);
      return opened;
    })(),
  );
  const server = await serverHas(fleet.shop);
  const theirs = peopleIn(server as readonly AnyRecord[]);
  expect(theirs.owned.length).toBe(server.filter(({ kind }) => kind !== 'erasure').length);
  for (const device of devices) {
    expect(device.errors).toEqual([]);
    expect(await device.page.sync.refused()).toEqual([]);
    const all = await device.storage.transact('readonly', (tx) => readAllRecords(tx));
    const here = peopleIn(all);
    expect(idsOf(here.owned)).toEqual(idsOf(server));
    expect(here.cards).toEqual(theirs.cards);
    const waiting = all.filter(({ kind }) => kind !== 'erasure').length - here.owned.length;
    expect(device.page.sync.status()).toMatchObject({ state: 'idle', waiting, refused: 0 });
  }
  for (const device of devices) await device.page.stop();
}

/** The law: N devices and a backend are equal at the end. */
const equalAtTheEnd = (
  fleet: () => Fleet,
  steps = history,
): fc.IAsyncProperty<[[number, Step][], fc.Scheduler]> =>
  fc.asyncProperty(steps, fc.scheduler(), (some, scheduler) => live(fleet(), some, scheduler));

/** A device that leaves a record there when somebody is erased; `waiting`: and goes on wanting to send it. */
function leavesOne(storage: ProfileStorage, waiting: boolean): ProfileStorage {
  return {
    ...storage,
    transact: (mode, body, options) =>
      storage.transact(
        mode,
        (tx) => {
          let left = false;
          return body({
            ...tx,
            remove: (store, key) => {
              if (store === 'records' && !left) left = true;
              else if (!(waiting && left && store === 'outbox')) tx.remove(store, key);
            },
          });
        },
        options,
      ),
  };
}

describe('N devices and a backend', () => {
  it('are equal at the end, whatever happened to them and their lines, and whoever used them', async () => {
    await fc.assert(
      equalAtTheEnd(() => createFleet()),
      { numRuns: runs(200, 5_000), seed: 815, endOnFailure: true },
    );
  }, 10_800_000);

  it.each([
    [
      'a device keeps a record of somebody who was erased',
      () => createFleet({}, undefined, (disk) => leavesOne(disk, false)),
    ],
    [
      'a device keeps one and its place in the outbox',
      () => createFleet({}, undefined, (disk) => leavesOne(disk, true)),
    ],
  ])(
    'are not, and this law says so, where %s',
    async (_, fleet) => {
      const { failed, errorInstance } = await fc.check(equalAtTheEnd(fleet, forgotten), {
        numRuns: 200,
        seed: 816,
        endOnFailure: true,
      });
      expect(failed).toBe(true);
      expect(String(errorInstance)).toMatch(/^AssertionError/);
    },
    120_000,
  );
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
