/**
 * The file of a ranker, shared by both ends. "RGLR", version, checksum of the rest, then: features that are known, depth,
 * trees (2 bytes), the largest leaf and the scale (float32), for each question its feature and threshold (float32), leaves (2 bytes).
 */
export const RANKER_MAGIC = 0x52474c52;
/** Version of the file, and of the numbers that the trees ask for. */
export const RANKER_VERSION = 1;
/** Where the checksummed part begins. */
export const RANKER_BODY_AT = 9;
/** Where the questions begin. */
export const QUESTIONS_AT = 21;
/** A leaf of this many steps is the largest. */
export const LEAF_STEPS = 32_767;
/** A leaf's number is a byte. */
export const MAX_DEPTH = 8;
