import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { connect, type NatsConnection } from 'nats';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { natsBus } from '../../../examples/nats-bus.mjs';
import { postgresDatabase } from '../../../src/adapters/database/postgres.js';
import { quietPool } from '../../support/pool.js';
import { hasPostgres, startPostgres, type TestPostgres } from '../../support/postgres.js';
import { batch, self, startServer, writing } from '../../support/server.js';
import { freePort } from '../../support/transports.js';

const hasNats = spawnSync('nats-server', ['--version']).status === 0;

async function connected(port: number): Promise<NatsConnection> {
  for (let tries = 0; ; tries++)
    try {
      return await connect({ port });
    } catch (error) {
      if (tries > 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
}

describe.skipIf(!hasNats || !hasPostgres)(
  'two processes of a server, with NATS between them (needs nats-server and PostgreSQL here)',
  () => {
    let nats: ChildProcess;
    let connections: readonly NatsConnection[];
    let postgres: TestPostgres;
    let pools: readonly pg.Pool[];
    beforeAll(async () => {
      const port = await freePort();
      nats = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
      postgres = await startPostgres();
      connections = [await connected(port), await connected(port)];
      pools = [quietPool(postgres.url), quietPool(postgres.url)];
    }, 60_000);
    afterAll(async () => {
      for (const connection of connections) await connection.close();
      for (const pool of pools) await pool.end();
      await postgres.stop();
      nats.kill();
    });

    it('tell a page at one of them at once what the other has written', async () => {
      const [one, two] = pools.map((pool, i) =>
        startServer({
          database: postgresDatabase({ pool }),
          bus: natsBus(connections[i]),
        }),
      );
      if (!one || !two) throw new Error('there are two');
      await Promise.all([one.database.migrate(), two.database.migrate()]);
      const { link, purchase } = writing('000000a1');
      const first = batch(link('s1', 'account', 'u_1'), purchase('s1', 'web:1'));
      expect((await one.call('push', self('u_1'), first)).status).toBe(200);
      const stream = await two.call('events', self('u_1'));
      const reader = stream.body?.getReader();
      let text = '';
      const until = async (pokes: number): Promise<void> => {
        while (text.split('event: poke').length - 1 < pokes)
          text += new TextDecoder().decode((await reader?.read())?.value);
      };
      await until(1); // on opening: what came before anybody listened
      await connections[1]?.flush();
      await one.call('push', self('u_1'), batch(purchase('s1', 'web:2')));
      await until(2); // the clock of both stands still: no poll has found it
      await reader?.cancel();
    });
  },
);
