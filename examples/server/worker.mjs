// A worker at the edge, of the shape that Cloudflare, Deno and Bun run: the database is a PostgreSQL behind a pooler.
import pg from 'pg';
import { parseShopify } from 'regulars/formats/shopify';
import { postgresDatabase } from 'regulars/database/postgres';
import { createRegularsServer, webhook } from 'regulars/server';

let made;

function serverOf(env) {
  const database = postgresDatabase({
    pool: new pg.Pool({ connectionString: env.DATABASE_URL, max: 5 }),
  });
  const regulars = createRegularsServer({
    database,
    authorize: (request) => {
      const account = request.headers.get('X-Account'); // stands for the shop's own sign-in
      return account ? { shop: 'blue-door', scope: 'self', account } : undefined;
    },
    keys: () => ({
      key: Uint8Array.from(env.REGULARS_KEY.match(/../g), (byte) => parseInt(byte, 16)),
    }),
  });
  const shop = regulars.shop('blue-door');
  return {
    regulars,
    ready: database.migrate(),
    orders: webhook({ vendor: 'shopify', secret: env.SHOPIFY_SECRET, parse: parseShopify, shop }),
  };
}

export default {
  async fetch(request, env) {
    made ??= serverOf(env);
    const { regulars, ready, orders } = made;
    await ready;
    if (new URL(request.url).pathname === '/hooks/shopify') return orders(request);
    return regulars.handle(request);
  },
};
