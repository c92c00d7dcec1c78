import { describe, expect, it } from 'vitest';
import { isRegularsError } from '../../../src/kernel/errors.js';
import { nextStamp } from '../../../src/kernel/stamp.js';
import {
  appendRecords,
  eraseCustomer,
  exportRecords,
  findCustomers,
  listCustomers,
  makeBase,
  readCard,
  refoldCard,
  type Appended,
  type LogEnv,
} from '../../../src/profile/log.js';
import { withFormat, type Migration } from '../../../src/profile/migrations.js';
import type { ProfileStorage, StorageTransaction } from '../../../src/profile/port.js';
import { decodeRow, encodeRow } from '../../../src/profile/stored-row.js';
import { readPurchase } from '../../../src/profile/read-purchase.js';
import type {
  CardPurchase,
  Purchase,
  RecordDraft,
  UnknownRecord,
} from '../../../src/profile/types.js';
import {
  contents,
  DAY,
  draft,
  env,
  freshId,
  keyedHash,
  link,
  NOW,
  openMemory,
  purchase,
} from '../../support/profile/histories.js';

const append = (
  storage: ProfileStorage,
  drafts: readonly (RecordDraft | UnknownRecord)[],
  more: Partial<LogEnv> = {},
): Promise<Appended> =>
  storage.transact('readwrite', (tx) => appendRecords(tx, drafts, { ...env, ...more }));
const write = <T>(
  storage: ProfileStorage,
  body: (tx: StorageTransaction) => Promise<T>,
): Promise<T> => storage.transact('readwrite', body);
const order = (id: string, day = 0, more = {}): RecordDraft =>
  draft('purchase', purchase(id, { at: NOW + day * DAY }), more);

