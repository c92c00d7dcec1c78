import { describe, expect, it } from 'vitest';
import { cardsOf } from '../../../src/profile/card-of.js';
import { foldRecords } from '../../../src/profile/fold-records.js';
import type { Card, LinkData, ProfileRecord } from '../../../src/profile/types.js';

let n = 0;
const record = (
  subject: string,
  kind: 'link' | 'unlink',
  id: string,
  data: object,
): ProfileRecord =>
  ({
    ...{ id, shop: 'blue-door', subject, kind, by: 'device:1', data },
    stamp: `${(++n).toString(16).padStart(12, '0')}-0000-00000000`,
  }) as ProfileRecord;
const link = (
  subject: string,
  id: string,
  token: string,
  more: Partial<LinkData> = {},
): ProfileRecord =>
  record(subject, 'link', id, {
    type: 'account',
    token,
    level: 'verified',
    method: 'host',
    at: 1,
    ...more,
  });

const cards = (...records: readonly ProfileRecord[]): readonly Card[] => {
  const subjects = new Set(records.map(({ subject }) => subject));
  return cardsOf(
    new Map(
      [...subjects].map((one) => [
        one,
        foldRecords(records.filter(({ subject }) => subject === one)),
      ]),
    ),
  );
};

describe('one identifier under the key of a device and that of the shop', () => {
  const own = link('a', 'own', 'of-device');
  const shops = link('a', 'shops', 'of-shop', { same: 'own' });
  const others = link('b', 'others', 'of-shop', { same: 'elsewhere' });

  it('is one: shown once, and no second account', () => {
    const [card] = cards(own, shops);
    expect(card?.links.map(({ record: id }) => id)).toEqual(['own']);
    expect(card?.heldLinks).toBeUndefined();
  });

  it('joins those who have it under either key', () => {
    expect(cards(own, shops, others)).toHaveLength(1);
    const later = link('c', 'c', 'of-device');
    expect(cards(own, shops, others, later)).toHaveLength(1);
    expect(cards(own, others)).toHaveLength(2);
  });

  it.each(['own', 'shops'])('is taken back whole with %s', (id) => {
    const all = [own, shops, others, record('a', 'unlink', 'back', { link: id })];
    expect(cards(...all)).toHaveLength(2);
    expect(cards(...all).find(({ id: one }) => one === 'a')?.links).toEqual([]);
  });

  it('is taken back where only the one of the shop is, by the name of the other', () => {
    const all = [shops, others, record('a', 'unlink', 'back', { link: 'own' })];
    expect(cards(...all)).toHaveLength(2);
  });
});
