import type { Clock, Random } from '../kernel/clock.js';
import { backOff, fraction } from './back-off.js';
import type { Outgoing, SyncHost, Task } from './host.js';
import { limited } from './limit.js';
import { SyncFailure, type Transport } from './port.js';
import { pullNew } from './pull-new.js';
import { askTime, packParcel, pushBatch, pushWaiting, type Round } from './push-waiting.js';
import type { SyncStatus } from './types.js';

/** Writes that come together are sent together. */
const DEBOUNCE_MS = 200;
/** A timer that is set for more than 24 days ends at once. */
const LONGEST_TIMER_MS = 1e9;
/** What a browser lets outlive a page: 64 kB in all, headers included. */
const KEEPALIVE_BYTES = 60_000;
/** So long a request may take, and as long again for each failure before it, up to ten times: a slow line is no dead one. */
const REQUEST_MS = 60_000;

/** What happened. */
export type Wake =
  /** Something was written here, or in another tab. */
  | 'write'
  /** There may be something new at the backend. */
  | 'poke'
  /** The network is back. */
  | 'online'
  /** The page is looked at again. */
  | 'visible'
  /** Somebody else is here, or was verified. */
  | 'person';

/** What an engine is made of. */
export interface EngineOptions {
  readonly transport: Transport;
  readonly host: SyncHost;
  readonly clock: Clock;
  readonly random: Random;
  /** How long nothing may be asked when nothing happens. */
  readonly pollMs: number;
  /** True while somebody looks at the page: only then it asks by itself. */
  readonly isSeen: () => boolean;
  /** False where the browser knows that there is no network. */
  readonly isOnline: () => boolean;
  readonly changed: (status: SyncStatus) => void;
  /** What nobody expects; failures of the network are a state. */
  readonly report: (error: unknown) => void;
}

/** How a round is watched and stopped. */
export interface RoundOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Brings what waits to the backend, and what is new from there. One round at a time. */
export interface Engine {
  readonly wake: (why: Wake) => void;
  /** Runs a round now, whatever was failing; what it was told to wait for stays. */
  readonly now: (options: RoundOptions) => Promise<void>;
  /** The page may be going: what waits leaves in requests that outlive it. */
  readonly flush: () => void;
  /** Another tab asks from now on: stops what runs. */
  readonly rest: () => void;
  readonly stop: () => void;
}

interface Inside {
  readonly options: EngineOptions;
  readonly limits: { records: number; bytes: number };
  /** Of what got no answer: how often, and until when, elapsed ms, it is left out. */
  readonly unanswered: Map<string, number>;
  quietUntil: number;
  status: SyncStatus;
  running: Promise<void> | undefined;
  stopped: boolean;
  /** Stops the round that runs. */
  controller: AbortController;
  /** Something happened since the round began. */
  again: boolean;
  failures: number;
  /** Elapsed ms before which nothing is asked; `told` by the backend, or our own caution. */
  notBefore: number;
  told: boolean;
  cancel: () => void;
  /** The page is going. */
  leaving: boolean;
  /** What goes at once when it does: nothing can be read any more then. */
  parcel: readonly Outgoing[];
  whose: string | undefined;
  unsubscribe: (() => void) | undefined;
}

/** Makes the engine of one tab. Nothing is asked before something happens. */
export function createEngine(options: EngineOptions): Engine {
  const { limits } = options.transport;
  const inside: Inside = {
    options,
    limits: { records: limits.records, bytes: limits.bytes },
    unanswered: new Map(),
    quietUntil: 0,
    status: { state: 'idle', waiting: 0, refused: 0 },
    running: undefined,
    stopped: false,
    controller: new AbortController(),
    again: false,
    failures: 0,
    notBefore: 0,
    told: false,
    cancel: () => undefined,
    leaving: false,
    parcel: [],
    whose: undefined,
    unsubscribe: undefined,
  };
  return {
    wake: (why) => wake(inside, why),
    now: (round) => now(inside, round),
    flush: () => flush(inside),
    rest: () => {
      inside.cancel();
      inside.controller.abort();
      inside.unsubscribe?.();
      inside.unsubscribe = undefined;
      inside.whose = undefined;
    },
    stop: () => {
      inside.stopped = true;
      inside.cancel();
      inside.controller.abort();
      inside.unsubscribe?.();
    },
  };
}

function set(inside: Inside, part: Partial<SyncStatus>): void {
  const { until: _, ...before } = inside.status;
  inside.status = { ...before, ...part };
  if (!inside.stopped) inside.options.changed(inside.status);
}

