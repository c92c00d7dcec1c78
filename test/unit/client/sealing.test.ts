import { beforeAll, describe, expect, it, vi } from 'vitest';
import { indexedDbStorage } from '../../../src/adapters/storage/indexed-db.js';
import { memoryStorage } from '../../../src/adapters/storage/memory.js';
import { createRegulars } from '../../../src/client/create-regulars.js';
import { sealedOutbox } from '../../../src/client/sealed-outbox.js';
import type { Regulars, RegularsOptions } from '../../../src/client/types.js';
import { RegularsError, type RegularsErrorCode } from '../../../src/kernel/errors.js';
import type { ProfileStorage } from '../../../src/profile/port.js';
import type { ProfileRecord, RecordOf } from '../../../src/profile/types.js';
import { openSealed } from '../../../src/server/open-sealed.js';
import { createSealKeys, type SealKeys } from '../../../src/sync/seal.js';
import type { SealedIdentifier } from '../../../src/sync/types.js';
import { createDevice, type Device } from '../../support/device.js';

const SHOP = 'blue-door';
const ORDER = { id: 'kiosk:77', lines: [{ sku: 'sku-ramen', name: 'Shoyu ramen' }] };
const ANA = { phone: '(425) 555-0100' };
const BEN = { phone: '(425) 555-0177' };
/** Whatever of them must not be found. */
const SECRETS = ['5550100', '555-0100', '5550177', 'ramen', 'kiosk:77', 'sku-', 'purchase', 'link'];

let keys: SealKeys;
beforeAll(async () => {
  keys = await createSealKeys();
});

/** A kiosk that seals, started. */
async function kioskOf(device: Device, options: Partial<RegularsOptions> = {}): Promise<Regulars> {
  const kiosk = device.page({ mode: 'kiosk', sealTo: keys.publicKey, ...options });
  await kiosk.start();
  return kiosk;
}

interface Opened {
  readonly records: readonly ProfileRecord[];
  readonly identifiers: readonly SealedIdentifier[];
}

/** What the backend gets of this device, box by box. */
async function delivered(): Promise<readonly Opened[]> {
  const outbox = sealedOutbox({ shop: SHOP, storage: indexedDbStorage() });
  const opened: Opened[] = [];
  for (const { box } of await outbox.list({ limit: 1_000 })) {
    const result = await openSealed(box, { shop: SHOP, privateKeys: [keys.privateKey] });
    if (result.kind !== 'opened') throw new Error(result.reason);
    opened.push(result);
  }
  return opened;
}

const purchases = (boxes: readonly Opened[]): readonly RecordOf<'purchase'>[] =>
  boxes.flatMap(({ records }) =>
    records.filter((record): record is RecordOf<'purchase'> => record.kind === 'purchase'),
  );

/** Order ids by what their buyer typed, as a backend would join them. */
function byIdentifier(boxes: readonly Opened[]): Readonly<Record<string, readonly string[]>> {
  const identifiers = boxes.flatMap((box) => box.identifiers);
  const found: Record<string, string[]> = {};
  for (const { subject, data } of purchases(boxes))
    for (const { records } of boxes)
      for (const record of records)
        if (record.kind === 'link' && record.subject === subject) {
          const typed = identifiers.find(({ token }) => token === record.data.token);
          (found[typed?.value ?? 'nobody'] ??= []).push(data.id);
        }
  for (const ids of Object.values(found)) ids.sort();
  return found;
}

/** A storage that fails as it is told to. */
function frail(inner: ProfileStorage = indexedDbStorage()): ProfileStorage & {
  fail: { code?: RegularsErrorCode; at?: 'open' | 'transact'; hang?: Promise<void> };
  asked: number;
} {
  const storage = {
    ...inner,
    fail: {} as { code?: RegularsErrorCode; at?: 'open' | 'transact'; hang?: Promise<void> },
    asked: 0,
    open: async (...given: Parameters<ProfileStorage['open']>) => {
      storage.asked++;
      await storage.fail.hang;
      if (storage.fail.code && storage.fail.at !== 'transact')
        throw new RegularsError(storage.fail.code, 'as told');
      return inner.open(...given);
    },
    transact: (async (...given: Parameters<ProfileStorage['transact']>) => {
      if (storage.fail.code && storage.fail.at === 'transact')
        throw new RegularsError(storage.fail.code, 'as told');
      return inner.transact(...given);
    }) as ProfileStorage['transact'],
  };
  return storage;
}

