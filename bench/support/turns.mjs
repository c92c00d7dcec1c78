// Who is measured when.
import { progress } from './report.mjs';
import { inRandomOrder, summarize } from './statistics.mjs';

/** Rounds that are dropped. */
const WARM_UP = 3;

// what takes this long is measured three times, however many rounds there are: waiting would tell nothing more
const SLOW_MS = 2000;
const SLOW_ROUNDS = 3;

/** @param {number} ms */
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Each contender in each place. */
export const turnsOf = (row, contenders, places) =>
  places.flatMap((place) => contenders.map((contender) => ({ row, contender, ...place })));

/** Takes turns; gives the numbers of each turn, without the warm-up. */
export async function takeTurns(name, turns, rounds, random, measure, warmUp = WARM_UP) {
  const all = inRandomOrder(turns, rounds + warmUp, random);
  const show = progress(name, all.length);
  const numbers = new Map(turns.map((turn) => [turn, []]));
  const slow = new Set();
  for (const [i, { turn, round }] of all.entries()) {
    const list = numbers.get(turn);
    if (!slow.has(turn) || list.length < SLOW_ROUNDS) {
      const ms = await measure(turn);
      if (round >= warmUp || slow.has(turn)) list.push(ms);
      if (ms > SLOW_MS) slow.add(turn);
    }
    show(i + 1);
  }
  return [...numbers].map(([{ row, contender, customers }, list]) => ({
    row,
    contender,
    customers,
    ...summarize(list),
  }));
}
