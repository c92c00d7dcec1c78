import pg from 'pg';

/** A pool whose connections die quietly: a test stops its PostgreSQL right after `end`, which does not wait for the sockets. */
export function quietPool(url: string, max = 8): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max });
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', () => undefined);
  return pool;
}
