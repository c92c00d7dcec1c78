import { describe, expect, it } from 'vitest';
import { comparePriority } from '../../../src/profile/link-limits.js';
import { appendRecords, findCustomers, readCard, type Appended } from '../../../src/profile/log.js';
import type { ProfileStorage } from '../../../src/profile/port.js';
import type { Card, RecordDraft } from '../../../src/profile/types.js';
import {
  contents,
  draft,
  env,
  link,
  openMemory,
  purchase,
  stampAll,
} from '../../support/profile/histories.js';

const JANE = 'token of jane@example.com';

/** Links of one event, in the order that their types have. */
const event = (subject: string, ids: readonly (readonly [string, string])[]): RecordDraft[] =>
  ids
    .map(([type, token]) => ({ type, token }))
    .sort(comparePriority)
    .map(({ type, token }) => draft('link', link(type, token), { subject }));
const P = (): RecordDraft[] =>
  event('P', [
    ['account', 'abc123'],
    ['email', JANE],
  ]);

const append = (storage: ProfileStorage, drafts: readonly RecordDraft[]): Promise<Appended> =>
  storage.transact('readwrite', (tx) => appendRecords(tx, drafts, env));
const find = (storage: ProfileStorage, token: string): Promise<readonly string[]> =>
  storage.transact('readonly', (tx) => findCustomers(tx, token));
const cardOf = async (storage: ProfileStorage, subject: string): Promise<Card> => {
  const read = await storage.transact('readonly', (tx) => readCard(tx, subject));
  if (read.kind !== 'card') throw new Error(read.kind);
  return read.card;
};

describe('V20 flat matching with a held link', () => {
  it.each([
    [['account', 'abc456'] as const, ['email', JANE] as const],
    [['email', JANE] as const, ['account', 'abc456'] as const],
  ])(
    'makes a second person; the e-mail stays with P, and is named as held (%j, %j)',
    async (...ids) => {
      const storage = await openMemory();
      await append(storage, P());
      const before = (await contents(storage)).cards;
      const order = draft('purchase', purchase('web:1'), { subject: 'second' });
      const { held } = await append(storage, [...event('second', ids), order]);

      expect(held).toMatchObject([{ type: 'email', subject: 'second', held: 'two-people' }]);
      expect((await contents(storage)).cards[0]).toEqual(before[0]);
      const second = await cardOf(storage, 'second');
      expect(second.subjects).toEqual(['second']);
      expect(second.links.map(({ token }) => token)).toEqual(['abc456']);
      expect(second.purchases).toHaveLength(1);
      expect((await cardOf(storage, 'P')).links.map(({ token }) => token)).toEqual([
        'abc123',
        JANE,
      ]);
      expect(await find(storage, 'abc456')).toEqual(['second']);
      expect(await find(storage, 'abc123')).toEqual(['P']);
      // an e-mail may be a family's: asked for it, we do not guess
      expect(await find(storage, JANE)).toEqual(['P', 'second']);
    },
  );

  it('comes to the same in whatever order the records arrive', async () => {
    const records = stampAll([
      ...P(),
      ...event('second', [
        ['account', 'abc456'],
        ['email', JANE],
      ]),
    ]);
    const results = new Set<string>();
    for (const order of [
      records,
      [...records].reverse(),
      [...records.slice(2), ...records.slice(0, 2)],
    ]) {
      const storage = await openMemory();
      for (const record of order) await append(storage, [record]);
      const { cards, tokens } = await contents(storage);
      results.add(JSON.stringify([cards, tokens]));
    }
    expect(results.size).toBe(1);
  });

  it('attaches what nobody has, and joins whoever is not known yet', async () => {
    const storage = await openMemory();
    await append(storage, P());
    expect((await append(storage, event('Q', [['email', JANE]]))).held).toEqual([]);
    expect((await cardOf(storage, 'Q')).subjects).toEqual(['P', 'Q']);
    expect((await append(storage, event('R', [['phone', 'new']]))).held).toEqual([]);
    expect((await cardOf(storage, 'R')).subjects).toEqual(['R']);
  });
});
