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

/** A {@link Readable} with a way to change it; kept by the client, never handed out. */
export interface Writable<T> extends Readable<T> {
  /** Sets the value; listeners hear of all changes of one task once, in a microtask. */
  readonly set: (value: T) => void;
}

/** Makes a {@link Writable}. A listener that throws is given to `onThrow` and harms no other. */
export function createWritable<T>(
  initial: T,
  server: T,
  onThrow: (error: unknown) => void,
): Writable<T> {
  let value = initial;
  let announced = initial;
  let waiting = false;
  const listeners = new Set<{ readonly call: (value: T) => void }>();

  const call = (listener: (value: T) => void): void => {
    try {
      listener(value);
    } catch (error) {
      onThrow(error);
    }
  };
  const announce = (): void => {
    waiting = false;
    if (value === announced) return;
    announced = value;
    for (const entry of [...listeners]) if (listeners.has(entry)) call(entry.call);
  };
  const listen = (listener: (value: T) => void): (() => void) => {
    const entry = { call: listener }; // an object, so that one function listening twice is two listeners
    listeners.add(entry);
    return () => void listeners.delete(entry);
  };
  return {
    get: () => value,
    getServer: () => server,
    listen,
    subscribe: (listener) => {
      const stop = listen(listener);
      call(listener);
      return stop;
    },
    set: (next) => {
      value = next;
      if (waiting || value === announced) return;
      waiting = true;
      queueMicrotask(announce);
    },
  };
}

/**
 * `next`, with every part that equals its counterpart in `previous` replaced by it, frozen: so parts keep their reference while equal.
 * For plain data (objects, arrays, primitives).
 */
export function keepReferences<T>(previous: unknown, next: T): T {
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
