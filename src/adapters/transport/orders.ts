import type { RawIdentifier } from '../../identity/port.js';
import { RegularsError } from '../../kernel/errors.js';
import type { Purchase, PurchaseInput } from '../../profile/types.js';
import { SyncFailure, type OrdersTransport, type SyncCall } from '../../sync/port.js';
import { failureOf, listOf, membersOf, reached, resultOf } from './answer.js';

export { jsonOf } from './answer.js';

/** How a shop's own orders are reached. */
export interface OrdersOptions {
  /**
   * The orders of `who`, whom this page takes for signed in: a list of them, what a parser of `regulars/formats` gives, or the
   * `Response` of `fetch` where its JSON is that. `since` is in ms and lies 30 days before the newest order known here, so that what was
   * cancelled or came late meanwhile is seen: a backend that can filter spares itself the rest.
   */
  readonly list: (
    who: readonly RawIdentifier[],
    since: number | undefined,
    call: SyncCall,
  ) => Promise<
    | readonly PurchaseInput[]
    | { readonly purchases: readonly PurchaseInput[] }
    | { readonly orders: readonly PurchaseInput[] }
    | Response
  >;
  /**
   * Takes an order that was made on this device, for shops that learn of it here and nowhere else. It may come twice: the id is the
   * same. A `Response` may be given back: 409 says that the order was there already.
   * @defaultValue nothing leaves the device
   */
  readonly send?: (purchase: Purchase, call: SyncCall) => Promise<unknown>;
  /** Short name for status and errors. @defaultValue 'orders' */
  readonly name?: string;
}

/**
 * A shop's existing order API as all there is of sync: whoever signs in has their orders on every device, and the shop keeps nothing new.
 * Unlike the other transports it carries orders only: answers, corrections and a visit's dismissals stay on the device.
 * @example
 * syncOver(orders({ list: (who, since, { signal }) => fetch('/api/my-orders', { signal }) }));
 */
export function orders(options: OrdersOptions): OrdersTransport {
  const { list, send, name = 'orders' } = options;
  return {
    name,
    kind: 'orders',
    list: async (who, since, call) => {
      const answer = await reached(() => list(who, since, call));
      const given = await resultOf(answer);
      const { purchases, orders: under } = membersOf(given);
      const found: unknown = Array.isArray(given) ? given : (purchases ?? under);
      // of an answer it is somebody else's; of code on the page a mistake, which is told
      if (!Array.isArray(found) && !(answer instanceof Response))
        throw new RegularsError('ERR_OPTIONS_INVALID', '`list` of `orders` gave no list.');
      // they are of whoever is signed in, whatever address was typed at the check-out
      return listOf(found).map((order) => {
        const { customer: _, ...rest } = membersOf(order);
        return rest as unknown as PurchaseInput;
      });
    },
    ...(send && {
      send: async (purchase, call) => {
        const given = await reached(() => send(purchase, call));
        if (!(given instanceof Response) || given.ok || given.status === 409) return;
        throw failureOf(given);
      },
    }),
  };
}

export { SyncFailure };
