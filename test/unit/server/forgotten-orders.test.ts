import { PGlite } from '@electric-sql/pglite';
import { describe, expect, it } from 'vitest';
import { memoryDatabase } from '../../../src/adapters/database/memory.js';
import { pgliteDatabase } from '../../../src/adapters/database/node-pglite.js';
import { postgresDatabase } from '../../../src/adapters/database/postgres.js';
import type { PurchaseInput } from '../../../src/profile/types.js';
import type { Database } from '../../../src/server/port.js';
import { quietPool } from '../../support/pool.js';
import { hasPostgres, startPostgres } from '../../support/postgres.js';
import {
  batch,
  NOW,
  self,
  SHOP,
  startServer,
  writing,
  type TestServer,
} from '../../support/server.js';

const ROUNDS = 8;

const order = (id: string, refs: readonly string[] = []): PurchaseInput => ({
  ...{ id, at: NOW, refs, total: 400, currency: 'EUR' },
  lines: [{ sku: 'latte', name: 'Latte', quantity: 1 }],
  customer: { ids: [{ kind: 'email', value: 'shep@example.com' }] },
});

const push = async (server: TestServer, account: string, ...records: unknown[]) => {
  const answer = await server.call('push', self(account), batch(...records));
  return ((await answer.json()) as { results: { status: string }[] }).results.map(
    ({ status }) => status,
  );
};

/**
 * Somebody is forgotten through one process while another takes in what they buy; what was in time is erased, what was not is refused,
 * and a webhook brings none of it back.
 */
async function forgetWhileBuying(databases: readonly [Database, Database]): Promise<void> {
  const [one, two] = databases.map((database) => startServer({ database })) as [
    TestServer,
    TestServer,
  ];
  const { purchase, link, erasure } = writing();
  const shop = two.server.shop(SHOP);
  const seen = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const [account, subject] = [`u_${round}`, `subject-${round}`];
    await push(
      one,
      account,
      link(subject, 'account', account),
      purchase(subject, `first:${round}`),
    );
    const ids = Array.from({ length: 6 }, (_, n) => `web:${round}:${n}`);
    const [, ...answers] = await Promise.all([
      push(one, account, erasure([subject])),
      ...ids.map(async (id, n) => {
        // some come at the same time, some while it is written
        for (let turn = 0; turn < n * round; turn++) await new Promise(setImmediate);
        return push(n % 2 ? one : two, account, purchase(subject, id));
      }),
    ]);
    for (const [status = ''] of answers) seen.add(status);
    expect(await push(two, account, purchase(subject, `late:${round}`))).toEqual(['erased']);
    const all = [`first:${round}`, ...ids, `late:${round}`];
    expect(await shop.record(all.map((id) => order(id)))).toMatchObject({
      ...{ appended: 0, duplicates: 0, refused: all.length, skipped: [] },
    });
  }
  expect([...seen]).toContain('erased');
  expect([...one.errors, ...two.errors]).toEqual([]);
  // nobody else’s orders are taken for theirs
  expect(await shop.record([order('web:99')])).toMatchObject({ appended: 1, refused: 0 });
}

describe('orders of somebody who is forgotten while they buy come back by no webhook', () => {
  it.each([1, 3])('in memory (%i lanes)', async (lanes) => {
    const database = memoryDatabase({ lanes: () => lanes });
    await forgetWhileBuying([database, database]);
  });

  it.each([1, 3])(
    'in PGlite (%i lanes)',
    async (lanes) => {
      const db = await PGlite.create();
      const database = pgliteDatabase({ db, lanes: () => lanes });
      await database.migrate();
      await forgetWhileBuying([database, database]);
      await database.close();
      await db.close();
    },
    60_000,
  );

  it.skipIf(!hasPostgres).each([1, 3])(
    'in PostgreSQL, through two processes’ pools (%i lanes)',
    async (lanes) => {
      const server = await startPostgres();
      const pools = [quietPool(server.url), quietPool(server.url)] as const;
      const [first, second] = pools.map((pool) => postgresDatabase({ pool, lanes: () => lanes }));
      if (!first || !second) throw new Error('two were made');
      await first.migrate();
      await forgetWhileBuying([first, second]);
      await Promise.all(pools.map((pool) => pool.end()));
      await server.stop();
    },
    60_000,
  );
});

it('an order of theirs that is refused by one of its ids is refused by its others too', async () => {
  const server = startServer();
  const { purchase, link, erasure } = writing();
  const [account, subject] = ['u_1', 'subject'];
  await push(server, account, link(subject, 'account', account), purchase(subject, 'web:1'));
  await push(server, account, erasure([subject]));
  const shop = server.server.shop(SHOP);
  expect(await shop.record([order('shopify:1', ['web:1'])])).toMatchObject({ refused: 1 });
  expect(await shop.record([order('shopify:1')])).toMatchObject({ appended: 0, refused: 1 });
});
