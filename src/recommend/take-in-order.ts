const BATCH = 32;

/**
 * Gives the numbers of these scores one by one, the first by `isBefore` first, which no lower score may be; -Infinity is never
 * given. Sorts a batch at a time: of thousands of candidates only a few are taken, and one pass that keeps the best is many
 * times cheaper than a sort or a heap.
 *
 * @yields each number once; of two neither of which is before the other, one may be left out
 */
export function* takeInOrder(
  scores: Float64Array,
  isBefore: (a: number, b: number) => boolean,
): Generator<number, undefined> {
  const batch = new Uint32Array(BATCH);
  for (let last: number | undefined; ;) {
    let size = 0;
    let floor = -Infinity;
    for (let c = 0; c < scores.length; c++) {
      const score = scores[c] ?? 0;
      if (score < floor || score === -Infinity) continue;
      if (last !== undefined && !isBefore(last, c)) continue;
      let at = size;
      while (at > 0 && isBefore(c, batch[at - 1] ?? 0)) at--;
      if (at === BATCH) continue;
      batch.copyWithin(at + 1, at, size);
      batch[at] = c;
      if (size < BATCH) size++;
      if (size === BATCH) floor = scores[batch[BATCH - 1] ?? 0] ?? 0;
    }
    if (size === 0) return undefined;
    yield* batch.subarray(0, size);
    last = batch[size - 1];
  }
}
