import pg from 'pg';
import type { PostgresConnection, PostgresPool } from '../../src/adapters/database/postgres.js';

/** A pool whose connections die quietly: a test stops its PostgreSQL right after `end`, which does not wait for the sockets. */
export function quietPool(url: string, max = 8): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max });
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', () => undefined);
  return pool;
}

/** A pool whose transactions wait before they commit until they are let go. */
export function holding(pool: pg.Pool): {
  readonly pool: PostgresPool;
  /** Every statement, as it was sent. */
  readonly texts: string[];
  /** Resolves when a transaction has done all but commit. */
  readonly holdNext: () => Promise<void>;
  readonly letGo: () => void;
} {
  let hold: Promise<void> = Promise.resolve();
  let letGo: () => void = () => undefined;
  let reached: () => void = () => undefined;
  const texts: string[] = [];
  const watch =
    (client: Pick<PostgresConnection, 'query'>): PostgresConnection['query'] =>
    async (text, values) => {
      texts.push(text);
      if (text === 'commit') {
        reached();
        await hold;
      }
      return client.query(text, values);
    };
  const held: PostgresPool = {
    query: watch(pool),
    on: (event, hear) => pool.on(event, hear),
    connect: async () => {
      const client = await pool.connect();
      return {
        query: watch(client),
        release: (error) => client.release(error),
        on: (event, hear) => client.on(event, hear),
        removeListener: (event, hear) => client.removeListener(event, hear),
      };
    },
  };
  return {
    pool: held,
    texts,
    holdNext: () => {
      hold = new Promise((resolve) => (letGo = resolve));
      return new Promise<void>((resolve) => (reached = resolve));
    },
    letGo: () => letGo(),
  };
}
