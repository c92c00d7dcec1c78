import { getRequestListener } from '@hono/node-server';
import { httpTransport } from '../../src/adapters/transport/http.js';
import { memoryDatabase } from '../../src/adapters/database/memory.js';
import { createRegularsServer, type RegularsServer } from '../../src/server/create-server.js';
import type { Database } from '../../src/server/port.js';
import type { Authorized, RegularsServerOptions } from '../../src/server/types.js';
import type { TransportSetup } from '../../src/testing/transport-contract.js';
import { whoIn } from './server.js';
import { listenOn, type Listening } from './transports.js';

/** Our server behind node:http. Whoever calls says in the token who they are. */
export interface HttpServer extends Listening {
  readonly server: RegularsServer;
  readonly database: Database;
  readonly setup: () => TransportSetup;
  readonly errors: unknown[];
}

/** What a token of these tests is: the host's sign-in trusts it. */
export const tokenOf = (who: Authorized): string => encodeURIComponent(JSON.stringify(who));

/** Starts it on loopback. */
export async function startHttpServer(
  options: Partial<RegularsServerOptions> = {},
): Promise<HttpServer> {
  const database = options.database ?? memoryDatabase();
  const errors: unknown[] = [];
  const server = createRegularsServer({
    authorize: (request) => whoIn(request),
    keys: (shop) => ({ key: new Uint8Array(32).fill(shop.length) }),
    limits: { requestsPerMinute: 100_000, lookUpMs: 1 },
    onError: (error) => void errors.push(error),
    ...options,
    database,
  });
  const answer = getRequestListener((request) => server.handle(request));
  const listening = await listenOn((request, response) => void answer(request, response));
  let setups = 0;
  return {
    ...listening,
    ...{ server, database, errors },
    setup: () => {
      const shops = [`shop-${++setups}`, `other-${setups}`] as const;
      return {
        shops,
        connect: ({ shop, account }, fetch) =>
          httpTransport({
            url: `${listening.url}/regulars/`,
            token: () => tokenOf({ shop, account, scope: 'self' }),
            fetch,
          }),
        renew: ({ shop }) => database.renew(shop, `epoch-${++setups}`),
      };
    },
  };
}
