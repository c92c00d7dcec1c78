import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { browserToTest } from '../../scripts/browsers.mjs';

/** The path of WebKitGTK's MiniBrowser, or `undefined` where it is missing, cannot be driven or is not asked for. */
export const webkitPath: string | undefined = await browserToTest('webkit');

const CALL_MS = 30_000;
const START_MS = 20_000;
const STARTS = 3;

/** Gives pages `navigator.storage`, which Safari has and MiniBrowser leaves off. */
const STORAGE_API = '--features=+StorageAPI,+StorageAPIEstimate';

/**
 * Runs a program, and ends it with all that it started as soon as our end of its pipe closes, also when this process was killed.
 * A program that ends by itself ends the rest.
 */
const TIED = `
trap : TERM INT HUP
{ "$@"; kill -TERM 0; } </dev/null &
read -r _
kill -TERM 0
sleep 0.3
kill -KILL 0
`;

/** A program that does not outlive this process. */
interface Tied {
  /** What it writes to its file descriptor 3. */
  readonly told: Readable;
  readonly hasEnded: () => boolean;
  readonly end: () => Promise<void>;
}

/** One WebDriver session of one browser. */
export interface WebKit {
  readonly version: string;
  /** A command of the session: `send('POST', '/url', { url })`, `send('POST', '/refresh', {})` … */
  readonly send: <T = unknown>(method: string, path: string, body?: object) => Promise<T>;
  /** Runs an async function's text in the page, and gives what it gives. */
  readonly evaluate: <T>(code: string, ...args: readonly unknown[]) => Promise<T>;
  readonly close: () => Promise<void>;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What `work` gives, or `undefined` when it fails or takes too long. */
function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), ms);
    const settle = (value?: T): void => {
      clearTimeout(timer);
      resolve(value);
    };
    work.then(settle, () => settle());
  });
}

