import { createHash } from 'node:crypto';
import { identifiersOf, readImported } from '../formats/read-imported.js';
import { inspectExport } from '../profile/inspect-export.js';
import type { Purchase } from '../profile/types.js';
import type { ImportRules } from './typed.js';
import { createBar } from './bar.js';
import type { OrderFormat } from './detect.js';
import { Exit } from './exit.js';
import type { Io } from './io.js';
import { openOrders, parseOptions, purchaseOptions, type Opened } from './open-orders.js';
import { sourceOf } from './parsers.js';
import { exportText, number, safe, table, time } from './print.js';
import { readOrders, type OrdersRead } from './read-orders.js';
import { createTally, placeOf, type Tally } from './tally.js';

const FIRST = 10;
/** Identifiers that are told apart: a million take 40 MB. */
const MOST = 5_000_000;

/** What would come in of a file. */
interface Totals {
  readonly first: Purchase[];
  readonly currencies: Map<string, { orders: number; total: number | null }>;
  readonly people: Map<string, Set<number>>;
  orders: number;
  lines: number;
  members: number;
  refunds: number;
  from: number;
  to: number;
}

/** Reads everything and writes nothing: shows what would come in. */
export async function runDry(paths: readonly string[], rules: ImportRules, io: Io): Promise<void> {
  let failed = 0;
  for (const path of paths) {
    try {
      const file = await openOrders(path, rules, io);
      if (paths.length > 1) io.stdout.write(`${safe(file.name, 200)}\n`);
      const [text, failure] = await (file.is.kind === 'export'
        ? lookAtExport(file)
        : look(file, rules, io));
      io.stdout.write(text);
      if (failure !== undefined) throw new Exit(1, failure);
    } catch (error) {
      if (paths.length === 1 || io.signal.aborted || !(error instanceof Exit)) throw error;
      failed++;
      io.stderr.write(`regulars: ${safe(error.message, 500)}\n`);
    }
  }
  if (failed > 0)
    throw new Exit(1, `${failed} of ${paths.length} files could not be read as a whole.`);
}

type Looked = readonly [text: string, failure: string | undefined];

async function lookAtExport({ bytes }: Opened): Promise<Looked> {
  const seen = await inspectExport(bytes, Date.now(), () => undefined);
  const failure = 'The file is not whole: lines of it are missing or were changed.';
  return [exportText(seen), seen.complete ? undefined : failure];
}

async function look(file: Opened, rules: ImportRules, io: Io): Promise<Looked> {
  const { is, bytes, head } = file;
  if (is.kind !== 'orders') return ['', undefined];
  const totals: Totals = {
    ...{ first: [], currencies: new Map(), people: new Map() },
    ...{ orders: 0, lines: 0, members: 0, refunds: 0, from: Infinity, to: -Infinity },
  };
  const tally = createTally();
  const bar = createBar(file.name, file.source, io);
  const count = createCounter(is.format, rules, totals, tally);
  let failure: string | undefined;
  try {
    for await (const part of readOrders(bytes, head, is, parseOptions(rules))) {
      tally.add(part);
      count(part);
      bar.show(totals.orders);
    }
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    failure = error.message;
  } finally {
    bar.stop();
  }
  const said = [...tally.lines(), ''].join('\n');
  const nothing = tally.skipped() > 0 && totals.orders + totals.members + totals.refunds === 0;
  return [
    `${totalsText(`${is.format}, ${SHAPES[is.shape]}`, totals, tally.skipped())}${said}Nothing was written.\n`,
    failure ?? (nothing ? 'Nothing of the file could be imported.' : undefined),
  ];
}

