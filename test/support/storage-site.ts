import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Page } from 'playwright-core';
import type { indexedDbStorage } from '../../src/adapters/storage/indexed-db.js';
import type { createRegulars } from '../../src/client/create-regulars.js';
import type { Notice, Regulars } from '../../src/client/types.js';
import type { ProfileStorage } from '../../src/profile/port.js';
import type { ProfileRecord } from '../../src/profile/types.js';
import { bundleScript } from './browser.js';

/** What became of a call, as plain data that leaves the page. */
export type Outcome<T> =
  | { readonly value: T }
  | { readonly code: string; readonly message: string; readonly retryable: boolean };

/** What the pages below offer; tests call it from inside of the page. */
declare global {
  var storage: ProfileStorage;
  var makeStorage: typeof indexedDbStorage;
  /** What the storage told its listeners. */
  var told: string[];
  var outcomeOf: <T>(work: Promise<T>) => Promise<Outcome<T>>;
  /** Writes rows in one transaction, for orders as a rule. */
  var put: (rows: Readonly<Record<string, unknown>>) => Promise<void>;
  var keys: () => Promise<readonly string[]>;
  var regulars: Regulars;
  var makeRegulars: typeof createRegulars;
  var notices: Notice['code'][];
  var errors: string[];
  /** Records an order; its id is `web:<n>`. */
  var order: (n: number) => ReturnType<Regulars['record']>;
  /** What a store holds, read by the back door; nothing where there is no database. */
  var rowsOf: (
    store: string,
  ) => Promise<readonly { readonly key: string; readonly value: unknown }[]>;
  /** The records that are kept, read by the back door. */
  var recordsKept: () => Promise<readonly ProfileRecord[]>;
  /** The ids of the orders among them. */
  var orders: () => Promise<readonly string[]>;
}

/** A page that has the storage and nothing above it. */
export const PORT_SCRIPT = `
import { indexedDbStorage } from './src/adapters/storage/indexed-db.ts';
const storage = indexedDbStorage();
const told = [];
storage.listen(({ kind }) => told.push(kind));
Object.assign(globalThis, {
  storage, told, makeStorage: indexedDbStorage,
  outcomeOf: (work) => work.then(
    (value) => ({ value }),
    ({ code, message, retryable }) => ({ code, message, retryable }),
  ),
  put: (rows) => storage.transact('readwrite', async (transaction) => {
    for (const [key, value] of Object.entries(rows)) transaction.put('records', key, value);
  }, { durability: 'strict' }),
  keys: () => storage.transact('readonly', async (transaction) =>
    (await transaction.list('records')).map(({ key }) => key)),
});
document.body.append('ready');
`;

/** A page with a client whose customer has said yes, by the host's word. */
export const CLIENT_SCRIPT = `
import { decodeRow } from './src/profile/decode-row.ts';
import { createRegulars } from './src/client/create-regulars.ts';
import { indexedDbStorage } from './src/adapters/storage/indexed-db.ts';
const notices = [];
const errors = [];
const regulars = createRegulars({
  shop: 'blue-door', storage: indexedDbStorage(), consent: { remember: 'granted' },
  onNotice: ({ code }) => notices.push(code),
  onError: (error) => errors.push(String(error?.code ?? error)),
});
Object.assign(globalThis, {
  regulars, notices, errors, makeRegulars: createRegulars,
  order: (n) => regulars.record({ id: 'web:' + n, lines: [{ sku: 'house', name: 'House Blend' }] }),
  rowsOf, recordsKept,
  orders: async () => (await recordsKept())
    .filter(({ kind }) => kind === 'purchase').map(({ data }) => data.id).sort(),
});
async function rowsOf(store) {
  const name = 'regulars:blue-door';
  if (!(await indexedDB.databases()).some((database) => database.name === name)) return [];
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const database = await done(indexedDB.open(name));
  const rows = database.transaction(store).objectStore(store);
  const [keys, values] = await Promise.all([done(rows.getAllKeys()), done(rows.getAll())]);
  database.close();
  return keys.map((key, i) => ({ key, value: values[i] }));
}
async function recordsKept() {
  return (await rowsOf('records')).map(({ key, value }) => {
    const decoded = decodeRow(value);
    if (decoded.kind !== 'ok') throw new Error(key + ' is ' + decoded.kind);
    return decoded.value;
  });
}
await regulars.start();
document.body.append('ready');
`;

/** The same page of a release that has raised the version of the database. */
export function laterRelease(script: string): string {
  const later = script.replace(/\bVERSION = 1\b/, 'VERSION = 2');
  if (later === script) throw new Error('the version of the database was not found in the bundle');
  return later;
}

/** Pages of one origin, and what was asked of their server. */
export interface Site {
  readonly origin: string;
  /** `/empty` and whatever the site was made with; `/framed/x` has `x` in a sandboxed frame. */
  readonly url: (path: string) => string;
  readonly requests: readonly string[];
  readonly close: () => Promise<void>;
}

/** Serves a page for each of `scripts`, on this machine only. A fetch of `/clear` answers with Clear-Site-Data. */
export async function serveSite(scripts: Readonly<Record<string, string>>): Promise<Site> {
  const requests: string[] = [];
  const answer = (path: string, response: ServerResponse): void => {
    const [, name = '', inner = ''] = path.split('/');
    const script = scripts[name.replace(/\.js$/, '')];
    // a sandboxed frame is of no origin at all
    response.setHeader('access-control-allow-origin', '*');
    if (name === 'clear') response.setHeader('clear-site-data', '"storage"');
    const isScript = name.endsWith('.js');
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    const frame = `<iframe sandbox="allow-scripts" src="/${inner}"></iframe>`;
    const tag =
      name === 'framed' ? frame : script && `<script type="module" src="/${name}.js"></script>`;
    const page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>p</title><body>${tag ?? ''}`;
    response.end(isScript ? script : page);
  };
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    answer(request.url ?? '', response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    url: (path) => `${origin}/${path}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The site of the fault tests: the storage alone and the client, each of this release and of a later one. */
export async function serveFaults(): Promise<Site> {
  const [port, client] = await Promise.all([
    bundleScript(PORT_SCRIPT),
    bundleScript(CLIENT_SCRIPT),
  ]);
  return serveSite({
    port,
    client,
    'later-port': laterRelease(port),
    'later-client': laterRelease(client),
  });
}

/** Opens a page and waits until it is ready. */
export async function openPage(browser: BrowserContext, site: Site, path: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(site.url(path));
  if (path !== 'empty') await page.getByText('ready').waitFor();
  return page;
}

/** What must not happen in any page: uncaught errors, rejections nobody handled, errors and warnings in the console. */
export interface Trouble {
  readonly all: readonly string[];
  /** Throws if there was any. */
  readonly refuse: () => void;
}

/** Watches every page of a browser for trouble. */
export function watchTrouble(browser: BrowserContext): Trouble {
  const all: string[] = [];
  browser.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) all.push(message.text());
  });
  browser.on('weberror', (error) => all.push(String(error.error())));
  return {
    all,
    refuse: () => {
      if (all.length > 0) throw new Error(`trouble in the page: ${all.join('; ')}`);
    },
  };
}

/** A connection of the host's own, as an old page has it that never steps aside. */
export function holdDatabase(page: Page, name: string): Promise<void> {
  return page.evaluate(
    (database) =>
      new Promise<void>((done, fail) => {
        const request = indexedDB.open(database);
        request.onerror = () => fail(request.error ?? new Error('refused'));
        request.onsuccess = () => {
          Object.assign(globalThis, { heldOpen: request.result });
          done();
        };
      }),
    name,
  );
}
