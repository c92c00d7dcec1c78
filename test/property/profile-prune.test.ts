import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/kernel/json.js';
import { cardsOf } from '../../src/profile/card-of.js';
import { extendCard } from '../../src/profile/extend-card.js';
import {
  combineStates,
  createFold,
  emptyState,
  foldRecords,
  keyOf,
} from '../../src/profile/fold-records.js';
import { pruneState } from '../../src/profile/prune-state.js';
import { parseRecord } from '../../src/profile/schema.js';
import type { Card, FoldState, ProfileRecord } from '../../src/profile/types.js';
import {
  anyHistory,
  draft,
  HOUR,
  NOW,
  purchase,
  stampAll,
  statesOf,
} from '../support/profile/histories.js';

const runs = { numRuns: 400, seed: 20260611 };
const same = (a: unknown, b: unknown): void => {
  expect(canonicalJson(a)).toBe(canonicalJson(b));
};
const PRUNED = new Set(['purchase', 'refund', 'visit', 'exposure', 'access']);

/** No two things at the same moment: of two that were, only the names could say which is first. */
const apart = (records: readonly ProfileRecord[]): readonly ProfileRecord[] =>
  records.map((record, i) =>
    'at' in record.data
      ? ({ ...record, data: { ...record.data, at: record.data.at + i } } as ProfileRecord)
      : record,
  );
const anyApart = (options: Parameters<typeof anyHistory>[0] = {}) => anyHistory(options).map(apart);

const bySubject = (records: readonly ProfileRecord[]): ReadonlyMap<string, ProfileRecord[]> => {
  const subjects = new Map<string, ProfileRecord[]>();
  for (const record of records)
    subjects.set(record.subject, [...(subjects.get(record.subject) ?? []), record]);
  return subjects;
};

/** The state of a subject after what happened before `cut` was dropped, in one go or in two. */
function prunedState(
  subject: string,
  records: readonly ProfileRecord[],
  cuts: readonly number[],
): FoldState {
  let state = emptyState;
  let rest = records;
  for (const before of cuts) {
    const later = new Set(
      rest.filter((r) => 'at' in r.data && r.data.at >= before).map((r) => r.kind + keyOf(r)),
    );
    const goes = (r: ProfileRecord): boolean => PRUNED.has(r.kind) && !later.has(r.kind + keyOf(r));
    const gone = rest.filter(goes);
    state = pruneState(combineStates(state, foldRecords(gone)), {
      ...{ subject, by: 'device:one' },
      records: new Set(gone.map(({ id }) => id)),
    });
    rest = rest.filter((r) => !goes(r));
  }
  return combineStates(state, foldRecords(rest));
}

/** What a card counts. */
function countsOf({
  purchases,
  olderPurchases,
  seen: _,
  partial: _partial,
  ...card
}: Card): object {
  return { ...card, all: purchases.length + olderPurchases };
}

const anyCuts = fc
  .array(fc.integer({ min: -1, max: 14 }), { minLength: 1, maxLength: 3 })
  .map((hours) => hours.sort((a, b) => a - b).map((n) => NOW + n * HOUR));