describe('a purchase at a kiosk that seals', () => {
  it('is kept, and nobody who reads the disk can tell what was bought or by whom', async () => {
    const device = createDevice();
    const kiosk = await kioskOf(device);
    expect(await kiosk.recognize(ANA)).toEqual({ kind: 'unproven', prove: [] });
    expect(await device.databases()).toEqual([]);
    expect(await kiosk.record(ORDER)).toEqual({ kind: 'kept' });

    const stored = await device.bytes();
    expect(stored).toContain('sealed:');
    for (const secret of SECRETS) expect(stored).not.toContain(secret);
    for (const { subject, id } of purchases(await delivered())) {
      expect(stored).not.toContain(subject);
      expect(stored).not.toContain(id);
    }
    expect(await device.databases()).toEqual([`regulars:${SHOP}`]);
    expect([...device.localStorage]).toEqual([]);
    expect(kiosk.get().storage).toEqual({ kind: 'memory', reason: 'kiosk' });
    expect(device.errors).toEqual([]);
  });

  it('is opened by the backend, with what was typed in its normal form', async () => {
    const device = createDevice();
    const kiosk = await kioskOf(device);
    await kiosk.recognize({ ...ANA, loyalty: 'ab-12 34' });
    await kiosk.record(ORDER);
    const [box, ...more] = await delivered();
    expect(more).toEqual([]);
    expect(box?.records.map(({ kind }) => kind)).toEqual(['link', 'link', 'purchase']);
    expect(new Set(box?.records.map(({ subject }) => subject)).size).toBe(1);
    expect(new Set(box?.records.map(({ shop }) => shop))).toEqual(new Set([SHOP]));
    const links = box?.records.filter(({ kind }) => kind === 'link') as RecordOf<'link'>[];
    expect(links.map(({ data }) => [data.type, data.level, data.unproved])).toEqual([
      ['loyalty', 'claimed', true],
      ['phone', 'claimed', true],
    ]);
    expect(box?.identifiers).toEqual([
      { type: 'loyalty', value: 'AB1234', token: links[0]?.data.token },
      { type: 'phone', value: '+14255550100', token: links[1]?.data.token },
    ]);
    expect(purchases([box as Opened])[0]?.data).toMatchObject({
      id: 'kiosk:77',
      status: 'paid',
      channel: 'kiosk',
      lines: [{ sku: 'sku-ramen', name: 'Shoyu ramen', quantity: 1 }],
    });
  });

  it('that was recorded twice is sealed once; what was typed goes with the first', async () => {
    const device = createDevice();
    const kiosk = await kioskOf(device);
    await kiosk.recognize(ANA);
    await kiosk.record(ORDER);
    expect(await kiosk.record(ORDER)).toEqual({ kind: 'kept' });
    await kiosk.record({ ...ORDER, id: 'kiosk:78' });
    const boxes = await delivered();
    expect(boxes.map(({ records }) => records.length)).toEqual([2, 1]);
    expect(byIdentifier(boxes)).toEqual({ '+14255550100': ['kiosk:77', 'kiosk:78'] });
  });

  it('belongs to whom the order names, if it names somebody', async () => {
    const device = createDevice();
    const kiosk = await kioskOf(device);
    const named = { ids: [{ kind: 'email', value: 'Cid@Example.com' }] };
    await kiosk.recognize(ANA);
    await kiosk.record({ ...ORDER, customer: named });
    await kiosk.record({ ...ORDER, id: 'kiosk:78', customer: named });
    expect(byIdentifier(await delivered())).toEqual({
      'cid@example.com': ['kiosk:77', 'kiosk:78'],
    });
    expect(await device.bytes()).not.toContain('xample.com');
  });

  it('may be of any text', async () => {
    const device = createDevice();
    const kiosk = await kioskOf(device);
    for (const text of ['__proto__', 'x'.repeat(10_000), '\ud800', 'constructor'])
      expect(await kiosk.record({ id: text, lines: [{ sku: text, name: text }] })).toEqual({
        kind: 'kept',
      });
    expect(purchases(await delivered())).toHaveLength(4);
  });

  it('is held in memory as ever without a key, or without a storage', async () => {
    const device = createDevice();
    const keyless = device.page({ mode: 'kiosk' });
    await keyless.start();
    expect(await keyless.record(ORDER)).toEqual({ kind: 'held', reason: 'kiosk' });
    const bare = createRegulars({ shop: SHOP, mode: 'kiosk', sealTo: keys.publicKey });
    await bare.start();
    expect(await bare.record(ORDER)).toEqual({ kind: 'held', reason: 'kiosk' });
    expect(await device.databases()).toEqual([]);
  });
});