function spawnTied(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Tied {
  const child = spawn('sh', ['-c', TIED, 'sh', command, ...args], {
    detached: true, // a process group of its own, which is what `kill 0` ends
    env,
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  const told = child.stdio[3] as Readable;
  for (const stream of [child.stdin, told]) stream?.on('error', () => undefined); // it ended first
  child.unref();
  return {
    told,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    end: async () => {
      child.stdin?.destroy();
      await within(5000, exited);
      told.destroy();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A screen that nobody sees, of a number that the X server chooses: `xvfb-run -a` guesses one, and two at once guess the same. */
async function startScreen(): Promise<{ readonly display: string; readonly screen: Tied }> {
  const size = ['-screen', '0', '1280x1024x24', '-nolisten', 'tcp'];
  const screen = spawnTied('Xvfb', ['-displayfd', '3', ...size], process.env);
  const number = (await within(START_MS, once(screen.told, 'data').then(String)))?.trim();
  if (number) return { display: `:${number}`, screen };
  await screen.end();
  throw new Error('Xvfb did not start');
}

/** The surroundings of a browser whose profile is `folder`. */
function surroundings(folder: string, display: string): NodeJS.ProcessEnv {
  const { WAYLAND_DISPLAY: _, DBUS_SESSION_BUS_ADDRESS: __, ...env } = process.env;
  return {
    ...env,
    DISPLAY: display,
    GDK_BACKEND: 'x11',
    GSETTINGS_BACKEND: 'memory',
    NO_AT_BRIDGE: '1',
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_DATA_HOME: join(folder, 'data'),
  };
}

async function call<T>(
  base: string,
  method: string,
  path: string,
  body?: object,
  timeoutMs = CALL_MS,
): Promise<T> {
  const response = await fetch(base + path, {
    method,
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const { value } = (await response.json()) as {
    value: T & { readonly error?: string; readonly message?: string };
  };
  if (!response.ok) throw new Error(`${method} ${path}: ${value?.error}: ${value?.message}`);
  return value;
}

/** A screen and what runs on it, with a folder for all that it writes. */
interface Stage {
  readonly run: (command: string, args: readonly string[]) => Tied;
  readonly end: () => Promise<void>;
}

async function setStage(profile?: string): Promise<Stage> {
  const folder = profile ?? (await mkdtemp(join(tmpdir(), 'regulars-webkit-')));
  const { display, screen } = await startScreen();
  const running: Tied[] = [];
  return {
    run: (command, args) => {
      const tied = spawnTied(command, args, surroundings(folder, display));
      running.push(tied);
      return tied;
    },
    end: async () => {
      for (const tied of running) await tied.end();
      await screen.end();
      // a browser that was told to end may still write for a moment
      const patience = { recursive: true, force: true, maxRetries: 10, retryDelay: 200 };
      if (profile === undefined) await rm(folder, patience);
    },
  };
}

interface SessionStarted {
  readonly sessionId: string;
  readonly capabilities: { readonly browserVersion: string };
}

async function startOnce(binary: string, options: readonly string[]): Promise<WebKit> {
  const stage = await setStage();
  try {
    const port = await freePort();
    const base = `http://127.0.0.1:${port}`;
    const driver = stage.run('WebKitWebDriver', [`--port=${port}`]);
    for (const deadline = Date.now() + START_MS; ; await pause(50)) {
      const isReady = await call(base, 'GET', '/status', undefined, 1000).then(
        () => true,
        () => false,
      );
      if (isReady) break;
      if (driver.hasEnded() || Date.now() > deadline) throw new Error('WebKitWebDriver is not up');
    }
    const started = await call<SessionStarted>(base, 'POST', '/session', {
      capabilities: {
        alwaysMatch: {
          timeouts: { script: CALL_MS - 5000, pageLoad: CALL_MS - 5000, implicit: 0 },
          'webkitgtk:browserOptions': { binary, args: ['--automation', ...options] },
        },
      },
    });
    const session = `${base}/session/${started.sessionId}`;
    const send: WebKit['send'] = (method, path, body) => call(session, method, path, body);
    return {
      version: started.capabilities.browserVersion,
      send,
      evaluate: async <T>(code: string, ...args: readonly unknown[]) => {
        const script = `const done = arguments[arguments.length - 1]; const args = [...arguments].slice(0, -1);
          (async () => (${code})(...args))().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
        const end = await send<{ readonly value?: T; readonly error?: string }>(
          'POST',
          '/execute/async',
          { script, args },
        );
        if (end.error !== undefined) throw new Error(end.error);
        return end.value as T;
      },
      close: async () => {
        await call(session, 'DELETE', '', undefined, 5000).catch(() => undefined); // it may be gone
        await stage.end();
      },
    };
  } catch (error) {
    await stage.end();
    throw error;
  }
}

/**
 * Starts WebKitGTK's MiniBrowser behind a WebKitWebDriver of its own: one driver serves one browser.
 * Tries again when driver or screen do not come up, which says nothing about a page.
 * What it stores is gone when it closes: driven, it keeps its data in memory.
 */
export async function startWebKit({
  hasStorageApi = true,
}: { readonly hasStorageApi?: boolean } = {}): Promise<WebKit> {
  if (webkitPath === undefined)
    throw new Error('webkit is not installed: node scripts/browsers.mjs --install webkit');
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(webkitPath, hasStorageApi ? [STORAGE_API] : []);
    } catch (error) {
      if (attempt === STARTS) throw error;
    }
  }
}

/** Shows `url` in a MiniBrowser that nobody drives and that keeps its data in `folder`; resolves to the way to end it. */
export async function showInWebKit(folder: string, url: string): Promise<() => Promise<void>> {
  if (webkitPath === undefined)
    throw new Error('webkit is not installed: node scripts/browsers.mjs --install webkit');
  const stage = await setStage(folder);
  stage.run(webkitPath, [STORAGE_API, url]);
  return stage.end;
}
