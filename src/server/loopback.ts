import type {
  IdentityBackend,
  LookedUp,
  ProofBegun,
  ProofChecked,
  RawIdentifier,
} from '../identity/port.js';
import { systemClock, systemRandom, type Clock, type Random } from '../kernel/clock.js';
import { randomId } from '../kernel/ids.js';
import type { Item } from '../recommend/types.js';
import {
  createCustomers,
  normalForms,
  type Customers,
  type LoopbackCustomer,
} from './loopback-customers.js';
import { createLimits, type Limit, type Limits } from './loopback-limits.js';
import { sixDigits } from './proofs.js';
import { createLoopbackSync, type LoopbackSync } from './loopback-sync.js';

export type { LoopbackCustomer } from './loopback-customers.js';
export type { LoopbackCaller, LoopbackSync } from './loopback-sync.js';

const MINUTE_MS = 60_000;

/** How long a code or a QR can be answered, and how often a code may be tried. */
const LIFETIME_MS = 5 * MINUTE_MS;
const TRIES = 5;
/** How long the records can be fetched after a proof. */
const SESSION_MS = 10 * MINUTE_MS;
// Counted for known and unknown alike.
const PER_IDENTIFIER: Limit = { times: 5, windowMs: 10 * MINUTE_MS };
const PER_DEVICE: Limit = { times: 30, windowMs: 10 * MINUTE_MS };

/** What `loopback` takes. */
export interface LoopbackOptions {
  readonly shop: string;
  readonly customers?: readonly LoopbackCustomer[];
  /** Sends a code: the SMS or mail of a shop. @defaultValue none: there are no codes */
  readonly deliver?: (message: { readonly to: RawIdentifier; readonly code: string }) => void;
  /** The text of a QR, as an address that the customer's phone opens. @defaultValue the ticket itself */
  readonly qrText?: (ticket: string) => string;
  /** Bytes of the shop's key, which tokens are made with. @defaultValue random */
  readonly key?: Uint8Array;
  /** Private keys of `createSealKeys`: what devices seal to them is opened. @defaultValue none */
  readonly seal?: readonly JsonWebKey[];
  /** ISO 3166-1 alpha-2, for phone numbers without a country code. */
  readonly region?: string;
  /** IANA zone of the shop, for the usual. @defaultValue the machine's */
  readonly timeZone?: string;
  /** Tells what is sensitive: it is in no view. @defaultValue none is */
  readonly catalog?: readonly Item[];
  readonly clock?: Clock;
  readonly random?: Random;
}

/** A backend in the same program, and what its other doors are for. */
export interface Loopback extends IdentityBackend {
  /** Makes somebody known. */
  readonly add: (customer: LoopbackCustomer) => void;
  /** What the customer's phone calls after its own sign-in as `account`. False for a ticket that is over. */
  readonly confirm: (ticket: string, account: string) => boolean;
  /** "That was not me", on the customer's phone. */
  readonly refuse: (ticket: string) => boolean;
  /** The backend as another device reaches it: each is limited for itself. */
  readonly device: (id: string) => IdentityBackend;
  /**
   * A way to sync with it, for `syncOver`: of whoever is signed in, which may change from call to call. What devices push is kept beside
   * the customers that were given; it is the server of `regulars/server`, with its database in memory.
   */
  readonly transport: LoopbackSync['transport'];
  /** Draws a new epoch, as after a backup was restored: devices take a snapshot. */
  readonly renew: () => Promise<void>;
}

interface Challenge {
  readonly kind: 'code' | 'qr';
  readonly untilElapsed: number;
  /** What a code was sent to. */
  readonly to?: RawIdentifier;
  readonly code?: string;
  readonly ticket?: string;
  triesLeft: number;
  /** Set by the phone. */
  answer?: { readonly kind: 'confirmed'; readonly account: string } | { readonly kind: 'refused' };
  wake?: () => void;
}

