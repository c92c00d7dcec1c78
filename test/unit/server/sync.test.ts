import { describe, expect, it } from 'vitest';
import type { Pulled, Pushed } from '../../../src/sync/port.js';
import { batch, self, SHOP, startServer, till, writing } from '../../support/server.js';

type Page = Extract<Pulled, { readonly records: unknown }>;
const json = async <T>(response: Promise<Response>): Promise<T> =>
  (await (await response).json()) as T;

describe('push and pull', () => {
  it('gives a second device of the customer what the first has sent', async () => {
    const { call } = startServer();
    const { link, purchase } = writing();
    const sent = batch(link('s1', 'account', 'u_1'), purchase('s1', 'web:1'));
    const pushed = await json<Pushed>(call('push', self('u_1'), sent));
    expect(pushed.results.map(({ status }) => status)).toEqual(['accepted', 'accepted']);
    const again = await json<Pushed>(call('push', self('u_1'), sent));
    expect(again.results.map(({ status }) => status)).toEqual(['duplicate', 'duplicate']);
    const page = await json<Page>(call('pull', self('u_1')));
    expect(page.records.map(({ kind }) => kind)).toEqual(['link', 'purchase']);
    const next = await json<Page>(call(`pull?cursor=${page.cursor}`, self('u_1')));
    expect(next).toMatchObject({ records: [], more: false });
  });

  it('gives nobody the records of another', async () => {
    const { call } = startServer();
    const { link, purchase } = writing();
    await call('push', self('u_1'), batch(link('s1', 'account', 'u_1'), purchase('s1', 'web:1')));
    for (const who of [
      self('u_2'),
      till,
      self('u_1', [], 'other'),
      { ...self('u_1'), level: 'claimed' } as const,
    ])
      expect(await json<Page>(call('pull', who))).toMatchObject({ records: [], more: false });
  });

  it('takes nothing under an entry of another', async () => {
    const { call } = startServer();
    const { link, purchase } = writing();
    await call('push', self('u_1'), batch(link('s1', 'account', 'u_1'), purchase('s1', 'web:1')));
    const sent = batch(link('s1', 'account', 'u_2'), purchase('s1', 'web:2'));
    const pushed = await json<Pushed>(call('push', self('u_2'), sent));
    expect(pushed.results.map(({ code }) => code)).toEqual(['scope', 'scope']);
  });

  it('forgets somebody on every device, and refuses what comes later', async () => {
    const { call } = startServer();
    const { link, purchase, erasure } = writing();
    await call('push', self('u_1'), batch(link('s1', 'account', 'u_1'), purchase('s1', 'web:1')));
    const gone = await json<Pushed>(call('push', self('u_1'), batch(erasure(['s1']))));
    expect(gone.results).toMatchObject([{ status: 'accepted' }]);
    const page = await json<Page>(call('pull?subjects=s1,s2', self('u_9')));
    expect(page.records).toMatchObject([{ kind: 'erasure', data: { subjects: ['s1'] } }]);
    const late = await json<Pushed>(call('push', self('u_1'), batch(purchase('s1', 'web:2'))));
    expect(late.results).toMatchObject([{ status: 'erased' }]);
    const shop = await json<Page>(call('pull', { shop: SHOP, scope: 'staff', role: 'till' }));
    expect(shop.records).toEqual([]);
  });

  it('tells a device of another scope to begin anew', async () => {
    const { call } = startServer();
    const { link } = writing();
    const { cursor } = await json<Page>(call('pull', self('u_1')));
    await call('push', self('u_1'), batch(link('s1', 'account', 'u_1')));
    const response = await call(`pull?cursor=${cursor}`, self('u_1'));
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ code: 'resync', resync: 'scope' });
  });
});