describe('when the guest has gone', () => {
  it('nothing of them is left but the boxes, and the next one is nobody', async () => {
    const device = createDevice();
    const kiosk = await kioskOf(device);
    await kiosk.recognize(ANA);
    await kiosk.record(ORDER);
    const first = purchases(await delivered())[0]?.subject ?? '';
    await kiosk.endVisit();
    expect(JSON.stringify([kiosk.get(), kiosk.usual()])).not.toContain('ramen');
    expect(await kiosk.rights.known()).toMatchObject({
      links: { ok: false },
      paidVisits: { ok: false },
    });
    expect(await kiosk.record({ ...ORDER, id: 'kiosk:78' })).toEqual({ kind: 'kept' });

    const boxes = await delivered();
    expect(boxes).toHaveLength(2);
    expect(byIdentifier(boxes)).toEqual({ '+14255550100': ['kiosk:77'] });
    expect(purchases(boxes)[1]?.subject).not.toBe(first);
    const stored = await device.bytes();
    for (const secret of [...SECRETS, first]) expect(stored).not.toContain(secret);
  });

  it('a payment that is answered then is theirs, with what they had typed', async () => {
    const device = createDevice();
    const kiosk = await kioskOf(device);
    await kiosk.recognize(ANA);
    const visit = kiosk.get().visit ?? '';
    await kiosk.endVisit();
    expect(await device.databases()).toEqual([]); // bought nothing yet, left nothing
    await kiosk.recognize(BEN);
    expect(await kiosk.record(ORDER, { visit })).toEqual({ kind: 'kept' });
    expect(await kiosk.record({ ...ORDER, id: 'kiosk:79' }, { visit })).toEqual({ kind: 'kept' });
    await kiosk.record({ ...ORDER, id: 'kiosk:80' });
    await kiosk.endVisit();
    expect(byIdentifier(await delivered())).toEqual({
      '+14255550100': ['kiosk:77', 'kiosk:79'],
      '+14255550177': ['kiosk:80'],
    });
    for (const secret of SECRETS) expect(await device.bytes()).not.toContain(secret);
  });

  it('such a payment shows the next guest nothing', async () => {
    const device = createDevice();
    const kiosk = await kioskOf(device);
    await kiosk.recognize(ANA);
    const visit = kiosk.get().visit ?? '';
    await kiosk.endVisit();
    await kiosk.recognize(BEN);
    const customer = { ids: [{ kind: 'email', value: 'cid@example.com' }] };
    await kiosk.record({ ...ORDER, customer }, { visit });
    expect(await kiosk.rights.known()).toMatchObject({
      links: { ok: false },
      paidVisits: { ok: false },
    });
    expect(kiosk.usual()).toMatchObject({ kind: 'none' });
    // nor does their memory know whom it was for: the box has to say it again
    await kiosk.record({ ...ORDER, id: 'kiosk:78', customer });
    const emails = (await delivered()).flatMap((box) =>
      box.identifiers.filter(({ type }) => type === 'email'),
    );
    expect(emails).toHaveLength(2);
  });

  it('one that is answered in the same moment is theirs too', async () => {
    const device = createDevice();
    const kiosk = await kioskOf(device);
    for (let i = 0; i < 10; i++) {
      await kiosk.recognize({ phone: `425555010${i}` });
      const visit = kiosk.get().visit ?? '';
      const recording = kiosk.record({ ...ORDER, id: `kiosk:${i}` }, { visit });
      for (let turn = 0; turn < i * 3; turn++) await Promise.resolve();
      await kiosk.endVisit();
      expect(await recording).toEqual({ kind: 'kept' });
      expect(await kiosk.rights.known()).toMatchObject({
        links: { ok: false },
        paidVisits: { ok: false },
      });
      // eight numbers a minute
      device.clock.advance(30_000);
    }
    expect(byIdentifier(await delivered())).toEqual(
      Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`+1425555010${i}`, [`kiosk:${i}`]])),
    );
  });

  it('an order of theirs that comes late, or at any moment of the wipe, is in no memory that the next one has', async () => {
    const device = createDevice();
    /** Acts when the kiosk looks at the clock: in the middle of recording. */
    let looked: () => void = () => undefined;
    const now = (): number => {
      looked();
      return device.clock.now();
    };
    const kiosk = await kioskOf(device, { clock: { ...device.clock, now } });
    const named = (n: number): object => ({
      customer: { ids: [{ kind: 'email', value: `cid${n}@example.com` }] },
    });
    const moments = Array.from({ length: 8 * 12 }, (_, n) => [n % 8, Math.floor(n / 8)] as const);
    for (const [n, [looks, turns]] of moments.entries()) {
      kiosk.keepAlive();
      const visit = kiosk.get().visit ?? '';
      let left = looks;
      let ending: Promise<void> | undefined;
      looked = () => {
        if (left-- === 0)
          ending = (async () => {
            for (let turn = 0; turn < turns; turn++) await Promise.resolve();
            await kiosk.endVisit();
          })();
      };
      await kiosk.record({ ...ORDER, ...named(n) }, { visit });
      looked = () => undefined;
      await (ending ?? kiosk.endVisit());
      // who was known would need no identifiers
      await kiosk.record({ ...ORDER, id: 'kiosk:78', ...named(n) });
      await kiosk.endVisit();
    }
    const boxes = await delivered();
    expect(boxes.map(({ identifiers }) => identifiers.length)).toEqual(
      Array(2 * moments.length).fill(1),
    );
  });

  it('what they typed last is what counts, and what was not theirs does not', async () => {
    const device = createDevice();
    const kiosk = await kioskOf(device);
    await kiosk.recognize(BEN);
    await kiosk.recognize(ANA);
    const visit = kiosk.get().visit ?? '';
    await kiosk.endVisit();
    await kiosk.record(ORDER, { visit });
    expect(byIdentifier(await delivered())).toEqual({ '+14255550100': ['kiosk:77'] });

    await kiosk.recognize(BEN);
    const other = kiosk.get().visit ?? '';
    await kiosk.notMe();
    await kiosk.record({ ...ORDER, id: 'kiosk:78' }, { visit: other });
    expect(byIdentifier(await delivered())).toEqual({ '+14255550100': ['kiosk:77'] });
    expect(await delivered()).toHaveLength(3);
  });

  it('what they typed is let go with the visits that are too long ago', async () => {
    const device = createDevice();
    const kiosk = await kioskOf(device);
    await kiosk.recognize(ANA);
    const visit = kiosk.get().visit ?? '';
    for (let i = 0; i < 25; i++) {
      await kiosk.endVisit();
      kiosk.keepAlive();
      await kiosk.record({ ...ORDER, id: `kiosk:${i}` });
    }
    expect(await kiosk.record(ORDER, { visit })).toEqual({
      kind: 'refused',
      reason: 'visit-unknown',
    });
    expect(byIdentifier(await delivered())).toEqual({});
  });
});

