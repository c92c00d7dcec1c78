import type {
  BackendCall,
  IdentityBackend,
  ProofChallenge,
  ProofChecked,
  RawIdentifier,
  TokenChecked,
} from '../identity/port.js';
import { RegularsError } from '../kernel/errors.js';
import { throwIfAborted } from '../profile/in-chunks.js';
import type { Acts, Core, Proved } from './core.js';
import { createPulled, type Pulled } from './pulled.js';
import { readProved } from './read-identifiers.js';
import { vouch } from './vouch.js';
import { backendOf } from './sync-line.js';
import { createTakenTokens } from './taken-tokens.js';
import type { ProofGiven, ProofRequest, Verification } from './types.js';

// Named here for the reason given in acts.ts.
/** @public */
export { createClient } from './create-client.js';
/** @public */
export { money } from '../kernel/money.js';

const MINUTE_MS = 60_000;
/** How long a proof holds: where anybody may step up, and where not. */
const HOLDS_MS = { kiosk: 30 * MINUTE_MS, elsewhere: 24 * 60 * MINUTE_MS };
/** A backend that answers no sooner cannot be reached. Waiting for a person is not counted. */
const ANSWER_MS = 15_000;

type Refused = Extract<Verification, { readonly kind: 'refused' }>;
const refuse = (reason: Refused['reason'], more: Partial<Refused> = {}): Refused => ({
  kind: 'refused',
  reason,
  ...more,
});

interface Pending extends ProofChallenge {
  readonly visit: string | undefined;
  readonly untilElapsed: number;
}

/** What several functions here share. */
interface Proving {
  readonly core: Core;
  readonly pulled: Pulled;
  /** Proofs that were begun in this visit. */
  readonly pending: Map<'code' | 'qr', Pending>;
  readonly take: ReturnType<typeof createTakenTokens>;
}

/** Makes what asks for proofs and takes them. */
export function createProving(core: Core): Pick<Acts, 'admit' | 'requestProof'> & {
  /** Takes a proof for the visit in which it was given. */
  readonly verify: (
    given: Parameters<Acts['verify']>[0],
    options: Parameters<Acts['verify']>[1],
    visit: string | undefined,
  ) => ReturnType<Acts['verify']>;
} {
  const proving: Proving = {
    core,
    pulled: createPulled(core),
    pending: new Map(),
    take: createTakenTokens(core),
  };
  core.on('visit-ended', () => {
    proving.pending.clear();
    proving.pulled.clear();
  });
  return {
    requestProof: (kind, { signal } = {}) => request(proving, kind, signal),
    admit: (proved, visit) => admit(proving, proved, visit),
    verify: async (given, { signal } = {}, visit) => {
      throwIfAborted(signal);
      // whose device this is, and what it has taken, is known once the storage is open
      await core.inTurn(() => Promise.resolve());
      const proved = await inVisit(core, visit, signal, (call) => check(proving, given, call));
      if (proved === undefined) return refuse('visit-over');
      return 'kind' in proved ? proved : admit(proving, proved, visit, signal);
    },
  };
}

/** True while the visit goes on that something was begun in. */
function isHere({ state }: Core, visit: string | undefined): boolean {
  return visit !== undefined && state.status !== 'stopped' && state.visit?.token === visit;
}

/** Runs `act`, and gives it up with the visit (undefined) or with the signal (its reason). */
async function inVisit<T>(
  core: Core,
  visit: string | undefined,
  signal: AbortSignal | undefined,
  act: (call: BackendCall) => Promise<T>,
): Promise<T | undefined> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const over = new Promise<undefined>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve(undefined));
  });
  const off = core.on('visit-ended', stop);
  signal?.addEventListener('abort', stop);
  try {
    const done = act({ signal: controller.signal });
    done.catch(() => undefined); // it may come after it was given up
    const result = await Promise.race([done, over]);
    throwIfAborted(signal);
    return isHere(core, visit) ? result : undefined;
  } finally {
    off();
    signal?.removeEventListener('abort', stop);
    controller.abort(); // whatever still waits
  }
}

