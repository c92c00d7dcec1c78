import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { memoryStorage } from '../../../src/adapters/storage/memory.js';
import { nextStamp } from '../../../src/kernel/stamp.js';
import { foldRecords } from '../../../src/profile/fold-records.js';
import type { ProfileStorage, StorageRow, StoreName } from '../../../src/profile/port.js';
import type {
  FoldState,
  LinkData,
  ProfileRecord,
  Purchase,
  RecordData,
  RecordDraft,
  RecordKind,
  RecordOf,
  UnknownRecord,
} from '../../../src/profile/types.js';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const NOW = Date.UTC(2026, 4, 4, 8);
export const env = { shop: 'blue-door', device: 'aaaaaaaa00000000', now: NOW };

let made = 0;
/** A fresh id; ids sort in the order they were made. */
export const freshId = (): string => `id-${String(++made).padStart(6, '0')}`;

export function draft<K extends RecordKind>(
  kind: K,
  data: RecordData[K],
  more: Partial<RecordOf<K>> = {},
): RecordDraft {
  return { id: freshId(), subject: 'shep', kind, by: 'device:one', data, ...more } as RecordDraft;
}

export function purchase(id: string, more: Partial<Purchase> = {}): Purchase {
  return {
    id,
    at: NOW,
    status: 'paid',
    lines: [{ sku: 'latte', name: 'Latte', quantity: 1, unitPrice: 480, modifiers: [] }],
    total: 480,
    currency: 'EUR',
    channel: 'web',
    ...more,
  };
}

export function link(
  type: string,
  token: string,
  more: Partial<LinkData> = {},
): RecordData['link'] {
  return { type, token, level: 'claimed', method: 'typed', at: NOW, ...more };
}

/** Stamps drafts one after the other, as a log does. */
export function stampAll(drafts: readonly RecordDraft[]): readonly ProfileRecord[] {
  let last: string | undefined;
  return drafts.map((one, i) => {
    last = one.stamp ?? nextStamp(last, NOW + i, env.device);
    return { ...one, shop: env.shop, stamp: last };
  });
}

export function statesOf(
  records: readonly (ProfileRecord | UnknownRecord)[],
): ReadonlyMap<string, FoldState> {
  const subjects = [...new Set(records.map(({ subject }) => subject))];
  return new Map(
    subjects.map((subject) => [
      subject,
      foldRecords(records.filter((record) => record.subject === subject)),
    ]),
  );
}

export async function openMemory(): Promise<ProfileStorage> {
  const storage = memoryStorage();
  await storage.open({ name: 'regulars:blue-door' });
  return storage;
}

const STORES: readonly StoreName[] = ['cards', 'tokens', 'records', 'outbox', 'meta'];

/** Everything that lies in a storage, by the back door. */
export async function contents(
  storage: ProfileStorage,
): Promise<Record<StoreName, readonly StorageRow[]>> {
  return storage.transact('readonly', async (tx) => {
    const lists = await Promise.all(STORES.map((store) => tx.list(store)));
    return Object.fromEntries(STORES.map((store, i) => [store, lists[i] ?? []])) as Record<
      StoreName,
      readonly StorageRow[]
    >;
  });
}

export const keyedHash = (text: string): string =>
  createHmac('sha256', 'test key').update(text).digest('hex').slice(0, 32);

// ------------------------------------------------------------ histories

const SUBJECTS = ['s0', 's1', 's2', '__proto__'];
const NAMES = ['p0', 'p1', 'p2', 'p3', 'p4', 'constructor', '__proto__'];
const SKUS = ['latte', 'bun', '__proto__', null];

const place = fc.constantFrom(undefined, { id: 'main' }, { name: 'pier' });
const at = fc.integer({ min: 0, max: 12 }).map((n) => NOW + n * HOUR);
const line = fc.record({
  sku: fc.constantFrom(...SKUS),
  name: fc.constantFrom('Latte', 'Bun', 'hasOwnProperty'),
  quantity: fc.integer({ min: 1, max: 3 }),
  unitPrice: fc.constantFrom(null, 480),
  modifiers: fc.constant([]),
});

const anyPurchase: fc.Arbitrary<Purchase> = fc
  .record({
    id: fc.constantFrom(...NAMES),
    at,
    status: fc.constantFrom('paid', 'paid', 'paid', 'open', 'cancelled', 'refunded'),
    lines: fc.array(line, { minLength: 1, maxLength: 3 }),
    place,
    gift: fc.constantFrom(undefined, undefined, true),
    refs: fc.constantFrom(undefined, undefined, ['p0'], ['p3', 'p4'], ['x']),
    revision: fc.constantFrom(undefined, 1, 2),
  })
  .map(
    (value) =>
      JSON.parse(
        JSON.stringify({ total: null, currency: null, channel: 'web', ...value }),
      ) as Purchase,
  );

