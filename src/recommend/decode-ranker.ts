import { RegularsError } from '../kernel/errors.js';
import { createRanker } from './create-ranker.js';
import { checksum } from './model-format.js';
import { FEATURES } from './rank-features.js';
import type { Ranker } from './rank-types.js';
import {
  LEAF_STEPS,
  MAX_DEPTH,
  QUESTIONS_AT,
  RANKER_BODY_AT,
  RANKER_MAGIC,
  RANKER_VERSION,
} from './ranker-format.js';

/**
 * Reads the bytes that `encodeRanker` of `regulars/model` made. Throws `ERR_MODEL_INVALID` on anything else: cut short,
 * damaged, of another version, numbers that are none.
 */
export function decodeRanker(bytes: Uint8Array | ArrayBuffer): Ranker {
  const all = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  fits(all instanceof Uint8Array && all.length >= QUESTIONS_AT, 'damaged');
  const view = new DataView(all.buffer, all.byteOffset, all.length);
  fits(view.getUint32(0) === RANKER_MAGIC, 'unknown beginning');
  fits(all[4] === RANKER_VERSION && all[9] === FEATURES, 'another version');
  fits(view.getUint32(5) === checksum(all, RANKER_BODY_AT), 'damaged');
  const depth = view.getUint8(10);
  const trees = view.getUint16(11);
  const largest = view.getFloat32(13);
  const scale = view.getFloat32(17);
  const questions = trees * depth;
  const leavesAt = QUESTIONS_AT + 5 * questions;
  const leafCount = trees * 2 ** depth;
  fits(
    depth <= MAX_DEPTH &&
      largest >= 0 &&
      largest < 1000 &&
      Math.abs(scale) < 1000 &&
      all.length === leavesAt + 2 * leafCount,
    'damaged',
  );
  const features = all.slice(QUESTIONS_AT, QUESTIONS_AT + questions);
  const thresholds = new Float32Array(questions).map((_, q) =>
    view.getFloat32(QUESTIONS_AT + questions + 4 * q),
  );
  const leaves = new Float32Array(leafCount).map(
    (_, leaf) => (view.getInt16(leavesAt + 2 * leaf) * largest) / LEAF_STEPS,
  );
  fits(
    features.every((feature) => feature < FEATURES),
    'damaged',
  );
  fits(!thresholds.some(isNaN), 'damaged');
  return createRanker({ scale, depth, features, thresholds, leaves });
}

function fits(holds: boolean, fact: string): asserts holds {
  if (!holds)
    throw new RegularsError(
      'ERR_MODEL_INVALID',
      `Not a ranker (${fact}); make one with encodeRanker of this release.`,
    );
}
