import { RegularsError } from '../kernel/errors.js';
import { uuidV7 } from '../kernel/ids.js';
import { purchaseRecordId } from '../profile/read-purchase.js';
import type { RecordData } from '../profile/types.js';
import { commit } from './append.js';
import type { Core } from './core.js';
import type { RecordOutcome, RefundGiven } from './types.js';

type Refund = RecordData['refund'];

/** Remembers what came back of an order of the customer here. The same again is one, also where neither says when. */
export async function recordRefund(
  core: Core,
  given: RefundGiven,
  subject: string,
): Promise<RecordOutcome> {
  const { clock, options, state, vault } = core;
  const refund = readRefund(given, vault.env().now);
  const order = state.card?.purchases.find(
    ({ id, refs }) => id === refund.purchase || refs?.includes(refund.purchase),
  );
  // less money than it cost is not all of it, though nobody says which
  const inPart = typeof given.total === 'number' && given.total < (order?.total ?? Infinity);
  const data: Refund = { ...refund, ...(!refund.lines && inPart && { lines: [] }) };
  const named = given.at === undefined || given.at === null ? { ...data, at: 0 } : data;
  const id = (await purchaseRecordId(options.shop, named)) ?? uuidV7(clock.now(), core.random);
  const by = `device:${vault.device().id}`;
  return commit(core, [{ id, subject, kind: 'refund', by, data }]);
}

function readRefund({ at, lines, purchase }: RefundGiven, now: number): Refund {
  const problem = (what: string): RegularsError =>
    new RegularsError('ERR_PURCHASE_INVALID', `The refund was not recorded: ${what}.`);
  const id: unknown = purchase;
  const time = typeof at === 'string' ? Date.parse(at) : (at ?? now);
  if (typeof id !== 'string' || id === '') throw problem('it does not say of which purchase');
  if (!(time >= 0 && time <= 8.64e15)) throw problem('at is no time');
  if (lines !== undefined && !Array.isArray(lines)) throw problem('lines is no list');
  const back = (
    lines as readonly { readonly sku: unknown; readonly quantity?: unknown }[] | undefined
  )?.map(({ sku, quantity = 1 }) => ({ sku, quantity }));
  for (const { sku, quantity } of back ?? [])
    if (typeof sku !== 'string' || typeof quantity !== 'number' || !(quantity > 0))
      throw problem('a line needs a sku, and a quantity above 0');
  return {
    ...{ purchase: id, at: Math.floor(time) },
    ...(back && { lines: back as NonNullable<Refund['lines']> }),
  };
}
