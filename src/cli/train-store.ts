import { hash } from 'node:crypto';
import type { TrainedInDatabase } from '../model/train-in-database.js';
import type { TrainModelOptions } from '../model/train-model.js';
import type { Bought } from './train-lines.js';

/** Where orders wait until all are read, and are counted. */
export interface TrainStore {
  /** True where what it took is there after the program ends. */
  readonly isKept: boolean;
  /** How many parts of a source an earlier run, which was stopped, has kept; Infinity for all. */
  readonly kept: (source: number) => number;
  /** Takes a source up to part `parts`, Infinity for the last: after a kill either all of it is there or nothing. */
  readonly add: (source: number, parts: number, bought: readonly Bought[]) => Promise<void>;
  /** Takes back what was kept of a source. */
  readonly restart: (source: number) => Promise<void>;
  readonly lines: () => Promise<number>;
  readonly train: (
    options: TrainModelOptions,
    progress: (done: number) => void,
  ) => Promise<Omit<TrainedInDatabase, 'drop'>>;
  readonly close: () => void;
  /** Takes away what was kept for a run that goes on. */
  readonly remove: () => void;
}

/** Numbers for texts, so that nobody's address is kept; equal ones often follow each other. */
export function createKeys(): (text: string) => bigint {
  let last = '';
  let key = 0n;
  return (text) => {
    if (text !== last || key === 0n) {
      last = text;
      key = BigInt.asIntN(64, BigInt(`0x${hash('sha256', text).slice(0, 16)}`));
    }
    return key;
  };
}
