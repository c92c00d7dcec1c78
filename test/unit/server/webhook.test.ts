import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseDeliverect } from '../../../src/formats/deliverect.js';
import { parseShopify } from '../../../src/formats/shopify.js';
import { parseSquare } from '../../../src/formats/square.js';
import { parseStripe } from '../../../src/formats/stripe.js';
import { parseToast } from '../../../src/formats/toast.js';
import { parseWooCommerce } from '../../../src/formats/woocommerce.js';
import type { ParsedOrders } from '../../../src/formats/types.js';
import { webhook, type WebhookOptions, type WebhookVendor } from '../../../src/server/webhook.js';
import { createSealKeys } from '../../../src/sync/seal.js';
import { sealCarry } from '../../../src/sync/carry.js';
import { describeShared, sharedData } from '../../support/mutate.js';
import { NOW, SHOP, staff, startServer } from '../../support/server.js';

const SECRET = 'whsec_test';
const URL_SIGNED = 'https://shop.example/hooks/square';
const sign = (text: string, as: 'base64' | 'hex', secret = SECRET): string =>
  createHmac('sha256', secret).update(text).digest(as);

/** How each vendor signs, told by its documentation and not by our code. */
const SIGN: Record<WebhookVendor, (body: string) => Record<string, string>> = {
  shopify: (body) => ({ 'X-Shopify-Hmac-Sha256': sign(body, 'base64') }),
  woocommerce: (body) => ({ 'X-WC-Webhook-Signature': sign(body, 'base64') }),
  square: (body) => ({ 'x-square-hmacsha256-signature': sign(URL_SIGNED + body, 'base64') }),
  deliverect: (body) => ({ 'X-Server-Authorization-HMAC-SHA256': sign(body, 'hex') }),
  toast: (body) => ({
    'Toast-Signature': sign(body + (JSON.parse(body) as { timestamp: string }).timestamp, 'base64'),
  }),
  stripe: (body) => {
    const at = Math.floor(NOW / 1_000);
    return {
      'Stripe-Signature': `t=${at},v1=${sign('x', 'hex')},v1=${sign(`${at}.${body}`, 'hex')},v0=x`,
    };
  },
};

const keys = await createSealKeys();
const make = (
  vendor: WebhookVendor,
  parse: (payload: never) => ParsedOrders,
  more: Partial<WebhookOptions> = {},
) => {
  const server = startServer({
    keys: () => ({ key: new Uint8Array(32).fill(1), seal: [keys.privateKey] }),
  });
  const hook = webhook({
    ...{
      vendor,
      secret: SECRET,
      parse: parse as WebhookOptions['parse'],
      shop: server.server.shop(SHOP),
    },
    ...{ url: URL_SIGNED, clock: server.clock, ...more },
  });
  const send = (body: string, headers: Record<string, string>): Promise<Response> =>
    hook(new Request('https://inside.example/hooks', { method: 'POST', body, headers }));
  return { ...server, send };
};
const status = async (response: Promise<Response>): Promise<number> => (await response).status;

const order = {
  ...{
    id: 1001,
    name: '#1001',
    created_at: '2026-09-01T10:00:00Z',
    updated_at: '2026-09-01T10:00:00Z',
  },
  ...{ currency: 'EUR', total_price: '4.00', financial_status: 'paid', email: 'shep@example.com' },
  line_items: [{ id: 1, sku: 'latte', title: 'Latte', quantity: 1, price: '4.00' }],
};

