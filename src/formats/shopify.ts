import { collect, readJson, unwrap } from './orders.js';
import { first, instant, number, text, type Loose } from './read.js';
import { ordersOfCsv } from './shopify-csv.js';
import { camel, idOf, nodes } from './shopify-nodes.js';
import { readOrder } from './shopify-order.js';
import { withRefunds } from './take-back.js';
import type { ParsedOrders, ParsedRefund, ParseOptions } from './types.js';

export type * from './types.js';

/** Where orders lie, in this order; a customer's are read with the customer. */
const WRAPPERS = ['data', 'orders', 'order', 'customer', 'nodes', 'edges', 'node'];

/**
 * Reads orders of Shopify: Admin REST and its webhooks `orders/*`, the Admin, Customer Account and Storefront GraphQL APIs, and the CSV files
 * of the admin, Transporter and Matrixify. An order has the same id in all of the APIs. Unlike `refunds[]` of an order, a webhook
 * `refunds/create` gives a refund of an order that is elsewhere. Test orders, drafts and checkouts are skipped.
 * @example parseShopify({ id: 1001, financial_status: 'paid', line_items: [{ sku: 'LAT-12' }] }).purchases
 */
export function parseShopify(input: unknown, options: ParseOptions = {}): ParsedOrders {
  const found = collect();
  const json = readJson(input);
  if (json === undefined && typeof input === 'string') {
    const orders = ordersOfCsv(input);
    if (orders.length === 0) found.skip('not-an-order', '');
    for (const [order, where] of orders)
      if (text(order['id'])) found.add(readOrder(order, {}, options, 'web'));
      else found.skip('no-id', where);
  } else
    for (const [raw, where, around] of unwrap(json, WRAPPERS, (one) => isOrder(camel(one)))) {
      const order = camel(raw);
      const { id, legacyResourceId, orderId, refundLineItems } = order;
      if (orderId && refundLineItems) {
        const refund = refundOf(order);
        if (refund) found.refunds.push(refund);
        else found.skip('no-id', where);
      } else if (!isOrder(order)) found.skip('not-an-order', where);
      else if (order['test'] === true) found.skip('test', where);
      else if (!idOf(legacyResourceId, id)) found.skip('no-id', where);
      else found.add(readOrder(order, 'orders' in around ? camel(around) : {}, options));
    }
  return withRefunds(found);
}

const isOrder = (order: Loose): boolean =>
  // a checkout and a draft have both of these, an order none
  !('completedAt' in order || 'invoiceUrl' in order) &&
  ['lineItems', 'totalPrice', 'totalPriceSet', 'financialStatus', 'displayFinancialStatus'].some(
    (field) => field in order,
  );

/** The body of a webhook `refunds/create`. */
function refundOf(refund: Loose): ParsedRefund | undefined {
  const id = idOf(refund['orderId']);
  const lines = nodes(refund['refundLineItems']).flatMap(({ lineItem, quantity }) => {
    const { sku, variantId, productId } = camel(lineItem);
    const code = first(sku, idOf(variantId, productId));
    const count = number(quantity) ?? 1;
    return code !== undefined && count > 0 ? [{ sku: code, quantity: count }] : [];
  });
  return id === undefined
    ? undefined
    : {
        purchase: `shopify:${id}`,
        at: instant(refund['processedAt'] ?? refund['createdAt']),
        lines,
      };
}
