import type { Core } from './core.js';

const forgotten = new WeakMap<Core, Set<string>>();

/** Notes, for as long as this page lives, who was erased here: ids that lead to nobody any more. */
export function noteForgotten(core: Core, subjects: Iterable<string>): void {
  const all = forgotten.get(core) ?? new Set();
  for (const subject of subjects) all.add(subject);
  forgotten.set(core, all);
}

/** True for somebody who was erased here: what of theirs is still on its way, or comes late, is not written behind the erasure. */
export function isForgotten(core: Core, subject: string): boolean {
  return forgotten.get(core)?.has(subject) === true;
}
