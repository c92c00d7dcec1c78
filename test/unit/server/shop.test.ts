import { describe, expect, it } from 'vitest';
import { memoryDatabase } from '../../../src/adapters/database/memory.js';
import { createSealKeys } from '../../../src/sync/seal.js';
import { sealCarry } from '../../../src/sync/carry.js';
import type { ProfileRecord, PurchaseInput } from '../../../src/profile/types.js';
import { foldRecords } from '../../../src/profile/fold-records.js';
import type { Pulled } from '../../../src/sync/port.js';
import { recommender } from '../../../src/recommend/recommender.js';
import { de } from '../../../src/greeting/locales/de.js';
import {
  batch,
  NOW,
  self,
  SHOP,
  staff,
  startServer,
  till,
  writing,
  type TestServer,
} from '../../support/server.js';

const DAY_MS = 86_400_000;
const keys = await createSealKeys();
const secrets = { keys: () => ({ key: new Uint8Array(32).fill(7), seal: [keys.privateKey] }) };
const order = (
  id: string,
  at: number,
  ids: readonly [string, string][],
  sku = 'latte',
): PurchaseInput => ({
  ...{
    id,
    at,
    lines: [{ sku, name: sku === 'latte' ? 'Latte' : sku, quantity: 1 }],
    total: 400,
    currency: 'EUR',
  },
  customer: { ids: ids.map(([kind, value]) => ({ kind, value })), name: { given: 'Shep' } },
});
const habit = (ids: readonly [string, string][], count = 5): PurchaseInput[] =>
  Array.from({ length: count }, (_, i) =>
    order(`shopify:${i}`, NOW - (count - i) * 3 * DAY_MS, ids),
  );
const shep: readonly [string, string][] = [
  ['email', 'shep@example.com'],
  ['phone', '+14255550100'],
];

const all = async ({ call }: TestServer, who = staff): Promise<readonly ProfileRecord[]> => {
  const page = (await (await call('pull?limit=1000', who)).json()) as Extract<
    Pulled,
    { records: unknown }
  >;
  return page.records as readonly ProfileRecord[];
};

