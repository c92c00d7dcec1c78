import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../../scripts/prepare.mjs';
import { no, STATUS, toResponse } from '../../../src/server/wire.js';
import type { SyncCode } from '../../../src/sync/port.js';

it('the guide names every code with its status', () => {
  const guide = readFileSync(join(root, 'docs', 'guides', 'server.md'), 'utf8');
  const rows = [...guide.matchAll(/^\| `([a-z-]+)` +\| (\d{3}) /gm)].map(
    ([, code = '', status]) => [code, Number(status)],
  );
  expect(Object.fromEntries(rows)).toEqual(STATUS);
});

it('every problem is told as one, and is nobody’s to keep', async () => {
  for (const code of Object.keys(STATUS) as SyncCode[]) {
    const request = new Request('https://shop.example/sync/v1/pull');
    const response = toResponse(no(code, { retryAfterMs: 1 }), request, 7.5);
    expect(response.status).toBe(STATUS[code]);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...{ 'cache-control': 'no-store', 'content-type': 'application/problem+json' },
      ...{ 'retry-after': '1', 'sync-protocol': '1', 'sync-time': '7' },
    });
    expect(await response.json()).toMatchObject({ code, status: STATUS[code] });
  }
});
