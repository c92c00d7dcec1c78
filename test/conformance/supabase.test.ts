import { PostgrestClient } from '@supabase/postgrest-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { supabaseSql } from '../../src/adapters/transport/supabase-sql.js';
import { supabaseTransport } from '../../src/adapters/transport/supabase.js';
import type { Transport } from '../../src/sync/port.js';
import { createMaker, pullAll, pushAll } from '../../src/testing/transport-check.js';
import type { TransportAccount, TransportSetup } from '../../src/testing/transport-contract.js';
import { hasPostgres, startPostgres, type TestPostgres } from '../support/postgres.js';
import { startPostgrest, type TestPostgrest } from '../support/postgrest.js';
import { describeTransport } from '../support/transports.js';

let postgres: TestPostgres;
let postgrest: TestPostgrest;
beforeAll(async () => {
  if (!hasPostgres) return;
  postgres = await startPostgres();
  // twice: a migration may be run again
  postgrest = await startPostgrest(postgres.url, supabaseSql + supabaseSql);
}, 60_000);
afterAll(async () => {
  if (!hasPostgres) return;
  await postgrest.close();
  await postgres.stop();
});

const claimsOf = ({ shop, account }: TransportAccount): object => ({
  sub: account,
  app_metadata: { shop },
});
const clientFor = (who: TransportAccount, fetch = globalThis.fetch): PostgrestClient => {
  const headers = { authorization: `Bearer ${postgrest.sign(claimsOf(who))}` };
  return new PostgrestClient(postgrest.url, { headers, fetch });
};
const connect = (who: TransportAccount, fetch = globalThis.fetch): Transport =>
  supabaseTransport({ client: clientFor(who, fetch) });

const setup = (): TransportSetup => ({
  shops: ['blue-door', 'red-door'],
  connect,
  renew: async ({ shop, account }) => {
    const where = 'where shop = $1 and account = $2';
    const epoch = 'update regulars_heads set epoch = gen_random_uuid()::text';
    await postgrest.pool.query(`${epoch} ${where}`, [shop, account]);
  },
  pushLate: async (who, records) => {
    const client = await postgrest.pool.connect();
    await client.query('begin; set local role authenticated');
    await client.query(`select set_config('request.jwt.claims', $1, true)`, [
      JSON.stringify(claimsOf(who)),
    ]);
    const rows = records.map((record) => ({ ...record, body: JSON.stringify(record) }));
    await client.query('select regulars_push($1)', [JSON.stringify(rows)]);
    return async () => {
      await client.query('commit');
      client.release();
    };
  },
});

