import type { ProofBegun, ProofChecked, RawIdentifier } from '../identity/port.js';
import type { Random } from '../kernel/clock.js';
import { randomId } from '../kernel/ids.js';
import type { TokenOf } from '../profile/owners.js';
import type { Card } from '../profile/types.js';
import { isGone, isSelf, tokensIn, whenGone, type Asked, type Context } from './context.js';
import { limitedFor } from './limits.js';
import { readWho } from './look-up.js';
import { cardOfGroup, findOne, recordsOf } from './read-people.js';
import { hide, provedKey, reveal, type ServerLinkData } from './secret-notes.js';
import { isSame, type ShopHere } from './shop-keys.js';
import { no, readJson, yes, type Answer } from './wire.js';

const MINUTE_MS = 60_000;
/** How long a code or a QR can be answered, and how often a code may be tried. */
const LIFETIME_MS = 5 * MINUTE_MS;
const TRIES = 5;
/** How long the records can be fetched after a proof, and what was proved counts for what is sent. */
const SESSION_MS = 10 * MINUTE_MS;
/** A request waits no longer for a phone, and how often it looks whether another process was answered. */
const WAIT_MS = 25_000;
const LOOK_MS = 2_000;
const BODY_BYTES = 16_384;

/** What is kept of a proof that was begun. What is raw in it is hidden. */
type Challenge =
  | { readonly kind: 'code'; readonly code: string; readonly to?: string; readonly left: number }
  | { readonly kind: 'qr'; readonly answer?: 'refused' | { readonly account: string } };

/** `POST proofs` */
export async function beginProof(asked: Asked): Promise<Answer> {
  const { context, shop } = asked;
  const { clock, random, options, database } = context;
  const read = await readWho(asked);
  if ('problem' in read) return read;
  const { who } = read;
  const { kind } = read.value;
  if (kind !== 'qr' && !(kind === 'code' && options.deliver))
    return no('invalid', { title: 'This server does not carry out such a proof.' });
  const retryAfterMs = await limitedFor(asked, kind, who);
  if (retryAfterMs > 0) return yes({ kind: 'limited', retryAfterMs } satisfies ProofBegun);
  const id = randomId(random);
  const until = clock.now() + LIFETIME_MS;
  const begun = { kind: 'begun', id, lifetimeMs: LIFETIME_MS } as const;
  if (kind === 'qr') {
    // not the id: whoever sees the screen could fetch the answer with that
    const ticket = randomId(random);
    await database.notes.put(shop.id, proofKey(id), JSON.stringify({ kind }), until);
    await database.notes.put(shop.id, await ticketKey(shop, ticket), id, until);
    return yes({ ...begun, qr: options.qrText?.(ticket, shop.id) ?? ticket } satisfies ProofBegun);
  }
  const to = who.find(({ type }) => type === 'phone') ?? who.find(({ type }) => type === 'email');
  const code = sixDigits(random);
  const challenge: Challenge = {
    ...{ kind, left: TRIES, code: await codeMark(shop, id, code) },
    ...(to && { to: await hide(shop, to) }),
  };
  await database.notes.put(shop.id, proofKey(id), JSON.stringify(challenge), until);
  try {
    // known or not: what a stranger can see is the same, and so is the time it takes
    if (to) await options.deliver?.({ shop: shop.id, to, code, lifetimeMs: LIFETIME_MS });
  } catch (error) {
    context.report(error);
  }
  return yes(begun satisfies ProofBegun);
}

const proofKey = (id: string): string => `proof:${id}`;
const ticketKey = async (shop: ShopHere, ticket: string): Promise<string> =>
  `ticket:${await shop.mac('!note', ticket)}`;
const sessionKey = async (shop: ShopHere, session: string): Promise<string> =>
  `session:${await shop.mac('!note', session)}`;
const codeMark = (shop: ShopHere, id: string, code: string): Promise<string> =>
  shop.mac('!code', `${id} ${code}`);
