import { describe, expect, it } from 'vitest';
import { memoryDatabase } from '../../../src/adapters/database/memory.js';
import { memoryBus } from '../../../src/server/bus.js';
import type { Pulled } from '../../../src/sync/port.js';
import {
  batch,
  self,
  staff,
  startServer,
  till,
  writing,
  type TestServer,
} from '../../support/server.js';

type Page = Extract<Pulled, { readonly records: unknown }>;
const soon = (ms = 5): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));
const page = async (response: Response | Promise<Response>): Promise<Page> =>
  (await (await response).json()) as Page;

/** Reads a stream of events as text, as it comes. */
function reading(response: Response): {
  readonly text: () => string;
  readonly cancel: () => Promise<void>;
  readonly ended: () => boolean;
} {
  const reader = response.body?.getReader();
  const state = { text: '', ended: false };
  const decoder = new TextDecoder();
  void (async () => {
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read())
      state.text += decoder.decode(read.value);
    state.ended = true;
  })();
  return { text: () => state.text, cancel: async () => reader?.cancel(), ended: () => state.ended };
}
const pokesIn = (text: string): number => text.split('event: poke').length - 1;

async function buy(server: TestServer, n: number, account = 'u_1', subject = 's1'): Promise<void> {
  const { link, purchase } = writing(`000000a${n}`);
  const response = await server.call(
    'push',
    self(account),
    batch(link(subject, 'account', account), purchase(subject, `web:${account}${n}`)),
  );
  expect(response.status).toBe(200);
}

describe('addresses and origins', () => {
  it('are wherever the host has put them, and nowhere else', async () => {
    const { server } = startServer();
    const at = (path: string): Request => new Request(`https://shop.example${path}`);
    for (const path of ['/sync/v1/pull', '/a/b/sync/v1/proofs/check'])
      expect(server.handles(at(path))).toBe(true);
    for (const path of ['/', '/sync/v1/', '/sync/v2/pull', '/sync/v1/Pull', '/sync/v1/pull/7'])
      expect(server.handles(at(path))).toBe(false);
    const unknown = await server.handle(at('/sync/v1/pull/7'));
    expect([unknown.status, unknown.headers.get('Content-Type')]).toEqual([
      404,
      'application/problem+json',
    ]);
  });

  it('that are not allowed get nothing that a page could read', async () => {
    const { call } = startServer({ cors: { origins: ['https://shop.example'] } });
    const from = async (origin: string, method: string): Promise<Headers> =>
      (await call('pull', self('u_1'), undefined, { method, headers: { Origin: origin } })).headers;
    const allowed = await from('https://shop.example', 'OPTIONS');
    expect(allowed.get('Access-Control-Allow-Origin')).toBe('https://shop.example');
    expect(allowed.get('Access-Control-Allow-Headers')).toContain('Sync-Protocol');
    expect(
      (await from('https://shop.example', 'GET')).get('Access-Control-Expose-Headers'),
    ).toContain('ETag');
    for (const method of ['OPTIONS', 'GET'])
      for (const origin of ['https://shop.example.evil.example', 'null', 'http://shop.example'])
        expect((await from(origin, method)).get('Access-Control-Allow-Origin')).toBeNull();
    const { call: closed } = startServer();
    const response = await closed('pull', self('u_1'), undefined, {
      headers: { Origin: 'https://a.example' },
    });
    expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull();
  });

  it('are nobody’s where the host’s test of them fails', async () => {
    const boom = (): boolean => {
      throw new Error('boom');
    };
    const server = startServer({ cors: { origins: boom } });
    for (const method of ['GET', 'OPTIONS']) {
      const headers = { Origin: 'https://a.example' };
      const response = await server.call('pull', self('u_1'), undefined, { method, headers });
      expect(response.status).toBe(method === 'GET' ? 200 : 204);
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe(null);
    }
    expect(server.errors).toHaveLength(2);
  });

  it('asks for the header that no form of another site can send', async () => {
    const { call, server } = startServer();
    const bare = new Request('https://shop.example/sync/v1/pull');
    expect(((await (await server.handle(bare)).json()) as { title: string }).title).toContain(
      'Sync-Protocol',
    );
    for (const [version, status] of [
      ['1', 200],
      ['0', 200],
      ['2', 426],
      ['x', 426],
    ] as const) {
      const response = await call('pull', self('u_1'), undefined, {
        headers: { 'Sync-Protocol': version },
      });
      expect(response.status).toBe(status);
    }
  });
});

