import { describe, expect, it } from 'vitest';
import type { ProfileRecord } from '../../../src/profile/types.js';
import type { Pulled, Pushed, SentRecord } from '../../../src/sync/port.js';
import { createSealKeys, sealRecords } from '../../../src/sync/seal.js';
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

const PHONE = { type: 'phone', value: '+14255550100' } as const;
const keys = await createSealKeys();
const start = (limits = {}): TestServer =>
  startServer({
    limits,
    keys: () => ({ key: new Uint8Array(32).fill(3), seal: [keys.privateKey] }),
  });
const json = async <T>(response: Response | Promise<Response>): Promise<T> =>
  (await (await response).json()) as T;
const pushed = async (response: Promise<Response>): Promise<readonly string[]> =>
  (await json<Pushed>(response)).results.map(({ status, code }) => code ?? status);
const records = async (response: Promise<Response>): Promise<readonly ProfileRecord[]> =>
  (await json<Extract<Pulled, { records: unknown }>>(response)).records as readonly ProfileRecord[];
const ordersIn = (all: readonly ProfileRecord[]): readonly string[] =>
  all.flatMap((record) => (record.kind === 'purchase' ? [record.data.id] : []));

describe('V16 events keep the identity they were captured with, on the server', () => {
  it('what was captured as A waits while B is signed in, and is A’s when it comes', async () => {
    const { call } = start();
    const { link, purchase } = writing();
    const ofA = [link('sA', 'account', 'u_a'), purchase('sA', 'web:a')];
    const ofB = [link('sB', 'account', 'u_b'), purchase('sB', 'web:b')];
    expect(await pushed(call('push', self('u_b'), batch(...ofA, ...ofB)))).toEqual([
      'scope',
      'scope',
      'accepted',
      'accepted',
    ]);
    expect(await pushed(call('push', self('u_a'), batch(...ofA)))).toEqual([
      'accepted',
      'accepted',
    ]);
    expect(ordersIn(await records(call('pull', self('u_a'))))).toEqual(['web:a']);
    expect(ordersIn(await records(call('pull', self('u_b'))))).toEqual(['web:b']);
  });
});

describe('V18 end of visit leaves nothing, and the orders arrive', () => {
  it('exactly once, readable by the server alone, shown to nobody before a proof', async () => {
    const { call } = start();
    const { purchase, record } = writing();
    const claim = record('5e4a-kiosk-visit-1', 'visit', { at: 1, channel: 'kiosk' });
    const typed = {
      ...claim,
      kind: 'link',
      data: {
        type: 'phone',
        token: 'device-token',
        level: 'claimed',
        method: 'claim',
        at: 1,
        unproved: true,
      },
    } as unknown as ProfileRecord;
    const seal = async (n: number): Promise<SentRecord> => ({
      ...{ id: `sealed:${n}`, kind: 'sealed' },
      box: await sealRecords(keys.publicKey, SHOP, {
        records: [typed, purchase('5e4a-kiosk-visit-1', `kiosk:${n}`) as ProfileRecord],
        identifiers: [{ token: 'device-token', ...PHONE }],
      }),
    });
    const boxes = [await seal(1), await seal(2)];
    for (const text of ['4255550100', 'kiosk:1', 'latte', '5e4a-kiosk-visit-1'])
      expect(JSON.stringify(boxes)).not.toContain(text);
    expect(await pushed(call('push', till, batch(...boxes)))).toEqual(['accepted', 'accepted']);
    expect(await pushed(call('push', till, batch(...boxes)))).toEqual(['duplicate', 'duplicate']);
    expect(ordersIn(await records(call('pull', staff)))).toEqual(['kiosk:1', 'kiosk:2']);
    expect(await records(call('pull', till))).toEqual([]);

    // Shep has the number from elsewhere and is signed in: nobody has proved that it was Shep
    const { link } = writing('b2b2b2b2');
    await call('push', self('u_1'), batch(link('s1', 'account', 'u_1')));
    expect(ordersIn(await records(call('pull', self('u_1'))))).toEqual([]);
    const sealed = await sealRecords(keys.publicKey, SHOP, {
      records: [],
      identifiers: [{ token: '', ...PHONE }],
    });
    const proof = link('s1', 'phone', '');
    const proved = { ...proof, data: { ...proof.data, identifier: { sealed } } };
    await call('push', self('u_1', [PHONE]), batch(proved));
    expect(ordersIn(await records(call('pull', self('u_1'))))).toEqual(['kiosk:1', 'kiosk:2']);
  });
});

