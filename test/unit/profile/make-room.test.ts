import { describe, expect, it } from 'vitest';
import { RegularsError } from '../../../src/kernel/errors.js';
import {
  appendRecords,
  eraseCustomer,
  makeBase,
  readCard,
  refoldCard,
} from '../../../src/profile/log.js';
import { makeRoom, readDrops, type Room } from '../../../src/profile/make-room.js';
import { pickGone, STEPS, type Gone, type Step } from '../../../src/profile/pick-gone.js';
import type { ProfileStorage, StorageTransaction } from '../../../src/profile/port.js';
import type { Card, Purchase, RecordDraft, RecordKind } from '../../../src/profile/types.js';
import {
  contents,
  DAY,
  draft,
  env,
  freshId,
  HOUR,
  keyedHash,
  NOW,
  openMemory,
  purchase,
  stampAll,
} from '../../support/profile/histories.js';

const write = <T>(
  storage: ProfileStorage,
  body: (tx: StorageTransaction) => Promise<T>,
): Promise<T> => storage.transact('readwrite', body);
const room = (
  storage: Pick<ProfileStorage, 'transact'>,
  target: number,
  now = NOW + 400 * DAY,
): Promise<Room> => makeRoom(storage, target, { ...env, now, by: 'device:one', id: freshId });

/** An order as shops have them. */
const order = (i: number, more: Partial<Purchase> = {}): Purchase =>
  purchase(`web:${i}`, {
    at: NOW + i * 7 * HOUR,
    refs: [`ref:${i}`],
    place: { id: 'main' },
    lines: ['latte', `bun-${i % 40}`].map((sku) => ({
      ...{ sku, name: `The ${sku}`, quantity: 1 + (i % 2), unitPrice: 480, category: 'café' },
      modifiers: [{ group: 'milk', name: 'Oat milk', quantity: 1, unitPrice: 50 }],
    })),
    ...more,
  });
const orders = (from: number, to: number, subject = 'shep'): readonly RecordDraft[] =>
  Array.from({ length: to - from }, (_, i) => draft('purchase', order(from + i), { subject }));

async function filled(...drafts: readonly RecordDraft[]): Promise<ProfileStorage> {
  const storage = await openMemory();
  await write(storage, (tx) => appendRecords(tx, drafts, env));
  return storage;
}

async function cardOf(storage: ProfileStorage, subject = 'shep'): Promise<Card> {
  const read = await storage.transact('readonly', (tx) => readCard(tx, subject));
  if (read.kind !== 'card') throw new Error(read.kind);
  return read.card;
}

const countsOf = ({
  purchases,
  olderPurchases,
  partial: _,
  seen: _seen,
  ...card
}: Card): unknown => ({
  ...card,
  all: purchases.length + olderPurchases,
});

/** A backend has taken what `sent` says. */
const deliver = (storage: ProfileStorage, sent: (n: number) => boolean): Promise<void> =>
  write(storage, async (tx) => {
    for (const { key } of await tx.list('outbox')) if (sent(Number(key))) tx.remove('outbox', key);
  });

async function kinds(storage: ProfileStorage): Promise<Record<string, number>> {
  const { records } = await contents(storage);
  const found: Record<string, number> = {};
  for (const { value } of records) {
    const { kind } = JSON.parse((value as { readonly text: string }).text) as {
      readonly kind: string;
    };
    found[kind] = (found[kind] ?? 0) + 1;
  }
  return found;
}

const readSize = async (tx: StorageTransaction): Promise<unknown> =>
  ((await tx.get('meta', 'log')) as { readonly bytes: unknown }).bytes;

const sizeOf = async (storage: ProfileStorage): Promise<number> => {
  const { records } = await contents(storage);
  return records.reduce(
    (sum, { value }) => sum + (value as { readonly text: string }).text.length,
    0,
  );
};

const exposure = (i: number, at: number): RecordDraft =>
  draft('exposure', {
    ...{ visit: `v${i}`, at },
    items: Object.fromEntries(
      ['latte', 'bun', 'scone', 'tea', 'cake'].map((sku) => [
        sku,
        { shown: 2, accepted: 1, ignored: 1, viewed: 0 },
      ]),
    ),
  });

