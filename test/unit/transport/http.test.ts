import { describe, expect, it } from 'vitest';
import { enrollDevice, httpTransport } from '../../../src/adapters/transport/http.js';
import type { PushBatch, SyncCall, Transport } from '../../../src/sync/port.js';
import { listenOn } from '../../support/transports.js';
import { self, startServer } from '../../support/server.js';

const call = (): SyncCall => ({ signal: new AbortController().signal });
const batch: PushBatch = { client: 'x', protocol: 1, schema: 1, records: [] };
const OURS = { 'sync-protocol': '1', 'content-type': 'application/json' };
const said = (body: unknown, status = 200, headers: Record<string, string> = OURS): Response =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });

type Asked = Request & { readonly init: RequestInit };
/** A transport whose requests are answered here. */
function over(
  answer: (request: Request) => Response | Promise<Response>,
  token?: Parameters<typeof httpTransport>[0]['token'],
): { readonly transport: Transport; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const transport = httpTransport({
    url: 'https://shop.example/regulars/',
    ...(token && { token }),
    fetch: async (input, init = {}) => {
      const request = new Request(input, init);
      asked.push(Object.assign(request, { init }));
      return answer(request);
    },
  });
  return { transport, asked };
}

describe('a request of http', () => {
  it('carries the protocol and the token, and nothing about anybody in its address', async () => {
    const answer = { records: [], cursor: 'c', more: false, serverTime: 1 };
    const { transport, asked } = over(
      () => said(answer),
      () => 'abc',
    );
    const subjects = ['a'.repeat(32)];
    await transport.pull({ cursor: 'c0', limit: 10, subjects }, call());
    const [one] = asked;
    expect(one?.url).toBe('https://shop.example/regulars/sync/v1/pull');
    expect(one?.headers.get('authorization')).toBe('Bearer abc');
    expect(one?.headers.get('sync-protocol')).toBe('1');
    expect(await one?.json()).toEqual({ cursor: 'c0', limit: 10, subjects });
    expect(one?.init.cache).toBe('no-store');
  });

  it('of a page that is going outlives it', async () => {
    const { transport, asked } = over(() => said({ results: [], serverTime: 1 }));
    await transport.push(batch, { ...call(), keepalive: true });
    await transport.push(batch, call());
    expect(asked.map(({ init }) => init.keepalive ?? false)).toEqual([true, false]);
  });

  it('shows the key of a device, or nothing', async () => {
    for (const [token, shown] of [
      [{ device: 'k1' }, 'Device k1'],
      [null, null],
      [undefined, null],
    ] as const) {
      const { transport, asked } = over(
        () => said({ results: [], serverTime: 1 }),
        () => token,
      );
      await transport.push(batch, call());
      expect(asked[0]?.headers.get('authorization')).toBe(shown);
    }
  });

  it('is made once more with a fresh token after a refusal, and not a third time', async () => {
    const refreshed: boolean[] = [];
    const token = (refresh: boolean): string => {
      refreshed.push(refresh);
      return refresh ? 'new' : 'old';
    };
    const good = over(
      ({ headers }) =>
        headers.get('authorization') === 'Bearer new'
          ? said({ results: [], serverTime: 5 })
          : said({ code: 'auth' }, 401),
      token,
    );
    expect(await good.transport.push(batch, call())).toMatchObject({ serverTime: 5 });
    expect(refreshed).toEqual([false, true]);
    const bad = over(() => said({ code: 'auth' }, 401), token);
    await expect(bad.transport.push(batch, call())).rejects.toMatchObject({ kind: 'auth' });
    expect(bad.asked).toHaveLength(2);
  });

  it('takes no answer for ours that does not say so', async () => {
    const body = { results: [], serverTime: 1 };
    for (const answer of [
      said(body, 200, { 'content-type': 'application/json' }),
      said('<html>', 200, { 'content-type': 'text/html' }),
      said('<html>'),
      said({ results: 'none' }),
      said('null'),
      // of whoever stands in between: it knows nothing of our records
      said('no', 400, {}),
      said('no', 422, {}),
      said('no', 426, {}),
    ]) {
      const { transport } = over(() => answer);
      await expect(transport.push(batch, call())).rejects.toMatchObject({ kind: 'offline' });
    }
  });

  it('tells the refusals of the protocol apart', async () => {
    for (const [status, kind] of [
      [400, 'invalid'],
      [401, 'auth'],
      [403, 'auth'],
      [413, 'too-large'],
      [426, 'upgrade-required'],
      [429, 'wait'],
      [503, 'wait'],
    ] as const) {
      const { transport } = over(() => said({ code: 'x' }, status));
      await expect(transport.push(batch, call())).rejects.toMatchObject({ kind });
    }
  });
});

