import { levelAtLeast } from '../identity/evidence.js';
import { RegularsError } from '../kernel/errors.js';
import { randomId, uuidV7 } from '../kernel/ids.js';
import type { Json } from '../kernel/json.js';
import { stampMs } from '../kernel/stamp.js';
import { checkFact } from '../profile/check-fact.js';
import { explainLinks, type ExplainedLink } from '../profile/explain-links.js';
import { exportRecords, readAllRecords, readPeople } from '../profile/log.js';
import { mergeDrafts, unlinkDrafts } from '../profile/merge-customers.js';
import { withFormat } from '../profile/migrations.js';
import type { Card, FactData, FoldState, ProfileRecord, RecordDraft } from '../profile/types.js';
import { commit } from './append.js';
import type { Core } from './core.js';
import { become, levelOf } from './person.js';
import { meet, readProved } from './read-identifiers.js';
import type {
  Attested,
  IssueOpened,
  IssueResolved,
  Merged,
  NobodyHere,
  NoteOptions,
  StaffAct,
  StaffField,
  StaffIssue,
  StaffNote,
  StaffRevealed,
  Unlinked,
} from './staff-types.js';
import { revealHere } from './reveal-here.js';
import type { RecordOutcome } from './types.js';
import { vouch } from './vouch.js';

// Named here for the reason given in acts.ts.
/** @public */
export { createClient } from './create-client.js';
/** @public */
export { money } from '../kernel/money.js';

/** A proof by the staff holds for so long. */
const ATTESTED_MS = 30 * 60_000;
const TEXT_LENGTH = 500;

/** Whose act it is, and where. */
export interface StaffAt {
  readonly core: Core;
  readonly by: `staff:${string}`;
  readonly id: string;
  /** What their role may see. */
  readonly fields: readonly StaffField[];
}

type Data<K extends RecordDraft['kind']> = Extract<RecordDraft, { readonly kind: K }>['data'];

/** Appends something that the staff did with a customer. */
function write<K extends 'access' | 'attestation' | 'fact' | 'issue'>(
  { core, by }: StaffAt,
  subject: string,
  kind: K,
  data: Data<K>,
): Promise<RecordOutcome> {
  const id = uuidV7(core.clock.now(), core.random);
  return commit(core, [{ id, subject, kind, by, data } as RecordDraft]);
}

/** Writes down that somebody looked, before anything is shown. */
function noteLook(
  at: StaffAt,
  customer: string,
  fields: readonly string[],
  why?: string,
): Promise<RecordOutcome> {
  return write(at, customer, 'access', {
    ...{ at: at.core.clock.now(), staff: at.id, fields },
    ...(why !== undefined && { why: textOf(why, 'why') }),
  });
}

function textOf(text: string, what: string): string {
  const trimmed = typeof text === 'string' ? text.trim() : '';
  if (trimmed === '' || trimmed.length > TEXT_LENGTH)
    throw new RegularsError(
      'ERR_OPTIONS_INVALID',
      `staff: ${what} must be a text of 1–${TEXT_LENGTH} characters.`,
    );
  return trimmed;
}

/** The customer here; undefined when somebody stands there whom nothing says who it is. */
function customerHere({ state }: Core, level: ReturnType<typeof levelOf>): string | undefined {
  return level === 'none' ? undefined : state.person.customer;
}

const NOBODY: NobodyHere = { kind: 'nobody' };

/** The person in front was checked by somebody of the staff. */
export async function attest(at: StaffAt, method: string): Promise<Attested> {
  const { core, by, id } = at;
  const how = textOf(method, 'method');
  const customer = customerHere(core, levelOf(core));
  if (customer === undefined) return NOBODY;
  const now = core.clock.now();
  const written = await write(at, customer, 'attestation', { at: now, staff: id, method: how });
  if (written.kind === 'refused') return written;
  // what was typed is proved with the person, where it leads to nobody else
  const { person, card } = core.state;
  const typed = await readProved(core, person.claims);
  const { fits } = await meet(core, typed.good);
  const alone = fits.length === 1 && fits[0] === customer;
  if (!alone && person.subject !== customer)
    await become(core, { ...person, subject: customer, claims: [] }, card, true);
  const read = alone ? typed : { good: [], proved: [], blocked: [] };
  const until = now + ATTESTED_MS;
  await vouch(core, read, { method: 'staff', until, customer, by });
  return { kind: 'attested', level: levelOf(core), until };
}

