const TURNS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;
const SINES = Uint32Array.from({ length: 64 }, (_, i) => Math.abs(Math.sin(i + 1)) * 2 ** 32);

/**
 * The first 32 bits of the MD5 (RFC 1321) of a text in UTF-8: eight hexadecimal digits of what `md5(text)` gives in SQL. For drawing the
 * same sample everywhere; never for secrets.
 */
export function md5Prefix(text: string): number {
  const words = paddedWords(new TextEncoder().encode(text));
  let [a, b, c, d] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let block = 0; block < words.length; block += 16) {
    const before = [a, b, c, d] as const;
    for (let i = 0; i < 64; i++) {
      const [mixed, at] = mix(i, b, c, d);
      const turn = TURNS[i >> 4]?.[i & 3] ?? 0;
      const sum = (a + mixed + (SINES[i] ?? 0) + (words[block + at] ?? 0)) | 0;
      [a, d, c, b] = [d, c, b, (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0];
    }
    a = (a + before[0]) | 0;
    b = (b + before[1]) | 0;
    c = (c + before[2]) | 0;
    d = (d + before[3]) | 0;
  }
  // digits are those of the bytes, the lowest first
  const view = new DataView(new ArrayBuffer(4));
  view.setInt32(0, a, true);
  return view.getUint32(0);
}

/** The function of a round, and which word it takes. */
function mix(i: number, b: number, c: number, d: number): readonly [number, number] {
  if (i < 16) return [(b & c) | (~b & d), i];
  if (i < 32) return [(d & b) | (~d & c), (5 * i + 1) & 15];
  if (i < 48) return [b ^ c ^ d, (3 * i + 5) & 15];
  return [c ^ (b | ~d), (7 * i) & 15];
}

function paddedWords(bytes: Uint8Array): Uint32Array {
  const { length } = bytes;
  const padded = new Uint8Array((((length + 8) >> 6) + 1) * 64);
  padded.set(bytes);
  padded[length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, length * 8, true);
  return Uint32Array.from({ length: padded.length / 4 }, (_, i) => view.getUint32(4 * i, true));
}
