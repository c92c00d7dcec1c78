/**
 * A 32-bit hash of a text, the same on every machine: MurmurHash3's finalizer over a multiplicative roll (Appleby 2011).
 * For checksums, stable choices and short keys; never for secrets.
 */
export function hash32(text: string, seed = 0): number {
  let h = seed ^ 0x9747b28c;
  // two characters a turn: a page that has just loaded runs its loops slowly, and this one goes over a whole card
  for (let i = 0; i < text.length; i += 2) {
    h = Math.imul(h ^ text.charCodeAt(i) ^ (text.charCodeAt(i + 1) << 16), 0x5bd1e995);
    h = (h << 13) | (h >>> 19);
  }
  h ^= text.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
