import type { ParsedOrders } from '../formats/types.js';
import type { ImportDefaults } from '../formats/read-imported.js';
import { systemClock, type Clock } from '../kernel/clock.js';
import { hex } from '../kernel/random-id.js';
import { isSame } from './shop-keys.js';
import type { ServerShop } from './shop.js';
import { joinBytes, readBytes } from './wire.js';

/** Who signs its messages in a way that is known here. */
export type WebhookVendor =
  'deliverect' | 'shopify' | 'square' | 'stripe' | 'toast' | 'woocommerce';

/** What {@link webhook} takes. */
export interface WebhookOptions {
  readonly vendor: WebhookVendor;
  /** What the vendor signs with; several while it is changed. */
  readonly secret: string | readonly string[];
  /** The vendor's parser: `parseShopify` of `regulars/formats/shopify`. */
  readonly parse: (payload: unknown) => ParsedOrders;
  /** Where the orders go: `server.shop('blue-door')`. */
  readonly shop: Pick<ServerShop, 'record' | 'refund'>;
  /** Square signs the address too, as it stands in its dashboard. @defaultValue the request's */
  readonly url?: string;
  /**
   * Fetches the whole order where a message only names it, as Square's do: what it gives is parsed in the place of the message.
   * @defaultValue the message is parsed
   */
  readonly load?: (payload: unknown) => Promise<unknown>;
  /** Name of the attribute that carries what `carryToken()` gave. @defaultValue 'regulars' */
  readonly attribute?: string;
  /** What holds for orders that do not say otherwise. */
  readonly defaults?: ImportDefaults;
  /** Told of what went wrong: never with personal data. @defaultValue nobody is */
  readonly onError?: (error: unknown) => void;
  /** @defaultValue the platform's */
  readonly clock?: Clock;
}

const BODY_BYTES = 2_000_000;
/** A message of Stripe's is good for so long: what it says when it was signed is signed too. */
const TOLERANCE_MS = 5 * 60_000;

interface Signed {
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly url: string;
  readonly now: number;
}

/** What was signed, what the signature has to be one of, and how it is written; undefined where there is none. */
interface Claim {
  readonly text: Uint8Array<ArrayBuffer>;
  readonly given: readonly string[];
  readonly as: 'base64' | 'hex';
}

/**
 * Makes what answers a vendor's webhook: checks the signature over the bytes as they came, reads the orders, and records them. A
 * message that comes twice, late or out of order does no harm: the same order appends nothing, an older state of it never wins, and
 * one of somebody who was forgotten is refused. What cannot be kept now is answered with 503, so that the vendor sends it again.
 * @example
 * const shopify = webhook({ vendor: 'shopify', secret, parse: parseShopify, shop: server.shop('blue-door') });
 * const response = await shopify(request);
 */
export function webhook(options: WebhookOptions): (request: Request) => Promise<Response> {
  const { vendor, url, onError, clock = systemClock } = options;
  return async (request) => {
    let body: Uint8Array<ArrayBuffer> | undefined;
    try {
      body = await readBytes(request, BODY_BYTES);
    } catch (error) {
      // cut off; or somebody has read it before, and then each comes again until the shop is told why
      onError?.(error);
      return answer(400, { error: 'no-body' });
    }
    if (!body) return answer(413, { error: 'too-large' });
    const signed = { headers: request.headers, body, url: url ?? request.url, now: clock.now() };
    // a new hook of WooCommerce asks, unsigned, whether anybody is there
    if (vendor === 'woocommerce' && /^webhook_id=\d+$/.test(textOf(body)))
      return answer(200, { recorded: 0 });
    if (!(await isSigned(signed, options))) return answer(401, { error: 'signature' });
    let payload: unknown;
    try {
      payload = JSON.parse(textOf(body));
    } catch {
      return answer(400, { error: 'no-json' });
    }
    try {
      return answer(200, await take(payload, options));
    } catch (error) {
      onError?.(error);
      return answer(503, { error: 'unavailable' });
    }
  };
}

const answer = (status: number, value: unknown): Response =>
  new Response(JSON.stringify(value), {
    status,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
  });

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

