import { readFile } from 'node:fs/promises';
import { transform } from 'esbuild';
import { UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { indexedDbStorage } from '../../../src/adapters/storage/indexed-db.js';
import type { Regulars, RegularsOptions } from '../../../src/client/types.js';
import { createDevice, type Device } from '../../support/device.js';
import { tokenMaker, type TokenMaker } from '../../support/proofs.js';

let device: Device;
let tokens: TokenMaker;
let clock: Device['clock'];

const client = async (more: Partial<RegularsOptions> = {}): Promise<Regulars> => {
  const regulars = device.page({
    ...{ consent: { remember: 'granted' }, proofs: [tokens.verifier] },
    ...more,
  });
  await regulars.start();
  return regulars;
};

/** By the back door: what the device keeps of the tokens it has taken. */
async function taken(): Promise<Readonly<Record<string, number>>> {
  const storage = indexedDbStorage();
  await storage.open({ name: 'regulars:blue-door' });
  const row = await storage.transact('readonly', (tx) => tx.get('meta', 'taken-tokens'));
  await storage.close();
  return row as Readonly<Record<string, number>>;
}

beforeEach(async () => {
  device = createDevice();
  clock = device.clock;
  tokens = await tokenMaker();
});
afterEach(() => vi.unstubAllGlobals());

describe('V14 unsigned link', () => {
  it.each(['?uid=shep', '?ajs_uid=shep', '?device_id=x', '?regulars=x', '?token=x#token=x'])(
    'is nothing to us: %s',
    async (query) => {
      const read: string[] = [];
      const href = `https://blue-door.example/${query}`;
      const spy = new Proxy(new URL(href), {
        get: (url, part) => {
          read.push(String(part));
          return Reflect.get(url, part) as unknown;
        },
      });
      vi.stubGlobal('location', spy);
      const plain = await client();
      expect(plain.get()).toMatchObject({ level: 'none', customer: null });
      expect(plain.get().level).toBe('none');
      expect(read).toEqual([]);
      await plain.stop();
    },
  );

  it('becomes a proof by a signature, once', async () => {
    const regulars = await client();
    const token = await tokens.sign('u_shep', clock.now());
    expect(await regulars.verify({ token })).toMatchObject({ kind: 'verified' });
    await regulars.signOut();
    expect(await regulars.verify({ token })).toEqual({ kind: 'refused', reason: 'used' });
    expect(regulars.get().level).not.toBe('verified');
  });

  it('is refused the second time after a reload, and in another tab', async () => {
    const token = await tokens.sign('u_shep', clock.now());
    const first = await client();
    const second = await client();
    expect(await first.verify({ token })).toMatchObject({ kind: 'verified' });
    expect(await second.verify({ token })).toEqual({ kind: 'refused', reason: 'used' });
    await Promise.all([first.stop(), second.stop()]);
    const reloaded = await client();
    expect(await reloaded.verify({ token })).toEqual({ kind: 'refused', reason: 'used' });
  });

  it('is taken by one of two tabs that ask at once, and by one of two calls', async () => {
    const token = await tokens.sign('u_shep', clock.now());
    const [one, two] = await Promise.all([client(), client()]);
    const outcomes = await Promise.all([
      one.verify({ token }),
      one.verify({ token }),
      two.verify({ token }),
    ]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['refused', 'refused', 'verified']);
  });

  it('keeps no token and no id of one, and forgets their hashes with their time', async () => {
    const regulars = await client();
    const token = await tokens.sign('u_shep', clock.now(), { jti: 'shep-and-his-secret' });
    await regulars.verify({ token });
    expect(JSON.stringify(await taken())).not.toContain('shep');
    const [hash] = Object.keys(await taken());
    clock.advance(7 * 60_000);
    await regulars.verify({ token: await tokens.sign('u_shep', clock.now()) });
    expect(Object.keys(await taken())).toHaveLength(1);
    expect(Object.keys(await taken())).not.toContain(hash);
    expect(await regulars.verify({ token })).toEqual({ kind: 'refused', reason: 'expired' });
  });

  it('is refused once at a kiosk too, beyond the end of the visit', async () => {
    const regulars = await client({ mode: 'kiosk' });
    const token = await tokens.sign('u_shep', clock.now());
    expect(await regulars.verify({ token })).toMatchObject({ kind: 'verified' });
    await regulars.endVisit();
    expect(await regulars.verify({ token })).toEqual({ kind: 'refused', reason: 'used' });
    expect(await device.databases()).toEqual([]);
  });

  it('needs a signature of ours', async () => {
    const regulars = await client();
    const stranger = await tokenMaker();
    const elsewhere = await tokenMaker('red-door');
    const iat = clock.now() / 1000;
    const none = new UnsecuredJWT({
      sub: 'u_shep',
      aud: 'blue-door',
      iat,
      exp: iat + 60,
      jti: 'x',
    });
    const tried = {
      signature: await stranger.sign('u_shep', clock.now()),
      audience: await tokens.sign('u_shep', clock.now(), { aud: 'red-door' }),
      expired: await tokens.sign('u_shep', clock.now() - 7 * 60_000),
      'not-yet': await tokens.sign('u_shep', clock.now() + 7 * 60_000),
      malformed: 'x'.repeat(1_000_000),
    };
    for (const [reason, token] of Object.entries(tried))
      expect(await regulars.verify({ token })).toEqual({ kind: 'refused', reason });
    for (const token of [none.encode(), await elsewhere.sign('u_shep', clock.now())])
      expect(await regulars.verify({ token })).toEqual({ kind: 'refused', reason: 'signature' });
    expect(regulars.get().level).toBe('none');
  });

  it('is refused where the clock of the device is an hour off', async () => {
    const regulars = await client();
    const token = await tokens.sign('u_shep', clock.now());
    clock.setWall(clock.now() + 3_600_000);
    expect(await regulars.verify({ token })).toEqual({ kind: 'refused', reason: 'expired' });
    clock.setWall(clock.now() - 7_200_000);
    expect(await regulars.verify({ token })).toEqual({ kind: 'refused', reason: 'not-yet' });
    clock.setWall(clock.now() + 3_600_000 - 60_000); // a minute off is a usual clock
    expect(await regulars.verify({ token })).toMatchObject({ kind: 'verified' });
  });

  it('is refused where nothing checks it, and where it is no proof at all', async () => {
    const bare = await client({ proofs: [] });
    const token = await tokens.sign('u_shep', clock.now());
    expect(await bare.verify({ token })).toEqual({ kind: 'refused', reason: 'not-configured' });
    const regulars = await client();
    for (const wrong of [undefined, null, 42, 'token', { token: 42 }, { token: null }])
      expect(await regulars.verify(wrong as unknown as { token: string })).toEqual({
        kind: 'refused',
        reason: 'malformed',
      });
  });

  it('in a link, by the recipe of the guide, is a proof once and leaves the address', async () => {
    const takeLink = await recipe();
    const regulars = await client();
    const token = await tokens.sign('u_shep', clock.now());
    const location = { pathname: '/menu', search: '?table=4', hash: `#sign-in=${token}&at=soups` };
    const addresses: string[] = [];
    vi.stubGlobal('location', location);
    vi.stubGlobal('history', {
      state: null,
      replaceState: (_state: unknown, _title: string, to: string) => void addresses.push(to),
    });
    expect(await takeLink(regulars)).toMatchObject({ kind: 'verified' });
    expect(addresses).toEqual(['/menu?table=4#at=soups']);
    expect(await takeLink(regulars)).toEqual({ kind: 'refused', reason: 'used' });
    location.hash = '#at=soups';
    expect(await takeLink(regulars)).toBeUndefined();
    expect(addresses).toHaveLength(2);
  });
});

/** The function as the guide prints it. */
async function recipe(): Promise<(regulars: Regulars) => Promise<unknown>> {
  const guide = await readFile('docs/guides/prove-who-it-is.md', 'utf8');
  const source =
    /```ts\n((?:(?!```)[^])*export async function takeLink[^]*?)```/.exec(guide)?.[1] ?? '';
  const { code } = await transform(source, { loader: 'ts', format: 'esm' });
  const address = `data:text/javascript,${encodeURIComponent(code)}`;
  const module = (await import(/* @vite-ignore */ address)) as {
    readonly takeLink: Awaited<ReturnType<typeof recipe>>;
  };
  return module.takeLink;
}
