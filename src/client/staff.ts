import { RegularsError } from '../kernel/errors.js';
import type { Core } from './core.js';
import { behindOf } from './door.js';
import type * as StaffActs from './staff-acts.js';
import { createStaffLock } from './staff-lock.js';
import type { Locked, Staff, StaffMember, StaffOptions } from './staff-types.js';
import type { Regulars } from './types.js';

export type { ExplainedLink } from '../profile/explain-links.js';
export type * from './staff-types.js';

/** Runs what somebody of the staff asks for, while they are signed in. */
type Open = <T>(
  act: (acts: typeof StaffActs, at: StaffActs.StaffAt) => Promise<T>,
) => Promise<T | Locked>;

const LOCK_AFTER_MS = 120_000;

/**
 * What only the staff may do, at a till: a client of mode `'staff'`. Throws ERR_OPTIONS_INVALID for any other, and for a role that
 * `roles` does not have.
 * @example
 * const staff = createStaff(regulars, { roles: { cashier: ['name', 'taste'] }, who: { id: 'ana', role: 'cashier' } });
 * await staff.attest('id-card');
 */
export function createStaff(regulars: Regulars, options: StaffOptions): Staff {
  const core = behindOf(regulars)?.core;
  check(core, options);
  const { roles, lockAfterMs = LOCK_AFTER_MS, onLock } = options;
  let signedIn: StaffMember | null = null;
  const seat = (who: StaffMember | null): void => {
    signedIn = who;
    core.state.staff = who;
    const fields = who ? (roles[who.role] ?? []) : [];
    core.state.role = (field) =>
      field === 'greeting' || fields.includes(field) ? undefined : { ok: false, need: 'verified' };
    // reasons were given for what another role may see
    core.state.whys.clear();
    core.refresh();
  };
  seat(null);
  const lock = createStaffLock(core.clock, lockAfterMs, () => {
    seat(null);
    try {
      onLock?.();
    } catch (error) {
      core.report(error);
    }
  });
  const signIn = (who: StaffMember): void => {
    checkMember(roles, who);
    seat({ id: who.id, role: who.role });
    lock.open();
  };
  const open: Open = async (act) => {
    if (!signedIn) return { kind: 'locked' };
    lock.touch();
    const { id, role } = signedIn;
    // a till that only recognizes does not load what its staff may do
    return act(await import('./staff-acts.js'), {
      core,
      by: `staff:${id}`,
      id,
      fields: roles[role] ?? [],
    });
  };
  if (options.who) signIn(options.who);
  return {
    who: () => signedIn,
    signIn,
    signOut: () => {
      seat(null);
      lock.close();
    },
    ...actsOf(core, open),
  };
}

function actsOf({ inTurn }: Core, open: Open): Omit<Staff, 'signIn' | 'signOut' | 'who'> {
  return {
    attest: (method) => open((acts, at) => inTurn(() => acts.attest(at, method))),
    note: (text, given) => open((acts, at) => acts.note(at, text, given)),
    reveal: (field, why) => open((acts, at) => acts.reveal(at, field, why)),
    merge: (a, b, { reason }) => open((acts, at) => inTurn(() => acts.merge(at, a, b, reason))),
    unlink: (link, reason) => open((acts, at) => inTurn(() => acts.unlink(at, link, reason))),
    explain: (customer) => open((acts, at) => acts.explain(at, customer)),
    issues: () => open((acts, at) => acts.issuesHere(at)),
    openIssue: (what, given) => open((acts, at) => acts.openIssue(at, what, given?.owner)),
    resolveIssue: (id) => open((acts, at) => acts.resolveIssue(at, id)),
    log: (customer) => open((acts, at) => acts.logOf(at, customer)),
  };
}

function check(core: Core | undefined, options: StaffOptions): asserts core is Core {
  if (core?.mode !== 'staff')
    throw new RegularsError(
      'ERR_OPTIONS_INVALID',
      "createStaff: needs a client that createRegulars made with mode: 'staff'.",
    );
  if (Object(options?.roles) !== options?.roles)
    throw new RegularsError(
      'ERR_OPTIONS_INVALID',
      'createStaff: roles must name the fields of each role.',
    );
  const { lockAfterMs = 1 } = options;
  if (!(lockAfterMs > 0))
    throw new RegularsError('ERR_OPTIONS_INVALID', 'createStaff: lockAfterMs must be above 0.');
}

function checkMember(roles: StaffOptions['roles'], who: StaffMember): void {
  const { id, role } = (who ?? {}) as Partial<StaffMember>;
  if (typeof id !== 'string' || !/^[\w.@-]{1,64}$/.test(id))
    throw new RegularsError(
      'ERR_OPTIONS_INVALID',
      'createStaff: id must be 1–64 letters, digits or ._@-',
    );
  if (typeof role !== 'string' || !Object.hasOwn(roles, role))
    throw new RegularsError('ERR_OPTIONS_INVALID', 'createStaff: role must be one of roles.');
}
