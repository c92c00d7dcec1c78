import { describe, expect, it } from 'vitest';
import { loopback, type Loopback } from '../../src/server/loopback.js';
import { describeTransport } from '../support/transports.js';

describeTransport(
  'loopback',
  () => {
    const shops = new Map(['blue-door', 'red-door'].map((shop) => [shop, loopback({ shop })]));
    const shopOf = (name: string): Loopback => {
      const shop = shops.get(name);
      if (!shop) throw new Error('no such shop');
      return shop;
    };
    return {
      shops: ['blue-door', 'red-door'],
      connect: ({ shop, account }) => shopOf(shop).transport({ scope: 'self', account }),
      renew: ({ shop }) => shopOf(shop).renew(),
    };
  },
  {
    wire: 'there is none',
    'retry-after': 'there is no wire',
    keepalive: 'there is no wire',
    'late-commit': 'memory commits nothing late',
  },
);

describe('loopback', () => {
  const query = { cursor: null, limit: 100, subjects: [] };
  const call = { signal: new AbortController().signal };
  const ofSelf = (shop: Loopback, account: string) =>
    shop.transport({ scope: 'self', account }).pull(query, call);

  it('gives a customer who was known before to a device of theirs, and to nobody else', async () => {
    const shop = loopback({
      shop: 'blue-door',
      customers: [{ identifiers: { account: 'u_1' }, name: 'Shep' }],
    });
    shop.add({
      identifiers: { account: 'u_2' },
      purchases: [{ id: 'web:2', lines: [{ sku: 'latte' }] }],
    });
    expect(await ofSelf(shop, 'u_1')).toMatchObject({
      records: [{ kind: 'link' }, { kind: 'fact', data: { value: 'Shep' } }],
    });
    expect(await ofSelf(shop, 'u_2')).toMatchObject({
      records: [{ kind: 'link' }, { kind: 'purchase', data: { id: 'web:2' } }],
    });
    expect(await ofSelf(shop, 'u_3')).toMatchObject({ records: [] });
  });

  it('answers nobody who is not signed in', async () => {
    const device = loopback({ shop: 'blue-door' }).transport(undefined);
    await expect(device.pull(query, call)).rejects.toMatchObject({ kind: 'auth' });
  });

  it('tells whoever asks what is wrong with a customer', async () => {
    const shop = loopback({ shop: 'blue-door' });
    shop.add({ identifiers: { account: 'u_1' }, purchases: [{ id: 'x', at: 1.5, lines: [] }] });
    await expect(ofSelf(shop, 'u_1')).rejects.toMatchObject({ code: 'ERR_PURCHASE_INVALID' });
  });

  it('ends a wait for a phone when the page does', async () => {
    const shop = loopback({ shop: 'blue-door' });
    const stop = new AbortController();
    const begun = await shop.requestProof('qr', [], call);
    const id = begun.kind === 'begun' ? begun.id : '';
    const waiting = shop.checkProof(id, undefined, { signal: stop.signal });
    setTimeout(() => stop.abort(), 5);
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await expect(shop.checkProof(id, undefined, { signal: stop.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
