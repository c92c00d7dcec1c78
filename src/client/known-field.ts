import type { RevealDecision, RevealField } from '../identity/types.js';
import type { FactData } from '../profile/types.js';
import type { Core } from './core.js';
import { levelGate } from './speak.js';

/** "Greet me by my number": the fact that says so. */
export const GREET_BY_NUMBER = 'greet-by-number';

/** The fields that something known may belong to. */
export const KNOWN_FIELDS: readonly RevealField[] = [
  'name',
  'taste',
  'points',
  'orders',
  'payment',
  'contact',
  'address',
  'birthday',
  'sensitive',
];

const OWN_FIELDS: readonly RevealField[] = ['birthday', 'points', 'address', 'payment'];

/** Which field of the disclosure table a fact belongs to: whatever has none of its own counts as contact. */
export function fieldOf(
  key: string,
  { purpose, staffOnly }: Pick<FactData, 'purpose' | 'staffOnly'>,
): RevealField {
  if (purpose === 'health') return 'sensitive';
  // what the staff noted is for whom it is about, and that has to be proved
  if (staffOnly === true) return 'orders';
  if (key.startsWith('name.')) return 'name';
  return OWN_FIELDS.find((field) => field === key) ?? 'contact';
}

/** The gate's answer where the whole is asked for: what a level only sees masked needs the next. */
export function wholly(core: Core, field: RevealField): RevealDecision {
  // a till that is locked tells nobody anything
  if (core.state.staff === null) return { ok: false, need: 'verified' };
  const decision = levelGate(core, field);
  if (decision.ok) return decision.masked ? { ok: false, need: 'verified' } : decision;
  const { state } = core;
  const person = { ...state.person, proof: { level: decision.need } };
  const there = levelGate({ ...core, state: { ...state, person } }, field);
  return there.ok && there.masked ? { ok: false, need: 'verified' } : decision;
}
