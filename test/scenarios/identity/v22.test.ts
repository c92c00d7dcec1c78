import { describe, expect, it } from 'vitest';
import { explainLinks } from '../../../src/profile/explain-links.js';
import { appendRecords, makeBase, readCard, readPeople } from '../../../src/profile/log.js';
import { mergeDrafts, unlinkDrafts } from '../../../src/profile/merge-customers.js';
import type { ProfileStorage } from '../../../src/profile/port.js';
import type { Card, FactData, RecordDraft } from '../../../src/profile/types.js';
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
} from '../../support/profile/histories.js';

const order = (subject: string, id: string, days: number): RecordDraft =>
  draft('purchase', purchase(id, { at: NOW + days * DAY }), { subject });
const trait = (subject: string, key: string, value: string): RecordDraft => {
  const data: FactData = { key, value, at: NOW, source: 'customer', purpose: 'remember' };
  return draft('fact', data, { subject });
};
const known = (subject: string): readonly RecordDraft[] => [
  draft('link', link('phone', `phone of ${subject}`, { level: 'verified' }), { subject }),
  order(subject, `web:${subject}`, 0),
  trait(subject, 'name.given', subject === 'P' ? 'Shep' : 'Maria'),
];
const later = [
  order('P', 'web:3', 1),
  order('P', 'web:4', 2),
  order('Q', 'web:5', 3),
  trait('P', 'diet', 'vegan'),
  trait('Q', 'milk', 'oat'),
];

let clock = NOW;
const append = async (storage: ProfileStorage, drafts: readonly RecordDraft[]): Promise<void> => {
  await storage.transact('readwrite', (tx) =>
    appendRecords(tx, drafts, { ...env, now: (clock += 1_000) }),
  );
};
const cardOf = async (storage: ProfileStorage, subject: string): Promise<Card> => {
  const read = await storage.transact('readonly', (tx) => readCard(tx, subject));
  if (read.kind !== 'card') throw new Error(read.kind);
  return read.card;
};
const rows = async (storage: ProfileStorage): Promise<unknown> => {
  const { cards, tokens } = await contents(storage);
  return [cards, tokens];
};
const merge = (): readonly RecordDraft[] =>
  mergeDrafts(['P', 'Q'], {
    ids: [freshId(), freshId()],
    token: freshId(),
    by: 'staff:ann',
    at: NOW,
    reason: 'showed both cards',
  });
const unlink = async (storage: ProfileStorage, record: string | undefined): Promise<void> => {
  const states = await storage.transact('readonly', (tx) => readPeople(tx, 'Q'));
  const drafts = unlinkDrafts(states, record ?? '', {
    id: freshId,
    by: 'staff:ben',
    reason: 'two people after all',
  });
  await append(storage, drafts);
};

describe('V22 unmerge is exact', () => {
  it.each([0, 1])(
    'each gets back what it was, to the byte, whichever half is taken back (%i)',
    async (half) => {
      const storage = await openMemory();
      await append(storage, [...known('P'), ...known('Q')]);
      const before = await rows(storage);
      const links = merge();
      await append(storage, links);
      expect((await cardOf(storage, 'Q')).subjects).toEqual(['P', 'Q']);
      await unlink(storage, links[half]?.id);
      expect(await rows(storage)).toEqual(before);
    },
  );

  it('and exactly what came since under its own name', async () => {
    clock = NOW;
    const [storage, apart] = [await openMemory(), await openMemory()];
    const first = [...known('P'), ...known('Q')];
    const links = merge();
    for (const one of [storage, apart]) {
      clock = NOW;
      await append(one, first);
      clock = NOW + 10_000;
      if (one === storage) await append(one, links);
      for (const [i, record] of later.entries()) {
        clock = NOW + 20_000 + i * 1_000;
        await append(one, [record]);
      }
    }
    const together = await cardOf(storage, 'P');
    expect(together.purchases).toHaveLength(5);
    expect(together.paidVisits).toBe(4);
    expect(Object.keys(together.facts).sort()).toEqual(['diet', 'milk', 'name.given']);
    await unlink(storage, links[1]?.id);
    expect(await rows(storage)).toEqual(await rows(apart));
    expect((await cardOf(storage, 'Q')).purchases.map(({ id }) => id)).toEqual(['web:5', 'web:Q']);
    expect(Object.keys((await cardOf(storage, 'Q')).facts)).toEqual(['milk', 'name.given']);
  });

  it('also where their records were folded into bases meanwhile', async () => {
    const storage = await openMemory();
    await append(storage, [...known('P'), ...known('Q')]);
    const before = await rows(storage);
    const links = merge();
    await append(storage, links);
    for (const subject of ['P', 'Q'])
      await storage.transact('readwrite', (tx) =>
        makeBase(tx, subject, { ...env, id: freshId(), by: 'device:one' }),
      );
    await unlink(storage, links[0]?.id);
    expect(await rows(storage)).toEqual(before);
  });

  it('may be repeated, and says each time who did it and why', async () => {
    const storage = await openMemory();
    await append(storage, [...known('P'), ...known('Q')]);
    const before = await rows(storage);
    for (let i = 0; i < 25; i++) {
      const links = merge();
      await append(storage, links);
      expect((await cardOf(storage, 'P')).subjects).toHaveLength(2);
      await unlink(storage, links[0]?.id);
    }
    expect(await rows(storage)).toEqual(before);
    const states = await storage.transact('readonly', (tx) => readPeople(tx, 'P'));
    const told = explainLinks(states, 'P').filter(({ type }) => type === 'merge');
    expect(told).toHaveLength(25);
    expect(told[24]).toMatchObject({
      ...{ state: 'taken-back', by: 'staff:ann', reason: 'showed both cards' },
      takenBack: { by: 'staff:ben', reason: 'two people after all' },
    });
  });
});
