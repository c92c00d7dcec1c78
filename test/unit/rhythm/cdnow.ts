import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/prepare.mjs';

const folder = join(root, '..', 'shared', 'data', 'cdnow');

/** The published tables are about these customers; nobody may pass them on inside a package, so that a checkout may lack them. */
export const hasCdnow: boolean = existsSync(folder);

/** A customer of the online music shop CDNOW: weeks. */
export interface CdnowCustomer {
  readonly x: number;
  readonly tx: number;
  readonly T: number;
  /** Mean dollars of a repeat purchase day. */
  readonly mean: number;
}

/** The 2,357 customers of the sample, as they were after 39 weeks. */
export function cdnowCustomers(): readonly CdnowCustomer[] {
  const text = readFileSync(join(folder, 'cdnow_customers_summary_with_transactions.csv'), 'utf8');
  return text
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((row) => {
      const [, x = NaN, tx = NaN, T = NaN, mean = NaN] = row.split(',').map(Number);
      return { x, tx, T, mean };
    });
}
