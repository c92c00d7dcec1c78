import { RegularsError } from '../kernel/errors.js';
import { uuidV7 } from '../kernel/ids.js';
import type { Identifiers } from '../identity/types.js';
import {
  inChunks,
  NO_COUNTS,
  type ImportOptions,
  type ImportProgress,
} from '../profile/in-chunks.js';
import type { PurchaseInput } from '../profile/types.js';
import type { ImportDefaults, PurchaseSetAside } from '../formats/read-imported.js';
import { compact, type Compacted } from './compact.js';
import { tokensIn, type Context } from './context.js';
import { addDevice, listDevices, type DeviceAdded, type DeviceInfo } from './devices.js';
import { poke } from './poke.js';
import { answerTicket } from './proofs.js';
import { findOne } from './read-people.js';
import {
  recordOrders,
  recordRefunds,
  type Recorded,
  type RecordOptions,
  type RefundGiven,
} from './record.js';
import type { ShopHere } from './shop-keys.js';
import {
  greet,
  recommend,
  type GreetContext,
  type Greeted,
  type OfferContext,
  type Offered,
} from './speak.js';
import { erasingOf } from './stored.js';

/** What came of importing orders. */
export interface ServerImported extends ImportProgress {
  /** The first hundred that were passed over; `skipped` counts all. */
  readonly setAside: readonly PurchaseSetAside[];
}

/** One shop of a server, for the host's own code: webhooks, pages that are rendered on a server, mails, scripts. */
export interface ServerShop {
  /**
   * Takes in orders with their customers, as parsers of `formats` give them. The same order again appends nothing, so a webhook may
   * come twice. With `carryToken` they are of whoever's page made that.
   */
  readonly record: (
    purchases: readonly PurchaseInput[],
    options?: RecordOptions,
  ) => Promise<Recorded>;
  /** Takes in what came back of orders that were recorded here. */
  readonly refund: (
    refunds: readonly RefundGiven[],
  ) => Promise<
    Pick<Recorded, 'appended' | 'duplicates' | 'refused'> & { readonly skipped: number }
  >;
  /** Takes in a shop's orders of years, chunk by chunk; run again after it was stopped, it appends nothing twice. */
  readonly import: (
    purchases: Iterable<PurchaseInput> | AsyncIterable<PurchaseInput>,
    options?: ImportOptions & ImportDefaults,
  ) => Promise<ServerImported>;
  /** What to say to somebody, and their usual. What it gives is theirs: never keep it in a cache that others read. */
  readonly greet: (who: Identifiers, context?: GreetContext) => Promise<Greeted>;
  /** What to offer somebody. */
  readonly recommend: (who: Identifiers, context?: OfferContext) => Promise<Offered>;
  /** Forgets the one customer whom these lead to, here and on every device. False where they lead to nobody, or to several. */
  readonly forget: (who: Identifiers) => Promise<boolean>;
  /** What the customer's phone calls after its own sign-in as `account`, with what a QR showed. False for a ticket that is over. */
  readonly confirm: (ticket: string, account: string) => Promise<boolean>;
  /** "That was not me", on the customer's phone. */
  readonly refuse: (ticket: string) => Promise<boolean>;
  /** Makes bases of what lies behind the horizon: once a night, say. */
  readonly compact: (options?: { readonly signal?: AbortSignal }) => Promise<Compacted>;
  /** Kiosks and tills. */
  readonly devices: {
    /** Adds one; it trades the code for its key, once, within a day. */
    readonly add: (device?: { readonly place?: string }) => Promise<DeviceAdded>;
    /** All of them, those that were ended too. */
    readonly list: () => Promise<readonly DeviceInfo[]>;
    /** Ends its key for ever. False when there is none of this id. */
    readonly revoke: (id: string) => Promise<boolean>;
  };
}

const ASIDE = 100;
/** How long one chunk of an import may take, ms: nobody waits for it. */
const CHUNK_MS = 250;

/** One shop, by its id. Its keys are asked for with each call. */
export function createServerShop(context: Context, id: string): ServerShop {
  const here = async (): Promise<ShopHere> => {
    const shop = await context.shop(id);
    if (!shop) throw new RegularsError('ERR_OPTIONS_INVALID', `There are no keys of shop "${id}".`);
    return shop;
  };
  return {
    record: async (purchases, options = {}) =>
      recordOrders(context, await here(), purchases, options),
    refund: async (refunds) => recordRefunds(context, await here(), refunds),
    import: async (purchases, options = {}) =>
      importOrders(context, await here(), purchases, options),
    greet: async (who, around = {}) => greet(context, await here(), who, around),
    recommend: async (who, around = {}) => recommend(context, await here(), who, around),
    forget: async (who) => forget(context, await here(), who),
    confirm: async (ticket, account) => answerTicket(context, await here(), ticket, account),
    refuse: async (ticket) => answerTicket(context, await here(), ticket, undefined),
    compact: async (options) => compact(context, await here(), options),
    devices: {
      add: async ({ place } = {}) => addDevice(context, await here(), place),
      list: async () => listDevices(context, await here()),
      revoke: (device) => context.database.devices.revoke(id, device),
    },
  };
}

async function importOrders(
  context: Context,
  shop: ShopHere,
  purchases: Iterable<PurchaseInput> | AsyncIterable<PurchaseInput>,
  options: ImportOptions & ImportDefaults,
): Promise<ServerImported> {
  const setAside: PurchaseSetAside[] = [];
  let index = 0;
  const progress = await inChunks(
    purchases,
    async (items, _isLast, timed) => {
      const from = index;
      index += items.length;
      const { skipped, ...counts } = await timed(() => recordOrders(context, shop, items, options));
      for (const one of skipped)
        if (setAside.length < ASIDE) setAside.push({ ...one, index: from + one.index });
      return { ...NO_COUNTS, ...counts, skipped: skipped.length };
    },
    { chunkMs: CHUNK_MS, ...options },
    context.clock,
  );
  return { ...progress, setAside };
}

async function forget(context: Context, shop: ShopHere, who: Identifiers): Promise<boolean> {
  const { database, clock, random } = context;
  const normal = Object.entries(who).flatMap(([type, value]) => shop.normal(type, value) ?? []);
  const tokens = await tokensIn(shop, normal);
  const found = await findOne(database, shop, tokens);
  if (!found) return false;
  const id = uuidV7(clock.now(), random);
  const erasing = await erasingOf(shop, { id, subjects: found.group });
  await database.append(shop.id, { records: [], erasing: [erasing] });
  await poke({ context, shop }, found.group);
  return true;
}
