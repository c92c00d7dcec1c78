import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/kernel/json.js';
import { cardsOf } from '../../src/profile/card-of.js';
import { componentsOf } from '../../src/profile/components.js';
import { extendCard } from '../../src/profile/extend-card.js';
import { combineStates, emptyState, foldRecords } from '../../src/profile/fold-records.js';
import type { Card, ProfileRecord } from '../../src/profile/types.js';
import {
  anyHistory,
  anyShuffled,
  DAY,
  draft,
  env,
  HOUR,
  NOW,
  purchase,
  stampAll,
  statesOf,
} from '../support/profile/histories.js';

const runs = { numRuns: 300, seed: 20260504 };
const same = (a: unknown, b: unknown): void => {
  expect(canonicalJson(a)).toBe(canonicalJson(b));
};
const cardWith = (cards: readonly Card[], subject: string): Card | undefined =>
  cards.find(({ id, subjects }) => id === subject || subjects.includes(subject));
const single = anyHistory({ erasures: true, subjects: 1 });

describe('the fold', () => {
  it('is the same in whatever order the records come', () => {
    fc.assert(
      fc.property(anyShuffled(single), ([a, b]) => same(foldRecords(a), foldRecords(b))),
      runs,
    );
  });

  it('is the same when records come twice', () => {
    fc.assert(
      fc.property(single, (records) =>
        same(foldRecords([...records, ...records]), foldRecords(records)),
      ),
      runs,
    );
  });

  it('of a union is the combination of the folds of its parts, wherever it is split', () => {
    fc.assert(
      fc.property(anyShuffled(single), fc.nat(24), fc.nat(24), ([, records], i, j) => {
        const [from, to] = [Math.min(i, j), Math.max(i, j)];
        const parts = [records.slice(0, to), records.slice(from)]; // overlapping
        const [a = emptyState, b = emptyState] = parts.map(foldRecords);
        same(combineStates(a, b), foldRecords(records));
      }),
      runs,
    );
  });

  it('combines commutatively, associatively and idempotently', () => {
    fc.assert(
      fc.property(single, single, single, (x, y, z) => {
        const [a = emptyState, b = emptyState, c = emptyState] = [x, y, z].map(foldRecords);
        same(combineStates(a, b), combineStates(b, a));
        same(combineStates(combineStates(a, b), c), combineStates(a, combineStates(b, c)));
        same(combineStates(a, a), a);
        same(combineStates(a, emptyState), a);
      }),
      runs,
    );
  });

  it('gives back the state of a base, wherever the base was cut', () => {
    fc.assert(
      fc.property(single, fc.nat(24), fc.nat(24), (records, i, j) => {
        const [first, second] = [Math.min(i, j), Math.max(i, j)];
        const base = (through: number): ProfileRecord =>
          stampAll([
            draft(
              'base',
              { through, state: foldRecords(records.slice(0, through)) },
              { subject: 's0' },
            ),
          ])[0] as ProfileRecord;
        const rest = records.slice(second);
        same(foldRecords([base(first), ...rest, base(second)]), foldRecords(records));
      }),
      runs,
    );
  });
});

describe('cards', () => {
  it('are the same in whatever order the records and the subjects come', () => {
    fc.assert(
      fc.property(anyShuffled(anyHistory({ erasures: true })), ([a, b]) =>
        same(
          [...cardsOf(statesOf(a))].sort((x, y) => (x.id < y.id ? -1 : 1)),
          [...cardsOf(statesOf(b))].sort((x, y) => (x.id < y.id ? -1 : 1)),
        ),
      ),
      runs,
    );
  });

  it('hold every subject exactly once', () => {
    fc.assert(
      fc.property(anyHistory(), (records) => {
        const subjects = cardsOf(statesOf(records)).flatMap((card) => card.subjects);
        expect([...subjects].sort()).toEqual([...new Set(records.map((r) => r.subject))].sort());
      }),
      runs,
    );
  });

  it('never hold two accounts that nobody merged', () => {
    fc.assert(
      fc.property(anyHistory(), (records) => {
        for (const { links } of cardsOf(statesOf(records))) {
          const accounts = links.filter(({ type, unproved }) => type === 'account' && !unproved);
          if (!links.some(({ method }) => method === 'merged'))
            expect(new Set(accounts.map(({ token }) => token)).size).toBeLessThan(2);
        }
      }),
      runs,
    );
  });

  it('are what they were before a link, once the link is taken back', () => {
    fc.assert(
      fc.property(anyHistory(), (records) => {
        const unlinks = records.filter(({ kind }) => kind !== 'unlink');
        const before = cardsOf(statesOf(unlinks));
        const merge = ['s0', 's1'].map((subject) =>
          draft('link', { ...mergeData, token: 'merge-x' }, { subject }),
        );
        const added = [
          ...merge,
          ...merge.map(({ id, subject }) => draft('unlink', { link: id }, { subject })),
        ];
        const later = added.map((one, i) => ({
          ...one,
          shop: env.shop,
          stamp: `ffffffffff0${i}-0000-aaaaaaaa`,
        })) as ProfileRecord[];
        const present = new Set(unlinks.map(({ subject }) => subject));
        const after = cardsOf(
          statesOf([...unlinks, ...later.filter((r) => present.has(r.subject))]),
        );
        const bare = (cards: readonly Card[]): unknown =>
          cards.map(({ stamp: _, ...card }) => card);
        same(bare(after), bare(before));
      }),
      runs,
    );
  });

  const mergeData = { type: 'merge', level: 'verified', method: 'merged', at: NOW } as const;

  it('group by links alike in whatever order the links are given', () => {
    fc.assert(
      fc.property(anyShuffled(anyHistory()), ([a, b]) => {
        const groups = (records: readonly ProfileRecord[]): unknown => {
          const links = [...statesOf(records).values()].flatMap(({ links: own }) =>
            Object.values(own),
          );
          const { groups: found, held } = componentsOf(
            records.map((r) => r.subject),
            links,
          );
          return [[...found], [...held].sort(([one], [other]) => (one < other ? -1 : 1))];
        };
        same(groups(a), groups(b));
      }),
      runs,
    );
  });
});

