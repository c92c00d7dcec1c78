// Lines of a shop of 12,000 items, of any length: the same for the same seed. Every customer has some things of their own.
import { randomOf } from './statistics.mjs';

const ITEMS = 12_000;
const BEGIN = 1_600_000_000_000;
/** Orders of a customer, lines of an order: as of Ta-Feng. */
const ORDERS_EACH = 6.6;
const LINES_EACH = 6.3;
const OWN = 40;

/**
 * A row a line, in the order of time.
 * @yields {[number, number, number, string]} customer, order, time, sku
 */
export function* orderLines(orders, seed = 20_260_320) {
  const random = randomOf(seed);
  const customers = Math.ceil(orders / ORDERS_EACH);
  for (let order = 0; order < orders; order++) {
    const customer = Math.floor(random() * customers);
    const count = 1 + Math.floor(-Math.log(1 - random()) * (LINES_EACH - 0.5));
    for (let line = 0; line < count; line++) {
      const isOwn = random() < 0.3;
      const skewed = random() ** 3;
      const item = isOwn
        ? (customer * 7919 + Math.floor(skewed * OWN) * 104_729) % ITEMS
        : Math.floor(ITEMS * skewed);
      yield [customer, order, BEGIN + order * 60_000, `sku-${item}`];
    }
  }
}
