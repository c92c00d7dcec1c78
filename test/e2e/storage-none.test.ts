import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CHROMIUM_ARGS, chromiumPath } from '../support/browser.js';
import {
  openPage,
  serveFaults,
  watchTrouble,
  type Site,
  type Trouble,
} from '../support/storage-site.js';

/** Bounded, not timed: a busy machine is no bug. */
const SOON = { timeout: 20_000, polling: 20 };
const NAME = 'regulars:blue-door';

let site: Site;
let chrome: Browser;
let context: BrowserContext;
let trouble: Trouble;

const open = (path: string): Promise<Page> => openPage(context, site, path);

/** Makes every page of the context begin with `fault`. */
const begin = (fault: () => void): Promise<unknown> => context.addInitScript(fault);

const missing = (): void => {
  Reflect.deleteProperty(globalThis, 'indexedDB');
  Reflect.deleteProperty(Object.getPrototypeOf(globalThis) as object, 'indexedDB');
};
const throwing = (): void => {
  Object.defineProperty(globalThis, 'indexedDB', {
    get: () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    },
  });
};
const refusing = (): void => {
  IDBFactory.prototype.open = () => {
    throw new DOMException('Refused here.', 'InvalidStateError');
  };
};
/** Opens for real, and lets the page hear nothing of it before `release`. */
const silent = (): void => {
  const really = Reflect.get(IDBFactory.prototype, 'open');
  const heard: IDBOpenDBRequest[] = [];
  const counts = { opened: 0, closed: 0 };
  const close = Reflect.get(IDBDatabase.prototype, 'close');
  IDBDatabase.prototype.close = function (this: IDBDatabase) {
    counts.closed++;
    close.call(this);
  };
  let isSilent = true;
  IDBFactory.prototype.open = function (this: IDBFactory, ...given) {
    const request = really.apply(this, given);
    request.addEventListener('success', (event) => {
      if (event.isTrusted) counts.opened++;
      if (!isSilent) return;
      heard.push(request);
      event.stopImmediatePropagation();
    });
    return request;
  };
  Object.assign(globalThis, {
    counts,
    release: () => {
      isSilent = false;
      for (const request of heard) request.dispatchEvent(new Event('success'));
    },
  });
};
declare global {
  var release: () => void;
  var counts: { readonly opened: number; readonly closed: number };
}

beforeAll(async () => {
  if (chromiumPath === undefined) return;
  [site, chrome] = await Promise.all([
    serveFaults(),
    chromium.launch({ executablePath: chromiumPath, args: [...CHROMIUM_ARGS] }),
  ]);
});
afterAll(async () => {
  await chrome?.close();
  await site?.close();
});

