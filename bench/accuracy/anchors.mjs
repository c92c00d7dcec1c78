// The published methods that every level of ours stands beside, written after their papers and reference programs.
// Neighbours come from the histories of train customers, as in the reality check (TOIS 2023).

/** Items by score, highest first, ties by popularity: the first `limit`, those without a score left out. */
function topOf(scores, ranks, limit) {
  const found = [];
  for (let item = 0; item < scores.length; item++) if (scores[item] > 0) found.push(item);
  return found.sort((a, b) => scores[b] - scores[a] || ranks[a] - ranks[b]).slice(0, limit);
}

/** Histories and popularity of the train customers of a fold. */
export function poolOf({ customers, size }, train) {
  const histories = train.map((id) => customers.get(id).slice(0, -1));
  const counts = new Float64Array(size);
  for (const visits of histories)
    for (const { numbers } of visits) for (const n of numbers) counts[n]++;
  const popular = [...counts.keys()].sort((a, b) => counts[b] - counts[a] || a - b);
  const ranks = new Int32Array(size);
  popular.forEach((item, rank) => (ranks[item] = rank));
  return { histories, popular, ranks, size };
}

/** P-TopFreq: own items by the visits that hold them. */
export function pTopFreq({ ranks, size }) {
  return (visits, limit) => {
    const scores = new Float64Array(size);
    for (const { numbers } of visits) for (const n of numbers) scores[n]++;
    return topOf(scores, ranks, limit);
  };
}

/** GP-TopFreq: the same, filled up with what most visits hold. */
export function gpTopFreq(pool) {
  const personal = pTopFreq(pool);
  return (visits, limit) => {
    const own = personal(visits, limit);
    const has = new Set(own);
    const rest = pool.popular.slice(0, 2 * limit).filter((item) => !has.has(item));
    return [...own, ...rest].slice(0, limit);
  };
}

/** Postings of sparse vectors: for each item the vectors that hold it. */
function invert(vectors, size) {
  const postings = Array.from({ length: size }, () => []);
  vectors.forEach((vector, v) => {
    for (const [item, value] of vector) postings[item].push([v, value]);
  });
  return postings.map((list) => ({
    vectors: Int32Array.from(list, ([v]) => v),
    values: Float64Array.from(list, ([, value]) => value),
  }));
}

function dots(vector, postings, into) {
  into.fill(0);
  for (const [item, value] of vector) {
    const { vectors, values } = postings[item];
    for (let k = 0; k < vectors.length; k++) into[vectors[k]] += value * values[k];
  }
}

/** Where `count` numbers are at or below the threshold; ties in order. */
function smallest(numbers, count) {
  const sorted = Float64Array.from(numbers).sort();
  const edge = sorted[Math.min(count, sorted.length) - 1];
  const found = [];
  for (let i = 0; i < numbers.length; i++) if (numbers[i] < edge) found.push(i);
  for (let i = 0; i < numbers.length && found.length < count; i++)
    if (numbers[i] === edge) found.push(i);
  return found;
}

// Of the reference program: as many groups as `groups`, the later ones a visit longer where it does not divide evenly.
function groupSizes(visits, groups) {
  if (visits < groups) return Array(visits).fill(1);
  const base = Math.floor(visits / groups);
  const longer = visits % groups;
  return Array.from({ length: groups }, (_, i) => (i < groups - longer ? base : base + 1));
}

/** A history as one vector: decayed within and across groups of visits. */
function decayed(visits, { within, across, groups }) {
  const sizes = groupSizes(visits.length, groups);
  const vector = new Map();
  let at = 0;
  sizes.forEach((size, group) => {
    const weight = across ** (groups - 1 - group) / size / sizes.length;
    for (let i = 0; i < size; i++, at++) {
      const value = weight * within ** (visits.length - 1 - at);
      for (const n of visits[at].numbers) vector.set(n, (vector.get(n) ?? 0) + value);
    }
  });
  return vector;
}

/** TIFU-KNN (SIGIR 2020): own decayed frequencies, mixed with the mean of the nearest customers'. */
export function tifuKnn(pool, parameters) {
  const { neighbours, alpha } = parameters;
  const { histories, ranks, size } = pool;
  const vectors = histories.map((visits) => decayed(visits, parameters));
  const postings = invert(vectors, size);
  const norms = vectors.map((vector) => [...vector.values()].reduce((sum, v) => sum + v * v, 0));
  const products = new Float64Array(vectors.length);
  return (visits, limit) => {
    const own = decayed(visits, parameters);
    dots(own, postings, products);
    // The own norm is the same for all of them.
    for (let v = 0; v < products.length; v++) products[v] = norms[v] - 2 * products[v];
    const scores = new Float64Array(size);
    const nearest = smallest(products, neighbours);
    for (const v of nearest)
      for (const [item, value] of vectors[v])
        scores[item] += ((1 - alpha) * value) / nearest.length;
    for (const [item, value] of own) scores[item] += alpha * value;
    return topOf(scores, ranks, limit);
  };
}

const isHeld = (visits) =>
  new Map(visits.flatMap(({ numbers }) => [...numbers]).map((n) => [n, 1]));

function recentShares(visits, recent) {
  const last = visits.slice(-recent);
  const shares = new Map();
  for (const { numbers } of last)
    for (const n of numbers) shares.set(n, (shares.get(n) ?? 0) + 1 / last.length);
  return shares;
}

/** UP-CF@r (UMAP 2020): shares of the last r visits, of the customer and of neighbours by asymmetric cosine to the power q. */
export function upCf({ histories, ranks, size }, { recent, alpha, power, neighbours }) {
  const sets = histories.map(isHeld);
  const postings = invert(sets, size);
  const shares = histories.map((visits) => recentShares(visits, recent));
  const products = new Float64Array(sets.length);
  return (visits, limit) => {
    const own = isHeld(visits);
    dots(own, postings, products);
    for (let v = 0; v < products.length; v++)
      products[v] /= -(own.size ** alpha * sets[v].size ** (1 - alpha));
    const scores = new Float64Array(size);
    for (const v of smallest(products, neighbours)) {
      const likeness = (0 - products[v]) ** power;
      if (likeness > 0) for (const [item, value] of shares[v]) scores[item] += likeness * value;
    }
    for (const [item, value] of recentShares(visits, recent)) scores[item] += value;
    return topOf(scores, ranks, limit);
  };
}
