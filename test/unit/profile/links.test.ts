import { describe, expect, it } from 'vitest';
import { adoptableSince, ADOPTED_MS } from '../../../src/profile/adoption.js';
import { cardsOf } from '../../../src/profile/card-of.js';
import { explainLinks } from '../../../src/profile/explain-links.js';
import { comparePriority } from '../../../src/profile/link-limits.js';
import {
  appendRecords,
  findClaims,
  findCustomers,
  readPeople,
  refoldCard,
  type Appended,
} from '../../../src/profile/log.js';
import { mergeDrafts, unlinkDrafts } from '../../../src/profile/merge-customers.js';
import type { ProfileStorage, StorageTransaction } from '../../../src/profile/port.js';
import { parseCard, parseRecord } from '../../../src/profile/schema.js';
import type { Card, FactData, LinkData, RecordDraft } from '../../../src/profile/types.js';
import {
  contents,
  DAY,
  draft,
  env,
  freshId,
  link,
  NOW,
  openMemory,
  purchase,
  stampAll,
  statesOf,
} from '../../support/profile/histories.js';

const mine = (
  subject: string,
  type: string,
  token: string,
  more: Partial<LinkData> = {},
): RecordDraft => draft('link', link(type, token, more), { subject });
const account = (subject: string, name = `account-${subject}`): RecordDraft =>
  mine(subject, 'account', name, { level: 'verified' });
const cards = (...drafts: readonly RecordDraft[]): readonly Card[] =>
  cardsOf(statesOf(stampAll(drafts)));
const cardOf = (subject: string, ...drafts: readonly RecordDraft[]): Card => {
  const found = cards(...drafts).find(({ subjects }) => subjects.includes(subject));
  if (!found) throw new Error(`no card of ${subject}`);
  return found;
};
const heldIn = (found: Card): unknown =>
  (found.heldLinks ?? []).map(({ token, held }) => [token, held]);
const merge = (a: string, b: string): readonly RecordDraft[] =>
  mergeDrafts([a, b], {
    ids: [freshId(), freshId()],
    token: freshId(),
    by: 'staff:7',
    at: NOW,
    reason: 'one person, two tills',
  });
const many = <T>(n: number, make: (i: number) => T): readonly T[] =>
  Array.from({ length: n }, (_, i) => make(i));
const append = (storage: ProfileStorage, drafts: readonly RecordDraft[]): Promise<Appended> =>
  storage.transact('readwrite', (tx) => appendRecords(tx, drafts, env));
const find = (storage: ProfileStorage, token: string): Promise<readonly string[]> =>
  storage.transact('readonly', (tx) => findCustomers(tx, token));

