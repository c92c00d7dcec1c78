import { describe, expect, it } from 'vitest';
import { syncOver } from '../../../src/client/sync.js';
import type { OrdersTransport, SyncCall, Transport } from '../../../src/sync/port.js';
import { createFleet, NOON, ordersAt, ordersHere, rest, until } from '../../support/fleet.js';

const MINUTE = 60_000;
const never = (): Promise<never> => new Promise(() => undefined);

describe('a backend that never answers', () => {
  it.each(['list', 'send'] as const)(
    'holds up `%s` of an order API for a minute, then it is tried again by itself',
    async (what) => {
      let hangs = true;
      const signals: AbortSignal[] = [];
      const held = async <T>(call: SyncCall, isHeld: boolean, value: T): Promise<T> => {
        signals.push(call.signal);
        return isHeld && hangs ? never() : value;
      };
      const orders: OrdersTransport = {
        ...{ name: 'orders', kind: 'orders' },
        list: (_who, _since, call) =>
          held(call, what === 'list', [
            { id: 'shop:1', at: NOON - MINUTE, lines: [{ sku: 'latte', name: 'Latte' }] },
          ]),
        send: (_purchase, call) => held(call, what === 'send', undefined),
      };
      const one = createFleet().device({ sync: syncOver(orders) });
      await one.open();
      await one.signIn('u_1');
      await one.buy('web:1');
      const syncing = one.sync();
      await until(() => signals.length > 0);
      await rest();
      one.clock.advance(MINUTE - 1);
      await rest();
      expect(one.page.sync.status()).toMatchObject({ state: 'syncing' });
      one.clock.advance(1);
      await syncing;
      expect(one.page.sync.status()).toMatchObject({ state: 'offline', until: expect.any(Number) });
      expect(signals.at(-1)?.aborted).toBe(true);
      expect(one.errors).toEqual([]);
      hangs = false;
      one.clock.advance(MINUTE);
      await until(() => one.page.sync.status().state === 'idle');
      expect(await ordersHere(one)).toEqual(['shop:1', 'web:1']);
    },
  );

  it.each(['push', 'pull', 'snapshot'] as const)(
    'is given longer after each failure, at %s: a slow line is no dead one',
    async (call) => {
      const { device } = createFleet({}, (transport) =>
        call === 'snapshot'
          ? { ...transport, pull: async () => ({ resync: 'epoch' }) as const }
          : transport,
      );
      const one = device();
      await one.open();
      await one.signIn('u_1');
      await one.buy('web:1');
      const lasted: number[] = [];
      let answers = (): void => undefined;
      for (let n = 1; n <= 12; n++) {
        let asked = false;
        one.line.before = (asking) => {
          if (asking !== call) return undefined;
          asked = true;
          return new Promise((resolve) => (answers = resolve));
        };
        const syncing = one.sync();
        await until(() => asked);
        const from = one.clock.elapsed();
        while (one.page.sync.status().state === 'syncing') {
          one.clock.advance(MINUTE);
          await rest(3);
        }
        await syncing;
        lasted.push((one.clock.elapsed() - from) / MINUTE);
        // what comes too late is not taken
        answers();
        await rest(3);
      }
      expect(lasted).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10]);
    },
  );

  it('keeps no round from ending that is stopped, though it knows no signal', async () => {
    const { device } = createFleet({}, (transport) => ({ ...transport, push: never, pull: never }));
    const one = device();
    await one.open();
    await one.signIn('u_1');
    const controller = new AbortController();
    const syncing = one.page.sync.now({ signal: controller.signal });
    await until(() => one.page.sync.status().state === 'syncing');
    controller.abort();
    await expect(syncing).rejects.toThrow('abort');
    expect(one.page.sync.status()).toMatchObject({ state: 'idle' });
  });
});

