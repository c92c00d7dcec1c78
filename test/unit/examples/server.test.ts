import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve as serveHono } from '@hono/node-server';
import { afterEach, describe, expect, it } from 'vitest';
import { createApp as expressApp } from '../../../examples/server/express.mjs';
import { createApp as honoApp } from '../../../examples/server/hono.mjs';
import { mailTo } from '../../../examples/server/mail.mjs';
import { serve as serveNode } from '../../../examples/server/node.mjs';
import { createShop, keyOf, sessions } from '../../../examples/server/shop.mjs';
import type { RegularsServer } from '../../../src/server/create-server.js';
import { httpTransport } from '../../../src/adapters/transport/http.js';
import { hasPostgres, startPostgres } from '../../support/postgres.js';
import { writing } from '../../support/server.js';

const ways: readonly (readonly [string, (regulars: RegularsServer) => Server, string])[] = [
  ['node:http', serveNode, '/regulars'],
  ['Express', (regulars) => expressApp(regulars).listen(0), '/regulars'],
  [
    'Hono',
    (regulars) => serveHono({ fetch: honoApp(regulars).fetch, port: 0 }) as Server,
    '/regulars',
  ],
];
const call = { signal: new AbortController().signal };
const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listening(server: Server): Promise<string> {
  open.push(server);
  if (!server.listening) {
    server.listen(0);
    await once(server, 'listening');
  }
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

describe('the examples of a server', () => {
  it.each(ways)(
    '%s: what one device sends the other gets, and is told of',
    async (_name, start, path) => {
      const url = (await listening(start(createShop()))) + path;
      sessions.set('t1', { account: 'u_1' });
      const transport = httpTransport({ url, token: () => 't1' });
      let pokes = 0;
      const stop = transport.subscribe?.(() => pokes++, call);
      await expect.poll(() => pokes).toBeGreaterThan(0);
      const { link, purchase } = writing('a1b2c3d4', 'blue-door', Date.now);
      const records = [link('s1', 'account', 'u_1'), purchase('s1', 'web:1')];
      const batch = { client: 'c1', protocol: 1, schema: 1, records };
      const { results } = await transport.push(batch, call);
      expect(results.map(({ status }) => status)).toEqual(['accepted', 'accepted']);
      const pulled = await transport.pull({ cursor: null, limit: 100, subjects: [] }, call);
      expect('records' in pulled && pulled.records).toHaveLength(2);
      stop?.();
      const stranger = httpTransport({ url, token: () => 'nobody' });
      await expect(stranger.push(batch, call)).rejects.toMatchObject({ kind: 'auth' });
    },
  );

  it('have no key that anybody could know: one of this process, or a whole one that is given', () => {
    const key: Uint8Array = keyOf(undefined);
    expect(key.length).toBe(32);
    expect(new Set(key).size).toBeGreaterThan(16);
    expect(keyOf(undefined)).toEqual(key);
    expect(new Set(keyOf('0f'.repeat(32)))).toEqual(new Set([15]));
    for (const short of ['', 'secret', 'a'.repeat(63), 'g'.repeat(64)])
      expect(() => keyOf(short)).toThrow('openssl rand -hex 32');
  });

  it('a page that a server renders, and a mail, greet by name', async () => {
    const regulars = createShop();
    const order = (id: number): object => ({
      ...{
        id: `shopify:${id}`,
        at: Date.now() - id * 86_400_000,
        lines: [{ sku: 'latte', name: 'Latte' }],
      },
      customer: {
        ids: [
          { kind: 'account', value: 'u_1' },
          { kind: 'email', value: 'shep@example.com' },
        ],
        name: { given: 'Shep' },
      },
    });
    await regulars.shop('blue-door').record([1, 2, 3, 4].map(order) as never);
    const app = honoApp(regulars);
    const page = await app.request('/', { headers: { 'X-Account': 'u_1' } });
    expect(page.headers.get('Cache-Control')).toBe('private, no-store');
    expect(await page.text()).toContain('Shep');
    expect(await (await app.request('/')).text()).not.toContain('Shep');
    const mail = await mailTo(regulars, 'shep@example.com', { confirmed: true });
    expect(mail.join(' ')).toMatch(/Shep.*Latte/);
  });

  it.skipIf(!hasPostgres)(
    'a worker: records and orders from webhooks in a real PostgreSQL',
    async () => {
      const postgres = await startPostgres();
      try {
        const { default: worker } = await import('../../../examples/server/worker.mjs');
        const env = {
          DATABASE_URL: postgres.url,
          REGULARS_KEY: 'ab'.repeat(32),
          SHOPIFY_SECRET: 'hush',
        };
        const body = JSON.stringify({
          ...{
            id: 7,
            name: '#7',
            created_at: '2026-09-01T10:00:00Z',
            currency: 'EUR',
            total_price: '4.00',
          },
          ...{ financial_status: 'paid', email: 'shep@example.com', customer: { id: 9 } },
          line_items: [{ id: 1, sku: 'latte', title: 'Latte', quantity: 1, price: '4.00' }],
        });
        const signature = createHmac('sha256', 'hush').update(body).digest('base64');
        const send = (): Promise<Response> =>
          worker.fetch(
            new Request('https://edge.example/hooks/shopify', {
              method: 'POST',
              body,
              headers: { 'X-Shopify-Hmac-Sha256': signature },
            }),
            env,
          );
        expect(await (await send()).json()).toEqual({ recorded: 1, skipped: 0 });
        expect(await (await send()).json()).toEqual({ recorded: 0, skipped: 0 });
        const pull = new Request('https://edge.example/regulars/sync/v1/pull', {
          headers: { 'Sync-Protocol': '1', 'X-Account': 'u_1' },
        });
        expect((await worker.fetch(pull, env)).status).toBe(200);
      } finally {
        await postgres.stop();
      }
    },
  );
});
