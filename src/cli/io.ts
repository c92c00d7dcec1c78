import type { Readable, Writable } from 'node:stream';

/** Where a command reads and writes. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Writable & { readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  /** Given by Ctrl-C. */
  readonly signal: AbortSignal;
}
