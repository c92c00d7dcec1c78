import type { FileName, FileShelf } from './types.js';

/**
 * What a source is asked with: `(init) => fetch('/model.bin', init)` lets a server answer 304 where nothing has changed since the
 * file that is kept here.
 */
export interface FileRequest {
  readonly headers?: Readonly<Record<string, string>>;
}

/** A file: its bytes, the way to it, or its address. */
export type FileSource =
  Uint8Array | string | ((request: FileRequest) => Promise<Uint8Array | ArrayBuffer | Response>);

/** What a source gave. */
export interface Taken<T> {
  readonly value: T;
  /** Of a file that was kept: when it had come. */
  readonly keptAt?: number;
}

/**
 * Takes what is kept at once, then what the source has that is newer. Rejects where the source fails, whatever was kept. What is kept
 * and cannot be read is as if nothing were.
 */
export async function takeFile<T>(
  name: FileName,
  source: unknown,
  read: (given: unknown) => T,
  taken: (file: Taken<T>) => void,
  shelf: FileShelf | undefined,
): Promise<void> {
  if (typeof source !== 'function' && typeof source !== 'string')
    return taken({ value: read(source) });
  const kept = await takeKept(name, read, taken, shelf);
  const request: FileRequest =
    kept?.etag === undefined ? {} : { headers: { 'if-none-match': kept.etag } };
  const given: unknown = await (typeof source === 'string'
    ? fetch(source, request)
    : (source as (request: FileRequest) => unknown)(request));
  const { status, headers, arrayBuffer } = Object(given) as Partial<Response>;
  if (typeof arrayBuffer !== 'function') return taken({ value: read(given) });
  const newer = headers?.get('etag') ?? undefined;
  // what did not change is neither read nor written again
  if (kept && (status === 304 || (newer !== undefined && newer === kept.etag)))
    return taken({ value: kept.value });
  const bytes = new Uint8Array(await (given as Response).arrayBuffer());
  // an answer that is an error page is no such file, and what reads it says so
  taken({ value: read(bytes) });
  await shelf?.put(name, { bytes, ...(newer !== undefined && { etag: newer }) });
}

/** What was kept, and could be read. */
async function takeKept<T>(
  name: FileName,
  read: (given: unknown) => T,
  taken: (file: Taken<T>) => void,
  shelf: FileShelf | undefined,
): Promise<{ readonly value: T; readonly etag?: string } | undefined> {
  try {
    const kept = await shelf?.get(name);
    if (!kept) return undefined;
    const { bytes, at, etag } = kept;
    const value = read(bytes);
    taken({ value, keptAt: at });
    return { value, ...(etag !== undefined && { etag }) };
  } catch {
    return undefined;
  }
}
