import { systemClock } from '../../kernel/clock.js';
import type { SyncCall } from '../../sync/port.js';

/** Whoever is silent for so long is gone: the server shows every 25 s that it lives. */
const SILENCE_MS = 60_000;
/** A proxy that holds a stream back until it ends shows nothing of the poke that each begins with. */
const FIRST_MS = 10_000;
const PAUSE_MS = 1_000;
const PAUSE_MAX_MS = 60_000;

/** The two ways to be poked. */
export interface Ways {
  /** A stream of server-sent events. */
  readonly stream: (call: SyncCall) => Promise<Response>;
  /** A request that waits. True when there may be something new. */
  readonly poll: (call: SyncCall) => Promise<boolean>;
}

/**
 * Calls `poke` for each event of a stream; where streams are cut, and wherever one fails, after a request that waits. What is read
 * is looked through and not parsed: a poke is a hint, and has no data.
 */
export function listenForPokes(
  poke: () => void,
  { signal }: SyncCall,
  { stream, poll }: Ways,
): () => void {
  let isOver = false;
  let isStream = true;
  let failures = 0;
  let turn: AbortController;
  let cancel = (): void => undefined;
  const after = (ms: number, act: () => void): void => {
    cancel();
    cancel = systemClock.after(ms, act);
  };
  const within = (ms: number): void => after(ms, () => turn.abort());
  const tell = (): void => {
    if (!isOver) poke();
  };
  const take = async (): Promise<void> => {
    turn = new AbortController();
    within(SILENCE_MS);
    try {
      if (isStream) {
        isStream = false;
        const response = await stream(turn);
        within(FIRST_MS);
        await read(response, (isPoke) => {
          isStream = true;
          within(SILENCE_MS);
          if (isPoke) tell();
        });
      } else if (await poll(turn)) tell();
      failures = 0;
    } catch {
      // what is wrong is told by the next push or pull
      isStream ||= failures++ % 2 > 0;
    }
    const pause = Math.min(PAUSE_MAX_MS, PAUSE_MS * 2 ** failures);
    if (!isOver) after(pause * Math.random(), () => void take());
  };
  const end = (): void => {
    isOver = true;
    cancel();
    turn.abort();
  };
  signal.addEventListener('abort', end);
  void take();
  return end;
}

/** Reads a stream to its end; tells of each part, and whether there is a poke in it. */
async function read({ ok, body }: Response, hear: (isPoke: boolean) => void): Promise<void> {
  const reader = body?.getReader();
  if (!ok || !reader) throw new Error('This is no stream.');
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += decoder.decode(value, { stream: true });
    hear(/^event: ?poke/m.test(text));
    text = text.slice(text.lastIndexOf('\n') + 1);
  }
}
