import { describe, expect, it } from 'vitest';
import type { RankRows } from '../../../src/model/ask-rows.js';
import { RANKING } from '../../../src/model/fit-ranker.js';
import { growTrees } from '../../../src/model/grow-trees.js';
import { createRows } from '../../../src/model/rank-rows.js';
import { seeded } from '../../../src/model/seeded.js';
import { createRanker } from '../../../src/recommend/create-ranker.js';
import { createRecommender } from '../../../src/recommend/create-recommender.js';
import { FEATURES } from '../../../src/recommend/rank-features.js';
import { cafeModel, NOW } from '../recommend/shop.js';

const LISTS = 120;
const LENGTH = 6;
/** Which of so many lists are held out of what is learned from, by the same seed. */
const heldOut = (seed: number, lists = LISTS): boolean[] => {
  const random = seeded(seed);
  return Array.from({ length: lists }, () => random() < RANKING.heldOutShare);
};

/** Lists in which the thing with the highest number in one feature is bought; in those that are `inverted` the one with the lowest. */
function rowsOf(isInverted: (list: number) => boolean, lists = LISTS): RankRows {
  const rows = createRows(1, seeded(2));
  for (let list = 0; list < lists; list++) {
    const columns = new Float32Array(FEATURES * LENGTH);
    for (let i = 0; i < LENGTH; i++) columns[5 * LENGTH + i] = (i + list) % LENGTH;
    const wanted = isInverted(list) ? 0 : LENGTH - 1;
    rows.add(
      columns,
      Uint8Array.from({ length: LENGTH }, (_, i) => ((i + list) % LENGTH === wanted ? 1 : 0)),
    );
  }
  return rows.taken();
}

const grow = (rows: RankRows, seed: number, enough: number = RANKING.enough) =>
  growTrees(rows, { ...RANKING, enough, random: seeded(seed), onDone: () => undefined });

describe('how many trees there are', () => {
  it.each([
    ['few customers, who are learned from in the end', RANKING.enough],
    ['many, of whom those held out are not missed', LISTS],
  ])('is none where they tell customers held out worse: %s', (_name, enough) => {
    const isHeldOut = heldOut(7);
    expect(isHeldOut.filter(Boolean).length).toBeGreaterThan(3);
    const misleading = grow(
      rowsOf((list) => isHeldOut[list] === true),
      7,
      enough,
    );
    expect(misleading.features).toHaveLength(0);
    expect(misleading.leaves).toHaveLength(0);
    const helpful = grow(
      rowsOf(() => false),
      7,
      enough,
    );
    expect(helpful.features.length).toBeGreaterThan(RANKING.depth * 20);
  });

  it('being none, leaves the order as the weights for any shop have it', async () => {
    const isHeldOut = heldOut(7);
    const rows = rowsOf((list) => isHeldOut[list] === true);
    const ranker = createRanker({ ...grow(rows, 7), scale: 4 });
    const model = await cafeModel();
    const ask = (engine: ReturnType<typeof createRecommender>): string[] =>
      engine
        .recommend(engine.history([{ items: ['latte'] }, { items: ['tea', 'latte'] }]), {
          ...{ now: NOW, limit: 20 },
        })
        .map(({ sku }) => sku);
    expect(ask(createRecommender({ model, ranker }))).toEqual(ask(createRecommender({ model })));
  });
});
