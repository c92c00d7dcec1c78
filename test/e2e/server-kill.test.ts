import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signToken } from '../../src/cli/serve-authorize.js';
import { startLoad } from '../support/load.js';
import { quietPool } from '../support/pool.js';
import { hasPostgres, startPostgres } from '../support/postgres.js';
import { bundleCommand, startServe } from '../support/serve.js';

const SHOP = 'blue-door';
const KEY = 'rk_a-key-of-the-tests-that-is-long-enough';
const key = new TextEncoder().encode(KEY);
const token = (account: string): Promise<string> => signToken(key, { scope: 'self', account }, 60);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let command: string;
let folder: string;
beforeAll(async () => {
  command = await bundleCommand();
  folder = mkdtempSync(join(tmpdir(), 'regulars-serve-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(command, { force: true });
});

/** How often each purchase lies in a database, and which records it has. */
async function stored(
  pool: pg.Pool,
): Promise<{ readonly ids: Set<string>; readonly doubled: number }> {
  const { rows } = await pool.query<{ id: string; body: string }>(
    "select id, body from regulars_record where shop = $1 and kind = 'purchase'",
    [SHOP],
  );
  const purchases = rows.map(({ body }) => (JSON.parse(body) as { data: { id: string } }).data.id);
  return {
    ids: new Set(rows.map(({ id }) => id)),
    doubled: purchases.length - new Set(purchases).size,
  };
}

describe.skipIf(!hasPostgres)(
  'two server processes on one database (needs PostgreSQL here)',
  () => {
    it('lose nothing that was acknowledged, and double nothing, whatever is killed under load', async () => {
      const database = await startPostgres({ durable: true });
      const args = ['--shop', SHOP, '--database-url', database.url, '--data', folder];
      const env = { REGULARS_KEY: KEY };
      const one = await startServe(command, args, env);
      let two = await startServe(command, args, env);
      const port = new URL(two.url).port;
      const load = startLoad({
        ...{ urls: [one.url, two.url], shop: SHOP, token, writers: 6, recordsOfPush: 10 },
      });
      await pause(1500);
      expect(await two.end('SIGKILL')).toBe(null);
      await pause(700);
      two = await startServe(command, [...args, '--port', port], env);
      await pause(1000);
      await database.kill();
      await pause(700);
      await database.restart();
      await pause(2500);
      const { acknowledged, odd, retries } = await load.stop();
      expect(await one.end('SIGTERM')).toBe(0);
      expect(await two.end('SIGINT')).toBe(0);
      const pool = quietPool(database.url);
      const { ids, doubled } = await stored(pool);
      await pool.end();
      await database.stop();
      expect(odd).toEqual([]);
      expect(retries).toBeGreaterThan(0);
      expect(acknowledged.length).toBeGreaterThan(500);
      expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
      expect(doubled).toBe(0);
    }, 90_000);

    it('answer whom they have let in before they end', async () => {
      const database = await startPostgres({ durable: true });
      const args = ['--shop', SHOP, '--database-url', database.url, '--data', folder];
      const env = { REGULARS_KEY: KEY };
      const [one, two] = [
        await startServe(command, args, env),
        await startServe(command, args, env),
      ];
      const load = startLoad({
        ...{ urls: [one.url, two.url], shop: SHOP, token, writers: 6, recordsOfPush: 10 },
      });
      await pause(1000);
      const begun = performance.now();
      expect(await one.end('SIGTERM')).toBe(0);
      expect(performance.now() - begun).toBeLessThan(10_000);
      await pause(1000);
      const { acknowledged, odd } = await load.stop();
      await two.end('SIGTERM');
      const pool = quietPool(database.url);
      const { ids, doubled } = await stored(pool);
      await pool.end();
      await database.stop();
      expect(odd).toEqual([]);
      expect(acknowledged.length).toBeGreaterThan(100);
      expect(ids).toEqual(new Set(acknowledged)); // nothing was taken in that was not answered
      expect(doubled).toBe(0);
    }, 90_000);
  },
);

describe('regulars serve with its embedded database', () => {
  it('has after kill -9 what it has acknowledged, and takes its folder again', async () => {
    const data = join(folder, 'embedded');
    const first = await startServe(command, ['--shop', SHOP, '--data', data]);
    const own = new TextEncoder().encode(readFileSync(join(data, 'key'), 'utf8').trim());
    const sign = (account: string): Promise<string> =>
      signToken(own, { scope: 'self', account }, 60);
    const load = startLoad({
      ...{ urls: [first.url], shop: SHOP, token: sign, writers: 3, recordsOfPush: 10 },
    });
    await pause(2500);
    const second = startServe(command, ['--shop', SHOP, '--data', data]);
    await expect(second).rejects.toThrow('is in use by process');
    await first.end('SIGKILL');
    const again = await startServe(command, [
      ...['--data', data, '--port', new URL(first.url).port],
    ]);
    await pause(1500);
    const { acknowledged, odd } = await load.stop();
    expect(odd).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(await again.end('SIGINT')).toBe(0);
    const { PGlite } = await import('@electric-sql/pglite');
    const db = await PGlite.create(join(data, 'database'));
    const { rows } = await db.query<{ id: string; body: string }>(
      "select id, body from regulars_record where kind = 'purchase'",
    );
    await db.close();
    const purchases = rows.map(
      ({ body }) => (JSON.parse(body) as { data: { id: string } }).data.id,
    );
    expect(new Set(purchases).size).toBe(purchases.length);
    const ids = new Set(rows.map(({ id }) => id));
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  }, 90_000);
});
