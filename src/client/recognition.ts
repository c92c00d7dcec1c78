import { limitedFor, recordMiss, type MissState } from '../identity/limiter.js';
import { maskName } from '../identity/mask.js';
import type { RawIdentifier } from '../identity/port.js';
import type {
  EvidenceLevel,
  Identifiers,
  IdentifierType,
  NormalIdentifier,
} from '../identity/types.js';
import { randomId, uuidV7 } from '../kernel/ids.js';
import { findCustomers } from '../profile/log.js';
import type { LinkData, RecordDraft } from '../profile/types.js';
import type { Acts, Core, Proof } from './core.js';
import { commit } from './append.js';
import { tokenOf } from './hold.js';
import { become, levelOf, nobody } from './person.js';
import { isAccount, readIdentifier } from './read-identifier.js';
import type { BlockedIdentifier, Choice, Recognition, RecognizeOptions } from './types.js';

/** Identifiers that say something of a person; a device says nothing (identity rule 4.3). */
const ANONYMOUS = new Set<IdentifierType>(['device', 'anonymous']);

/** What a page, a token or a backend has said, in normal form. */
export interface Read {
  readonly good: readonly (NormalIdentifier & { readonly token: string })[];
  readonly blocked: readonly BlockedIdentifier[];
}

/** The same, where some of it is proved: what `vouch` takes. */
export interface ReadProof extends Read {
  readonly proved: Read['good'];
  /** The customers here who have what is proved. */
  readonly known: readonly string[];
}

/** How a proof came about, for the links it makes and for how long it holds. */
export interface VouchOptions {
  /** As the customer gave it; kept as a fact. */
  readonly name?: string;
  /** Wall time, ms. @defaultValue the host's word this page load; every other proof 30 min in a kiosk, 24 h elsewhere */
  readonly until?: number;
  readonly method: 'host' | 'token' | 'code' | 'qr' | 'staff';
}

/** Reads what a proof is for: all of it is proved. */
export async function readProved(
  core: Core,
  identifiers: readonly RawIdentifier[],
): Promise<ReadProof> {
  const read = await readEntries(
    core,
    identifiers.map(({ type, value }) => [type, value]),
  );
  return { ...read, proved: read.good, known: await whoHas(core, read.good) };
}

function readIdentifiers(core: Core, identifiers: Identifiers): Promise<Read> {
  return readEntries(core, Object.entries(Object(identifiers) === identifiers ? identifiers : {}));
}

async function readEntries(
  core: Core,
  entries: readonly (readonly [type: IdentifierType, value: unknown])[],
): Promise<Read> {
  const good: (NormalIdentifier & { token: string })[] = [];
  const blocked: BlockedIdentifier[] = [];
  for (const [type, value] of entries) {
    if (value === undefined || value === null) continue;
    const result = await readIdentifier(core, type, value);
    if (!result.ok) blocked.push({ type, reason: result.reason });
    else good.push({ ...result.identifier, token: await tokenOf(core.vault, result.identifier) });
  }
  // links are walked in the order they are made: the account is the one that must hold
  good.sort((a, b) => Number(isAccount(b)) - Number(isAccount(a)));
  return { good, blocked };
}

