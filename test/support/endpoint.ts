import { createEndpoint } from '../../examples/own-endpoint/endpoint.mjs';
import { handlers } from '../../src/adapters/transport/handlers.js';
import type { SyncCall, Transport } from '../../src/sync/port.js';
import type { TransportSetup } from '../../src/testing/transport-contract.js';
import { listenOn } from './transports.js';

/** The endpoint of the example, for two shops, on loopback. */
export interface EndpointServer {
  /** Bound by `handlers`; `whole` adds what the example has not, on top of what it has: a snapshot, pokes, a late commit. */
  readonly setup: (options?: { readonly whole?: boolean }) => TransportSetup;
  readonly close: () => Promise<void>;
}

/** A snapshot out of pulls, and pokes out of asking. */
function wholeOf(transport: Transport): Transport {
  return {
    ...transport,
    snapshot: async ({ page, subjects }, call) => {
      const pulled = await transport.pull({ cursor: page, limit: 10, subjects }, call);
      if ('resync' in pulled) throw new Error('a snapshot of before');
      return { ...pulled, page: pulled.more ? pulled.cursor : null };
    },
    subscribe: (poke, call) => {
      let cursor: string | null = null;
      const timer = setInterval(() => {
        void (async () => {
          const pulled = await transport.pull({ cursor, limit: 100, subjects: [] }, call);
          if ('resync' in pulled) return;
          if (cursor !== null && pulled.records.length > 0) poke();
          ({ cursor } = pulled);
        })().catch(() => undefined);
      }, 20);
      return () => clearInterval(timer);
    },
  };
}

/** Starts it. */
export async function startEndpoint(): Promise<EndpointServer> {
  const shops = new Map<string, ReturnType<typeof createEndpoint>>();
  let setups = 0;
  const server = await listenOn((request, response) => {
    const [, shop = '', act] = request.url?.split('/') ?? [];
    let text = '';
    request.on('data', (part: Buffer) => (text += part.toString()));
    request.on('end', () => {
      const account = String(request.headers['x-account']);
      const body = JSON.parse(text) as never;
      const endpoint = shops.get(shop);
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify(
          act === 'push' ? endpoint?.push(account, body) : endpoint?.pull(account, body),
        ),
      );
    });
  });
  const connect = (
    { shop, account }: { readonly shop: string; readonly account: string },
    fetch: typeof globalThis.fetch,
  ): Transport => {
    const post =
      (act: string) =>
      (body: unknown, call: SyncCall): Promise<Response> =>
        fetch(`${server.url}/${shop}/${act}`, {
          ...{ method: 'POST', body: JSON.stringify(body), ...call },
          headers: { 'x-account': account },
        });
    return handlers({ push: post('push'), pull: post('pull') });
  };
  return {
    close: server.close,
    setup: ({ whole = false } = {}) => {
      const names = [`shop-${++setups}`, `other-${setups}`] as const;
      for (const name of names) shops.set(name, createEndpoint());
      return {
        shops: names,
        connect: (who, fetch) => (whole ? wholeOf(connect(who, fetch)) : connect(who, fetch)),
        renew: async ({ shop }) => shops.get(shop)?.renew(),
        ...(whole && {
          pushLate: async (who, records) => async () =>
            void shops.get(who.shop)?.push(who.account, { records }),
        }),
      };
    },
  };
}
