import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cardsOf } from '../../../src/profile/card-of.js';
import { foldRecords } from '../../../src/profile/fold-records.js';
import { parseCard, parseRecord } from '../../../src/profile/schema.js';
import type { RecordData, RecordKind } from '../../../src/profile/types.js';
import {
  anyHistory,
  draft,
  link,
  NOW,
  purchase,
  stampAll,
  statesOf,
} from '../../support/profile/histories.js';

const samples: { readonly [K in RecordKind]: RecordData[K] } = {
  purchase: purchase('web:1', { refs: ['r'], place: { id: 'a' }, gift: true, revision: 3 }),
  refund: { purchase: 'web:1', at: NOW, lines: [{ sku: 'latte', quantity: 1 }] },
  visit: { at: NOW, channel: 'kiosk', place: { table: '7' } },
  fact: { key: 'diet', value: { a: [null, 1] }, at: NOW, source: 'host', purpose: 'health' },
  correction: { key: 'diet', value: null, at: NOW, source: 'customer', purpose: 'health' },
  link: link('email', 't', { unproved: true }),
  unlink: { link: 'x', reason: 'not hers' },
  consent: { purpose: 'share', answer: 'denied', at: NOW, replaces: ['a'] },
  issue: { issue: 'i', at: NOW, what: 'cold', state: 'open', owner: 'Ann' },
  answer: { question: 'q', at: NOW, value: 4 },
  dismissal: { at: NOW, reason: 'gift', target: { kind: 'usual', skus: ['a'] } },
  exposure: { visit: 'v', at: NOW, items: { a: { shown: 1, accepted: 0, ignored: 1, viewed: 0 } } },
  attestation: { at: NOW, staff: 'Ann', method: 'id card' },
  access: { at: NOW, staff: 'Ann', fields: ['orders'], why: 'asked' },
  erasure: { at: NOW, subjects: ['h'], purchases: [] },
  base: { through: 4, state: foldRecords(stampAll([draft('link', link('email', 't'))])) },
};

it.each(Object.keys(samples) as RecordKind[])('a record of kind %s passes as it is', (kind) => {
  const [record] = stampAll([draft(kind, samples[kind])]);
  expect(parseRecord(JSON.parse(JSON.stringify(record)))).toEqual(record);
});

it('every record and every card that we make passes', () => {
  fc.assert(
    fc.property(anyHistory({ erasures: true }), (records) => {
      for (const record of records) expect(parseRecord(record)).toEqual(record);
      for (const card of cardsOf(statesOf(records))) expect(parseCard(card)).toEqual(card);
    }),
    { numRuns: 50, seed: 3 },
  );
});

it('a record with a wrong field, a missing one or a forged stamp is none', () => {
  const [good] = stampAll([draft('purchase', samples.purchase)]);
  const bad: readonly unknown[] = [
    undefined,
    null,
    'x',
    [],
    {},
    { ...good, stamp: 'zzz' },
    { ...good, id: 7 },
    { ...good, data: {} },
    { ...good, data: { ...samples.purchase, at: 'today' } },
    { ...good, data: { ...samples.purchase, lines: [{ name: 'x' }] } },
    { ...good, data: { ...samples.purchase, total: 9.8 } },
    { ...good, kind: 'exposure', data: { visit: 'v', at: 1, items: { a: { shown: 'x' } } } },
    { ...good, kind: 'exposure', data: { visit: 'v', at: 1, items: [] } },
  ];
  for (const value of bad) expect(parseRecord(value)).toBeUndefined();
});

it('a record of an unknown kind passes with its data untouched, also when the kind is a name of ours', () => {
  for (const kind of ['hologram', 'constructor', '__proto__', 'toString']) {
    const [one] = stampAll([draft('visit', samples.visit)]);
    const value: unknown = { ...one, kind, data: { any: ['thing'] } };
    expect(parseRecord(value)).toEqual(value);
  }
});

it('what is no card is none', () => {
  for (const value of [undefined, null, {}, { id: 'x' }, []])
    expect(parseCard(value)).toBeUndefined();
});
