import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { connect, type NatsConnection } from 'nats';
import type pg from 'pg';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { natsBus } from '../../../examples/nats-bus.mjs';
import { postgresDatabase } from '../../../src/adapters/database/postgres.js';
import { quietPool } from '../../support/pool.js';
import { hasPostgres, startPostgres, type TestPostgres } from '../../support/postgres.js';
import { expectPokeBetween } from '../../support/poke-between.js';
import { startServer } from '../../support/server.js';
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
      await expectPokeBetween(one, two, async () => connections[1]?.flush());
    });
  },
);
