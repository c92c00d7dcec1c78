/** How far one call of `roll` goes. */
const STRETCH = 128;

/** Goes over a stretch of a text, two characters a turn. */
function roll(hash: number, text: string, from: number, end: number): number {
  let h = hash;
  for (let i = from; i < end; i += 2) {
    h = Math.imul(h ^ text.charCodeAt(i) ^ (text.charCodeAt(i + 1) << 16), 0x5bd1e995);
    h = (h << 13) | (h >>> 19);
  }
  return h;
}

/**
 * A 32-bit hash of a text, the same on every machine: MurmurHash3's finalizer over a multiplicative roll (Appleby 2011).
 * For checksums, stable choices and short keys; never for secrets.
 */
export function hash32(text: string, seed = 0): number {
  const { length } = text;
  let h = seed ^ 0x9747b28c;
  // In stretches: an engine makes a function fast that is called again and again sooner than one that loops once. A page that has
  // just loaded goes over a whole card in half the time.
  for (let i = 0; i < length; i += STRETCH) h = roll(h, text, i, Math.min(i + STRETCH, length));
  h ^= length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