describe('pages without end', () => {
  const counting = (
    change: (transport: Transport, count: () => number) => Partial<Transport>,
  ): { readonly fleet: ReturnType<typeof createFleet>; readonly asked: () => number } => {
    let asked = 0;
    const fleet = createFleet({}, (transport) => ({
      ...transport,
      ...change(transport, () => ++asked),
    }));
    return { fleet, asked: () => asked };
  };
  const empty = (cursor: string) => ({ records: [], cursor, more: true, serverTime: NOON });
  const old = { id: '019d0000-0000-7000-8000-000000000000', kind: 'of-tomorrow' } as never;

  it.each([
    ['empty ones', () => ({ pull: [], snapshot: undefined })],
    ['the same again and again', () => ({ pull: [old], snapshot: undefined })],
    ['of a snapshot', () => ({ pull: undefined, snapshot: [] })],
    ['of a snapshot, the same again and again', () => ({ pull: undefined, snapshot: [old, null] })],
  ] as const)('%s are given up after a hundred, and asked for again later', async (_, given) => {
    const { pull, snapshot } = given();
    const { fleet, asked } = counting((transport, count) => ({
      pull: async (query, call) => {
        if (snapshot)
          return query.cursor === null ? { resync: 'epoch' } : transport.pull(query, call);
        return { ...empty(`${count()}`), records: pull ?? [] };
      },
      ...(snapshot && {
        snapshot: async () => ({ records: snapshot as never, page: `${count()}`, cursor: 'c' }),
      }),
    }));
    const one = fleet.device();
    await one.open();
    await one.signIn('u_1');
    await one.sync();
    await until(() => one.page.sync.status().state !== 'syncing');
    expect(one.page.sync.status()).toMatchObject({ state: 'waiting', until: expect.any(Number) });
    expect(asked()).toBeLessThan(220);
    const before = asked();
    await rest();
    expect(asked()).toBe(before);
    one.clock.advance(MINUTE);
    await until(() => asked() > before);
  });

  it('as many as there are arrive, where each has something new, and a few that have nothing', async () => {
    const pages = Array.from({ length: 250 }, (_, n) => n);
    const { fleet } = counting((transport) => ({
      pull: async (query, call) => {
        const n = query.cursor?.startsWith('page') ? Number(query.cursor.slice(4)) : 0;
        if (n >= pages.length) {
          const answer = await transport.pull({ ...query, cursor: null }, call);
          return 'resync' in answer ? answer : { ...answer, cursor: 'page250', more: false };
        }
        return {
          ...empty(`page${n + 1}`),
          records: n % 50 === 0 ? [{ ...(old as object), id: `page-${n}` } as never] : [],
        };
      },
    }));
    const one = fleet.device();
    await one.open();
    await one.signIn('u_1');
    await one.sync();
    expect(one.page.sync.status()).toMatchObject({ state: 'idle' });
  });
});

describe('a record that gets no answer', () => {
  /** One that is silent about the orders of these ids, on a line that takes two at a time. */
  const silent = (ids: ReadonlySet<string>) => (transport: Transport) => ({
    ...transport,
    limits: { ...transport.limits, records: 2 },
    push: async (...[batch, call]: Parameters<Transport['push']>) => {
      const records = batch.records.filter(
        (record) => !ids.has((record as { data?: { id?: string } }).data?.id ?? ''),
      );
      return transport.push({ ...batch, records }, call);
    },
  });

  it('waits, and what lies behind it does not', async () => {
    const bad = new Set(['web:1', 'web:2', 'web:3']);
    const { shop, device } = createFleet({}, silent(bad));
    const one = device();
    await one.open();
    await one.signIn('u_1');
    for (let n = 1; n <= 9; n++) await one.buy(`web:${n}`);
    await one.sync();
    expect(await ordersAt(shop)).toEqual(['web:4', 'web:5', 'web:6', 'web:7', 'web:8', 'web:9']);
    expect(one.page.sync.status()).toMatchObject({ state: 'waiting', waiting: 3, refused: 0 });
    expect(one.page.sync.status().lastAt).toBeUndefined();
    // nor does what is written meanwhile, and it is not sent again with each of those
    one.line.calls.length = 0;
    await one.buy('web:10');
    one.clock.advance(200);
    await until(() => one.line.calls.some(({ call }) => call === 'pull'));
    await until(() => one.page.sync.status().state === 'waiting');
    expect(await ordersAt(shop)).toContain('web:10');
    const pushed = one.line.calls.filter(({ call }) => call === 'push');
    expect(pushed.map(({ records }) => records.length)).toEqual([1]);
    // it is sent by itself after a while
    bad.clear();
    one.clock.advance(5_000);
    await until(() => one.page.sync.status().state === 'idle');
    expect((await ordersAt(shop)).length).toBe(10);
  });

  it('ten times in a row is set aside, is not lost, and can be sent again', async () => {
    const bad = new Set(['web:2']);
    const { shop, device } = createFleet({}, silent(bad));
    const one = device();
    await one.open();
    await one.signIn('u_1');
    for (const n of [1, 2, 3]) await one.buy(`web:${n}`);
    for (let n = 0; n < 9; n++) {
      await one.sync();
      expect(one.page.sync.status()).toMatchObject({ state: 'waiting', waiting: 1, refused: 0 });
    }
    await one.sync();
    expect(one.page.sync.status()).toMatchObject({ state: 'idle', waiting: 0, refused: 1 });
    const [aside] = await one.page.sync.refused();
    expect(aside).toMatchObject({ kind: 'purchase', code: 'unavailable' });
    expect(await ordersHere(one)).toEqual(['web:1', 'web:2', 'web:3']);
    expect(await one.page.sync.retry(aside?.id ?? '')).toBe(true);
    await one.sync();
    expect(one.page.sync.status()).toMatchObject({ state: 'waiting', waiting: 1, refused: 0 });
    bad.clear();
    await one.sync();
    expect(one.page.sync.status()).toMatchObject({ state: 'idle', waiting: 0, refused: 0 });
    expect(await ordersAt(shop)).toEqual(['web:1', 'web:3', 'web:2']);
  });
});