describe('orders of the shop itself', () => {
  it('become those of their customers, once', async () => {
    const server = startServer(secrets);
    const shop = server.server.shop(SHOP);
    expect(await shop.record(habit(shep))).toEqual({
      appended: 5,
      duplicates: 0,
      refused: 0,
      skipped: [],
    });
    expect(await shop.record(habit(shep))).toMatchObject({ appended: 0, duplicates: 5 });
    const records = await all(server);
    expect(new Set(records.map(({ subject }) => subject)).size).toBe(1);
    expect(JSON.stringify(records)).not.toContain('shep@example.com');
    expect(JSON.stringify(records)).not.toContain('4255550100');
  });

  it('that cannot be kept are named with their reason', async () => {
    const shop = startServer(secrets).server.shop(SHOP);
    const bad = [
      { ...order('web:1', NOW, shep), at: null },
      order('web:2', NOW, []),
      { id: 'web:3', lines: [] },
    ];
    const { skipped } = await shop.record([...bad, order('web:4', NOW, shep)]);
    expect(skipped.map(({ index, reason }) => [index, reason])).toEqual([
      [0, 'no-time'],
      [1, 'no-customer'],
      [2, 'invalid'],
    ]);
  });

  it('find the customer of whose page they came, and nothing else of the order does', async () => {
    const server = startServer(secrets);
    const shop = server.server.shop(SHOP);
    const { link } = writing();
    await server.call('push', self('u_1'), batch(link('s1', 'account', 'u_1')));
    const carryToken = await sealCarry(keys.publicKey, SHOP, 's1');
    expect(carryToken.length).toBeLessThan(300);
    await shop.record([order('shopify:1', NOW, [['email', 'victim@example.com']])], { carryToken });
    expect((await all(server, self('u_1'))).map(({ kind, subject }) => [kind, subject])).toEqual([
      ['link', 's1'],
      ['purchase', 's1'],
    ]);
    expect(await all(server)).toHaveLength(2);
    // one that was not made for this shop, or was touched, is none
    await shop.record([order('shopify:2', NOW, shep)], { carryToken: `${carryToken}x` });
    expect(await all(server, self('u_1'))).toHaveLength(2);
  });

  it('of a page that nobody has signed in at are theirs once they do', async () => {
    const server = startServer(secrets);
    const carryToken = await sealCarry(keys.publicKey, SHOP, 's1');
    await server.server.shop(SHOP).record([order('shopify:1', NOW, [])], { carryToken });
    const { link } = writing();
    await server.call('push', self('u_1'), batch(link('s1', 'account', 'u_1')));
    expect((await all(server, self('u_1'))).map(({ kind }) => kind)).toEqual(['purchase', 'link']);
  });

  it('are refunded by their id', async () => {
    const server = startServer(secrets);
    const shop = server.server.shop(SHOP);
    await shop.record([{ ...order('shopify:1', NOW, shep), refs: ['web:1'] }]);
    expect(
      await shop.refund([
        { purchase: 'web:1', at: NOW },
        { purchase: 'web:9', at: NOW },
      ]),
    ).toMatchObject({ appended: 1, skipped: 1 });
    expect((await all(server)).map(({ kind }) => kind)).toContain('refund');
  });

  it('of somebody who was forgotten do not bring them back', async () => {
    const server = startServer(secrets);
    const shop = server.server.shop(SHOP);
    await shop.record(habit(shep));
    expect(await shop.forget({ email: 'shep@example.com' })).toBe(true);
    expect(await all(server)).toEqual([]);
    expect(await shop.record(habit(shep))).toMatchObject({ appended: 0, refused: 5 });
    expect(await all(server)).toEqual([]);
    expect(await shop.forget({ email: 'shep@example.com' })).toBe(false);
    // who comes again with another order begins anew
    await shop.record([order('shopify:9', NOW, shep)]);
    expect((await all(server)).filter(({ kind }) => kind === 'purchase')).toHaveLength(1);
  });

  it('are imported in chunks', async () => {
    const server = startServer(secrets);
    const shop = server.server.shop(SHOP);
    const orders = Array.from({ length: 300 }, (_, i) =>
      order(`pos:${i}`, NOW - i * 1_000, [['email', `c${i % 40}@example.com`]]),
    );
    const told = await shop.import(orders);
    expect(told).toMatchObject({
      done: 300,
      appended: 300,
      duplicates: 0,
      skipped: 0,
      setAside: [],
    });
    expect(await shop.import(orders)).toMatchObject({ appended: 0, duplicates: 300 });
    const records = await all(server);
    expect(new Set(records.map(({ subject }) => subject)).size).toBe(40);
  });
});

describe('what a server says', () => {
  it('greets by what is known, and below a proof by what may be said', async () => {
    const { server } = startServer({
      ...secrets,
      settings: () => ({ timeZone: 'UTC', locales: [de] }),
    });
    const shop = server.shop(SHOP);
    await shop.record(habit(shep));
    const sure = await shop.greet({ email: 'shep@example.com' }, { verified: ['email'] });
    expect(sure).toMatchObject({
      level: 'verified',
      usual: { kind: 'usual', lines: [{ sku: 'latte' }] },
    });
    expect(sure.greeting).toMatchObject({ lang: 'en' });
    expect('text' in sure.greeting && sure.greeting.text).toContain('Shep');
    const german = await shop.greet(
      { email: 'shep@example.com' },
      { verified: ['email'], locale: 'de-DE' },
    );
    expect(german.greeting).toMatchObject({ lang: 'de' });
    for (const who of [{ email: 'nobody@example.com' }, {}, { phone: 'nonsense' }]) {
      const told = await shop.greet(who, { verified: ['email'] });
      expect(told).toMatchObject({
        level: 'none',
        greeting: { kind: 'neutral' },
        usual: { kind: 'none' },
      });
    }
  });

  it('greets nobody who said no, and by no name that the shop has closed', async () => {
    const { server } = startServer({
      ...secrets,
      settings: () => ({ reveal: { name: 'verified' } }),
    });
    const shop = server.shop(SHOP);
    await shop.record(habit(shep));
    const { greeting } = await shop.greet({ email: 'shep@example.com' });
    expect('text' in greeting && greeting.text).not.toContain('Shep');
  });

  it('offers what the catalog has, and says why', async () => {
    const catalog = ['latte', 'bread', 'cake'].map((sku) => ({ sku, name: sku }));
    const { server } = startServer({
      ...secrets,
      settings: () => ({ catalog, recommend: recommender() }),
    });
    const shop = server.shop(SHOP);
    await shop.record(habit(shep));
    // without a yes to suggestions nothing rests on what they bought
    expect(
      await shop.recommend({ email: 'shep@example.com' }, { verified: ['email'] }),
    ).toMatchObject({ kind: 'none' });
    expect(await startServer(secrets).server.shop(SHOP).recommend({})).toEqual({
      kind: 'none',
      reason: 'not-configured',
    });
  });
});

