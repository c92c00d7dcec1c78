import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/prepare.mjs';
import type { ParsedOrders, ParsedPurchase, ParseOptions } from '../../src/formats/types.js';
import { readPurchase } from '../../src/profile/read-purchase.js';

// ------------------------------------------------------------------ shared data

/** Where the samples are. */
export const sharedFolder: string = join(root, '..', 'shared', 'data', 'formats');

/** Whether the data that lies beside the repository is there. */
export const hasSharedData: boolean = existsSync(sharedFolder);

/** Tests that need the data beside the repository: skipped, and saying so, where it is absent. */
export function describeShared(name: string, tests: () => void): void {
  describe(name, () => {
    if (hasSharedData) tests();
    // not even looked at: which tests there are may depend on the files
    else
      it('needs ../shared/data/formats', (test) => {
        test.skip();
      });
  });
}

/** The text of a sample: `sharedData('ga4/datalayer-pushes.json')`. */
export const sharedData = (file: string): string => readFileSync(join(sharedFolder, file), 'utf8');

/** What a sample must give: `purchases` as they stand in expected.json, with the options they were read with. */
export function expectedOf(file: string): {
  readonly options: ParseOptions;
  readonly purchases: readonly ParsedPurchase[];
} {
  const all = JSON.parse(sharedData('expected.json')) as Record<string, object>;
  return { options: {}, purchases: [], ...all[file] };
}

/** The order of a person's ids says nothing. */
const inOrder = (purchases: readonly ParsedPurchase[]): readonly unknown[] =>
  purchases.map(({ customer, ...rest }) => ({
    ...rest,
    customer: {
      ...customer,
      ids: customer.ids.toSorted((a, b) => (a.kind + a.value < b.kind + b.value ? -1 : 1)),
    },
  }));

/** A sample, as parsed JSON and as text, equals what expected.json says of it. */
export function expectAsExpected(
  file: string,
  parse: (input: unknown, options: ParseOptions) => ParsedOrders,
): void {
  const { options, purchases } = expectedOf(file);
  const text = sharedData(file);
  const inputs = file.endsWith('.csv') ? [text] : [text, JSON.parse(text) as unknown];
  for (const input of inputs) {
    const result = parse(input, options);
    checkParsed(result);
    expect(inOrder(result.purchases)).toEqual(inOrder(purchases));
  }
}

// ------------------------------------------------------------------ mutations

/** A payload near a good one, and what was done to it. */
export interface Mutation {
  readonly name: string;
  readonly payload: unknown;
}

type Path = readonly (string | number)[];

/** What may stand where something else was meant. */
const STRANGERS: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['an empty text', ''],
  ['a text', 'Müller &amp; Söhne \u{1F950}'],
  ['a long text', 'x'.repeat(10_000)],
  ['a lone surrogate', '\ud800'],
  ['a number', 7],
  ['a negative number', -3.5],
  ['a huge number', 1e21],
  ['true', true],
  ['an empty list', []],
  ['a list of nonsense', [null, 3, 'x', [[]], {}]],
  ['an empty object', {}],
  ['an object', { __proto__: null, id: { id: [] }, name: {}, price: {}, items: 3 }],
  ['1.234,50', '1.234,50'],
  ['JPY', 'JPY'],
  ['KWD', 'KWD'],
  ['a date of nowhere', '2026-13-45T99:99:99'],
];

function* paths(value: unknown, at: Path = []): Generator<Path> {
  yield at;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value))
    yield* paths(inner, [...at, Array.isArray(value) ? Number(key) : key]);
}

/** A copy with the value at a path replaced; `undefined` takes it away. */
function changed(value: unknown, [key, ...rest]: Path, change: (old: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  if (Array.isArray(value)) {
    const next = changed((value as unknown[])[Number(key)], rest, change);
    return value.flatMap((old: unknown, i) =>
      i !== key ? [old] : next === undefined ? [] : [next],
    );
  }
  const entries = Object.entries(value as object).map(
    ([name, old]) => [name, name === key ? changed(old, rest, change) : old] as const,
  );
  return Object.fromEntries(entries.filter(([, old]) => old !== undefined));
}

const shuffledKeys = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(shuffledKeys)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([key, inner]) => [key, shuffledKeys(inner)]),
        )
      : value;

const withUnknownFields = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(withUnknownFields)
    : typeof value === 'object' && value !== null
      ? {
          ...JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":1}}'),
          x_unknown: [{ id: 1 }],
          ...Object.fromEntries(
            Object.entries(value).map(([key, inner]) => [key, withUnknownFields(inner)]),
          ),
        }
      : value;

