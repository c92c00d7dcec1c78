import { isIP } from 'node:net';
import type { Values } from './typed.js';
import { misused } from './exit.js';
import type { TokenClaims } from './serve-authorize.js';

/** Where a shop is: in a folder, in a database, or behind an address. */
export interface ShopPlace {
  /** Folder of the key, and of the embedded database. */
  readonly data: string;
  readonly databaseUrl: string | undefined;
  /** Address of a server that runs: it is asked instead. */
  readonly server: string | undefined;
  /** Undefined where the folder says it. */
  readonly shop: string | undefined;
}

/** How a server is started. */
export interface ServeArguments {
  readonly at: ShopPlace;
  readonly host: string;
  readonly port: number;
  /** Pages that may call beside those on this machine. */
  readonly origins: readonly string[];
}

/** What is done with devices. */
export type DeviceArguments = { readonly at: ShopPlace } & (
  | { readonly act: 'add'; readonly place: string | undefined }
  | { readonly act: 'list'; readonly json: boolean }
  | { readonly act: 'revoke'; readonly id: string }
);

/** What a token is to say. */
export interface TokenArguments {
  readonly at: ShopPlace;
  readonly claims: TokenClaims;
  readonly minutes: number;
}

const DATA = './regulars-data';
const PORT = 8787;
const MINUTES = 60;
/** A day: what a page holds is to be worth little once it is lost. */
const MOST_MINUTES = 1440;

/** Where the shop is that was named; `undefined` members are the folder's to say. */
export function readPlace(values: Values): ShopPlace {
  const { data = DATA, server, shop } = values;
  const databaseUrl = values['database-url'] ?? process.env['REGULARS_DATABASE_URL'];
  if (data === '') throw misused('--data needs a folder.');
  if (shop === '') throw misused('--shop needs a name.');
  if (server !== undefined && values['database-url'] !== undefined)
    throw misused('--server and --database-url are two places.');
  if (server !== undefined && !/^https?:\/\/./.test(server))
    throw misused(`--server takes an address as http://127.0.0.1:${PORT}, not "${server}".`);
  return { data, databaseUrl: databaseUrl === '' ? undefined : databaseUrl, server, shop };
}

/** Reads what was typed after `serve`. */
export function readServe(rest: readonly string[], values: Values): ServeArguments {
  if (rest[0] !== undefined) throw misused(`serve takes no "${rest[0]}"; --data names the folder.`);
  const { host = '127.0.0.1', port = String(PORT), origin = [] } = values;
  const number = Number(port);
  if (!/^\d+$/.test(port) || number > 65_535)
    throw misused(`--port takes a number up to 65535, not "${port}".`);
  // digits and dots are no name that anybody could be asked for; without any it would listen everywhere
  if (host === '' || (/^[\d.]+$/.test(host) && isIP(host) === 0))
    throw misused(`--host takes an address of this machine as 127.0.0.1, not "${host}".`);
  const wrong = origin.find((one) => !URL.canParse(one) || new URL(one).origin !== one);
  if (wrong !== undefined)
    throw misused(`--origin takes an address as https://shop.example, not "${wrong}".`);
  return { at: readPlace(values), host, port: number, origins: origin };
}

/** Reads what was typed after `device`. */
export function readDevice(rest: readonly string[], values: Values): DeviceArguments {
  const [act, id, ...more] = rest;
  const at = readPlace(values);
  const { place, json = false } = values;
  if (act !== 'add' && act !== 'list' && act !== 'revoke')
    throw misused('device is followed by add, list or revoke.');
  if (place !== undefined && act !== 'add') throw misused(`device ${act} has no option --place.`);
  if (json && act !== 'list') throw misused(`device ${act} has no option --json.`);
  const extra = act === 'revoke' ? more[0] : id;
  if (extra !== undefined) throw misused(`device ${act} takes no "${extra}".`);
  if (place === '') throw misused('--place needs an id.');
  if (act === 'add') return { at, act, place };
  if (act === 'list') return { at, act, json };
  if (id === undefined) throw misused('device revoke needs the id that device list shows.');
  return { at, act, id };
}

/** Reads what was typed after `token`. */
export function readToken(rest: readonly string[], values: Values): TokenArguments {
  if (rest[0] !== undefined) throw misused(`token takes no "${rest[0]}".`);
  const { account, role, email, phone, scope = 'self', minutes = String(MINUTES) } = values;
  if (scope !== 'self' && scope !== 'look-up' && scope !== 'staff')
    throw misused(`--scope is self, look-up or staff; not "${scope}".`);
  if (scope === 'self' && !account) throw misused('token needs --account: whom it is for.');
  if (scope === 'staff' && !role) throw misused('--scope staff needs a --role.');
  const number = Number(minutes);
  if (!Number.isInteger(number) || number < 1 || number > MOST_MINUTES)
    throw misused(`--minutes takes a number from 1 to ${MOST_MINUTES}, not "${minutes}".`);
  const claims: TokenClaims = {
    scope,
    ...(account !== undefined && { account }),
    ...(role !== undefined && { role }),
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
  };
  return { at: readPlace(values), claims, minutes: number };
}