/** Asks the backend, for `ms` at most; undefined where it cannot be reached. */
async function ask<T>(
  core: Core,
  call: BackendCall,
  ms: number,
  act: () => Promise<T>,
): Promise<T | undefined> {
  let cancel = (): void => undefined;
  const late = new Promise<undefined>((resolve) => {
    cancel = core.clock.after(ms, () => resolve(undefined));
  });
  try {
    return await Promise.race([act(), late]);
  } catch {
    // what the backend threw may name a number: it goes no further
    if (!call.signal.aborted)
      core.report(
        new RegularsError('ERR_BACKEND_FAILED', 'The backend did not answer about a proof.', {
          retryable: true,
        }),
      );
    return undefined;
  } finally {
    cancel();
  }
}

// ------------------------------------------------------------------ asking

async function request(
  { core, pending }: Proving,
  kind: 'code' | 'qr',
  signal: AbortSignal | undefined,
): Promise<ProofRequest> {
  throwIfAborted(signal);
  const { clock, state } = core;
  const visit = state.visit?.token;
  const backend = backendFor(core, kind);
  if (!backend) return { kind: 'refused', reason: 'not-configured' };
  const who = claimed(core);
  // a code has to be sent somewhere; a QR is answered by whoever holds the phone
  if (kind === 'code' && who.length === 0) return { kind: 'refused', reason: 'no-claim' };
  const begun = await inVisit(core, visit, signal, async (call) => ({
    value: await ask(core, call, ANSWER_MS, () => backend.requestProof(kind, who, call)),
  }));
  if (!begun) return { kind: 'refused', reason: 'visit-over' };
  const { value } = begun;
  if (!value) return { kind: 'refused', reason: 'offline' };
  if (value.kind === 'limited')
    return { kind: 'refused', reason: 'limited', retryAfterMs: value.retryAfterMs };
  const { id, lifetimeMs, qr } = value;
  pending.set(kind, { id, lifetimeMs, visit, untilElapsed: clock.elapsed() + lifetimeMs });
  const expiresAt = clock.now() + lifetimeMs;
  return { kind: 'requested', proof: kind, expiresAt, ...(qr !== undefined && { qr }) };
}

function backendFor(core: Core, kind: 'code' | 'qr'): IdentityBackend | undefined {
  const backend = backendOf(core);
  return backend?.proofs.includes(kind) ? backend : undefined;
}

/** What was typed last: a claim that waits for its proof, one that fits several people, or one this page has linked. */
function claimed({ state, vault }: Core): readonly RawIdentifier[] {
  const [choice] = state.choices.values();
  const linked = (state.card?.links ?? []).flatMap(({ token }) => {
    const identifier = vault.identifiers.get(token);
    return identifier ? [identifier] : [];
  });
  const typed = [choice?.claims ?? [], state.person.claims, linked].find(
    ({ length }) => length > 0,
  );
  return (typed ?? []).map(({ type, value }) => ({ type, value }));
}

// ---------------------------------------------------------------- checking

async function check(
  proving: Proving,
  given: ProofGiven,
  call: BackendCall,
): Promise<Proved | Refused> {
  if (Object(given) !== given) return refuse('malformed');
  if ('token' in given) return checkToken(proving, given.token);
  return 'code' in given
    ? checkAnswer(proving, 'code', plainCode(given.code), call)
    : checkAnswer(proving, 'qr', undefined, call);
}

async function checkToken({ core, take }: Proving, token: string): Promise<Proved | Refused> {
  const { proofs = [] } = core.options;
  let why: Refused['reason'] = proofs.length > 0 ? 'signature' : 'not-configured';
  for (const verifier of proofs) {
    let checked: TokenChecked;
    try {
      checked = await verifier.verify(token, core.clock.now());
    } catch (error) {
      // its library is not installed, or there is no WebCrypto
      core.report(error);
      why = 'not-configured';
      continue;
    }
    if (checked.ok) {
      const isFirst = await take(checked.id, checked.expiresAt);
      return isFirst ? { ...checked, method: 'token' } : refuse('used');
    }
    // of several, the one whose signature holds knows best
    if (checked.reason !== 'signature') why = checked.reason;
  }
  return refuse(why);
}

/** As the message had it: copied with spaces, or typed on a keyboard of other digits. */
function plainCode(code: unknown): string {
  return String(code)
    .slice(0, 64)
    .normalize('NFKC')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(/[\s\p{Pd}\p{Cf}\p{Cs}]/gu, '');
}