/**
 * The payload with one thing changed, for each of its fields and each change: all of them, or about `limit`, evenly chosen.
 * @yields one after the other
 */
export function* mutationsOf(payload: unknown, limit = 3000): Generator<Mutation> {
  yield { name: 'keys the other way round', payload: shuffledKeys(payload) };
  yield { name: 'unknown fields everywhere', payload: withUnknownFields(payload) };
  yield { name: 'twice in a list', payload: [payload, payload] };
  const all = [...paths(payload)];
  const step = Math.max(1, Math.floor((all.length * (STRANGERS.length + 3)) / limit));
  let turn = 0;
  for (const path of all) {
    const where = path.join('.');
    const edits: (readonly [string, (old: unknown) => unknown])[] = [
      ...(path.length > 0 ? [['left out', () => undefined] as const] : []),
      [
        'doubled',
        (old) => (Array.isArray(old) ? [...(old as unknown[]), ...(old as unknown[])] : [old, old]),
      ],
      ['the other way round', (old) => (Array.isArray(old) ? old.toReversed() : [old])],
      ...STRANGERS.map(([name, stranger]) => [name, () => stranger] as const),
    ];
    for (const [name, edit] of edits)
      if (turn++ % step === 0)
        yield { name: `${where}: ${name}`, payload: changed(payload, path, edit) };
  }
}

/**
 * A text near a good one: a CSV or JSON file as other programs and hands leave it.
 * @yields one after the other
 */
export function* mutationsOfText(text: string): Generator<Mutation> {
  yield { name: 'a byte order mark', payload: `\uFEFF${text}` };
  yield { name: 'CRLF', payload: text.replace(/\r?\n/g, '\r\n') };
  yield { name: 'CR', payload: text.replace(/\r?\n/g, '\r') };
  yield { name: 'blank lines at the end', payload: `${text}\n\n\n` };
  yield { name: 'nothing', payload: '' };
  yield { name: 'twice', payload: text + text };
  yield { name: 'commas gone', payload: text.replaceAll(',', ' ') };
  yield { name: 'quotes gone', payload: text.replaceAll('"', '') };
  yield { name: 'the header alone', payload: text.split('\n', 1)[0] };
  for (let i = 1; i < 12; i++)
    yield { name: `cut after ${i}/12`, payload: text.slice(0, (text.length * i) / 12) };
  const lines = text.split('\n');
  for (const [i] of lines.slice(0, 40).entries()) {
    yield { name: `without line ${i + 1}`, payload: lines.toSpliced(i, 1).join('\n') };
    yield {
      name: `line ${i + 1} twice`,
      payload: lines.toSpliced(i, 0, lines[i] ?? '').join('\n'),
    };
    yield {
      name: `line ${i + 1} longer`,
      payload: lines.with(i, `${lines[i]},x,"y,z",`).join('\n'),
    };
  }
}

/** The rows of a comma-separated text with a semicolon between cells, as spreadsheets of half of Europe write them. */
export const withSemicolons = (text: string): string =>
  text.replace(/"(?:[^"]|"")*"|[^",\n]+|,/g, (cell) =>
    cell === ',' ? ';' : cell.includes(';') && !cell.startsWith('"') ? `"${cell}"` : cell,
  );

// ------------------------------------------------------------------ checks

const STATUSES = ['paid', 'open', 'partially_refunded', 'refunded', 'cancelled'];
const REASONS = ['not-an-order', 'no-id', 'test', 'inactive', 'no-name'];
const KINDS = ['email', 'phone', 'loyalty', 'external', 'anonymous'];

/** Throws unless this is what a parser of orders may give: of the right shape, plain data, and fit for `record`. */
export function checkParsed(result: ParsedOrders): void {
  expect(Object.keys(result).toSorted()).toEqual([
    ...['customers', 'purchases', 'refunds', 'skipped', 'warnings'],
  ]);
  expect(JSON.parse(JSON.stringify(result)), 'plain data').toEqual(result);
  expect(hasUndefined(result), 'a field that is undefined').toBe(false);
  for (const purchase of result.purchases) checkPurchase(purchase);
  const ids = result.purchases.map(({ id }) => id);
  expect(new Set(ids).size, 'an id comes once').toBe(ids.length);
  for (const { ids: given } of result.customers) checkIds(given);
  for (const { purchase, at, lines } of result.refunds) {
    expect(purchase).toMatch(/^[a-z0-9]+:./s);
    checkTime(at);
    for (const { sku, quantity } of lines ?? []) {
      expect(typeof sku).toBe('string');
      expect(quantity).toBeGreaterThan(0);
    }
  }
  for (const { reason, where } of result.skipped) {
    expect(REASONS).toContain(reason);
    expect(typeof where).toBe('string');
  }
  expect(result.warnings.every((warning) => typeof warning === 'string')).toBe(true);
}

