import { isRegularsError } from '../kernel/errors.js';
import type { ProfileStorage } from '../profile/port.js';
import type { Core } from './core.js';
import { sealedOutbox, type WaitingBox } from './sealed-outbox.js';
import { wrote } from './sync-line.js';
import type { RecordOutcome } from './types.js';

type HeldReason = Extract<RecordOutcome, { readonly kind: 'held' }>['reason'];

/** First, and longest, pause between two attempts. */
const FIRST_MS = 5_000;
const LONGEST_MS = 60_000;

/** Why a box waits in memory. */
const REASONS: { readonly [code: string]: HeldReason } = {
  ERR_STORAGE_BLOCKED: 'blocked',
  ERR_STORAGE_CLOSED: 'lost',
  ERR_STORAGE_FAILED: 'corrupt',
  ERR_STORAGE_LOCKED: 'locked',
  ERR_STORAGE_NEWER: 'newer',
  ERR_STORAGE_QUOTA: 'quota',
  ERR_STORAGE_SUPERSEDED: 'superseded',
  ERR_STORAGE_TIMEOUT: 'timeout',
};
/** What does not pass by itself: tried again with the next purchase only. */
const LASTING: readonly (HeldReason | undefined)[] = [
  'locked',
  'newer',
  'superseded',
  'unavailable',
];

/** Something to do to the storage: boxes to write, or to take back. */
interface Task {
  readonly subject: string;
  readonly keys: readonly string[];
  /** Absent: they are to be deleted. */
  readonly boxes?: readonly WaitingBox[];
}

/** Boxes on their way to the disk; what could not be written waits here, as unreadable as it will be there. */
export interface SealedQueue {
  readonly add: (task: Task) => void;
  /** Settles when all is written, or one attempt has failed. */
  readonly flush: () => Promise<void>;
  /** Why boxes of `subject` are not on the disk; undefined when they are. */
  readonly waits: (subject: string) => HeldReason | undefined;
  /** Gives up what has not been written of `subject`. */
  readonly drop: (subject: string) => void;
  readonly stop: () => void;
}

/** Makes the queue of one client; nothing is opened before there is something to write. */
export function createSealedQueue(core: Core, storage: ProfileStorage): SealedQueue {
  const { clock, options } = core;
  const outbox = sealedOutbox({ shop: options.shop, storage });
  const tasks = new Set<Task>();
  let draining: Promise<void> | undefined;
  let failure: HeldReason | undefined;
  let pause = FIRST_MS;
  let cancel: (() => void) | undefined;

  const stop = (): void => {
    cancel?.();
    cancel = undefined;
  };
  const drain = async (): Promise<void> => {
    stop();
    let told = failure;
    failure = undefined;
    // those added meanwhile are met as well
    for (const task of tasks)
      try {
        await (task.boxes ? outbox.put(task.boxes) : outbox.settle(task.keys));
        tasks.delete(task);
        pause = FIRST_MS;
        wrote(core);
      } catch (error) {
        failure = REASONS[isRegularsError(error) ? error.code : ''] ?? 'unavailable';
        if (failure !== told) tell(core, error, (told = failure));
        // a smaller one may still have room
        if (failure !== 'quota') break;
      }
    draining = undefined;
    if (tasks.size === 0 || LASTING.includes(failure) || core.state.status === 'stopped') return;
    cancel = clock.after(pause, () => void flush());
    pause = Math.min(pause * 2, LONGEST_MS);
  };
  const flush = (): Promise<void> => (draining ??= Promise.resolve().then(drain));
  return {
    add: (task) => void tasks.add(task),
    flush,
    waits: (subject) => {
      const waiting = [...tasks].some((task) => task.boxes && task.subject === subject);
      return waiting ? (failure ?? 'opening') : undefined;
    },
    drop: (subject) => {
      for (const task of tasks) if (task.boxes && task.subject === subject) tasks.delete(task);
    },
    stop,
  };
}

/** Once for each reason, not for each attempt. */
function tell(core: Core, error: unknown, reason: HeldReason): void {
  core.report(error);
  if (reason === 'newer' || reason === 'locked') core.notice(`storage-${reason}`);
  else core.notice(reason === 'quota' ? 'storage-full' : 'storage-memory');
}