describe('V24 what a server answers, for retries to go by', () => {
  it('a clock that is ahead by more than can be, also where it is that of a kiosk’s box: `skew`', async () => {
    const { call } = start();
    const ahead = writing('a1b2c3d4', SHOP, () => Date.UTC(2100, 0));
    const order = ahead.purchase('kiosk-visit', 'kiosk:1') as ProfileRecord;
    const seal = async (id: string, record: ProfileRecord): Promise<SentRecord> => ({
      ...{ id: `sealed:${id}`, kind: 'sealed' },
      box: await sealRecords(keys.publicKey, SHOP, { records: [record], identifiers: [] }),
    });
    const [skewed, broken, soon] = [
      await seal('skewed', order),
      await seal('broken', { ...order, subject: 'no key' }),
      // no more than a clock may be wrong: it is stamped here
      await seal(
        'soon',
        writing('a1b2c3d4', SHOP, () => NOW + 864e5).purchase('v', 'k:2') as never,
      ),
    ];
    expect(await pushed(call('push', till, batch(order, skewed, broken, soon)))).toEqual([
      ...['skew', 'skew', 'invalid', 'accepted'],
    ]);
  });

  it('429 and 503 with the time to wait, 401, 404, 413 and 426 by their codes', async () => {
    const { call, database } = start({ requestsPerMinute: 2 });
    const { purchase } = writing();
    expect((await call('pull', undefined)).status).toBe(401);
    expect((await call('nothing', self('u_1'))).status).toBe(404);
    expect(
      (await call('pull', self('u_1'), undefined, { headers: { 'Sync-Protocol': '9' } })).status,
    ).toBe(426);
    const many = Array.from({ length: 501 }, (_, i) => purchase('s1', `web:${i}`));
    expect((await call('push', self('u_1'), batch(...many))).status).toBe(413);
    await call('pull', self('u_1'));
    const limited = await call('pull', self('u_1'));
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('Retry-After'))).toBeGreaterThan(0);
    // of one the limit is no other's
    expect((await call('pull', self('u_2'))).status).toBe(200);
    await database.close();
    const away = await call('pull', self('u_2'));
    expect([away.status, away.headers.get('Retry-After')]).toEqual([503, '1']);
  });

  it('of a batch with a bad record the others are taken, and it is named', async () => {
    const { call } = start();
    const { link, purchase } = writing();
    const ahead = writing('b2b2b2b2', SHOP, () => Date.UTC(2026, 8, 15));
    const sent = [
      link('s1', 'account', 'u_1'),
      { ...purchase('s1', 'web:1'), data: { lines: 7 } },
      purchase('s1', 'web:2'),
      ahead.purchase('s1', 'web:3'),
      { ...purchase('s1', 'web:4'), shop: 'other' },
      { ...purchase('s1', 'web:5'), data: { x: 'y'.repeat(70_000) } },
    ];
    expect(await pushed(call('push', self('u_1'), batch(...sent)))).toEqual([
      ...['accepted', 'invalid', 'accepted', 'skew', 'scope', 'too-large'],
    ]);
  });
});

describe('V25 page hide and two tabs, on the server', () => {
  it('two that flush at once deliver each entry once', async () => {
    const { call } = start();
    const { link, purchase } = writing();
    await call('push', self('u_1'), batch(link('s1', 'account', 'u_1')));
    const entries = Array.from({ length: 300 }, (_, i) =>
      purchase('s1', `web:${i}`, `${'x'.repeat(700)}${i}`),
    );
    const batches: SentRecord[][] = [[]];
    for (const entry of entries) {
      const last = batches.at(-1) ?? [];
      if (JSON.stringify(batch(...last, entry)).length > 60_000) batches.push([entry]);
      else last.push(entry);
    }
    expect(batches.length).toBeGreaterThan(4);
    const both = await Promise.all(
      [...batches, ...batches].map((one) => pushed(call('push', self('u_1'), batch(...one)))),
    );
    const statuses = both.flat();
    expect(statuses.filter((status) => status === 'accepted')).toHaveLength(300);
    expect(statuses.filter((status) => status === 'duplicate')).toHaveLength(300);
    const all = ordersIn(await records(call('pull?limit=1000', self('u_1'))));
    expect([all.length, new Set(all).size]).toEqual([300, 300]);
  });
});
