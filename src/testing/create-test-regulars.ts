import { memoryStorage } from '../adapters/storage/memory.js';
import { createRegulars } from '../client/create-regulars.js';
import type { CustomerExport, Regulars, RegularsOptions } from '../client/types.js';
import { uuidV7 } from '../kernel/ids.js';
import { nextStamp } from '../kernel/stamp.js';
import type { ProfileRecord, PurchaseInput } from '../profile/types.js';
import { createFakeClock, seededRandom, type FakeClock } from './fake-clock.js';

const DAY_MS = 86_400_000;
/** A Tuesday, 08:05 UTC. */
const DEFAULT_NOW = Date.UTC(2026, 2, 3, 8, 5);

/** Whom the page meets, and when; anything else goes to `createRegulars`. */
export interface TestRegularsOptions extends Partial<Omit<RegularsOptions, 'clock' | 'random'>> {
  /**
   * Who stands before the page: nobody yet; one who bought once; one who comes every morning; one who came every twelve days, months
   * ago; one who comes every morning, and to whom something went wrong two days ago that Ana is settling.
   * @defaultValue 'first'
   */
  readonly customer?: 'first' | 'returning' | 'regular' | 'lapsed' | 'open-issue';
  /** Wall time in ms, or ISO 8601. @defaultValue Tuesday 3 March 2026, 08:05 UTC */
  readonly now?: number | string;
  /** What the customer buys each time. @defaultValue an oat latte and a croissant */
  readonly order?: PurchaseInput['lines'];
}

/** A client with a customer, ready for a page's own tests. */
export interface TestRegulars {
  readonly regulars: Regulars;
  /** Time stands still until it is advanced. */
  readonly clock: FakeClock;
}

const ORDER: PurchaseInput['lines'] = [
  {
    sku: 'latte',
    name: 'Latte',
    quantity: 1,
    unitPrice: 380,
    modifiers: [{ group: 'milk', name: 'oat', quantity: 1 }],
  },
  { sku: 'croissant', name: 'Croissant', quantity: 1, unitPrice: 260, modifiers: [] },
];

/** Days before `now` on which each customer bought. */
const HISTORIES: {
  readonly [customer in NonNullable<TestRegularsOptions['customer']>]: readonly number[];
} = {
  first: [],
  returning: [12],
  regular: [1, 2, 6, 8, 13, 20],
  lapsed: [151, 163, 175, 187, 199, 211],
  'open-issue': [1, 2, 6, 8, 13, 20],
};

/** Something that went wrong at `at`, as a shop's other device would hand it over. */
function issueExport(shop: string, at: number): CustomerExport {
  const id = 'test-issue';
  const record: ProfileRecord = {
    ...{ id: uuidV7(at, seededRandom(2)), shop, subject: id, kind: 'issue', by: 'import' },
    stamp: nextStamp(undefined, at, '0'),
    data: { issue: id, at, what: 'The soup was cold.', state: 'open', owner: 'Ana' },
  };
  return {
    ...{ format: 'regulars-export', version: 1, shop, exportedAt: at },
    ...{ records: [record], derived: null },
  };
}

/**
 * A started client over memory with a fake clock, seeded randomness and a customer signed in with the history asked for:
 * so that a page's own tests see what its customers will see.
 * @example
 * const { regulars } = await createTestRegulars({ customer: 'regular' });
 * regulars.usual().kind; // 'usual'
 */
export async function createTestRegulars(options: TestRegularsOptions = {}): Promise<TestRegulars> {
  const { customer = 'first', now = DEFAULT_NOW, order = ORDER, ...rest } = options;
  const nowMs = typeof now === 'number' ? now : Date.parse(now);
  const clock = createFakeClock(nowMs);
  const { shop = 'test-shop', timeZone = 'UTC' } = rest;
  const regulars = createRegulars({
    currency: 'EUR',
    contact: 'the counter',
    storage: memoryStorage(),
    consent: { remember: 'granted', suggest: 'granted' },
    ...rest,
    ...{ shop, timeZone },
    clock,
    random: seededRandom(1),
  });
  await regulars.start();
  // wherever the test runs
  regulars.setContext({ timeZone });
  const days = HISTORIES[customer];
  if (days.length > 0 && rest.mode !== 'kiosk')
    await regulars.recognize({ account: 'test-customer' }, { verified: ['account'], name: 'Maya' });
  for (const day of days)
    await regulars.record({ id: `test:${day}`, at: nowMs - day * DAY_MS, lines: order });
  if (customer === 'open-issue' && rest.mode !== 'kiosk')
    await regulars.rights.import(issueExport(shop, nowMs - 2 * DAY_MS));
  return { regulars, clock };
}
