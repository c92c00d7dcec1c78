import { RegularsError } from '../kernel/errors.js';
import { uuidV7 } from '../kernel/ids.js';
import type { Json } from '../kernel/json.js';
import { namesOf, purchaseKey } from '../profile/card-purchases.js';
import { checkFact, purposeOf } from '../profile/check-fact.js';
import { compareText } from '../profile/fold-records.js';
import type { FactData, RecordDraft, RecordKind, RecordOf } from '../profile/types.js';
import { commit } from './append.js';
import type { ChangeKnown, Core } from './core.js';
import { fieldOf, GREET_BY_NUMBER, wholly } from './known-field.js';
import { isFact } from './known.js';
import { readKnown, type KnownRecords } from './known-records.js';
import { become, isOwn, levelOf } from './person.js';
import type { RecordOutcome, Rights } from './types.js';

const NOT_FOUND: RecordOutcome = { kind: 'refused', reason: 'not-found' };

/** What an id or a key of `known()` stands for. */
type Target =
  | { readonly kind: 'fact'; readonly subject: string; readonly data: FactData }
  | { readonly kind: 'link'; readonly subject: string; readonly link: string }
  | {
      readonly kind: 'purchase';
      readonly id: string;
      readonly names: readonly string[];
      readonly subjects: readonly string[];
    };

/** Makes what changes what is known. Each change is a record; nothing that was recorded is edited. */
export function createChangeKnown(core: Core): ChangeKnown {
  return {
    remember: (fact) => rememberFact(core, fact),
    correct: (ref, value) => (value === null ? remove(core, ref) : correct(core, ref, value)),
    remove: (ref) => remove(core, ref),
    restore: (ref) => restore(core, ref),
    allowGreetingByNumber: (yes) => allowGreetingByNumber(core, yes),
  };
}

async function rememberFact(
  core: Core,
  { key, value, purpose, expiresAt }: Parameters<Rights['remember']>[0],
): Promise<RecordOutcome> {
  return writeFact(core, 'fact', core.state.person.subject, {
    ...{ key, value, purpose: purposeOf(key, purpose) },
    ...(expiresAt !== undefined && { expiresAt }),
  });
}

/** The customer's own word. On what the level does not show it is just one more word: giving needs no proof, taking does. */
async function correct(core: Core, ref: string, value: Json): Promise<RecordOutcome> {
  const { subject } = core.state.person;
  const target = find(await readKnown(core), ref);
  if (target?.kind === 'link' || target?.kind === 'purchase')
    throw new RegularsError(
      'ERR_OPTIONS_INVALID',
      'Only facts can be corrected; a purchase or an identifier that is not theirs can be removed.',
    );
  if (target) {
    const { key, purpose, expiresAt } = target.data;
    const more = { ...(expiresAt !== undefined && { expiresAt }) };
    if (maySee(core, target))
      return writeFact(core, 'correction', target.subject, { key, value, purpose, ...more });
    return writeFact(core, 'fact', subject, { key, value, purpose: purposeOf(key) });
  }
  const kind = isOwn(core.state.person, core.state.card) ? 'correction' : 'fact';
  return writeFact(core, kind, subject, { key: ref, value, purpose: purposeOf(ref) });
}

async function remove(core: Core, ref: string): Promise<RecordOutcome> {
  const target = find(await readKnown(core), ref);
  // what is not shown is not there: whoever may not see it does not learn of it
  if (!target || !maySee(core, target)) return NOT_FOUND;
  if (target.kind === 'fact') {
    const { key, purpose } = target.data;
    if (target.data.value === null) return NOT_FOUND;
    return writeFact(core, 'correction', target.subject, { key, value: null, purpose });
  }
  if (target.kind === 'purchase') return judge(core, target, [target.id], null);
  const outcome = await commit(core, [
    draftOf(core, 'unlink', target.subject, { link: target.link, reason: 'customer' }),
  ]);
  if (outcome.kind !== 'refused') await stayWithSubject(core);
  return outcome;
}

/** Takes a `remove` back: what was there before stands again. */
async function restore(core: Core, ref: string): Promise<RecordOutcome> {
  const read = await readKnown(core);
  const target = find(read, ref);
  if (!target || !maySee(core, target)) return NOT_FOUND;
  const { records, states } = read;
  if (target.kind === 'fact') {
    const before = lastValue(read, target.data.key);
    if (target.data.value !== null || !before) return NOT_FOUND;
    return commit(core, [draftOf(core, 'correction', target.subject, before)]);
  }
  if (target.kind === 'purchase') {
    const refused = target.names.filter((name) =>
      [...states.values()].some(({ facts }) => own(facts, purchaseKey(name))?.data.value === null),
    );
    return refused.length === 0 ? NOT_FOUND : judge(core, target, refused, true);
  }
  const link = records.find(({ id }) => id === target.link) as RecordOf<'link'> | undefined;
  const back = Object.values(states.get(target.subject)?.unlinks ?? {});
  if (!link || !back.some(({ data }) => data.link === target.link)) return NOT_FOUND;
  return commit(core, [draftOf(core, 'link', target.subject, link.data)]);
}

