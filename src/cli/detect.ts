import { partOfJson } from './part-of-json.js';

/** A shop system whose orders are read. */
export type Vendor =
  | 'ga4'
  | 'segment'
  | 'shopify'
  | 'woocommerce'
  | 'square'
  | 'stripe'
  | 'magento'
  | 'bigcommerce'
  | 'toast'
  | 'deliverect'
  | 'schema-org';

/** What the orders are written in: `purchases` are those that `record` takes. */
export type OrderFormat = Vendor | 'purchases';

/** How the text is built. */
export type Shape =
  /** One JSON value, or several one after the other. */
  | 'json'
  /** A JSON value a line. */
  | 'lines'
  | 'csv';

/** What a file begins with. */
export type Detected =
  | { readonly kind: 'export' }
  | { readonly kind: 'orders'; readonly format: OrderFormat; readonly shape: Shape }
  /** `seen` says what it looks like, in words for a person. */
  | { readonly kind: 'unknown'; readonly seen: string };

type Loose = { readonly [key: string]: unknown };
type Sign = (node: Loose) => boolean;

const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first thing of a list, also of one in GraphQL's edges. */
function firstOf(value: unknown): Loose {
  const list: unknown = isObject(value) ? (value['edges'] ?? value['nodes']) : value;
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  const node = isObject(first) && isObject(first['node']) ? first['node'] : first;
  return isObject(node) ? node : {};
}

const has =
  (...names: readonly string[]): Sign =>
  (node) =>
    names.every((name) => Object.hasOwn(node, name));
const any =
  (...names: readonly string[]): Sign =>
  (node) =>
    names.some((name) => Object.hasOwn(node, name));
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What only a vendor's payloads have; the first that fits stands. */
const SIGNS: readonly (readonly [format: OrderFormat, sign: Sign])[] = [
  ['schema-org', any('@context', '@graph', '@type')],
  [
    'stripe',
    ({ object }) =>
      /^(?:event|list|checkout\.session|payment_intent|charge|refund)$/.test(text(object)),
  ],
  ['segment', (node) => typeof node['event'] === 'string' && isObject(node['properties'])],
  [
    'ga4',
    (node) =>
      any('ecommerce', 'gtm.start', 'transactionProducts')(node) ||
      (node['0'] === 'event' && '1' in node) ||
      (any('client_id', 'app_instance_id')(node) && Array.isArray(node['events'])) ||
      (typeof node['name'] === 'string' && isObject(node['params'])),
  ],
  [
    'shopify',
    (node) =>
      Object.values(node).some((value) => text(value).startsWith('gid://shopify/')) ||
      any('lineItems', 'refund_line_items')(node) ||
      (has('line_items')(node) &&
        any('financial_status', 'total_line_items_price', 'processed_at', 'total_price')(node)),
  ],
  [
    'woocommerce',
    (node) => has('line_items')(node) && any('order_key', 'date_created_gmt', 'date_created')(node),
  ],
  [
    'square',
    (node) =>
      any('loyalty_account', 'loyalty_account_id', 'program_id', 'merchant_id')(node) ||
      (Array.isArray(node['line_items']) &&
        (has('location_id')(node) || any('base_price_money')(firstOf(node['line_items'])))) ||
      (has('location_id')(node) && any('net_amounts', 'total_money', 'returns')(node)),
  ],
  [
    'toast',
    (node) =>
      Array.isArray(node['checks']) ||
      (has('guid', 'entityType')(node) && node['entityType'] === 'Order') ||
      any('number', 'first_name')(firstOf(node['loyalty_accounts'])),
  ],
  [
    'bigcommerce',
    (node) => has('status_id')(node) && any('total_inc_tax', 'date_created', 'currency_code')(node),
  ],
  [
    'magento',
    (node) =>
      any('increment_id', 'order_currency_code', 'base_grand_total')(node) ||
      (has('items')(node) && any('order_date', 'order_number')(node)) ||
      any('product_sku')(firstOf(node['items'])),
  ],
  [
    'deliverect',
    (node) =>
      any('channelOrderId', 'channelOrderDisplayId', 'channelLink')(node) ||
      any('plu')(firstOf(node['items'])),
  ],
  ['purchases', (node) => has('id')(node) && Array.isArray(node['lines'])],
];