interface Shop {
  readonly customers: Customers;
  readonly limits: Limits;
  readonly challenges: Map<string, Challenge>;
  readonly sessions: Map<
    string,
    { readonly account: RawIdentifier; readonly untilElapsed: number }
  >;
  readonly options: LoopbackOptions;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * A whole backend for recognition in the same program: for tests, examples and demonstrations, and the model of what a server has to
 * promise. It holds customers in memory, answers look-ups with what a claim may show and no more, sends codes, waits for QRs, limits,
 * and looks the same for known and unknown.
 * @example
 * const shop = loopback({ shop: 'slurp', customers: [{ identifiers: { account: 'u_1', phone: '+14255550100' } }] });
 * createRegulars({ shop: 'slurp', mode: 'kiosk', backend: shop });
 */
export function loopback(options: LoopbackOptions): Loopback {
  const { clock = systemClock, random = systemRandom, key = random(32) } = options;
  const { shop: name, catalog = [], region, timeZone } = options;
  const shop: Shop = {
    customers: createCustomers({
      ...{ shop: name, key, catalog, random, now: clock.now },
      ...(region !== undefined && { region }),
      ...(timeZone !== undefined && { timeZone }),
    }),
    limits: createLimits(clock.elapsed),
    ...{ challenges: new Map(), sessions: new Map(), options, clock, random },
  };
  for (const customer of options.customers ?? []) shop.customers.add(customer);
  const identity = backendOf(shop, 'here');
  // made at the first need: most tests of look-ups sync nothing
  let made: LoopbackSync | undefined;
  const { seal } = options;
  const sync = (): LoopbackSync =>
    (made ??= createLoopbackSync({
      shop: name,
      key,
      clock,
      random,
      identity,
      ...(seal && { seal }),
    }));
  const byTicket = (ticket: string): Challenge | undefined => {
    prune(shop);
    return [...shop.challenges.values()].find((one) => one.ticket === ticket && !one.answer);
  };
  const answer = (ticket: string, given: NonNullable<Challenge['answer']>): boolean => {
    const challenge = byTicket(ticket);
    if (!challenge) return false;
    challenge.answer = given;
    challenge.wake?.();
    return true;
  };
  return {
    ...identity,
    transport: (caller) => sync().transport(caller),
    renew: () => sync().renew(),
    add: shop.customers.add,
    confirm: (ticket, account) => answer(ticket, { kind: 'confirmed', account }),
    refuse: (ticket) => answer(ticket, { kind: 'refused' }),
    device: (id) => backendOf(shop, `device ${id}`),
  };
}

function prune({ challenges, sessions, clock }: Shop): void {
  for (const map of [challenges, sessions] as readonly Map<string, { untilElapsed: number }>[])
    for (const [id, { untilElapsed }] of map) if (untilElapsed <= clock.elapsed()) map.delete(id);
}

function backendOf(shop: Shop, device: string): IdentityBackend {
  return {
    proofs: shop.options.deliver ? ['code', 'qr'] : ['qr'],
    lookUp: (who) => lookUp(shop, device, who),
    requestProof: async (kind, who) => begin(shop, device, kind, who),
    checkProof: (id, code, { signal }) =>
      code === undefined ? waitForPhone(shop, id, signal) : checkCode(shop, id, code),
    pull: async (session) => {
      prune(shop);
      const { account } = shop.sessions.get(session) ?? {};
      const [held] = account ? shop.customers.find([account]) : [];
      return held ? shop.customers.records(held) : [];
    },
  };
}

/** How long whoever asks has to wait: each identifier and each device is counted, also where it is known to nobody. */
function limitedFor(
  { limits }: Shop,
  what: string,
  device: string,
  who: readonly RawIdentifier[],
): number {
  const waits = who.map((one) =>
    limits.count(JSON.stringify([what, one.type, one.value]), PER_IDENTIFIER),
  );
  return Math.max(limits.count(`${what} ${device}`, PER_DEVICE), ...waits);
}

async function lookUp(
  shop: Shop,
  device: string,
  who: readonly RawIdentifier[],
): Promise<LookedUp> {
  const { customers, options } = shop;
  const wait = limitedFor(shop, 'look-up', device, normalForms(who, options.region));
  const [held, ...others] = customers.find(who);
  // one who did not allow it, several people, nobody, too often: all the same, and no work, whose time would tell them apart
  const view =
    wait === 0 && held?.mayGreet && others.length === 0 ? await customers.view(held) : undefined;
  return view ? { kind: 'view', view } : { kind: 'unproven' };
}

function begin(
  shop: Shop,
  device: string,
  kind: 'code' | 'qr',
  who: readonly RawIdentifier[],
): ProofBegun {
  const { challenges, clock, random, options } = shop;
  const known = normalForms(who, options.region);
  const wait = limitedFor(shop, kind, device, known);
  if (wait > 0) return { kind: 'limited', retryAfterMs: wait };
  prune(shop);
  const id = randomId(random);
  const untilElapsed = clock.elapsed() + LIFETIME_MS;
  const begun = { kind: 'begun', id, lifetimeMs: LIFETIME_MS } as const;
  if (kind === 'qr') {
    // not the id: whoever sees the screen could fetch the answer with that
    const ticket = randomId(random);
    challenges.set(id, { kind, untilElapsed, ticket, triesLeft: 0 });
    return { ...begun, qr: options.qrText?.(ticket) ?? ticket };
  }
  const to =
    known.find(({ type }) => type === 'phone') ?? known.find(({ type }) => type === 'email');
  const code = sixDigits(random);
  challenges.set(id, { kind, untilElapsed, code, triesLeft: TRIES, ...(to && { to }) });
  // known or not: what a stranger can see is the same, and so is the time it takes
  if (to) options.deliver?.({ to, code });
  return begun;
}

async function checkCode(shop: Shop, id: string, code: string): Promise<ProofChecked> {
  prune(shop);
  const challenge = shop.challenges.get(id);
  if (challenge?.code === undefined) return { kind: 'expired' };
  if (challenge.code !== code) {
    challenge.triesLeft--;
    if (challenge.triesLeft <= 0) shop.challenges.delete(id);
    return { kind: 'wrong', triesLeft: challenge.triesLeft };
  }
  shop.challenges.delete(id); // once
  return challenge.to ? proved(shop, [challenge.to]) : { kind: 'expired' };
}

/** Resolves when the phone has answered, or the time is over. */
async function waitForPhone(shop: Shop, id: string, signal: AbortSignal): Promise<ProofChecked> {
  const { challenges, clock } = shop;
  prune(shop);
  const challenge = challenges.get(id);
  if (challenge?.kind !== 'qr') return { kind: 'expired' };
  if (!challenge.answer)
    await new Promise<void>((resolve) => {
      const cancel = clock.after(challenge.untilElapsed - clock.elapsed(), resolve);
      const wake = (): void => {
        cancel();
        resolve();
      };
      challenge.wake = wake;
      signal.addEventListener('abort', wake);
    });
  const { answer } = challenge;
  if (!answer) {
    if (signal.aborted) throw new DOMException('Nobody waits any more.', 'AbortError');
    return { kind: 'expired' };
  }
  challenges.delete(id); // once
  return answer.kind === 'refused'
    ? { kind: 'refused' }
    : proved(shop, [{ type: 'account', value: answer.account }]);
}

/** Whose proof it is: with the account where one customer has it, else just what was proved. */
function proved(shop: Shop, what: readonly RawIdentifier[]): ProofChecked {
  const { customers, sessions, random, clock } = shop;
  const [held, other] = customers.find(what);
  const account = held?.identifiers.find(({ type }) => type === 'account');
  // one phone of a family proves none of them
  if (!held || other || !account) return { kind: 'proved', identifiers: what };
  const session = randomId(random);
  sessions.set(session, { account, untilElapsed: clock.elapsed() + SESSION_MS });
  const rest = what.filter(({ type }) => type !== 'account');
  const { name } = held.customer;
  return {
    ...{ kind: 'proved', identifiers: [account, ...rest], session },
    ...(name !== undefined && { name }),
  };
}