describe('the cheap path', () => {
  it('gives the card that a refold gives, or none', () => {
    let extended = 0;
    fc.assert(
      fc.property(anyHistory({ erasures: true }), anyHistory(), (records, [next]) => {
        if (next === undefined) return;
        const subject = records.length > 0 ? (records[0]?.subject ?? 's0') : 's0';
        const record = { ...next, id: 'next', subject, stamp: `${'f'.repeat(12)}-0000-aaaaaaaa` };
        const card = cardWith(cardsOf(statesOf(records)), subject);
        const quick = card && extendCard(card, record);
        if (!quick) return;
        extended++;
        same(quick, cardWith(cardsOf(statesOf([...records, record])), subject));
      }),
      { numRuns: 3000, seed: 7 },
    );
    expect(extended).toBeGreaterThan(300);
  });

  it('goes on being right, and being taken, through a long and heavy history', () => {
    const drafts = Array.from({ length: 160 }, (_, i) =>
      draft(
        'purchase',
        purchase(`web:${i}`, {
          at: NOW + i * 5 * HOUR,
          refs: [`ref:${i}`],
          lines: Array.from({ length: 1 + (i % 12) }, (_line, j) => ({
            sku: `sku-${(i * 7 + j * 3) % 150}`,
            name: `Thing ${'é'.repeat(j % 40)} ${(i * 7 + j * 3) % 150}`,
            quantity: 1 + (j % 3),
            unitPrice: 100,
            modifiers: [],
          })),
        }),
      ),
    );
    const records = stampAll(drafts);
    let card: Card | undefined;
    let cheap = 0;
    for (const [i, record] of records.entries()) {
      const refolded = cardWith(cardsOf(statesOf(records.slice(0, i + 1))), 'shep');
      const quick = card && extendCard(card, record);
      if (quick) {
        cheap++;
        expect(quick).toEqual(refolded);
      }
      card = refolded;
    }
    expect(cheap).toBeGreaterThan(150);
    expect(card?.purchases.length).toBeLessThanOrEqual(50);
    expect((card?.olderPurchases ?? 0) + (card?.purchases.length ?? 0)).toBe(160);
    expect(new TextEncoder().encode(JSON.stringify(card)).length).toBeLessThanOrEqual(65_536);
  });

  it('is not taken for a purchase whose id, ref or refund came before', () => {
    const early = stampAll([
      ...Array.from({ length: 60 }, (_, i) =>
        draft('purchase', purchase(`web:${i}`, { at: NOW + i * DAY, refs: [`ref:${i}`] })),
      ),
      draft('refund', { purchase: 'web:late', at: NOW }),
    ]);
    const card = cardWith(cardsOf(statesOf(early)), 'shep') as Card;
    const next = (id: string, refs: readonly string[] = []): Card | undefined => {
      const [record] = stampAll([draft('purchase', purchase(id, { at: NOW + 99 * DAY, refs }))]);
      return extendCard(card, record as ProfileRecord);
    };
    expect(next('web:3')).toBeUndefined();
    expect(next('ref:3')).toBeUndefined();
    expect(next('web:59')).toBeUndefined();
    expect(next('other', ['web:1'])).toBeUndefined();
    expect(next('web:late')).toBeUndefined();
    expect(next('web:60')).toBeDefined();
  });
});
