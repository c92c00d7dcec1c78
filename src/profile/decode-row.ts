import { hash32 } from '../kernel/hash.js';

/** Version of what rows hold. One that reads a higher one writes nothing. */
export const DATA_VERSION = 1;

/** A value as it lies in a store. */
export interface StoredRow {
  readonly v: number;
  /** Checksum of `text`: what passes it was written by us and needs no schema. */
  readonly sum: number;
  /** The value as JSON. */
  readonly text: string;
}

/** What reading a row gives. */
export type DecodedRow =
  | { readonly kind: 'ok'; readonly value: unknown }
  | { readonly kind: 'corrupt' }
  | { readonly kind: 'newer' }
  | { readonly kind: 'older'; readonly version: number; readonly value: unknown };

/** Reads a row, whoever wrote it. */
export function decodeRow(row: unknown, version: number = DATA_VERSION): DecodedRow {
  const { v, sum, text } = (row ?? {}) as { readonly [key in keyof StoredRow]?: unknown };
  // a newer version may check its rows another way: so the version is looked at first
  if (typeof v === 'number' && v > version) return { kind: 'newer' };
  if (typeof v !== 'number' || typeof text !== 'string' || hash32(text) !== sum)
    return { kind: 'corrupt' };
  try {
    const value: unknown = JSON.parse(text);
    return v < version ? { kind: 'older', version: v, value } : { kind: 'ok', value };
  } catch {
    return { kind: 'corrupt' };
  }
}
