import { RegularsError } from '../kernel/errors.js';
import { hash32 } from '../kernel/hash.js';
import type { StorageTransaction } from './port.js';

/** What a file of `exportStorage` begins with. */
export interface ExportHeader {
  readonly format: 'regulars-storage';
  readonly version: 1;
  readonly shop: string;
  readonly exportedAt: number;
  /** Tells whether two devices make the same tokens; says nothing of the key. */
  readonly key?: string;
}

/** What it ends with: without it, or with another count or checksum, something is missing. */
export interface ExportEnd {
  /** Lines between the first and this one. */
  readonly count: number;
  /** Over every line before, in order. */
  readonly sum: number;
  /** Rows that could not be read and are not in the file; absent when there was none. */
  readonly damaged?: number;
}

/** Name of the format; the first thing that is looked at. */
export const EXPORT_FORMAT = 'regulars-storage';
/** A file of a higher one is refused whole. */
export const EXPORT_VERSION = 1;

/** The checksum with one more line. */
export function addLine(sum: number, line: string): number {
  return hash32(line, sum);
}

/** What this device's key makes of a fixed text: equal keys are seen to be equal, and nothing more. Undefined without WebCrypto. */
export async function checkOfKey(key: Uint8Array | undefined): Promise<string | undefined> {
  const { subtle } =
    (globalThis as { readonly crypto?: { readonly subtle?: SubtleCrypto } }).crypto ?? {};
  if (key === undefined || subtle === undefined) return undefined;
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await subtle.importKey('raw', new Uint8Array(key), algorithm, false, ['sign']);
  const mac = await subtle.sign('HMAC', imported, new TextEncoder().encode('\0key check'));
  return btoa(String.fromCharCode(...new Uint8Array(mac).slice(0, 12)));
}

/** The error of a storage that is encrypted and was opened without its key. */
export function lockedError(): RegularsError {
  return new RegularsError(
    'ERR_STORAGE_LOCKED',
    'This storage is encrypted; give the key that it was encrypted with.',
  );
}

/** The bytes of the key that tokens are made with here; throws where they are encrypted. */
export async function readKey(tx: StorageTransaction): Promise<Uint8Array | undefined> {
  const row = (await tx.get('meta', 'device')) as
    { readonly key?: unknown; readonly locked?: unknown } | undefined;
  if (row?.locked !== undefined) throw lockedError();
  const key = row?.key;
  return Array.isArray(key) && key.length > 0 ? Uint8Array.from(key as number[]) : undefined;
}
