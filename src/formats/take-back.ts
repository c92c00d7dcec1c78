import { isAllBack, type Collector } from './orders.js';
import type { ParsedOrders, ParsedPurchase, ParsedRefund } from './types.js';

/** All that was found; refunds of orders that are here are worked into their lines and status, the same refund once. */
export function withRefunds(found: Collector): ParsedOrders {
  const refunds = new Map(found.refunds.map((refund) => [JSON.stringify(refund), refund]));
  const left = [...refunds.values()].filter((refund) => {
    const purchase = found.purchases.get(refund.purchase);
    if (purchase) found.purchases.set(purchase.id, takeBack(purchase, refund));
    return !purchase;
  });
  return { ...found.done(), refunds: left };
}

function takeBack(purchase: ParsedPurchase, { lines: named, total }: ParsedRefund): ParsedPurchase {
  const inPart = total !== undefined && total < (purchase.total ?? 0);
  const back = named ?? (inPart ? [] : undefined);
  const left = new Map<string, number>();
  for (const { sku, quantity } of back ?? []) left.set(sku, (left.get(sku) ?? 0) + quantity);
  const lines = purchase.lines.map((line) => {
    const { name, quantity, refundedQuantity = 0, sku } = line;
    const asked = back ? (left.get(sku ?? name) ?? 0) : quantity;
    const taken = Math.min(asked, quantity - refundedQuantity);
    left.set(sku ?? name, asked - taken);
    return taken > 0 ? { ...line, refundedQuantity: refundedQuantity + taken } : line;
  });
  const status = !back || isAllBack(lines) ? 'refunded' : 'partially_refunded';
  return {
    ...purchase,
    lines,
    status: purchase.status === 'cancelled' ? 'cancelled' : status,
  };
}
