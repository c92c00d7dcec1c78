import { hash32 } from '../kernel/hash.js';

/**
 * Whether the lot falls on a customer to be greeted plainly: the same for ever, on every device, and told by the id alone, so that
 * all who were drawn can be counted, and not just those who came. `share` is 0–1.
 */
export function isHeldOut(customer: string, share: number): boolean {
  return hash32(customer, 0x401d) / 2 ** 32 < share;
}
