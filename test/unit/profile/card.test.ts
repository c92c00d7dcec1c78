import { describe, expect, it } from 'vitest';
import { cardsOf } from '../../../src/profile/card-of.js';
import { foldRecords } from '../../../src/profile/fold-records.js';
import type { Card, RecordDraft, UnknownRecord } from '../../../src/profile/types.js';
import { parseCard } from '../../../src/profile/schema.js';
import {
  DAY,
  draft,
  HOUR,
  link,
  NOW,
  purchase,
  stampAll,
  statesOf,
} from '../../support/profile/histories.js';

const cards = (...drafts: readonly RecordDraft[]): readonly Card[] =>
  cardsOf(statesOf(stampAll(drafts)));
const card = (...drafts: readonly RecordDraft[]): Card => {
  const [only, ...others] = cards(...drafts);
  if (only === undefined || others.length > 0) throw new Error(`${others.length + 1} customers`);
  return only;
};
const latte = { sku: 'latte', name: 'Latte', quantity: 2, unitPrice: 480, modifiers: [] };

describe('purchases of a card', () => {
  it('count as one visit within four hours at one place, counted from the first', () => {
    const at = (hours: number, place?: string): RecordDraft =>
      draft(
        'purchase',
        purchase(`w:${hours}:${place}`, {
          at: NOW + hours * HOUR,
          ...(place && { place: { id: place } }),
        }),
      );
    expect(card(at(0), at(4)).paidVisits).toBe(1);
    expect(card(at(0), at(3), at(6)).paidVisits).toBe(2);
    expect(card(at(0, 'a'), at(1, 'b')).paidVisits).toBe(2);
    expect(card(at(0), at(4.001)).visitTimes).toEqual([NOW + 4.001 * HOUR, NOW]);
  });

  it('count as no visit when cancelled, open or wholly refunded; gifts do, but feed no items', () => {
    const one = (more: Parameters<typeof purchase>[1]): Card =>
      card(draft('purchase', purchase('web:1', more)));
    expect(one({ status: 'cancelled' }).paidVisits).toBe(0);
    expect(one({ status: 'open' }).paidVisits).toBe(0);
    expect(one({ status: 'refunded' }).paidVisits).toBe(0);
    expect(one({ gift: true })).toMatchObject({ paidVisits: 1, items: [] });
    expect(one({}).items).toMatchObject([{ sku: 'latte', purchases: 1 }]);
  });

  it('are one when they share an id or a ref, and the higher revision speaks', () => {
    const found = card(
      draft('purchase', purchase('shop:9', { refs: ['order-9'], revision: 7, total: 900 })),
      draft('purchase', purchase('ga4:T9', { refs: ['order-9'], at: NOW + HOUR, total: 1 })),
    );
    expect(found.purchases).toMatchObject([
      { id: 'shop:9', total: 900, refs: ['ga4:T9', 'order-9'] },
    ]);
    expect(found.paidVisits).toBe(1);
  });

  it('take refunds by any of their names, also those that came first', () => {
    const bought = draft('purchase', purchase('web:1', { refs: ['T1'], lines: [latte] }));
    const back = (quantity?: number): RecordDraft =>
      draft('refund', {
        purchase: 'T1',
        at: NOW,
        ...(quantity && { lines: [{ sku: 'latte', quantity }] }),
      });
    expect(card(back(1), bought).purchases).toMatchObject([
      { status: 'partially_refunded', lines: [{ refundedQuantity: 1 }] },
    ]);
    expect(card(back(1), bought).items).toMatchObject([{ quantity: 1 }]);
    expect(card(back(1), bought, back(9))).toMatchObject({
      paidVisits: 0,
      items: [],
      purchases: [{ status: 'refunded', lines: [{ refundedQuantity: 2 }] }],
    });
    expect(card(back(), bought).purchases).toMatchObject([{ status: 'refunded' }]);
  });

  it('are flagged and counted nowhere under a claim that nobody proved, until somebody does', () => {
    const claim = draft('link', link('phone', 't1', { unproved: true }));
    const bought = draft('purchase', purchase('web:1'));
    expect(card(claim, bought)).toMatchObject({
      purchases: [{ unproved: true }],
      paidVisits: 0,
      items: [],
    });
    const proof = draft('link', link('phone', 't1', { level: 'verified', method: 'adopted' }));
    expect(card(claim, bought, proof)).toMatchObject({ paidVisits: 1, items: [{ sku: 'latte' }] });
    expect(card(claim, bought, proof).purchases[0]).not.toHaveProperty('unproved');
  });

  it('stay within 64 kB whatever they hold, the newest kept', () => {
    const long = 'x'.repeat(10_000);
    const heavy = Array.from({ length: 80 }, (_, i) =>
      draft(
        'purchase',
        purchase(`web:${i}`, {
          at: NOW + i * DAY,
          lines: [{ ...latte, sku: `sku-${i}`, name: `${i} ${'<img onerror> \u202e'.repeat(40)}` }],
        }),
      ),
    );
    const found = card(
      ...heavy,
      draft(
        'purchase',
        purchase('web:huge', { at: NOW + 90 * DAY, lines: [{ ...latte, name: long.repeat(3) }] }),
      ),
    );
    expect(new TextEncoder().encode(JSON.stringify(found)).length).toBeLessThanOrEqual(65_536);
    expect(found.purchases[0]).toMatchObject({ id: 'web:huge', lines: [] });
    expect(found.purchases.length + found.olderPurchases).toBe(81);
    expect(found.items.length + (found.olderItems ?? 0)).toBe(81);
    expect(found.paidVisits).toBe(81);
    expect(parseCard(found)).toEqual(found);

    const facts = Array.from({ length: 20 }, (_, i) =>
      draft('fact', { key: `k${i}`, value: long, at: NOW, source: 'host', purpose: 'remember' }),
    );
    const trimmed = card(...heavy, ...facts);
    expect(new TextEncoder().encode(JSON.stringify(trimmed)).length).toBeLessThanOrEqual(65_536);
    expect(trimmed).toMatchObject({ trimmed: true, paidVisits: 80 });
  });
});

