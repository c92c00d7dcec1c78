import { toBase64url } from '../kernel/base64url.js';
import type { Random } from '../kernel/clock.js';
import { randomId } from '../kernel/ids.js';
import type { Asked, Context } from './context.js';
import { countOne } from './limits.js';
import type { ShopDevice } from './port.js';
import type { ShopHere } from './shop-keys.js';
import type { Authorized } from './types.js';
import { no, readJson, yes, type Answer } from './wire.js';

const BODY_BYTES = 4_096;
const MINUTE_MS = 60_000;
const CODE_MS = 24 * 60 * MINUTE_MS;
/** Codes that may be tried in ten minutes, in all of a shop. */
const TRIES = 30;

/** A device, as the shop is told of it. */
export type DeviceInfo = Omit<ShopDevice, 'keyHash' | 'codeHash' | 'codeUntil'> & {
  /** Whether it has traded its code. */
  readonly enrolled: boolean;
};

/** What a new device is given. */
export interface DeviceAdded {
  readonly id: string;
  /** To be typed at the device, once, within a day. */
  readonly code: string;
}

/** No 0 and O, no 1, I and L: it is read from one screen and typed at another. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 12;

function newCode(random: Random): string {
  let code = '';
  while (code.length < CODE_LENGTH)
    for (const byte of random(CODE_LENGTH))
      // each as likely as the others
      if (byte < 240 && code.length < CODE_LENGTH) code += LETTERS[byte % LETTERS.length] ?? '';
  return code.replace(/(.{4})(?=.)/g, '$1-');
}

/** What stands before the dot says which shop: whoever shows it is authorized by what stands behind. */
const named = (shop: string, secret: string): string => `${encodeURIComponent(shop)}.${secret}`;

function readNamed(text: string): { readonly shop: string; readonly secret: string } | undefined {
  const at = text.lastIndexOf('.');
  try {
    return at <= 0 || text.length > 1_024
      ? undefined
      : { shop: decodeURIComponent(text.slice(0, at)), secret: text.slice(at + 1) };
  } catch {
    return undefined; // no address ever looked like this
  }
}

/** However it was typed. */
const plain = (code: string): string => code.toUpperCase().replace(/[^0-9A-Z]/g, '');

/** Adds a device of the shop; it is let in by its code. */
export async function addDevice(
  { database, clock, random }: Context,
  shop: ShopHere,
  place: string | undefined,
): Promise<DeviceAdded> {
  const code = newCode(random);
  const id = randomId(random);
  await database.devices.put(shop.id, {
    ...{ id, codeHash: await shop.mac('!code', plain(code)), codeUntil: clock.now() + CODE_MS },
    ...(place !== undefined && { place }),
  });
  return { id, code: named(shop.id, code) };
}

/** The devices of a shop. */
export async function listDevices(
  { database }: Context,
  shop: ShopHere,
): Promise<readonly DeviceInfo[]> {
  const devices = await database.devices.list(shop.id);
  return devices.map(({ keyHash, codeHash: _, codeUntil: __, ...device }) => ({
    ...device,
    enrolled: keyHash !== undefined,
  }));
}

/** `POST devices`: trades a code for a key, once. Nobody is signed in yet: the code says who it is. */
export async function enroll(context: Context, request: Request): Promise<Answer> {
  const read = await readJson(request, BODY_BYTES);
  if ('problem' in read) return read;
  const { code, version } = read.value;
  const given = typeof code === 'string' ? readNamed(code.trim()) : undefined;
  const shop = given && (await context.shop(given.shop));
  if (!given || !shop) return no('auth', { title: 'This code is not known, or over.' });
  const retryAfterMs = await countOne(context, shop, ['enroll'], TRIES);
  if (retryAfterMs > 0) return no('rate', { retryAfterMs });
  const { database, clock, random } = context;
  const key = named(shop.id, toBase64url(random(32)));
  const device = await database.devices.enroll(
    shop.id,
    await shop.mac('!code', plain(given.secret)),
    await shop.mac('!code', key),
    clock.now(),
  );
  if (!device) return no('auth', { title: 'This code is not known, or over.' });
  await database.devices.seen(shop.id, device.id, {
    seenAt: clock.now(),
    ...(isVersion(version) && { version }),
  });
  return yes({ key, ...(device.place !== undefined && { place: device.place }) });
}

const isVersion = (value: unknown): value is string =>
  typeof value === 'string' && /^[\x20-\x7e]{1,64}$/.test(value);

/** Who shows a device's key; undefined for a key that is none, or no more. */
export async function deviceBy(
  context: Context,
  request: Request,
  seen: Map<string, number>,
): Promise<Authorized | undefined> {
  const [, key = ''] = /^Device (\S+)$/.exec(request.headers.get('Authorization') ?? '') ?? [];
  const given = readNamed(key);
  const shop = given && (await context.shop(given.shop));
  if (!shop) return undefined;
  const device = await context.database.devices.byKey(shop.id, await shop.mac('!code', key));
  if (!device || device.revoked === true) return undefined;
  const { id, place, version, oldestUnsent } = device;
  const now = context.clock.now();
  const name = JSON.stringify([shop.id, id]);
  if (now - (seen.get(name) ?? -Infinity) >= MINUTE_MS) {
    seen.set(name, now);
    await context.database.devices.seen(shop.id, id, {
      seenAt: now,
      ...(version !== undefined && { version }),
      ...(oldestUnsent !== undefined && { oldestUnsent }),
    });
  }
  return {
    ...{ shop: shop.id, scope: 'device', device: id },
    ...(place !== undefined && { place }),
  };
}

/** Keeps what a device says of itself with a push. */
export async function noteDevice({ context, shop, who }: Asked, said: unknown): Promise<void> {
  const { scope, device } = who;
  if (scope !== 'device' || device === undefined || said === undefined) return;
  const { version, oldestUnsent } = Object(said) as { readonly [member: string]: unknown };
  await context.database.devices.seen(shop.id, device, {
    seenAt: context.clock.now(),
    ...(isVersion(version) && { version }),
    ...(isTime(oldestUnsent) && { oldestUnsent }),
  });
}

/** A time that any database can keep. */
const isTime = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;
