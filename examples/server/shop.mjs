import { memoryDatabase } from 'regulars/database/memory';
import { createRegularsServer } from 'regulars/server';

/** Who has signed in at this shop: its own sessions, of which Regulars knows nothing. */
export const sessions = new Map();

/** One shop, in memory: `postgresDatabase` or `pgliteDatabase` keep it. */
export const createShop = () =>
  createRegularsServer({
    database: memoryDatabase(),
    authorize: (request) => {
      const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.get('Authorization') ?? '') ?? [];
      const session = sessions.get(token);
      return session && { shop: 'blue-door', scope: 'self', ...session };
    },
    keys: () => ({ key: Buffer.from(process.env.REGULARS_KEY ?? 'a'.repeat(64), 'hex') }),
    onError: (error) => console.error(error),
  });
