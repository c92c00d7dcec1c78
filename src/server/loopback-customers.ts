import type { RawIdentifier } from '../identity/port.js';
import type { Identifiers } from '../identity/types.js';
import type { Clock, Random } from '../kernel/clock.js';
import { randomId, uuidV7 } from '../kernel/ids.js';
import type { Json } from '../kernel/json.js';
import { nextStamp, type Stamp } from '../kernel/stamp.js';
import { readPurchase } from '../profile/read-purchase.js';
import type { ProfileRecord, PurchaseInput, RecordDraft } from '../profile/types.js';
import { hide, hideFar, type ServerLinkData } from './secret-notes.js';
import type { ShopHere } from './shop-keys.js';

/** A customer that a shop knows. */
export interface LoopbackCustomer {
  /** What identifies them; each is verified. */
  readonly identifiers: Identifiers;
  /** First name. */
  readonly name?: string;
  /** They allowed "greet me by my number". @defaultValue false */
  readonly greetByNumber?: boolean;
  /** Facts by key: `{ address: '1 Pine St' }`. */
  readonly facts?: { readonly [key: string]: Json };
  readonly purchases?: readonly PurchaseInput[];
  /** Records as they are, of one customer: an export of theirs. */
  readonly records?: readonly ProfileRecord[];
}

/** The log of a customer, as a server that has known them for long would have it. */
export async function recordsOfCustomer(
  { identifiers, name, greetByNumber = false, facts = {}, ...given }: LoopbackCustomer,
  shop: ShopHere,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<readonly ProfileRecord[]> {
  const { purchases = [], records = [] } = given;
  const at = clock.now();
  const subject = randomId(random);
  const draft = <K extends RecordDraft['kind']>(
    kind: K,
    data: Extract<RecordDraft, { readonly kind: K }>['data'],
  ): RecordDraft => ({ id: uuidV7(at, random), subject, kind, by: 'import', data }) as RecordDraft;
  const fact = ([key, value]: readonly [string, Json]): RecordDraft =>
    draft('fact', { key, value, at, source: 'customer', purpose: 'remember' });

  const known = Object.entries(identifiers).flatMap(([type, value]) =>
    value === undefined || value === null ? [] : (shop.normal(type, value) ?? []),
  );
  const links = await Promise.all(
    known.map(async (one) => draft('link', await linkTo(one, at, shop))),
  );
  const defaults = { now: at, channel: 'web', keepNotes: false } as const;
  const drafts = [
    ...links,
    ...(name === undefined ? [] : [fact(['name.given', name])]),
    ...(greetByNumber ? [fact(['greet-by-number', true])] : []),
    ...Object.entries(facts).map(fact),
    ...purchases.map((input) => draft('purchase', readPurchase(input, defaults).purchase)),
  ];
  let last: Stamp | undefined;
  const made = drafts.map((one): ProfileRecord => {
    last = nextStamp(last, at, '0'.repeat(32));
    return { ...one, shop: shop.id, stamp: last };
  });
  return [...records.map((record) => ({ ...record, subject })), ...made];
}

async function linkTo(
  { type, value }: RawIdentifier,
  at: number,
  shop: ShopHere,
): Promise<ServerLinkData> {
  return {
    ...{ type, token: await shop.token({ type, value }), level: 'verified', method: 'import', at },
    ...(type === 'account' && { hidden: await hide(shop, value) }),
    far: await hideFar(shop, { type, value }),
  };
}
