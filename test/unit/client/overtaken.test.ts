import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { indexedDbStorage } from '../../../src/adapters/storage/indexed-db.js';
import type { Regulars } from '../../../src/client/types.js';
import type { ProfileStorage } from '../../../src/profile/port.js';
import { createDevice, type Device } from '../../support/device.js';
import { openPage, settle, SHOP, shelves, stopPages } from '../../support/install.js';
import { runs } from '../../support/runs.js';

const consent = { remember: 'granted' } as const;
const lines = [{ sku: 'house' }];
afterEach(stopPages);

const signIn = (page: Regulars, name: string): Promise<unknown> =>
  page.recognize({ account: name }, { verified: ['account'], name });

/** What a page tells the others does not arrive: the worst that a busy browser does. */
function deaf(): void {
  const Channel = globalThis.BroadcastChannel;
  globalThis.BroadcastChannel = class extends Channel {
    override postMessage(): void {
      // it never arrives
    }
  };
}

/** A storage that begins each transaction when `turn` lets it. */
function inTurns(turn: () => Promise<unknown>): ProfileStorage {
  const inner = indexedDbStorage();
  return {
    ...inner,
    transact: async (...call) => {
      await turn();
      return inner.transact(...call);
    },
  };
}

/** Ana in both tabs; with Ben, who stays, or alone. */
async function twoTabs(
  device: Device,
  { ben, turn = () => Promise.resolve() }: { ben: boolean; turn?: () => Promise<unknown> },
): Promise<readonly [a: Regulars, b: Regulars]> {
  const [, makeShelf] = shelves[1] ?? (() => expect.fail('no shelf'))();
  const shelf = makeShelf();
  const page = await openPage(device, shelf, { consent });
  for (const name of ben ? ['Ben', 'Ana'] : ['Ana']) {
    await signIn(page, name);
    await page.record({ id: `before:${name}`, lines: [{ sku: 'house', name: `for ${name}` }] });
  }
  await page.stop();
  const open = (): Promise<Regulars> =>
    openPage(device, { ...shelf, storage: () => inTurns(turn) }, { consent });
  return [await open(), await open()];
}

const forget = (page: Regulars, how: string): Promise<unknown> =>
  how === 'a no'
    ? page.rights.consent('remember', 'denied')
    : page.rights.forget({ scope: how === 'everywhere' ? 'everywhere' : 'device' });

describe.each([
  ['a no', true],
  ['forget', true],
  ['everywhere', false],
] as const)('%s in one tab, others there: %s; the other tab has not heard of it', (how, ben) => {
  it.each(['remembered', 'verified'])('writes nothing of whom it erased: %s', async (level) => {
    const device = createDevice();
    deaf();
    const [a, b] = await twoTabs(device, { ben });
    if (level === 'verified' || how === 'everywhere') {
      await signIn(a, 'Ana');
      await signIn(b, 'Ana');
    }
    await forget(b, how);
    expect(a.get().customer?.name).toBe('Ana');
    expect(await a.record({ id: 'late:1', lines })).toEqual({ kind: 'refused', reason: 'erased' });
    expect(a.get().level).toBe('none');
    expect(JSON.stringify(a.get())).not.toContain('Ana');
    await settle();
    expect(a.get().level).toBe('none');
    const text = await device.bytes();
    expect(text).not.toMatch(/Ana|late:1/);
    expect(text.includes('before:Ben')).toBe(ben);
    // the next one begins anew
    expect(await a.record({ id: 'next:1', lines })).not.toMatchObject({ reason: 'erased' });
  });
});

describe('the database is deleted, and this tab has not heard of it', () => {
  it.each([false, true])(
    'nothing is written into the next one; one with a new yes: %s',
    async (again) => {
      const device = createDevice();
      deaf();
      const [, makeShelf] = shelves[1] ?? (() => expect.fail('no shelf'))();
      const shelf = makeShelf();
      const inner = indexedDbStorage();
      const storage = { ...inner, listen: () => () => undefined };
      const first = await openPage(device, shelf);
      await signIn(first, 'Ana');
      await first.rights.consent('remember', 'granted');
      await first.stop();
      const a = await openPage(device, { ...shelf, storage: () => storage });
      const b = await openPage(device, shelf);
      expect(await a.record({ id: 'a:0', lines })).toEqual({ kind: 'kept' });
      await b.rights.consent('remember', 'denied');
      if (again) {
        await b.rights.consent('remember', 'granted');
        await b.record({ id: 'b:1', lines });
      }
      expect(a.get().level).toBe('device');
      expect(await a.record({ id: 'a:1', lines })).toEqual({ kind: 'refused', reason: 'erased' });
      expect(a.get().level).toBe('none');
      await settle();
      expect(JSON.stringify(a.get())).not.toContain('Ana');
      const text = await device.bytes();
      expect(text).not.toMatch(/Ana|a:0|a:1/);
      expect(text.includes('b:1')).toBe(again);
    },
  );
});

it('what is on its way of somebody who was here before is not written either', async () => {
  const device = createDevice();
  deaf();
  const [a, b] = await twoTabs(device, { ben: true });
  const { visit } = await a
    .endVisit()
    .then(() => a.record({ id: 'here:Ana', lines }).then(() => a.get()));
  await signIn(a, 'Ben');
  await forget(b, 'forget');
  expect(await a.record({ id: 'late:1', lines }, visit === null ? {} : { visit })).toEqual({
    kind: 'refused',
    reason: 'erased',
  });
  expect(a.get().customer?.name).toBe('Ben');
  expect(await a.record({ id: 'Ben:2', lines })).toEqual({ kind: 'kept' });
  expect(await device.bytes()).not.toMatch(/Ana|late:1/);
});

it('a file is not taken in for somebody whom another tab has erased', async () => {
  const device = createDevice();
  deaf();
  const [a, b] = await twoTabs(device, { ben: true });
  await signIn(a, 'Ana');
  const file = await a.rights.export();
  await forget(b, 'forget');
  expect(await a.rights.import(file)).toEqual({ kind: 'refused', reason: 'erased' });
  expect(a.get().level).toBe('none');
  expect(await device.bytes()).not.toContain('Ana');
});

it('what a browser emptied is no erasure: the order is kept', async () => {
  const device = createDevice();
  const [a] = await twoTabs(device, { ben: false });
  const back = indexedDbStorage();
  await back.open({ name: SHOP });
  await back.destroy();
  expect(await a.record({ id: 'web:2', lines })).toEqual({ kind: 'kept' });
  expect(await device.bytes()).toContain('web:2');
});

it('nobody is left, and nothing is lost, however an erasure and orders of two tabs follow each other', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.boolean(),
      fc.constantFrom('a no', 'forget'),
      async (scheduler, ben, how) => {
        const device = createDevice();
        let random = false;
        const turn = (): Promise<unknown> =>
          random ? scheduler.schedule(Promise.resolve()) : Promise.resolve();
        const [a, b] = await twoTabs(device, { ben, turn });
        random = true;
        const orders = ['a:1', 'a:2'].map((id) => a.record({ id, lines }));
        const others = Promise.all([forget(b, how), ...orders, a.dismiss('none', 'stop')]);
        await scheduler.waitFor(others.then(() => settle()));
        random = false;
        await scheduler.waitAll();
        await vi.waitFor(() => expect([a.get().level, b.get().level]).toEqual(['none', 'none']));
        const text = await device.bytes();
        expect(text).not.toMatch(/Ana|a:1|a:2/);
        expect(text.includes('before:Ben')).toBe(ben);
        await stopPages();
      },
    ),
    { numRuns: runs() },
  );
});