const anyLink: fc.Arbitrary<LinkData> = fc
  .record({
    type: fc.constantFrom('account', 'email', 'phone', 'device', 'anonymous', 'merge'),
    value: fc.constantFrom('1', '2'),
    level: fc.constantFrom<LinkData['level'][]>('claimed', 'verified'),
    method: fc.constantFrom('typed', 'host', 'merged'),
    at,
    unproved: fc.constantFrom(undefined, undefined, true),
  })
  .map(({ value, unproved, ...rest }) => ({
    ...rest,
    token: `${rest.type}-${value}`,
    ...(unproved && { unproved }),
  }));

const LINK_IDS = Array.from({ length: 24 }, (_, i) => `r${String(i).padStart(2, '0')}`);

const anyData: fc.Arbitrary<Pick<RecordDraft, 'kind' | 'data'>> = fc.oneof(
  { weight: 6, arbitrary: anyPurchase.map((data) => ({ kind: 'purchase', data }) as const) },
  { weight: 5, arbitrary: anyLink.map((data) => ({ kind: 'link', data }) as const) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(...LINK_IDS)
      .map((id) => ({ kind: 'unlink', data: { link: id } }) as const),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({
        purchase: fc.constantFrom(...NAMES, 'x'),
        at,
        lines: fc.constantFrom(undefined, [{ sku: 'latte', quantity: 1 }]),
      })
      .map(
        ({ lines, ...rest }) =>
          ({ kind: 'refund', data: { ...rest, ...(lines && { lines }) } }) as const,
      ),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({
        key: fc.constantFrom('name.given', '__proto__'),
        value: fc.constantFrom('Shep', null, { toString: 1 }),
        at,
        source: fc.constantFrom<('customer' | 'import')[]>('customer', 'import'),
        kind: fc.constantFrom<('fact' | 'correction')[]>('fact', 'correction'),
      })
      .map(({ kind, ...data }) => ({ kind, data: { ...data, purpose: 'remember' } }) as const),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({
        purpose: fc.constantFrom<('remember' | 'suggest')[]>('remember', 'suggest'),
        answer: fc.constantFrom<('granted' | 'denied')[]>('granted', 'denied'),
        at,
        replaces: fc.subarray(LINK_IDS, { maxLength: 3 }),
      })
      .map((data) => ({ kind: 'consent', data }) as const),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({
        visit: fc.constantFrom('v1', 'v2', 'v3'),
        at,
        items: fc.dictionary(
          fc.constantFrom('latte', 'bun', '__proto__'),
          fc.record({
            shown: fc.nat(3),
            accepted: fc.nat(3),
            ignored: fc.nat(3),
            viewed: fc.nat(3),
          }),
        ),
      })
      .map((data) => ({ kind: 'exposure', data }) as const),
  },
  fc.record({ at }).map(({ at: when }) => ({
    kind: 'visit' as const,
    data: { at: when, channel: 'web' as const },
  })),
  fc.record({ at }).map(({ at: when }) => ({
    kind: 'issue' as const,
    data: { issue: 'i1', at: when, what: 'cold', state: 'open' as const },
  })),
  fc.record({ at }).map(({ at: when }) => ({
    kind: 'dismissal' as const,
    data: { at: when, reason: 'stop' as const, target: { kind: 'item' as const, sku: 'bun' } },
  })),
);

/** Any history of up to 24 records of four subjects; `erasures` adds that one of them may be erased. */
export function anyHistory(
  options: { readonly erasures?: boolean; readonly subjects?: number } = {},
): fc.Arbitrary<readonly ProfileRecord[]> {
  const subject = fc.constantFrom(...SUBJECTS.slice(0, options.subjects ?? SUBJECTS.length));
  const one = fc.tuple(subject, anyData, fc.constantFrom('device:one', 'device:two'));
  return fc
    .tuple(
      fc.array(one, { maxLength: 24 }),
      options.erasures ? fc.option(subject) : fc.constant(null),
    )
    .map(([list, erased]) => {
      const drafts = list.map(
        ([of, data, by], i) => ({ id: LINK_IDS[i] ?? '', subject: of, by, ...data }) as RecordDraft,
      );
      const data = { at: NOW, subjects: [], purchases: [] };
      if (erased !== null)
        drafts.push({ id: 'erase', subject: erased, by: 'device:one', kind: 'erasure', data });
      return stampAll(drafts);
    });
}

/** A history and the same one in another order. */
export const anyShuffled = (
  history: fc.Arbitrary<readonly ProfileRecord[]>,
): fc.Arbitrary<readonly [readonly ProfileRecord[], readonly ProfileRecord[]]> =>
  history.chain((records) =>
    fc.tuple(
      fc.constant(records),
      fc.shuffledSubarray([...records], { minLength: records.length, maxLength: records.length }),
    ),
  );
