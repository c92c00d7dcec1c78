import type { RawIdentifier } from '../identity/port.js';
import type { Asked, Context } from './context.js';
import type { ShopHere } from './shop-keys.js';

const WINDOW_MS = 10 * 60_000;

/**
 * Counts one more of something that guessing is made of, for all processes; how long until it is allowed again, ms: 0 where it is.
 * Each identifier and each device is counted, known or not.
 */
export async function limitedFor(
  { context, shop, device }: Asked,
  what: string,
  who: readonly RawIdentifier[],
): Promise<number> {
  const { perDevice, perIdentifier } = context.limits;
  const counts = [
    countOne(context, shop, [what, device], perDevice),
    ...who.map(({ type, value }) => countOne(context, shop, [what, type, value], perIdentifier)),
  ];
  return Math.max(...(await Promise.all(counts)));
}

/** Counts one more of what a name stands for, which is not kept as it is. */
export async function countOne(
  { database, clock }: Context,
  shop: ShopHere,
  name: readonly string[],
  times: number,
): Promise<number> {
  const now = clock.now();
  // a window that is the same for all: how much of it is left need not be kept
  const end = (Math.floor(now / WINDOW_MS) + 1) * WINDOW_MS;
  const key = `count:${await shop.mac('!note', JSON.stringify(name))}`;
  const count = await database.notes.count(shop.id, key, now, end);
  return count > times ? end - now : 0;
}