describe('somebody who says no', () => {
  it.each([
    ['to being remembered', (kiosk: Regulars) => kiosk.rights.consent('remember', 'denied')],
    ['afterwards, and is forgotten', (kiosk: Regulars) => kiosk.rights.forget({ scope: 'device' })],
  ])(
    '%s leaves nothing: what was sealed of them is deleted, what others left stays',
    async (_, no) => {
      const device = createDevice();
      const kiosk = await kioskOf(device);
      await kiosk.recognize(ANA);
      await kiosk.record(ORDER);
      await kiosk.endVisit();
      await kiosk.recognize(BEN);
      await kiosk.record({ ...ORDER, id: 'kiosk:78' });
      await kiosk.record({ ...ORDER, id: 'kiosk:79' });
      const visit = kiosk.get().visit ?? '';
      expect(await delivered()).toHaveLength(3);
      await no(kiosk);
      expect(byIdentifier(await delivered())).toEqual({ '+14255550100': ['kiosk:77'] });
      // nor what is still to come of that visit
      await kiosk.record({ ...ORDER, id: 'kiosk:80' }, { visit });
      expect(await delivered()).toHaveLength(1);
    },
  );

  it('is asked anew for each purchase only if they change their mind; the next guest is not them', async () => {
    const device = createDevice();
    const kiosk = await kioskOf(device);
    await kiosk.rights.consent('remember', 'denied');
    await kiosk.recognize(ANA);
    const visit = kiosk.get().visit ?? '';
    expect(await kiosk.record(ORDER)).toMatchObject({ kind: 'held' });
    await kiosk.endVisit();
    expect(await kiosk.record({ ...ORDER, id: 'kiosk:78' }, { visit })).toMatchObject({
      kind: 'held',
    });
    expect(await device.databases()).toEqual([]);

    await kiosk.recognize(BEN);
    expect(await kiosk.record({ ...ORDER, id: 'kiosk:79' })).toEqual({ kind: 'kept' });
    await kiosk.rights.consent('remember', 'denied');
    await kiosk.rights.consent('remember', 'granted');
    expect(await kiosk.record({ ...ORDER, id: 'kiosk:80' })).toEqual({ kind: 'kept' });
    expect(purchases(await delivered()).map(({ data }) => data.id)).toEqual(['kiosk:80']);
  });

  it('may be the host', async () => {
    const device = createDevice();
    const kiosk = await kioskOf(device, { consent: { remember: 'denied' } });
    await kiosk.recognize(ANA);
    const visit = kiosk.get().visit ?? '';
    expect(await kiosk.record(ORDER)).toMatchObject({ kind: 'held' });
    await kiosk.endVisit();
    expect(await kiosk.record(ORDER, { visit })).toMatchObject({ kind: 'held' });
    expect(await device.databases()).toEqual([]);
  });
});