describe.skipIf(!hasPostgres)('on a real PostgreSQL', () => {
  describeTransport('supabase, through its own client', setup, {
    snapshot: 'a resync pulls from the beginning',
    pokes: 'Realtime is none of PostgREST; the host hands in `subscribe`',
    'retry-after': 'its client keeps the headers to itself',
    keepalive: 'its client cannot ask for it',
  });

  describe('its row-level security', () => {
    const shep = { shop: 'blue-door', account: 'rls_shep' };
    const maria = { shop: 'blue-door', account: 'rls_maria' };
    /** What somebody reads who leaves the functions alone and asks the tables. */
    const readAs = async (who: TransportAccount | undefined, query: string): Promise<unknown> => {
      const client = await postgrest.pool.connect();
      try {
        await client.query('begin');
        await client.query(`set local role ${who ? 'authenticated' : 'anon'}`);
        const claims = JSON.stringify(who ? claimsOf(who) : {});
        await client.query(`select set_config('request.jwt.claims', $1, true)`, [claims]);
        return (await client.query(query)).rows;
      } catch (error) {
        return (error as { readonly code?: string }).code;
      } finally {
        await client.query('rollback');
        client.release();
      }
    };

    it('shows the tables to nobody but whose rows they are', async () => {
      const make = createMaker(shep);
      await pushAll(connect(shep), [make.claim(), make.purchase()]);
      for (const table of ['heads', 'records', 'entries']) {
        const query = `select 1 from regulars_${table}`;
        expect(await readAs(shep, query)).not.toEqual([]);
        expect(await readAs(maria, query)).toEqual([]);
        expect(await readAs({ ...shep, shop: 'red-door' }, query)).toEqual([]);
        expect(await readAs(undefined, query)).toBe('42501');
      }
    });

    it('lets nobody write as another, take away, or forget another’s entry', async () => {
      const make = createMaker(shep);
      await pushAll(connect(shep), [make.claim(), make.purchase()]);
      const values = `('blue-door', 'rls_shep', 999, 'x', 'x', 'x')`;
      expect(await readAs(maria, `insert into regulars_records values ${values}`)).toBe('42501');
      expect(await readAs(maria, 'delete from regulars_records')).toBe('42501');
      expect(await readAs(shep, 'delete from regulars_records')).toBe('42501');
      expect(
        await readAs(
          maria,
          `insert into regulars_erased values ('blue-door', regulars_hash('${make.subject}'), 'x', 'x', 1)`,
        ),
      ).toBe('42501');
      await connect(maria).push(
        { client: 'x', protocol: 1, schema: 1, records: [make.erasure()] },
        { signal: new AbortController().signal },
      );
      expect((await pullAll(connect(shep))).records).not.toEqual([]);
    });

    it('lets nobody move a row to another, or touch another’s', async () => {
      const make = createMaker(shep);
      await pushAll(connect(shep), [make.claim(), make.purchase()]);
      for (const attack of [
        `update regulars_records set account = 'rls_shep'`,
        `update regulars_records set shop = 'red-door'`,
        `update regulars_heads set account = 'rls_shep', seq = 0`,
        `insert into regulars_heads values ('blue-door', 'rls_other', 5, 'x')`,
        `insert into regulars_entries values ('blue-door', 'x', 'rls_shep')`,
        `update regulars_entries set account = 'rls_maria'`,
        `update regulars_erased set at = 0`,
        'truncate regulars_records',
        'create or replace function regulars_account() returns text language sql as $$ select 1::text $$',
      ]) {
        await pushAll(connect(maria), [createMaker(maria).claim()]);
        expect([attack, await readAs(maria, attack)]).toEqual([attack, '42501']);
      }
      // what is not seen is not touched
      const touched = `update regulars_records set body = 'x' where account = 'rls_shep' returning 1`;
      expect(await readAs(maria, touched)).toEqual([]);
    });

    it('answers nonsense with a refusal, and goes on', async () => {
      const client = clientFor(shep);
      const make = createMaker(shep);
      const [claim, good] = [make.claim(), make.purchase()];
      await pushAll(connect(shep), [claim]);
      const row = { id: good.id, subject: make.subject, body: JSON.stringify(good) };
      const erasure = { id: 'x', kind: 'erasure', stamp: 'x', at: 1, subjects: [] };
      for (const records of [
        ...[null, 5, 'x', {}, [[]], [null], [5], [{}], [{ id: 'x' }], [{ ...row, id: '' }]],
        ...[[{ ...row, id: 'x'.repeat(10_000) }], [{ ...row, subject: null }]],
        [{ ...row, subject: { a: 1 }, body: null }],
        ...[{ subjects: 'none' }, { subjects: { a: 1 } }, { at: 'now' }, { at: 1e300 }].map(
          (wrong) => [{ ...erasure, subjects: [make.subject], ...wrong }],
        ),
        [{ ...erasure, subjects: [null, 5, {}], id: null }],
        Array.from({ length: 501 }, () => row),
        [{ ...row, id: '1) ; drop table regulars_records; --', body: null }],
      ]) {
        const { data, error, status } = await client.rpc('regulars_push', { records });
        const results = (data as { results?: { status: string }[] } | null)?.results ?? [];
        expect(results.filter((one) => one.status === 'accepted')).toEqual([]);
        expect([200, 400, 413]).toContain(status);
        expect(error === null).toBe(status === 200);
      }
      for (const query of [
        { after: `${'9'.repeat(40)} 1`, size: 1, held: [] },
        { after: `new ${'9'.repeat(15)}`, size: 1, held: [] },
        { after: "' or 1=1 --", size: -5, held: [null, 5] },
      ]) {
        const { data } = await client.rpc('regulars_pull', query);
        expect(data).toEqual({ resync: 'epoch' });
      }
      const { data } = await client.rpc('regulars_pull', {
        after: null,
        size: -5,
        held: [null, {}],
      });
      expect(data).toMatchObject({ erased: [] });
      await pushAll(connect(shep), [good]);
    });

    it('lets nobody call who is not signed in, or whose token is over', async () => {
      const call = { signal: new AbortController().signal };
      const query = { cursor: null, limit: 1, subjects: [] };
      const exp = Math.floor(Date.now() / 1000) - 10;
      const over = postgrest.sign({ ...claimsOf(shep), exp });
      for (const headers of [{}, { authorization: `Bearer ${over}` }]) {
        const client = new PostgrestClient(postgrest.url, { headers });
        await expect(supabaseTransport({ client }).pull(query, call)).rejects.toMatchObject({
          kind: 'auth',
        });
      }
    });

    it('keeps of who was forgotten no text but hashes and ids', async () => {
      const make = createMaker(shep);
      await pushAll(connect(shep), [make.claim(), make.purchase('Very secret latte')]);
      await pushAll(connect(shep), [make.erasure()]);
      const tables = ['heads', 'records', 'entries', 'erased'];
      const rows = await Promise.all(
        tables.map((table) => postgrest.pool.query(`select * from regulars_${table}`)),
      );
      const text = JSON.stringify(rows.map((one) => one.rows));
      expect(text).not.toContain('Very secret latte');
      expect(text).not.toContain(make.subject);
    });
  });
});