/** Counts what an import would make of a part. */
function createCounter(
  format: OrderFormat,
  rules: ImportRules,
  totals: Totals,
  tally: Tally,
): (part: OrdersRead) => void {
  const region = rules.region === undefined ? {} : { region: rules.region };
  const options = { ...region, ...purchaseOptions(rules) };
  const source = format === 'purchases' ? '' : `${sourceOf(format)}:`;
  let index = 0;
  return ({ purchases, customers, refunds }) => {
    for (const input of purchases) {
      const read = readImported(input, index++, options, region, Date.now());
      if ('reason' in read) tally.skip(read.reason, 1, [placeOf(read)]);
      else {
        addOrder(totals, read.purchase);
        for (const { type, value } of read.identifiers) addPerson(totals, type, value);
      }
    }
    for (const { ids } of customers) {
      const known = identifiersOf(ids, source, region);
      if (known.length === 0) tally.skip('no-customer', 1, []);
      else totals.members++;
      for (const { type, value } of known) addPerson(totals, type, value);
    }
    totals.refunds += refunds.length;
  };
}

const SHAPES = { json: 'JSON', lines: 'JSON Lines', csv: 'CSV' } as const;

function addOrder(totals: Totals, purchase: Purchase): void {
  const { currency, total, at, lines } = purchase;
  totals.orders++;
  totals.lines += lines.length;
  totals.from = Math.min(totals.from, at);
  totals.to = Math.max(totals.to, at);
  const key = currency ?? 'unknown';
  const known = totals.currencies.get(key) ?? { orders: 0, total: null };
  totals.currencies.set(key, {
    orders: known.orders + 1,
    // of orders whose totals nobody knows, no sum is known
    total: total === null ? known.total : (known.total ?? 0) + total,
  });
  if (totals.first.length < FIRST) totals.first.push(purchase);
}

/** By a hash: a list of everybody's addresses is not held. */
function addPerson({ people }: Totals, type: string, value: string): void {
  const known = people.get(type) ?? new Set();
  people.set(type, known);
  if (known.size < MOST) known.add(createHash('sha1').update(value).digest().readUIntBE(0, 6));
}

function price(minor: number, currency: string | null): string {
  try {
    if (currency === null) return String(minor);
    const format = new Intl.NumberFormat('en', {
      style: 'currency',
      currency,
      currencyDisplay: 'code',
    });
    const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
    return `${(minor / 10 ** digits).toFixed(digits)} ${currency}`;
  } catch {
    return `${minor} ${safe(currency ?? '')}`;
  }
}

const items = ({ lines }: Purchase): string =>
  lines.map(({ name, quantity }) => (quantity === 1 ? name : `${quantity}× ${name}`)).join(', ');

function totalsText(what: string, totals: Totals, skipped: number): string {
  const { first, currencies, people, orders, lines, members, refunds, from, to } = totals;
  const orderRows = first.map((purchase) => [
    ...[safe(purchase.id, 30), time(purchase.at), purchase.status, safe(items(purchase), 40)],
    purchase.total === null ? '' : price(purchase.total, purchase.currency),
  ]);
  const facts: readonly (readonly [string, string])[] = [
    ['read as', what],
    ['orders that would come in', number(orders)],
    ['lines of them', number(lines)],
    ...(orders > 0 ? [['from', time(from)] as const, ['to', time(to)] as const] : []),
    ...[...currencies].map(
      ([currency, { orders: count, total }]) =>
        [
          `in ${safe(currency)}`,
          `${number(count)} orders${total === null ? '' : `, ${price(total, currency === 'unknown' ? null : currency)}`}`,
        ] as const,
    ),
    ...[...people].map(
      ([type, { size }]) =>
        [`customers by ${safe(type)}`, `${number(size)}${size >= MOST ? ' or more' : ''}`] as const,
    ),
    ...(members > 0 ? [['loyalty members', number(members)] as const] : []),
    ...(refunds > 0 ? [['refunds of other orders', number(refunds)] as const] : []),
    ['set aside', number(skipped)],
  ];
  return (
    (orderRows.length > 0 ? table(['order', 'at', 'status', 'lines', 'total'], orderRows) : '') +
    table(['', ''], facts)
  );
}
