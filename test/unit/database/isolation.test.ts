import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresDatabase } from '../../../src/adapters/database/postgres.js';
import { databaseContract } from '../../../src/testing/database-contract.js';
import { recordOf } from '../../../src/testing/database-check.js';
import { hasPgbouncer, startPgbouncer } from '../../support/pgbouncer.js';
import { holding, quietPool } from '../../support/pool.js';
import { hasPostgres, startPostgres, type TestPostgres } from '../../support/postgres.js';

const SHOP = 'blue-door';

/** A pool whose connections begin with these settings. */
function poolWith(url: string, options: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, options, max: 8 });
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Two connections: one has all but committed when the other comes; a reader meanwhile skips nothing. */
async function lateCommit(pool: pg.Pool, another: pg.Pool, shop: string): Promise<void> {
  const held = holding(pool);
  const slow = postgresDatabase({ pool: held.pool });
  const fast = postgresDatabase({ pool: another });
  await slow.migrate();
  await slow.append(shop, { records: [recordOf(`${shop} first`)] });
  const reached = held.holdNext();
  const first = slow.append(shop, { records: [recordOf(`${shop} slow`)] });
  await reached;
  const second = fast.append(shop, { records: [recordOf(`${shop} fast`)] });
  await new Promise((resolve) => setTimeout(resolve, 200));
  const early = await fast.list(shop, { after: [], limit: 9 });
  expect(early.map(({ seq }) => seq)).toEqual([1]);
  held.letGo();
  expect([await first, await second]).toEqual([['accepted'], ['accepted']]);
  const late = await fast.list(shop, { after: [early.at(-1)?.seq ?? 0], limit: 9 });
  expect(late.map(({ id, seq }) => [id, seq])).toEqual([
    [recordOf(`${shop} slow`).id, 2],
    [recordOf(`${shop} fast`).id, 3],
  ]);
}

describe.skipIf(!hasPostgres)('a database with settings of its own (needs PostgreSQL here)', () => {
  let server: TestPostgres;
  beforeAll(async () => void (server = await startPostgres()), 60_000);
  afterAll(() => server.stop());

  it.each(['read committed', 'repeatable read', 'serializable'])(
    'loses nothing that commits late where transactions are %s',
    async (level) => {
      const options = `-c default_transaction_isolation=${level.replace(' ', '\\ ')}`;
      const [one, two] = [poolWith(server.url, options), poolWith(server.url, options)];
      const { rows } = await one.query('show transaction_isolation');
      expect(rows).toEqual([{ transaction_isolation: level }]);
      await lateCommit(one, two, `late ${level}`);
      // many who write to one row at once are told to try again, and do
      const first = postgresDatabase({ pool: one });
      const second = postgresDatabase({ pool: two });
      const told = await Promise.all(
        Array.from({ length: 40 }, (_, i) =>
          (i % 2 === 0 ? first : second).append(level, { records: [recordOf(`${level} ${i}`)] }),
        ),
      );
      expect(told.flat()).toEqual(Array.from({ length: 40 }, () => 'accepted'));
      const all = await first.list(level, { after: [], limit: 99 });
      expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
      await Promise.all([one.end(), two.end()]);
    },
    60_000,
  );

  describe('keeps the contract where every integer is a wide one, as on CockroachDB', () => {
    let wide: pg.Pool;
    beforeAll(() => {
      const INT4 = 23;
      const getTypeParser = ((oid: number, format: 'text') =>
        oid === INT4 ? String : pg.types.getTypeParser(oid, format)) as never;
      wide = new pg.Pool({ connectionString: server.url, types: { getTypeParser } });
      wide.on('connect', (client) => client.on('error', () => undefined));
    });
    afterAll(() => wide.end());
    for (const { name, check } of databaseContract)
      it(name, () => check(() => postgresDatabase({ pool: wide, lanes: () => 3 })));
  });

  it.each(['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'])(
    'goes on after a %s: whoever was in the way is waited for, and what was not committed is not there',
    async (setting) => {
      const pool = poolWith(server.url, `-c ${setting}=150`);
      const database = postgresDatabase({ pool });
      await database.migrate();
      await database.append(setting, { records: [recordOf(`${setting} a`)] });
      const other = quietPool(server.url, 1);
      const blocking = await other.connect();
      await blocking.query('begin');
      await blocking.query('select * from regulars_lane where shop = $1 for update', [setting]);
      const waiting = database.append(setting, { records: [recordOf(`${setting} b`)] });
      await new Promise((resolve) => setTimeout(resolve, 700));
      await blocking.query('commit');
      expect(await waiting).toEqual(['accepted']);
      expect(await database.head(setting)).toMatchObject({ heads: [2] });
      blocking.release();
      await Promise.all([other.end(), pool.end()]);
    },
    60_000,
  );
});

describe.skipIf(!hasPostgres || !hasPgbouncer)(
  'behind PgBouncer in transaction mode (needs PostgreSQL and PgBouncer here)',
  () => {
    let server: TestPostgres;
    let bouncer: Awaited<ReturnType<typeof startPgbouncer>>;
    let pool: pg.Pool;
    beforeAll(async () => {
      server = await startPostgres({ durable: true });
      bouncer = await startPgbouncer(server.url);
      pool = quietPool(bouncer.url);
    }, 60_000);
    afterAll(async () => {
      await pool.end();
      await bouncer.stop();
      await server.stop();
    });

    for (const { name, check } of databaseContract)
      it(name, () => check(() => postgresDatabase({ pool, lanes: () => 2 })));

    it('loses nothing that commits late', async () => {
      const another = quietPool(bouncer.url);
      await lateCommit(pool, another, SHOP);
      await another.end();
    });

    it('is what regulars serve opens', async () => {
      const { openDatabase } = await import('../../../src/cli/open-database.js');
      const opened = await openDatabase({ data: '/nowhere', databaseUrl: bouncer.url });
      expect(await opened.database.append('served', { records: [recordOf('s')] })).toEqual([
        'accepted',
      ]);
      await opened.close();
    });

    it('is tried again while the database behind it starts anew', async () => {
      const database = postgresDatabase({ pool });
      await database.append('again', { records: [recordOf('again a')] });
      await server.kill();
      const push = (): ReturnType<typeof database.append> =>
        database.append('again', { records: [recordOf('again b')] });
      const waiting = push();
      await server.restart();
      // where that took longer than a call is tried again, it ends as one to ask again, as a device does
      const said = await waiting.catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'ERR_DATABASE_FAILED', retryable: true });
        return push();
      });
      expect(said).toEqual(['accepted']);
      expect(await database.head('again')).toMatchObject({ heads: [2] });
    }, 60_000);
  },
);