describe('appending', () => {
  it('writes record, outbox, card and clock, and gives the card', async () => {
    const storage = await openMemory();
    const { cards, appended, duplicates, refused } = await append(storage, [order('web:1')]);
    expect(cards).toMatchObject([{ id: 'shep', paidVisits: 1 }]);
    expect({ appended: appended.length, duplicates, refused }).toEqual({
      appended: 1,
      duplicates: 0,
      refused: 0,
    });
    const { records, outbox, meta } = await contents(storage);
    expect(outbox.map(({ value }) => value)).toEqual(records.map(({ key }) => key));
    expect(meta).toMatchObject([{ key: 'log', value: { n: 1, stamp: appended[0]?.stamp } }]);
  });

  it('adds an order to a card that is there with four reads and four writes', async () => {
    const storage = await openMemory();
    await append(storage, [order('web:1'), draft('link', link('email', 't'))]);
    const calls: string[] = [];
    await write(storage, (tx) => {
      const counted = Object.fromEntries(
        Object.entries(tx).map(([name, call]) => [
          name,
          (store: string, ...rest: unknown[]) => {
            calls.push(`${name} ${store}`);
            return (call as (...args: unknown[]) => unknown)(store, ...rest);
          },
        ]),
      ) as unknown as StorageTransaction;
      return appendRecords(counted, [order('web:2', 3)], env);
    });
    expect(calls.sort()).toEqual([
      'get cards',
      'get meta',
      'get records',
      'get tokens',
      'put cards',
      'put meta',
      'put outbox',
      'put records',
    ]);
  });

  it('appends nothing when an order, a fact, an answer or a link says what is known', async () => {
    const storage = await openMemory();
    const drafts = (): readonly RecordDraft[] => [
      order('web:1'),
      draft('fact', { key: 'diet', value: 'vegan', at: NOW, source: 'host', purpose: 'health' }),
      draft('consent', { purpose: 'suggest', answer: 'granted', at: NOW, replaces: [] }),
      draft('link', link('email', 't')),
    ];
    await append(storage, drafts());
    const before = await contents(storage);
    expect(await append(storage, drafts())).toMatchObject({ appended: [], duplicates: 4 });
    expect(await contents(storage)).toEqual(before);
    expect((await append(storage, [order('web:1', 1)])).appended).toHaveLength(1);
  });

  it('appends nothing for an order that comes again without its time, cancelled or refunded since', async () => {
    const again = (known: readonly CardPurchase[]): RecordDraft =>
      draft(
        'purchase',
        readPurchase(
          { id: 'web:1', lines: [{ sku: 'latte', quantity: 2 }] },
          {
            now: NOW + 9 * DAY,
            channel: 'web',
            keepNotes: false,
            known: (id) => known.find((one) => one.id === id),
          },
        ).purchase,
      );
    for (const change of [
      { kind: 'refund', data: { purchase: 'web:1', at: NOW } },
      {
        kind: 'refund',
        data: { purchase: 'web:1', at: NOW, lines: [{ sku: 'latte', quantity: 1 }] },
      },
      { kind: 'purchase', data: { ...again([]).data, at: NOW, status: 'cancelled' } },
    ] as const) {
      const storage = await openMemory();
      const first = { ...again([]).data, at: NOW } as Purchase;
      await append(storage, [draft('purchase', first)]);
      const { cards } = await append(storage, [draft(change.kind, change.data as never)]);
      expect(cards[0]?.purchases[0]?.status).not.toBe('paid');
      const repeat = await append(storage, [again(cards[0]?.purchases ?? [])]);
      expect(repeat).toMatchObject({ appended: [], duplicates: 1 });
      expect(repeat.cards).toEqual(cards);
    }
  });

  it('takes a link again that was taken back', async () => {
    const storage = await openMemory();
    const first = draft('link', link('email', 't'));
    await append(storage, [first]);
    await append(storage, [draft('unlink', { link: first.id })]);
    expect(await write(storage, (tx) => findCustomers(tx, 't'))).toEqual([]);
    const again = await append(storage, [draft('link', link('email', 't'))]);
    expect(again.appended).toHaveLength(1);
    expect(await write(storage, (tx) => findCustomers(tx, 't'))).toEqual(['shep']);
  });

  it('takes a link back whichever subject of the customer asks for it', async () => {
    const storage = await openMemory();
    const merged = { method: 'merged' };
    const second = draft('link', link('merge', 'm', merged), { subject: 'q' });
    await append(storage, [
      order('web:1', 0, { subject: 'p' }),
      order('web:2', 0, { subject: 'q' }),
      draft('link', link('merge', 'm', merged), { subject: 'p' }),
      second,
    ]);
    expect(await write(storage, (tx) => listCustomers(tx))).toEqual(['p']);
    const { cards } = await append(storage, [
      draft('unlink', { link: second.id }, { subject: 'p' }),
    ]);
    expect(cards.map(({ id }) => id).sort()).toEqual(['p', 'q']);
    expect(await write(storage, (tx) => listCustomers(tx))).toEqual(['p', 'q']);
  });

  it('leads from a merged-away customer to the one it is now', async () => {
    const storage = await openMemory();
    await append(storage, [
      order('web:1', 0, { subject: 'p' }),
      order('web:2', 0, { subject: 'q' }),
    ]);
    await append(storage, [
      draft('link', link('email', 'e'), { subject: 'p' }),
      draft('link', link('email', 'e'), { subject: 'q' }),
    ]);
    const read = await write(storage, (tx) => readCard(tx, 'q'));
    expect(read).toMatchObject({ kind: 'card', card: { id: 'p', subjects: ['p', 'q'] } });
    expect(await write(storage, (tx) => findCustomers(tx, 'e'))).toEqual(['p']);
    const { cards } = await append(storage, [order('web:3', 9, { subject: 'q' })]);
    expect(cards).toMatchObject([{ id: 'p', purchases: [{ id: 'web:3' }, {}, {}] }]);
  });

  it('refuses what is about somebody erased', async () => {
    const storage = await openMemory();
    await append(storage, [order('web:1')]);
    await append(storage, [draft('erasure', { at: NOW, subjects: [], purchases: [] })]);
    expect(await append(storage, [order('web:2')])).toMatchObject({
      refused: 1,
      appended: [],
      cards: [{ erased: true }],
    });
  });

  it('carries records of unknown kinds untouched', async () => {
    const storage = await openMemory();
    const unknown = {
      ...order('web:1'),
      id: 'u1',
      shop: env.shop,
      stamp: '019df2005000-0000-aaaaaaaa',
      kind: 'hologram',
      data: { deep: [1, { __proto__: null, x: 'y' }] },
    } as unknown as UnknownRecord;
    await append(storage, [order('web:1'), unknown]);
    await write(storage, (tx) => makeBase(tx, 'shep', { ...env, id: freshId(), by: 'device:one' }));
    const records = await write(storage, (tx) => exportRecords(tx, 'shep'));
    expect(records.find(({ id }) => id === 'u1')).toEqual(unknown);
    expect(records.map(({ kind }) => kind).sort()).toEqual(['base', 'hologram']);
    expect((await contents(storage)).outbox).toHaveLength(1);
  });

  it('keeps subjects apart whose names begin alike', async () => {
    const storage = await openMemory();
    await append(storage, [
      order('web:1', 0, { subject: 'a' }),
      order('web:2', 0, { subject: 'a/b' }),
      order('web:3', 0, { subject: '__proto__' }),
    ]);
    await write(storage, (tx) => eraseCustomer(tx, 'a', env));
    expect(await write(storage, (tx) => listCustomers(tx))).toEqual(['__proto__', 'a/b']);
    expect(await write(storage, (tx) => refoldCard(tx, 'a/b'))).toMatchObject({ paidVisits: 1 });
  });
});

