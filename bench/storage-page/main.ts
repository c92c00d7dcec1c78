// What the pages of the storage bench can do; storage.mjs calls it by name.
import type { CardRead, Contender } from './contender.js';
import { customerOf, idOf, nextOrder, REGULAR, tokenOf } from './customers.js';

const DATABASE = 'regulars:bench';

/** The functions of a page. */
export interface Bench {
  /** Puts down the customers with numbers `from` to below `to`, with `each` orders or one to three. */
  readonly seed: (from: number, to: number, each?: number) => Promise<void>;
  readonly settle: () => Promise<void>;
  /** Reads some of `total` customers; throws where they are not as they were put down. */
  readonly verify: (total: number, newest: string) => Promise<void>;
  readonly hold: () => Promise<void>;
  /** Each gives ms. */
  readonly measureOpen: () => Promise<number>;
  readonly measureAppend: (n: number, otherwise: boolean) => Promise<number>;
  readonly measureFind: (i: number) => Promise<number>;
  readonly measureBulk: (from: number, to: number, each: number) => Promise<number>;
}

const customersOf = (from: number, to: number, each?: number): ReturnType<typeof customerOf>[] =>
  Array.from({ length: to - from }, (_, i) => customerOf(from + i, each));

/** Writes are durable for everybody, also for those who have no word for it. */
function writeStrictly(): void {
  const { value } = Object.getOwnPropertyDescriptor(IDBDatabase.prototype, 'transaction') ?? {};
  const original = value as (...args: unknown[]) => IDBTransaction;
  Object.defineProperty(IDBDatabase.prototype, 'transaction', {
    value(this: IDBDatabase, stores: unknown, mode?: string, options?: IDBTransactionOptions) {
      const isUnsaid = (options?.durability ?? 'default') === 'default';
      const strict = mode === 'readwrite' && isUnsaid ? { durability: 'strict' } : options;
      return original.call(this, stores, mode, strict);
    },
  });
}

const isWhole = ({ orders }: CardRead): boolean => orders === 50;

/** What a page does with its contender. */
export function contend(contender: Contender): Bench {
  let opened: Promise<void> | undefined;
  const open = (): Promise<void> => (opened ??= contender.open(DATABASE));
  let isStrict = false;
  return {
    seed: async (from, to, each) => {
      await open();
      const customers = customersOf(from, to, each);
      if (contender.seed) await contender.seed(customers);
      else await contender.bulk(await contender.prepareBulk(customers));
    },
    settle: async () => {
      await contender.settle?.();
    },
    verify: async (total, newest) => {
      await open();
      const card = await contender.card(idOf(REGULAR));
      if (!isWhole(card) || card.newest !== newest)
        throw new Error(`${card.orders} orders, the newest is ${card.newest}, not ${newest}`);
      for (const i of [1, total >> 1, total - 1])
        if ((await contender.find(tokenOf(i))) !== idOf(i)) throw new Error(`No customer ${i}`);
      if ((await contender.find(tokenOf(total + 1_000_000))) !== undefined)
        throw new Error('Somebody was found who is not there');
    },
    hold: () =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open('hold');
        request.addEventListener('success', () => resolve());
        request.addEventListener('error', () => reject(request.error ?? new Error('hold')));
      }),
    measureOpen: async () => {
      const id = idOf(REGULAR);
      const startedAt = performance.now();
      await contender.open(DATABASE);
      const card = await contender.card(id);
      const ms = performance.now() - startedAt;
      if (!isWhole(card)) throw new Error(`The card has ${card.orders} orders`);
      return ms;
    },
    measureAppend: async (n, otherwise) => {
      await open();
      if (!isStrict) writeStrictly();
      isStrict = true;
      const order = await contender.prepareAppend(idOf(REGULAR), nextOrder(n));
      const append = otherwise ? contender.appendOtherwise : contender.append;
      if (append === undefined) throw new Error('There is no other way to append');
      const startedAt = performance.now();
      await append(order);
      return performance.now() - startedAt;
    },
    measureFind: async (i) => {
      await open();
      const token = tokenOf(i);
      const startedAt = performance.now();
      const id = await contender.find(token);
      const ms = performance.now() - startedAt;
      if (id !== idOf(i)) throw new Error(`Customer ${i} was not found`);
      return ms;
    },
    measureBulk: async (from, to, each) => {
      await open();
      const prepared = await contender.prepareBulk(customersOf(from, to, each));
      const startedAt = performance.now();
      await contender.bulk(prepared);
      return performance.now() - startedAt;
    },
  };
}