const DEEPEST = 9;
const MOST = 5_000;

/** The format whose payload a JSON value is; undefined where it is none that is read. Looks through lists and wrappers, outer things first. */
export function formatOf(value: unknown): OrderFormat | undefined {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    for (const node of level)
      if (isObject(node)) {
        const found = SIGNS.find(([, sign]) => sign(node));
        if (found) return found[0];
      } else if (Array.isArray(node) && node[0] === 'event' && typeof node[1] === 'string')
        return 'ga4'; // gtag('event', 'purchase', …)
    level = level
      .flatMap((node): readonly unknown[] =>
        Array.isArray(node) ? node : isObject(node) ? Object.values(node) : [],
      )
      .filter((node) => typeof node === 'object' && node !== null)
      .slice(0, MOST);
  }
  return undefined;
}

/** The format of a table with these columns. */
function formatOfColumns(columns: readonly string[]): OrderFormat | undefined {
  const names = new Set(columns.map((name) => name.trim().toLowerCase()));
  if ([...names].some((name) => name.startsWith('lineitem '))) return 'shopify';
  if (names.has('order #') && (names.has('product(s)') || names.has('net sales')))
    return 'woocommerce';
  return undefined;
}

/** The cells of the first line of a table; undefined where the text is none. */
function columnsOf(head: string): readonly string[] | undefined {
  const line = /^(?:"(?:[^"]|"")*"|[^"\n])*/.exec(head)?.[0].trim() ?? '';
  const cells = line.split(/[,;\t]/).map((cell) => cell.replace(/^"|"$/g, ''));
  return cells.length > 1 ? cells : undefined;
}

/** A JSON value a line: the first is whole and another one begins below, or two are whole. One value alone is read as a whole. */
export function isLines(head: string): boolean {
  const lines = head.split('\n', 100).filter((line) => /^\s*[[{]/.test(line));
  const [first = '', next] = lines;
  return next !== undefined && (isJson(first) || lines.filter(isJson).length > 1);
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/**
 * Says what a file is by how it begins, never by its name. `format` is what somebody who knows better says it is.
 */
export function detect(head: string, format?: OrderFormat): Detected {
  const begin = head.replace(/^\uFEFF/, '').trimStart();
  if (begin === '') return { kind: 'unknown', seen: 'it is empty' };
  if (begin.startsWith('{"format":"regulars-')) return { kind: 'export' };
  if (/^[[{]/.test(begin)) {
    const shape = isLines(begin) ? 'lines' : 'json';
    if (format !== undefined) return { kind: 'orders', format, shape };
    const values = shape === 'json' ? [partOfJson(begin)] : firstLines(begin);
    const found = formatOf(values);
    if (found !== undefined) return { kind: 'orders', format: found, shape };
    return { kind: 'unknown', seen: `it is JSON${namesIn(values)}` };
  }
  const columns = columnsOf(begin);
  if (columns === undefined) return { kind: 'unknown', seen: 'it is neither JSON nor CSV' };
  const found = format ?? formatOfColumns(columns);
  if (found !== undefined) return { kind: 'orders', format: found, shape: 'csv' };
  return { kind: 'unknown', seen: `it is CSV with the columns ${some(columns)}` };
}

/** What the lines say that are whole; the last may be cut. */
function firstLines(head: string): readonly unknown[] {
  return head.split('\n', 100).flatMap((line) => {
    try {
      return [JSON.parse(line) as unknown];
    } catch {
      return [];
    }
  });
}

const some = (names: readonly string[]): string =>
  `${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}`;

function namesIn(values: readonly unknown[]): string {
  const first: unknown = Array.isArray(values[0]) ? values[0][0] : values[0];
  return isObject(first) ? ` with the fields ${some(Object.keys(first))}` : '';
}