describe('bases', () => {
  it('say what the records said, and devices behind them take a snapshot', async () => {
    const server = startServer({ ...secrets, limits: { horizonDays: 180 } });
    const { call, clock } = server;
    const shop = server.server.shop(SHOP);
    const { link, purchase } = writing();
    const orders = Array.from({ length: 20 }, (_, i) =>
      purchase('s1', `web:${i}`, 'latte', NOW + i),
    );
    await call('push', self('u_1'), batch(link('s1', 'account', 'u_1'), ...orders.slice(0, 12)));
    const early = (await (await call('pull?limit=5', self('u_1'))).json()) as { cursor: string };
    const behind = (await (await call('snapshot', self('u_1'))).json()) as { cursor: string };
    await call('push', self('u_1'), batch(...orders.slice(12)));
    const before = await all(server, self('u_1'));
    expect(await shop.compact()).toEqual({ bases: 0, folded: 0 });
    clock.advance(181 * DAY_MS);
    const late = writing('da7e0001', SHOP, clock.now);
    await call('push', self('u_1'), batch(late.purchase('s1', 'web:late')));
    expect(await shop.compact()).toEqual({ bases: 1, folded: 21 });
    expect(await shop.compact()).toEqual({ bases: 0, folded: 0 });
    const after = await all(server, self('u_1'));
    expect(after.map(({ kind }) => kind)).toEqual(['purchase', 'base']);
    const state = foldRecords(after);
    expect(Object.keys(state.purchases)).toHaveLength(21);
    expect(foldRecords([...before, ...after])).toEqual(state);
    // one that was reading from the beginning goes on; one that has less than the base stands for begins anew
    const next = (await (await call(`pull?cursor=${early.cursor}`, self('u_1'))).json()) as {
      records: ProfileRecord[];
    };
    expect(next.records.map(({ kind }) => kind)).toEqual(['purchase', 'base']);
    expect(await (await call(`pull?cursor=${behind.cursor}`, self('u_1'))).json()).toMatchObject({
      resync: 'horizon',
    });
    // and what was folded is a duplicate for ever, and found, and forgotten
    const again = (await (await call('push', self('u_1'), batch(orders[0]))).json()) as {
      results: { status: string }[];
    };
    expect(again.results[0]?.status).toBe('duplicate');
    expect(await shop.forget({ account: 'u_1' })).toBe(true);
    const back = (await (
      await call(
        'push',
        self('u_1'),
        batch(late.link('s2', 'account', 'u_1'), late.purchase('s2', 'web:3')),
      )
    ).json()) as { results: { status: string }[] };
    expect(back.results.map(({ status }) => status)).toEqual(['accepted', 'erased']);
  });

  it('that are made while somebody is being answered cost them no record', async () => {
    const database = memoryDatabase();
    let meanwhile = async (): Promise<unknown> => undefined;
    const server = startServer({
      ...secrets,
      database: {
        ...database,
        list: async (...asked) => {
          const act = meanwhile;
          meanwhile = async () => undefined;
          await act();
          return database.list(...asked);
        },
      },
    });
    const { call, clock } = server;
    const { link, purchase } = writing();
    await call('push', self('u_1'), batch(link('s1', 'account', 'u_1')));
    const { cursor } = (await (await call('pull', self('u_1'))).json()) as { cursor: string };
    const orders = Array.from({ length: 20 }, (_, i) => purchase('s1', `web:${i}`));
    await call('push', self('u_1'), batch(...orders));
    clock.advance(181 * DAY_MS);
    meanwhile = () => server.server.shop(SHOP).compact();
    expect(await (await call(`pull?cursor=${cursor}`, self('u_1'))).json()).toMatchObject({
      resync: 'horizon',
    });
  });

  it('of one subject take in the base before', async () => {
    const server = startServer(secrets);
    const { call, clock } = server;
    const shop = server.server.shop(SHOP);
    const { link } = writing();
    await call('push', self('u_1'), batch(link('s1', 'account', 'u_1')));
    for (let round = 0; round < 3; round++) {
      const { purchase } = writing(`0000000${round}`, SHOP, clock.now);
      const orders = Array.from({ length: 10 }, (_, i) => purchase('s1', `web:${round}-${i}`));
      await call('push', self('u_1'), batch(...orders));
      clock.advance(181 * DAY_MS);
      expect((await shop.compact()).bases).toBe(1);
    }
    const records = await all(server, self('u_1'));
    expect(records.map(({ kind }) => kind)).toEqual(['base']);
    expect(Object.keys(foldRecords(records).purchases)).toHaveLength(30);
  });
});

