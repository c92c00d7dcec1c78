import type { RevealField } from '../identity/types.js';
import { uuidV7 } from '../kernel/ids.js';
import { commit } from './append.js';
import type { Core, Visit } from './core.js';
import { levelOf } from './person.js';

/** What was written down already: a page that shows the same again shows nothing new. */
const written = new WeakMap<Visit, Set<string>>();

/**
 * Writes down what a till has shown of the customer here beside `staff.reveal`: each field once a visit and person of the staff, by
 * the device where nobody is signed in.
 */
export async function looked(core: Core, fields: readonly RevealField[]): Promise<void> {
  const { state, mode, clock, random, vault } = core;
  const { visit, person, staff } = state;
  if (mode !== 'staff' || !visit || levelOf(core) === 'none') return;
  const all = written.get(visit) ?? new Set();
  written.set(visit, all);
  const keyOf = (field: string): string => [person.customer, staff?.id, field].join();
  const fresh = fields.filter((field) => field !== 'greeting' && !all.has(keyOf(field)));
  if (fresh.length === 0) return;
  for (const field of fresh) all.add(keyOf(field));
  const at = clock.now();
  await commit(core, [
    {
      ...{ id: uuidV7(at, random), subject: person.customer, kind: 'access' },
      by: staff ? `staff:${staff.id}` : `device:${vault.device().id}`,
      data: { at, staff: staff?.id ?? '', fields: fresh },
    },
  ]);
}
