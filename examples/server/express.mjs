// Express: `node examples/server/express.mjs`, after `npm run build`.
import { fileURLToPath } from 'node:url';
import express from 'express';
import { answer } from './node.mjs';
import { createShop } from './shop.mjs';

export function createApp(regulars) {
  const app = express();
  // before express.json(): a body that was read is gone
  app.use('/regulars', (request, response, next) => {
    answer(regulars, request, response).catch(next);
  });
  app.use(express.json());
  return app;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  createApp(createShop()).listen(8787, () => console.log('http://localhost:8787/regulars'));