describe('damage', () => {
  it('of a card is healed from its records', async () => {
    const storage = await openMemory();
    const { cards } = await append(storage, [order('web:1'), draft('link', link('email', 't'))]);
    for (const broken of ['{', { v: 1, sum: 0, text: '{}' }, { v: 1 }, null, 7]) {
      await write(storage, async (tx) => tx.put('cards', 'shep', broken));
      const read = await write(storage, (tx) => readCard(tx, 'shep'));
      expect(read).toEqual({ kind: 'stale', reason: 'corrupt' });
      expect(await write(storage, (tx) => refoldCard(tx, 'shep'))).toEqual(cards[0]);
      expect(await write(storage, (tx) => readCard(tx, 'shep'))).toMatchObject({ kind: 'card' });
    }
    await write(storage, async (tx) => tx.remove('cards', 'shep'));
    expect(await write(storage, (tx) => readCard(tx, 'shep'))).toMatchObject({ reason: 'missing' });
    expect(await write(storage, (tx) => readCard(tx, 'nobody'))).toEqual({ kind: 'none' });
  });

  it('of a card is healed by the next order too', async () => {
    const storage = await openMemory();
    await append(storage, [order('web:1')]);
    await write(storage, async (tx) => tx.put('cards', 'shep', 'broken'));
    const { cards } = await append(storage, [order('web:2', 1)]);
    expect(cards).toMatchObject([{ paidVisits: 2 }]);
  });

  it('of a record sets that record aside, in its place, and touches no other', async () => {
    const storage = await openMemory();
    await append(storage, [order('web:1'), order('web:2', 1)]);
    const { records } = await contents(storage);
    const key = records[0]?.key ?? '';
    await write(storage, async (tx) =>
      tx.put('records', key, { v: 1, sum: 1, text: '{"a"', n: 1 }),
    );
    const before = await contents(storage);
    let corrupt = 0;
    const card = await write(storage, (tx) =>
      refoldCard(tx, 'shep', undefined, (rows) => (corrupt += rows)),
    );
    expect(card).toMatchObject({ paidVisits: 1 });
    expect(corrupt).toBe(1);
    expect((await contents(storage)).records).toEqual(before.records);
    await append(storage, [order('web:3', 2)]);
    expect((await contents(storage)).records).toHaveLength(3);
  });

  it('of the counter is repaired from the records, and no number is given twice', async () => {
    const storage = await openMemory();
    await append(storage, [order('web:1'), order('web:2', 1)]);
    await write(storage, async (tx) => tx.put('meta', 'log', { n: Number.NaN }));
    const { appended } = await append(storage, [order('web:3', 2)], { now: 0 });
    const { outbox, meta } = await contents(storage);
    expect(outbox).toHaveLength(3);
    expect(meta).toMatchObject([{ value: { n: 3, stamp: appended[0]?.stamp } }]);
  });
});

