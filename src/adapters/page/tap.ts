type Read = (pushed: unknown) => void;

/** A window, by names that are only known when it runs. */
export type Page = Record<string, unknown> &
  Pick<Window, 'addEventListener' | 'removeEventListener'>;

/** Never to the page: what goes wrong here is not its concern. */
function quietly(run: () => void): void {
  try {
    run();
  } catch {
    // an event or a queue nobody could foresee
  }
}

/** Runs when the page is whole, and when it is left: what came past us by then is found. */
function later(page: Page, run: () => void): () => void {
  for (const event of ['load', 'pagehide'] as const) page.addEventListener(event, run);
  return () => {
    for (const event of ['load', 'pagehide'] as const) page.removeEventListener(event, run);
  };
}

/** Reads what a queue holds, and what is pushed to it from now on. What is no queue is left alone. */
export function tapQueue(page: Page, queue: unknown, read: Read): () => void {
  if (!Array.isArray(queue)) return () => undefined;
  const entries = queue as unknown[];
  const seen = new WeakSet();
  let stopped = false;
  const take = (entry: unknown): void => {
    if (stopped || typeof entry !== 'object' || entry === null || seen.has(entry)) return;
    seen.add(entry);
    quietly(() => read(entry));
  };
  const before = Object.getOwnPropertyDescriptor(entries, 'push');
  const original: (...given: unknown[]) => number = Reflect.get(entries, 'push');
  function push(this: unknown, ...given: unknown[]): number {
    try {
      return Reflect.apply(original, this, given);
    } finally {
      for (const entry of given) take(entry);
    }
  }
  const how = before ?? { writable: true, configurable: true, enumerable: false };
  // a frozen one takes no more anyway
  quietly(() => Object.defineProperty(entries, 'push', { ...how, value: push }));
  // tag managers keep the newest few hundred: never long
  const scan = (): void => {
    for (const entry of [...entries]) take(entry);
  };
  scan();
  const stopScanning = later(page, scan);
  return () => {
    stopped = true;
    stopScanning();
    // whoever has wrapped ours meanwhile goes on calling it
    if (entries.push !== push) return;
    if (before) Object.defineProperty(entries, 'push', before);
    else Reflect.deleteProperty(entries, 'push');
  };
}

/** Taps a global of the page as soon as there is one, and one that takes its place. Makes none, and leaves none behind. */
export function whenThere(
  page: Page,
  name: string,
  tap: (value: unknown) => () => void,
): () => void {
  const stops: (() => void)[] = [];
  let tapped: unknown;
  const look = (): void => {
    const value = page[name];
    if (value === tapped || value === undefined || value === null) return;
    tapped = value;
    stops.push(tap(value));
  };
  const unlessThere = (): void => {
    const ours: PropertyDescriptor = {
      configurable: true,
      enumerable: true,
      get: () => undefined,
      // from then on it is what it would have been without us
      set: (value: unknown) => {
        Object.defineProperty(page, name, { ...PLAIN, value });
        quietly(look);
      },
    };
    Object.defineProperty(page, name, ours);
    stops.push(() => {
      if (Object.getOwnPropertyDescriptor(page, name)?.get === ours.get)
        Reflect.deleteProperty(page, name);
    });
  };
  quietly(name in page ? look : unlessThere);
  stops.push(later(page, () => quietly(look)));
  return () => {
    for (const stop of stops.splice(0)) stop();
  };
}

const PLAIN = { configurable: true, enumerable: true, writable: true };
