import type { ServerShop } from '../server/shop.js';
import { readJson } from '../server/wire.js';

/** What the shop's own programs may ask, with the key itself. */
const PATH = /^\/regulars\/shop\/v1\/([a-z/]+)$/;
const MOST_BYTES = 8_000_000;
const MOST = 1000;

/** True for a request that is for the office and not for pages. */
export const isOffice = (request: Request): boolean => PATH.test(new URL(request.url).pathname);

/** Of every answer: it is nobody's to keep but the caller's. */
const OWN = { 'Cache-Control': 'no-store', Vary: 'Authorization' };

/** An answer of a value. */
export const json = (value: unknown): Response => Response.json(value, { headers: OWN });

/** What is wrong with a request, in the form of the sync protocol. */
export function problem(status: number, code: string, title: string): Response {
  return new Response(JSON.stringify({ type: 'about:blank', title, status, code }), {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...OWN },
  });
}

const isList = (value: unknown): value is readonly never[] =>
  Array.isArray(value) && value.length <= MOST;

/** Answers what a shop's own programs ask: orders in, devices. The caller has checked the key. */
export async function answerOffice(request: Request, shop: ServerShop): Promise<Response> {
  const [, path = ''] = PATH.exec(new URL(request.url).pathname) ?? [];
  const asked = `${request.method} ${path}`;
  if (asked === 'GET devices') return json(await shop.devices.list());
  const read = await readJson(request, MOST_BYTES);
  if ('problem' in read)
    return read.problem.code === 'too-large'
      ? problem(413, 'too-large', 'Eight megabytes are the most.')
      : problem(400, 'invalid', 'The body is no JSON object.');
  const body = read.value;
  switch (asked) {
    case 'POST purchases': {
      // each is read by its own parser, which takes nothing for granted
      const { purchases, options } = body;
      if (!isList(purchases))
        return problem(400, 'invalid', 'purchases is a list of at most 1000 orders.');
      const isOptions = typeof options === 'object' && options !== null;
      return json(await shop.record(purchases, isOptions ? options : {}));
    }
    case 'POST refunds': {
      const { refunds } = body;
      if (!isList(refunds)) return problem(400, 'invalid', 'refunds is a list of at most 1000.');
      return json(await shop.refund(refunds));
    }
    case 'POST devices': {
      const { place } = body;
      return json(await shop.devices.add(typeof place === 'string' ? { place } : {}));
    }
    case 'POST devices/revoke':
      return json({ revoked: await shop.devices.revoke(String(body['id'])) });
    default:
      return problem(404, 'invalid', 'There is nothing under this address.');
  }
}
