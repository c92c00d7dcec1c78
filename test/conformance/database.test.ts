import { PGlite } from '@electric-sql/pglite';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryDatabase } from '../../src/adapters/database/memory.js';
import { pgliteDatabase } from '../../src/adapters/database/node-pglite.js';
import { postgresDatabase } from '../../src/adapters/database/postgres.js';
import type { Database } from '../../src/server/port.js';
import { databaseContract } from '../../src/testing/database-contract.js';
import { quietPool } from '../support/pool.js';
import { databaseSaboteurs } from '../../src/testing/database-saboteurs.js';
import { hasPostgres, startPostgres, type TestPostgres } from '../support/postgres.js';

function keeps(name: string, make: () => Database): void {
  describe(`${name} keeps the database contract`, () => {
    for (const promise of databaseContract) it(promise.name, () => promise.check(make));
  });
}

keeps('memory', () => memoryDatabase());
keeps('memory with three lanes', () => memoryDatabase({ lanes: () => 3 }));

describe('an embedded one:', () => {
  let db: PGlite;
  beforeAll(async () => void (db = await PGlite.create()), 60_000);
  afterAll(() => db.close());
  keeps('PGlite', () => pgliteDatabase({ db }));
  keeps('PGlite with three lanes', () => pgliteDatabase({ db, lanes: () => 3 }));
});

describe.skipIf(!hasPostgres)('a real one (needs PostgreSQL on this machine):', () => {
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
  keeps('PostgreSQL', () => postgresDatabase({ pool }));
  keeps('PostgreSQL with three lanes', () => postgresDatabase({ pool, lanes: () => 3 }));
});

describe('the contract notices each broken database', () => {
  it('has one saboteur for each promise', () => {
    expect(databaseSaboteurs.map(({ breaks }) => breaks)).toEqual(
      databaseContract.map(({ name }) => name),
    );
  });
  for (const { breaks, sabotage } of databaseSaboteurs)
    it(`only "${breaks}" fails for its saboteur`, async () => {
      const failed: string[] = [];
      for (const { name, check } of databaseContract)
        await check(() => sabotage(memoryDatabase())).catch(() => failed.push(name));
      expect(failed).toEqual([breaks]);
    });
});
