import { DATA_VERSION } from './decode-row.js';
import type { ProfileRecord, UnknownRecord } from './types.js';

/** Makes today's record from one of an older version; undefined when it is none. */
export type Upcast = (value: unknown, version: number) => ProfileRecord | UnknownRecord | undefined;

/** What the log needs to know of the data's version. */
export interface LogFormat {
  readonly version: number;
  /** Reads older records; without it the log can only say that it met one. */
  readonly upcast?: Upcast;
  /** Told when an older record was met and `upcast` was missing. */
  readonly needsUpcast?: () => void;
}

/** The format of this release. */
export const currentFormat: LogFormat = { version: DATA_VERSION };
