import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/kernel/json.js';
import { cardsOf } from '../../src/profile/card-of.js';
import { isLeading } from '../../src/profile/components.js';
import {
  appendRecords,
  findCustomers,
  makeBase,
  readAllRecords,
  readCard,
  refoldCard,
} from '../../src/profile/log.js';
import type { ProfileStorage } from '../../src/profile/port.js';
import { decodeRow } from '../../src/profile/stored-row.js';
import type { Card, ProfileRecord, RecordDraft } from '../../src/profile/types.js';
import {
  anyHistory,
  anyShuffled,
  contents,
  draft,
  env,
  link,
  NOW,
  openMemory,
  purchase,
  stampAll,
  statesOf,
} from '../support/profile/histories.js';

const runs = { numRuns: 150, seed: 20260504 };
const same = (a: unknown, b: unknown): void => {
  expect(canonicalJson(a)).toBe(canonicalJson(b));
};
const byId = (cards: readonly Card[]): readonly Card[] =>
  [...cards].sort((a, b) => (a.id < b.id ? -1 : 1));

const append = (
  storage: ProfileStorage,
  drafts: readonly RecordDraft[],
  now = NOW,
): Promise<unknown> =>
  storage.transact('readwrite', (tx) => appendRecords(tx, drafts, { ...env, now }));

async function storedCards(storage: ProfileStorage): Promise<readonly Card[]> {
  const { cards } = await contents(storage);
  return byId(
    cards.map(({ value }) => {
      const row = decodeRow(value);
      if (row.kind !== 'ok') throw new Error(row.kind);
      return row.value as Card;
    }),
  );
}

/** Appends in pieces of up to `size`. */
async function appendInPieces(
  storage: ProfileStorage,
  records: readonly ProfileRecord[],
  size: number,
): Promise<void> {
  for (let i = 0; i < records.length; i += size) await append(storage, records.slice(i, i + size));
}

describe('the log', () => {
  it('keeps the cards that a fold of all its records gives, however they arrive', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyShuffled(anyHistory({ erasures: true })),
        fc.integer({ min: 1, max: 8 }),
        async ([, records], size) => {
          const storage = await openMemory();
          await appendInPieces(storage, records, size);
          same(await storedCards(storage), byId(cardsOf(statesOf(records))));
        },
      ),
      runs,
    );
  });

  it('holds the same cards and tokens on two devices that got the same records', async () => {
    await fc.assert(
      fc.asyncProperty(anyShuffled(anyHistory({ erasures: true })), async ([a, b]) => {
        const [one, two] = [await openMemory(), await openMemory()];
        await appendInPieces(one, a, 3);
        await appendInPieces(two, b, 5);
        const [left, right] = [await contents(one), await contents(two)];
        same(await storedCards(one), await storedCards(two));
        same(left.tokens, right.tokens);
      }),
      runs,
    );
  });

  it('finds by a token exactly the customers that have it', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory(), async (records) => {
        const storage = await openMemory();
        await appendInPieces(storage, records, 4);
        const cards = await storedCards(storage);
        for (const token of ['account-1', 'email-1', 'phone-2', 'device-1']) {
          const has = cards.filter(
            ({ links, heldLinks = [] }) =>
              links.some((one) => one.token === token && !one.unproved) ||
              heldLinks.some((one) => one.token === token && isLeading(one, one.held)),
          );
          const found = await storage.transact('readonly', (tx) => findCustomers(tx, token));
          expect(found).toEqual(has.map(({ id }) => id).sort());
        }
      }),
      runs,
    );
  });

  it('appends nothing when it is given its own records again', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory({ erasures: true }), async (records) => {
        const storage = await openMemory();
        await append(storage, records);
        const before = await contents(storage);
        await append(storage, records);
        expect(await contents(storage)).toEqual(before);
      }),
      runs,
    );
  });

  it('shows the same cards wherever bases are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyHistory(),
        fc.nat(24),
        fc.nat(24),
        fc.constantFrom('s0', 's1'),
        async (records, cut, through, subject) => {
          const storage = await openMemory();
          await append(storage, records.slice(0, cut));
          await storage.transact('readwrite', (tx) =>
            makeBase(tx, subject, { ...env, id: 'base-1', by: 'device:one', through }),
          );
          await append(storage, records.slice(cut));
          await storage.transact('readwrite', (tx) =>
            makeBase(tx, subject, { ...env, id: 'base-2', by: 'device:one' }),
          );
          const cards = byId(cardsOf(statesOf(records)));
          same(await storedCards(storage), cards);
          for (const { id } of cards)
            await storage.transact('readwrite', (tx) => refoldCard(tx, id));
          same(await storedCards(storage), cards);
        },
      ),
      runs,
    );
  });

  it('moves into another storage with ids, stamps and cards', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory(), async (records) => {
        const [from, to] = [await openMemory(), await openMemory()];
        await append(from, records);
        const held = await from.transact('readonly', (tx) => readAllRecords(tx));
        await append(to, held as readonly RecordDraft[]);
        expect(await contents(to)).toEqual(await contents(from));
      }),
      runs,
    );
  });

  it('stamps ever later, over restarts, two tabs and a clock that jumps', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 20 }),
        async (jumps) => {
          const storage = await openMemory();
          await Promise.all(
            jumps.map((jump, i) =>
              append(storage, [draft('visit', { at: NOW, channel: 'web' })], NOW + (i % 3) * jump),
            ),
          );
          const records = await storage.transact('readonly', (tx) => readAllRecords(tx));
          const stamps = records.map(({ stamp }) => stamp);
          expect(stamps).toEqual([...new Set(stamps)].sort());
          expect(stamps).toHaveLength(jumps.length);
        },
      ),
      runs,
    );
  });
});

it('unmerging is exact: each gets back what it was, and what came under its own name since', async () => {
  const shep = [draft('purchase', purchase('web:1'), { subject: 'p' })];
  const maria = [draft('purchase', purchase('web:2'), { subject: 'q' })];
  const merge = ['p', 'q'].map((subject) =>
    draft('link', link('merge', 'm', { method: 'merged' }), { subject }),
  );
  const later = [
    draft('purchase', purchase('web:3', { at: NOW + 1e8 }), { subject: 'p' }),
    draft('purchase', purchase('web:4', { at: NOW + 2e8 }), { subject: 'p' }),
    draft('purchase', purchase('web:5', { at: NOW + 3e8 }), { subject: 'q' }),
  ];
  const back = draft('unlink', { link: merge[1]?.id ?? '' }, { subject: 'p' });
  const storage = await openMemory();
  await append(storage, [...shep, ...maria, ...merge]);
  await append(storage, later);
  const one = await storage.transact('readonly', (tx) => readCard(tx, 'q'));
  expect(one.kind === 'card' && one.card.subjects).toEqual(['p', 'q']);
  await append(storage, [back]);

  const apart = await openMemory();
  await append(
    apart,
    stampAll([...shep, ...maria, ...merge, ...later, back]).filter(
      ({ kind }) => kind === 'purchase',
    ),
  );
  const bare = async (from: ProfileStorage): Promise<unknown> =>
    (await storedCards(from)).map(({ stamp: _, links: _links, ...card }) => card);
  same(await bare(storage), await bare(apart));
  expect(await storage.transact('readonly', (tx) => findCustomers(tx, 'm'))).toEqual(['p']);
});