describe('dropping history', () => {
  it('leaves every number of every card as it was, however often and wherever it is cut', () => {
    let pruned = 0;
    fc.assert(
      fc.property(anyApart(), anyCuts, (records, cuts) => {
        const before = cardsOf(statesOf(records));
        const states = new Map(
          [...bySubject(records)].map(([subject, own]) => [
            subject,
            prunedState(subject, own, cuts),
          ]),
        );
        if ([...states.values()].some(({ older }) => older)) pruned++;
        const bare = (card: Card): unknown => {
          // a visit that two subjects had a part in is one exposure: which of the two holds is no longer known
          const { exposures, ...counts } = countsOf(card) as { exposures: unknown };
          return card.subjects.length > 1 ? counts : { ...counts, exposures };
        };
        same(cardsOf(states).map(bare), before.map(bare));
      }),
      { ...runs, numRuns: 1000 },
    );
    expect(pruned).toBeGreaterThan(450);
  });

  it('shows of the purchases those that stayed', () => {
    fc.assert(
      fc.property(anyApart({ subjects: 1 }), anyCuts, (records, cuts) => {
        const [whole] = cardsOf(statesOf(records));
        const own = new Map([['s0', prunedState('s0', records, cuts)]]);
        const [card] = cardsOf(own);
        const ids = new Set(whole?.purchases.map(({ id }) => id));
        for (const { id } of card?.purchases ?? []) expect(ids).toContain(id);
      }),
      runs,
    );
  });

  it('counts nothing twice when what was dropped comes again', () => {
    fc.assert(
      fc.property(anyApart({ subjects: 1 }), anyCuts, fc.nat(), (records, cuts, bits) => {
        const pruned = prunedState('s0', records, cuts);
        const [a] = cardsOf(new Map([['s0', pruned]]));
        // all of them, or some: an earlier version without the one that took its place, for one
        for (const some of [records, records.filter((_, i) => (bits >> (i % 31)) & 1)]) {
          const again = combineStates(pruned, foldRecords(some));
          const [b] = cardsOf(new Map([['s0', again]]));
          // the stamp may be that of a version that lost
          same(b && { ...countsOf(b), stamp: 0 }, a && { ...countsOf(a), stamp: 0 });
        }
        const fold = createFold();
        fold.merge(pruned);
        const gone = records.filter(
          (r) => PRUNED.has(r.kind) && 'at' in r.data && r.data.at < (cuts[0] ?? 0),
        );
        const later = new Set(
          records
            .filter((r) => 'at' in r.data && r.data.at >= (cuts[0] ?? 0))
            .map((r) => r.kind + keyOf(r)),
        );
        for (const record of gone)
          if (!later.has(record.kind + keyOf(record)) && record.kind !== 'refund')
            expect(fold.holds(record)).toBe(true);
      }),
      runs,
    );
  });

  it('leaves states that combine commutatively, associatively and idempotently', () => {
    const single = anyApart({ erasures: true, subjects: 1 });
    fc.assert(
      fc.property(single, single, single, anyCuts, (x, y, z, cuts) => {
        const [a, b, c] = [x, y, z].map((records) => prunedState('s0', records, cuts)) as [
          FoldState,
          FoldState,
          FoldState,
        ];
        same(combineStates(a, b), combineStates(b, a));
        same(combineStates(combineStates(a, b), c), combineStates(a, combineStates(b, c)));
        same(combineStates(a, a), a);
        same(combineStates(a, emptyState), a);
      }),
      runs,
    );
  });

  it('adds up what two subjects and two writers dropped', () => {
    const records = apart(
      stampAll(
        ['s0', 's1'].flatMap((subject, i) => [
          draft('purchase', purchase(`web:${i}`, { at: NOW + i * 9 * HOUR }), { subject }),
          draft(
            'link',
            { type: 'merge', token: 't', level: 'verified', method: 'merged', at: NOW },
            { subject },
          ),
        ]),
      ),
    );
    const states = new Map(
      [...bySubject(records)].map(([subject, own]) => [
        subject,
        prunedState(subject, own, [NOW + 99 * HOUR]),
      ]),
    );
    const [card] = cardsOf(states);
    expect(card).toMatchObject({ olderPurchases: 2, paidVisits: 2, partial: true, purchases: [] });
    expect(card?.items[0]).toMatchObject({ sku: 'latte', purchases: 2 });

    const [one, two] = ['device:one', 'device:two'].map((by, i) => {
      const own = stampAll([draft('purchase', purchase(`x:${i}`, { at: NOW + i * 9 * HOUR }))]);
      return pruneState(foldRecords(own), {
        subject: 's0',
        by,
        records: new Set([own[0]?.id ?? '']),
      });
    }) as [FoldState, FoldState];
    const [both] = cardsOf(new Map([['s0', combineStates(one, two)]]));
    expect(both?.paidVisits).toBe(2);
  });

  it('passes the schemas as it is, and comes out of hostile ones without harm', () => {
    fc.assert(
      fc.property(anyApart({ subjects: 1 }), anyCuts, (records, cuts) => {
        const state = prunedState('s0', records, cuts);
        const base = stampAll([draft('base', { through: 0, state }, { subject: 's0' })])[0];
        same(parseRecord(JSON.parse(JSON.stringify(base))), base);
      }),
      runs,
    );
    const state = prunedState(
      's0',
      stampAll([draft('purchase', purchase('web:1'), { subject: 's0' })]),
      [NOW + HOUR],
    );
    const text = JSON.stringify(
      stampAll([draft('base', { through: 0, state }, { subject: 's0' })])[0],
    );
    for (const [from, to] of [
      ['"lines"', '"lines"'],
      ['[0,1,0]', '[99,1,0]'],
      ['[0,1,0]', '[0]'],
      ['[0,1,0]', '[-1,-1,-1,7]'],
    ] as const) {
      const read = parseRecord(JSON.parse(text.replace(from, to))) as ProfileRecord;
      expect(() => cardsOf(new Map([['s0', foldRecords([read])]]))).not.toThrow();
    }
    for (const [from, to] of [
      ['[0,1,0]', '["0",1,0]'],
      ['[0,1,0]', 'null'],
      [String(NOW), 'null'],
      ['"revision":1', '"revision":"1"'],
    ] as const)
      expect(parseRecord(JSON.parse(text.replace(from, to)))).toBeUndefined();
  });

  it('lets the cheap path give the card that a refold gives, or none', () => {
    let extended = 0;
    fc.assert(
      fc.property(anyApart({ subjects: 1 }), anyApart(), anyCuts, (records, [next], cuts) => {
        if (next === undefined) return;
        const record = {
          ...next,
          id: 'next',
          subject: 's0',
          stamp: `${'f'.repeat(12)}-0000-aaaaaaaa`,
        };
        const state = prunedState('s0', records, cuts);
        const [card] = cardsOf(new Map([['s0', state]]));
        const quick = card?.partial && extendCard(card, record);
        if (!quick) return;
        extended++;
        same(quick, cardsOf(new Map([['s0', combineStates(state, foldRecords([record]))]]))[0]);
      }),
      { numRuns: 4000, seed: 7 },
    );
    expect(extended).toBeGreaterThan(120);
  });
});
