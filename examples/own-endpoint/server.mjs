// A shop with an API of its own, to which two routes were added: `node examples/own-endpoint/server.mjs`, after `npm run build`.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { createEndpoint } from './endpoint.mjs';

const sessions = new Map(); // of the cookie → account
const orders = [];
const endpoint = createEndpoint();
const streams = new Map(); // account → those who wait for pokes

const script = build({
  entryPoints: [fileURLToPath(new URL('main.mjs', import.meta.url))],
  bundle: true,
  format: 'esm',
  target: 'es2022',
  write: false,
}).then(({ outputFiles }) => outputFiles[0].text);

const routes = {
  'POST /api/sign-in': ({ body, response }) => {
    const session = randomUUID(); // no password: this is an example
    sessions.set(session, body.user);
    response.setHeader('set-cookie', `session=${session}; Path=/; HttpOnly; SameSite=Strict`);
    return { account: body.user };
  },
  'GET /api/me': ({ account }) => ({ account }),
  'GET /api/orders': ({ account }) => orders.filter((order) => order.account === account),
  'POST /api/orders': ({ account, body }) => {
    const order = { id: String(1001 + orders.length), account, sku: body.sku };
    orders.push(order);
    return order;
  },
  'POST /api/sync/push': ({ account, body }) => {
    const answer = endpoint.push(account, body);
    for (const stream of streams.get(account) ?? []) stream.write('data:\n\n');
    return answer;
  },
  'POST /api/sync/pull': ({ account, body }) => endpoint.pull(account, body),
};

async function answer(request, response) {
  const path = request.url.split('?')[0];
  const cookie = /(?:^|; )session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
  const account = sessions.get(cookie);
  const send = (type, text) => {
    response.setHeader('content-type', type);
    response.end(text);
  };
  if (path === '/main.js') return send('text/javascript', await script);
  if (path === '/')
    return send('text/html', await readFile(new URL('index.html', import.meta.url)));
  if (path.startsWith('/api/sync') && !account) return response.writeHead(401).end();
  if (path === '/api/sync/events') {
    const waiting = streams.get(account) ?? streams.set(account, new Set()).get(account);
    waiting.add(response);
    response.on('close', () => waiting.delete(response));
    return response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  }
  const act = routes[`${request.method} ${path}`];
  if (!act) return response.writeHead(404).end();
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part;
  const body = text === '' ? undefined : JSON.parse(text);
  return send('application/json', JSON.stringify(await act({ account, body, response })));
}

export const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});

if (process.argv[1] === fileURLToPath(import.meta.url))
  server.listen(4175, 'localhost', () => console.log('http://localhost:4175/'));
