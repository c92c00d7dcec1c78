import type { Clock } from '../kernel/clock.js';

const BEAT = 'beat';
const BEAT_MS = 3_000;
/** A leader that was not heard of for so long is frozen: its lead is taken. */
const SILENT_MS = 10_000;

/** What tabs of one shop tell each other of syncing: `T`, and that the leader lives. */
export interface Lead<T> {
  readonly leads: () => boolean;
  readonly tell: (message: T) => void;
  /** Lets another tab lead, if one waits: this one is not looked at. */
  readonly pass: () => void;
  readonly stop: () => void;
}

/** How a tab leads. */
export interface LeadOptions<T> {
  readonly name: string;
  readonly clock: Clock;
  /** It leads from now on, or no more. */
  readonly changed: (leads: boolean) => void;
  readonly hear: (message: T) => void;
}

interface Inside {
  readonly options: Pick<LeadOptions<never>, 'changed' | 'clock' | 'name'>;
  readonly locks: LockManager;
  readonly channel: Channel | undefined;
  leads: boolean;
  stopped: boolean;
  /** Lets go of the lock. */
  release: () => void;
  /** The request that waits, or holds. */
  asking: AbortController | undefined;
  cancel: () => void;
  heardAt: number;
  lookedAt: number;
}

type Channel = Pick<BroadcastChannel, 'close' | 'postMessage'>;

/** Of the tabs of a device one leads: it holds a Web Lock. Where there are none every tab does, which costs requests and nothing else. */
export function createLead<T extends object>(options: LeadOptions<T>): Lead<T> {
  const { name, clock, hear } = options;
  const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
  let inside: Inside | undefined;
  const channel = openChannel(name, (message) => {
    if (inside?.stopped) return;
    if (message !== BEAT) hear(message as T);
    else if (inside) inside.heardAt = clock.elapsed();
  });
  if (locks) {
    const now = clock.elapsed();
    inside = {
      ...{ options, locks, channel, leads: false, stopped: false, asking: undefined },
      ...{ release: () => undefined, cancel: () => undefined, heardAt: now, lookedAt: now },
    };
    ask(inside, false);
    look(inside);
  }
  return {
    leads: () => inside?.leads ?? true,
    tell: (message) => channel?.postMessage(message),
    pass: () => {
      if (inside?.leads) pass(inside);
    },
    stop: () => {
      if (inside) stop(inside);
      channel?.close();
    },
  };
}

function set(inside: Inside, leads: boolean): void {
  if (inside.leads === leads) return;
  inside.leads = leads;
  if (leads) inside.channel?.postMessage(BEAT);
  inside.options.changed(leads);
}

/** Waits for the lock; or takes it from whoever has it. */
function ask(inside: Inside, steal: boolean): void {
  const { locks, options } = inside;
  inside.asking?.abort();
  const asking = new AbortController();
  inside.asking = asking;
  const hold = (): Promise<void> =>
    new Promise((resolve) => {
      inside.release = resolve;
      if (inside.stopped) resolve();
      else set(inside, true);
    });
  const end = (): void => {
    // given up for a request that steals
    if (inside.asking !== asking) return;
    inside.heardAt = options.clock.elapsed();
    set(inside, false);
    if (!inside.stopped) ask(inside, false);
  };
  locks.request(options.name, steal ? { steal } : { signal: asking.signal }, hold).then(end, end);
}

/** Shows that the leader lives; or looks whether it does. */
function look(inside: Inside): void {
  const { clock } = inside.options;
  inside.cancel = clock.after(BEAT_MS, () => look(inside));
  const now = clock.elapsed();
  // this tab slept itself: what was told meanwhile is on its way
  if (now - inside.lookedAt > 2 * BEAT_MS) inside.heardAt = now;
  inside.lookedAt = now;
  if (inside.leads) inside.channel?.postMessage(BEAT);
  else if (inside.channel && now - inside.heardAt > SILENT_MS) {
    inside.heardAt = now;
    ask(inside, true);
  }
}

function pass(inside: Inside): void {
  const { locks, options } = inside;
  const letGo = ({ pending = [] }: LockManagerSnapshot): void => {
    if (pending.some((lock) => lock.name === options.name)) inside.release();
  };
  locks.query().then(letGo, () => undefined);
}

function stop(inside: Inside): void {
  inside.stopped = true;
  inside.cancel();
  inside.release();
  inside.asking?.abort();
}

function openChannel(name: string, hear: (message: unknown) => void): Channel | undefined {
  try {
    const channel = new BroadcastChannel(name);
    // in Node an open channel would keep the process alive
    (channel as { readonly unref?: () => void }).unref?.();
    channel.onmessage = ({ data }: MessageEvent<unknown>) => hear(data);
    return channel;
  } catch {
    return undefined;
  }
}