describe('nothing new', () => {
  it('is said with 304 until there is', async () => {
    const server = startServer();
    await buy(server, 1);
    const { cursor } = await page(server.call('pull', self('u_1')));
    const first = await server.call(`pull?cursor=${cursor}`, self('u_1'));
    const tag = first.headers.get('ETag') ?? '';
    expect(tag).toMatch(/^"[\w-]+"$/);
    const ask = (who = self('u_1')): Promise<Response> =>
      server.call(`pull?cursor=${cursor}`, who, undefined, { headers: { 'If-None-Match': tag } });
    const none = await ask();
    expect([none.status, await none.text(), none.headers.get('Sync-Protocol')]).toEqual([
      304,
      '',
      '1',
    ]);
    // what others do does not concern this device
    await buy(server, 2, 'u_2', 's2');
    expect((await ask()).status).toBe(304);
    await buy(server, 3);
    expect((await page(ask())).records.length).toBeGreaterThan(0);
  });

  it('of a busy shop lets the cursor come along', async () => {
    const server = startServer();
    const { cursor } = await page(server.call('pull', self('u_1')));
    const { link, purchase } = writing();
    await server.call('push', self('u_2'), batch(link('s2', 'account', 'u_2')));
    for (let i = 0; i < 3; i++) {
      const orders = Array.from({ length: 400 }, (_, n) => purchase('s2', `web:${i}-${n}`));
      await server.call('push', self('u_2'), batch(...orders));
    }
    const next = await page(server.call(`pull?cursor=${cursor}`, self('u_1')));
    expect(next.cursor).not.toBe(cursor);
    const later = await page(server.call(`pull?cursor=${next.cursor}`, self('u_1')));
    expect(later.cursor).toBe(next.cursor);
  });

  it('is waited for as long as asked, and no longer than 25 s', async () => {
    const server = startServer();
    await buy(server, 1);
    const { cursor } = await page(server.call('pull', self('u_1')));
    const waiting = page(server.call(`pull?wait=25&cursor=${cursor}`, self('u_1')));
    await soon();
    await buy(server, 2);
    expect((await waiting).records).toHaveLength(2);
    const { cursor: last } = await waiting;
    const empty = page(server.call(`pull?wait=9999&cursor=${last}`, self('u_1')));
    const state = { over: false };
    void empty.then(() => (state.over = true));
    const from = server.clock.elapsed();
    for (let turn = 0; turn < 2_000 && !state.over; turn++) {
      await soon(1);
      server.clock.advance(1_000);
    }
    expect(server.clock.elapsed() - from).toBeGreaterThanOrEqual(25_000);
    expect((await empty).records).toEqual([]);
    // who may not read does not wait
    expect((await page(server.call('pull?wait=25', till))).records).toEqual([]);
  });
});

describe('pages', () => {
  it('bring everything once, whatever their size, and what comes meanwhile', async () => {
    const server = startServer({ database: memoryDatabase({ lanes: () => 3 }) });
    const { link, purchase } = writing();
    const subjects = ['a', 'b', 'c', 'd', 'e'];
    await server.call(
      'push',
      self('u_1'),
      batch(...subjects.map((one) => link(one, 'account', 'u_1'))),
    );
    const orders = Array.from({ length: 40 }, (_, n) =>
      purchase(subjects[n % 5] ?? '', `web:${n}`),
    );
    await server.call('push', self('u_1'), batch(...orders.slice(0, 30)));
    for (const limit of [1, 7, 1_000]) {
      const got: string[] = [];
      let cursor = '';
      for (let turn = 0; turn < 100; turn++) {
        const next = await page(server.call(`pull?limit=${limit}&cursor=${cursor}`, self('u_1')));
        got.push(...next.records.map(({ id }) => id));
        ({ cursor } = next);
        if (turn === 2) await server.call('push', self('u_1'), batch(...orders.slice(30)));
        if (!next.more && turn > 2) break;
      }
      expect(new Set(got).size).toBe(got.length);
      expect(got).toHaveLength(45);
    }
    const snapped: string[] = [];
    let at: string | null = '';
    let end = '';
    while (at !== null) {
      const part = (await (
        await server.call('snapshot', self('u_1'), { page: at, limit: 4 })
      ).json()) as { records: { id: string }[]; page: string | null; cursor: string };
      snapped.push(...part.records.map(({ id }) => id));
      ({ page: at, cursor: end } = part);
    }
    expect(new Set(snapped).size).toBe(45);
    expect((await page(server.call(`pull?cursor=${end}`, self('u_1')))).records).toEqual([]);
  });

  it('begin anew after a backup', async () => {
    const server = startServer();
    await buy(server, 1);
    const { cursor } = await page(server.call('pull', self('u_1')));
    await server.database.renew('blue-door', 'another');
    const response = await server.call(`pull?cursor=${cursor}`, self('u_1'));
    expect([response.status, await response.json()]).toMatchObject([409, { resync: 'epoch' }]);
  });
});

