import { describe, expect, it } from 'vitest';
import { jsonOf, orders } from '../../../src/adapters/transport/orders.js';
import { syncOver } from '../../../src/client/sync.js';
import { parseShopify } from '../../../src/formats/shopify.js';
import { parseWooCommerce } from '../../../src/formats/woocommerce.js';
import type { OrdersTransport } from '../../../src/sync/port.js';
import { createFleet, ordersHere } from '../../support/fleet.js';
import { listenOn } from '../../support/transports.js';

/** What a device has of `u_1` after it has signed in and synced. */
async function remembered(transport: OrdersTransport, buys?: string): Promise<readonly unknown[]> {
  const one = createFleet().device({ sync: syncOver(transport) });
  await one.open();
  await one.signIn('u_1');
  if (buys !== undefined) await one.buy(buys);
  for (let n = 0; n < 2; n++) await one.sync();
  expect(one.errors).toEqual([]);
  expect(one.page.sync.status()).toMatchObject({ state: 'idle' });
  return ordersHere(one);
}

const json = (body: unknown) => (): Promise<Response> =>
  Promise.resolve(new Response(JSON.stringify(body)));

describe('orders', () => {
  it('of a plain shop API are remembered, and one that was made here is sent once', async () => {
    // as a page of PHP would have it: everything a text, the session in a cookie, one script a resource
    const rows = [
      {
        order_id: '1007',
        created: '2026-09-10 09:14:55',
        state: 'paid',
        items: [{ code: 'LAT-12', title: 'Latte', qty: '2', price: '3.80' }],
      },
    ];
    const posted: string[] = [];
    const shop = await listenOn((request, response) => {
      const url = new URL(request.url ?? '', 'http://localhost');
      response.setHeader('content-type', 'application/json; charset=utf-8');
      if (request.headers.cookie !== 'PHPSESSID=u_1') return response.writeHead(401).end('[]');
      if (url.pathname !== '/orders.php') return response.writeHead(404).end('Not found');
      if (request.method === 'GET') return response.end(JSON.stringify({ orders: rows }));
      let text = '';
      request.on('data', (part: Buffer) => (text += part.toString()));
      request.on('end', () => {
        const { id } = JSON.parse(text) as { readonly id: string };
        if (posted.includes(id)) return response.writeHead(409).end('{}');
        posted.push(id);
        return response.writeHead(201).end('{}');
      });
      return undefined;
    });
    const headers = { cookie: 'PHPSESSID=u_1' };
    const transport = orders({
      list: async (_who, since = 0, { signal }) => {
        const response = await fetch(`${shop.url}/orders.php?since=${since}`, { headers, signal });
        const { orders: found } = (await jsonOf(response)) as { readonly orders: typeof rows };
        return found.map((row) => ({
          id: `shop:${row.order_id}`,
          at: `${row.created.replace(' ', 'T')}Z`,
          currency: 'EUR',
          lines: row.items.map((item) => ({
            ...{ sku: item.code, name: item.title, quantity: Number(item.qty) },
            unitPrice: Math.round(Number(item.price) * 100),
          })),
        }));
      },
      send: (purchase, { signal }) =>
        fetch(`${shop.url}/orders.php`, {
          ...{ method: 'POST', headers, signal, body: JSON.stringify(purchase) },
        }),
    });
    expect(await remembered(transport, 'web:9')).toEqual(['shop:1007', 'web:9']);
    expect(posted).toEqual(['web:9']);
    await shop.close();
  });

  it('of a headless storefront are those of its customer', async () => {
    // the Customer Account API of Shopify
    const answer = {
      data: {
        customer: {
          id: 'gid://shopify/Customer/7',
          emailAddress: { emailAddress: 'shep@example.com' },
          orders: {
            edges: [
              {
                node: {
                  id: 'gid://shopify/Order/1001',
                  name: '#1001',
                  processedAt: '2026-09-01T10:00:00Z',
                  financialStatus: 'PAID',
                  totalPrice: { amount: '7.60', currencyCode: 'EUR' },
                  lineItems: {
                    nodes: [
                      {
                        title: 'Latte',
                        quantity: 2,
                        sku: 'LAT-12',
                        price: { amount: '3.80', currencyCode: 'EUR' },
                      },
                    ],
                  },
                },
              },
            ],
          },
        },
      },
    };
    const ask = json(answer);
    const transport = orders({ list: async () => parseShopify(await jsonOf(await ask())) });
    expect(await remembered(transport)).toEqual(['shopify:1001']);
  });

  it('of WooCommerce are read by its parser', async () => {
    const answer = [
      {
        id: 1180,
        status: 'completed',
        currency: 'EUR',
        total: '3.80',
        date_created_gmt: '2026-09-02T09:14:55',
        billing: { email: 'another@example.com', phone: '' },
        line_items: [
          { name: 'Latte', product_id: 12, sku: 'LAT-12', quantity: 1, price: 3.8, total: '3.80' },
        ],
      },
    ];
    const ask = json(answer);
    const transport = orders({ list: async () => parseWooCommerce(await jsonOf(await ask())) });
    expect(await remembered(transport)).toEqual(['woocommerce:1180']);
  });

  it('are of whoever is signed in, whatever address was typed at the check-out', async () => {
    const call = { signal: new AbortController().signal };
    const lines = [{ sku: 'latte' }];
    const customer = { ids: [{ kind: 'email', value: 'gift@example.com' }] };
    const transport = orders({ list: json({ orders: [{ id: '1', lines, customer }, null] }) });
    expect(await transport.list([], undefined, call)).toEqual([{ id: '1', lines }, {}]);
  });

  it('say why they could not be had', async () => {
    const call = { signal: new AbortController().signal };
    for (const [response, kind] of [
      [new Response('no', { status: 401 }), 'auth'],
      [new Response('<html>'), 'offline'],
      [new Response('{}'), 'offline'],
      [new Response('', { status: 429, headers: { 'retry-after': '7' } }), 'wait'],
    ] as const)
      await expect(
        orders({ list: async () => response }).list([], undefined, call),
      ).rejects.toMatchObject({ kind });
    await expect(
      orders({ list: () => Promise.reject(new TypeError('Failed to fetch')) }).list([], 0, call),
    ).rejects.toMatchObject({ kind: 'offline' });
    // what code of the page gives is no answer of anybody's
    for (const given of [undefined, null, 'x', { data: [] }, { orders: 3 }])
      await expect(
        orders({ list: async () => given as never }).list([], undefined, call),
      ).rejects.toMatchObject({ code: 'ERR_OPTIONS_INVALID' });
    const bug = new TypeError('x is undefined');
    await expect(
      orders({ list: () => Promise.reject(bug) }).list([], undefined, call),
    ).rejects.toBe(bug);
  });

  it('that a shop refuses are not lost: a status is looked at', async () => {
    const call = { signal: new AbortController().signal };
    const send = async (status: number): Promise<unknown> =>
      orders({ list: json([]), send: async () => new Response(null, { status }) }).send?.(
        {} as never,
        call,
      );
    for (const status of [200, 201, 204, 409]) await expect(send(status)).resolves.toBeUndefined();
    await expect(send(500)).rejects.toMatchObject({ kind: 'offline' });
    await expect(send(422)).rejects.toMatchObject({ kind: 'invalid' });
    expect('send' in orders({ list: json([]) })).toBe(false);
  });
});
