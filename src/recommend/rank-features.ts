import { shareOf } from './neighbour-sums.js';
import { fillLinks, LINKS } from './rank-links.js';
import type { RankContext } from './rank-types.js';
import {
  decayedNow,
  dueness,
  gapsSince,
  lastAtOf,
  lastOf,
  type OwnItem,
} from './summarize-history.js';
import type { CatalogModel } from './types.js';

const DAY_MS = 86_400_000;
/** Stands for "never" and "nobody knows". */
const NEVER = 99;
const UNKNOWN = -1;
// As if an item were a little more evenly sold than it is: of what sells seldom, a trend is chance.
const EVEN = 1e-5;

/** What is known of a candidate: so many numbers, in the order that `fitRanker` has seen them in. */
export const FEATURES: number = 36 + LINKS;

// A second memory beside the engine's .6 a visit: habits of many visits.
const SLOW_DECAY = 0.9;
const SLOW = Float64Array.from({ length: 64 }, (_, visits) => SLOW_DECAY ** visits);
const slowly = (visits: number): number => SLOW[visits] ?? SLOW_DECAY ** visits;

/** What is the same for all candidates of an answer. */
interface Common {
  readonly most: number;
  readonly mostSlowly: number;
  readonly ownItems: number;
  readonly bestScore: number;
  readonly seq: number;
  readonly visits: number;
  readonly repeatShare: number;
  readonly meanItems: number;
  readonly newestItems: number;
  readonly newestDays: number;
}

/** The numbers of these candidates, feature by feature: that of candidate `i` is at `feature × chosen.length + i`. */
export function rankFeatures(context: RankContext, chosen: Uint32Array): Float32Array {
  const { own, fresh, scores, model } = context;
  const columns = new Float32Array(FEATURES * chosen.length);
  const common = commonOf(context);
  const totals = totalsOf(model);
  fillLinks(columns, chosen, context);
  chosen.forEach((candidate, i) => {
    const item = own[candidate];
    const number = item ? item.number : (fresh[candidate - own.length] ?? -1);
    let at = LINKS * chosen.length + i;
    const push = (value: number): void => {
      columns[at] = value;
      at += chosen.length;
    };
    pushOwn(push, item, number, common, context);
    pushItem(push, number, model, totals);
    pushSums(push, number, common, context);
    push(common.visits);
    push(common.repeatShare);
    push(common.meanItems);
    push(common.newestItems);
    push(common.newestDays);
    push(common.ownItems);
    push((scores[candidate] ?? 0) / common.bestScore);
    push(scores[candidate] ?? 0);
  });
  return columns;
}

function commonOf({ summary, scores, now }: RankContext): Common {
  const visits = summary.visits();
  const { baskets, own } = summary;
  const newest = baskets.at(-1) ?? [];
  const lines = baskets.reduce((sum, { length }) => sum + length, 0);
  const later = lines - (baskets[0]?.length ?? 0);
  const [first] = newest;
  const days = first ? (now - lastAtOf(first)) / DAY_MS : NaN;
  return {
    most: summary.most() || 1,
    mostSlowly: (1 - slowly(visits)) / (1 - SLOW_DECAY) || 1,
    ownItems: own.size,
    bestScore: scores.reduce((best, score) => Math.max(best, score), 0) || 1,
    seq: summary.seq(),
    visits,
    // A quarter of four more lines: of one visit nothing is known.
    repeatShare: (lines - own.size + 1) / (later + 4),
    meanItems: lines / (visits || 1),
    newestItems: newest.length,
    newestDays: Number.isFinite(days) ? days : UNKNOWN,
  };
}

// What was never bought, in the order of what follows.
const NOT_OWN = [
  ...[0, 0, 0, NEVER, NEVER, 0, 0, UNKNOWN, UNKNOWN, UNKNOWN, 0, 0],
  ...[0, 0, 0, UNKNOWN],
];

function pushOwn(
  push: (value: number) => void,
  item: OwnItem | undefined,
  number: number,
  { seq, visits, most, mostSlowly }: Common,
  { model, now }: RankContext,
): void {
  if (item === undefined) {
    for (const value of NOT_OWN) push(value);
    return;
  }
  const repeat = model.repeat[number] ?? 0;
  const times = item.seqs.length;
  const share = times / visits;
  const decayed = decayedNow(item, seq) / most;
  const firstAge = seq - (item.seqs[0] ?? seq);
  const gap = model.gapDays[number] ?? 0;
  const gaps = gapsSince(item, now, gap);
  const days = (now - lastAtOf(item)) / DAY_MS;
  const ownGap = (lastAtOf(item) - (item.ats[0] ?? NaN)) / DAY_MS / (times - 1);
  push(share);
  push(decayed);
  push(times);
  push(seq - lastOf(item));
  push(firstAge);
  push((times - 0.5) / (firstAge + 5.5));
  push(dueness(item, now, gap));
  push(gaps > 0 && gaps < 1000 ? gaps : UNKNOWN);
  push(Number.isFinite(days) ? days : UNKNOWN);
  push(Number.isFinite(ownGap) ? ownGap : UNKNOWN);
  push(share * repeat);
  push(decayed * repeat);
  const slow = item.seqs.reduce((sum, bought) => sum + slowly(seq - bought), 0) / mostSlowly;
  push(slow);
  push(slow * repeat);
  push(share * (model.perBuyer[number] ?? 0));
  push(
    times > 1 ? ((seq - lastOf(item)) * (times - 1)) / (firstAge - seq + lastOf(item)) : UNKNOWN,
  );
}

interface Totals {
  readonly visits: number;
  readonly recent: number;
  readonly mostRecent: number;
}

const known = new WeakMap<CatalogModel, Totals>();

function totalsOf(model: CatalogModel): Totals {
  let totals = known.get(model);
  if (totals === undefined) {
    const sum = (counts: Uint32Array): number => counts.reduce((all, count) => all + count, 0) || 1;
    const mostRecent = model.recent.reduce((most, count) => Math.max(most, count), 1);
    totals = { visits: sum(model.visits), recent: sum(model.recent), mostRecent };
    known.set(model, totals);
  }
  return totals;
}

function pushItem(
  push: (value: number) => void,
  number: number,
  { visits, recent, repeat, perBuyer, gapDays }: CatalogModel,
  totals: Totals,
): void {
  const share = (visits[number] ?? 0) / totals.visits;
  const now = recent[number] ?? 0;
  push(repeat[number] ?? 0);
  push(Math.log(share + EVEN));
  push(Math.sqrt(now / totals.mostRecent));
  push(Math.log((now / totals.recent + EVEN) / (share + EVEN)));
  push(perBuyer[number] ?? 0);
  push(gapDays[number] ?? 0);
}

function pushSums(
  push: (value: number) => void,
  number: number,
  { most, newestItems }: Common,
  { sums: { customers, next, newest } }: RankContext,
): void {
  push(shareOf(customers, number));
  push(shareOf(next, number));
  push(shareOf(newest, number));
  push((customers.values[number] ?? 0) / most);
  push((next.values[number] ?? 0) / most);
  push((newest.values[number] ?? 0) / (newestItems || 1));
}