describe('streams of pokes', () => {
  it('tell the customer, in every process, and nobody else', async () => {
    const database = memoryDatabase();
    const bus = memoryBus();
    const [one, two] = [startServer({ database, bus }), startServer({ database, bus })];
    await buy(one, 1);
    await buy(one, 1, 'u_2', 's2');
    const mine = reading(await two.call('events', self('u_1')));
    const theirs = reading(await two.call('events', self('u_2')));
    const all = reading(await two.call('events', staff));
    await soon();
    // on opening: what came before anybody listened
    expect([mine, theirs, all].map(({ text }) => pokesIn(text()))).toEqual([1, 1, 1]);
    await buy(one, 2);
    await soon();
    expect([mine, theirs, all].map(({ text }) => pokesIn(text()))).toEqual([2, 1, 2]);
    for (const stream of [mine, theirs, all]) await stream.cancel();
  });

  it('find out by themselves what no poke told, with the next beat', async () => {
    const database = memoryDatabase();
    const [one, two] = [startServer({ database }), startServer({ database })];
    await buy(one, 1);
    const stream = reading(await two.call('events', self('u_1')));
    await buy(one, 2);
    await soon();
    expect(pokesIn(stream.text())).toBe(1);
    two.clock.advance(25_000);
    await soon();
    expect(stream.text()).toContain(': beat');
    expect(pokesIn(stream.text())).toBe(2);
    two.clock.advance(25_000);
    await soon();
    expect(pokesIn(stream.text())).toBe(2);
    await stream.cancel();
  });

  it('end by themselves, when the page goes, and are not opened without end', async () => {
    const server = startServer({ limits: { streams: 2 } });
    const four = await Promise.all([1, 2, 3, 4].map(() => server.call('events', self('u_3'))));
    expect(four.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 200, 429, 429]);
    const gone = new AbortController();
    const first = reading(
      await server.call('events', self('u_1'), undefined, { signal: gone.signal }),
    );
    const second = reading(await server.call('events', self('u_1')));
    expect((await server.call('events', self('u_1'))).status).toBe(429);
    expect((await server.call('events', self('u_2'))).status).toBe(200);
    gone.abort();
    await soon();
    expect(first.ended()).toBe(true);
    expect((await server.call('events', self('u_1'))).status).toBe(200);
    server.clock.advance(15 * 60_000);
    await soon();
    expect(second.ended()).toBe(true);
    for (const who of [till, { ...staff, role: '' }, { ...self('u_1'), level: 'claimed' } as const])
      expect((await server.call('events', who)).status).toBe(403);
  });

  it('leave nothing behind where the page goes, or the database fails, while they are opened', async () => {
    const database = memoryDatabase();
    const bus = memoryBus();
    let listeners = 0;
    let head = async (shop: string): ReturnType<typeof database.head> => {
      await soon(20);
      return database.head(shop);
    };
    const server = startServer({
      limits: { streams: 1 },
      database: { ...database, head: (shop) => head(shop) },
      bus: {
        ...bus,
        subscribe: (hear) => {
          listeners++;
          const stop = bus.subscribe(hear);
          return () => {
            listeners--;
            stop();
          };
        },
      },
    });
    await (await server.call('events', self('u_1'))).body?.cancel();
    await soon(50);
    const gone = new AbortController();
    const opening = server.call('events', self('u_1'), undefined, { signal: gone.signal });
    gone.abort();
    expect((await opening).status).toBe(200);
    await soon(50);
    head = () => Promise.reject(new Error('away'));
    expect(await (await server.call('events', self('u_1'))).text()).toBe('');
    expect(listeners).toBe(0);
    head = database.head;
    const stream = reading(await server.call('events', self('u_1')));
    await soon();
    expect(pokesIn(stream.text())).toBe(1);
    await stream.cancel();
    expect(listeners).toBe(0);
  });

  it('end with the server, and whoever waits for news is answered', async () => {
    const server = startServer();
    await buy(server, 1);
    const stream = reading(await server.call('events', self('u_1')));
    const { cursor } = await page(server.call('pull', self('u_1')));
    const poll = server.call(`pull?wait=25&cursor=${cursor}`, self('u_1'));
    const begun = server.call('proofs', till, { kind: 'qr', who: [] });
    const { id } = (await (await begun).json()) as { id: string };
    const phone = server.call('proofs/check', till, { id });
    await soon();
    await server.server.close();
    await soon();
    expect(stream.ended()).toBe(true);
    expect(await page(poll)).toMatchObject({ records: [], cursor });
    expect(await (await phone).json()).toEqual({ kind: 'pending' });
    expect(server.errors).toEqual([]);
  });

  it('are closed after whoever is being answered is', async () => {
    const database = memoryDatabase();
    let go = (): void => undefined;
    const server = startServer({
      database: {
        ...database,
        append: async (...batch) => {
          await new Promise<void>((resolve) => (go = resolve));
          return database.append(...batch);
        },
      },
    });
    const bought = buy(server, 1);
    await soon();
    let isClosed = false;
    const closed = server.server.close().then(() => (isClosed = true));
    await soon();
    expect(isClosed).toBe(false);
    go();
    await bought;
    await closed;
  });

  it('are no harm where the bus is', async () => {
    const server = startServer({
      bus: { publish: () => Promise.reject(new Error('away')), subscribe: () => () => undefined },
    });
    await buy(server, 1);
    expect(server.errors).toHaveLength(1);
  });
});
