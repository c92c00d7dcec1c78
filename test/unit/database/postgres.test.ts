import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresDatabase } from '../../../src/adapters/database/postgres.js';
import { laneOf } from '../../../src/adapters/database/lanes.js';
import { databaseContract } from '../../../src/testing/database-contract.js';
import { recordOf } from '../../../src/testing/database-check.js';
import { holding, quietPool } from '../../support/pool.js';
import { hasPostgres, startPostgres, type TestPostgres } from '../../support/postgres.js';

const SHOP = 'blue-door';

/** A subject in another lane than `anna`, where there are three. */
const elsewhere = ['ben', 'cleo', 'dora', 'eli'].find(
  (subject) => laneOf(subject, 3) !== laneOf('anna', 3),
) as string;

describe.skipIf(!hasPostgres)('on a real PostgreSQL (needs one on this machine)', () => {
  let server: TestPostgres;
  let pool: pg.Pool;
  beforeAll(async () => {
    server = await startPostgres();
    pool = quietPool(server.url);
  }, 60_000);
  afterAll(async () => {
    await pool.end();
    await server.stop();
  });
  /** A database of its own on the server, empty. */
  const fresh = async (name: string): Promise<string> => {
    await pool.query(`drop database if exists ${name} with (force)`);
    await pool.query(`create database ${name}`);
    return server.url.replace(/postgres$/, name);
  };

  it('Y09: a transaction that begins first and commits last is not skipped', async () => {
    const slow = holding(pool);
    const [one, two] = [postgresDatabase({ pool: slow.pool }), postgresDatabase({ pool })];
    await one.migrate();
    await Promise.all([one.head(SHOP), two.head(SHOP)]);
    const reached = slow.holdNext();
    const first = one.append(SHOP, { records: [recordOf('slow')] });
    await reached;
    const second = two.append(SHOP, { records: [recordOf('fast')] });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const between = await two.list(SHOP, { after: [0], limit: 10 });
    slow.letGo();
    await Promise.all([first, second]);
    const seen = Math.max(0, ...between.map(({ seq }) => seq));
    const after = await two.list(SHOP, { after: [seen], limit: 10 });
    expect([...between, ...after].map(({ id, seq }) => [id, seq])).toEqual([
      ['slow', 1],
      ['fast', 2],
    ]);
  });

  it('Y09 with lanes: one lane does not wait for another, and the cursor has a number for each', async () => {
    const slow = holding(pool);
    const lanes = (): number => 3;
    const shop = 'red-door';
    const [one, two] = [
      postgresDatabase({ pool: slow.pool, lanes }),
      postgresDatabase({ pool, lanes }),
    ];
    await one.migrate();
    await Promise.all([one.head(shop), two.head(shop)]);
    const reached = slow.holdNext();
    const first = one.append(shop, { records: [recordOf('slow')] });
    await reached;
    await two.append(shop, { records: [recordOf('fast', { subject: elsewhere })] });
    const between = await two.list(shop, { after: [], limit: 10 });
    expect(between.map(({ id }) => id)).toEqual(['fast']);
    slow.letGo();
    await first;
    const after = [0, 0, 0];
    for (const { lane, seq } of between) after[lane] = seq;
    expect((await two.list(shop, { after, limit: 10 })).map(({ id }) => id)).toEqual(['slow']);
  });

  it('makes its tables once, whoever starts at the same time', async () => {
    for (let run = 0; run < 5; run++) {
      const url = await fresh('starting');
      const pools = [quietPool(url, 2), quietPool(url, 2), quietPool(url, 2)];
      const databases = pools.map((each) => postgresDatabase({ pool: each }));
      await Promise.all(databases.map((database) => database.migrate()));
      const statuses = await Promise.all(
        databases.map((database, i) => database.append(SHOP, { records: [recordOf(String(i))] })),
      );
      expect(statuses.flat()).toEqual(['accepted', 'accepted', 'accepted']);
      const { rows } = await (pools[0] as pg.Pool).query('select version from regulars_schema');
      expect(rows).toEqual([{ version: 1 }]);
      await Promise.all(pools.map((each) => each.end()));
    }
  });

  it('refuses tables of a newer release', async () => {
    const newer = quietPool(await fresh('newer'));
    const database = postgresDatabase({ pool: newer });
    await database.migrate();
    await newer.query('insert into regulars_schema values (99)');
    await expect(database.migrate()).rejects.toMatchObject({
      code: 'ERR_DATABASE_FAILED',
      retryable: false,
      message: expect.stringContaining('newer release') as unknown,
    });
    await newer.end();
  });

  describe('keeps the contract where every transaction is serializable, as on CockroachDB', () => {
    let strict: pg.Pool;
    beforeAll(async () => {
      strict = new pg.Pool({
        connectionString: await fresh('serializable'),
        options: '-c default_transaction_isolation=serializable',
      });
      strict.on('connect', (client) => client.on('error', () => undefined));
    });
    afterAll(() => strict.end());
    for (const { name, check } of databaseContract)
      it(name, () => check(() => postgresDatabase({ pool: strict, lanes: () => 2 })));
  });

  it('stays within one shop with every statement, so that engines can spread shops', async () => {
    const own = quietPool(await fresh('watched'));
    const watched = holding(own);
    for (const { check } of databaseContract)
      await check(() => postgresDatabase({ pool: watched.pool }));
    const texts = [...new Set(watched.texts.map((text) => text.replace(/\s+/g, ' ')))];
    const across = texts.filter(
      (text) =>
        !/\bshop = \$1\b|^insert into regulars_\w+( as note)? \(shop, /.test(text) &&
        !/^(begin|commit|rollback)$|^create (table|index) if not exists|regulars_schema/.test(text),
    );
    expect(across).toEqual(['delete from regulars_note where until_ms <= $1']);
    const keys = texts.flatMap((text) => [
      ...text.matchAll(/(?:primary key|unique|create index if not exists \w+ on \w+) \((\w+)/g),
    ]);
    expect(keys.length).toBeGreaterThan(11);
    expect(new Set(keys.map(([, column]) => column))).toEqual(new Set(['shop']));
    // what a row is spread by is never changed, and tables meet by it
    expect(texts.filter((text) => /\bset (?:[^=]*, )?shop =/.test(text))).toEqual([]);
    const joins = texts.filter((text) => /\bjoin\b/.test(text));
    expect(joins.filter((text) => !/\bjoin \w+ (\w) on \1\.shop = \w\.shop\b/.test(text))).toEqual(
      [],
    );
    // what one of Citus, CockroachDB and YugabyteDB lacks, limits or warns of
    const lacking =
      /serial\b|nextval|sequence|notify|listen|advisory|ctid|xmin|txid|references|foreign|trigger|create (?:function|type|extension|view|temp)|\bset (?:session|local)|savepoint|prepare|declare|cursor|copy|lock table|skip locked|nowait|for share|merge into|with recursive|lateral|returning .*\*|truncate|\bgin\b|\bgist\b|generated|\bexclude\b|deferrable|jsonb|now\(\)|random\(\)/i;
    expect(texts.filter((text) => lacking.test(text))).toEqual([]);
    // one statement changes one table: none hides another in a common table expression
    expect(texts.filter((text) => /^with\b|;./i.test(text))).toEqual([]);
    await own.end();
  }, 60_000);

  it('tells that it may be tried again once the database is back, and names no row', async () => {
    const own = await startPostgres();
    const away = quietPool(own.url);
    const database = postgresDatabase({ pool: away });
    await database.migrate();
    await database.head(SHOP);
    await own.kill();
    const error = await database
      .append(SHOP, { records: [recordOf('secret')] })
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'ERR_DATABASE_FAILED', retryable: true });
    expect(String(error)).not.toContain('secret');
    await own.restart();
    expect(await database.append(SHOP, { records: [recordOf('secret')] })).toEqual(['accepted']);
    await away.end();
    await own.stop();
  }, 60_000);

  it('waits while the database starts anew', async () => {
    const own = await startPostgres({ durable: true });
    const away = quietPool(own.url);
    const database = postgresDatabase({ pool: away });
    await database.migrate();
    await database.append(SHOP, { records: [recordOf('a')] });
    await own.kill();
    const waiting = database.append(SHOP, { records: [recordOf('a'), recordOf('b')] });
    await own.restart();
    expect(await waiting).toEqual(['duplicate', 'accepted']);
    await away.end();
    await own.stop();
  }, 60_000);
});

it('refuses a text that no PostgreSQL can hold, and keeps what is beside it out', async () => {
  const { pgliteDatabase } = await import('../../../src/adapters/database/node-pglite.js');
  const database = pgliteDatabase();
  await database.migrate();
  const records = [recordOf('a'), recordOf('b', { body: 'a\u0000b' })];
  await expect(database.append(SHOP, { records })).rejects.toMatchObject({
    code: 'ERR_DATABASE_FAILED',
    retryable: false,
  });
  expect(await database.list(SHOP, { after: [], limit: 9 })).toEqual([]);
  await database.close();
}, 60_000);
