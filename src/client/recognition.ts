import type { Identifiers } from '../identity/types.js';
import { randomId } from '../kernel/ids.js';
import { adoptableSince } from '../profile/adoption.js';
import type { Card } from '../profile/types.js';
import { commit } from './append.js';
import { choicesOf } from './choices.js';
import type { Acts, Core } from './core.js';
import { linkDraft, nameDrafts } from './drafts.js';
import { lookUp } from './look-up.js';
import { backendOf } from './sync-line.js';
import { createMisses, type Misses } from './misses.js';
import { become, levelOf, nobody } from './person.js';
import { isKnown, meet, readIdentifiers, type Read, type Token } from './read-identifiers.js';
import type { Recognition, RecognizeOptions, RegularsOptions } from './types.js';
import { heldOf, vouch } from './vouch.js';

/** What is to be waited for outside of the turn: nothing else has to. */
type Later = () => Promise<Recognition>;

/** Makes what recognizes. Not within a turn: it takes one itself, and a visit can end while a kiosk looks somebody up. */
export function createRecognition(
  core: Core,
  stay: () => Promise<void>,
): Pick<Acts, 'choose' | 'recognize'> {
  const misses = createMisses(core);
  const atKiosk = core.mode === 'kiosk' ? createKioskClaims(core, misses) : undefined;
  const { choices } = core.state;

  const decide = async (
    identifiers: Identifiers,
    options: RecognizeOptions,
  ): Promise<Recognition | Later> => {
    const read = await readIdentifiers(core, identifiers);
    const { good, blocked } = read;
    const isOver = options.until !== undefined && !(options.until > core.clock.now());
    const proved =
      atKiosk || isOver ? [] : good.filter(({ type }) => options.verified?.includes(type));
    choices.clear();
    if (proved.length > 0) {
      const { name, until } = options;
      return vouch(
        core,
        { ...read, proved },
        {
          method: 'host',
          ...(name !== undefined && { name }),
          ...(until !== undefined && { until }),
        },
      );
    }
    const wait = misses.wait();
    if (wait > 0) return { kind: 'limited', retryAfterMs: wait };
    if (good.length === 0) return { kind: 'blocked', blocked };
    return atKiosk ? atKiosk(read) : claimHere(core, read, options, misses);
  };
  return {
    recognize: async (identifiers, options) => {
      const decided = await core.inTurn(() => stay().then(() => decide(identifiers, options)));
      return typeof decided === 'function' ? decided() : decided;
    },
    choose: async (choiceId) => {
      const chosen = choices.get(choiceId);
      if (!chosen) return { kind: 'blocked', blocked: [] };
      choices.clear();
      const good = chosen.claims as readonly Token[];
      return claim(core, chosen.customer, { good, blocked: [] }, { mine: chosen.mine === true });
    },
  };
}

// ------------------------------------------------------------- at a kiosk

/** A number may be anybody's: known and unknown look alike, and what is bought stays attached to what was typed. */
function createKioskClaims(
  core: Core,
  misses: Misses,
): (read: Read) => Promise<Recognition | Later> {
  const { state } = core;
  let last: { readonly subject: string; readonly tokens: ReadonlySet<string> } | undefined;

  return async ({ good, blocked }) => {
    const { card, person } = state;
    const own = new Set(card?.links.map(({ token }) => token));
    if (levelOf(core) === 'verified' && good.every(({ token }) => own.has(token)))
      return { kind: 'found', level: 'verified', blocked, held: [] };

    const tokens = new Set(good.map(({ token }) => token));
    const before = last?.subject === person.subject ? last.tokens : undefined;
    // the same again, or with an e-mail added, is the same visitor; anything else is the next one
    const goesOn = before !== undefined && [...before].every((token) => tokens.has(token));
    const isNew = !goesOn || [...tokens].some((token) => !before?.has(token));
    if (isNew) {
      misses.count();
      const base = person.proof && !goesOn ? nobody(core) : person;
      const { view: _, ...entry } = base;
      await become(
        core,
        { ...entry, proof: { level: 'claimed' }, claims: good },
        base === person ? card : undefined,
      );
      state.sealing?.claimed(base.subject, good);
    }
    const { subject } = state.person;
    last = { subject, tokens };
    return () => answerAtKiosk(core, subject, good);
  };
}

async function answerAtKiosk(
  core: Core,
  subject: string,
  claims: readonly Token[],
): Promise<Recognition> {
  return (await showView(core, subject, claims))
    ? { kind: 'found', level: 'claimed', blocked: [], held: [] }
    : { kind: 'unproven', prove: provable(core.options) };
}

/** Asks what may be said of whoever claimed this, and lets it be said. False where nothing may. */
async function showView(core: Core, subject: string, claims: readonly Token[]): Promise<boolean> {
  const { state } = core;
  const view = await lookUp(core, claims);
  const isHere = (): boolean =>
    state.person.subject === subject && state.person.proof?.level === 'claimed';
  if (view)
    await core.inTurn(async () => {
      if (isHere()) await become(core, { ...state.person, view }, state.card, true);
    });
  // they may have gone meanwhile, or proved who they are
  if (!view || !isHere()) return false;
  core.emit('customer-recognized', { level: 'claimed' });
  return true;
}

