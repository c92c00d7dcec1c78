import type { StorageTransaction } from '../profile/port.js';
import { findCustomers } from '../profile/find-customers.js';
import { readCard } from '../profile/read-card.js';
import type {
  ConsentPurpose,
  ProfileRecord,
  RecordDraft,
  UnknownRecord,
} from '../profile/types.js';
import { answersOf, consentOf } from './consent.js';
import type { Core, Vault } from './core.js';
import { isForgotten } from './forgotten.js';
import type { ConsentSetting } from './types.js';

/** Subjects whose customers said yes, or were found to have said so, while this page lives. */
const agreed = new WeakMap<Core, Set<string>>();

/** Notes that these have a yes of their own: what memory holds of them moves with the next opening. */
export function noteAgreed(core: Core, subjects: Iterable<string>): void {
  const all = agreed.get(core) ?? new Set();
  for (const subject of subjects) all.add(subject);
  agreed.set(core, all);
}

/** A no: of nobody it is known any more that they said yes. */
export function dropAgreed(core: Core): void {
  agreed.delete(core);
}

/** What a record is kept for. */
function purposeOf({ kind, data }: Kept): ConsentPurpose {
  return kind === 'fact' || kind === 'correction'
    ? (data as { readonly purpose: ConsentPurpose }).purpose
    : 'remember';
}

type Kept = Pick<ProfileRecord | RecordDraft | UnknownRecord, 'kind' | 'data'>;

/**
 * What holds for the purpose of a record, beside the yes to `remember`. What was shown lets rest what nobody wants, for `suggest`, and
 * is what `measure` counts: either yes will do, and a no to `measure` stands.
 */
export function answerTo(there: Core, record: Kept): ConsentSetting {
  if (record.kind === 'exposure') {
    const measure = consentOf(there, 'measure');
    return measure === 'ask' ? consentOf(there, 'suggest') : measure;
  }
  const purpose = purposeOf(record);
  return purpose === 'remember' ? 'granted' : consentOf(there, purpose);
}

/** The client as if this subject were here: what they answered is on their own card. */
export async function asIf(core: Core, subject: string): Promise<Core> {
  const { state, vault } = core;
  if (subject === state.person.subject || state.card?.subjects.includes(subject)) return core;
  const card = await vault.card(subject);
  const person = { subject, customer: subject, remembered: false, claims: [] };
  return { ...core, state: { ...state, card, person } };
}

/** True when what is recorded of whom `there` is of may outlive the page: by their own yes, or the host's word for everybody. */
export function mayKeep(core: Core, there: Core): boolean {
  const { subject } = there.state.person;
  const answer = consentOf(there, 'remember');
  if (answer === 'granted' && !hostSaysYes(core)) noteAgreed(core, [subject]);
  // what a till writes down is the shop's own
  if (core.mode === 'staff') return answer !== 'denied';
  return answer === 'granted' || (answer === 'ask' && hasAgreed(core, subject));
}

/** True for a subject that was found to have a yes of its own. */
export function hasAgreed(core: Core, subject: string): boolean {
  return agreed.get(core)?.has(subject) === true;
}

/** What becomes of a record in memory: it may go to the storage, waits for an answer, or is dropped. */
export type Fate = 'moves' | 'waits' | 'goes';

/** What becomes of a record in memory. Who is known to the storage by an identifier, and said yes there, takes it up. */
export function fateOf(
  core: Core,
  record: ProfileRecord,
  isKnown: (subject: string) => boolean,
): Fate {
  const { state } = core;
  const { subject } = record;
  if (isForgotten(core, subject)) return 'goes';
  const isHere = subject === state.person.subject || state.card?.subjects.includes(subject);
  const yes =
    hasAgreed(core, subject) ||
    hostSaysYes(core) ||
    (isHere && consentOf(core, 'remember') === 'granted') ||
    isKnown(subject);
  const somebody = { ...core, state: { ...state, card: undefined } };
  const answer = answerTo(isHere ? core : somebody, record);
  if (answer === 'denied') return 'goes';
  return yes && answer === 'granted' ? 'moves' : 'waits';
}

/** The host's word, or a platform's, for everybody on this device whom nobody has asked. */
export function hostSaysYes(core: Core): boolean {
  return answersOf(core).remember === 'granted' && core.state.refused === undefined;
}

/** True when the storage has a customer's own yes. */
export async function hasSaidYes(
  transaction: StorageTransaction,
  customer: string,
): Promise<boolean> {
  const read = await readCard(transaction, customer);
  return read.kind === 'card' && read.card.consent.remember === 'granted';
}

/** Whose a token is: in the storage, and in memory, where those are who have not said yes. */
export async function whoHasToken(vault: Vault, token: string): Promise<readonly string[]> {
  const find = (transaction: StorageTransaction): Promise<readonly string[]> =>
    findCustomers(transaction, token);
  const kept = await vault.run('readonly', find);
  const held = vault.isOpen() && vault.holds() ? await vault.runHeld('readonly', find) : [];
  return [...new Set([...kept, ...held])].sort();
}
