import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Verification } from '../../src/client/types.js';
import { bundleScript, launchChromium, profileFolder, servePage } from '../support/browser.js';

let privateKey: CryptoKey;
let served: Awaited<ReturnType<typeof servePage>>;
let profile: Awaited<ReturnType<typeof profileFolder>>;
let browser: BrowserContext;

const script = (publicKey: unknown): string => `
import { createRegulars } from './src/client/create-regulars.ts';
import { indexedDbStorage } from './src/adapters/storage/indexed-db.ts';
import { jwsProof } from './src/adapters/proof/jws.ts';
globalThis.regulars = createRegulars({
  shop: 'blue-door', storage: indexedDbStorage(), consent: { remember: 'granted' },
  proofs: [jwsProof({ key: ${JSON.stringify(publicKey)}, audience: 'blue-door' })],
});
await regulars.start();
document.body.append('started');
`;

beforeAll(async () => {
  const pair = await generateKeyPair('ES256', { extractable: true });
  ({ privateKey } = pair);
  const publicKey = await exportJWK(pair.publicKey);
  [served, profile] = await Promise.all([
    bundleScript(script(publicKey)).then(servePage),
    profileFolder(),
  ]);
  browser = await launchChromium(profile.folder);
});
afterAll(async () => {
  await browser.close();
  await served.close();
  await profile.remove();
});

const token = (jti: string): Promise<string> =>
  new SignJWT({ sub: 'u_shep' })
    .setProtectedHeader({ alg: 'ES256' })
    .setAudience('blue-door')
    .setIssuedAt()
    .setExpirationTime('2m')
    .setJti(jti)
    .sign(privateKey);

async function openTab(): Promise<Page> {
  const tab = await browser.newPage();
  await tab.goto(served.url);
  await tab.getByText('started').waitFor();
  return tab;
}

const verify = (tab: Page, given: string): Promise<Verification> =>
  tab.evaluate((signed) => regulars.verify({ token: signed }), given);

const tellOf = (outcome: Verification): string =>
  outcome.kind === 'refused' ? outcome.reason : outcome.kind;

it('of two tabs that get the same token at once, one takes it (V14)', async () => {
  const [a, b] = [await openTab(), await openTab()];
  for (let round = 0; round < 10; round++) {
    const given = await token(`round-${round}`);
    const outcomes = await Promise.all([verify(a, given), verify(b, given)]);
    expect(outcomes.map(tellOf).sort()).toEqual(['used', 'verified']);
  }
  await Promise.all([a.close(), b.close()]);
});

it('a token that was taken stays so after a reload and in a tab opened later, and the disk does not hold it (V14)', async () => {
  const first = await openTab();
  const given = await token('shep-and-his-secret');
  expect(tellOf(await verify(first, given))).toBe('verified');
  await first.evaluate(() => regulars.signOut());
  await first.reload();
  await first.getByText('started').waitFor();
  const later = await openTab();
  for (const tab of [first, later]) {
    expect(tellOf(await verify(tab, given))).toBe('used');
    expect(await tab.evaluate(() => regulars.get().level)).not.toBe('verified');
  }
  const kept = await later.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('regulars:blue-door');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('refused'));
    });
    const parts: unknown[] = [Object.entries(localStorage), document.cookie];
    for (const store of database.objectStoreNames) {
      const all = database.transaction(store).objectStore(store);
      for (const request of [all.getAllKeys(), all.getAll()])
        parts.push(
          await new Promise((resolve) => {
            request.onsuccess = () => resolve(request.result);
          }),
        );
    }
    database.close();
    return JSON.stringify(parts);
  });
  expect(kept).toContain('taken-tokens');
  for (const secret of ['shep-and-his-secret', given]) expect(kept).not.toContain(secret);
  await Promise.all([first.close(), later.close()]);
});
