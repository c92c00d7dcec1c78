import { adoptableSince } from '../profile/adoption.js';
import { findClaims } from '../profile/find-customers.js';
import type { Card, LinkData, RecordDraft } from '../profile/types.js';
import { commit } from './append.js';
import { choicesOf } from './choices.js';
import type { Core, Person, Proof } from './core.js';
import { linkDraft, nameDrafts } from './drafts.js';
import { momentOf, tellProof } from './follow-proof.js';
import { whoHasToken } from './may-keep.js';
import { isRemembered } from './people.js';
import { become, nobody } from './person.js';
import { watchProof } from './proof-watch.js';
import { isKnown, meet, type ReadProof, type Token } from './read-identifiers.js';
import { noteProved } from './sync-line.js';
import type { Recognition } from './types.js';

/** How a proof came about, for the links it makes and for how long it holds. */
export interface VouchOptions {
  /** As the customer gave it; kept as a fact. */
  readonly name?: string;
  /** Wall time, ms. @defaultValue as long as the page is open */
  readonly until?: number;
  readonly method: 'host' | 'token' | 'code' | 'qr' | 'staff';
  /** Whom somebody of the staff has checked, whoever else has what was typed. @defaultValue whom `proved` leads to */
  readonly customer?: string;
  /** Who wrote down what it links. @defaultValue this device */
  readonly by?: `staff:${string}`;
}

/** Whatever a proof gives ends here: these have been checked, by the host's backend or by a proof of ours. */
export async function vouch(
  core: Core,
  read: ReadProof,
  options: VouchOptions,
): Promise<Recognition> {
  const { state, vault, clock } = core;
  const { good, proved, blocked } = read;
  noteProved(core, proved);
  const { fits } =
    options.customer === undefined ? await meet(core, proved) : { fits: [options.customer] };
  const [customer] = fits;
  // one value that several have proves none of them
  if (fits.length > 1) return { kind: 'ambiguous', choices: await choicesOf(core, fits, good) };

  const proof: Proof = {
    level: 'verified',
    at: momentOf(core),
    ...(options.until !== undefined && { until: clock.elapsed() + options.until - clock.now() }),
  };
  const others = customer === undefined ? [] : await strangersAmong(core, customer, good);
  const { base, since } = await takenAlong(core, customer, proved);
  const remembered = vault.keeps();
  const goesOn = base === state.person ? state.card : undefined;
  // what a claim was let see goes with the claim
  const { view: _, ...entry } = base;
  await become(
    core,
    { ...entry, proof, remembered: base.remembered && remembered, claims: [] },
    customer === undefined ? goesOn : await vault.card(customer),
  );

  const { subject } = state.person;
  const method = since !== undefined && customer !== undefined ? 'adopted' : options.method;
  const drafts = [
    ...newLinks(core, subject, read, { method, since }),
    ...(await claimsOf(core, subject, proved)),
    ...nameDrafts(core, subject, options.name, 'host'),
  ].map((draft) => ({ ...draft, ...(options.by !== undefined && { by: options.by }) }));
  // the card is whole once memory has given what it has, and shown then: words that were said stay for the visit
  await commit(core, drafts, { shows: false });
  // who turns out to be somebody with a yes takes along what waited for one
  if (customer !== undefined && vault.isOpen() && vault.holds()) await vault.open(undefined);
  // the components may have merged: the customer is whoever the subject belongs to now
  const found = (await vault.card(subject)) ?? state.card;
  const stays = remembered && isRemembered(core, found);
  await become(core, { ...state.person, customer: found?.id ?? subject, remembered: stays }, found);
  watchProof(core);
  tellProof(core);
  core.emit('customer-recognized', { level: 'verified' });
  const held = heldOf(found, good);
  if (others.length > 0 && customer !== undefined) {
    const choices = await choicesOf(core, [found?.id ?? customer, ...others], good);
    return { kind: 'conflict', level: 'verified', held, choices };
  }
  return { kind: customer === undefined ? 'new' : 'found', level: 'verified', blocked, held };
}

