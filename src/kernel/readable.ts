/**
 * A value that can be read and watched: the contract every binding is built on.
 * React takes `listen`, `get`, `getServer`; Svelte and Solid take `subscribe`; Vue and Angular take `listen`.
 */
export interface Readable<T> {
  /** The value now; the same reference until something changed. */
  readonly get: () => T;
  /** The value to render on a server and to hydrate with: constant and neutral. */
  readonly getServer: () => T;
  /** Calls `listener` after each change, unlike `subscribe` not at once. Returns the way to stop; stopping twice is harmless. */
  readonly listen: (listener: (value: T) => void) => () => void;
  /** Calls `listener` at once and after each change (the contract of a Svelte store). */
  readonly subscribe: (listener: (value: T) => void) => () => void;
}

/** A {@link Readable} that is computed when somebody looks; kept by the client, never handed out. */
export interface Derived<T> extends Readable<T> {
  /** What it is computed from has changed. Listeners hear of all changes of one task once, in a microtask. */
  readonly invalidate: () => void;
}

/**
 * Makes a {@link Derived}: `compute` runs when the value is read after a change, not with each change, and `initial` gives
 * what it is before the first and on a server. What either throws, and a listener that throws, is given to `onThrow`.
 */
export function createDerived<T extends object>(
  compute: () => T,
  initial: () => T,
  onThrow: (error: unknown) => void,
): Derived<T> {
  let server: T | undefined;
  let value: T | undefined;
  let announced: T | undefined;
  let stale = false;
  let waiting = false;
  const listeners = createListeners<T>(onThrow);

  const getServer = (): T => (server ??= keepReferences(undefined, initial()));
  const get = (): T => {
    if (stale) {
      stale = false;
      try {
        value = keepReferences(value ?? server, compute());
      } catch (error) {
        onThrow(error); // the page keeps what it had
      }
    }
    return (value ??= getServer());
  };
  const announce = (): void => {
    waiting = false;
    if (get() === announced) return;
    announced = get();
    listeners.tell(announced);
  };
  const listen = (listener: (value: T) => void): (() => void) => {
    if (listeners.none()) announced = stale ? get() : value;
    return listeners.add(listener);
  };
  return {
    get,
    getServer,
    listen,
    subscribe: (listener) => {
      const stop = listen(listener);
      listeners.call(listener, get());
      return stop;
    },
    invalidate: () => {
      stale = true;
      if (waiting || listeners.none()) return;
      waiting = true;
      queueMicrotask(announce);
    },
  };
}

/** A set of listeners. */
export interface Listeners<T> {
  /** True when nobody listens. */
  readonly none: () => boolean;
  /** Adds one; gives the way to stop. */
  readonly add: (listener: (value: T) => void) => () => void;
  /** Tells one. */
  readonly call: (listener: (value: T) => void, value: T) => void;
  /** Tells all. */
  readonly tell: (value: T) => void;
}

/** Makes a set of listeners: one that throws is given to `onThrow` and harms no other. */
export function createListeners<T>(onThrow: (error: unknown) => void): Listeners<T> {
  // an object each, so that one function listening twice is two listeners
  const entries = new Set<{ readonly listener: (value: T) => void }>();
  const call = (listener: (value: T) => void, value: T): void => {
    try {
      listener(value);
    } catch (error) {
      onThrow(error);
    }
  };
  return {
    none: () => entries.size === 0,
    add: (listener) => {
      const entry = { listener };
      entries.add(entry);
      return () => void entries.delete(entry);
    },
    call,
    tell: (value) => {
      for (const entry of [...entries]) if (entries.has(entry)) call(entry.listener, value);
    },
  };
}

/**
 * `next`, with every part that equals its counterpart in `previous` replaced by it, frozen: so parts keep their reference while equal.
 * For plain data (objects, arrays, primitives).
 */
function keepReferences<T>(previous: unknown, next: T): T {
  if (Object.is(previous, next) || typeof next !== 'object' || next === null) return next;
  const before = (typeof previous === 'object' && previous !== null ? previous : {}) as Record<
    string,
    unknown
  >;
  const source = next as Record<string, unknown>;
  const keys = Object.keys(source);
  let same =
    typeof previous === 'object' &&
    previous !== null &&
    Array.isArray(previous) === Array.isArray(next) &&
    Object.keys(before).length === keys.length;
  const merged: Record<string, unknown> | unknown[] = Array.isArray(next) ? [] : {};
  for (const key of keys) {
    const value = keepReferences(before[key], source[key]);
    if (!(key in before) || !Object.is(value, before[key])) same = false;
    (merged as Record<string, unknown>)[key] = value;
  }
  return same ? (previous as T) : (Object.freeze(merged) as T);
}