/** Only a customer whom a proof is for may be greeted by a number that anybody could type. A no takes it back. */
async function allowGreetingByNumber(core: Core, yes: boolean): Promise<RecordOutcome> {
  const level = levelOf(core);
  const value = Boolean(yes);
  // a no only takes something away
  if (value ? level !== 'verified' : level === 'claimed' || level === 'none')
    return { kind: 'refused', reason: 'needs-proof' };
  if (!value && core.state.card?.facts[GREET_BY_NUMBER] === undefined) return commit(core, []);
  const { subject } = core.state.person;
  return write(core, 'correction', subject, {
    ...{ key: GREET_BY_NUMBER, value: value || null, purpose: 'remember' },
  });
}

function find({ card, states, records }: KnownRecords, ref: unknown): Target | undefined {
  if (typeof ref !== 'string') return undefined;
  const isRef = (record: string, key?: string): boolean => record === ref || key === ref;
  // the winner of a key that several subjects have is the one that is corrected
  const shown = Object.entries(card?.facts ?? {}).find(([key, fact]) => isRef(fact.record, key));
  for (const key of shown ? [shown[0]] : [ref])
    for (const [subject, { facts }] of states) {
      const fact = own(facts, key);
      if (fact && (!shown || fact.record === shown[1].record))
        return { kind: 'fact', subject, data: fact.data };
    }
  for (const [subject, { links, facts }] of states) {
    if (own(links, ref)) return { kind: 'link', subject, link: ref };
    const removed = Object.values(facts).find(({ record }) => record === ref);
    if (removed) return { kind: 'fact', subject, data: removed.data };
  }
  // a fact that was corrected since still goes by the id it was shown with
  const past = records.find(({ id }) => id === ref);
  if (past && isFact(past)) return find({ card, states, records }, past.data.key);
  return findPurchase(
    states,
    ref,
    past?.kind === 'purchase' ? (past as RecordOf<'purchase'>).data.id : ref,
  );
}

function findPurchase(
  states: KnownRecords['states'],
  ...refs: readonly string[]
): Target | undefined {
  const names = new Set<string>();
  const subjects: string[] = [];
  let id: string | undefined;
  for (const [subject, { purchases }] of states)
    for (const { data } of Object.values(purchases)) {
      if (!namesOf(data).some((name) => refs.includes(name))) continue;
      id ??= data.id;
      subjects.push(subject);
      for (const name of namesOf(data)) names.add(name);
    }
  return id === undefined
    ? undefined
    : { kind: 'purchase', id, names: [...names], subjects: [...new Set(subjects)] };
}

function own<T>(map: { readonly [key: string]: T }, key: string): T | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** A change is only for whom it is shown to; what a page has just been told by somebody unknown is theirs. */
function maySee(core: Core, target: Target): boolean {
  const { person, card } = core.state;
  // a claim shows who it may be; it does not make them that
  if (!isOwn(person, card)) return false;
  if (levelOf(core) === 'none') return person.customer === person.subject;
  if (target.kind === 'fact') return wholly(core, fieldOf(target.data.key, target.data)).ok;
  return target.kind === 'link'
    ? levelOf(core) !== 'claimed' && wholly(core, 'taste').ok
    : wholly(core, 'orders').ok;
}

/** The last that was said of a key before it was removed. */
function lastValue({ records }: KnownRecords, key: string): FactData | undefined {
  return records
    .filter(isFact)
    .filter(({ data }) => data.key === key && data.value !== null)
    .sort(
      (a, b) =>
        Number((a.kind as string) === 'correction') - Number((b.kind as string) === 'correction') ||
        compareText(a.stamp, b.stamp),
    )
    .at(-1)?.data;
}

/** A fact that any page may write; a permission is asked for by its own name. */
function writeFact(...given: Parameters<typeof write>): Promise<RecordOutcome> {
  if (given[3].key !== GREET_BY_NUMBER || given[3].value === null) return write(...given);
  throw new RegularsError(
    'ERR_OPTIONS_INVALID',
    `"${GREET_BY_NUMBER}" is no fact to write: call allowGreetingByNumber.`,
  );
}

async function write(
  core: Core,
  kind: 'correction' | 'fact',
  subject: string,
  fact: Pick<FactData, 'expiresAt' | 'key' | 'purpose' | 'value'>,
): Promise<RecordOutcome> {
  const level = levelOf(core);
  const data: FactData = {
    ...fact,
    ...{ at: core.clock.now(), source: 'customer' },
    ...(level === 'verified' && { level }),
  };
  checkFact(data);
  return commit(core, [draftOf(core, kind, subject, data)]);
}

/** "That was not me", or that it was, under every subject the purchase is recorded under. */
function judge(
  core: Core,
  { subjects }: Extract<Target, { readonly kind: 'purchase' }>,
  names: readonly string[],
  value: null | true,
): Promise<RecordOutcome> {
  const at = core.clock.now();
  const word = { value, at, source: 'customer', purpose: 'remember' } as const;
  return commit(
    core,
    subjects.flatMap((subject) =>
      names.map((name) =>
        draftOf(core, 'correction', subject, { key: purchaseKey(name), ...word }),
      ),
    ),
  );
}

function draftOf<K extends RecordKind>(
  core: Core,
  kind: K,
  subject: string,
  data: RecordOf<K>['data'],
): RecordDraft {
  const id = uuidV7(core.clock.now(), core.random);
  return { id, subject, kind, by: `device:${core.vault.device().id}`, data } as RecordDraft;
}

/** A link that was taken back may have parted two who were one: whoever is here stays. */
async function stayWithSubject(core: Core): Promise<void> {
  const { person } = core.state;
  const card = await core.vault.card(person.subject);
  await become(core, { ...person, customer: card?.id ?? person.subject }, card, true);
}
