import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/kernel/json.js';
import { linksOfCard } from '../../src/profile/adds-nothing.js';
import { cardsOf, linksOf } from '../../src/profile/card-of.js';
import { componentsOf, isLeading } from '../../src/profile/components.js';
import { explainLinks } from '../../src/profile/explain-links.js';
import { extendCard } from '../../src/profile/extend-card.js';
import { isJoining, isPersonal, LINK_CAPS, limitOf } from '../../src/profile/link-limits.js';
import { appendRecords, findCustomers, readPeople } from '../../src/profile/log.js';
import { mergeDrafts, unlinkDrafts } from '../../src/profile/merge-customers.js';
import type { ProfileStorage } from '../../src/profile/port.js';
import { decodeRow } from '../../src/profile/stored-row.js';
import type { Card, ProfileRecord, RecordDraft } from '../../src/profile/types.js';
import {
  anyShuffled,
  contents,
  DAY,
  draft,
  env,
  freshId,
  NOW,
  openMemory,
  purchase,
  stampAll,
  statesOf,
} from '../support/profile/histories.js';
import { anyLinks } from '../support/profile/link-histories.js';
import { runs } from '../support/runs.js';

const laws = { numRuns: runs(100), seed: 20260511 };
const LATE = NOW + 400 * DAY;
const same = (a: unknown, b: unknown): void => {
  expect(canonicalJson(a)).toBe(canonicalJson(b));
};
const byId = (cards: readonly Card[]): readonly Card[] =>
  [...cards].sort((a, b) => (a.id < b.id ? -1 : 1));
const cardsFrom = (records: readonly ProfileRecord[]): readonly Card[] =>
  byId(cardsOf(statesOf(records)));
const whoIsWho = (records: readonly ProfileRecord[]): unknown => {
  const states = statesOf(records);
  const { groups, held } = componentsOf(states.keys(), linksOf(states));
  return [groups, Object.fromEntries(held)];
};
const append = async (
  storage: ProfileStorage,
  drafts: readonly RecordDraft[],
  now = LATE,
): Promise<void> => {
  await storage.transact('readwrite', (tx) => appendRecords(tx, drafts, { ...env, now }));
};
const holding = async (drafts: readonly RecordDraft[]): Promise<ProfileStorage> => {
  const storage = await openMemory();
  await append(storage, drafts);
  return storage;
};
/** Cards and rows that lead to them, to the byte. */
const rowsOf = async (storage: ProfileStorage): Promise<unknown> => {
  const { cards, tokens } = await contents(storage);
  return [cards, tokens];
};
const storedCards = async (storage: ProfileStorage): Promise<readonly Card[]> =>
  byId(
    (await contents(storage)).cards.map(({ value }) => {
      const row = decodeRow(value);
      if (row.kind !== 'ok') throw new Error(row.kind);
      return row.value as Card;
    }),
  );
const merge = (a: string, b: string): readonly RecordDraft[] =>
  mergeDrafts([a, b], {
    ids: [freshId(), freshId()],
    token: freshId(),
    by: 'staff:7',
    at: NOW,
    reason: 'same person',
  });
const unmerge = async (storage: ProfileStorage, link: string): Promise<void> => {
  const found = await storage.transact('readonly', async (tx) => {
    const { value } = (await tx.list('records')).find(({ key }) => key.endsWith(link)) ?? {};
    const row = decodeRow(value);
    return row.kind === 'ok' ? readPeople(tx, (row.value as ProfileRecord).subject) : new Map();
  });
  await append(storage, unlinkDrafts(found, link, { id: freshId, by: 'staff:7' }));
};
/** Records, and two of their subjects. */
const twoOf = anyLinks
  .filter((records) => new Set(records.map(({ subject }) => subject)).size > 1)
  .chain((records) => {
    const subjects = [...new Set(records.map(({ subject }) => subject))];
    return fc.tuple(
      fc.constant(records),
      fc.shuffledSubarray(subjects, { minLength: 2, maxLength: 2 }),
    );
  });