/** Each of the million as likely as the others. */
function sixDigits(random: Random): string {
  const SPAN = 1_000_000;
  for (;;) {
    const bytes = random(4);
    const number = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
    if (number < Math.floor(2 ** 32 / SPAN) * SPAN) return String(number % SPAN).padStart(6, '0');
  }
}

/** `POST proofs/check` */
export async function checkProof(asked: Asked): Promise<Answer> {
  const read = await readJson(asked.request, BODY_BYTES);
  if ('problem' in read) return read;
  const { id, code } = read.value;
  if (typeof id !== 'string' || !/^\w{1,64}$/.test(id) || !isText(code, 64))
    return no('invalid', { title: 'A check has an id, and of a code the code.' });
  const checked =
    code === undefined ? await waitForPhone(asked, id) : await checkCode(asked, id, code);
  return yes(checked);
}

const isText = (value: unknown, length: number): value is string | undefined =>
  value === undefined || (typeof value === 'string' && value.length <= length);

async function checkCode(asked: Asked, id: string, code: string): Promise<ProofChecked> {
  const { context, shop } = asked;
  const { notes } = context.database;
  const mark = await codeMark(shop, id, code);
  for (;;) {
    const text = await notes.get(shop.id, proofKey(id), context.clock.now());
    const challenge = text === undefined ? undefined : (JSON.parse(text) as Challenge);
    if (text === undefined || challenge?.kind !== 'code') return { kind: 'expired' };
    const isRight = isSame(challenge.code, mark);
    const left = challenge.left - 1;
    const after = isRight || left <= 0 ? undefined : JSON.stringify({ ...challenge, left });
    // of two who try at the same time each is counted
    if (!(await notes.swap(shop.id, proofKey(id), text, after))) continue;
    if (!isRight) return { kind: 'wrong', triesLeft: left };
    const to = challenge.to === undefined ? undefined : await reveal(shop, challenge.to);
    return to === undefined ? { kind: 'expired' } : proved(asked, to as RawIdentifier);
  }
}

/** Resolves when the phone has answered, the time is over, or it is time to ask again. */
async function waitForPhone(
  asked: Asked,
  id: string,
): Promise<ProofChecked | { readonly kind: 'pending' }> {
  const { context, shop } = asked;
  const { clock, bus } = context;
  const endsAt = clock.elapsed() + WAIT_MS;
  let wake: () => void = () => undefined;
  let told = false;
  const hear = (): void => {
    told = true;
    wake();
  };
  // before it looks: what is answered meanwhile is heard
  const stop = bus.subscribe((topic) => {
    if (topic === topicOf(shop, id)) hear();
  });
  const here = whenGone(asked, hear);
  try {
    for (;;) {
      told = false;
      if (isGone(asked)) return { kind: 'pending' };
      const answer = await takeAnswer(asked, id);
      if (answer) return answer;
      if (clock.elapsed() >= endsAt) return { kind: 'pending' };
      if (told) continue;
      await new Promise<void>((resolve) => {
        const cancel = clock.after(LOOK_MS, resolve);
        wake = () => {
          cancel();
          resolve();
        };
      });
    }
  } finally {
    stop();
    here();
  }
}

/** What the phone has answered, once; undefined while it has not. */
async function takeAnswer(asked: Asked, id: string): Promise<ProofChecked | undefined> {
  const { context, shop } = asked;
  const { notes } = context.database;
  const text = await notes.get(shop.id, proofKey(id), context.clock.now());
  const challenge = text === undefined ? undefined : (JSON.parse(text) as Challenge);
  if (text === undefined || challenge?.kind !== 'qr') return { kind: 'expired' };
  const { answer } = challenge;
  if (answer === undefined) return undefined;
  if (!(await notes.swap(shop.id, proofKey(id), text, undefined))) return { kind: 'expired' };
  if (answer === 'refused') return { kind: 'refused' };
  const account = await reveal(shop, answer.account);
  return typeof account === 'string'
    ? proved(asked, { type: 'account', value: account })
    : { kind: 'expired' };
}

