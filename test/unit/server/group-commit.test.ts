import { describe, expect, it } from 'vitest';
import { memoryDatabase } from '../../../src/adapters/database/memory.js';
import { RegularsError } from '../../../src/kernel/errors.js';
import { groupCommit } from '../../../src/server/group-commit.js';
import type { AppendBatch, Database } from '../../../src/server/port.js';
import { databaseContract } from '../../../src/testing/database-contract.js';
import { recordOf } from '../../../src/testing/database-check.js';

const SHOP = 'blue-door';
const push = (...ids: readonly string[]): AppendBatch => ({
  records: ids.map((id) => recordOf(id)),
});

/** A database whose transactions end when they are told to, and that refuses what is poisoned. */
function slow() {
  const inner = memoryDatabase();
  const transactions: (readonly string[])[] = [];
  const waiting: (() => void)[] = [];
  const database: Database = {
    ...inner,
    append: async (shop, batch) => {
      transactions.push(batch.records.map(({ id }) => id));
      await new Promise<void>((resolve) => waiting.push(resolve));
      if (batch.records.some(({ id }) => id === 'poison'))
        throw new RegularsError('ERR_DATABASE_FAILED', 'refused');
      if (batch.records.some(({ id }) => id === 'away'))
        throw new RegularsError('ERR_DATABASE_FAILED', 'away', { retryable: true });
      return inner.append(shop, batch);
    },
  };
  /** Ends what runs now, and gives what comes after it time to begin. */
  const commit = async (): Promise<void> => {
    for (const end of waiting.splice(0)) end();
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };
  return { database: groupCommit(database), transactions, commit };
}

describe('group commit', () => {
  for (const { name, check } of databaseContract)
    it(`keeps the contract: ${name}`, () => check(() => groupCommit(memoryDatabase())));

  it('writes at once what comes alone, and together what waits meanwhile', async () => {
    const { database, transactions, commit } = slow();
    const first = database.append(SHOP, push('a'));
    const second = database.append(SHOP, push('b', 'a'));
    const third = database.append(SHOP, push('c', 'b'));
    expect(transactions).toEqual([['a']]);
    await commit();
    expect(transactions).toEqual([['a'], ['b', 'a', 'c', 'b']]);
    await commit();
    expect(await first).toEqual(['accepted']);
    expect(await second).toEqual(['accepted', 'duplicate']);
    expect(await third).toEqual(['accepted', 'duplicate']);
  });

  it('lets shops not wait for each other', () => {
    const { database, transactions } = slow();
    void database.append(SHOP, push('a'));
    void database.append('red-door', push('b'));
    expect(transactions).toEqual([['a'], ['b']]);
  });

  it('gives one that cannot be written its own error, and writes the others', async () => {
    const { database, commit } = slow();
    const first = database.append(SHOP, push('a'));
    const good = database.append(SHOP, push('b'));
    const bad = database.append(SHOP, push('poison'));
    const better = database.append(SHOP, push('c'));
    const refused = bad.catch(String);
    for (let i = 0; i < 5; i++) await commit();
    expect(await refused).toBe('RegularsError: refused');
    expect([await first, await good, await better]).toEqual([
      ['accepted'],
      ['accepted'],
      ['accepted'],
    ]);
  });

  it('does not try one by one while the database is away', async () => {
    const { database, transactions, commit } = slow();
    const all = [push('a'), push('b'), push('away'), push('c')].map((batch) =>
      database.append(SHOP, batch).catch(String),
    );
    for (let i = 0; i < 5; i++) await commit();
    expect(await Promise.all(all)).toEqual([
      ['accepted'],
      ...Array.from({ length: 3 }, () => 'RegularsError: away'),
    ]);
    expect(transactions).toHaveLength(2);
  });

  it('keeps a transaction small enough', async () => {
    const { database, transactions, commit } = slow();
    const many = (name: string): AppendBatch =>
      push(...Array.from({ length: 900 }, (_, i) => `${name}${i}`));
    const all = ['a', 'b', 'c', 'd'].map((name) => database.append(SHOP, many(name)));
    const huge = database.append(SHOP, push(...Array.from({ length: 5000 }, (_, i) => `h${i}`)));
    for (let i = 0; i < 5; i++) await commit();
    await Promise.all([...all, huge]);
    expect(transactions.map(({ length }) => length)).toEqual([900, 1800, 900, 5000]);
  });

  it('writes what it has taken in before it closes', async () => {
    const { database, commit } = slow();
    const first = database.append(SHOP, push('a'));
    const second = database.append(SHOP, push('b'));
    const closed = database.close();
    for (let i = 0; i < 3; i++) await commit();
    await closed;
    expect([await first, await second]).toEqual([['accepted'], ['accepted']]);
  });
});
