import type { SyncCall } from '../../sync/port.js';

/** Whoever is silent for so long is gone. */
const SILENCE_MS = 60_000;
const PAUSE_MS = 1_000;
const PAUSE_AFTER_FAILURE_MS = 30_000;

/**
 * Waits for pokes, again and again: `take` asks once and calls `tell` for what may be new. It is ended when it takes too long, by what it
 * says itself with `within`. What goes wrong is told by the next push or pull. Returns the way to stop.
 */
export function waitForPokes(
  poke: () => void,
  { signal }: SyncCall,
  take: (call: SyncCall, tell: () => void, within: (ms: number) => void) => Promise<void>,
): () => void {
  let isOver = false;
  let turn: AbortController;
  let timer: ReturnType<typeof setTimeout>;
  const after = (ms: number, act: () => void): void => {
    clearTimeout(timer);
    if (!isOver) timer = setTimeout(act, ms);
  };
  const within = (ms: number): void => after(ms, () => turn.abort());
  const tell = (): void => {
    if (!isOver) poke();
  };
  const next = async (): Promise<void> => {
    turn = new AbortController();
    within(SILENCE_MS);
    const pause = await take({ signal: turn.signal }, tell, within).then(
      () => PAUSE_MS,
      () => PAUSE_AFTER_FAILURE_MS,
    );
    after(pause * Math.random(), () => void next());
  };
  const end = (): void => {
    isOver = true;
    clearTimeout(timer);
    turn.abort();
  };
  signal.addEventListener('abort', end);
  void next();
  return end;
}