const topicOf = (shop: ShopHere, id: string): string => JSON.stringify([shop.id, `proof ${id}`]);

/** `POST proofs/answer`: the customer's own phone, signed in, says who they are, or that it was not them. */
export async function answerProof(asked: Asked): Promise<Answer> {
  const { context, shop, who, request } = asked;
  if (!isSelf(who) || who.account === undefined) return no('scope');
  const read = await readJson(request, BODY_BYTES);
  if ('problem' in read) return read;
  const { ticket, answer } = read.value;
  if (typeof ticket !== 'string' || (answer !== 'confirm' && answer !== 'refuse'))
    return no('invalid', { title: 'An answer has a ticket, and confirms or refuses.' });
  const account = answer === 'confirm' ? who.account : undefined;
  return yes({ answered: await answerTicket(context, shop, ticket, account) });
}

/** Answers a QR for an account; refuses it where there is none. False for a ticket that is over. */
export async function answerTicket(
  { database, clock, bus, report }: Context,
  shop: ShopHere,
  ticket: string,
  account: string | undefined,
): Promise<boolean> {
  const id = await database.notes.get(shop.id, await ticketKey(shop, ticket), clock.now());
  if (id === undefined) return false;
  const before = JSON.stringify({ kind: 'qr' } satisfies Challenge);
  const answer = account === undefined ? 'refused' : { account: await hide(shop, account) };
  const after = JSON.stringify({ kind: 'qr', answer } satisfies Challenge);
  // it may be answered once
  if (!(await database.notes.swap(shop.id, proofKey(id), before, after))) return false;
  try {
    await bus.publish(topicOf(shop, id));
  } catch (error) {
    report(error);
  }
  return true;
}

/** Whose proof it is; with a session for their records, where it leads to one customer. */
async function proved(asked: Asked, what: RawIdentifier): Promise<ProofChecked> {
  const { context, shop, device } = asked;
  const { database, clock, random } = context;
  const [token = { type: '', token: '' }] = await tokensIn(shop, [what]);
  const until = clock.now() + SESSION_MS;
  await database.notes.put(shop.id, await provedKey(shop, device, token.token), '1', until);
  const found = await findOne(database, shop, [token]);
  // one phone of a family proves none of them
  if (!found) return { kind: 'proved', identifiers: [what] };
  const { people, group } = found;
  const card = await cardOfGroup(database, shop.id, people, group);
  const account = await accountOf(shop, card);
  const session = randomId(random);
  await database.notes.put(shop.id, await sessionKey(shop, session), JSON.stringify(token), until);
  const name = card.facts['name.given']?.value;
  const identifiers = account && what.type !== 'account' ? [account, what] : [what];
  return {
    ...{ kind: 'proved', identifiers, session },
    ...(typeof name === 'string' && { name }),
  };
}

/** The number that the host knows a customer by. */
async function accountOf(shop: ShopHere, { links }: Card): Promise<RawIdentifier | undefined> {
  const link: ServerLinkData | undefined = links.find(({ type }) => type === 'account');
  const value = link?.hidden === undefined ? undefined : await reveal(shop, link.hidden);
  return typeof value === 'string' ? { type: 'account', value } : undefined;
}

/** `POST records`: everything there is of whom a proof was for. */
export async function recordsOfProof({ context, shop, request }: Asked): Promise<Answer> {
  const { database, clock } = context;
  const read = await readJson(request, BODY_BYTES);
  if ('problem' in read) return read;
  const { session } = read.value;
  if (typeof session !== 'string') return no('invalid', { title: 'session is a text.' });
  const key = await sessionKey(shop, session);
  const token = await database.notes.get(shop.id, key, clock.now());
  const found =
    token === undefined ? undefined : await findOne(database, shop, [JSON.parse(token) as TokenOf]);
  return yes({ records: found ? await recordsOf(database, shop.id, found.group) : [] });
}
