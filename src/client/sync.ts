import { RegularsError } from '../kernel/errors.js';
import { createEngine, type Engine } from '../sync/create-engine.js';
import type { SyncTransport } from '../sync/port.js';
import type { SyncStatus } from '../sync/types.js';
import type { RawIdentifier } from '../identity/port.js';
import type { Core } from './core.js';
import type { DeviceSync } from './sync-host.js';
import { createLead, type Lead } from './sync-lead.js';
import type { SyncNowOptions, SyncPlug, SyncRunner } from './sync-types.js';

export type { SyncFace, SyncNowOptions, SyncPlug } from './sync-types.js';
export type { RefusedRecord, SyncCode, SyncStatus } from '../sync/types.js';
export type * from '../sync/port.js';
export { SyncFailure, SYNC_PROTOCOL } from '../sync/port.js';

/** How often, at the least. */
export interface SyncOptions {
  /** Longest time between two looks for news while the page is looked at, ms, a quarter more or less. @defaultValue 5 min */
  readonly pollMs?: number;
}

/** What one tab tells the others. */
type Told =
  | { readonly kind: 'status'; readonly status: SyncStatus }
  /** Asks the one that leads for a round, and that one's answer. */
  | { readonly kind: 'ask' | 'answer'; readonly round: string }
  /** Somebody leads from now on. */
  | { readonly kind: 'lead' }
  /** Who is verified, for the tab that leads: from memory to memory. */
  | { readonly kind: 'who'; readonly identifiers: readonly RawIdentifier[] };

/** How long a leader may take to answer before a tab does it itself. */
const ANSWER_MS = 10_000;

/**
 * Keeps this device and a backend the same, over a transport: `httpTransport` of `regulars/transport/http` and its like. For the option
 * `sync`. Nothing is asked before somebody is verified and has agreed to be remembered; a kiosk only sends what it sealed.
 * @example
 * const sync = syncOver(httpTransport({ url: '/regulars', token: () => getToken() }));
 * const regulars = createRegulars({ shop: 'blue-door', storage: indexedDbStorage(), sync });
 */
export function syncOver(transport: SyncTransport, options: SyncOptions = {}): SyncPlug {
  const { pollMs = 5 * 60_000 } = options;
  const isOne =
    transport?.kind === 'orders'
      ? typeof transport.list === 'function'
      : typeof transport?.pull === 'function' && transport.limits?.records > 0;
  if (!isOne || !(pollMs > 0))
    throw new RegularsError(
      'ERR_OPTIONS_INVALID',
      'syncOver: needs a transport, like httpTransport(), and pollMs above 0.',
    );
  return {
    transport,
    attach: async (inside) => {
      const core = inside as Core;
      const { createDeviceSync } = await import('./sync-host.js');
      return createRunner(core, createDeviceSync(core, transport), pollMs);
    },
  };
}

/** What the parts of a runner share. */
interface Running {
  readonly core: Core;
  readonly device: DeviceSync;
  readonly engine: Engine;
  readonly lead: Lead<Told>;
}

function createRunner(core: Core, device: DeviceSync, pollMs: number): SyncRunner {
  const { clock, random, report, state } = core;
  const page = typeof document === 'undefined' ? undefined : document;
  const show = (sync: SyncStatus): void => {
    if (state.status === 'stopped' || JSON.stringify(sync) === JSON.stringify(state.sync)) return;
    state.sync = sync;
    core.refresh();
    core.emit('sync-changed', sync);
  };
  const engine = createEngine({
    ...{ transport: device.transport, host: device.host, clock, random, pollMs, report },
    isSeen: () => page?.visibilityState !== 'hidden',
    isOnline: () => (globalThis.navigator as Partial<Navigator> | undefined)?.onLine !== false,
    changed: (status) => {
      show(status);
      lead.tell({ kind: 'status', status });
    },
  });
  const asks = new Map<string, () => void>();
  const lead = createLead<Told>({
    name: `regulars:${core.options.shop}:sync`,
    clock,
    changed: (leads) => {
      for (const end of asks.values()) end();
      if (!leads) return engine.rest();
      lead.tell({ kind: 'lead' });
      engine.wake('person');
    },
    hear: (told) => hear({ core, device, engine, lead }, told, show, asks),
  });
  const running: Running = { core, device, engine, lead };
  show({ state: 'idle', waiting: 0, refused: 0 });
  if (lead.leads()) engine.wake('person');
  const stop = device.listen(running, page);
  return {
    now: (options = {}) => nowHere(running, asks, options),
    refused: device.refused,
    retry: (id) => change(running, device.retry(id)),
    discard: (id) => change(running, device.discard(id)),
    stop: () => {
      stop();
      engine.stop();
      lead.stop();
    },
  };
}

/** A round in the tab that leads; in this one, if that is it, or becomes it meanwhile. */
async function nowHere(
  running: Running,
  asks: Map<string, () => void>,
  { signal, onProgress }: SyncNowOptions,
): Promise<SyncStatus> {
  const { core, engine, lead } = running;
  throwIfAborted(signal);
  if (!lead.leads()) await askLeader(running, asks);
  if (lead.leads() || core.state.sync.state === 'off')
    await engine.now({ ...(signal && { signal }), ...(onProgress && { onProgress }) });
  throwIfAborted(signal);
  return core.state.sync;
}

async function change({ engine, lead }: Running, changing: Promise<boolean>): Promise<boolean> {
  const done = await changing;
  if (done && lead.leads()) engine.wake('write');
  else if (done) lead.tell({ kind: 'ask', round: '' });
  return done;
}

/** Asks the tab that leads for a round. It may be frozen: then this tab takes over sooner or later. */
async function askLeader({ core, lead }: Running, asks: Map<string, () => void>): Promise<void> {
  const round = `${core.clock.now()}-${core.random(8).join('')}`;
  await new Promise<void>((resolve) => {
    const cancel = core.clock.after(ANSWER_MS, resolve);
    asks.set(round, () => {
      cancel();
      resolve();
    });
    lead.tell({ kind: 'ask', round });
  });
  asks.delete(round);
}

function hear(
  { core, device, engine, lead }: Running,
  told: Told,
  show: (status: SyncStatus) => void,
  asks: ReadonlyMap<string, () => void>,
): void {
  const { report } = core;
  switch (told.kind) {
    case 'status':
      if (!lead.leads()) show(told.status);
      break;
    case 'ask':
      if (lead.leads())
        void engine
          .now({})
          .then(() => lead.tell({ kind: 'answer', round: told.round }))
          .catch(report);
      break;
    case 'answer':
      asks.get(told.round)?.();
      break;
    case 'lead':
      tellWho({ device, lead });
      break;
    case 'who':
      void device
        .take(told.identifiers)
        .then(() => lead.leads() && engine.wake('person'))
        .catch(report);
  }
}

function tellWho({ device, lead }: Pick<Running, 'device' | 'lead'>): void {
  const identifiers = device.proved();
  if (identifiers.length > 0) lead.tell({ kind: 'who', identifiers });
}

/** Throws what the signal says, once it was given; Chrome 94 to 97 have no reason. */
function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw signal.reason ?? new DOMException('It was stopped.', 'AbortError');
}