function checkPurchase(purchase: ParsedPurchase): void {
  expect(purchase.id).toMatch(/^[a-z0-9]+:./s);
  checkTime(purchase.at);
  expect(STATUSES).toContain(purchase.status);
  expect(purchase.currency ?? 'EUR').toMatch(/^[A-Z]{3}$/);
  if (purchase.currency === null) expect(purchase.total, 'money of no currency').toBeNull();
  for (const line of purchase.lines) {
    if (line.currency === null) expect(line.unitPrice, 'money of no currency').toBeNull();
    expect(line.sku ?? 'x').not.toBe('');
    for (const { group } of line.modifiers) expect(group ?? 'x').not.toMatch(/^_/);
  }
  checkIds(purchase.customer.ids);
  if (purchase.lines.length === 0) return;
  // whatever a parser gives can be recorded
  readPurchase(purchase, { now: 0, channel: 'web', keepNotes: true });
}

function checkIds(ids: ParsedPurchase['customer']['ids']): void {
  for (const { kind, value } of ids) {
    expect(KINDS).toContain(kind);
    expect(value.trim()).not.toBe('');
    if (kind === 'email') expect(value).toBe(value.toLowerCase());
    if (kind === 'phone') expect(value).toMatch(/^\+?\d+$/);
  }
  expect(new Set(ids.map(({ kind, value }) => `${kind} ${value}`)).size).toBe(ids.length);
}

function checkTime(at: string | null): void {
  if (at !== null) expect(new Date(at).toISOString()).toBe(at);
}

function hasUndefined(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === undefined;
  return Object.values(value).some(hasUndefined);
}

/** None of these texts is anywhere in it, in any case. */
export function expectNowhere(result: unknown, strings: readonly string[]): void {
  const text = JSON.stringify(result).toLowerCase();
  expect(strings.filter((each) => text.includes(each.toLowerCase()))).toEqual([]);
}

/** What shops send along and no purchase needs, by fields that vendors really use. */
const PRIVATE = [
  ...['address', 'address1', 'address_1', 'address2', 'street', 'street_1', 'line1', 'zip'],
  ...['postcode', 'postal_code', 'postalCode', 'city', 'company', 'browser_ip', 'ip', 'ip_address'],
  ...['customer_ip_address', 'remote_ip', 'user_agent', 'userAgent', 'customer_user_agent'],
  ...['credit_card_number', 'card_number', 'iban', 'last4', 'account_number', 'payment_details'],
  ...[
    'customer_note',
    'customer_message',
    'staff_notes',
    'buyer_accepts',
    'vat_id',
    'landing_site',
  ],
];

/** The payload with private texts in every object, and these texts: none of them may come out. Fields that are there stay. */
export function plant(payload: unknown): {
  readonly payload: unknown;
  readonly strings: readonly string[];
} {
  const strings = PRIVATE.map((field) => `secret-${field}-zq`);
  const secrets = Object.fromEntries(PRIVATE.map((field, i) => [field, strings[i]]));
  const into = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(into)
      : typeof value === 'object' && value !== null
        ? {
            ...secrets,
            ...Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, into(inner)])),
          }
        : value;
  return { payload: into(payload), strings };
}

/** A parser gives only what it may for every payload near this one, and what is private comes out of none. Says how many were tried. */
export function tryMutations(
  parse: (input: unknown) => ParsedOrders,
  payload: unknown,
  limit?: number,
): number {
  let tried = 0;
  const { payload: full, strings } = plant(payload);
  const result = parse(full);
  checkParsed(result);
  expectNowhere(result, strings);
  const mutations =
    typeof payload === 'string' ? mutationsOfText(payload) : mutationsOf(payload, limit);
  for (const mutation of mutations) {
    tried++;
    try {
      const before = JSON.stringify(mutation.payload);
      checkParsed(parse(mutation.payload));
      expect(JSON.stringify(mutation.payload), 'the payload stays as it is').toBe(before);
    } catch (error) {
      throw new Error(`${mutation.name}: ${String(error)}`, { cause: error });
    }
  }
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  return tried;
}
