import { isPersonal } from '../profile/link-limits.js';
import type { Core } from './core.js';
import { levelOf } from './person.js';

/**
 * True for whom all of it may be given to, or taken away everywhere: who is verified; on a device of their own that remembers them, who has
 * no identifier that anything could be proved with. Where several pick themselves from a list, anybody could have picked them.
 */
export function ownsHere(core: Core): boolean {
  // a till that is locked
  if (core.state.staff === null) return false;
  const level = levelOf(core);
  if (level !== 'device' || core.mode !== 'storefront') return level === 'verified';
  const { links = [], heldLinks = [] } = core.state.card ?? {};
  return ![...links, ...heldLinks].some(({ type }) => isPersonal(type));
}