/** Counts anew what waits, and has some of it at hand. */
async function recount(inside: Inside): Promise<void> {
  const { host } = inside.options;
  const counts = await host.count();
  const { until } = inside.status;
  set(inside, { ...counts, ...(until !== undefined && { until }) });
  if (!inside.running) await pack(inside);
}

async function pack(inside: Inside): Promise<void> {
  const { host } = inside.options;
  const task = await host.prepare();
  inside.parcel = await packParcel(host, task?.keys ?? [], KEEPALIVE_BYTES);
}

/** The page may be going: one more try, whatever failed before; what the backend told stays. */
function flush(inside: Inside): void {
  inside.leaving = true;
  if (!inside.told) inside.notBefore = 0;
  if (inside.running || !mayAsk(inside)) return;
  const { parcel } = inside;
  if (parcel.length > 0) void run(inside, {}, parcel);
  else void run(inside, {});
}

/** How long nothing may be asked, ms; below 0 when it may. */
const leftOf = ({ options, notBefore }: Inside): number => notBefore - options.clock.elapsed();

function mayAsk(inside: Inside): boolean {
  const { state } = inside.status;
  return (
    leftOf(inside) <= 0 &&
    inside.options.isOnline() &&
    state !== 'needs-auth' &&
    state !== 'upgrade-required'
  );
}

function wake(inside: Inside, why: Wake): void {
  if (inside.stopped) return;
  if (why === 'write')
    recount(inside).catch((error: unknown) => inside.stopped || inside.options.report(error));
  else inside.leaving = false;
  const isNews = why === 'online' || why === 'visible' || why === 'person';
  // a person who comes back is reason to try again; what the backend told stays
  if (isNews && inside.status.state === 'needs-auth') set(inside, { state: 'idle' });
  if (isNews && !inside.told) inside.notBefore = 0;
  if (isNews) inside.quietUntil = 0;
  if (inside.running) {
    inside.again = true;
    return;
  }
  // what waits for its time is not put off by what is written meanwhile
  if (leftOf(inside) > 0) return;
  plan(inside, why === 'write' ? DEBOUNCE_MS : 0);
}

/** Runs a round after `ms`; the timer before is given up. */
function plan(inside: Inside, ms: number): void {
  inside.cancel();
  inside.cancel = inside.options.clock.after(Math.min(ms, LONGEST_TIMER_MS), () => {
    // a timer drops parts of a millisecond, and may end before its time by the clock
    if (leftOf(inside) > 0) plan(inside, leftOf(inside));
    else if (mayAsk(inside)) void run(inside, {});
    else if (!inside.options.isOnline()) set(inside, { state: 'offline' });
  });
}

async function now(inside: Inside, round: RoundOptions): Promise<void> {
  await inside.running;
  if (inside.told && leftOf(inside) > 0) return;
  inside.notBefore = 0;
  inside.quietUntil = 0;
  inside.leaving = false;
  // a browser that says it is offline is right; one that says it is online may be wrong
  if (!inside.options.isOnline()) return set(inside, { state: 'offline' });
  if (!inside.stopped) await run(inside, round);
}

function run(inside: Inside, round: RoundOptions, parcel: readonly Outgoing[] = []): Promise<void> {
  inside.cancel();
  inside.again = false;
  if (!inside.running) inside.controller = new AbortController();
  const { signal } = inside.controller;
  const stop = (): void => inside.controller.abort();
  round.signal?.addEventListener('abort', stop);
  return (inside.running ??= attempt(inside, round, signal, parcel)
    .catch((error: unknown) => failed(inside, error))
    .then(() => {
      round.signal?.removeEventListener('abort', stop);
      inside.running = undefined;
      if (inside.stopped) return;
      if (inside.again && mayAsk(inside)) plan(inside, DEBOUNCE_MS);
    }));
}