describe('a damaged clock', () => {
  it.each([
    ['an object', {}],
    ['nothing', null],
    ['no stamp', 'zzzz'],
    ['past the end of time', 'ffffffffffff-ffff-ffffffff'],
    ['decades ahead', '03b9aca00000-0000-aaaaaaaa'],
  ])('that is %s is found again from the records', async (_name, stamp) => {
    const storage = await openMemory();
    const { appended: before } = await append(storage, [order('web:1')]);
    await write(storage, async (tx) => tx.put('meta', 'log', { v: 1, n: 1, stamp }));
    const { appended } = await append(storage, [order('web:2', 1)]);
    expect(appended[0]?.stamp).toBe(nextStamp(before[0]?.stamp, NOW, env.device));
    expect((await contents(storage)).meta).toMatchObject([
      { value: { n: 2, stamp: appended[0]?.stamp } },
    ]);
  });

  it('is none that an unset clock runs behind, nor one that the records confirm', async () => {
    const storage = await openMemory();
    const { appended: ahead } = await append(storage, [order('web:1')], { now: NOW + 9e11 });
    const { appended } = await append(storage, [order('web:1', 1)], { now: 0 });
    expect(appended[0]?.stamp).toBe(nextStamp(ahead[0]?.stamp, 0, env.device));
  });
});

describe('a damaged token row', () => {
  it.each([[{ subjects: 5 }], [[null]], [{ subjects: [null] }], ['text'], [null]])(
    'counts for nobody, and goes when somebody is erased: %j',
    async (row) => {
      const storage = await openMemory();
      await append(storage, [order('web:1'), draft('link', link('email', 't'))]);
      await write(storage, async (tx) => tx.put('tokens', 't:t', row));
      expect(await write(storage, (tx) => findCustomers(tx, 't'))).toEqual([]);
      expect(await write(storage, (tx) => refoldCard(tx, 'shep'))).toMatchObject({ id: 'shep' });
      expect(await write(storage, (tx) => findCustomers(tx, 't'))).toEqual(['shep']);
      await write(storage, async (tx) => tx.put('tokens', 't:t', row));
      await write(storage, (tx) => eraseCustomer(tx, 'shep', env));
      expect((await contents(storage)).tokens).toEqual([]);
    },
  );
});

