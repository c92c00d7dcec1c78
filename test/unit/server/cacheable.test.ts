import { describe, expect, it } from 'vitest';
import { createApp as honoApp } from '../../../examples/server/hono.mjs';
import { createShop } from '../../../examples/server/shop.mjs';
import { answerOffice, problem } from '../../../src/cli/serve-office.js';
import { webhook } from '../../../src/server/webhook.js';
import type { Authorized } from '../../../src/server/types.js';
import { batch, self, SHOP, staff, startServer, till, writing } from '../../support/server.js';

/** Every endpoint, with a body that it takes. */
const ENDPOINTS: readonly (readonly [string, unknown?])[] = [
  ['push', batch(writing().link('s1', 'account', 'u_1'))],
  ['pull'],
  ['pull', { limit: 10 }],
  ['snapshot'],
  ['snapshot', {}],
  ['events'],
  ['look-up', { who: [{ type: 'phone', value: '+14255550100' }] }],
  ['directory', { page: null }],
  ['proofs', { kind: 'code', who: [{ type: 'phone', value: '+14255550100' }] }],
  ['proofs/check', { challenge: 'c', code: '123456' }],
  ['proofs/answer', { ticket: 't' }],
  ['records', { proof: 'p' }],
  ['devices', { code: 'blue-door.nonsense' }],
  ['nothing/here'],
];
const CALLERS: readonly (readonly [string, Authorized | undefined])[] = [
  ['the customer', self('u_1')],
  ['somebody of the staff', staff],
  ['a till', till],
  ['a page that looks up', { shop: SHOP, scope: 'look-up' }],
  ['nobody', undefined],
];

/** No cache keeps it; one that keeps it all the same does not hand it to another. */
function expectOwn(response: Response, varies: readonly string[]): void {
  expect(response.headers.get('Cache-Control')).toMatch(/\bno-store\b/);
  expect(response.headers.get('Cache-Control')).not.toMatch(/public|s-maxage|max-age/);
  const vary = (response.headers.get('Vary') ?? '').split(/,\s*/);
  for (const name of varies) expect(vary).toContain(name);
}

describe('no answer can be kept by a cache', () => {
  it.each(CALLERS)('of any endpoint, to %s', async (_name, who) => {
    const { call, server } = startServer({
      limits: { lookUpMs: 0 },
      cors: { origins: ['https://a.example'] },
    });
    const statuses = new Set<number>();
    for (const [path, body] of ENDPOINTS)
      for (const headers of [{}, { Origin: 'https://a.example' }, { 'Sync-Protocol': '9' }]) {
        const response = await call(path, who, body, { headers: { ...headers } });
        statuses.add(response.status);
        expectOwn(response, ['Authorization', 'Cookie', 'Origin']);
        await response.body?.cancel();
      }
    expect(statuses.size).toBeGreaterThan(2);
    await server.close();
  });

  it('of what has not changed, of a question before one, and of what breaks', async () => {
    const { call, server, database } = startServer();
    const { headers } = await call('pull', self('u_1'));
    const same = await call('pull', self('u_1'), undefined, {
      headers: { 'If-None-Match': headers.get('ETag') ?? '' },
    });
    expect(same.status).toBe(304);
    expectOwn(same, ['Authorization', 'Cookie', 'Origin']);
    const asked = new Request('https://shop.example/sync/v1/pull', { method: 'OPTIONS' });
    expectOwn(await server.handle(asked), ['Origin']);
    await database.close();
    const broken = startServer({
      database: { ...database, head: () => Promise.reject(new Error('gone')) },
    });
    const away = await broken.call('pull', staff);
    expect(away.status).toBe(503);
    expectOwn(away, ['Authorization', 'Cookie', 'Origin']);
  });

  it('of the office of regulars serve, of a webhook, of a page that the example renders', async () => {
    const { server } = startServer();
    const office = (method: string, path: string): Request =>
      new Request(`https://shop.example/regulars/shop/v1/${path}`, {
        method,
        ...(method === 'POST' && { body: '{}' }),
      });
    for (const [method, path] of [
      ['GET', 'devices'],
      ['POST', 'devices'],
      ['POST', 'devices/revoke'],
      ['POST', 'purchases'],
      ['POST', 'refunds'],
      ['GET', 'nothing'],
    ] as const)
      expectOwn(await answerOffice(office(method, path), server.shop(SHOP)), ['Authorization']);
    expectOwn(problem(404, 'invalid', ''), ['Authorization']);
    const hook = webhook({
      ...{ vendor: 'shopify', secret: 's', shop: server.shop(SHOP) },
      parse: () => ({ purchases: [], refunds: [] }) as never,
    });
    expectOwn(
      await hook(new Request('https://shop.example/hook', { method: 'POST', body: '{}' })),
      [],
    );
    const page = await honoApp(createShop()).request('/', { headers: { 'X-Account': 'u_1' } });
    expectOwn(page, ['X-Account']);
  });
});
