import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'vitest';
import {
  transportContract,
  type TransportPart,
  type TransportSetup,
} from '../../src/testing/transport-contract.js';

/** A server on loopback. */
export interface Listening {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Starts it on a port that is free. */
export async function listenOn(answer: RequestListener): Promise<Listening> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close').catch(() => undefined);
    },
  };
}

/** A port that nobody listens on, for a program that is given one. */
export async function freePort(): Promise<number> {
  const { url, close } = await listenOn(() => undefined);
  await close();
  return Number(new URL(url).port);
}

/** Runs the contract; what a transport cannot promise is listed with the reason. */
export function describeTransport(
  name: string,
  make: () => TransportSetup | Promise<TransportSetup>,
  without: { readonly [part in TransportPart]?: string } = {},
): void {
  describe(name, () => {
    for (const promise of transportContract) {
      const reason = without[promise.part];
      it.skipIf(reason !== undefined)(
        reason === undefined ? promise.name : `${promise.name} (not here: ${reason})`,
        () => promise.check(make),
        60_000,
      );
    }
  });
}
