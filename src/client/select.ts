import type { Readable } from '../kernel/readable.js';

/** One part of a readable, heard of only when it changes. */
export function selectPart<T, P>(whole: Readable<T>, part: (value: T) => P): Readable<P> {
  // one cached pick for each side: a part that builds a new object still keeps its reference while the whole is the same
  const cached = (read: () => T): (() => P) => {
    let last: { readonly from: T; readonly picked: P } | undefined;
    return () => {
      const from = read();
      if (!last || last.from !== from) last = { from, picked: part(from) };
      return last.picked;
    };
  };
  const get = cached(whole.get);
  const listen = (listener: (value: P) => void): (() => void) => {
    let last = get();
    return whole.listen(() => {
      const next = get();
      if (Object.is(next, last)) return;
      last = next;
      listener(next);
    });
  };
  return {
    get,
    getServer: cached(whole.getServer),
    listen,
    subscribe: (listener) => {
      const stop = listen(listener);
      listener(get());
      return stop;
    },
  };
}