describe('making room', () => {
  it('frees most of what a long history takes, and the card keeps every number', async () => {
    const storage = await filled(...orders(0, 400));
    const before = await cardOf(storage);
    const size = await sizeOf(storage);
    const { bytes, dropped } = await room(storage, size * 0.4);
    expect(bytes).toBe(await sizeOf(storage));
    expect(bytes).toBeLessThanOrEqual(size * 0.4);
    expect(dropped).toEqual({ delivered: 0, unsent: 350 });
    const card = await cardOf(storage);
    expect(card.partial).toBe(true);
    expect(countsOf(card)).toEqual(countsOf(before));
    expect(card.purchases).toEqual(before.purchases);
    expect(card.seen).toBe(before.seen);
    const { outbox, meta } = await contents(storage);
    expect(outbox).toHaveLength(50);
    expect(meta).toContainEqual({ key: 'drops', value: dropped });
    expect(await storage.transact('readonly', readDrops)).toEqual(dropped);
    // and the card is what its records give
    const refolded = await write(storage, (tx) => refoldCard(tx, 'shep'));
    expect(refolded).toEqual(card);
  });

  it('knows what was dropped when it comes again, by any of its names', async () => {
    const drafts = [
      ...orders(0, 120),
      draft('visit', { at: NOW, channel: 'web' }),
      exposure(1, NOW),
    ];
    const storage = await filled(...drafts);
    await room(storage, 0);
    const card = await cardOf(storage);
    const all = await contents(storage);
    const again = await write(storage, (tx) => appendRecords(tx, drafts, env));
    expect(again).toMatchObject({ appended: [], duplicates: drafts.length });
    expect(await contents(storage)).toEqual(all);

    for (const draft of drafts.slice(-2)) {
      const alone = await write(storage, (tx) => appendRecords(tx, [draft], env));
      expect(alone.appended).toEqual([]);
    }

    // the same order told by another source counts nothing twice
    const twin = draft(
      'purchase',
      order(3, { id: 'analytics:3', refs: ['ref:3'], at: NOW + 21 * HOUR }),
    );
    await write(storage, (tx) => appendRecords(tx, [twin], env));
    expect(countsOf(await cardOf(storage))).toMatchObject({
      paidVisits: card.paidVisits,
      all: 120,
    });
  });

  it('keeps what came back of an order in what it counts', async () => {
    const [line] = order(0).lines;
    const lines = [{ ...(line as Purchase['lines'][number]), quantity: 3, refundedQuantity: 2 }];
    const drafts = orders(0, 80).concat(draft('purchase', order(80, { at: NOW, lines })));
    const storage = await filled(...drafts);
    const before = await cardOf(storage);
    await room(storage, 0);
    expect(countsOf(await cardOf(storage))).toEqual(countsOf(before));
  });

  it('lets a later word on a dropped order hold: what came back, what was cancelled', async () => {
    const storage = await filled(...orders(0, 120));
    await room(storage, 0);
    const before = await cardOf(storage);
    await write(storage, (tx) =>
      appendRecords(
        tx,
        [
          draft('refund', { purchase: 'ref:4', at: NOW + 99 * DAY }),
          draft('purchase', order(5, { status: 'cancelled' })),
        ],
        env,
      ),
    );
    const card = await cardOf(storage);
    expect(card.paidVisits).toBe(before.paidVisits - 2);
    expect(countsOf(card)).toMatchObject({ all: 120 });
  });

  it('drops what a backend has before what none has, and orders that none has last', async () => {
    const storage = await filled(
      ...orders(0, 100),
      ...Array.from({ length: 40 }, (_, i) => exposure(i, NOW + i * HOUR)),
      ...orders(100, 200),
    );
    await deliver(storage, (n) => n <= 120);
    const card = await cardOf(storage);
    const sizes: number[] = [];
    const counts: unknown[] = [];
    let size = await sizeOf(storage);
    for (let i = 0; i < 40; i++) {
      const { bytes, dropped } = await room(storage, size - 1);
      if (bytes >= size) break;
      size = bytes;
      sizes.push(bytes);
      counts.push(dropped);
      expect(countsOf(await cardOf(storage))).toEqual(countsOf(card));
    }
    const drops = await storage.transact('readonly', readDrops);
    expect(drops).toEqual({ delivered: 120, unsent: 20 + 99 });
    const base = (await contents(storage)).records
      .map(({ value }) => (value as { text: string }).text)
      .find((text) => text.includes('"kind":"base"'));
    expect(base).toContain('"revision":239,"delivered":120,');
    // delivered orders and exposures, then the exposures that wait, then the orders that wait: each before the next
    expect(counts[0]).toEqual({ delivered: 120, unsent: 0 });
    expect(counts[1]).toEqual({ delivered: 0, unsent: 20 });
    expect(counts[2]).toEqual({ delivered: 0, unsent: 50 });
    expect(await kinds(storage)).toEqual({ base: 1, purchase: 1 });
    expect((await cardOf(storage)).purchases.map(({ id }) => id)).toEqual(['web:199']);
  });

  it('leaves alone whatever is no history, and what it cannot read', async () => {
    const stays: readonly RecordDraft[] = [
      draft('link', { type: 'phone', token: 't', level: 'claimed', method: 'typed', at: NOW }),
      draft('consent', { purpose: 'remember', answer: 'granted', at: NOW, replaces: [] }),
      ...(['fact', 'correction'] as const).map((kind) =>
        draft(kind, { key: kind, value: 'x', at: NOW, source: 'customer', purpose: 'remember' }),
      ),
      draft('issue', { issue: 'i', at: NOW, what: 'cold', state: 'open' }),
      draft('answer', { question: 'q', at: NOW, value: 1 }),
      draft('dismissal', { at: NOW, reason: 'stop', target: { kind: 'item', sku: 'bun' } }),
      draft('attestation', { at: NOW, staff: 'ann', method: 'seen' }),
      {
        ...draft('visit', { at: NOW, channel: 'web' }),
        kind: 'of-tomorrow' as RecordKind,
      } as RecordDraft,
    ];
    const storage = await filled(
      ...stays,
      ...orders(0, 80),
      draft('access', { at: NOW, staff: 'ann', fields: ['name'] }),
    );
    await write(storage, async (tx) => {
      tx.put('records', 'shep/broken', { v: 1, sum: 1, text: 'broken', n: 3 });
      tx.put('records', 'nowhere', { v: 1, sum: 1, text: 'broken', n: 3 });
      tx.put('meta', 'of-the-host', 'stays');
      tx.put('outbox', 'sealed:1', { sealed: true });
    });
    const waiting = (await contents(storage)).outbox.slice(0, stays.length);
    await room(storage, 0);
    const { records, outbox, meta } = await contents(storage);
    for (const { id } of stays) expect(records.map(({ key }) => key)).toContain(`shep/${id}`);
    expect(await kinds(storage).catch(() => 'broken')).toBe('broken');
    expect(outbox).toEqual(
      expect.arrayContaining([...waiting, { key: 'sealed:1', value: { sealed: true } }]),
    );
    expect(meta).toContainEqual({ key: 'of-the-host', value: 'stays' });
    expect(records).toHaveLength(stays.length + 2 + 2);
    expect(await cardOf(storage)).toMatchObject({
      consent: { remember: 'granted' },
      paidVisits: 80,
    });
  });

  it('leaves enough of what was dropped that an erasure keeps it from coming back', async () => {
    const drafts = orders(0, 120);
    const storage = await filled(...drafts);
    await room(storage, 0);
    const hash = keyedHash;
    await write(storage, (tx) =>
      eraseCustomer(tx, 'shep', { ...env, tombstone: { id: freshId(), by: 'device:one', hash } }),
    );
    const again = orders(0, 120, 'somebody');
    const { refused } = await write(storage, (tx) => appendRecords(tx, again, { ...env, hash }));
    expect(refused).toBe(120);
    expect(await sizeOf(storage)).toBe((await storage.transact('readonly', readSize)) as number);
  });

  it('goes through many customers, and stops as soon as there is room', async () => {
    const names = ['ada', 'a/b', '%2F', '__proto__', 'zoë', 'shep'];
    const storage = await filled(
      ...names.flatMap((name, k) => orders(k * 1000, k * 1000 + 90, name)),
    );
    const size = await sizeOf(storage);
    const { bytes, dropped } = await room(storage, size - 40_000);
    expect(bytes).toBeLessThanOrEqual(size - 40_000);
    expect(dropped.unsent).toBe(120);
    await room(storage, 0);
    for (const name of names) {
      const card = await cardOf(storage, name);
      expect([name, card.paidVisits, card.purchases.length]).toEqual([name, 90, 1]);
    }
  });

  it('leaves each customer the newest fifty, however their records lie', async () => {
    const names = ['ada', 'bob', 'cy'];
    const storage = await filled(
      ...names.flatMap((name, k) => orders(k * 1000, k * 1000 + 300, name)),
    );
    const { dropped } = await room(storage, (await sizeOf(storage)) * 0.4);
    expect(dropped.unsent).toBe(750);
    for (const [k, name] of names.entries()) {
      const { purchases } = await cardOf(storage, name);
      expect(purchases.at(-1)?.id).toBe(`web:${k * 1000 + 250}`);
      expect(purchases).toHaveLength(50);
    }
  });

  it('drops nothing that would free nothing', async () => {
    const storage = await filled(draft('visit', { at: NOW, channel: 'web' }), ...orders(0, 2));
    const before = await contents(storage);
    const { bytes, dropped } = await room(storage, 0);
    expect(dropped).toEqual({ delivered: 0, unsent: 0 });
    expect(bytes).toBe(await sizeOf(storage));
    expect(await contents(storage)).toEqual(before);
  });

  it('takes up what an older base holds, and keeps what waits of others', async () => {
    const storage = await filled(...orders(0, 100), ...orders(500, 501, 'ada'));
    await write(storage, (tx) => makeBase(tx, 'shep', { ...env, id: freshId(), by: 'device:one' }));
    const before = await cardOf(storage);
    await write(storage, (tx) => appendRecords(tx, orders(100, 160), env));
    await room(storage, 0);
    expect(await cardOf(storage)).toMatchObject({ paidVisits: before.paidVisits + 60 });
    expect(await kinds(storage)).toEqual({ base: 1, purchase: 2 });
    // a second base has the number of another's record: that one waits on
    await write(storage, (tx) => makeBase(tx, 'shep', { ...env, id: freshId(), by: 'device:one' }));
    expect(
      (await contents(storage)).outbox.map(({ value }) => String(value).split('/')[0]),
    ).toEqual(['ada']);
    expect(await cardOf(storage)).toMatchObject({
      paidVisits: before.paidVisits + 60,
      partial: true,
    });
  });

  it('writes no card on a full disk; what it counts holds all the same, and nothing comes twice', async () => {
    const drafts = orders(0, 300);
    const storage = await filled(...drafts);
    const { cards } = await contents(storage);
    const before = await cardOf(storage);
    await makeRoom(storage, 0, {
      ...env,
      now: NOW + 400 * DAY,
      by: 'device:one',
      id: freshId,
      isFull: true,
    });
    expect((await contents(storage)).cards).toEqual(cards);
    const again = await write(storage, (tx) => appendRecords(tx, drafts, env));
    expect(again.appended).toEqual([]);
    await write(storage, (tx) => appendRecords(tx, orders(300, 301), env));
    const quick = await cardOf(storage);
    const refolded = await write(storage, (tx) => refoldCard(tx, 'shep'));
    expect(countsOf(quick)).toEqual(refolded && countsOf(refolded));
    expect(quick.paidVisits).toBe(before.paidVisits + 1);
  });

  it('frees a little at a time where a large base has no room, and gives up where none has', async () => {
    const storage = await filled(...orders(0, 300));
    const before = await cardOf(storage);
    let refused = 0;
    const tight = (limit: number): Pick<ProfileStorage, 'transact'> => ({
      transact: (mode, body, options) =>
        storage.transact(
          mode,
          async (tx) => {
            let written = 0;
            const result = await body({
              ...tx,
              put: (store, key, value) => {
                if (store === 'records') written += JSON.stringify(value).length;
                tx.put(store, key, value);
              },
            });
            if (written <= limit) return result;
            refused++;
            throw new RegularsError('ERR_STORAGE_QUOTA', 'full');
          },
          options,
        ),
    });
    const size = await sizeOf(storage);
    const { bytes } = await room(tight(18_000), size - 60_000);
    expect(refused).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(size - 60_000);
    expect(countsOf(await cardOf(storage))).toEqual(countsOf(before));
    await expect(room(tight(100), 0)).rejects.toMatchObject({ code: 'ERR_STORAGE_QUOTA' });
    expect(countsOf(await cardOf(storage))).toEqual(countsOf(before));
  });
});

