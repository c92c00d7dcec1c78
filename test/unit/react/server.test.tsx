import type { ReactElement } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, it } from 'vitest';
import { memoryStorage } from '../../../src/adapters/storage/memory.js';
import { createRegulars } from '../../../src/client/create-regulars.js';
import type { Regulars } from '../../../src/client/types.js';
import { RegularsProvider, useRegulars } from '../../../src/react/index.js';

function Page(): ReactElement {
  const snapshot = useRegulars();
  const name = useRegulars(({ customer }) => customer?.name ?? 'you');
  return (
    <main data-level={snapshot.level}>
      {name} {JSON.stringify(snapshot)}
    </main>
  );
}

const render = (client: Regulars): string =>
  renderToString(
    <RegularsProvider client={client}>
      <Page />
    </RegularsProvider>,
  );

/** One request, with a customer it knows. A storage given on purpose makes a client live on a server. */
async function request(account: string, name: string): Promise<{ html: string; client: Regulars }> {
  const client = createRegulars({
    shop: 'test',
    storage: memoryStorage(),
    consent: { remember: 'granted', suggest: 'granted' },
  });
  await client.start();
  await client.recognize({ account }, { verified: ['account'], name });
  const lines = [{ sku: `secret-of-${account}` }];
  await client.record({ id: `web:${account}`, lines });
  return { html: render(client), client };
}

it('two requests in turn, each with a customer of its own, render the same neutral page', async () => {
  const shep = await request('u_shep', 'Shep Parker');
  const maria = await request('u_maria', 'Maria Lopez');
  // they are known, so that the page could have told
  expect(shep.client.get().level).toBe('verified');
  expect(maria.client.get().customer?.name).toContain('Maria');
  const neutral = render(createRegulars({ shop: 'test', storage: memoryStorage() }));
  for (const { html, client } of [shep, maria]) {
    expect(html).not.toMatch(/shep|parker|maria|lopez|secret|verified/i);
    expect(html).not.toContain(client.get().customer?.id ?? '?');
    expect(html).not.toContain(client.get().visit ?? '?');
    expect(html).toContain('data-level="none"');
    await client.stop();
  }
  expect(neutral).toContain('data-level="none"');
  expect(shep.html).toBe(maria.html);
});

it('a client of the module, shared by all requests, is inert: it renders neutral and knows nobody', async () => {
  const shared = createRegulars({ shop: 'test' });
  const before = render(shared);
  await shared.start();
  const recognized = await shared.recognize({ account: 'u_shep' }, { verified: ['account'] });
  expect(recognized).toEqual({ kind: 'unavailable', reason: 'server' });
  expect(render(shared)).toBe(before);
});

it('rendering on a server starts nothing', () => {
  const client = createRegulars({ shop: 'test', storage: memoryStorage() });
  render(client);
  expect(client.get().status).toBe('idle');
});

it('without a provider the page fails at once, by name', () => {
  expect(() => renderToString(<Page />)).toThrow(
    expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
  );
});