describe('data of another version', () => {
  const format = { version: 2 };

  it('that is newer is neither read nor written', async () => {
    const storage = await openMemory();
    await append(storage, [order('web:1')], { format });
    const before = await contents(storage);
    expect(await write(storage, (tx) => readCard(tx, 'shep'))).toEqual({ kind: 'newer' });
    for (const attempt of [
      () => append(storage, [order('web:2')]),
      () => append(storage, [order('web:2', 0, { subject: 'other' })]),
      () => write(storage, (tx) => refoldCard(tx, 'shep')),
      () => write(storage, (tx) => eraseCustomer(tx, 'shep', env)),
    ]) {
      const error: unknown = await attempt().catch((thrown: unknown) => thrown);
      expect(isRegularsError(error) && error.code).toBe('ERR_STORAGE_NEWER');
    }
    expect(await contents(storage)).toEqual(before);
  });

  it('that is older is brought forward step by step, and what is none is set aside', async () => {
    const storage = await openMemory();
    await append(storage, [order('web:1'), order('web:2', 1), order('web:3', 2)], {
      format: { version: 0 },
    });
    // version 0 wrote the total as a text, and one record that no step can read
    await write(storage, async (tx) => {
      for (const [i, { key, value }] of (await tx.list('records')).entries()) {
        const row = decodeRow(value, 0);
        if (row.kind !== 'ok') throw new Error(row.kind);
        const { data, ...rest } = row.value as { data: object };
        const old = i === 2 ? 'nonsense' : { ...rest, data: { ...data, total: '4.80' } };
        tx.put('records', key, { ...encodeRow(old, 0), n: i + 1 });
      }
    });
    const steps: readonly Migration[] = [
      {
        to: 1,
        record: (old) => {
          const { data, ...rest } = old as { data: { total: string } };
          return { ...rest, data: { ...data, total: Math.round(Number(data.total) * 100) } };
        },
      },
      {
        to: 2,
        record: (old) => {
          const { data, ...rest } = old as { data: { total: number } };
          return { ...rest, data: { ...data, total: data.total + 1 } };
        },
      },
    ];
    expect(await write(storage, (tx) => readCard(tx, 'shep', format))).toEqual({
      kind: 'stale',
      reason: 'older',
    });
    let runs = 0;
    const card = await withFormat(
      (current) => {
        runs++;
        return write(storage, (tx) => refoldCard(tx, 'shep', current));
      },
      steps,
      2,
    );
    expect(runs).toBe(2);
    expect(card?.purchases.map(({ total }) => total)).toEqual([481, 481]);
    const { cards } = await withFormat(
      (current) => append(storage, [order('web:4', 3)], { format: current }),
      steps,
      2,
    );
    expect(cards[0]?.purchases).toHaveLength(3);
    expect(await write(storage, (tx) => readCard(tx, 'shep', format))).toMatchObject({
      kind: 'card',
    });
    expect(await write(storage, (tx) => readCard(tx, 'shep'))).toEqual({ kind: 'newer' });
  });

  it('lets other errors through', async () => {
    await expect(withFormat(() => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
  });
});

describe('erasing', () => {
  const fill = async (): Promise<ProfileStorage> => {
    const storage = await openMemory();
    await append(storage, [
      order('web:1', 0, { subject: 'shep' }),
      draft('link', link('account', 'a'), { subject: 'shep' }),
      draft('link', link('phone', 'family'), { subject: 'shep' }),
      draft('link', link('account', 'b'), { subject: 'maria' }),
      draft('link', link('phone', 'family'), { subject: 'maria' }),
      draft('link', link('account', 'a'), { subject: 'shep-too' }),
      order('web:2', 0, { subject: 'shep-too' }),
    ]);
    return storage;
  };

  it('leaves nothing of the customer, and everything of others', async () => {
    const storage = await fill();
    await write(storage, async (tx) => {
      const [row] = await tx.list('records', { prefix: 'shep-too/' });
      tx.put('records', row?.key ?? '', 'broken');
    });
    await write(storage, (tx) => eraseCustomer(tx, 'shep', { ...env, tombstone: false }));
    const left = await contents(storage);
    const rows = { ...left, meta: [] };
    expect(JSON.stringify(rows)).not.toMatch(/shep|web:/);
    expect(left.cards.map(({ key }) => key)).toEqual(['maria']);
    expect(left.records).toHaveLength(2);
    expect(left.outbox).toHaveLength(2);
    const maria = await write(storage, (tx) => readCard(tx, 'maria'));
    expect(maria.kind === 'card' && maria.card.links).toHaveLength(2);
    expect(maria.kind === 'card' && maria.card.heldLinks).toBeUndefined();
  });

  it('leaves a tombstone of keyed hashes when asked to, which keeps the customer from coming back', async () => {
    const storage = await fill();
    await write(storage, (tx) =>
      eraseCustomer(tx, 'shep-too', {
        ...env,
        tombstone: { id: 'stone', by: 'device:one', hash: keyedHash },
      }),
    );
    const rows = { ...(await contents(storage)), meta: [] };
    expect(JSON.stringify(rows)).not.toMatch(/shep|web:/);
    const back = await append(
      storage,
      [
        order('web:9', 0, { subject: 'shep' }),
        order('web:1', 0, { subject: 'somebody' }),
        order('web:8', 0, { subject: 'somebody' }),
      ],
      { hash: keyedHash },
    );
    expect(back).toMatchObject({ refused: 2, cards: [{ id: 'somebody', paidVisits: 1 }] });
  });

  it('of somebody who is not there changes nothing', async () => {
    const storage = await fill();
    const before = await contents(storage);
    await write(storage, (tx) => eraseCustomer(tx, 'nobody', env));
    expect(await contents(storage)).toEqual(before);
  });
});