describe('links', () => {
  it('say who is who in whatever order they come, held ones and reasons included', () => {
    fc.assert(
      fc.property(anyShuffled(anyLinks), ([a, b]) => {
        same(whoIsWho(a), whoIsWho(b));
        same(cardsFrom(a), cardsFrom(b));
      }),
      laws,
    );
  });

  it('say nothing more when they come twice', () => {
    fc.assert(
      fc.property(anyLinks, (records) =>
        same(cardsFrom([...records, ...records]), cardsFrom(records)),
      ),
      laws,
    );
  });

  it('count for nobody once they are taken back: the card is what it was, to the byte', () => {
    fc.assert(
      fc.property(anyLinks, (records) => {
        const links = records.filter(({ kind }) => kind === 'link');
        const kept = records.filter(({ kind }) => kind !== 'unlink');
        const one = links[links.length >> 1];
        if (one === undefined) return;
        const back = stampAll([
          draft(
            'unlink',
            { link: one.id },
            { subject: one.subject, stamp: `${'e'.repeat(12)}-0000-aaaaaaaa` },
          ),
        ]);
        const rest = kept.filter((record) => record !== one);
        const bare = (cards: readonly Card[]): unknown =>
          cards.filter(({ subjects }) =>
            subjects.some((subject) => rest.some((record) => record.subject === subject)),
          );
        const since = (list: readonly ProfileRecord[]): unknown =>
          list.find(({ subject }) => subject === one.subject)?.stamp;
        // the first record of a subject also says since when it is here
        if (since(kept) !== since(rest)) return;
        same(bare(cardsFrom([...kept, ...back])), cardsFrom(rest));
      }),
      laws,
    );
  });

  it('never let a device, an anonymous id or a claim join anybody', () => {
    fc.assert(
      fc.property(anyLinks, (records) => {
        const states = statesOf(records);
        const groups = (links = linksOf(states)): unknown =>
          componentsOf(states.keys(), links).groups;
        same(groups(), groups(linksOf(states).filter(({ data }) => isJoining(data))));
      }),
      laws,
    );
  });

  it('never come to more than the limits allow, but for what a merge put together', () => {
    let full = 0;
    fc.assert(
      fc.property(anyLinks, (records) => {
        for (const { links, heldLinks = [] } of cardsFrom(records)) {
          full += heldLinks.filter(({ held }) => held === 'limit').length;
          const proved = links.filter(({ unproved }) => unproved !== true);
          const tokens = new Set(proved.map(({ token }) => token));
          expect(tokens.size).toBeLessThanOrEqual(LINK_CAPS.identifiers + LINK_CAPS.merges);
          expect(links.length).toBeLessThanOrEqual(LINK_CAPS.links);
          if (links.some(({ method }) => method === 'merged')) continue;
          for (const { type, at } of proved) {
            const { perCustomer, windowMs = Infinity } = limitOf(type);
            const within = proved.filter(
              (one) => one.type === type && one.at <= at && one.at > at - windowMs,
            );
            expect(new Set(within.map(({ token }) => token)).size).toBeLessThanOrEqual(perCustomer);
          }
        }
      }),
      laws,
    );
    expect(full).toBeGreaterThan(10);
  });

  it('lead from a value to no more customers than may have it', async () => {
    let shared = 0;
    await fc.assert(
      fc.asyncProperty(anyLinks, async (records) => {
        const storage = await holding(records);
        const cards = await storedCards(storage);
        const tokens = new Map(
          cards.flatMap((card) => linksOfCard(card).map(({ token, type }) => [token, type])),
        );
        for (const [token, type] of tokens) {
          const found = await storage.transact('readonly', (tx) => findCustomers(tx, token));
          const leads = cards.filter(
            ({ links, heldLinks = [] }) =>
              links.some((one) => one.token === token && !one.unproved) ||
              heldLinks.some(
                (one) => one.token === token && !one.unproved && isLeading(one, one.held),
              ),
          );
          expect(found).toEqual(leads.map(({ id }) => id).sort());
          if (isPersonal(type) && type !== 'merge')
            expect(found.length).toBeLessThanOrEqual(limitOf(type).perValue);
          if (found.length > 1) shared++;
        }
      }),
      laws,
    );
    expect(shared).toBeGreaterThan(10);
  });

  it('never make one of two known people whom nobody merged', () => {
    let apart = 0;
    fc.assert(
      fc.property(anyLinks, (records) => {
        const cards = cardsFrom(records);
        apart += cards
          .flatMap((card) => card.heldLinks ?? [])
          .filter(({ held }) => held === 'two-people').length;
        for (const { links } of cards)
          if (!links.some(({ method }) => method === 'merged'))
            for (const type of ['account', 'account:web'])
              expect(
                new Set(
                  links.flatMap((one) => (one.type === type && !one.unproved ? [one.token] : [])),
                ).size,
              ).toBeLessThan(2);
      }),
      laws,
    );
    expect(apart).toBeGreaterThan(10);
  });

  it('make the customer the subject that was verified first, else the oldest', () => {
    fc.assert(
      fc.property(anyLinks, (records) => {
        for (const { id, links, subjects } of cardsFrom(records)) {
          const [first] = links.filter(
            ({ level, unproved, type }) => level === 'verified' && !unproved && type !== 'merge',
          );
          const oldest = records.find(({ subject }) => subjects.includes(subject))?.subject;
          expect(id).toBe(first?.subject ?? oldest);
        }
      }),
      laws,
    );
  });

  it('are explained each once, in their order, without a token', () => {
    fc.assert(
      fc.property(anyLinks, (records) => {
        const states = statesOf(records);
        for (const card of cardsOf(states)) {
          const told = explainLinks(states, card.id);
          const ids = records
            .filter(({ kind, subject }) => kind === 'link' && card.subjects.includes(subject))
            .map(({ id }) => id);
          expect(told.map(({ id }) => id)).toEqual(ids);
          const of = (state: string): unknown =>
            told.flatMap((one) => (one.state === state ? [one.id] : []));
          expect(of('active')).toEqual(card.links.map(({ record }) => record));
          expect(of('held')).toEqual((card.heldLinks ?? []).map(({ record }) => record));
          expect(JSON.stringify(told)).not.toMatch(/"token"|phone-\d|merge:/);
        }
      }),
      laws,
    );
  });
});

