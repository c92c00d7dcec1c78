import { decodeRanker } from './decode-ranker.js';
import type { Ranker } from './rank-types.js';

// Named here for the reason given in load-engine.ts.
/** @public */
export { createRecommender } from './create-recommender.js';

/** The ranker that was given, or that lies in the bytes. */
export function readRanker(given: unknown): Ranker {
  const { rescore } = Object(given) as Partial<Ranker>;
  return typeof rescore === 'function' ? (given as Ranker) : decodeRanker(given as Uint8Array);
}