describe('devices', () => {
  it('trade a code for a key, once, and are ended by the shop', async () => {
    const { server, call, clock } = startServer(secrets);
    const { devices } = server.shop(SHOP);
    const { id, code } = await devices.add({ place: 's17' });
    const [name, secret = ''] = code.split('.');
    const typed = ` ${name}.${secret.toLowerCase().replaceAll('-', ' ')} `;
    const traded = await call('devices', undefined, { code: typed, version: '0.1.0' });
    const { key, place } = (await traded.json()) as { key: string; place: string };
    expect(place).toBe('s17');
    expect((await call('devices', undefined, { code, version: '0.1.0' })).status).toBe(401);
    const show = { headers: { Authorization: `Device ${key}` } };
    expect(
      (
        await call(
          'push',
          undefined,
          { ...(batch() as object), device: { version: '0.2.0', oldestUnsent: NOW - 1_000 } },
          show,
        )
      ).status,
    ).toBe(200);
    expect(await devices.list()).toEqual([
      {
        id,
        place: 's17',
        enrolled: true,
        version: '0.2.0',
        seenAt: clock.now(),
        oldestUnsent: NOW - 1_000,
      },
    ]);
    // a kiosk gets nobody's records, and no pokes
    expect(await (await call('pull', undefined, undefined, show)).json()).toMatchObject({
      records: [],
    });
    expect((await call('events', undefined, undefined, show)).status).toBe(403);
    expect(await devices.revoke(id)).toBe(true);
    expect((await call('pull', undefined, undefined, show)).status).toBe(401);
    expect(await devices.revoke('another')).toBe(false);
  });

  it('are not let in by a code that is over, of another shop, or guessed', async () => {
    const { server, call, clock } = startServer(secrets);
    const { code } = await server.shop(SHOP).devices.add();
    expect((await call('devices', undefined, { code: code.replace(SHOP, 'other') })).status).toBe(
      401,
    );
    clock.advance(DAY_MS);
    expect((await call('devices', undefined, { code })).status).toBe(401);
    const statuses = [];
    for (let i = 0; i < 40; i++)
      statuses.push((await call('devices', undefined, { code: `${SHOP}.${i}` })).status);
    expect(statuses.at(-1)).toBe(429);
    expect(till.scope).toBe('device');
  });
});