describe('a storage that fails', () => {
  it.each([
    ['ERR_STORAGE_BLOCKED', 'open', 'blocked'],
    ['ERR_STORAGE_TIMEOUT', 'open', 'timeout'],
    ['ERR_STORAGE_FAILED', 'transact', 'corrupt'],
    ['ERR_STORAGE_QUOTA', 'transact', 'quota'],
  ] as const)(
    'with %s keeps the sale waiting in memory, and gets it when it is back',
    async (code, at, reason) => {
      const device = createDevice();
      const storage = frail();
      const kiosk = await kioskOf(device, { storage });
      storage.fail = { code, at };
      await kiosk.recognize(ANA);
      expect(await kiosk.record(ORDER)).toEqual({ kind: 'held', reason });
      expect(await kiosk.record({ ...ORDER, id: 'kiosk:78' })).toEqual({ kind: 'held', reason });
      expect(device.errors).toHaveLength(1);
      await vi.waitFor(() => expect(device.notices).toHaveLength(1));
      expect(device.notices[0]?.code).toBe(reason === 'quota' ? 'storage-full' : 'storage-memory');

      // the guest goes: the boxes stay, and nothing else
      await kiosk.endVisit();
      expect(await kiosk.rights.known()).toMatchObject({
        links: { ok: false },
        paidVisits: { ok: false },
      });
      storage.fail = {};
      device.clock.advance(60_000);
      await vi.waitFor(async () => expect(await delivered()).toHaveLength(2));
      expect(byIdentifier(await delivered())).toEqual({ '+14255550100': ['kiosk:77', 'kiosk:78'] });
      expect(await kiosk.record({ ...ORDER, id: 'kiosk:79' })).toEqual({ kind: 'kept' });
    },
  );

  it.each([
    ['ERR_STORAGE_NEWER', 'newer', 'storage-newer'],
    ['ERR_STORAGE_LOCKED', 'locked', 'storage-locked'],
    ['ERR_STORAGE_SUPERSEDED', 'superseded', 'storage-memory'],
  ] as const)(
    'for good, with %s, is tried with the next sale only',
    async (code, reason, notice) => {
      const device = createDevice();
      const storage = frail();
      const kiosk = await kioskOf(device, { storage });
      storage.fail = { code };
      expect(await kiosk.record(ORDER)).toEqual({ kind: 'held', reason });
      await vi.waitFor(() => expect(device.notices).toMatchObject([{ code: notice }]));
      storage.fail = {};
      device.clock.advance(600_000);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(await device.databases()).toEqual([]);
      expect(await kiosk.record({ ...ORDER, id: 'kiosk:78' })).toEqual({ kind: 'kept' });
      expect(await delivered()).toHaveLength(2);
    },
  );

  it('in a way that nobody foresaw keeps the sale waiting too', async () => {
    const device = createDevice();
    const inner = indexedDbStorage();
    const broken = { ...inner, open: () => Promise.reject(new Error('odd')) };
    const close = (): Promise<void> => Promise.reject(new Error('odd'));
    const kiosk = await kioskOf(device, { storage: { ...broken, close } });
    expect(await kiosk.record(ORDER)).toEqual({ kind: 'held', reason: 'unavailable' });
    expect(device.errors).toMatchObject([{ message: 'odd' }]);
  });

  it('that stands in with memory is no disk', async () => {
    const device = createDevice();
    const kiosk = await kioskOf(device, { storage: memoryStorage() });
    expect(await kiosk.record(ORDER)).toEqual({ kind: 'held', reason: 'unavailable' });

    const factory = globalThis.indexedDB;
    Object.assign(globalThis, { indexedDB: undefined, document: new EventTarget() });
    try {
      const other = await kioskOf(device);
      expect(await other.record(ORDER)).toEqual({ kind: 'held', reason: 'unavailable' });
      Object.assign(globalThis, { indexedDB: factory });
      expect(await other.record({ ...ORDER, id: 'kiosk:78' })).toEqual({ kind: 'kept' });
      expect(await delivered()).toHaveLength(2);
    } finally {
      Object.assign(globalThis, { indexedDB: factory });
      Reflect.deleteProperty(globalThis, 'document');
    }
  });

  it('that does not answer holds nobody up for more than 2 s, and gets the sale in the end', async () => {
    const device = createDevice();
    const storage = frail();
    const kiosk = await kioskOf(device, { storage });
    let answer: () => void = () => undefined;
    storage.fail = { hang: new Promise<void>((resolve) => (answer = resolve)) };
    const recording = kiosk.record(ORDER);
    await vi.waitFor(() => expect(storage.asked).toBe(1));
    device.clock.advance(2_000);
    expect(await recording).toEqual({ kind: 'held', reason: 'opening' });
    await kiosk.endVisit();
    answer();
    await vi.waitFor(async () => expect(await delivered()).toHaveLength(1));
  });

  it('leaves no timer behind a client that has stopped, and is tried again when it starts', async () => {
    const device = createDevice();
    const storage = frail();
    const kiosk = await kioskOf(device, { storage });
    storage.fail = { code: 'ERR_STORAGE_BLOCKED' };
    await kiosk.record(ORDER);
    await kiosk.stop();
    storage.fail = {};
    device.clock.advance(600_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await device.databases()).toEqual([]);
    await kiosk.start();
    await vi.waitFor(async () => expect(await delivered()).toHaveLength(1));
  });

  it('is not tried again by a client that stopped while it was failing', async () => {
    const device = createDevice();
    const storage = frail();
    const kiosk = await kioskOf(device, { storage });
    let answer: () => void = () => undefined;
    const hang = new Promise<void>((resolve) => (answer = resolve));
    storage.fail = { hang, code: 'ERR_STORAGE_BLOCKED' };
    const recording = kiosk.record(ORDER);
    await vi.waitFor(() => expect(storage.asked).toBe(1));
    await kiosk.stop();
    answer();
    expect(await recording).toEqual({ kind: 'held', reason: 'blocked' });
    storage.fail = {};
    device.clock.advance(600_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await device.databases()).toEqual([]);
  });

  it('keeps a box that is too big from no other', async () => {
    const device = createDevice();
    const inner = indexedDbStorage();
    const storage: ProfileStorage = {
      ...inner,
      transact: (mode, body, how) =>
        inner.transact(
          mode,
          (transaction) =>
            body({
              ...transaction,
              put: (store, key, value) => {
                if (JSON.stringify(value).length > 5_000)
                  throw new RegularsError('ERR_STORAGE_QUOTA', 'as told');
                transaction.put(store, key, value);
              },
            }),
          how,
        ),
    };
    const kiosk = await kioskOf(device, { storage });
    const big = Array.from({ length: 100 }, (_, i) => ({ sku: `sku-${i}` }));
    expect(await kiosk.record({ id: 'kiosk:1', lines: big })).toEqual({
      kind: 'held',
      reason: 'quota',
    });
    await kiosk.endVisit();
    expect(await kiosk.record(ORDER)).toEqual({ kind: 'kept' });
    expect(purchases(await delivered()).map(({ data }) => data.id)).toEqual(['kiosk:77']);
  });

  it('and a no meanwhile: what waited in memory is not written, what was written is deleted once it can be', async () => {
    const device = createDevice();
    const storage = frail();
    const kiosk = await kioskOf(device, { storage });
    await kiosk.record(ORDER);
    storage.fail = { code: 'ERR_STORAGE_BLOCKED' };
    await kiosk.record({ ...ORDER, id: 'kiosk:78' });
    await kiosk.rights.forget({ scope: 'device' });
    expect(await delivered()).toHaveLength(1);
    storage.fail = {};
    device.clock.advance(60_000);
    await vi.waitFor(async () => expect(await delivered()).toEqual([]));
  });
});

