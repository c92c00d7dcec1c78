import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WaitingBox } from '../../src/client/sealed-outbox.js';
import { openSealed, type OpenedBox } from '../../src/server/open-sealed.js';
import { createSealKeys, type SealKeys } from '../../src/sync/seal.js';
import {
  bundleScript,
  chromiumPath,
  launchChromium,
  profileFolder,
  servePage,
  spawnChromium,
} from '../support/browser.js';

// whatever is secret comes from the test: the page's own text lies in the browser's cache
const SCRIPT = `
import { indexedDbStorage } from './src/adapters/storage/indexed-db.js';
import { createRegulars } from './src/client/create-regulars.js';
import { sealedOutbox } from './src/client/sealed-outbox.js';
const errors = [];
let kiosk;
Object.assign(window, {
  errors,
  open: async (sealTo) => {
    kiosk = createRegulars({
      shop: 'slurp', mode: 'kiosk', region: 'US', sealTo,
      storage: indexedDbStorage(), onError: (error) => errors.push(String(error)),
    });
    await kiosk.start();
  },
  recognize: (identifiers) => kiosk.recognize(identifiers),
  remember: (fact) => kiosk.rights.remember(fact),
  record: (order, visit) => kiosk.record(order, visit === undefined ? {} : { visit }),
  visit: () => { kiosk.keepAlive(); return kiosk.get().visit; },
  endVisit: () => kiosk.endVisit(),
  shown: () => JSON.stringify([kiosk.get(), kiosk.usual(), kiosk.recommend(), [...Object.entries(localStorage)], document.cookie]),
  waiting: () => sealedOutbox({ shop: 'slurp', storage: indexedDbStorage() }).list(),
  settle: (keys) => sealedOutbox({ shop: 'slurp', storage: indexedDbStorage() }).settle(keys),
});
`;

const PHONE = '4255550142';
const NAME = 'Quillermina';
const SKU = 'sku-tonkotsu-xyzzy';
const order = (id: string): object => ({ id, lines: [{ sku: SKU, name: `${SKU} bowl` }] });

let page: { readonly url: string; readonly close: () => Promise<void> };
let profile: { readonly folder: string; readonly remove: () => Promise<void> };
let keys: SealKeys;

/** Calls what the page offers. */
const call = <T>(on: Page, name: string, ...args: readonly unknown[]): Promise<T> =>
  on.evaluate(
    ([method, values]) =>
      (window as unknown as Record<string, (...given: unknown[]) => unknown>)[method]?.(
        ...values,
      ) as T | Promise<T>,
    [name, [...args]] as const,
  );

async function openKiosk(on: Page): Promise<void> {
  await on.goto(page.url);
  await call(on, 'open', keys.publicKey);
}

/** Which of these texts lie anywhere in the folder, in the encodings that a browser stores text in. */
async function textsIn(folder: string, texts: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>();
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of names) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0));
    for (const text of texts) {
      const wide = Buffer.from(text, 'utf16le');
      const forms = [Buffer.from(text), wide, Buffer.from(wide).swap16()];
      if (forms.some((form) => bytes.includes(form))) found.add(text);
    }
  }
  return [...found];
}

const openAll = (waiting: readonly WaitingBox[]): Promise<readonly OpenedBox[]> =>
  Promise.all(
    waiting.map(({ box }) => openSealed(box, { shop: 'slurp', privateKeys: [keys.privateKey] })),
  );

const purchaseIds = (boxes: readonly OpenedBox[]): readonly string[] =>
  boxes.flatMap((box) =>
    box.kind === 'opened'
      ? box.records.flatMap((record) => (record.kind === 'purchase' ? [record.data.id] : []))
      : [box.reason],
  );

const typed = (boxes: readonly OpenedBox[]): readonly string[] =>
  boxes.flatMap((box) =>
    box.kind === 'opened' ? box.identifiers.map(({ value }) => value) : [box.reason],
  );

