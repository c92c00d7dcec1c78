import { hash32 } from '../kernel/hash.js';

/**
 * The arm of an experiment that the lot gives a customer: the same for ever, on every device and on a server, told by the id alone,
 * so that all who were drawn can be counted, and not just those who came. An arm that is named twice is drawn twice as often. Other
 * experiments are drawn anew.
 * @example
 * const arm = assignArm(customerId, 'shelf', ['model', 'model', 'bestsellers']); // two thirds see the model's
 */
export function assignArm<T extends string>(
  customer: string,
  experiment: string,
  arms: readonly [T, ...(readonly T[])],
): T {
  const lot = hash32(JSON.stringify([experiment, customer]), 0xa21) / 2 ** 32;
  return arms[Math.floor(lot * arms.length)] ?? arms[0];
}