describe('a link is held', () => {
  it.each([
    ['account', 1],
    ['loyalty', 3],
    ['phone', 3],
    ['email', 5],
    ['device', 10],
    ['anonymous', 10],
    ['card', 50],
  ])('that would give a customer one %s more than %i', (type, limit) => {
    const found = cardOf('p', ...many(limit + 1, (i) => mine('p', type, `${type}-${i}`)));
    expect(found.links).toHaveLength(limit);
    expect(heldIn(found)).toEqual([[`${type}-${limit}`, limit === 50 ? 'cap' : 'limit']]);
    expect(parseCard(JSON.parse(JSON.stringify(found)))).toEqual(found);
  });

  it('by limits of each namespace and each programme', () => {
    const found = cardOf(
      'p',
      mine('p', 'account', 'a'),
      mine('p', 'account:web', 'b'),
      mine('p', 'account:web', 'c'),
      ...many(4, (i) => mine('p', 'loyalty:gold', `g${i}`)),
      mine('p', 'loyalty', 'l'),
    );
    expect(heldIn(found)).toEqual([
      ['c', 'limit'],
      ['g3', 'limit'],
    ]);
  });

  it('for a device only where ten others were used within ninety days', () => {
    const device = (i: number, days: number): RecordDraft =>
      mine('p', 'device', `d${i}`, { at: NOW + days * DAY });
    const ten = many(10, (i) => device(i, i));
    expect(heldIn(cardOf('p', ...ten, device(10, 89)))).toEqual([['d10', 'limit']]);
    expect(heldIn(cardOf('p', ...ten, device(10, 90)))).toEqual([]);
    // the window also opens to the past: a record may come late
    expect(heldIn(cardOf('p', ...ten, device(10, -80)))).toEqual([['d10', 'limit']]);
    // one that is used again does not count twice, and it stays within
    expect(heldIn(cardOf('p', ...ten, device(0, 80), device(10, 89)))).toEqual([['d10', 'limit']]);
    expect(heldIn(cardOf('p', ...many(40, (i) => device(i, i * 90))))).toEqual(
      many(10, (i) => [`d${i + 30}`, 'cap']),
    );
  });

  it('at fifty identifiers and a thousand links, without a word lost', () => {
    const full = many(50, (i) => mine('p', 'card', `c${i}`));
    expect(heldIn(cardOf('p', ...full, account('p')))).toEqual([['account-p', 'cap']]);
    const again = many(1_001, () => mine('p', 'phone', 'x'));
    const [found] = cards(...again);
    expect(found?.trimmed).toBe(true);
    const states = statesOf(stampAll(again));
    const told = explainLinks(states, 'p');
    expect(told).toHaveLength(1_001);
    expect(told.filter(({ state }) => state === 'held')).toEqual([
      expect.objectContaining({ held: 'cap', id: again[1_000]?.id }),
    ]);
  });

  it('at twenty merges, both halves, and so are all that would make one customer too large', () => {
    const people = many(22, (i) => account(`p${i}`));
    const merges = many(21, (i) => merge('p0', `p${i + 1}`)).flat();
    const found = cards(...people, ...merges);
    expect(found.map(({ subjects }) => subjects.length)).toEqual([21, 1]);
    expect(found.flatMap((card) => (card.heldLinks ?? []).map(({ held }) => held))).toEqual([
      'cap',
      'cap',
    ]);
    const large = ['p', 'q'].flatMap((subject) =>
      many(30, (i) => mine(subject, 'card', `${subject}${i}`)),
    );
    expect(cards(...large, ...merge('p', 'q'))).toHaveLength(2);
  });

  it('because two people are known: each has an account or something verified', () => {
    const email = (subject: string, level: LinkData['level'] = 'claimed'): RecordDraft =>
      mine(subject, 'email', 'jane', { level });
    const phone = (subject: string, level: LinkData['level'] = 'claimed'): RecordDraft =>
      mine(subject, 'phone', `phone-${subject}`, { level });
    expect(cards(account('p'), email('p'), account('q'), email('q'))).toHaveLength(2);
    expect(
      cards(phone('p', 'verified'), email('p'), phone('q', 'verified'), email('q')),
    ).toHaveLength(2);
    expect(cards(account('p'), email('p'), phone('q', 'verified'), email('q'))).toHaveLength(2);
    expect(cards(account('p'), email('p'), phone('q'), email('q'))).toHaveLength(1);
    // the link itself makes nobody known before it
    expect(cards(account('p'), email('p'), email('q', 'verified'))).toHaveLength(1);
  });

  it('and counts again, once what stood in its way is taken back', () => {
    const first = mine('p', 'email', 'jane');
    const all = [account('p'), first, account('q'), mine('q', 'email', 'jane')];
    expect(heldIn(cardOf('q', ...all))).toEqual([['jane', 'two-people']]);
    const after = cardOf('q', ...all, draft('unlink', { link: first.id }, { subject: 'p' }));
    expect(heldIn(after)).toEqual([]);
    expect(after.links.map(({ token }) => token)).toEqual(['account-q', 'jane']);
  });

  it('of the identifier that says least, when those of one event are linked by their priority', () => {
    const types = ['device', 'card', 'email', 'phone', 'loyalty', 'account:web', 'account'];
    const sorted = types.map((type) => ({ type })).sort(comparePriority);
    expect(sorted.map(({ type }) => type)).toEqual([
      'account:web',
      'account',
      'loyalty',
      'phone',
      'email',
      'card',
      'device',
    ]);
  });
});