describe('several pages of one device', () => {
  it('put their boxes side by side', async () => {
    const device = createDevice();
    const [left, right] = [await kioskOf(device), await kioskOf(device)];
    await left.recognize(ANA);
    await right.recognize(BEN);
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 ? left : right).record({ ...ORDER, id: `kiosk:${i}` }),
      ),
    );
    const found = byIdentifier(await delivered());
    expect(found['+14255550100']).toHaveLength(10);
    expect(found['+14255550177']).toHaveLength(10);
  });

  it('a storefront that forgets its last customer, or whose time is over, leaves the boxes alone', async () => {
    for (const end of ['forget', 'retention'] as const) {
      const device = createDevice();
      const kiosk = await kioskOf(device);
      await kiosk.recognize(ANA);
      await kiosk.record(ORDER);
      const storefront = device.page({ consent: { remember: 'granted' } });
      await storefront.start();
      await storefront.recognize({ account: 'u_9' }, { verified: ['account'], name: 'Dana' });
      await storefront.record({ id: 'web:1', lines: [{ sku: 'tea', name: 'Green tea' }] });
      expect(await device.bytes()).toContain('Dana');
      if (end === 'forget') await storefront.rights.forget({ scope: 'device' });
      await storefront.stop();
      if (end === 'retention') {
        device.clock.advance(3 * 365 * 86_400_000);
        const later = device.page();
        await later.start();
        await later.stop();
      }
      expect(byIdentifier(await delivered()), end).toEqual({ '+14255550100': ['kiosk:77'] });
      expect(await device.bytes()).not.toMatch(/Dana|Green tea|web:1/);
    }
  });

  it('a kiosk where a storefront was before deletes no database when somebody says no', async () => {
    const device = createDevice();
    const storefront = device.page({ consent: { remember: 'granted' } });
    await storefront.start();
    await storefront.stop();
    const kiosk = await kioskOf(device);
    await kiosk.record(ORDER);
    await kiosk.endVisit();
    await kiosk.rights.consent('remember', 'denied');
    expect(await delivered()).toHaveLength(1);
  });
});

