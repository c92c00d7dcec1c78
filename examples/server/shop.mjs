import { randomBytes } from 'node:crypto';
import { memoryDatabase } from 'regulars/database/memory';
import { createRegularsServer } from 'regulars/server';

/** Who has signed in at this shop: its own sessions, of which Regulars knows nothing. */
export const sessions = new Map();

const own = randomBytes(32);

/**
 * The shop's key: everything that is kept is under it, so it is made once and never lost. What lies in memory is gone with this process,
 * and so may its key be; a database that lasts needs one in REGULARS_KEY.
 */
export function keyOf(hex) {
  if (hex === undefined) return own;
  if (!/^[0-9a-f]{64}$/i.test(hex))
    throw new Error('REGULARS_KEY has to be 64 hex digits: `openssl rand -hex 32` makes them.');
  return Buffer.from(hex, 'hex');
}

/** One shop, in memory: `postgresDatabase` or `pgliteDatabase` keep it. */
export function createShop() {
  const key = keyOf(process.env.REGULARS_KEY);
  return createRegularsServer({
    database: memoryDatabase(),
    authorize: (request) => {
      const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.get('Authorization') ?? '') ?? [];
      const session = sessions.get(token);
      return session && { shop: 'blue-door', scope: 'self', ...session };
    },
    keys: () => ({ key }),
    onError: (error) => console.error(error),
  });
}
