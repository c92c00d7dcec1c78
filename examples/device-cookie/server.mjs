// A shop's server with nothing but Node: `node examples/device-cookie/server.mjs`, after `npm run build`.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { answerDevice } from './device-cookie.mjs';

const files = {
  '/': ['index.html', 'text/html'],
  '/main.mjs': ['main.mjs', 'text/javascript'],
  '/page.mjs': ['page.mjs', 'text/javascript'],
  '/regulars.global.js': ['../../dist/regulars.global.js', 'text/javascript'],
};

export const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});

async function answer(request, response) {
  if (request.url === '/regulars/device') return answerDevice(request, response);
  const [file, type] = files[request.url] ?? [];
  if (file === undefined) return response.writeHead(404).end();
  response.setHeader('content-type', `${type}; charset=utf-8`);
  response.end(await readFile(new URL(file, import.meta.url)));
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  server.listen(4174, 'localhost', () => console.log('http://localhost:4174/'));
