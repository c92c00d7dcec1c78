const BATCH = 64;

/**
 * Gives the numbers 0 to `size` − 1 one by one, the first by `isBefore` first. Sorts a batch at a time: of thousands of
 * candidates only a few are taken, and one pass that keeps the best is many times cheaper than a sort or a heap.
 *
 * @yields each number once; of two neither of which is before the other, one may be left out
 */
export function* takeInOrder(
  size: number,
  isBefore: (a: number, b: number) => boolean,
): Generator<number, undefined> {
  for (let last: number | undefined; ;) {
    const batch: number[] = [];
    for (let c = 0; c < size; c++) {
      const worst = batch[BATCH - 1];
      if (worst !== undefined && !isBefore(c, worst)) continue;
      if (last !== undefined && !isBefore(last, c)) continue;
      let at = batch.length;
      while (at > 0 && isBefore(c, batch[at - 1] ?? 0)) at--;
      batch.splice(at, 0, c);
      batch.length = Math.min(batch.length, BATCH);
    }
    if (batch.length === 0) return undefined;
    yield* batch;
    last = batch.at(-1);
  }
}
