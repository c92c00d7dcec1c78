import type { Random } from './clock.js';

/** Bytes as lower-case hexadecimal digits. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** 32 hexadecimal digits: 128 random bits. */
export function randomId(random: Random): string {
  return hex(random(16));
}
