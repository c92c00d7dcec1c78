// Hono, on whatever it runs on; on Node: `node examples/server/hono.mjs`, after `npm run build`.
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createShop } from './shop.mjs';

export function createApp(regulars) {
  const app = new Hono();
  app.all('/regulars/*', (context) => regulars.handle(context.req.raw));
  // a page that is rendered here says hello by itself; it is nobody else's to read
  app.get('/', async (context) => {
    const account = context.req.header('X-Account'); // stands for the shop's own session
    const { greeting } = await regulars
      .shop('blue-door')
      .greet(account ? { account } : {}, { verified: ['account'], locale: 'en' });
    context.header('Cache-Control', 'private, no-store');
    context.header('Vary', 'X-Account');
    return context.text(greeting.kind === 'none' ? '' : greeting.text);
  });
  return app;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  serve({ fetch: createApp(createShop()).fetch, port: 8787 });