describe('a number of a family', () => {
  const family = (n: number): readonly RecordDraft[] =>
    many(n, (i) => [account(`p${i}`), mine(`p${i}`, 'phone', 'home')]).flat();

  it('leads to up to four, who stay apart; a fifth is held by the limit', async () => {
    const storage = await openMemory();
    const { held } = await append(storage, family(5));
    expect(held.map((one) => one.held)).toEqual([
      'two-people',
      'two-people',
      'two-people',
      'limit',
    ]);
    expect(await find(storage, 'home')).toEqual(['p0', 'p1', 'p2', 'p3']);
    expect((await contents(storage)).cards).toHaveLength(5);
  });

  it('joins nobody who has only that: no guess is made', async () => {
    const storage = await openMemory();
    await append(storage, family(2));
    const { held } = await append(storage, [mine('new', 'phone', 'home')]);
    expect(held).toMatchObject([{ subject: 'new', held: 'shared' }]);
    expect(await find(storage, 'home')).toEqual(['p0', 'p1']);
    // once the two are one there is no doubt; what was held before stays judged by what stood before it
    await append(storage, merge('p0', 'p1'));
    expect(await find(storage, 'home')).toHaveLength(1);
    const refold = (subject: string): Promise<Card | undefined> =>
      storage.transact('readwrite', (tx) => refoldCard(tx, subject));
    const one = await refold('p1');
    expect(one?.subjects).toEqual(['p0', 'p1']);
    expect(one?.heldLinks).toBeUndefined();
    expect((await refold('new'))?.heldLinks).toMatchObject([{ held: 'shared' }]);
    await append(storage, [mine('newer', 'phone', 'home')]);
    expect((await refold('p1'))?.subjects).toEqual(['newer', 'p0', 'p1']);
  });

  it('is led to by one account and one loyalty card only', async () => {
    const storage = await openMemory();
    const card = (subject: string): RecordDraft => mine(subject, 'loyalty', 'gold');
    const { held } = await append(storage, [account('p'), card('p'), account('q'), card('q')]);
    expect(held).toMatchObject([{ subject: 'q', held: 'two-people' }]);
    expect(await find(storage, 'gold')).toEqual(['p']);
  });

  it('costs nothing when one of them says something: nobody else is read', async () => {
    const storage = await openMemory();
    await append(storage, family(4));
    const read: string[] = [];
    await storage.transact('readwrite', (tx) => {
      const counted: StorageTransaction = {
        ...tx,
        list: (store, range) => {
          read.push(`${store} ${range?.prefix ?? ''}`);
          return tx.list(store, range);
        },
      };
      const fact = { key: 'diet', value: 'vegan', at: NOW, source: 'host', purpose: 'health' };
      return appendRecords(counted, [draft('fact', fact as FactData, { subject: 'p1' })], env);
    });
    expect(read).toEqual(['records p1/']);
    const before = await contents(storage);
    for (const subject of ['p0', 'p1', 'p2', 'p3'])
      await storage.transact('readwrite', (tx) => refoldCard(tx, subject));
    expect((await contents(storage)).cards).toEqual(before.cards);
  });
});

describe('what was bought under a claim', () => {
  it('is found by the token of the claim, and leads nobody to anybody', async () => {
    const storage = await openMemory();
    await append(storage, [
      account('p'),
      mine('p', 'phone', 'x'),
      mine('c', 'phone', 'x', { unproved: true, method: 'claim' }),
      draft('purchase', purchase('web:1'), { subject: 'c' }),
    ]);
    expect(await find(storage, 'x')).toEqual(['p']);
    const claims = (): Promise<readonly string[]> =>
      storage.transact('readonly', (tx) => findClaims(tx, 'x'));
    expect(await claims()).toEqual(['c']);
    await append(storage, [mine('c', 'phone', 'x', { level: 'verified', method: 'adopted' })]);
    expect(await find(storage, 'x')).toEqual(['p']);
    const { cards: rows, tokens } = await contents(storage);
    expect(rows).toHaveLength(1);
    expect(tokens.map(({ key }) => key)).toContain('s:c');
    // it leads by itself now
    expect(await claims()).toEqual([]);
  });

  it('never stands for what somebody has proved of the same order', () => {
    const said = (subject: string, currency: string, revision: number): RecordDraft =>
      draft('purchase', purchase('web:1', { revision, currency }), { subject });
    const known = account('p');
    const claim = mine('c', 'phone', 'x', { unproved: true, method: 'claim' });
    const proof = mine('p', 'phone', 'x', { level: 'verified' });
    const taken = mine('c', 'phone', 'x', { method: 'proved' });
    const orders = [said('p', 'EUR', 1), said('c', 'USD', 99)];
    for (const all of [orders, [...orders].reverse()]) {
      const [card] = cards(known, claim, ...all, proof, taken);
      expect(card?.subjects).toEqual(['c', 'p']);
      expect(card?.purchases).toMatchObject([{ id: 'web:1', currency: 'EUR' }]);
      expect(card?.purchases[0]?.unproved).toBeUndefined();
    }
  });

  it('fills a row no further than a customer can have links, in whatever order it came', async () => {
    const claim = (i: number): RecordDraft =>
      mine(`c${10_000 + i}`, 'phone', 'x', { unproved: true, method: 'claim' });
    const all = Array.from({ length: 1_020 }, (_, i) => claim(i));
    const rows = [all, [...all].reverse()].map(async (drafts) => {
      const storage = await openMemory();
      await append(storage, drafts.slice(0, 700));
      await append(storage, drafts.slice(700));
      return storage.transact('readonly', (tx) => findClaims(tx, 'x'));
    });
    const [one = [], other] = await Promise.all(rows);
    expect(one).toHaveLength(1_000);
    expect(other).toEqual(one);
  });
});

