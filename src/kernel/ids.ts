import type { Random } from './clock.js';
import { hex } from './random-id.js';

// Apart, since a greeting needs no UUID: a page that only greets does not load this file.
export { randomId } from './random-id.js';

/** Sets version and variant bits of RFC 9562 section 4 and writes the 36-character form. */
function uuidText(bytes: Uint8Array, version: number): string {
  const b = bytes.slice(0, 16);
  b[6] = ((b[6] ?? 0) & 0x0f) | (version << 4);
  b[8] = ((b[8] ?? 0) & 0x3f) | 0x80;
  return hex(b).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** A UUID of version 7 (RFC 9562 section 5.7): 48 bits of `nowMs`, 74 random bits; sorts by time of creation. */
export function uuidV7(nowMs: number, random: Random): string {
  const bytes = random(16);
  const ms = Math.max(0, Math.floor(nowMs));
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(ms / 2 ** (8 * (5 - i))) % 256;
  return uuidText(bytes, 7);
}

/** A UUID of version 8 (RFC 9562 section 5.8) around the first 16 bytes of a hash: the same bytes give the same id. */
export function uuidV8(hash: Uint8Array): string {
  return uuidText(hash, 8);
}