/** One round: push, then pull. */
async function attempt(
  inside: Inside,
  { onProgress }: RoundOptions,
  signal: AbortSignal,
  parcel: readonly Outgoing[],
): Promise<void> {
  const { options, unanswered } = inside;
  const { host, clock } = options;
  const ms = REQUEST_MS * Math.min(1 + inside.failures, 10);
  const transport = limited(options.transport, clock, ms);
  // before anything is awaited: the page may have no later
  if (parcel.length > 0) {
    const call = { signal, keepalive: true };
    const limits = { ...inside.limits };
    await pushBatch({ host, transport, call, limits, unanswered }, parcel, false);
  }
  const task = await host.prepare();
  if (!task) return set(inside, { state: 'blocked' });
  if (task.keys.length === 0 && task.whose === undefined) {
    follow(inside, task);
    return set(inside, { state: 'idle', ...(await host.count()) });
  }
  set(inside, { state: 'syncing' });
  const isLeaving = inside.leaving;
  const isQuiet = inside.quietUntil > clock.elapsed();
  const keys = task.keys.filter((key) => !isQuiet || !unanswered.has(key));
  let sent = 0;
  const total = keys.length;
  onProgress?.({ done: sent, total });
  const round: Round = {
    ...{ host, transport, unanswered },
    call: { signal, ...(isLeaving && { keepalive: true }) },
    limits: isLeaving
      ? { ...inside.limits, bytes: Math.min(inside.limits.bytes, KEEPALIVE_BYTES) }
      : inside.limits,
    onSent: (count) => onProgress?.({ done: (sent += count), total }),
  };
  if (total > 0 && !task.knowsTime && !isLeaving) await askTime(round);
  await pushWaiting(round, keys);
  if (task.whose !== undefined && !isLeaving) await pullNew(round);
  await done(inside, task, isQuiet);
}

/** A round came to its end. */
async function done(inside: Inside, task: Task, isQuiet: boolean): Promise<void> {
  const { options, unanswered } = inside;
  const { host, clock } = options;
  const { signal } = inside.controller;
  inside.parcel = [];
  inside.failures = 0;
  inside.notBefore = 0;
  inside.told = false;
  const counts = await host.count();
  if (inside.stopped) return;
  if (signal.aborted) return set(inside, { state: 'idle', ...counts });
  follow(inside, task);
  const [left] = task.keys.filter((key) => unanswered.has(key));
  if (left === undefined) {
    set(inside, { state: 'idle', ...counts, lastAt: clock.now() });
    return poll(inside);
  }
  // it is tried again after a while; what is written meanwhile does not wait for it
  if (!isQuiet)
    inside.quietUntil = clock.elapsed() + backOff(unanswered.get(left) ?? 0, options.random);
  waitFor(inside, inside.quietUntil - clock.elapsed(), { state: 'waiting', ...counts });
}

/** Says until when, and goes on then. */
function waitFor(inside: Inside, ms: number, status: Partial<SyncStatus>): void {
  set(inside, { ...status, until: inside.options.clock.now() + ms });
  plan(inside, ms);
}

/** Asks again after a while when nothing happens: what tells of news may have been missed. */
function poll(inside: Inside): void {
  const { pollMs, random, isSeen } = inside.options;
  inside.cancel();
  inside.cancel = inside.options.clock.after(pollMs * (0.75 + fraction(random) / 2), () => {
    if (isSeen() && mayAsk(inside)) void run(inside, {});
    else poll(inside);
  });
}

/** Listens for news of whoever is here, and of nobody else. */
function follow(inside: Inside, { whose }: Task): void {
  if (inside.whose === whose) return;
  inside.unsubscribe?.();
  inside.unsubscribe = undefined;
  inside.whose = whose;
  const { transport } = inside.options;
  if (whose === undefined || !transport.subscribe) return;
  const controller = new AbortController();
  const end = transport.subscribe(() => wake(inside, 'poke'), { signal: controller.signal });
  inside.unsubscribe = () => {
    controller.abort();
    end();
  };
}

async function failed(inside: Inside, error: unknown): Promise<void> {
  const { clock, random, report, host } = inside.options;
  if (inside.stopped) return;
  if (inside.controller.signal.aborted) return set(inside, { state: 'idle' });
  const failure = error instanceof SyncFailure ? error : undefined;
  if (!failure) report(error);
  inside.parcel = [];
  const counts = await host.count().catch(() => undefined);
  const kind = failure?.kind ?? 'offline';
  if (kind === 'auth') return set(inside, { state: 'needs-auth', ...counts });
  if (kind === 'upgrade-required') return set(inside, { state: kind, ...counts });
  // "at once" would be for ever
  const told = failure?.retryAfterMs ?? 0;
  inside.told = told > 0;
  const waitMs = inside.told ? told : backOff(inside.failures, random);
  // a time that was told is no failure of ours
  if (!inside.told) inside.failures++;
  inside.notBefore = clock.elapsed() + waitMs;
  waitFor(inside, waitMs, { state: kind === 'offline' ? 'offline' : 'waiting', ...counts });
  if (!inside.leaving) await pack(inside).catch(report);
}
