/**
 * Makes a heap of `entries`, in place, and gives the function that takes the first of them:
 * cheaper than sorting where only a few are taken.
 */
export function makeHeap<T>(entries: T[], isBefore: (a: T, b: T) => boolean): () => T | undefined {
  const sink = (from: number): void => {
    for (let i = from; ;) {
      let child = 2 * i + 1;
      let best = entries[child];
      const right = entries[child + 1];
      if (right !== undefined && best !== undefined && isBefore(right, best)) {
        best = right;
        child++;
      }
      const moved = entries[i];
      if (best === undefined || moved === undefined || !isBefore(best, moved)) return;
      entries[i] = best;
      entries[child] = moved;
      i = child;
    }
  };
  for (let i = entries.length >> 1; i >= 0; i--) sink(i);
  return () => {
    const [first] = entries;
    const last = entries.pop();
    if (last !== undefined && entries.length > 0) {
      entries[0] = last;
      sink(0);
    }
    return first;
  };
}
