import type { ChunkCounts } from '../profile/in-chunks.js';

/** What came of a file. */
export interface Told {
  readonly counts: ChunkCounts;
  readonly newCustomers: number;
  /** People who are known better now, without an order. */
  readonly customers: number;
  readonly refunds: number;
  readonly lines: readonly string[];
  /** Why it is not as it should be. */
  readonly failure: string | undefined;
}

/** Why a file of which nothing came in is not as it should be. */
export function nothingOf({
  appended,
  duplicates,
  refused,
  skipped,
}: ChunkCounts): string | undefined {
  return skipped > 0 && appended + duplicates + refused === 0
    ? 'Nothing of the file could be imported.'
    : undefined;
}
