import { beforeEach, describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../src/adapters/storage/memory.js';
import { createRegulars } from '../../../src/client/create-regulars.js';
import { behindOf } from '../../../src/client/door.js';
import type { Regulars, RegularsOptions } from '../../../src/client/types.js';
import { loopback, type Loopback } from '../../../src/server/loopback.js';
import { createFakeClock, seededRandom, type FakeClock } from '../../../src/testing/fake-clock.js';
import { until } from '../../support/fleet.js';
import { tokenMaker, type TokenMaker } from '../../support/proofs.js';

const PHONE = '(425) 555-0100';
const ADDRESS = '1 Pine Street';
const orders = Array.from({ length: 5 }, (_, i) => ({
  id: `web:${i}`,
  at: Date.UTC(2025, 11, 20 + i, 8),
  lines: [{ sku: 'latte', name: 'Latte', quantity: 1, unitPrice: 380 }],
}));

let clock: FakeClock;
let tokens: TokenMaker;
let shop: Loopback;
let codes: string[];
let regulars: Regulars;
/** The last look-up at the shop: a fake second is over sooner than the work it takes. */
const looked: Promise<unknown>[] = [];

const kiosk = async (more: Partial<RegularsOptions> = {}): Promise<Regulars> => {
  const client = createRegulars({
    ...{ shop: 'blue-door', mode: 'kiosk', region: 'US', currency: 'USD', timeZone: 'UTC' },
    ...{ clock, random: seededRandom(1), storage: memoryStorage() },
    ...{ backend: shop, proofs: [tokens.verifier] },
    ...more,
  });
  await client.start();
  return client;
};

/** A look-up takes a second, whatever comes of it. */
async function type(phone: string): Promise<string> {
  const before = looked.length;
  const recognized = regulars.recognize({ phone });
  await until(() => looked.length > before);
  await looked.at(-1);
  await settle();
  clock.advance(1_000);
  return (await recognized).kind;
}
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

/** Everything of a client that a page can reach. */
const shown = (): string =>
  JSON.stringify([regulars.get(), regulars.reveal('address'), regulars.reveal('orders')]);

/** By the back door: the card that is open, and every row of the memory that stands in for a storage, level or no level. */
async function inMemory(): Promise<string> {
  const { core } = behindOf(regulars) ?? {};
  if (!core) throw new Error('no client');
  const held = await core.vault.held();
  await held.open({ name: 'blue-door' });
  const stores = ['cards', 'tokens', 'records', 'outbox', 'meta'] as const;
  const rows = await held.transact('readonly', async (transaction) => {
    const all: unknown[] = [];
    for (const store of stores) all.push(await transaction.list(store));
    return all;
  });
  return JSON.stringify([core.state.card, core.state.person, rows]);
}

beforeEach(async () => {
  clock = createFakeClock(Date.UTC(2026, 0, 1, 8));
  tokens = await tokenMaker();
  codes = [];
  shop = loopback({
    ...{ shop: 'blue-door', clock, random: seededRandom(2), region: 'US', timeZone: 'UTC' },
    deliver: ({ code }) => void codes.push(code),
    customers: [
      {
        identifiers: { account: 'u_shep', phone: PHONE },
        ...{ name: 'Shep', greetByNumber: true, facts: { address: ADDRESS }, purchases: orders },
      },
    ],
  });
  const { lookUp } = shop;
  shop = {
    ...shop,
    lookUp: (...asked) => {
      const answer = lookUp(...asked);
      looked.push(answer);
      return answer;
    },
  };
  regulars = await kiosk();
});

describe('V11 proof raises, expiry lowers', () => {
  const prove: { readonly [how: string]: () => Promise<unknown> } = {
    'a signed token': async () =>
      regulars.verify({
        token: await tokens.sign('u_shep', clock.now(), { sid: await session() }),
      }),
    'a code': async () => {
      await regulars.requestProof('code');
      return regulars.verify({ code: codes.at(-1) ?? '' });
    },
    'a QR on the own phone': async () => {
      const asked = await regulars.requestProof('qr');
      const waiting = regulars.verify({ qr: true });
      await settle();
      await shop.confirm('qr' in asked ? (asked.qr ?? '') : '', 'u_shep');
      return waiting;
    },
  };
  /** What the shop's backend would write into a token: a session of the loopback, got by a QR of its own. */
  async function session(): Promise<string> {
    const call = { signal: new AbortController().signal };
    const begun = await shop.requestProof('qr', [], call);
    if (begun.kind !== 'begun') throw new Error('limited');
    await shop.confirm(begun.qr ?? '', 'u_shep');
    const checked = await shop.checkProof(begun.id, undefined, call);
    return checked.kind === 'proved' ? (checked.session ?? '') : '';
  }

  it.each(Object.keys(prove))('%s lets the address be read until its time is over', async (how) => {
    expect(await type(PHONE)).toBe('found');
    expect(regulars.get().level).toBe('claimed');
    expect(regulars.reveal('address')).toMatchObject({ ok: false, need: 'verified' });
    expect(shown()).not.toContain(ADDRESS);

    expect(await prove[how]?.()).toMatchObject({ kind: 'verified', person: 'found' });
    expect(regulars.get().level).toBe('verified');
    expect(regulars.reveal('address')).toEqual({ ok: true, value: ADDRESS });
    expect(regulars.reveal('orders')).toMatchObject({ ok: true, value: { length: 5 } });
    expect(await inMemory()).toContain(ADDRESS);

    regulars.hold(new Promise(() => undefined)); // a payment goes on: the visit does not end
    clock.advance(30 * 60_000);
    await settle();
    expect(regulars.get().level).toBe('none');
    expect(regulars.reveal('address')).toMatchObject({ ok: false, need: 'verified' });
    expect(shown()).not.toContain(ADDRESS);
    // nothing above the level is in the memory either
    expect(await inMemory()).not.toContain(ADDRESS);
    expect(await inMemory()).not.toContain('latte');
  });

  it('counts the time that passes, and not what the clock on the wall says', async () => {
    await prove['a signed token']?.();
    clock.setWall(clock.now() - 86_400_000);
    regulars.hold(new Promise(() => undefined));
    clock.advance(30 * 60_000 - 1);
    expect(regulars.get().level).toBe('verified');
    clock.advance(1);
    await settle();
    expect(regulars.get().level).toBe('none');
  });

  it('leaves nothing behind when the visit ends before', async () => {
    await prove['a signed token']?.();
    expect((await regulars.rights.audit()).bytes.customer).toBeGreaterThan(0);
    await regulars.endVisit();
    for (const text of [shown(), await inMemory()])
      for (const secret of [ADDRESS, 'Shep', 'latte']) expect(text).not.toContain(secret);
    expect((await regulars.rights.audit()).bytes.customer).toBe(0);
    expect(regulars.get().level).toBe('none');
  });

  it('changes nothing when it comes after the visit has ended', async () => {
    const asked = await regulars.requestProof('qr');
    const waiting = regulars.verify({ qr: true });
    await settle();
    await regulars.endVisit();
    expect(await waiting).toEqual({ kind: 'refused', reason: 'visit-over' });
    await shop.confirm('qr' in asked ? (asked.qr ?? '') : '', 'u_shep');
    await settle();
    expect(regulars.get().level).toBe('none');
    expect(await regulars.verify({ qr: true })).toEqual({ kind: 'refused', reason: 'no-request' });
    expect(shown()).not.toContain('Shep');
  });

  it('can be given up by the page, and refused on the phone', async () => {
    const stop = new AbortController();
    const asked = await regulars.requestProof('qr');
    const waiting = regulars.verify({ qr: true }, { signal: stop.signal });
    await settle();
    const reason = new Error('the guest went back');
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    const again = regulars.verify({ qr: true });
    await settle();
    await shop.refuse('qr' in asked ? (asked.qr ?? '') : '');
    expect(await again).toEqual({ kind: 'refused', reason: 'cancelled' });
  });
});

describe('a code', () => {
  it('is asked for the same way by known and unknown', async () => {
    const answers: unknown[] = [];
    for (const phone of [PHONE, '(425) 555-0199']) {
      await type(phone);
      answers.push(await regulars.requestProof('code'));
      await regulars.endVisit();
    }
    const [known, unknown] = answers.map((one) => ({ ...(one as object), expiresAt: 0 }));
    expect(known).toEqual(unknown);
    expect(codes).toHaveLength(2);
  });

  it('may be tried five times, and is good once', async () => {
    await type(PHONE);
    await regulars.requestProof('code');
    const good = codes[0] ?? '';
    const wrong = good === '000000' ? '000001' : '000000';
    for (const triesLeft of [4, 3, 2, 1, 0])
      expect(await regulars.verify({ code: wrong })).toEqual({
        ...{ kind: 'refused', reason: 'wrong-code', triesLeft },
      });
    expect(await regulars.verify({ code: good })).toMatchObject({ reason: 'no-request' });

    await regulars.requestProof('code');
    const spaced = (codes[1] ?? '').replace(/(...)/, '$1 ');
    expect(await regulars.verify({ code: spaced })).toMatchObject({ kind: 'verified' });
    expect(await regulars.verify({ code: spaced })).toMatchObject({ reason: 'no-request' });
  });

  it('is over after five minutes', async () => {
    await type(PHONE);
    await regulars.requestProof('code');
    regulars.hold(new Promise(() => undefined));
    clock.advance(5 * 60_000);
    const late = await regulars.verify({ code: codes[0] ?? '' });
    expect(late).toEqual({ kind: 'refused', reason: 'expired' });
  });

  it('needs somebody to send it to, and a backend', async () => {
    expect(await regulars.requestProof('code')).toEqual({ kind: 'refused', reason: 'no-claim' });
    const bare = createRegulars({
      ...{ shop: 'blue-door', mode: 'kiosk', clock, storage: memoryStorage() },
    });
    await bare.start();
    expect(await bare.requestProof('qr')).toEqual({ kind: 'refused', reason: 'not-configured' });
    expect(await bare.verify({ qr: true })).toEqual({ kind: 'refused', reason: 'not-configured' });
  });

  it('is not to be had without a network, and nothing of the error is told', async () => {
    const errors: unknown[] = [];
    const failing = { ...shop, requestProof: () => Promise.reject(new Error('+14255550100')) };
    const offline = await kiosk({ backend: failing, onError: (error) => errors.push(error) });
    expect(await offline.requestProof('qr')).toEqual({ kind: 'refused', reason: 'offline' });
    expect(errors).toHaveLength(1);
    expect(String(errors[0])).not.toContain('555');
  });

  it('is limited', async () => {
    await type(PHONE);
    for (let i = 0; i < 5; i++) await regulars.requestProof('code');
    expect(await regulars.requestProof('code')).toMatchObject({
      ...{ kind: 'refused', reason: 'limited', retryAfterMs: 10 * 60_000 - 1_000 },
    });
    expect(codes).toHaveLength(5);
  });
});
