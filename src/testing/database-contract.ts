import type { DatabasePromise } from './database-check.js';
import { forgetPromises } from './database-forget-contract.js';
import { logPromises } from './database-log-contract.js';
import { tablePromises } from './database-tables-contract.js';

export type { DatabasePromise } from './database-check.js';

/**
 * What every `Database` of the server promises, as data: run each `check` in the test runner you have.
 * @example
 * for (const { name, check } of databaseContract) test(name, () => check(() => myDatabase()));
 */
export const databaseContract: readonly DatabasePromise[] = [
  ...logPromises,
  ...forgetPromises,
  ...tablePromises,
];
