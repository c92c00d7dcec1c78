import type { Clock } from '../kernel/clock.js';

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

/** Of the tabs of a device one leads: it holds a Web Lock. Where there are none every tab does, which costs requests and nothing else. */
export function createLead<T extends object>(options: LeadOptions<T>): Lead<T> {
  const { name, clock, changed, hear } = options;
  const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
  let leads = false;
  let stopped = false;
  let release = (): void => undefined;
  let waiting: AbortController | undefined;
  let cancel = (): void => undefined;
  let heardAt = clock.elapsed();
  let lookedAt = heardAt;

  const channel = openChannel(name, (message: T | 'beat') => {
    if (stopped) return;
    if (message === 'beat') heardAt = clock.elapsed();
    else hear(message);
  });
  const set = (next: boolean): void => {
    if (leads === next) return;
    leads = next;
    if (leads) channel?.postMessage('beat');
    changed(leads);
  };
  const ask = (steal: boolean): void => {
    if (!locks) return;
    waiting?.abort();
    const controller = new AbortController();
    waiting = controller;
    const hold = (): Promise<void> =>
      new Promise((resolve) => {
        release = resolve;
        if (stopped) return resolve();
        set(true);
      });
    const end = (): void => {
      // given up for a request that steals
      if (waiting !== controller) return;
      heardAt = clock.elapsed();
      set(false);
      if (!stopped) ask(false);
    };
    locks.request(name, steal ? { steal } : { signal: controller.signal }, hold).then(end, end);
  };
  const look = (): void => {
    cancel = clock.after(BEAT_MS, look);
    const now = clock.elapsed();
    // this tab slept itself: what was told meanwhile is on its way
    if (now - lookedAt > 2 * BEAT_MS) heardAt = now;
    lookedAt = now;
    if (leads) channel?.postMessage('beat');
    else if (channel && now - heardAt > SILENT_MS) {
      heardAt = now;
      ask(true);
    }
  };
  if (locks) {
    ask(false);
    look();
  } else leads = true;
  return {
    leads: () => leads,
    tell: (message) => channel?.postMessage(message),
    pass: () => {
      if (!locks || !leads) return;
      const letGo = ({ pending = [] }: LockManagerSnapshot): void => {
        if (pending.some((lock) => lock.name === name)) release();
      };
      locks.query().then(letGo, () => undefined);
    },
    stop: () => {
      stopped = true;
      cancel();
      release();
      waiting?.abort();
      channel?.close();
    },
  };
}

function openChannel<T>(
  name: string,
  hear: (message: T) => void,
): Pick<BroadcastChannel, 'close' | 'postMessage'> | undefined {
  try {
    const channel = new BroadcastChannel(name);
    // in Node an open channel would keep the process alive
    (channel as { readonly unref?: () => void }).unref?.();
    channel.onmessage = ({ data }: MessageEvent<T>) => hear(data);
    return channel;
  } catch {
    return undefined;
  }
}