describe('history that is taken over', () => {
  const order = (id: string, days: number): RecordDraft =>
    draft('purchase', purchase(id, { at: NOW - days * DAY }), { subject: 's' });
  const context = { mode: 'storefront', now: NOW, visitAt: NOW - 60_000 } as const;

  it('is of ninety days on one’s own device, of this visit elsewhere, and never anybody’s already', () => {
    const anonymous = cardOf('s', order('web:1', 3), mine('s', 'device', 'd'));
    expect(adoptableSince(anonymous, context)).toBe(NOW - ADOPTED_MS);
    expect(adoptableSince(undefined, context)).toBe(NOW - ADOPTED_MS);
    for (const mode of ['shared', 'staff', 'kiosk'] as const)
      expect(adoptableSince(anonymous, { ...context, mode })).toBe(NOW - 60_000);
    for (const more of [{}, { unproved: true }, { level: 'verified' as const }])
      expect(adoptableSince(cardOf('s', mine('s', 'phone', 'x', more)), context)).toBeUndefined();
    const erasure = draft('erasure', { at: NOW, subjects: [], purchases: [] }, { subject: 's' });
    const erased = cards(erasure)[0];
    expect(adoptableSince(erased, context)).toBeUndefined();
  });

  it('counts from a time on, whenever it arrives, and all of it again once that is taken back', async () => {
    const since = NOW - ADOPTED_MS;
    const adopt = mine('s', 'account', 'account-p', {
      level: 'verified',
      method: 'adopted',
      since,
    });
    const old = [order('web:1', 200), order('web:2', 91)];
    const [before, after] = [await openMemory(), await openMemory()];
    await append(before, [account('p'), ...old, order('web:3', 90), order('web:4', 1)]);
    await append(after, [account('p'), adopt, ...old, order('web:3', 90), order('web:4', 1)]);
    const card = await after.transact('readwrite', (tx) => refoldCard(tx, 's'));
    expect(card?.purchases.map(({ id }) => id)).toEqual(['web:4', 'web:3']);
    expect(card).toMatchObject({ id: 'p', paidVisits: 2, olderPurchases: 0 });
    // one after the other they take the cheap path
    await append(after, [order('web:5', 300), order('web:6', 0)]);
    await append(before, [order('web:5', 300), order('web:6', 0)]);
    const now = await after.transact('readwrite', (tx) => refoldCard(tx, 's'));
    expect(now?.paidVisits).toBe(3);

    const states = await after.transact('readonly', (tx) => readPeople(tx, 's'));
    expect(explainLinks(states, 'p')[1]).toMatchObject({ method: 'adopted', since });
    await append(after, unlinkDrafts(states, adopt.id, { id: freshId, by: 'staff:7' }));
    const [was, is] = [await contents(before), await contents(after)];
    expect(is.tokens).toEqual(was.tokens);
    const s = (rows: typeof is): Card =>
      JSON.parse((rows.cards[1] as { value: { text: string } }).value.text) as Card;
    expect({ ...s(is), stamp: '' }).toEqual({ ...s(was), stamp: '' });
    expect(s(is)).toMatchObject({ id: 's', paidVisits: 6 });
  });

  it('keeps every answer to consent, however old, and every correction', () => {
    const found = cardOf(
      's',
      draft(
        'consent',
        { purpose: 'share', answer: 'denied', at: 0, replaces: [] },
        { subject: 's' },
      ),
      ...(['fact', 'correction'] as const).map((kind) =>
        draft(
          kind,
          { key: kind, value: 'x', at: 0, source: 'customer', purpose: 'remember' },
          { subject: 's' },
        ),
      ),
      mine('s', 'account', 'a', { since: NOW }),
    );
    expect(found.consent).toEqual({ share: 'denied' });
    expect(Object.keys(found.facts)).toEqual(['correction']);
  });
});