describe('pokes of http', () => {
  const until = async (what: () => boolean): Promise<void> => {
    for (let tries = 0; !what() && tries < 200; tries++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(what()).toBe(true);
  };

  it('are heard in a stream, however it is cut', async () => {
    const server = await listenOn((_request, response) => {
      response.writeHead(200, { ...OURS, 'content-type': 'text/event-stream' });
      const parts = [
        ': beat\n\nevent: po',
        'ke\ndata',
        ':\n\n',
        'event: other\n\n',
        'event:poke\n',
      ];
      const next = (): void => {
        const part = parts.shift();
        if (part !== undefined) response.write(part, () => setTimeout(next, 20));
      };
      next();
    });
    let pokes = 0;
    const transport = httpTransport({ url: server.url });
    const stop = transport.subscribe?.(() => pokes++, call());
    await until(() => pokes === 2);
    stop?.();
    await server.close();
  });

  it('come by a request that waits where streams are cut', async () => {
    let pokes = 0;
    const { transport, asked } = over(({ url }) =>
      url.endsWith('/events')
        ? said('<html>', 502, {})
        : said({ records: [{}], cursor: 'c1', more: false, serverTime: 1 }),
    );
    await transport.pull({ cursor: null, limit: 500, subjects: [] }, call());
    const random = Math.random;
    Math.random = () => 0.001;
    const stop = transport.subscribe?.(() => pokes++, call());
    await until(() => pokes > 0);
    stop?.();
    Math.random = random;
    expect(asked.some(({ url }) => url.endsWith('/events'))).toBe(true);
    expect(await asked.at(-1)?.json()).toEqual({ cursor: 'c1', limit: 1, wait: 25 });
  });
});

describe('the identity part of http', () => {
  const lived = async (): Promise<{
    readonly transport: Transport;
    readonly code: () => string;
  }> => {
    const codes: string[] = [];
    const { server } = startServer({
      deliver: ({ code }) => void codes.push(code),
      limits: { lookUpMs: 0.001 },
    });
    const who = self('u_1', [], 'blue-door');
    const transport = httpTransport({
      url: 'https://shop.example',
      token: () => encodeURIComponent(JSON.stringify(who)),
      fetch: (input, init) => server.handle(new Request(input, init)),
    });
    return { transport, code: () => codes.at(-1) ?? '' };
  };

  it('begins and checks proofs at our server', async () => {
    const { transport, code } = await lived();
    const who = [{ type: 'phone', value: '+14255550100' }];
    const begun = await transport.identity?.requestProof('code', who, call());
    if (begun?.kind !== 'begun') throw new Error(`it was ${begun?.kind}`);
    const wrong = code() === '000000' ? '000001' : '000000';
    expect(await transport.identity?.checkProof(begun.id, wrong, call())).toEqual({
      kind: 'wrong',
      triesLeft: 4,
    });
    expect(await transport.identity?.checkProof(begun.id, code(), call())).toMatchObject({
      kind: 'proved',
      identifiers: who,
    });
  });

  it('asks again for as long as a phone takes', async () => {
    const answers = [{ kind: 'pending' }, { kind: 'pending' }, { kind: 'refused' }];
    const { transport, asked } = over(() => said(answers.shift()));
    expect(await transport.identity?.checkProof('p1', undefined, call())).toEqual({
      kind: 'refused',
    });
    expect(asked).toHaveLength(3);
  });

  it('trades the code of a device for its key', async () => {
    const answer = async (input: unknown, init?: RequestInit): Promise<Response> => {
      expect(String(input)).toBe('/regulars/sync/v1/devices');
      expect(init?.body).toBe('{"code":"123456"}');
      return said({ key: 'k1', place: 's17' });
    };
    const options = { url: '/regulars', fetch: answer as typeof fetch };
    expect(await enrollDevice('123456', options)).toEqual({ key: 'k1', place: 's17' });
    const refused = { url: '/r', fetch: async () => said({ code: 'auth' }, 401) };
    await expect(enrollDevice('1', refused)).rejects.toMatchObject({ kind: 'auth' });
  });
});
