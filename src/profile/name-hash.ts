import { hash32 } from '../kernel/hash.js';

/** Characters of a short hash. */
export const SHORT_WIDTH = 5;
/** Characters of a name's hash: two short ones. */
const NAME_WIDTH = 2 * SHORT_WIDTH;

/** 24 bits: one wrong "seen" in 20,000 purchases costs a refold, nothing else. */
export function shortHash(text: string, seed = 0): string {
  return (hash32(text, seed) >>> 8).toString(36).padStart(SHORT_WIDTH, '0');
}

/** 48 bits of a name that need not be told any more, only known again; begins with its short hash. */
export function nameHash(text: string): string {
  return shortHash(text) + shortHash(text, 1);
}

/** Many hashes as one text: each once, sorted. */
export function packHashes(hashes: Iterable<string>): string {
  return [...new Set(hashes)].sort().join('');
}

/** The hashes in a packed text. */
export function unpackHashes(packed: string): readonly string[] {
  return packed.match(/.{10}/g) ?? [];
}

/** True when `hash` is one of a packed text. */
export function hasHash(packed: string, hash: string): boolean {
  let [low, high] = [0, packed.length / NAME_WIDTH];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = packed.slice(middle * NAME_WIDTH, (middle + 1) * NAME_WIDTH);
    if (found === hash) return true;
    if (found < hash) low = middle + 1;
    else high = middle;
  }
  return false;
}
