// Where the time goes: the storage port and the few slow calls of the platform, timed from outside. Never in a measured round.
import { indexedDbStorage } from '../../src/adapters/storage/indexed-db.js';
import type { ProfileStorage } from '../../src/profile/port.js';
import { linesOf, randomOf } from './history.js';
import { startClient } from './measure.js';
import { clientOf } from './seed.js';

/** One thing that took time: ms from the start of the measure, and how long. */
export interface Span {
  readonly label: string;
  readonly at: number;
  readonly ms: number;
}

const spans: Span[] = [];
let origin = 0;

function note(label: string, from: number): void {
  const now = performance.now();
  spans.push({ label, at: from - origin, ms: now - from });
}

/** Times each call of a method, also until the promise it gives has settled. */
function watch<T extends object>(owner: T, method: keyof T & string, label: string): void {
  const original = owner[method] as (...args: unknown[]) => unknown;
  Object.defineProperty(owner, method, {
    configurable: true,
    value(this: unknown, ...args: unknown[]): unknown {
      const from = performance.now();
      const result = original.apply(this, args);
      if (result instanceof Promise) void result.then(() => note(label, from));
      else note(label, from);
      return result;
    },
  });
}

function watchPlatform(): void {
  watch(Storage.prototype, 'getItem', 'localStorage.getItem');
  watch(Storage.prototype, 'setItem', 'localStorage.setItem');
  watch(JSON, 'parse', 'JSON.parse');
  watch(JSON, 'stringify', 'JSON.stringify');
  watch(SubtleCrypto.prototype, 'importKey', 'crypto.importKey');
  watch(SubtleCrypto.prototype, 'sign', 'crypto.sign');
  watch(IDBFactory.prototype, 'open', 'indexedDB.open (the call)');
  watch(Intl.DateTimeFormat.prototype, 'resolvedOptions', 'Intl resolvedOptions');
  watch(Intl.DateTimeFormat.prototype, 'formatToParts', 'Intl formatToParts');
  watch(BroadcastChannel.prototype, 'postMessage', 'BroadcastChannel.postMessage');
  globalThis.Intl = Object.create(Intl, {
    DateTimeFormat: {
      value: new Proxy(Intl.DateTimeFormat, {
        apply: (target, self, args) => {
          const from = performance.now();
          const made = Reflect.apply(target, self, args) as Intl.DateTimeFormat;
          note('new Intl.DateTimeFormat', from);
          return made;
        },
        construct: (target, args) => {
          const from = performance.now();
          const made = Reflect.construct(target, args) as Intl.DateTimeFormat;
          note('new Intl.DateTimeFormat', from);
          return made;
        },
      }),
    },
  }) as typeof Intl;
}

function tracedStorage(): ProfileStorage {
  const storage = indexedDbStorage();
  return {
    ...storage,
    open: async (options) => {
      const from = performance.now();
      const opened = await storage.open(options);
      note('storage.open', from);
      return opened;
    },
    transact: async (mode, body, options) => {
      const from = performance.now();
      let bodyEnded = from;
      const value = await storage.transact(
        mode,
        async (transaction) => {
          note(`transact ${mode}: until its body runs`, from);
          const result = await body(transaction);
          bodyEnded = performance.now();
          note(`transact ${mode}: body`, from);
          return result;
        },
        options,
      );
      note(`transact ${mode}: commit`, bodyEnded);
      note(`transact ${mode} ${options?.durability ?? ''}`, from);
      return value;
    },
  };
}

/** The spans of one cold start. Making the client comes before the clock starts, as in the row: it stands apart, with its Intl. */
export async function traceCold(shop: string): Promise<readonly Span[]> {
  watchPlatform();
  origin = performance.now();
  const regulars = clientOf(shop, tracedStorage());
  const createMs = performance.now() - origin;
  const intlMs = spans
    .filter(({ label }) => label === 'new Intl.DateTimeFormat')
    .reduce((sum, { ms }) => sum + ms, 0);
  spans.length = 0;
  origin = performance.now();
  const { ms, settledMs } = await startClient(shop, regulars);
  return [
    { label: 'before the clock: createRegulars', at: -2, ms: createMs },
    { label: 'before the clock: new Intl.DateTimeFormat in it', at: -1, ms: intlMs },
    // what came after the greeting is no part of it
    ...spans.filter(({ at }) => at <= ms),
    { label: 'greeting ready', at: 0, ms },
    { label: 'start settled', at: 0, ms: settledMs },
  ];
}

/** The spans of one `record`, the last of several. */
export async function traceRecord(shop: string): Promise<readonly Span[]> {
  const regulars = clientOf(shop, tracedStorage());
  await regulars.start();
  watchPlatform();
  const random = randomOf(11);
  for (let i = 0; i < 20; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    spans.length = 0;
    origin = performance.now();
    await regulars.record({ id: `web:trace-${Date.now()}-${i}`, lines: linesOf(random) });
    note('record', origin);
  }
  return [...spans];
}