/** Known people who have one of these, which `customer` has not: a link would join two known people. */
async function strangersAmong(
  core: Core,
  customer: string,
  good: readonly Token[],
): Promise<readonly string[]> {
  const strangers = new Set<string>();
  for (const { token } of good) {
    const have = await whoHasToken(core.vault, token);
    if (have.includes(customer)) continue;
    for (const one of have) if (isKnown(await core.vault.card(one))) strangers.add(one);
  }
  return [...strangers];
}

/**
 * Under which entry the visit goes on. What was done here without a name, or under a number that is proved now, is taken along; what
 * somebody else did, or claimed, is left to them (identity rule 4.4).
 */
async function takenAlong(
  core: Core,
  customer: string | undefined,
  proved: readonly Token[],
): Promise<{ readonly base: Person; readonly since?: number }> {
  const { state, vault, clock, mode } = core;
  const { person, card } = state;
  const elsewhere = {
    base: { ...nobody(core), ...(customer !== undefined && { subject: customer, customer }) },
  };
  // a claim waits for its first purchase; then it is a link of its own
  const own = isOf(card, person.subject) ? card : await vault.card(person.subject);
  const claims = [...person.claims.map(({ type, value }) => `${type} ${value}`)];
  const claimed = own?.links.filter(({ unproved }) => unproved === true) ?? [];
  const isProved =
    claims.length + claimed.length > 0 &&
    person.claims.every((claim) =>
      proved.some(({ type, value }) => type === claim.type && value === claim.value),
    ) &&
    claimed.every(({ token }) => proved.some((one) => one.token === token));
  if (customer !== undefined && customer === person.customer) return { base: person };
  if (isProved && person.customer === person.subject) return { base: person };
  const since =
    claims.length + claimed.length > 0 || person.proof
      ? undefined
      : adoptableSince(own, {
          ...{ mode, now: clock.now() },
          visitAt: state.visit?.startedAt ?? clock.now(),
        });
  if (since === undefined) return elsewhere;
  if (own === undefined) return customer === undefined ? { base: person } : elsewhere;
  return { base: person, since };
}

/** True for the card that a subject belongs to. */
function isOf(card: Card | undefined, subject: string): boolean {
  return card !== undefined && (card.id === subject || card.subjects.includes(subject));
}

/** The links that are not known yet. */
function newLinks(
  core: Core,
  subject: string,
  { good, proved }: Pick<ReadProof, 'good' | 'proved'>,
  { method, since }: { readonly method: LinkData['method']; readonly since: number | undefined },
): readonly RecordDraft[] {
  const { card } = core.state;
  // under an entry that is not yet theirs everything is new
  const links = isOf(card, subject) ? [...(card?.links ?? []), ...(card?.heldLinks ?? [])] : [];
  return good.flatMap((identifier) => {
    const level = proved.includes(identifier) ? 'verified' : 'claimed';
    const isThere = links.some(
      (link) =>
        link.token === identifier.token &&
        link.unproved !== true &&
        (link.level === 'verified' || level === 'claimed'),
    );
    const more = since === undefined ? {} : { since };
    return isThere ? [] : [linkDraft(core, subject, identifier, level, method, more)];
  });
}

/**
 * What was bought under these while nobody had proved them: it is the customer's to see now, still marked, and to refuse. Of a value
 * that several people have nobody knows whose it was.
 */
async function claimsOf(
  core: Core,
  subject: string,
  proved: readonly Token[],
): Promise<readonly RecordDraft[]> {
  const { state, vault } = core;
  const mine = new Set([subject, state.person.customer, ...(state.card?.subjects ?? [])]);
  const drafts: RecordDraft[] = [];
  for (const identifier of proved) {
    const owners = await whoHasToken(vault, identifier.token);
    const claims = await vault.run('readonly', (tx) => findClaims(tx, identifier.token));
    if (owners.every((owner) => mine.has(owner)))
      for (const claim of claims)
        if (!mine.has(claim)) drafts.push(linkDraft(core, claim, identifier, 'claimed', 'proved'));
  }
  return drafts;
}

/** Types of those whose links count for nothing. */
export function heldOf(
  card: Card | undefined,
  identifiers: readonly Token[],
): readonly Token['type'][] {
  const held = identifiers.filter(({ token }) =>
    card?.heldLinks?.some((link) => link.token === token),
  );
  return [...new Set(held.map(({ type }) => type))];
}
