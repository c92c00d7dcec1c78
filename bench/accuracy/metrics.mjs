// What is measured of one list against one basket, and its mean over customers, then over folds.
const LENGTHS = [10, 20];

/** Columns, in the order they are printed; `repeat` and `new` are recalls at 10 of what was, and was not, bought before. */
export const COLUMNS = ['R@10', 'N@10', 'PHR@10', 'R@20', 'N@20', 'PHR@20', 'repeat', 'new'];

const gainAt = (rank) => 1 / Math.log2(rank + 2);

/** One customer's metrics; NaN where there is nothing to measure: nothing in the basket is a repeat, or nothing is new. */
export function measure(list, target, owned) {
  const wanted = new Set(target);
  // The ideal is that of the whole basket, not cut at the length of the list.
  let ideal = 0;
  for (let rank = 0; rank < wanted.size; rank++) ideal += gainAt(rank);
  const cells = LENGTHS.flatMap((length) => {
    let hits = 0;
    let gain = 0;
    list.slice(0, length).forEach((item, rank) => {
      if (!wanted.has(item)) return;
      hits++;
      gain += gainAt(rank);
    });
    return [hits / wanted.size, gain / ideal, hits > 0 ? 1 : 0];
  });
  const top = new Set(list.slice(0, LENGTHS[0]));
  const recallOf = (items) => items.filter((item) => top.has(item)).length / items.length;
  const isOwn = (item) => owned.has(item);
  return [
    ...cells,
    recallOf([...wanted].filter(isOwn)),
    recallOf([...wanted].filter((item) => !isOwn(item))),
  ];
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Means over customers of each column. */
export function meansOf(rows) {
  return COLUMNS.map((_, c) => mean(rows.map((row) => row[c]).filter((value) => !isNaN(value))));
}

/** Means and deviations over folds of each column. */
export function overFolds(folds) {
  return COLUMNS.map((_, c) => {
    const values = folds.map((fold) => fold[c]);
    const middle = mean(values);
    const spread = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
    return {
      mean: middle,
      deviation: values.length > 1 ? Math.sqrt(spread / (values.length - 1)) : NaN,
    };
  });
}