describe('what goes of a customer', () => {
  const later = STEPS.find(({ unsent, keep }) => unsent && keep === 10) as Step;
  const pick = (
    drafts: readonly RecordDraft[],
    more: Partial<Parameters<typeof pickGone>[1]> = {},
  ): Gone =>
    pickGone(
      stampAll(drafts).map((record, i) => ({
        key: `shep/${record.id}`,
        n: i + 1,
        bytes: 500,
        record,
      })),
      {
        ...{ step: later, by: 'device:one', now: NOW + 400 * DAY, most: 1000 },
        unsent: { numbers: new Set<number>(), through: Infinity },
        ...more,
      },
    );

  it('is the oldest first', () => {
    const drafts = [...orders(0, 40)].reverse();
    const gone = pick(drafts, { most: 7 });
    const oldest = drafts.slice(-7).map(({ id }) => id);
    expect([...gone.records].sort()).toEqual(oldest.sort());
    expect(gone).toMatchObject({ more: true, delivered: 7, unsent: 0 });
    expect(pick(drafts)).toMatchObject({ more: false, delivered: 30 });
  });

  it('is all versions of a thing or none, and nothing that came after we looked', () => {
    const [step] = STEPS;
    const drafts = [...orders(0, 60), draft('purchase', order(2, { status: 'refunded' }))];
    const numbers = new Set([61]);
    const sent = pick(drafts, { ...(step && { step }), unsent: { numbers, through: 61 } });
    expect(sent.delivered).toBe(9);
    expect(sent.records.has(drafts[2]?.id ?? '')).toBe(false);
    expect(pick(drafts, { unsent: { numbers, through: 61 } })).toMatchObject({
      delivered: 50,
      unsent: 1,
    });
    const early = pick(drafts, { unsent: { numbers: new Set(), through: 20 } });
    expect(early.delivered).toBe(19);
  });
});