/** Keeps a note of the staff's. */
export async function note(
  at: StaffAt,
  text: string,
  given: NoteOptions,
): Promise<RecordOutcome | NobodyHere> {
  const { core } = at;
  const now = core.clock.now();
  const { purpose, expiresAt } = given;
  const key = `note.${uuidV7(now, core.random)}`;
  const fact: FactData = {
    ...{ key, value: textOf(text, 'a note'), at: now, source: 'staff', purpose, expiresAt },
    staffOnly: true,
  };
  checkFact(fact);
  if (!(expiresAt > now))
    throw new RegularsError('ERR_OPTIONS_INVALID', 'staff: a note must end in the future.');
  const customer = customerHere(core, levelOf(core));
  return customer === undefined ? NOBODY : write(at, customer, 'fact', fact);
}

/** Looks at a field: the role has to have it, and the customer to be known well enough. */
export async function reveal(
  at: StaffAt,
  field: StaffField,
  why: string | undefined,
): Promise<StaffRevealed> {
  const { core } = at;
  if (!at.fields.includes(field)) return { kind: 'absent' };
  const level = levelOf(core);
  const customer = customerHere(core, level);
  if (customer === undefined) return NOBODY;
  const own = field === 'notes' || field === 'issues' || field === 'links';
  if (own && !levelAtLeast(level, 'claimed')) return { kind: 'unproven', need: 'claimed' };
  const shown = own ? undefined : revealHere(core, field);
  if (shown && !shown.ok) return { kind: 'unproven', need: shown.need };
  const written = await noteLook(at, customer, [field], why);
  if (written.kind === 'refused') return written;
  // the record of the look is no reason to show what was known before: of somebody who has left meanwhile nothing is shown
  if (core.state.person.customer !== customer && !core.state.card?.subjects.includes(customer))
    return NOBODY;
  const { card } = core.state;
  const value = shown?.ok
    ? shown.value
    : field === 'notes'
      ? notesOf(core, card)
      : field === 'issues'
        ? issuesOf(card)
        : await linksOf(core, customer);
  return { kind: 'revealed', value: value as Json };
}

function notesOf({ clock }: Core, card: Card | undefined): readonly StaffNote[] {
  return Object.values(card?.facts ?? {})
    .filter(({ staffOnly, expiresAt = 0 }) => staffOnly && expiresAt > clock.now())
    .flatMap(({ record, value, at, purpose, expiresAt = 0 }) =>
      typeof value === 'string' ? [{ id: record, text: value, at, purpose, expiresAt }] : [],
    )
    .sort((a, b) => b.at - a.at);
}

function issuesOf(card: Card | undefined): readonly StaffIssue[] {
  return [...(card?.issues ?? [])]
    .map(({ issue, at, what, state, owner }) => ({
      ...{ id: issue, at, what, state },
      ...(owner !== undefined && { owner }),
    }))
    .sort((a, b) => Number(b.state === 'open') - Number(a.state === 'open') || b.at - a.at);
}

/** What went wrong for the customer here. */
export async function issuesHere(
  at: StaffAt,
): Promise<
  | NobodyHere
  | { readonly kind: 'absent' }
  | { readonly kind: 'issues'; readonly issues: readonly StaffIssue[] }
> {
  const shown = await reveal(at, 'issues', undefined);
  if (shown.kind === 'absent') return shown;
  return shown.kind === 'revealed'
    ? { kind: 'issues', issues: issuesOf(at.core.state.card) }
    : NOBODY;
}

/** Something went wrong for the customer here. */
export async function openIssue(
  at: StaffAt,
  what: string,
  owner: string | undefined,
): Promise<IssueOpened> {
  const { core } = at;
  const now = core.clock.now();
  const data: Data<'issue'> = {
    ...{ issue: uuidV7(now, core.random), at: now, what: textOf(what, 'an issue'), state: 'open' },
    ...(owner !== undefined && { owner: textOf(owner, 'owner') }),
  };
  const customer = customerHere(core, levelOf(core));
  if (customer === undefined) return NOBODY;
  const written = await write(at, customer, 'issue', data);
  return written.kind === 'refused' ? written : { kind: 'opened', issue: data.issue };
}

/** It is right again. */
export async function resolveIssue(at: StaffAt, id: string): Promise<IssueResolved> {
  const { core, fields } = at;
  if (!fields.includes('issues')) return { kind: 'absent' };
  const customer = customerHere(core, levelOf(core));
  if (customer === undefined) return NOBODY;
  const open = core.state.card?.issues.find(({ issue, state }) => issue === id && state === 'open');
  if (!open) return { kind: 'unknown' };
  const { stamp: _stamp, ...data } = open;
  const written = await write(at, customer, 'issue', { ...data, state: 'resolved' });
  return written.kind === 'refused' ? written : { kind: 'resolved' };
}