describe('the outbox of sealed boxes', () => {
  const outboxHere = (): ReturnType<typeof sealedOutbox> =>
    sealedOutbox({ shop: SHOP, storage: indexedDbStorage() });

  it('lists the oldest first, page by page, and forgets what is settled', async () => {
    const device = createDevice();
    const kiosk = await kioskOf(device);
    for (let i = 0; i < 5; i++) {
      await kiosk.record({ ...ORDER, id: `kiosk:${i}` });
      device.clock.advance(1);
    }
    const outbox = outboxHere();
    expect(await outbox.count()).toBe(5);
    const all = await outbox.list();
    expect(all.map(({ key }) => key)).toEqual(all.map(({ key }) => key).toSorted());
    const first = await outbox.list({ limit: 2 });
    expect(first).toEqual(all.slice(0, 2));
    expect(await outbox.list({ limit: 2, after: first[1]?.key ?? '' })).toEqual(all.slice(2, 4));

    await outbox.settle([...first.map(({ key }) => key), 'sealed:unknown']);
    await outbox.settle([]);
    expect(await outbox.list()).toEqual(all.slice(2));
    expect(await outboxHere().count()).toBe(3);
  });

  it('touches nothing that a storefront has there', async () => {
    const device = createDevice();
    const page = device.page({ consent: { remember: 'granted' } });
    await page.start();
    await page.record(ORDER);
    await page.stop();
    const before = await device.bytes();
    const outbox = outboxHere();
    expect(await outbox.list()).toEqual([]);
    await outbox.settle(['0000000000000001', '']);
    expect(await device.bytes()).toBe(before);
  });

  it('shares a storage with a kiosk of the same page', async () => {
    const device = createDevice();
    const storage = indexedDbStorage();
    const kiosk = await kioskOf(device, { storage });
    const outbox = sealedOutbox({ shop: SHOP, storage });
    const counts = await Promise.all(
      Array.from({ length: 10 }, async (_, i) => {
        expect(await kiosk.record({ ...ORDER, id: `kiosk:${i}` })).toEqual({ kind: 'kept' });
        return outbox.count();
      }),
    );
    expect(Math.max(...counts)).toBe(10);
  });

  it('rejects with the reason where there is no disk', async () => {
    createDevice();
    const outbox = sealedOutbox({ shop: SHOP, storage: memoryStorage() });
    await expect(outbox.list()).rejects.toMatchObject({ code: 'ERR_STORAGE_UNAVAILABLE' });
  });
});

