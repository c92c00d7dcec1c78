import type { PurchaseInput } from '../profile/types.js';
import { createRegularsServer, type RegularsServer } from '../server/create-server.js';
import type { Recorded, RecordOptions, RefundGiven } from '../server/record.js';
import type { RegularsServerOptions } from '../server/types.js';
import type { ServerShop } from '../server/shop.js';
import { Exit } from './exit.js';
import { openDatabase } from './open-database.js';
import type { ShopPlace } from './serve-arguments.js';
import { keyIn, servingFrom, shopIn, takeFolder, type KeptKey } from './shop-folder.js';
import { keysOf, type KeysOfShop } from './shop-key.js';

/** What a command does with a shop, wherever that is. */
export interface ShopDoor {
  readonly name: string;
  readonly record: (
    purchases: readonly PurchaseInput[],
    options: RecordOptions,
  ) => Promise<Recorded>;
  readonly refund: (refunds: readonly RefundGiven[]) => ReturnType<ServerShop['refund']>;
  readonly devices: ServerShop['devices'];
  readonly close: () => Promise<void>;
}

/** A server over its database, in this process. */
export interface OpenServer {
  readonly server: RegularsServer;
  readonly shop: string;
  readonly kept: KeptKey;
  readonly keys: KeysOfShop;
  /** The database, as a person calls it. */
  readonly is: string;
  readonly answers: () => Promise<void>;
  /** Says where it answers, to commands that are called beside it. */
  readonly tell: (url: string) => void;
  /** Takes away what is over; makes bases of what is old. */
  readonly tidy: () => Promise<void>;
  readonly close: () => Promise<void>;
}

type Options = Omit<RegularsServerOptions, 'database' | 'keys' | 'authorize'> & {
  readonly authorize?: (keys: KeysOfShop, shop: string) => RegularsServerOptions['authorize'];
};

const MARK = '!key';

/** Opens a shop in this process. */
export async function openServer(
  { data, databaseUrl, shop: named }: ShopPlace,
  { authorize, ...options }: Options = {},
): Promise<OpenServer> {
  // before anything is made for somebody who has not said whose it is
  shopIn(data, named);
  const taken = databaseUrl === undefined ? takeFolder(data) : undefined;
  try {
    const kept = keyIn(data, process.env['REGULARS_KEY']);
    const shop = shopIn(data, named);
    const keys = keysOf(kept.key, shop);
    const opened = await openDatabase({ data, databaseUrl });
    const { database } = opened;
    // what was written with another key would be nobody's
    const mark = Buffer.from(keys.mark).toString('base64url');
    const before = await database.notes.get(shop, MARK, 0);
    if (before !== undefined && before !== mark) {
      await opened.close();
      throw new Exit(
        1,
        `The shop "${shop}" in the database ${opened.is} was made with another key.`,
      );
    }
    if (before === undefined) await database.notes.put(shop, MARK, mark, Number.MAX_SAFE_INTEGER);
    const server = createRegularsServer({
      ...options,
      database,
      authorize: authorize?.(keys, shop) ?? (() => undefined),
      keys: (id) => (id === shop ? { key: keys.shop, seal: [keys.seal] } : undefined),
    });
    return {
      ...{ server, shop, kept, keys, is: opened.is },
      answers: async () => void (await database.head(shop)),
      tell: (url) => taken?.tell(url),
      tidy: async () => {
        await database.notes.sweep(Date.now());
        await server.shop(shop).compact();
      },
      close: async () => {
        await server.close();
        await opened.close();
        taken?.letGo();
      },
    };
  } catch (error) {
    taken?.letGo();
    throw error;
  }
}

const STARTING_MS = 30_000;

/** Where a folder is served from; undefined where it is not. One that is just starting is waited for. */
async function urlOf(folder: string): Promise<string | undefined> {
  for (let waited = 0; ; waited += 200) {
    const url = servingFrom(folder)?.url;
    if (url !== '') return url;
    if (waited > STARTING_MS) throw new Exit(1, `A server is starting from ${folder}; try again.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Opens a shop for a command: through the server that has its folder, if one runs, since nobody else may open that. */
export async function openShop(place: ShopPlace): Promise<ShopDoor> {
  const url =
    place.server ?? (place.databaseUrl === undefined ? await urlOf(place.data) : undefined);
  if (url !== undefined)
    return remoteShop(url, keyIn(place.data, process.env['REGULARS_KEY'], 'kept').key);
  const opened = await openServer(place);
  const shop = opened.server.shop(opened.shop);
  return { name: opened.shop, ...shop, close: opened.close };
}

const TIMEOUT_MS = 60_000;

/** A shop behind the address of `regulars serve`. */
function remoteShop(url: string, key: string): ShopDoor {
  const base = `${url.replace(/\/+$/, '').replace(/\/regulars$/, '')}/regulars/shop/v1/`;
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(base + path, {
      ...{ method, signal: AbortSignal.timeout(TIMEOUT_MS) },
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      const { cause = error } = error as { readonly cause?: unknown };
      const { code, message } = cause as { readonly code?: string; readonly message?: string };
      throw new Exit(1, `Nobody answers at ${url} (${code ?? message ?? 'no reason given'}).`);
    });
    const read: unknown = await response.json().catch(() => undefined);
    if (response.ok && read !== undefined) return read as T;
    if (response.status === 401) throw new Exit(1, `The server at ${url} has another key.`);
    const { title } = (read ?? {}) as { readonly title?: string };
    throw new Exit(
      1,
      `The server at ${url} said ${String(response.status)}: ${title ?? 'no answer of regulars serve'}`,
    );
  };
  return {
    name: url,
    record: (purchases, options) => call('POST', 'purchases', { purchases, options }),
    refund: (refunds) => call('POST', 'refunds', { refunds }),
    devices: {
      add: (device = {}) => call('POST', 'devices', device),
      list: () => call('GET', 'devices'),
      revoke: async (id) =>
        (await call<{ readonly revoked: boolean }>('POST', 'devices/revoke', { id })).revoked,
    },
    close: async () => undefined,
  };
}
