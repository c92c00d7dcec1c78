import type { SyncCall } from '../../sync/port.js';
import { waitForPokes } from './pokes.js';

/** The server shows every 25 s that it lives. */
const SILENCE_MS = 60_000;
/** A proxy that holds a stream back until it ends shows nothing of the poke that each begins with. */
const FIRST_MS = 10_000;

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
  call: SyncCall,
  { stream, poll }: Ways,
): () => void {
  let isStream = true;
  return waitForPokes(poke, call, async (turn, tell, within) => {
    if (!isStream) {
      isStream = true; // the network may be another by then
      const isNew = await poll(turn);
      isStream = false;
      if (isNew) tell();
      return;
    }
    isStream = false;
    const { ok, body } = await stream(turn);
    const reader = body?.getReader();
    if (!ok || !reader) throw new Error('This is no stream.');
    const decoder = new TextDecoder();
    within(FIRST_MS);
    for (let text = ''; ; text = text.slice(text.lastIndexOf('\n') + 1)) {
      const { done, value } = await reader.read();
      if (done) return;
      isStream = true;
      within(SILENCE_MS);
      text += decoder.decode(value, { stream: true });
      if (/^event: ?poke/m.test(text)) tell();
    }
  });
}
