// Nothing but Node: `node examples/server/node.mjs`, after `npm run build`.
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createShop } from './shop.mjs';

/** Answers for a Regulars server what came to one of Node's; also under Express, before anything that reads bodies. */
export async function answer(regulars, incoming, outgoing) {
  const left = new AbortController();
  outgoing.on('close', () => left.abort());
  const { method, headers, originalUrl = incoming.url } = incoming;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const request = new Request(new URL(originalUrl, `http://${headers.host}`), {
    method,
    headers: Object.entries(headers).map(([name, value]) => [name, String(value)]),
    signal: left.signal,
    ...(hasBody && { body: Readable.toWeb(incoming), duplex: 'half' }),
  });
  const response = await regulars.handle(request);
  outgoing.writeHead(response.status, [...response.headers].flat());
  if (!response.body) return void outgoing.end();
  outgoing.flushHeaders();
  // whoever leaves a stream of pokes ends it: no fault of anybody's
  await pipeline(Readable.fromWeb(response.body), outgoing).catch(() => undefined);
}

export const serve = (regulars) =>
  createServer((incoming, outgoing) => {
    answer(regulars, incoming, outgoing).catch(() => outgoing.destroy());
  });

if (process.argv[1] === fileURLToPath(import.meta.url))
  serve(createShop()).listen(8787, () => console.log('http://localhost:8787/sync/v1/'));