describe('what survives where two say different things', () => {
  const said = (
    value: string,
    more: Partial<FactData> = {},
    kind: 'fact' | 'correction' = 'fact',
    subject = 'p',
  ): RecordDraft =>
    draft(
      kind,
      { key: 'name.given', value, at: NOW, source: 'host', purpose: 'remember', ...more },
      { subject },
    );
  const sure = { level: 'verified' } as const;
  const name = (...drafts: readonly RecordDraft[]): unknown =>
    cardOf('p', ...drafts).facts['name.given']?.value;

  it('is a correction, then what was said while verified, then what is newer', () => {
    expect(name(said('A', sure), said('B'))).toBe('A');
    expect(name(said('A', sure), said('B', { level: 'claimed' }))).toBe('A');
    expect(name(said('A'), said('B', sure))).toBe('B');
    expect(name(said('A', sure), said('B', sure))).toBe('B');
    expect(name(said('A'), said('B', { level: 'claimed' }))).toBe('B');
    expect(name(said('A', {}, 'correction'), said('B', sure))).toBe('A');
    // customers correct themselves: the later word is theirs, wherever they said it
    expect(name(said('A', sure, 'correction'), said('B', {}, 'correction'))).toBe('B');
  });

  it('is so across those who were merged, and as it was once they are parted', () => {
    const [half, other] = merge('p', 'q') as [RecordDraft, RecordDraft];
    const all = [
      account('p'),
      said('A', sure),
      account('q'),
      said('B', {}, 'fact', 'q'),
      half,
      other,
    ];
    expect(name(...all)).toBe('A');
    const back = [half, other].map(({ id, subject }) => draft('unlink', { link: id }, { subject }));
    expect(cardOf('q', ...all, ...back).facts['name.given']?.value).toBe('B');
  });

  it('adds no record where somebody says again, less surely, what is known', async () => {
    const storage = await openMemory();
    await append(storage, [said('A', sure)]);
    expect((await append(storage, [said('A')])).appended).toEqual([]);
    expect((await append(storage, [said('A', sure)])).appended).toEqual([]);
    expect((await append(storage, [said('B')])).appended).toHaveLength(1);
    const other = await openMemory();
    await append(other, [said('A')]);
    expect((await append(other, [said('A', sure)])).appended).toHaveLength(1);
  });
});

describe('links are explained', () => {
  it('with who, how, when, why held, with whom merged, and by whom taken back', async () => {
    const storage = await openMemory();
    const [half, other] = merge('p', 'q') as [RecordDraft, RecordDraft];
    const gone = mine('p', 'email', 'old');
    await append(storage, [account('p'), gone, account('q'), mine('p', 'phone', 'home')]);
    await append(storage, [mine('q', 'phone', 'home'), half, other]);
    await append(storage, [
      draft('unlink', { link: gone.id, reason: 'mistyped' }, { subject: 'p', by: 'staff:9' }),
    ]);
    const people = (): ReturnType<typeof readPeople> =>
      storage.transact('readonly', (tx) => readPeople(tx, 'q'));
    const told = explainLinks(await people(), 'q');
    expect(told.map(({ type, state }) => [type, state])).toEqual([
      ['account', 'active'],
      ['email', 'taken-back'],
      ['account', 'active'],
      ['phone', 'active'],
      ['phone', 'active'],
      ['merge', 'active'],
      ['merge', 'active'],
    ]);
    expect(told[1]).toMatchObject({
      by: 'device:one',
      takenBack: { at: NOW, by: 'staff:9', reason: 'mistyped' },
    });
    expect(told[5]).toMatchObject({
      ...{ subject: 'p', method: 'merged', by: 'staff:7', at: NOW, level: 'verified' },
      ...{ with: ['q'], reason: 'one person, two tills' },
    });
    await append(storage, unlinkDrafts(await people(), other.id, { id: freshId, by: 'backend' }));
    const apart = explainLinks(await people(), 'q');
    expect(apart.map(({ state, held }) => held ?? state)).toEqual([
      'active',
      'two-people',
      'taken-back',
    ]);
    expect(apart[1]).toMatchObject({ with: ['p'] });
    expect(explainLinks(await people(), 'nobody')).toEqual([]);
    expect(unlinkDrafts(await people(), other.id, { id: freshId, by: 'backend' })).toEqual([]);
  });

  it('also from a base, with who wrote them', () => {
    const [record] = stampAll([draft('link', link('phone', 'x', { reason: 'r', since: 1 }))]);
    const states = statesOf(record ? [record] : []);
    const base = stampAll([
      draft('base', { through: 1, state: states.get('shep') ?? ({} as never) }),
    ])[0];
    const parsed = parseRecord(JSON.parse(JSON.stringify(base)));
    expect(parsed).toEqual(base);
    expect(explainLinks(statesOf(base ? [base] : []), 'shep')).toMatchObject([
      { by: 'device:one', reason: 'r', since: 1 },
    ]);
  });
});