/** Makes what recognizes. */
export function createRecognition(core: Core): Pick<Acts, 'choose' | 'recognize'> {
  let misses: MissState | undefined;
  const { choices: pending } = core.state;

  const recognize = async (
    identifiers: Identifiers,
    options: RecognizeOptions,
  ): Promise<Recognition> => {
    const wait = limitedFor(misses, core.clock.elapsed());
    if (wait > 0) return { kind: 'limited', retryAfterMs: wait };
    const { good, blocked } = await readIdentifiers(core, identifiers);
    if (good.length === 0) return { kind: 'blocked', blocked };
    if (core.mode === 'kiosk') {
      // every claim counts, known or not
      misses = recordMiss(misses, core.clock.elapsed());
      return claimAtKiosk(core, good);
    }

    const proved = good.filter(({ type }) => options.verified?.includes(type));
    const known = await whoHas(core, proved.length > 0 ? proved : good);
    if (proved.length > 0)
      return vouch(core, { good, proved, known, blocked }, { ...options, method: 'host' });

    if (known.length > 1) {
      const choices = await Promise.all(known.map((customer) => describe(core, customer)));
      pending.clear();
      for (const [i, { id }] of choices.entries())
        pending.set(id, { customer: known[i] ?? '', claims: good });
      return { kind: 'ambiguous', choices };
    }
    const customer = known[0];
    if (customer !== undefined) return claim(core, customer, good, blocked);
    misses = recordMiss(misses, core.clock.elapsed());
    return newcomer(core, good, blocked);
  };
  const choose = async (choiceId: string): Promise<Recognition> => {
    const chosen = pending.get(choiceId);
    if (!chosen) return { kind: 'blocked', blocked: [] };
    pending.clear();
    return claim(core, chosen.customer, chosen.claims, []);
  };
  return { recognize, choose };
}

/** Known and unknown look alike: nothing is looked up, what is bought stays attached to what was typed. */
async function claimAtKiosk(core: Core, claims: Read['good']): Promise<Recognition> {
  const { state } = core;
  await become(core, { ...state.person, proof: { level: 'claimed' }, claims }, undefined);
  state.sealing?.claimed(state.person.subject, claims);
  return { kind: 'unproven', prove: [] };
}

async function customersOf(core: Core, identifiers: Read['good']): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const { type, token } of identifiers)
    if (!ANONYMOUS.has(type))
      for (const id of await core.vault.run('readonly', (transaction) =>
        findCustomers(transaction, token),
      ))
        found.add(id);
  return [...found].sort();
}

/** The customers of these; a new account is nobody's who has another one of its namespace (identity rule 4.3): a family's e-mail leads to none of them. */
async function whoHas(core: Core, identifiers: Read['good']): Promise<readonly string[]> {
  const known = await customersOf(core, identifiers);
  const accounts = identifiers.filter(isAccount);
  if (accounts.length === 0 || (await customersOf(core, accounts)).length > 0) return known;
  const cards = await Promise.all(known.map((customer) => core.vault.card(customer)));
  return known.filter(
    (_, i) =>
      !cards[i]?.links.some(({ type }) => accounts.some((account) => account.type === type)),
  );
}

/** A typed identifier of somebody known, on a personal device: shown for this visit; what is bought stays unproved. */
async function claim(
  core: Core,
  customer: string,
  claims: readonly NormalIdentifier[],
  blocked: readonly BlockedIdentifier[],
): Promise<Recognition> {
  const { person } = core.state;
  const card = await core.vault.card(customer);
  if (person.customer === customer && levelOf(core) !== 'none')
    return { kind: 'found', level: levelOf(core), blocked };
  const subject = randomId(core.random);
  await become(
    core,
    { subject, customer, proof: { level: 'claimed' }, remembered: false, claims },
    card,
  );
  core.emit('customer-recognized', { level: 'claimed' });
  return { kind: 'found', level: 'claimed', blocked };
}

/** Nobody has it yet: it is linked to the anonymous person here, or to somebody new. */
async function newcomer(
  core: Core,
  good: Read['good'],
  blocked: readonly BlockedIdentifier[],
): Promise<Recognition> {
  const { state } = core;
  const free = !state.card || state.card.links.length === 0;
  const person = free ? state.person : nobody(core);
  await become(core, { ...person, proof: { level: 'claimed' } }, free ? state.card : undefined);
  await commit(
    core,
    good.map((identifier) => linkDraft(core, person.subject, identifier, 'claimed', 'typed')),
  );
  core.emit('customer-recognized', { level: 'claimed' });
  return { kind: 'new', level: 'claimed', blocked };
}

