import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { open } from 'lmdb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { lmdbStorage } from '../../../src/adapters/storage/node-lmdb.js';
import { decodeKey, encodeKey } from '../../../src/adapters/storage/node-lmdb-rows.js';
import { createRegulars } from '../../../src/client/create-regulars.js';
import type { ProfileStorage } from '../../../src/profile/port.js';
import { prepareWriters, type Writer } from '../../support/lmdb-process.js';

const folder = mkdtempSync(join(tmpdir(), 'regulars-lmdb-'));
let start: (args: readonly string[], limit?: string) => Writer;
beforeAll(async () => {
  start = await prepareWriters(join(folder, 'child'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const put = (storage: ProfileStorage, key: string, value: unknown = 1): Promise<void> =>
  storage.transact('readwrite', async (tx) => tx.put('records', key, value));
const keys = async (storage: ProfileStorage): Promise<readonly string[]> =>
  (await storage.transact('readonly', (tx) => tx.list('records'))).map(({ key }) => key);
const opened = async (name: string): Promise<ProfileStorage> => {
  const storage = lmdbStorage({ folder });
  await storage.open({ name });
  return storage;
};
const fileOf = (name: string, file = 'data.mdb'): string => join(folder, `${name}.lmdb`, file);
/** A database with rows, closed. */
async function filled(name: string): Promise<void> {
  const storage = await opened(name);
  await storage.transact('readwrite', async (tx) => {
    for (let i = 0; i < 500; i++) tx.put('records', `r${i}`, 'x'.repeat(500));
  });
  await storage.close();
}

describe('keys', () => {
  it('are one byte for each letter of ASCII, and come back whatever they hold', () => {
    expect([...encodeKey('p:1')]).toEqual([112, 58, 49]);
    for (const key of ['', 'é€', '\u{1f600}', '\ud800', 'a\udc00\ufffd', '\u0000\uffff'])
      expect(decodeKey(encodeKey(key))).toBe(key);
  });

  it('may be longer than LMDB takes, and keep their order among those that begin like them', async () => {
    const storage = await opened('long');
    const head = 'k'.repeat(1900);
    const names = [
      head,
      `${head}a`,
      `${head}b${'x'.repeat(9000)}`,
      `${head}\uffff`,
      `${'k'.repeat(1899)}l`,
    ];
    for (const name of [...names].reverse()) await put(storage, name, name.length);
    const list = (range: object): Promise<readonly string[]> =>
      storage.transact('readonly', async (tx) =>
        (await tx.list('records', range)).map(({ key }) => key),
      );
    expect(await list({})).toEqual(names);
    expect(await list({ prefix: `${head}b` })).toEqual([names[2]]);
    expect(await list({ after: names[1] ?? '', limit: 2 })).toEqual(names.slice(2, 4));
    await storage.transact('readwrite', async (tx) => {
      for (const name of names.slice(1, 4)) tx.remove('records', name);
    });
    expect(await list({})).toEqual([names[0], names[4]]);
    await storage.destroy();
  });
});

describe('a folder', () => {
  it('has a database for each shop, under a name that every system takes', async () => {
    const names = [
      'regulars:blue-door',
      'regulars:Blue-Door',
      '../up',
      'con',
      'ü\ud800',
      'x'.repeat(9000),
    ];
    const own = lmdbStorage({ folder: join(folder, 'names') });
    for (const name of names) {
      await own.open({ name });
      await put(own, name);
      await own.close();
    }
    const found = readdirSync(join(folder, 'names'));
    expect(found).toContain('regulars%3ablue-door.lmdb');
    expect(new Set(found.map((name) => name.toLowerCase())).size).toBe(names.length);
    expect(found.filter((name) => !/^[a-z0-9%~-]{2,200}\.lmdb$/.test(name))).toEqual([]);
    expect(found.filter((name) => name.startsWith('con.'))).toEqual([]);
    for (const name of names) {
      await own.open({ name });
      expect(await keys(own)).toEqual([name]);
      await own.destroy();
    }
    expect(readdirSync(join(folder, 'names'))).toEqual([]);
  });

  it('must be named', () => {
    expect(() => lmdbStorage({ folder: '' })).toThrow(/folder/);
  });

  it('that cannot be made rejects', async () => {
    writeFileSync(join(folder, 'a-file'), '');
    const storage = lmdbStorage({ folder: join(folder, 'a-file') });
    await expect(storage.open({ name: 'x' })).rejects.toMatchObject({ code: 'ERR_STORAGE_FAILED' });
    await expect(put(storage, 'a')).rejects.toMatchObject({ code: 'ERR_STORAGE_CLOSED' });
  });
});

describe('a file that is not sound', () => {
  const damages: Readonly<Record<string, (name: string) => void>> = {
    garbage: (name) => writeFileSync(fileOf(name), Buffer.alloc(300_000, 7)),
    'five bytes': (name) => writeFileSync(fileOf(name), 'hello'),
    'two pages': (name) => truncateSync(fileOf(name), 8192),
    'half of it': (name) => truncateSync(fileOf(name), statSync(fileOf(name)).size / 2),
  };
  for (const [what, damage] of Object.entries(damages))
    it(`(${what}) is an error and no crash, and can be destroyed`, async () => {
      const name = `damaged-${what.replace(/ /g, '-')}`;
      await filled(name);
      damage(name);
      const storage = lmdbStorage({ folder });
      const reading = storage.open({ name }).then(() => keys(storage));
      await expect(reading).rejects.toMatchObject({ code: 'ERR_STORAGE_FAILED' });
      await storage.destroy();
      expect(existsSync(fileOf(name))).toBe(false);
      await storage.open({ name });
      expect(await keys(storage)).toEqual([]);
      await storage.destroy();
    });

  it("(another one's database) is left alone", async () => {
    const root = open({ path: join(folder, 'strange.lmdb'), noSubdir: false });
    await root.put('a', 1);
    await root.close();
    await expect(opened('strange')).rejects.toMatchObject({ code: 'ERR_STORAGE_FAILED' });
  });

  it('(of a newer release) is left alone', async () => {
    await filled('newer');
    const root = open({
      path: join(folder, 'newer.lmdb'),
      noSubdir: false,
      keyEncoding: 'binary',
      encoding: 'binary',
    });
    await root.put(Buffer.of(0), serialize(2));
    await root.close();
    await expect(opened('newer')).rejects.toMatchObject({ code: 'ERR_STORAGE_NEWER' });
  });

  it('(a copy put back) is the database again', async () => {
    await filled('copied');
    cpSync(join(folder, 'copied.lmdb'), join(folder, 'back.lmdb'), { recursive: true });
    const storage = await opened('back');
    expect(await keys(storage)).toHaveLength(500);
    await storage.destroy();
  });
});

describe('two storages of one process', () => {
  it('hear when the other destroys what they have open, and go on with a new one', async () => {
    const [one, two] = [await opened('shared'), await opened('shared')];
    const heard: string[] = [];
    one.listen(({ kind }) => heard.push(`one ${kind}`));
    const stop = two.listen(({ kind }) => heard.push(`two ${kind}`));
    await put(one, 'a');
    await one.destroy();
    expect(heard).toEqual(['two lost']);
    stop();
    await put(two, 'b');
    await one.open({ name: 'shared' });
    expect(await keys(one)).toEqual(['b']);
    await two.close();
    await one.destroy();
  });

  it('open while the other is in the middle of a write', async () => {
    const [one, two] = [await opened('busy'), lmdbStorage({ folder })];
    const writing = Array.from({ length: 50 }, (_, i) => put(one, String(i)));
    await two.open({ name: 'busy' });
    expect(await keys(two)).toHaveLength(50);
    await Promise.all(writing);
    await two.close();
    await one.destroy();
  });
});

describe('two processes', () => {
  it('wait for each other without holding up anything else', async () => {
    const storage = await opened('held');
    const child = start(['hold', folder, 'held', 'x', '400']);
    await child.says('holding');
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 5);
    await put(storage, 'a');
    clearInterval(ticking);
    expect(ticks).toBeGreaterThan(5);
    expect(await child.ended).toBe(0);
    await storage.destroy();
  });

  it('tell each other of a deletion: what is written afterwards is in the new database', async () => {
    const storage = await opened('gone');
    const child = start(['append', folder, 'gone', 'x', '100000']);
    await child.says('ready');
    while (child.lines.length < 5) await put(storage, 'mine');
    await storage.destroy();
    const before = child.lines.length;
    while (child.lines.length < before + 20) await new Promise((resolve) => setTimeout(resolve, 5));
    child.process.kill('SIGKILL');
    await child.ended;
    await storage.open({ name: 'gone' });
    const found = await keys(storage);
    const last = child.lines
      .slice(before + 5)
      .join(' ')
      .split(' ');
    expect(last.filter((id) => !found.some((key) => key.endsWith(id)))).toEqual([]);
    expect(found).not.toContain('mine');
    await storage.destroy();
  });
});

it.skipIf(process.platform === 'win32')(
  'a full disk is ERR_STORAGE_QUOTA, and what was there stays',
  async () => {
    const child = start(['fill', folder, 'full', 'x'], 'trap "" XFSZ; ulimit -f 4000');
    expect(await child.ended).toBe(0);
    const [rows, ...rest] = [...child.lines].reverse().slice(1);
    expect(child.lines.at(-1)).toBe('again');
    expect(rest[0]).toBe('failed ERR_STORAGE_QUOTA true');
    expect(rows).toBe(`rows ${child.lines.filter((line) => /^r\d/.test(line)).length}`);
  },
);

it('without the package, says how to install it', async () => {
  vi.doMock('lmdb', () => {
    throw new Error('Cannot find package');
  });
  await expect(opened('missing')).rejects.toMatchObject({
    code: 'ERR_STORAGE_UNAVAILABLE',
    message: expect.stringContaining('npm install lmdb'),
  });
  vi.doUnmock('lmdb');
});

it('a client on a server is live with it, and remembers over a restart', async () => {
  const make = (): ReturnType<typeof createRegulars> =>
    createRegulars({
      shop: 'blue-door',
      consent: { remember: 'granted' },
      storage: lmdbStorage({ folder }),
    });
  const first = make();
  await first.start();
  expect(first.get().storage).toMatchObject({ kind: 'persistent' });
  const order = { id: 'web:1', lines: [{ sku: 'latte', name: 'Latte' }] };
  expect(await first.recognize({ account: 'u_1' }, { verified: ['account'] })).toMatchObject({
    kind: 'new',
  });
  expect(await first.record(order)).toMatchObject({ kind: 'kept' });
  await first.stop();
  const second = make();
  await second.start();
  expect(await second.recognize({ account: 'u_1' }, { verified: ['account'] })).toMatchObject({
    kind: 'found',
  });
  expect(second.usual()).toMatchObject({ kind: 'last' });
  await second.stop();
});

it('leaves nothing of earlier deletions that were killed half way', async () => {
  await filled('swept');
  mkdirSync(join(folder, 'swept.lmdb.gone-1'));
  await (await opened('swept')).destroy();
  expect(readdirSync(folder).filter((name) => name.startsWith('swept'))).toEqual([]);
});
