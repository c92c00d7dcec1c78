import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readArguments } from '../../../src/cli/arguments.js';
import { run } from '../../../src/cli/run.js';
import { authorizeBy, showsKey, signToken } from '../../../src/cli/serve-authorize.js';
import { keyIn, servingFrom, shopIn, takeFolder } from '../../../src/cli/shop-folder.js';
import { keysOf } from '../../../src/cli/shop-key.js';
import { sealRecords, unseal } from '../../../src/sync/seal.js';
import { regulars } from '../../support/run-command.js';
import { bundleCommand } from '../../support/serve.js';

const KEY = 'rk_a-key-of-the-tests-that-is-long-enough';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

let root: string;
let folder: string;
let runs = 0;
let command: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'regulars-cli-'));
  command = await bundleCommand();
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
  rmSync(command, { force: true });
});
beforeEach(() => void (folder = join(root, String(++runs))));

describe('what is typed', () => {
  const wrong = (...args: readonly string[]): string => {
    try {
      readArguments(args);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('it was taken');
  };
  it('has defaults for a shop on this machine', () => {
    expect(readArguments(['serve', '--shop', 'blue-door'])).toEqual({
      ...{ kind: 'serve', host: '127.0.0.1', port: 8787, origins: [] },
      at: { data: './regulars-data', databaseUrl: undefined, server: undefined, shop: 'blue-door' },
    });
    expect(readArguments(['device', 'add', '--place', 's17'])).toMatchObject({
      ...{ kind: 'device', act: 'add', place: 's17' },
    });
    expect(readArguments(['token', '--account', 'u_42'])).toMatchObject({
      ...{ kind: 'token', claims: { scope: 'self', account: 'u_42' }, minutes: 60 },
    });
    expect(readArguments(['import', 'a.json', '--server', 'http://127.0.0.1:8787'])).toMatchObject({
      ...{ kind: 'import', into: undefined, at: { server: 'http://127.0.0.1:8787' } },
    });
  });
  it('is refused with what is wrong about it', () => {
    expect(wrong('serve', 'here')).toContain('serve takes no "here"');
    expect(wrong('serve', '--port', '70000')).toContain('up to 65535');
    expect(wrong('serve', '--port', '-1')).toBeTruthy();
    expect(wrong('serve', '--origin', 'shop.example')).toContain('--origin takes');
    expect(wrong('serve', '--origin', 'https://shop.example/x')).toContain('--origin takes');
    expect(wrong('serve', '--host', '999.1.1.1')).toContain('--host takes');
    expect(wrong('serve', '--host', '')).toContain('--host takes');
    expect(wrong('serve', '--shop', '')).toContain('--shop needs');
    expect(wrong('serve', '--into', 'x')).toContain('serve has no option --into');
    expect(wrong('device')).toContain('add, list or revoke');
    expect(wrong('device', 'revoke')).toContain('needs the id');
    expect(wrong('device', 'list', '--place', 'x')).toContain('no option --place');
    expect(wrong('device', 'add', '--json')).toContain('no option --json');
    expect(wrong('token')).toContain('--account');
    expect(wrong('token', '--scope', 'staff')).toContain('--role');
    expect(wrong('token', '--scope', 'device')).toContain('not "device"');
    expect(wrong('token', '--account', 'a', '--minutes', '1e9')).toContain('--minutes');
    expect(wrong('import', 'a.json', '--into', 'x', '--data', 'y')).toContain('two places');
    expect(wrong('import', 'a.json', '--server', 'x', '--database-url', 'y')).toContain('two');
    expect(wrong('import', 'a.json', '--server', 'shop.example')).toContain('--server takes');
  });
});

describe('the folder of a shop', () => {
  it('gets a key once, that only its owner reads', () => {
    const first = keyIn(folder, undefined);
    expect(first).toMatchObject({ isNew: true, file: join(folder, 'key') });
    expect(keyIn(folder, undefined)).toEqual({ ...first, isNew: false });
    expect(statSync(join(folder, 'key')).mode & 0o077).toBe(0);
    expect(keyIn(folder, KEY)).toEqual({ key: KEY, file: undefined, isNew: false });
  });
  it('is not made for somebody who only mistyped it', async () => {
    const { signal } = new AbortController();
    const say = async (...args: readonly string[]): Promise<string> => {
      const [stdout, stderr] = [new PassThrough(), new PassThrough()];
      await run([...args, '--data', folder], { stdin: new PassThrough(), stdout, stderr, signal });
      return String(stderr.read());
    };
    expect(await say('token', '--account', 'u_1')).toContain('There is no key in');
    expect(await say('device', 'list')).toContain('--shop');
    expect(await say('serve')).toContain('--shop');
    expect(await say('device', 'list', '--server', 'http://127.0.0.1:9')).toContain('no key in');
    expect(existsSync(folder)).toBe(false);
  });
  it('refuses a key that could be guessed, and a folder that is none', () => {
    expect(() => keyIn(folder, 'short')).toThrow('too short');
    mkdirSync(folder);
    writeFileSync(join(folder, 'key'), 'abc\n');
    expect(() => keyIn(folder, undefined)).toThrow('holds no key');
    expect(() => keyIn(join(folder, 'key'), undefined)).toThrow('is no folder');
  });
  it('is made with those above it, for its owner alone, and never tried for ever', () => {
    const deep = join(folder, 'a', 'b');
    expect(keyIn(deep, undefined).isNew).toBe(true);
    expect(statSync(join(folder, 'a')).mode & 0o077).toBe(0);
    expect(() => takeFolder(join(deep, 'key', 'x'))).toThrow('ENOTDIR');
  });
  it.skipIf(process.platform !== 'linux')('says so where none can be made', () => {
    // in a process of its own: what Node tries for ever there, no timeout of a test would end
    expect(
      spawnSync(process.execPath, [command, 'serve', '--shop', 'a', '--data', '/proc/x/y'], {
        ...{ encoding: 'utf8', timeout: 20_000, killSignal: 'SIGKILL' },
      }),
    ).toMatchObject({
      ...{ status: 1, stderr: 'regulars: Cannot write to the folder /proc/x/y (ENOENT).\n' },
    });
  });
  it('remembers whose it is', () => {
    expect(() => shopIn(folder, undefined)).toThrow('--shop');
    mkdirSync(folder);
    expect(shopIn(folder, 'blue-door')).toBe('blue-door');
    expect(shopIn(folder, undefined)).toBe('blue-door');
    expect(shopIn(folder, 'red-door')).toBe('red-door');
    expect(shopIn(folder, undefined)).toBe('blue-door');
  });
  it('is taken by one process at a time, and taken over from one that was killed', () => {
    const taken = takeFolder(folder);
    taken.tell('http://127.0.0.1:1');
    const file = join(folder, 'serving.json');
    // this process itself does not count: a container gives the next one the same number
    writeFileSync(file, JSON.stringify({ pid: process.ppid, url: 'http://127.0.0.1:1' }));
    expect(servingFrom(folder)).toEqual({ pid: process.ppid, url: 'http://127.0.0.1:1' });
    expect(() => takeFolder(folder)).toThrow('which serves http://127.0.0.1:1');
    writeFileSync(file, JSON.stringify({ pid: 2 ** 30, url: 'http://127.0.0.1:1' }));
    expect(servingFrom(folder)).toBeUndefined();
    takeFolder(folder).letGo();
    writeFileSync(file, '{');
    expect(servingFrom(folder)).toBeUndefined();
    takeFolder(folder).letGo();
    expect(() => readFileSync(file)).toThrow();
  });
});

describe('the keys of a shop', () => {
  it('are the same for the same key, and others for another key or shop', () => {
    const texts = [
      keysOf(KEY, 'a'),
      keysOf(KEY, 'a'),
      keysOf(KEY, 'b'),
      keysOf(`${KEY}2`, 'a'),
    ].map(({ shop, seal, mark }) => [
      ...[Buffer.from(shop).toString('hex'), Buffer.from(mark).toString('hex'), seal.d],
    ]);
    expect(texts[0]).toEqual(texts[1]);
    expect(new Set([texts[0], texts[2], texts[3]].flat()).size).toBe(9);
  });
  it('open the boxes that are sealed to them', async () => {
    for (let i = 0; i < 20; i++) {
      const { seal, sealTo } = keysOf(`${KEY}${i}`, 'blue-door');
      expect(Object.keys(sealTo)).not.toContain('d');
      const content = { records: [], identifiers: [] };
      const box = await sealRecords(sealTo, 'blue-door', content);
      expect(await unseal(box, 'blue-door', [seal])).toEqual({ kind: 'opened', content });
    }
  });
});

describe('tokens', () => {
  const ask = (token: string | undefined): Request =>
    new Request(
      'http://127.0.0.1/',
      token === undefined ? {} : { headers: { Authorization: token } },
    );
  const who = authorizeBy('blue-door', bytes(KEY));
  it('say who asks', async () => {
    const token = await signToken(
      ...([bytes(KEY), { scope: 'self', account: 'u_42', email: 'a@b.example' }, 5] as const),
    );
    expect(await who(ask(`Bearer ${token}`))).toEqual({
      ...{ shop: 'blue-door', scope: 'self', account: 'u_42' },
      identifiers: [{ type: 'email', value: 'a@b.example' }],
    });
    const staff = await signToken(bytes(KEY), { scope: 'staff', role: 'manager' }, 5);
    expect(await who(ask(`bearer ${staff}`))).toMatchObject({ scope: 'staff', role: 'manager' });
  });
  it('of another key, over, without an end, of another kind or for somebody else are nobody’s', async () => {
    const { SignJWT, UnsecuredJWT } = await import('jose');
    const make = (): InstanceType<typeof SignJWT> =>
      new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setSubject('u').setAudience('regulars');
    const wrong = [
      undefined,
      'Bearer ',
      'Bearer a.b.c',
      `Bearer ${KEY}`,
      `Bearer ${await make()
        .setExpirationTime('1h')
        .sign(bytes(`${KEY}2`))}`,
      `Bearer ${await make().setExpirationTime('-1h').sign(bytes(KEY))}`,
      `Bearer ${await make().sign(bytes(KEY))}`,
      `Bearer ${await make().setAudience('other').setExpirationTime('1h').sign(bytes(KEY))}`,
      `Bearer ${new UnsecuredJWT({}).setSubject('u').setAudience('regulars').setExpirationTime('1h').encode()}`,
      `Bearer ${await new SignJWT({ scope: 'device' }).setProtectedHeader({ alg: 'HS256' }).setAudience('regulars').setExpirationTime('1h').sign(bytes(KEY))}`,
      `Bearer ${await new SignJWT({ sub: '' }).setProtectedHeader({ alg: 'HS256' }).setAudience('regulars').setExpirationTime('1h').sign(bytes(KEY))}`,
    ];
    for (const token of wrong) expect(await who(ask(token)), token).toBeUndefined();
  });
  it('are not the key, which opens the office alone', () => {
    expect(showsKey(ask(`Bearer ${KEY}`), bytes(KEY))).toBe(true);
    for (const token of [undefined, `Bearer ${KEY}x`, `Basic ${KEY}`, 'Bearer x'])
      expect(showsKey(ask(token), bytes(KEY))).toBe(false);
  });
});

describe('a shop served from a folder', () => {
  const stop = new AbortController();
  const stdout = new PassThrough();
  let out = '';
  let url = '';
  let ended: Promise<number>;
  const data = (): string => join(root, 'served');
  beforeAll(async () => {
    stdout.on('data', (piece: Buffer) => (out += piece.toString()));
    ended = run(['serve', '--shop', 'blue-door', '--data', data(), '--port', '0'], {
      ...{ stdin: new PassThrough(), stdout, stderr: new PassThrough(), signal: stop.signal },
    });
    await vi.waitUntil(() => /at (http:\S+)\/regulars/.test(out), { timeout: 60_000 });
    url = /at (http:\S+)\/regulars/.exec(out)?.[1] ?? '';
  }, 90_000);
  afterAll(async () => {
    stop.abort();
    await ended;
  }, 30_000);

  const office = (path: string, body?: unknown, key = keyIn(data(), undefined).key) =>
    fetch(`${url}/regulars/shop/v1/${path}`, {
      headers: { Authorization: `Bearer ${key}` },
      ...(body !== undefined && {
        ...{ method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) },
      }),
    });

  it('says how it is, and what is where', async () => {
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ ok: true, shop: 'blue-door' });
    const elsewhere = await fetch(url);
    expect([elsewhere.status, await elsewhere.json()]).toMatchObject([404, { code: 'invalid' }]);
    expect(out).toContain('"kty":"EC"');
    expect(out).toContain(keyIn(data(), undefined).key); // it is new
  });
  it('takes orders and devices of whoever has the key, and of nobody else', async () => {
    const purchases = [
      {
        id: 'web:1',
        at: Date.now() - 1000,
        lines: [{ sku: 'latte' }],
        customer: { ids: [{ kind: 'external', value: 'u_1' }] },
      },
    ];
    expect((await office('purchases', { purchases }, 'rk_another')).status).toBe(401);
    const first = await office('purchases', { purchases });
    expect(await first.json()).toMatchObject({ appended: 1, skipped: [] });
    const again = await office('purchases', { purchases });
    expect(await again.json()).toMatchObject({ appended: 0, duplicates: 1 });
    const added = (await (await office('devices', { place: 's17' })).json()) as { id: string };
    expect(await (await office('devices')).json()).toMatchObject([{ id: added.id, place: 's17' }]);
    expect(await (await office('devices/revoke', { id: added.id })).json()).toEqual({
      revoked: true,
    });
    expect(await (await office('devices/revoke', { id: 'x' })).json()).toEqual({ revoked: false });
  });
  it('reads phone numbers by the region that an import says', async () => {
    const purchases = ['(425) 555-0147', '+1 425 555 0147'].map((value, i) => ({
      ...{ id: `pos:${String(i)}`, at: Date.now() - 1000, lines: [{ sku: 'latte' }] },
      customer: { ids: [{ kind: 'phone', value }] },
    }));
    const told = async (options: object): Promise<unknown> =>
      (await office('purchases', { purchases, options })).json();
    expect(await told({})).toMatchObject({ appended: 1, skipped: [{ reason: 'no-customer' }] });
    expect(await told({ region: 7 })).toMatchObject({ appended: 0, duplicates: 1 });
    expect(await told({ region: 'US' })).toMatchObject({ appended: 1, duplicates: 1, skipped: [] });
  });
  it('shows its devices in a table, with times to the second', async () => {
    const added = (await (await office('devices', { place: 's18' })).json()) as { code: string };
    await fetch(`${url}/regulars/sync/v1/devices`, {
      ...{ method: 'POST', body: JSON.stringify({ code: added.code, version: '1.2.3' }) },
      headers: { 'Sync-Protocol': '1' },
    });
    // this very process has the folder: its server is asked by its address
    const { code, out: shown } = await regulars([
      'device',
      'list',
      '--data',
      data(),
      '--server',
      url,
    ]);
    expect(code).toBe(0);
    expect(shown).toMatch(/│ s18 +│ in use +│ 1\.2\.3 +│ \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ │/);
    expect(
      new Set(
        shown
          .trim()
          .split('\n')
          .map((line) => line.length),
      ).size,
    ).toBe(1);
  });
  it('answers what is wrong with a code, and never with a 500', async () => {
    const wrong: readonly (readonly [string, unknown])[] = [
      ['purchases', '{'],
      ['purchases', '[]'],
      ['purchases', 'null'],
      ['purchases', {}],
      ['purchases', { purchases: 'x' }],
      ['purchases', { purchases: Array.from({ length: 1001 }, () => ({})) }],
      ['refunds', { refunds: {} }],
      ['nothing', {}],
    ];
    for (const [path, body] of wrong) {
      const answer = await office(path, body);
      expect(answer.status, path).toBeGreaterThanOrEqual(400);
      expect(answer.status, path).toBeLessThan(500);
      expect(await answer.json()).toMatchObject({ code: 'invalid' });
    }
    const large = await office('purchases', JSON.stringify({ purchases: 'x'.repeat(8_000_000) }));
    expect([large.status, await large.json()]).toMatchObject([413, { code: 'too-large' }]);
    const odd = await office('purchases', { purchases: [null, 1, { __proto__: 1 }], options: 'x' });
    expect(await odd.json()).toMatchObject({ appended: 0 });
  });
  it('ends in order, and lets go of its folder', async () => {
    const { signing } = keysOf(keyIn(data(), undefined).key, 'blue-door');
    const token = await signToken(signing, { scope: 'self', account: 'u_9' }, 1);
    const ask = (path: string): Promise<Response> =>
      fetch(`${url}/regulars/sync/v1/${path}`, {
        headers: { Authorization: `Bearer ${token}`, 'Sync-Protocol': '1' },
      });
    const { cursor } = (await (await ask('pull')).json()) as { cursor: string };
    const waits = ask(`pull?wait=25&cursor=${cursor}`);
    const stream = await ask('events');
    // until both are there
    await new Promise((resolve) => setTimeout(resolve, 300));
    const since = performance.now();
    stop.abort();
    // whoever waits for news is told that there is none, and a stream ends as one does
    expect(await (await waits).json()).toMatchObject({ records: [], cursor });
    expect(await stream.text()).toContain('event: poke');
    expect(await ended).toBe(0);
    expect(performance.now() - since).toBeLessThan(4_000);
    await expect(fetch(`${url}/health`)).rejects.toThrow();
    expect(servingFrom(data())).toBeUndefined();
  });
});
