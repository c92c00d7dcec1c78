import type { ParsedRefund } from '../formats/types.js';
import type { PurchaseInput } from '../profile/types.js';
import { addCounts, inChunks, NO_COUNTS, type ChunkCounts } from '../profile/in-chunks.js';
import { systemClock } from '../kernel/clock.js';
import type { ImportRules } from './typed.js';
import type { Bar } from './bar.js';
import { Exit } from './exit.js';
import { nothingOf, type Told } from './import-told.js';
import type { Io } from './io.js';
import { parseOptions, purchaseOptions, type Opened } from './open-orders.js';
import type { ShopDoor } from './open-shop.js';
import { readOrders } from './read-orders.js';
import { createTally, placeOf, type Tally } from './tally.js';

interface Env {
  readonly rules: ImportRules;
  readonly bar: Bar;
  readonly io: Io;
}

/** How long one call may take, ms; the server takes a thousand orders at most. */
const CHUNK_MS = 500;
const MOST = 500;

/** Reads a file into a shop of a server. Run again, it appends nothing twice. */
export async function importIntoShop(file: Opened, shop: ShopDoor, env: Env): Promise<Told> {
  const { is } = file;
  if (is.kind === 'export')
    throw new Exit(
      1,
      `${file.name} is an export of one device, made with that device's key: a server takes orders.`,
    );
  const { rules, bar, io } = env;
  const tally = createTally();
  const refunds: ParsedRefund[] = [];
  const reading = createReading(file, rules, tally, refunds);
  const { currency, place, keep } = purchaseOptions(rules);
  const options = {
    ...(currency !== undefined && { currency }),
    ...(place !== undefined && { place }),
    ...(keep !== undefined && { keep }),
    ...(rules.region !== undefined && { region: rules.region }),
  };
  let index = 0;
  const bought = await inChunks(
    reading.purchases(),
    async (items, _isLast, timed) => {
      let counts = NO_COUNTS;
      for (let from = 0; from < items.length; from += MOST) {
        const part = items.slice(from, from + MOST);
        const told = await timed(() => shop.record(part, options));
        for (const one of told.skipped)
          tally.skip(one.reason, 1, [placeOf({ ...one, index: index + one.index })]);
        index += part.length;
        counts = addCounts(counts, { ...told, skipped: told.skipped.length });
      }
      return counts;
    },
    { chunkMs: CHUNK_MS, signal: io.signal, onProgress: ({ done }) => bar.show(done) },
    systemClock,
  );
  const returned = await refundAll(shop, refunds, tally);
  const counts = { ...addCounts(bought, returned), skipped: tally.skipped() };
  return {
    ...{ counts, lines: tally.lines(), refunds: returned.appended },
    ...{ newCustomers: 0, customers: 0 },
    failure: reading.failure() ?? nothingOf(counts),
  };
}

async function refundAll(
  shop: ShopDoor,
  refunds: readonly ParsedRefund[],
  tally: Tally,
): Promise<ChunkCounts> {
  let counts = NO_COUNTS;
  for (let from = 0; from < refunds.length; from += MOST) {
    const told = await shop.refund(refunds.slice(from, from + MOST));
    if (told.skipped > 0) tally.skip('no-order', told.skipped, []);
    counts = addCounts(counts, { ...told, skipped: 0 });
  }
  return counts;
}

function createReading(
  { head, bytes, is }: Opened,
  rules: ImportRules,
  tally: Tally,
  refunds: ParsedRefund[],
): {
  readonly purchases: () => AsyncGenerator<PurchaseInput>;
  readonly failure: () => string | undefined;
} {
  let failure: string | undefined;
  /** @yields a purchase */
  async function* purchases(): AsyncGenerator<PurchaseInput> {
    if (is.kind !== 'orders') return;
    try {
      for await (const part of readOrders(bytes, head, is, parseOptions(rules))) {
        tally.add(part);
        refunds.push(...part.refunds);
        // people without an order have nothing that a server could greet them with
        if (part.customers.length > 0) tally.skip('no-order-of-theirs', part.customers.length, []);
        yield* part.purchases;
      }
    } catch (error) {
      // what came before the break is imported
      if (!(error instanceof Exit)) throw error;
      failure = error.message;
    }
  }
  return { purchases, failure: () => failure };
}