describe('the rest of a card', () => {
  it('holds the newest word on a fact, and a correction before any import', () => {
    const fact = (value: string | null, kind: 'fact' | 'correction' = 'fact'): RecordDraft =>
      draft(kind, { key: 'name.given', value, at: NOW, source: 'customer', purpose: 'remember' });
    expect(card(fact('A'), fact('B')).facts['name.given']?.value).toBe('B');
    expect(card(fact('C', 'correction'), fact('B')).facts['name.given']).toMatchObject({
      value: 'C',
      corrected: true,
    });
    expect(card(fact('A'), fact(null, 'correction'), fact('B')).facts).toEqual({});
  });

  it('lets the strictest answer stand among those that nobody replaced', () => {
    const answer = (to: 'granted' | 'denied', replaces: readonly string[] = []): RecordDraft =>
      draft('consent', { purpose: 'suggest', answer: to, at: NOW, replaces });
    const no = answer('denied');
    expect(card(answer('granted'), no, answer('granted')).consent).toEqual({ suggest: 'denied' });
    const yes = answer('granted', [no.id]);
    const found = card(no, yes);
    expect(found.consent).toEqual({ suggest: 'granted' });
    expect(found.consentRecords).toEqual({ suggest: [yes.id] });
  });

  it('takes the newest exposure of a visit, and adds up visits', () => {
    const shown = (visit: string, n: number, accepted: number): RecordDraft =>
      draft('exposure', {
        visit,
        at: NOW,
        items: { bun: { shown: n, accepted, ignored: 0, viewed: 0 } },
      });
    expect(card(shown('v1', 1, 0), shown('v1', 3, 1), shown('v2', 2, 0)).exposures).toEqual({
      bun: { shown: 4, accepted: 1, lastAt: NOW, ignored: 2 },
    });
  });

  it('says nothing but that it was erased, whatever the clock of the erasure', () => {
    const erasure = draft('erasure', { at: NOW, subjects: [], purchases: [] });
    const found = card(erasure, draft('purchase', purchase('web:1')));
    expect(found).toMatchObject({
      id: 'shep',
      erased: true,
      purchases: [],
      subjects: [],
      links: [],
    });
  });

  it('takes hostile names for names', () => {
    const found = card(
      draft('purchase', purchase('__proto__', { lines: [{ ...latte, sku: '__proto__' }] })),
      draft('fact', { key: '__proto__', value: 'x', at: NOW, source: 'host', purpose: 'remember' }),
      draft('exposure', {
        visit: 'v',
        at: NOW,
        items: JSON.parse('{"__proto__":{"shown":1,"accepted":0,"ignored":0,"viewed":0}}'),
      }),
    );
    expect(Object.keys(found.facts)).toEqual(['__proto__']);
    expect(Object.keys(found.exposures)).toEqual(['__proto__']);
    expect(found.items).toMatchObject([{ sku: '__proto__' }]);
    expect(({} as Record<string, unknown>)['shown']).toBeUndefined();
    expect(parseCard(JSON.parse(JSON.stringify(found)))).toEqual(found);
  });

  it('passes over records of a kind it does not know', () => {
    const known = stampAll([draft('visit', { at: NOW, channel: 'web' })]);
    const unknown = { ...known[0], id: 'u', kind: 'hologram', data: 1 } as unknown as UnknownRecord;
    expect(foldRecords([...known, unknown])).toEqual(foldRecords(known));
  });
});

describe('who is one customer', () => {
  const mine = (subject: string, type: string, token: string, more = {}): RecordDraft =>
    draft('link', link(type, token, more), { subject });

  it('joins subjects that share an identifier, under the oldest verified one', () => {
    const found = card(mine('p', 'email', 'e1'), mine('q', 'email', 'e1', { level: 'verified' }));
    expect(found).toMatchObject({ id: 'q', subjects: ['p', 'q'] });
    expect(card(mine('p', 'email', 'e1'), mine('q', 'email', 'e1')).id).toBe('p');
  });

  it('holds a link that would join two accounts; the e-mail stays where it was', () => {
    const found = cards(
      mine('p', 'account', 'abc123'),
      mine('p', 'email', 'jane'),
      mine('q', 'account', 'abc456'),
      mine('q', 'email', 'jane'),
    );
    expect(found.map(({ subjects }) => subjects)).toEqual([['p'], ['q']]);
    expect(found[0]?.links.map(({ token }) => token)).toEqual(['abc123', 'jane']);
    expect(found[1]).toMatchObject({
      links: [{ token: 'abc456' }],
      heldLinks: [{ type: 'email', token: 'jane' }],
    });
  });

  it('never joins people by a device, an anonymous id or a claim', () => {
    for (const [type, more] of [
      ['device', {}],
      ['anonymous', {}],
      ['phone', { unproved: true }],
    ] as const)
      expect(cards(mine('p', type, 't', more), mine('q', type, 't', more))).toHaveLength(2);
  });

  it('joins two accounts only by a merge, and parts them when it is taken back', () => {
    const merge = mine('q', 'merge', 'm', { method: 'merged' });
    const all = [
      mine('p', 'account', 'a'),
      mine('q', 'account', 'b'),
      mine('p', 'merge', 'm', { method: 'merged' }),
      merge,
    ];
    expect(cards(...all)).toHaveLength(1);
    const back = draft('unlink', { link: merge.id }, { subject: 'q' });
    expect(cards(...all, back)).toHaveLength(2);
  });
});
