import { hash32 } from '../../kernel/hash.js';

/** How many lanes a shop gets when it is first written to. A shop keeps its number for ever. */
export type LanesOf = (shop: string) => number;

/** Enough for all but the busiest shops: a lane takes some thousand records a second. */
export const oneLane: LanesOf = () => 1;

/** The lane that all records of a subject lie in. */
export function laneOf(subject: string, lanes: number): number {
  return lanes === 1 ? 0 : hash32(subject) % lanes;
}