describe('the log of links', { timeout: 300_000 }, () => {
  it('holds the same rows on two replicas that exchanged them in any order and in any pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyShuffled(anyLinks),
        fc.nat(60),
        fc.integer({ min: 1, max: 7 }),
        async ([records, other], cut, size) => {
          const one = await holding(records.slice(0, cut));
          const two = await holding(records.slice(cut));
          for (let i = 0; i < other.length; i += size) {
            await append(one, other.slice(i, i + size));
            await append(two, [...other].reverse().slice(i, i + size));
          }
          same(await rowsOf(one), await rowsOf(two));
          same(await storedCards(one), cardsFrom(records));
        },
      ),
      laws,
    );
  });

  it('gives, one record after the other, the cards that a fold of all gives', async () => {
    await fc.assert(
      fc.asyncProperty(anyLinks, async (records) => {
        const storage = await openMemory();
        for (const record of records) await append(storage, [record]);
        same(await storedCards(storage), cardsFrom(records));
      }),
      laws,
    );
  });

  it('takes the cheap path only where a refold gives the same', () => {
    let extended = 0;
    fc.assert(
      fc.property(anyLinks, fc.integer({ min: 0, max: 210 }), (records, days) => {
        for (const card of cardsFrom(records)) {
          const [subject = card.id] = card.subjects.slice(-1);
          const [record] = stampAll([
            draft('purchase', purchase('next', { at: NOW + days * DAY }), {
              subject,
              stamp: `${'e'.repeat(12)}-0000-aaaaaaaa`,
            }),
          ]);
          const quick = record && extendCard(card, record);
          if (!quick) continue;
          extended++;
          const refolded = cardsFrom([...records, record]).find(({ id }) => id === card.id);
          expect(JSON.stringify(quick)).toBe(JSON.stringify(refolded));
        }
      }),
      laws,
    );
    expect(extended).toBeGreaterThan(50);
  });

  it('is, after a merge that was taken back, what it was: every card and every row, to the byte', async () => {
    let merged = 0;
    await fc.assert(
      fc.asyncProperty(twoOf, async ([records, [a = '', b = '']]) => {
        const storage = await holding(records);
        const before = await rowsOf(storage);
        const drafts = merge(a, b);
        await append(storage, drafts);
        const [one] = await storedCards(storage).then((cards) =>
          cards.filter(({ subjects }) => subjects.includes(a) && subjects.includes(b)),
        );
        expect(one).toBeDefined();
        merged++;
        await unmerge(storage, drafts[merged % 2]?.id ?? '');
        same(await rowsOf(storage), before);
      }),
      laws,
    );
    expect(merged).toBe(laws.numRuns);
  });

  it('is, after that, what it would be with the records since, each under its own subject', async () => {
    await fc.assert(
      fc.asyncProperty(twoOf, anyLinks, async ([records, [a = '', b = '']], more) => {
        const subjects = new Set(records.map(({ subject }) => subject));
        const later = more
          .filter(({ kind, subject }) => subjects.has(subject) && kind !== 'unlink')
          .map((record, i) => ({
            ...record,
            id: `later-${i}`,
            stamp: `dddddddd${String(i).padStart(4, '0')}-0000-aaaaaaaa`,
          }));
        const storage = await holding(records);
        const drafts = merge(a, b);
        await append(storage, drafts);
        await append(storage, later);
        await unmerge(storage, drafts[0]?.id ?? '');
        same(await rowsOf(storage), await rowsOf(await holding([...records, ...later])));
      }),
      laws,
    );
  });
});