async function checkAnswer(
  { core, pending }: Proving,
  kind: 'code' | 'qr',
  code: string | undefined,
  call: BackendCall,
): Promise<Proved | Refused> {
  const { clock } = core;
  const backend = backendFor(core, kind);
  if (!backend) return refuse('not-configured');
  const begun = pending.get(kind);
  if (!begun || !isHere(core, begun.visit)) return refuse('no-request');
  const end = (): void => void (pending.get(kind) === begun && pending.delete(kind));
  const left = begun.untilElapsed - clock.elapsed();
  if (code === '' && left > 0) return refuse('wrong-code');
  const checked: ProofChecked | undefined =
    left > 0
      ? await ask(core, call, code === undefined ? left : ANSWER_MS, () =>
          backend.checkProof(begun.id, code, call),
        )
      : { kind: 'expired' };
  // a code may be tried again; a QR that nobody answered in its time is over
  if (!checked) return refuse(clock.elapsed() < begun.untilElapsed ? 'offline' : 'expired');
  switch (checked.kind) {
    case 'limited':
      return refuse('limited');
    case 'wrong':
      if (checked.triesLeft <= 0) end();
      return refuse('wrong-code', { triesLeft: checked.triesLeft });
    case 'proved':
      end();
      return { ...proofOf(checked), method: kind };
    default:
      end();
      return refuse(checked.kind === 'refused' ? 'cancelled' : 'expired');
  }
}

const proofOf = ({
  kind: _,
  ...proof
}: Extract<ProofChecked, { readonly kind: 'proved' }>): Omit<Proved, 'method'> => proof;

// ------------------------------------------------------------------ taking

/** Takes up whom a proof is for, unless their visit is over. Not within a turn: it takes one itself. */
async function admit(
  { core, pulled }: Proving,
  proved: Proved,
  visit: string | undefined,
  signal?: AbortSignal,
): Promise<Verification> {
  const { state, clock } = core;
  const records = await pull(core, proved.session, visit, signal);
  return core.inTurn(async () => {
    throwIfAborted(signal);
    if (!isHere(core, visit)) return refuse('visit-over');
    const { identifiers, method, name, lifetimeMs = holdsMs(core) } = proved;
    let read = await readProved(core, identifiers);
    if (read.proved.length === 0) return refuse('blocked');
    if (records) {
      await pulled.bring(records, read.proved, method);
      read = await readProved(core, identifiers);
    }
    const before = state.person.subject;
    const until = clock.now() + lifetimeMs;
    const taken = await vouch(core, read, { method, until, ...(name !== undefined && { name }) });
    await pulled.sweep();
    // a number of several people proves none of them: they may choose
    if (taken.kind === 'ambiguous') return taken;
    if (!('level' in taken)) return refuse('blocked');
    // whoever was claimed before: what was typed was not theirs, or is proved now
    state.sealing?.unclaim(before);
    if (!records) state.sealing?.claimed(state.person.subject, read.good);
    // nothing above the level stays in the memory of a kiosk
    clock.after(lifetimeMs, () => void core.inTurn(pulled.sweep).catch(core.report));
    // what would have joined two known people was held; the proof itself stands
    const person = taken.kind === 'new' ? 'new' : 'found';
    return { kind: 'verified', person, method, until };
  });
}

const holdsMs = ({ mode }: Core): number =>
  mode === 'kiosk' ? HOLDS_MS.kiosk : HOLDS_MS.elsewhere;

/** The records of whom a proof is for, where none are kept: a kiosk. Without them the visit goes on as a newcomer's. */
async function pull(
  core: Core,
  session: string | undefined,
  visit: string | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly unknown[] | undefined> {
  const backend = backendOf(core);
  if (core.mode !== 'kiosk' || session === undefined || !backend?.pull) return undefined;
  const records: unknown = await inVisit(core, visit, signal, (call) =>
    ask(core, call, ANSWER_MS, () => (backend.pull as Pull)(session, call)),
  );
  return Array.isArray(records) ? records : undefined;
}

type Pull = NonNullable<IdentityBackend['pull']>;