describe('webhooks', () => {
  it.each(Object.keys(SIGN) as WebhookVendor[])(
    'of %s are taken with its signature and with no other',
    async (vendor) => {
      const parse = (): ParsedOrders => ({
        purchases: [],
        customers: [],
        refunds: [],
        skipped: [],
        warnings: [],
      });
      const { send } = make(vendor, parse);
      const body = JSON.stringify({ timestamp: '2026-09-01T10:00:00Z', name: 'Zoë \u{1F950}' });
      const headers = SIGN[vendor](body);
      expect(await status(send(body, headers))).toBe(200);
      expect(await status(send(body, {}))).toBe(401);
      expect(await status(send(`${body} `, headers))).toBe(401);
      const [[name, value] = ['', '']] = Object.entries(headers);
      expect(
        await status(send(body, { [name]: value.replace(/[A-Za-z]/, 'Q').slice(0, -1) })),
      ).toBe(401);
      expect(await status(send(body, { [name]: '' }))).toBe(401);
      const { send: other } = make(vendor, parse, { secret: ['', 'another'] });
      expect(await status(other(body, headers))).toBe(401);
      const { send: rotated } = make(vendor, parse, { secret: ['another', SECRET] });
      expect(await status(rotated(body, headers))).toBe(200);
    },
  );

  it('of Stripe are not taken once they are old', async () => {
    const parse = (): ParsedOrders => ({
      purchases: [],
      customers: [],
      refunds: [],
      skipped: [],
      warnings: [],
    });
    const { send, clock } = make('stripe', parse);
    const headers = SIGN.stripe('{}');
    clock.advance(5 * 60_000);
    expect(await status(send('{}', headers))).toBe(200);
    clock.advance(1_000);
    expect(await status(send('{}', headers))).toBe(401);
  });

  it('record an order once, however often they come, and for whoever the page was', async () => {
    const { send, call } = make('shopify', parseShopify);
    const carry = await sealCarry(keys.publicKey, SHOP, 's1');
    const body = JSON.stringify({
      ...order,
      note_attributes: [{ name: 'regulars', value: carry }],
    });
    expect(await (await send(body, SIGN.shopify(body))).json()).toEqual({
      recorded: 1,
      skipped: 0,
    });
    expect(await (await send(body, SIGN.shopify(body))).json()).toEqual({
      recorded: 0,
      skipped: 0,
    });
    const { records } = (await (await call('pull', staff)).json()) as { records: object[] };
    expect(records).toMatchObject([{ subject: 's1', kind: 'purchase' }]);
  });

  it('that are no JSON, too long, or cannot be kept now, say so', async () => {
    const { send, database } = make('shopify', parseShopify);
    expect(await status(send('{', SIGN.shopify('{')))).toBe(400);
    const long = `"${'x'.repeat(2_000_001)}"`;
    expect(await status(send(long, SIGN.shopify(long)))).toBe(413);
    await database.close();
    const body = JSON.stringify(order);
    expect(await status(send(body, SIGN.shopify(body)))).toBe(503);
  });

  it('that are cut off, or were read before, are answered', async () => {
    const errors: unknown[] = [];
    const hook = webhook({
      ...{ vendor: 'shopify', secret: 'secret', parse: parseShopify },
      shop: startServer().server.shop('blue-door'),
      onError: (error) => void errors.push(error),
    });
    const body = new ReadableStream({ pull: (of) => of.error(new Error('cut off')) });
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
    expect(await status(hook(new Request('https://shop.example/hook', init)))).toBe(400);
    const read = new Request('https://shop.example/hook', { method: 'POST', body: '{}' });
    await read.text();
    expect(await status(hook(read))).toBe(400);
    expect(errors).toHaveLength(2);
  });

  it('that only name an order are taken once it is fetched', async () => {
    const { send } = make('square', parseShopify, { load: async () => order });
    expect(await (await send('{"id":7}', SIGN.square('{"id":7}'))).json()).toEqual({
      recorded: 1,
      skipped: 0,
    });
  });

  it('of a new hook of WooCommerce are answered', async () => {
    const { send } = make('woocommerce', parseWooCommerce);
    expect(await status(send('webhook_id=12', {}))).toBe(200);
    expect(await status(send('webhook_id=12&x=1', {}))).toBe(401);
  });
});

describeShared('webhooks of real shapes', () => {
  it.each([
    ['shopify', 'shopify/order-webhook-cafe.json', parseShopify],
    ['woocommerce', 'woocommerce/order-rest-v3-created.json', parseWooCommerce],
    ['stripe', 'stripe/checkout-session-completed-expanded.json', parseStripe],
    ['square', 'square/order-retrieved-open.json', parseSquare],
    ['toast', 'toast/order-dine-in-modifiers.json', parseToast],
    ['deliverect', 'deliverect/basket-recreated.json', parseDeliverect],
  ] as const)('of %s are read', async (vendor, file, parse) => {
    const { send } = make(vendor, parse);
    const payload = JSON.parse(sharedData(file)) as object;
    const body = JSON.stringify(
      vendor === 'toast'
        ? { timestamp: '2026-09-01T10:00:00Z', details: { order: payload } }
        : payload,
    );
    const response = await send(body, SIGN[vendor](body));
    expect(response.status).toBe(200);
    const told = (await response.json()) as { recorded: number; skipped: number };
    expect(told.recorded + told.skipped).toBe(parse(JSON.parse(body)).purchases.length);
  });
});