async function take(payload: unknown, options: WebhookOptions): Promise<object> {
  const { parse, shop, load, defaults, attribute = 'regulars' } = options;
  const order = load ? await load(payload) : payload;
  const { purchases, refunds } = parse(order);
  const carryToken = carriedBy(order, attribute) ?? carriedBy(payload, attribute);
  const recorded = await shop.record(purchases, {
    ...defaults,
    ...(carryToken !== undefined && { carryToken }),
  });
  const refunded = refunds.length > 0 ? await shop.refund(refunds) : undefined;
  // nothing personal: what is answered here lies in the vendor's logs
  const skipped = recorded.skipped.length + (refunded?.skipped ?? 0);
  return { recorded: recorded.appended + (refunded?.appended ?? 0), skipped };
}

async function isSigned(signed: Signed, { vendor, secret }: WebhookOptions): Promise<boolean> {
  const claim = CLAIMS[vendor](signed);
  if (!claim || claim.given.length === 0) return false;
  const secrets = typeof secret === 'string' ? [secret] : secret;
  const macs = await Promise.all(
    secrets.filter((one) => one !== '').map((one) => macOf(one, claim)),
  );
  // every pair is compared: the time does not tell which one came near
  return macs
    .flatMap((mac) => claim.given.map((given) => isSame(mac, given)))
    .some((isRight) => isRight);
}

async function macOf(secret: string, { text, as }: Claim): Promise<string> {
  const how = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytesOf(secret), how, false, ['sign']);
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, text));
  return as === 'hex' ? hex(mac) : btoa(String.fromCharCode(...mac));
}

/** A signature of the bytes in one header. */
const ofBody =
  (header: string, as: Claim['as']) =>
  ({ headers, body }: Signed): Claim => ({
    ...{ text: body, as },
    given: [headers.get(header)?.trim() ?? ''],
  });

const CLAIMS: { readonly [vendor in WebhookVendor]: (signed: Signed) => Claim | undefined } = {
  shopify: ofBody('X-Shopify-Hmac-Sha256', 'base64'),
  woocommerce: ofBody('X-WC-Webhook-Signature', 'base64'),
  deliverect: ofBody('X-Server-Authorization-HMAC-SHA256', 'hex'),
  square: ({ headers, body, url }) => ({
    ...{ text: joinBytes(bytesOf(url), body), as: 'base64' },
    given: [headers.get('x-square-hmacsha256-signature')?.trim() ?? ''],
  }),
  toast: ({ headers, body }) => {
    let at: unknown;
    try {
      at = (JSON.parse(textOf(body)) as { readonly timestamp?: unknown } | null)?.timestamp;
    } catch {
      return undefined;
    }
    return typeof at === 'string'
      ? {
          ...{ text: joinBytes(body, bytesOf(at)), as: 'base64' },
          given: [headers.get('Toast-Signature')?.trim() ?? ''],
        }
      : undefined;
  },
  stripe: ({ headers, body, now }) => {
    const parts = (headers.get('Stripe-Signature') ?? '').split(',').map((part) => {
      const [name = '', value = ''] = part.trim().split('=');
      return { name, value };
    });
    const at = parts.find(({ name }) => name === 't')?.value ?? '';
    const isNear = /^\d{1,12}$/.test(at) && Math.abs(now - Number(at) * 1_000) <= TOLERANCE_MS;
    return isNear
      ? {
          ...{ text: joinBytes(bytesOf(`${at}.`), body), as: 'hex' },
          given: parts.filter(({ name }) => name === 'v1').map(({ value }) => value),
        }
      : undefined;
  },
};

type Loose = { readonly [member: string]: unknown };

/** What an attribute of the order carries, wherever the vendor keeps attributes: of an order, or of one in an event. */
function carriedBy(payload: unknown, attribute: string): string | undefined {
  const event = Object(payload) as Loose;
  const data = Object(event['data']) as Loose;
  const inner = Object(data['object']) as Loose;
  for (const order of [event, inner, event['order'], inner['order']]) {
    const { note_attributes, meta_data, metadata } = Object(order) as Loose;
    const bag = Object(metadata) as Loose;
    if (Object.hasOwn(bag, attribute) && typeof bag[attribute] === 'string') return bag[attribute];
    for (const list of [note_attributes, meta_data])
      for (const one of Array.isArray(list) ? (list as readonly unknown[]) : []) {
        const { name, key, value } = Object(one) as Loose;
        if ((name ?? key) === attribute && typeof value === 'string') return value;
      }
  }
  return undefined;
}