/** The ways to a proof, always in this order. */
function provable({ backend, proofs }: RegularsOptions): readonly ('code' | 'qr' | 'token')[] {
  return (['code', 'qr', 'token'] as const).filter((kind) =>
    kind === 'token' ? proofs?.some((one) => one.kind === kind) : backend?.proofs.includes(kind),
  );
}

// ------------------------------------------------------- on other devices

/** Without a proof: whoever has these, for this visit. */
async function claimHere(
  core: Core,
  read: Read,
  options: RecognizeOptions,
  misses: Misses,
): Promise<Recognition | Later> {
  const { good } = read;
  const { fits, others, apart } = await meet(core, good);
  const [customer] = fits;
  if (customer === undefined) {
    misses.count();
    return atTill(core, good, await newcomer(core, read, options));
  }
  if (fits.length === 1 && others.length === 0)
    return atTill(core, good, await claim(core, customer, read, options));
  const all = [...fits, ...others];
  const cards = await Promise.all(all.map((one) => core.vault.card(one)));
  const choices = await choicesOf(core, all, good, options.mine === true);
  const known = (some: readonly (Card | undefined)[]): boolean => some.some(isKnown);
  if (known(cards.slice(0, fits.length)) && known(cards.slice(fits.length)))
    return { kind: 'conflict', level: levelOf(core), held: apart, choices };
  return { kind: 'ambiguous', choices };
}

/** A till that knows no name of somebody asks who does: the backend, or the directory that it holds. */
function atTill(core: Core, claims: readonly Token[], answer: Recognition): Recognition | Later {
  const { state, mode } = core;
  const isNamed = state.card?.facts['name.given'] !== undefined;
  if (mode !== 'staff' || isNamed || !backendOf(core)) return answer;
  const { subject } = state.person;
  return async () => ((await showView(core, subject, claims)) ? found(answer) : answer);
}

/** The same, of whom something is known after all. */
const found = (answer: Recognition): Recognition =>
  answer.kind === 'new' ? { ...answer, kind: 'found' } : answer;

/** A typed identifier of somebody known: shown for this visit; what is bought stays unproved. */
async function claim(
  core: Core,
  customer: string,
  { good, blocked }: Read,
  { mine = false, name }: Pick<RecognizeOptions, 'mine' | 'name'>,
): Promise<Recognition> {
  const { state } = core;
  const { person } = state;
  const card = await core.vault.card(customer);
  const isSame = person.customer === customer && levelOf(core) !== 'none';
  // to somebody else's history a claim adds nothing but what is bought
  const isOwn = person.customer === person.subject || card?.subjects.includes(person.subject);
  if (isSame && isOwn) await commit(core, nameDrafts(core, person.subject, name, 'customer'));
  const level = levelOf(core);
  if (isSame && level !== 'device')
    return { kind: 'found', level, blocked, held: heldOf(card, good) };

  const since = mine && !isSame ? anonymousSince(core) : undefined;
  const goesOn = isSame || since !== undefined;
  const subject = goesOn ? person.subject : randomId(core.random);
  await become(
    core,
    {
      ...{ subject, customer, proof: { level: 'claimed' } },
      remembered: isSame && person.remembered,
      claims: goesOn ? [] : good,
    },
    card,
  );
  if (since !== undefined)
    // given along, and counted once it is proved whose it is
    await commit(
      core,
      good.map((one) =>
        linkDraft(core, subject, one, 'claimed', 'adopted', { since, unproved: true }),
      ),
    );
  core.emit('customer-recognized', { level: 'claimed' });
  return { kind: 'found', level: 'claimed', blocked, held: heldOf(card, good) };
}

/** Nobody has it yet: it is linked to whoever is here without a name and a history, or with it if they say so, else to somebody new. */
async function newcomer(
  core: Core,
  { good, blocked }: Read,
  { mine = false, name }: Pick<RecognizeOptions, 'mine' | 'name'>,
): Promise<Recognition> {
  const { state } = core;
  const { card, person } = state;
  const since = person.proof ? undefined : anonymousSince(core);
  const free = since !== undefined && (mine || !hasHistory(card));
  const base = free ? person : nobody(core);
  await become(core, { ...base, proof: { level: 'claimed' } }, free ? card : undefined);
  const more = card && free ? { since } : {};
  await commit(core, [
    ...good.map((one) => linkDraft(core, base.subject, one, 'claimed', 'typed', more)),
    ...nameDrafts(core, base.subject, name, 'customer'),
  ]);
  core.emit('customer-recognized', { level: 'claimed' });
  const held = heldOf(state.card, good);
  return { kind: 'new', level: 'claimed', blocked, held };
}

/** From when on what was done here belongs to nobody yet; undefined where it is somebody's. */
function anonymousSince({ state, mode, clock }: Core): number | undefined {
  const { person, card, visit } = state;
  if (person.customer !== person.subject && !card?.subjects.includes(person.subject))
    return undefined;
  const now = clock.now();
  return adoptableSince(card, { mode, now, visitAt: visit?.startedAt ?? now });
}

/** True where something was bought or said that a number nobody has proved must not take along. */
function hasHistory(card: Card | undefined): boolean {
  return (
    card !== undefined &&
    card.purchases.length + card.olderPurchases + Object.keys(card.facts).length > 0
  );
}
