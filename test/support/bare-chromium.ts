import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { CHROMIUM_ARGS, chromiumPath } from './browser.js';

/** A tab that nothing holds awake: Playwright keeps each of its pages in front, and such a page is never frozen. */
export interface BareTab {
  readonly send: (method: string, params?: object) => Promise<unknown>;
  /** Runs a function in the page and gives what it resolves with. */
  readonly evaluate: <T, A extends readonly unknown[]>(
    run: (...given: A) => T | Promise<T>,
    ...given: A
  ) => Promise<T>;
  /** Asks until the function gives true; throws after ten seconds or more, with what was asked. */
  readonly until: <A extends readonly unknown[]>(
    run: (...given: A) => boolean | Promise<boolean>,
    ...given: A
  ) => Promise<void>;
  readonly goto: (url: string) => Promise<void>;
}

/** A Chromium of our own, spoken to by its pipe. */
export interface BareChromium {
  readonly pid: number;
  readonly open: (url: string) => Promise<BareTab>;
  readonly send: (method: string, params?: object, sessionId?: string) => Promise<unknown>;
  /** Hears what pages tell by calling `tell(text)`, from the next page on. */
  readonly hear: (call: (text: string) => void) => void;
  /** Ends it as a power cut would. */
  readonly kill: () => Promise<void>;
  readonly close: () => Promise<void>;
}

interface Reply {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly name?: string; readonly payload?: string };
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts Chromium with everything it keeps in `folder`. */
export function startChromium(folder: string, ...pages: readonly string[]): BareChromium {
  if (chromiumPath === undefined)
    throw new Error('chromium is not installed: node scripts/browsers.mjs --install chromium');
  const flags = ['--headless=new', '--remote-debugging-pipe', `--user-data-dir=${folder}`];
  const child = spawn(chromiumPath, [...CHROMIUM_ARGS, ...flags, ...pages], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let hear: ((text: string) => void) | undefined;
  const send = speakOver(child.stdio[3] as Writable, child.stdio[4] as Readable, (text) =>
    hear?.(text),
  );
  return {
    pid: child.pid ?? 0,
    send,
    open: async (url) => {
      const made = await send('Target.createTarget', { url });
      const { targetId } = made as { readonly targetId: string };
      const attached = await send('Target.attachToTarget', { targetId, flatten: true });
      const { sessionId } = attached as { readonly sessionId: string };
      const tab = tabOf((method, params) => send(method, params, sessionId));
      if (hear) {
        await tab.send('Runtime.enable');
        await tab.send('Runtime.addBinding', { name: 'tell' });
      }
      await tab.until((at) => location.href === at && document.readyState === 'complete', url);
      return tab;
    },
    hear: (call) => {
      hear = call;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    close: async () => {
      void send('Browser.close').catch(() => undefined);
      await exited;
    },
  };
}

/** Requests and their answers; of what comes by itself only what pages tell. */
function speakOver(
  to: Writable,
  from: Readable,
  hear: (text: string) => void,
): BareChromium['send'] {
  const waiting = new Map<number, (reply: Reply) => void>();
  let rest = '';
  let last = 0;
  from.setEncoding('utf8');
  from.on('data', (text: string) => {
    const parts = (rest + text).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const reply = JSON.parse(part) as Reply;
      if (reply.method === 'Runtime.bindingCalled') hear(reply.params?.payload ?? '');
      waiting.get(reply.id ?? 0)?.(reply);
      waiting.delete(reply.id ?? 0);
    }
  });
  // the browser may be killed while somebody still asks
  for (const stream of [to, from]) stream.on('error', () => undefined);
  return (method, params = {}, sessionId) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      waiting.set(id, ({ result, error }) =>
        error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result),
      );
      to.write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`);
    });
}

function tabOf(send: BareTab['send']): BareTab {
  const evaluate: BareTab['evaluate'] = async <T, A extends readonly unknown[]>(
    run: (...given: A) => T | Promise<T>,
    ...given: A
  ) => {
    const answer = (await send('Runtime.evaluate', {
      expression: `(${String(run)})(...${JSON.stringify(given)})`,
      awaitPromise: true,
      returnByValue: true,
    })) as {
      readonly result: { readonly value?: unknown };
      readonly exceptionDetails?: { readonly exception?: { readonly description?: string } };
    };
    const { exceptionDetails } = answer;
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? 'thrown');
    return answer.result.value as T;
  };
  const until: BareTab['until'] = async (run, ...given) => {
    for (let waited = 0; waited < 10_000; waited += 20) {
      // a page that is just being left has no context to run in
      if (await evaluate(run, ...given).catch(() => false)) return;
      await pause(20);
    }
    throw new Error(`it never came to be: ${String(run)}`);
  };
  return {
    send,
    evaluate,
    until,
    goto: async (url) => {
      await send('Page.navigate', { url });
      await until((at) => location.href === at && document.readyState === 'complete', url);
    },
  };
}
