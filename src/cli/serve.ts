import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Exit } from './exit.js';
import type { Io } from './io.js';
import { openServer, type OpenServer } from './open-shop.js';
import { safe } from './print.js';
import type { ServeArguments } from './serve-arguments.js';
import { authorizeBy, showsKey } from './serve-authorize.js';
import { answerOffice, isOffice, json, problem } from './serve-office.js';

/** How long the shop's own programs that are being answered are waited for, ms. */
const DRAIN_MS = 5_000;
const HOUR_MS = 3_600_000;
/** Pages on this machine: whoever tries things out. */
const HERE = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

/** Counts which of the shop's own programs are being answered: of pages the server knows. */
interface Guests {
  readonly handle: (request: Request) => Promise<Response>;
  readonly drain: () => Promise<void>;
}

/** Serves one shop until it is told to stop; answers whom it has let in before it ends. */
export async function runServe(asked: ServeArguments, io: Io): Promise<void> {
  const report = (error: unknown): void => {
    const { code, message } = (error ?? {}) as {
      readonly code?: string;
      readonly message?: string;
    };
    io.stderr.write(
      `regulars: ${safe(String(message ?? error), 300)}${code === undefined ? '' : ` (${code})`}\n`,
    );
  };
  const opened = await openServer(asked.at, {
    authorize: (keys, shop) => authorizeBy(shop, keys.signing),
    cors: { origins: (origin) => HERE.test(origin) || asked.origins.includes(origin) },
    onError: report,
  });
  const guests = guestsOf(opened, report);
  const listen = getRequestListener(guests.handle);
  const http = createServer((request, response) => void listen(request, response));
  let tidying: ReturnType<typeof setInterval> | undefined;
  try {
    const url = await listenAt(http, asked);
    opened.tell(url);
    io.stdout.write(welcome(opened, url, io.stderr.isTTY === true));
    tidying = setInterval(() => void opened.tidy().catch(report), HOUR_MS);
    await told(io.signal);
    io.stderr.write(
      'Stopping: whoever is being answered is answered. Ctrl-C again stops at once.\n',
    );
  } finally {
    clearInterval(tidying);
    const closed = new Promise((resolve) =>
      http.listening ? http.close(resolve) : resolve(undefined),
    );
    http.closeIdleConnections();
    await guests.drain();
    await opened.close(); // answers pages, and ends the streams
    const late = setTimeout(() => http.closeAllConnections(), 1000);
    http.closeIdleConnections();
    await closed;
    clearTimeout(late);
  }
}

function guestsOf(
  { server, shop, keys, answers }: OpenServer,
  report: (error: unknown) => void,
): Guests {
  const inside = new Set<Promise<unknown>>();
  let isEnding = false;
  const route = async (request: Request): Promise<Response> => {
    if (isEnding) return away();
    const { pathname } = new URL(request.url);
    if (pathname === '/health')
      return answers().then(
        () => json({ ok: true, shop }),
        () => away(),
      );
    if (isOffice(request))
      return showsKey(request, keys.signing)
        ? answerOffice(request, server.shop(shop))
        : problem(401, 'auth', 'This needs the key of the shop.');
    return problem(404, 'invalid', 'This is regulars serve: sync is under /regulars/sync/v1/.');
  };
  return {
    handle: (request) => {
      if (!isEnding && server.handles(request)) return server.handle(request);
      const answer = route(request).catch((error: unknown) => {
        report(error);
        return problem(503, 'unavailable', 'It did not work; try again.');
      });
      inside.add(answer);
      return answer.finally(() => inside.delete(answer));
    },
    drain: async () => {
      isEnding = true;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const enough = new Promise((resolve) => (timer = setTimeout(resolve, DRAIN_MS)));
      await Promise.race([Promise.allSettled(inside), enough]);
      clearTimeout(timer);
    },
  };
}

function away(): Response {
  const answer = problem(503, 'unavailable', 'The server or its database is not there just now.');
  answer.headers.set('Retry-After', '2');
  return answer;
}

function listenAt(http: Server, { host, port }: ServeArguments): Promise<string> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      const { code = error.message } = error;
      reject(
        new Exit(
          1,
          code === 'EADDRINUSE'
            ? `Port ${String(port)} is in use; take another with --port.`
            : `Cannot listen at ${host}:${String(port)} (${code}).`,
        ),
      );
    });
    http.listen(port, host, () => {
      const { port: own } = http.address() as AddressInfo;
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${String(own)}`);
    });
  });
}

const told = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

function welcome({ shop, is, kept, keys }: OpenServer, url: string, isWatched: boolean): string {
  const { key, file, isNew } = kept;
  // what a machine writes down should not hold it
  const shown = isNew || isWatched ? key : `in ${file ?? 'REGULARS_KEY'}`;
  return [
    `Regulars serves the shop "${safe(shop, 60)}" at ${url}/regulars`,
    `  database  ${is}`,
    `  key       ${file === undefined ? 'in REGULARS_KEY' : shown}${isNew ? ` (new, kept in ${file ?? ''})` : ''}`,
    `  sealTo    ${JSON.stringify(keys.sealTo)}`,
    'Your backend signs tokens with the key; "regulars token" makes one to try. Ctrl-C stops.',
    '',
  ].join('\n');
}
