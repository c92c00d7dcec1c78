import type { Core } from './core.js';
import type { Life } from './life.js';
import type { Regulars } from './types.js';

/** What stands behind a client, for entries of our own: `regulars/staff`. */
export interface Behind {
  readonly core: Core;
  readonly life: Life;
}

const behind = new WeakMap<Regulars, Behind>();

/** Lets entries of our own in. */
export function leaveOpen(regulars: Regulars, inside: Behind): Regulars {
  behind.set(regulars, inside);
  return regulars;
}

/** What stands behind `regulars`; undefined for what `createRegulars` has not made. */
export function behindOf(regulars: Regulars): Behind | undefined {
  return behind.get(regulars);
}