function statesOf({ vault }: Core, customer: string): Promise<ReadonlyMap<string, FoldState>> {
  return withFormat((format) =>
    vault.run('readonly', (transaction) => readPeople(transaction, customer, format)),
  );
}

async function linksOf(core: Core, customer: string): Promise<readonly ExplainedLink[]> {
  return explainLinks(await statesOf(core, customer), customer);
}

/** Every link that leads to a customer. */
export async function explain(
  at: StaffAt,
  given: string | undefined,
): Promise<NobodyHere | { readonly kind: 'links'; readonly links: readonly ExplainedLink[] }> {
  const { core } = at;
  const customer = given ?? customerHere(core, levelOf(core));
  if (customer === undefined) return NOBODY;
  const links = await linksOf(core, customer);
  if (links.length > 0) await noteLook(at, customer, ['links']);
  return { kind: 'links', links };
}

/** Makes two customers one. */
export async function merge(at: StaffAt, a: string, b: string, reason: string): Promise<Merged> {
  const { core, by } = at;
  const { vault, clock, random } = core;
  const why = textOf(reason, 'reason');
  const [one, other] = await Promise.all([vault.card(a), vault.card(b)]);
  if (!one || !other || one.erased || other.erased) return { kind: 'unknown' };
  if (one.id === other.id) return { kind: 'merged', customer: one.id };
  const now = clock.now();
  const ids = [uuidV7(now, random), uuidV7(now, random)] as const;
  const env = { ids, token: randomId(random), by, at: now, reason: why };
  const written = await commit(core, mergeDrafts([one.id, other.id], env));
  if (written.kind === 'refused') return written;
  const card = await vault.card(one.id);
  if (card?.subjects.includes(other.id)) return { kind: 'merged', customer: card.id, link: ids[0] };
  const half = card?.heldLinks?.find(({ record }) => record === ids[0]);
  return { kind: 'held', held: half?.held ?? 'cap' };
}

/** Takes a link back, whoever's it is. */
export async function unlink(at: StaffAt, link: string, reason: string): Promise<Unlinked> {
  const { core, by } = at;
  const why = textOf(reason, 'reason');
  const id = (): string => uuidV7(core.clock.now(), core.random);
  const here = await statesOf(core, core.state.person.customer);
  let drafts = unlinkDrafts(here, link, { id, by, reason: why });
  if (drafts.length === 0) {
    const subject = await subjectOf(core, link);
    if (subject === undefined) return { kind: 'unknown' };
    drafts = unlinkDrafts(await statesOf(core, subject), link, { id, by, reason: why });
  }
  if (drafts.length === 0) return { kind: 'unknown' };
  const written = await commit(core, drafts);
  return written.kind === 'refused' ? written : { kind: 'unlinked', links: drafts.length };
}

/** Under whom a link was made. A till is seldom asked, and keeps no index for it. */
async function subjectOf({ vault }: Core, link: string): Promise<string | undefined> {
  const records = await withFormat((format) =>
    vault.run('readonly', (transaction) => readAllRecords(transaction, format)),
  );
  return records.find(({ id, kind }) => id === link && kind === 'link')?.subject;
}

const WHATS: { readonly [kind: string]: StaffAct['what'] } = {
  ...{
    access: 'looked',
    attestation: 'attested',
    fact: 'noted',
    issue: 'issue',
    link: 'linked',
    unlink: 'unlinked',
  },
};

/** What the staff did with a customer, newest first. */
export async function logOf(
  { core }: StaffAt,
  given: string | undefined,
): Promise<NobodyHere | { readonly kind: 'log'; readonly acts: readonly StaffAct[] }> {
  const customer = given ?? customerHere(core, levelOf(core));
  if (customer === undefined) return NOBODY;
  const records = (await withFormat((format) =>
    core.vault.run('readonly', (transaction) => exportRecords(transaction, customer, format)),
  )) as readonly ProfileRecord[];
  const acts = records
    .filter(({ by, kind }) => kind === 'access' || by.startsWith('staff:'))
    .map(actOf);
  return { kind: 'log', acts: acts.reverse() };
}

function actOf({ kind, by, data, stamp }: ProfileRecord): StaffAct {
  const { at, staff, fields, why, method, reason } = data as {
    readonly at?: number;
    readonly staff?: string;
    readonly fields?: readonly string[];
    readonly why?: string;
    readonly method?: string;
    readonly reason?: string;
  };
  const because = why ?? reason;
  return {
    at: at ?? stampMs(stamp),
    staff: staff ?? by.slice('staff:'.length),
    what: method === 'merged' ? 'merged' : (WHATS[kind] ?? 'other'),
    ...(fields && { fields }),
    ...(because !== undefined && { why: because }),
    ...(kind === 'attestation' && method !== undefined && { method }),
  };
}
