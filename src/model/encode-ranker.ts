import { checksum } from '../recommend/model-format.js';
import { FEATURES } from '../recommend/rank-features.js';
import type { Ranker } from '../recommend/rank-types.js';
import {
  LEAF_STEPS,
  QUESTIONS_AT,
  RANKER_BODY_AT,
  RANKER_MAGIC,
  RANKER_VERSION,
} from '../recommend/ranker-format.js';

/** The bytes of a ranker, to be put beside those of its model: 11.5 kB at most. Leaves keep 32,767 steps. */
export function encodeRanker({ scale, depth, features, thresholds, leaves }: Ranker): Uint8Array {
  const questions = features.length;
  const leavesAt = QUESTIONS_AT + 5 * questions;
  const bytes = new Uint8Array(leavesAt + 2 * leaves.length);
  const view = new DataView(bytes.buffer);
  const largest = Math.fround(leaves.reduce((most, leaf) => Math.max(most, Math.abs(leaf)), 0));
  view.setUint32(0, RANKER_MAGIC);
  view.setUint8(4, RANKER_VERSION);
  view.setUint8(9, FEATURES);
  view.setUint8(10, depth);
  view.setUint16(11, depth > 0 ? questions / depth : 0);
  view.setFloat32(13, largest);
  view.setFloat32(17, scale);
  bytes.set(features, QUESTIONS_AT);
  thresholds.forEach((threshold, q) => {
    view.setFloat32(QUESTIONS_AT + questions + 4 * q, threshold);
  });
  leaves.forEach((leaf, i) => {
    view.setInt16(leavesAt + 2 * i, Math.round((leaf / (largest || 1)) * LEAF_STEPS));
  });
  view.setUint32(5, checksum(bytes, RANKER_BODY_AT));
  return bytes;
}