describe.skipIf(chromiumPath === undefined)('a kiosk that seals, in Chromium', () => {
  beforeAll(async () => {
    keys = await createSealKeys();
    page = await servePage(await bundleScript(SCRIPT));
  });
  afterAll(() => page.close());
  beforeEach(async () => {
    profile = await profileFolder();
  });
  afterEach(() => profile.remove());

  it('killed right after `kept`, has the box on its disk and nothing else of the guest', async () => {
    const before = await spawnChromium(profile.folder);
    await openKiosk(before.page);
    await call(before.page, 'recognize', { phone: PHONE, email: `${NAME}@example.com` });
    await call(before.page, 'remember', { key: 'name.given', value: NAME });
    expect(await call(before.page, 'record', order('kiosk:plugh-1'))).toEqual({ kind: 'kept' });
    await before.kill();

    const secrets = [PHONE, '(425)', NAME, NAME.toLowerCase(), SKU, 'plugh', 'tonkotsu'];
    expect(await textsIn(profile.folder, secrets)).toEqual([]);

    const after = await launchChromium(profile.folder);
    const again = await after.newPage();
    await openKiosk(again);
    const waiting = await call<readonly WaitingBox[]>(again, 'waiting');
    expect(waiting).toHaveLength(1);
    // what is there is found by such a search
    expect(await textsIn(profile.folder, [waiting[0]?.box.kid ?? ''])).toHaveLength(1);
    const boxes = await openAll(waiting);
    expect(purchaseIds(boxes)).toEqual(['kiosk:plugh-1']);
    expect(typed(boxes)).toEqual([`+1${PHONE}`, `${NAME.toLowerCase()}@example.com`]);

    await call(
      again,
      'settle',
      waiting.map(({ key }) => key),
    );
    expect(await call(again, 'waiting')).toEqual([]);
    await after.close();
    expect(await textsIn(profile.folder, secrets)).toEqual([]);
  });

  it('shows nothing of the guest once the visit has ended; a payment answered then is still theirs', async () => {
    const before = await spawnChromium(profile.folder);
    await openKiosk(before.page);
    await call(before.page, 'recognize', { phone: PHONE });
    const visit = await call<string>(before.page, 'visit');
    await call(before.page, 'record', order('kiosk:plugh-1'));
    await call(before.page, 'endVisit');
    expect(await call(before.page, 'shown')).not.toMatch(/4255550142|tonkotsu|plugh/);

    await call(before.page, 'recognize', { phone: '4255550177' });
    const second = await call<string>(before.page, 'visit');
    await call(before.page, 'endVisit');
    await call(before.page, 'recognize', { phone: '4255550188' });
    expect(await call(before.page, 'record', order('kiosk:plugh-3'))).toEqual({ kind: 'kept' });
    expect(await call(before.page, 'record', order('kiosk:plugh-2'), second)).toEqual({
      kind: 'kept',
    });
    expect(await call(before.page, 'record', order('kiosk:plugh-1b'), visit)).toEqual({
      kind: 'kept',
    });
    expect(await before.page.evaluate('errors')).toEqual([]);
    await before.kill();
    const secrets = [PHONE, '4255550177', '4255550188', SKU, 'plugh'];
    expect(await textsIn(profile.folder, secrets)).toEqual([]);

    const after = await launchChromium(profile.folder);
    const again = await after.newPage();
    await openKiosk(again);
    const boxes = await openAll(await call<readonly WaitingBox[]>(again, 'waiting'));
    const subjects = new Map<string, string>();
    for (const box of boxes)
      if (box.kind === 'opened')
        for (const record of box.records)
          if (record.kind === 'link')
            for (const { token, value } of box.identifiers)
              if (token === record.data.token) subjects.set(record.subject, value);
    const bought = boxes.flatMap((box) =>
      box.kind === 'opened'
        ? box.records.flatMap((record) =>
            record.kind === 'purchase' ? [[record.data.id, subjects.get(record.subject)]] : [],
          )
        : [],
    );
    expect(Object.fromEntries(bought)).toEqual({
      'kiosk:plugh-1': '+14255550142',
      'kiosk:plugh-1b': '+14255550142',
      'kiosk:plugh-2': '+14255550177',
      'kiosk:plugh-3': '+14255550188',
    });
    await after.close();
  });

  it('in two windows at once loses nothing', async () => {
    const context = await launchChromium(profile.folder);
    const windows = [await context.newPage(), await context.newPage()];
    for (const one of windows) await openKiosk(one);
    const outcomes = await Promise.all(
      windows.flatMap((one, w) =>
        Array.from({ length: 25 }, (_, i) => call(one, 'record', order(`kiosk:${w}-${i}`))),
      ),
    );
    expect(outcomes).toEqual(outcomes.map(() => ({ kind: 'kept' })));
    const boxes = await openAll(await call<readonly WaitingBox[]>(windows[0] as Page, 'waiting'));
    expect(new Set(purchaseIds(boxes)).size).toBe(50);
    await context.close();
  });

  it('on a full disk holds the sale, and writes it when there is room', async () => {
    const context = await launchChromium(profile.folder);
    const tab = await context.newPage();
    const cdp = await context.newCDPSession(tab);
    const origin = new URL(page.url).origin;
    await tab.goto(`${page.url}empty`);
    await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
    await openKiosk(tab);
    expect(await call(tab, 'record', order('kiosk:plugh-1'))).toEqual({
      kind: 'held',
      reason: 'quota',
    });
    await call(tab, 'endVisit');
    await cdp.send('Storage.overrideQuotaForOrigin', { origin });
    // by itself, within the pause between two attempts
    await expect
      .poll(async () => purchaseIds(await openAll(await call(tab, 'waiting'))), {
        timeout: 20_000,
        interval: 500,
      })
      .toEqual(['kiosk:plugh-1']);
    await context.close();
  });
});