describe('the option sealTo', () => {
  it('is a public P-256 key, and everything else is told at creation', async () => {
    const device = createDevice();
    const { publicKey, privateKey } = keys;
    for (const sealTo of [privateKey, { ...publicKey, crv: 'P-384' }, {}, null, 'key', 7, []])
      expect(() => device.page({ mode: 'kiosk', sealTo: sealTo as never, currency: 'e' })).toThrow(
        expect.objectContaining({
          code: 'ERR_OPTIONS_INVALID',
          message: expect.stringMatching(/currency.*sealTo must be a public P-256 JWK/s),
        }),
      );
    for (const mode of ['storefront', 'kiosk'] as const)
      expect(() => device.page({ mode, sealTo: publicKey })).not.toThrow();
  });

  it('that is no point of the curve is told at the first sale, which is held', async () => {
    const device = createDevice();
    const kiosk = await kioskOf(device, {
      sealTo: { ...keys.publicKey, y: keys.publicKey.x ?? '' },
    });
    await kiosk.recognize(ANA);
    expect(await kiosk.record(ORDER)).toEqual({ kind: 'held', reason: 'kiosk' });
    expect(device.errors[0]).toMatchObject({ code: 'ERR_OPTIONS_INVALID' });
    expect(await device.databases()).toEqual([]);
  });

  it('is of no use without WebCrypto: sales are held', async () => {
    const device = createDevice();
    const whole = globalThis.crypto;
    const bare = { getRandomValues: whole.getRandomValues.bind(whole) };
    vi.stubGlobal('crypto', bare);
    try {
      const kiosk = await kioskOf(device);
      expect(await kiosk.record(ORDER)).toEqual({ kind: 'held', reason: 'kiosk' });
      expect(device.errors[0]).toMatchObject({ code: 'ERR_STORAGE_UNAVAILABLE' });
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