describe.skipIf(chromiumPath === undefined)('a page that gets no database', () => {
  beforeEach(async () => {
    // a context of its own is a private window: nothing of it reaches the disk
    context = await chrome.newContext();
    trouble = watchTrouble(context);
  });
  afterEach(async () => {
    await context.close();
    trouble.refuse();
  });

  it.each([
    ['missing', missing],
    ['throwing', throwing],
    ['refusing', refusing],
  ])(
    'S06 IndexedDB %s: it works in memory with the same calls, and says so once',
    async (_, fault) => {
      await begin(fault);
      const page = await open('port');
      expect(await page.evaluate((name) => storage.open({ name }), NAME)).toMatchObject({
        kind: 'memory',
        reason: 'unavailable',
      });
      await page.evaluate(() => put({ a: 1 }));
      expect(await page.evaluate(() => keys())).toEqual(['a']);
      const strict = await page.evaluate(
        (name) => outcomeOf(makeStorage({ otherwise: 'reject' }).open({ name })),
        NAME,
      );
      expect(strict).toMatchObject({ code: 'ERR_STORAGE_UNAVAILABLE', retryable: false });

      const client = await open('client');
      await worksInMemory(client, 'unavailable');
    },
  );

  /** A client that remembers for this page, and has said once why no longer. */
  async function worksInMemory(client: Pick<Page, 'evaluate'>, reason: string): Promise<void> {
    expect(await client.evaluate(() => regulars.get().storage)).toEqual({ kind: 'memory', reason });
    expect(await client.evaluate(() => order(1))).toEqual({ kind: 'held', reason });
    expect(await client.evaluate(() => order(2))).toEqual({ kind: 'held', reason });
    expect(
      await client.evaluate(async () => {
        await regulars.recognize({ account: 'u_1' }, { verified: ['account'] });
        await order(3);
        return regulars.get().customer?.paidVisits;
      }),
    ).toBeGreaterThan(0);
    expect(await client.evaluate(() => notices)).toEqual(['storage-memory']);
    expect(await client.evaluate(() => errors)).toHaveLength(1);
  }

  it('S06 a sandboxed frame, which has neither database nor localStorage', async () => {
    const page = await context.newPage();
    await page.goto(site.url('framed/client'));
    const frame = page.frameLocator('iframe');
    await frame.getByText('ready').waitFor();
    const [, inner] = page.frames();
    if (!inner) throw new Error('no frame');
    expect(await inner.evaluate(() => origin)).toBe('null');
    await worksInMemory(inner, 'unavailable');
  });

  it('S04 an opening that never answers is given up in time, as asked for: memory, or a typed error', async () => {
    await begin(silent);
    const page = await open('port');
    const opened = await page.evaluate(
      async (name) => [
        await outcomeOf(makeStorage({ otherwise: 'reject' }).open({ name, timeoutMs: 500 })),
        await outcomeOf(storage.open({ name, timeoutMs: 500 })),
      ],
      NAME,
    );
    expect(opened).toMatchObject([
      {
        code: 'ERR_STORAGE_TIMEOUT',
        message: 'The database does not answer; close the other pages of this site.',
        retryable: true,
      },
      { value: { kind: 'memory', reason: 'timeout' } },
    ]);
    await page.evaluate(() => put({ a: 1 }));
    expect(await page.evaluate(() => keys())).toEqual(['a']);
  });

  it('S04 a connection that comes late is closed, not leaked', async () => {
    await begin(silent);
    const page = await open('port');
    await page.evaluate((name) => storage.open({ name, timeoutMs: 300 }), NAME);
    expect(await page.evaluate(() => counts)).toEqual({ opened: 1, closed: 0 });
    await page.evaluate(() => release());
    await page.waitForFunction(() => counts.closed === 1, undefined, SOON);
    const again = await page.evaluate(async (name) => {
      await storage.close();
      return storage.open({ name });
    }, NAME);
    expect(again).toEqual({ kind: 'persistent' });
    expect(await page.evaluate(() => counts)).toEqual({ opened: 2, closed: 1 });
  });

  it('S04 at the client: the page is not held up, and what it held moves in once the database answers', async () => {
    await begin(silent);
    const page = await context.newPage();
    await page.goto(site.url('client'));
    // `start` settles without the database
    await page.getByText('ready').waitFor();
    await page.waitForFunction(() => regulars.get().storage.reason === 'timeout', undefined, SOON);
    expect(await page.evaluate(() => order(1))).toEqual({ kind: 'held', reason: 'timeout' });
    await page.evaluate(() => release());
    await page.waitForFunction(() => regulars.get().storage.kind === 'persistent', undefined, SOON);
    expect(await page.evaluate(() => order(2))).toEqual({ kind: 'kept' });
    expect(await page.evaluate(() => orders())).toEqual(['web:1', 'web:2']);
    expect(await page.evaluate(() => notices)).toEqual(['storage-memory']);
  });

  it('a private window keeps things as any other, until it is closed', async () => {
    const page = await open('client');
    expect(await page.evaluate(() => order(1))).toEqual({ kind: 'kept' });
    await page.reload();
    await page.getByText('ready').waitFor();
    expect(await page.evaluate(() => orders())).toEqual(['web:1']);
    expect(await page.evaluate(() => navigator.storage.persisted())).toBe(false);
    expect(await page.evaluate(() => notices)).toEqual([]);

    const other = await chrome.newContext();
    const stranger = await openPage(other, site, 'client');
    expect(await stranger.evaluate(() => orders())).toEqual([]);
    await other.close();
  });
});