/** Whatever a proof gives ends here: these have been checked, by the host's backend or by a proof of ours. */
export async function vouch(
  core: Core,
  read: ReadProof,
  options: VouchOptions,
): Promise<Recognition> {
  const { state, vault, clock } = core;
  const { proved, known, blocked } = read;
  const [customer, other] = known;
  if (other !== undefined) return { kind: 'conflict', held: proved.at(-1)?.type ?? 'account' };
  const proof: Proof = {
    level: 'verified',
    ...(options.until !== undefined && { until: clock.elapsed() + options.until - clock.now() }),
  };
  // history without a name is taken along; history of somebody who has an account stays theirs (identity rule 4.4)
  const here = state.card;
  const anonymous =
    state.person.claims.length === 0 && !here?.links.some(({ type }) => !ANONYMOUS.has(type));
  const same = customer !== undefined && customer === state.person.customer;
  const adopt = same || (anonymous && (customer === undefined || here !== undefined));
  const base = adopt
    ? state.person
    : { ...nobody(core), ...(customer !== undefined && { subject: customer, customer }) };
  const remembered = vault.keeps();
  await become(
    core,
    { ...base, proof, remembered: base.remembered && remembered, claims: [] },
    adopt ? here : undefined,
  );

  if (customer !== undefined && !adopt) state.card = await vault.card(customer);
  const { subject } = state.person;
  const method = customer !== undefined && adopt && !same ? 'adopted' : options.method;
  await commit(core, newlyKnown(core, subject, read, method, options.name));
  // the components may have merged: the customer is whoever the subject belongs to now
  const card = (await vault.card(state.card?.id ?? subject)) ?? state.card;
  await become(core, { ...state.person, customer: card?.id ?? subject, remembered }, card);
  core.emit('customer-recognized', { level: 'verified' });
  return { kind: customer === undefined ? 'new' : 'found', level: 'verified', blocked };
}

/** The links and the name that are not known yet. */
function newlyKnown(
  core: Core,
  subject: string,
  { good, proved }: { readonly good: Read['good']; readonly proved: Read['good'] },
  method: LinkData['method'],
  name: string | undefined,
): RecordDraft[] {
  const { card } = core.state;
  const links = card?.links.filter(({ level }) => level === 'verified') ?? [];
  const drafts = good
    .filter(({ token }) => !links.some((link) => link.token === token))
    .map((identifier) => {
      const level = proved.includes(identifier) ? 'verified' : 'claimed';
      return linkDraft(core, subject, identifier, level, method);
    });
  return name === undefined || name === card?.facts['name.given']?.value
    ? drafts
    : [...drafts, factDraft(core, subject, 'name.given', name, 'host')];
}

/** A fact, ready to be appended. */
function factDraft(
  core: Core,
  subject: string,
  key: string,
  value: string,
  source: 'host' | 'customer',
): RecordDraft {
  const at = core.clock.now();
  return {
    id: uuidV7(at, core.random),
    subject,
    kind: 'fact',
    by: `device:${core.vault.device().id}`,
    data: { key, value, at, source, purpose: 'remember' },
  };
}

/** A link of an identifier to a subject, ready to be appended. */
export function linkDraft(
  core: Core,
  subject: string,
  identifier: NormalIdentifier & { readonly token: string },
  level: EvidenceLevel,
  method: LinkData['method'],
): RecordDraft {
  const at = core.clock.now();
  return {
    id: uuidV7(at, core.random),
    subject,
    kind: 'link',
    by: `device:${core.vault.device().id}`,
    data: {
      type: identifier.type,
      token: identifier.token,
      level,
      method,
      at,
      ...(method === 'claim' && { unproved: true }),
    },
  };
}

async function describe(core: Core, customer: string): Promise<Choice> {
  const card = await core.vault.card(customer);
  const name = card?.facts['name.given']?.value;
  return { id: randomId(core.random), label: maskName(typeof name === 'string' ? name : '') };
}
