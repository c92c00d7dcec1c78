import {
  isGone,
  isSelf,
  isStaff,
  readerOf,
  whenGone,
  type Asked,
  type Context,
} from './context.js';
import type { Reader } from './give-out.js';
import type { LaneNumbers } from './port.js';
import type { ShopHere } from './shop-keys.js';
import { no, type Answer } from './wire.js';

/** How often a stream shows that it lives, and looks whether a poke was lost. */
const BEAT_MS = 25_000;
/** A stream ends then: whoever reads it may not be signed in any more, and comes again. */
const STREAM_MS = 15 * 60_000;
/** Of so many entries one poke tells. */
const TOLD_MAX = 64;

/** Everybody of a shop, told to the staff. */
const ANYBODY = '*';

/** Names a subject to whoever carries pokes: they need not know whom they are about. */
const nameOf = async (shop: ShopHere, subject: string): Promise<string> =>
  (await shop.mac('!scope', subject)).slice(0, 16);

/** Tells those who listen that there is something new about these. */
export async function poke(
  { context, shop }: { readonly context: Context; readonly shop: ShopHere },
  subjects: readonly string[],
): Promise<void> {
  if (subjects.length === 0) return;
  try {
    const names = await Promise.all(subjects.slice(0, TOLD_MAX).map((one) => nameOf(shop, one)));
    await context.bus.publish(JSON.stringify([shop.id, ...names]));
  } catch (error) {
    // a hint: what is new is found without it
    context.report(error);
  }
}

/** Calls `hear` for each poke that is for this reader; gives the way to stop. */
async function listen(
  { context, shop }: Asked,
  { subjects }: Reader,
  hear: () => void,
): Promise<() => void> {
  const names = new Set(
    subjects ? await Promise.all(subjects.map((one) => nameOf(shop, one))) : [ANYBODY],
  );
  return context.bus.subscribe((topic) => {
    let told: unknown;
    try {
      told = JSON.parse(topic);
    } catch {
      return; // not ours
    }
    const [id, ...who] = Array.isArray(told) ? (told as readonly unknown[]) : [];
    if (id === shop.id && (names.has(ANYBODY) || who.some((one) => names.has(String(one))))) hear();
  });
}

/** Resolves with the next poke for this reader, when there is something new already, once the time is over, or nobody waits any more. */
export async function waitForPoke(
  asked: Asked,
  reader: Reader,
  ms: number,
  isNew: () => Promise<boolean>,
): Promise<void> {
  const { context } = asked;
  let done: () => void = () => undefined;
  const woken = new Promise<void>((resolve) => (done = resolve));
  const stop = await listen(asked, reader, done);
  const cancel = context.clock.after(ms, done);
  const here = whenGone(asked, done);
  try {
    // what came before anybody listened is told by no poke
    if (isGone(asked) || (await isNew())) return;
    await woken;
  } finally {
    cancel();
    stop();
    here();
  }
}

const isFarther = (now: LaneNumbers, before: LaneNumbers): boolean =>
  now.some((n, lane) => n > (before[lane] ?? 0));

/** Open streams, by whom they are for. */
export type Streams = Map<string, number>;

/** `GET events`: a stream of pokes (server-sent events). What is new is pulled. */
export async function events(asked: Asked, streams: Streams): Promise<Answer> {
  const { context, device, shop, who } = asked;
  if (!isSelf(who) && !isStaff(who)) return no('scope');
  const reader = await readerOf(asked);
  const name = JSON.stringify([shop.id, device]);
  // nothing is awaited between the look and the count
  const open = streams.get(name) ?? 0;
  if (open >= context.limits.streams) return no('rate', { retryAfterMs: BEAT_MS });
  streams.set(name, open + 1);
  const left = (): void => {
    const count = (streams.get(name) ?? 1) - 1;
    if (count > 0) streams.set(name, count);
    else streams.delete(name);
  };
  const headers = { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' };
  return { response: new Response(streamOf(asked, reader, left), { headers }) };
}

function streamOf(asked: Asked, reader: Reader, left: () => void): ReadableStream<Uint8Array> {
  const { context, shop } = asked;
  const { clock, database, report } = context;
  const encoder = new TextEncoder();
  let cancelBeat = (): void => undefined;
  const stops: (() => void)[] = [() => cancelBeat()];
  let open = true;
  let heads: LaneNumbers = [];
  const end = (): void => {
    if (!open) return;
    open = false;
    for (const stop of stops) stop();
    left();
  };
  return new ReadableStream<Uint8Array>({
    start: async (controller) => {
      const write = (text: string): void => {
        // a reader that does not read gets no more than the beats
        if (open && (controller.desiredSize ?? 0) > -64) controller.enqueue(encoder.encode(text));
      };
      const tell = (): void => write('event: poke\ndata:\n\n');
      const close = (): void => {
        if (!open) return;
        end();
        controller.close();
      };
      const beat = (): void => {
        write(': beat\n\n');
        database.head(shop.id).then((head) => {
          if (isFarther(head.heads, heads)) tell();
          ({ heads } = head);
        }, report);
        cancelBeat = clock.after(BEAT_MS, beat);
      };
      stops.push(whenGone(asked, close));
      if (isGone(asked)) return close();
      try {
        ({ heads } = await database.head(shop.id));
        const deafen = await listen(asked, reader, tell);
        // whoever was here may have gone meanwhile
        if (!open) return deafen();
        stops.push(deafen, clock.after(STREAM_MS, close));
        cancelBeat = clock.after(BEAT_MS, beat);
        // what came before anybody listened
        tell();
      } catch (error) {
        report(error);
        close();
      }
    },
    cancel: end,
  });
}
