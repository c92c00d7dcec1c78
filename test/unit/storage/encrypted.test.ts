import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  encryptedStorage,
  type EncryptedStorageOptions,
} from '../../../src/adapters/storage/encrypted.js';
import { indexedDbStorage } from '../../../src/adapters/storage/indexed-db.js';
import { memoryStorage } from '../../../src/adapters/storage/memory.js';
import { decodeRow } from '../../../src/profile/decode-row.js';
import { appendRecords, readAllRecords } from '../../../src/profile/log.js';
import type { ProfileStorage, StorageRow, StoreName } from '../../../src/profile/port.js';
import { encodeRow } from '../../../src/profile/stored-row.js';
import { createFakeClock } from '../../../src/testing/fake-clock.js';
import { STORES } from '../../../src/testing/storage-check.js';
import { storageContract } from '../../../src/testing/storage-contract.js';

const KEY = new Uint8Array(32).fill(1);
const OTHER = new Uint8Array(32).fill(2);
const SHEP = { name: 'Shep Ørsted', lines: [{ sku: 'flat-white-oat' }] };
const WORDS = /Shep|flat-white/;

let count = 0;
const newName = (): string => `encrypted-${++count}`;

/** A tab: opened, over the database of that name. */
async function tab(
  name: string,
  options: Partial<EncryptedStorageOptions> = {},
  beneath: ProfileStorage = indexedDbStorage(),
): Promise<ProfileStorage> {
  const storage = encryptedStorage(beneath, { key: KEY, ...options });
  await storage.open({ name });
  return storage;
}

const put = (
  storage: ProfileStorage,
  key: string,
  value: unknown,
  store: StoreName = 'records',
): Promise<void> => storage.transact('readwrite', async (tx) => tx.put(store, key, value));
const get = (
  storage: ProfileStorage,
  key: string,
  store: StoreName = 'records',
): Promise<unknown> => storage.transact('readonly', (tx) => tx.get(store, key));

type Everything = Readonly<Record<string, readonly StorageRow[]>>;

/** Every row as it lies in the database, by the back door. */
async function everything(name: string): Promise<Everything> {
  const plain = indexedDbStorage();
  await plain.open({ name });
  const rows = await plain.transact('readonly', (tx) =>
    Promise.all(STORES.map((store) => tx.list(store))),
  );
  await plain.close();
  return Object.fromEntries(STORES.map((store, i) => [store, rows[i] ?? []]));
}

/** All that could be read of it: text, and bytes taken for text. */
function textOf(all: Everything): string {
  return JSON.stringify(all, (_, value: unknown) =>
    ArrayBuffer.isView(value)
      ? new TextDecoder('latin1').decode(value) + new TextDecoder('utf-16le').decode(value)
      : value,
  );
}

/** Changes rows by the back door. */
async function tamper(
  name: string,
  act: (tx: Parameters<Parameters<ProfileStorage['transact']>[1]>[0]) => Promise<void>,
): Promise<void> {
  const plain = indexedDbStorage();
  await plain.open({ name });
  await plain.transact('readwrite', act);
  await plain.close();
}

const isClear = ({ key, value }: StorageRow): boolean =>
  key !== 'encryption' && !(value as { readonly locked?: unknown }).locked;
const clearRows = async (name: string): Promise<number> =>
  Object.values(await everything(name))
    .flat()
    .filter(isClear).length;
const allLocked = (name: string): Promise<void> =>
  vi.waitFor(async () => expect(await clearRows(name)).toBe(0), { interval: 5, timeout: 5000 });

describe('what lies in the database', () => {
  it('shows nothing of a name or an item, in no store', async () => {
    const name = newName();
    const storage = await tab(name);
    for (const store of STORES) await put(storage, 'a', SHEP, store);
    await put(storage, 'bytes', new TextEncoder().encode('Shep'));
    const text = textOf(await everything(name));
    expect(text).not.toMatch(WORDS);
    expect(textOf({ plain: [{ key: 'a', value: SHEP }] })).toMatch(WORDS); // the search would find it
    expect(await get(storage, 'a', 'cards')).toEqual(SHEP);
  });

  it('is different each time the same is written', async () => {
    const name = newName();
    const storage = await tab(name);
    await put(storage, 'a', SHEP);
    await put(storage, 'b', SHEP);
    const { records = [] } = await everything(name);
    const [one, two] = records.map(({ value }) => value as { iv: Uint8Array; box: Uint8Array });
    expect(one?.iv).toHaveLength(12);
    expect(one?.iv).not.toEqual(two?.iv);
    expect(one?.box).not.toEqual(two?.box);
  });

  it('holds no key, and the key that was handed in may be wiped', async () => {
    const name = newName();
    const key = Uint8Array.from({ length: 32 }, (_, i) => i + 64);
    const storage = encryptedStorage(indexedDbStorage(), { key });
    const text = new TextDecoder('latin1').decode(key);
    const copy = key.slice();
    key.fill(0);
    await storage.open({ name });
    await put(storage, 'a', SHEP);
    expect(textOf(await everything(name))).not.toContain(text);
    expect(await get(await tab(name, { key: copy }), 'a')).toEqual(SHEP);
  });

  it('is refused by pages that have no key: they take it for a newer release’s, and write nothing', async () => {
    const name = newName();
    const env = { shop: 'blue-door', device: 'd'.repeat(32), now: 1 };
    const draft = {
      ...{ id: 'r1', subject: 's1', kind: 'fact' as const, by: 'device:d' },
      data: {
        key: 'milk',
        value: 'oat',
        at: 1,
        source: 'customer' as const,
        purpose: 'remember' as const,
      },
    };
    const old = indexedDbStorage();
    await old.open({ name });
    const append = (id: string): Promise<unknown> =>
      old.transact('readwrite', (tx) => appendRecords(tx, [{ ...draft, id }], env));
    await append('before');
    const storage = await tab(name);
    await allLocked(name);
    await expect(append('after')).rejects.toMatchObject({ code: 'ERR_STORAGE_NEWER' });
    const records = await storage.transact('readonly', (tx) => readAllRecords(tx));
    expect(records.map(({ id }) => id)).toEqual(['before']);
  });
});

describe('a page that has no key', () => {
  it('loses nothing that it appends while the first rows are being encrypted', async () => {
    const name = newName();
    const env = { shop: 'blue-door', device: 'd'.repeat(32), now: 1 };
    const about = { at: 1, source: 'customer', purpose: 'remember' } as const;
    const append = (to: Pick<ProfileStorage, 'transact'>, id: string): Promise<unknown> =>
      to.transact('readwrite', (tx) =>
        appendRecords(
          tx,
          [
            {
              id,
              subject: 's1',
              kind: 'fact',
              by: 'device:d',
              data: { key: id, value: 1, ...about },
            },
          ],
          env,
        ),
      );
    const old = indexedDbStorage();
    await old.open({ name });
    await append(old, 'one');
    const inner = indexedDbStorage();
    let done = false;
    const beneath: ProfileStorage = {
      ...inner,
      transact: async (mode, body, options) => {
        let passes = false;
        const result = await inner.transact(
          mode,
          (tx) =>
            body({
              ...tx,
              list: (store, range) => {
                passes ||= mode === 'readonly' && store === 'meta' && range?.limit !== undefined;
                return tx.list(store, range);
              },
            }),
          options,
        );
        if (passes && !done) {
          done = true;
          await append(old, 'two');
        }
        return result;
      },
    };
    const storage = encryptedStorage(beneath, { key: KEY });
    await storage.open({ name });
    expect(done).toBe(true);
    await append(storage, 'three');
    await storage.transact('readonly', async (tx) => {
      expect((await readAllRecords(tx)).map(({ id }) => id)).toEqual(['one', 'two', 'three']);
      expect(await tx.list('outbox')).toHaveLength(3);
    });
  });
});

describe('a key that is wrong, refused or lost', () => {
  const refused: Readonly<Record<string, EncryptedStorageOptions['key']>> = {
    'is another one': OTHER,
    'is not given': () => undefined,
    'cannot be asked for': () => Promise.reject(new Error('signed out')),
    throws: () => {
      throw new Error('no');
    },
    'is too short': () => new Uint8Array(16),
    'is no key at all': () => 'secret' as unknown as Uint8Array,
  };
  for (const [why, key] of Object.entries(refused)) {
    it(`${why}: the outcome is locked, and every byte stays as it is`, async () => {
      const name = newName();
      const first = await tab(name);
      for (const store of STORES) await put(first, 'a', SHEP, store);
      await first.close();
      const before = await everything(name);
      const storage = encryptedStorage(indexedDbStorage(), { key });
      expect(await storage.open({ name })).toMatchObject({
        ...{ kind: 'memory', reason: 'locked' },
        error: { code: 'ERR_STORAGE_LOCKED' },
      });
      expect(await get(storage, 'a')).toBeUndefined();
      await put(storage, 'a', 'meanwhile');
      expect(await get(storage, 'a')).toBe('meanwhile');
      await storage.close();
      expect(await everything(name)).toEqual(before);
      expect(await get(await tab(name), 'a')).toEqual(SHEP);
    });

    it(`${why}: open rejects where no memory is wanted`, async () => {
      const name = newName();
      await put(await tab(name), 'a', SHEP);
      const storage = encryptedStorage(indexedDbStorage(), { key, otherwise: 'reject' });
      await expect(storage.open({ name })).rejects.toMatchObject({ code: 'ERR_STORAGE_LOCKED' });
      await expect(put(storage, 'a', 1)).rejects.toMatchObject({ code: 'ERR_STORAGE_CLOSED' });
    });
  }

  it('that never comes ends the waiting in time', async () => {
    const clock = createFakeClock(0);
    const storage = encryptedStorage(indexedDbStorage(), {
      clock,
      key: () => new Promise(() => undefined),
    });
    const opening = storage.open({ name: newName(), timeoutMs: 700 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    clock.advance(700);
    expect(await opening).toMatchObject({ kind: 'memory', reason: 'locked' });
  });

  it('is asked for anew at each opening, and opening a locked storage again is enough', async () => {
    const name = newName();
    await put(await tab(name), 'a', SHEP);
    let key: Uint8Array | undefined;
    const asked = vi.fn<() => Promise<Uint8Array | undefined>>(async () => key);
    const storage = encryptedStorage(indexedDbStorage(), { key: asked });
    expect((await storage.open({ name })).reason).toBe('locked');
    key = KEY;
    expect(await storage.open({ name })).toEqual({ kind: 'persistent' });
    expect(await get(storage, 'a')).toEqual(SHEP);
    await storage.open({ name });
    expect(asked).toHaveBeenCalledTimes(2);
    key = undefined;
    await storage.close();
    expect((await storage.open({ name })).reason).toBe('locked');
  });

  it('is never asked for where the database itself cannot be had', async () => {
    const asked = vi.fn<() => Uint8Array>(() => KEY);
    const beneath: ProfileStorage = {
      ...indexedDbStorage(),
      open: async () => ({ kind: 'memory', reason: 'blocked' }),
      transact: async () => 'from memory' as never,
    };
    const storage = encryptedStorage(beneath, { key: asked });
    expect(await storage.open({ name: newName() })).toEqual({ kind: 'memory', reason: 'blocked' });
    expect(await get(storage, 'a')).toBe('from memory');
  });

  it('leaves no connection behind that would hold up another page', async () => {
    const name = newName();
    await put(await tab(name), 'a', SHEP);
    const beneath = indexedDbStorage();
    const close = vi.fn<() => Promise<void>>(() => beneath.close());
    const storage = encryptedStorage({ ...beneath, close }, { key: OTHER });
    await storage.open({ name });
    expect(close).toHaveBeenCalledTimes(1);
    await expect(beneath.transact('readonly', async () => 1)).rejects.toMatchObject({
      code: 'ERR_STORAGE_CLOSED',
    });
  });

  it('is decided by the first of two pages that open an empty database at once', async () => {
    for (let i = 0; i < 10; i++) {
      const name = newName();
      const pages = [KEY, OTHER].map((key) => encryptedStorage(indexedDbStorage(), { key }));
      const opened = await Promise.all(pages.map((page) => page.open({ name })));
      expect(opened.map(({ kind }) => kind).toSorted()).toEqual(['memory', 'persistent']);
    }
  });

  it('is not needed to destroy', async () => {
    const name = newName();
    await put(await tab(name), 'a', SHEP);
    const storage = encryptedStorage(indexedDbStorage(), { key: OTHER });
    expect((await storage.open({ name })).reason).toBe('locked');
    await storage.destroy();
    const { records } = await everything(name);
    expect(records).toEqual([]);
  });

  it('is refused at once where it can be no key', () => {
    const make = (key: unknown) => () =>
      encryptedStorage(indexedDbStorage(), { key: key as Uint8Array });
    for (const key of [undefined, null, '', 'x'.repeat(32), new Uint8Array(31), {}, 32])
      expect(make(key)).toThrow(expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }) as Error);
  });

  it('may be one of WebCrypto that cannot be taken out', async () => {
    const name = newName();
    const raw = await crypto.subtle.importKey('raw', KEY, 'AES-GCM', false, ['encrypt', 'decrypt']);
    await put(await tab(name, { key: raw }), 'a', SHEP);
    expect(await get(await tab(name), 'a')).toEqual(SHEP);
    const weak = await crypto.subtle.importKey('raw', KEY, 'AES-GCM', false, ['decrypt']);
    expect(() => encryptedStorage(indexedDbStorage(), { key: weak })).toThrow();
  });
});

describe('without WebCrypto', () => {
  afterEach(() => vi.unstubAllGlobals());
  it('the outcome is locked', async () => {
    const name = newName();
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
    const storage = encryptedStorage(indexedDbStorage(), { key: KEY });
    expect(await storage.open({ name })).toMatchObject({ kind: 'memory', reason: 'locked' });
    expect(textOf(await everything(name))).not.toContain('encryption');
  });
});

describe('rows that somebody changed', () => {
  const damage: Readonly<Record<string, (name: string) => Promise<void>>> = {
    'that changed places': (name) =>
      tamper(name, async (tx) => {
        const [a, b] = [await tx.get('records', 'a'), await tx.get('records', 'b')];
        tx.put('records', 'a', b);
        tx.put('records', 'b', a);
      }),
    'that came from another store': (name) =>
      tamper(name, async (tx) => {
        tx.put('records', 'a', await tx.get('cards', 'a'));
        tx.put('records', 'b', await tx.get('cards', 'b'));
      }),
    'of which a bit was turned': (name) =>
      tamper(name, async (tx) => {
        for (const key of ['a', 'b']) {
          const row = (await tx.get('records', key)) as { readonly box: Uint8Array };
          tx.put('records', key, { ...row, box: row.box.map((byte, i) => byte ^ Number(i === 0)) });
        }
      }),
    'that were cut short': (name) =>
      tamper(name, async (tx) => {
        for (const key of ['a', 'b']) {
          const row = (await tx.get('records', key)) as { readonly box: Uint8Array };
          tx.put('records', key, { ...row, box: row.box.slice(0, 3) });
        }
      }),
  };
  for (const [how, act] of Object.entries(damage))
    it(`${how} are corrupt, alone, and stay until they are written`, async () => {
      const name = newName();
      const storage = await tab(name);
      for (const key of ['a', 'b', 'c'])
        for (const store of STORES) await put(storage, key, encodeRow(key + store), store);
      await act(name);
      const before = await everything(name);
      expect(decodeRow(await get(storage, 'a'))).toEqual({ kind: 'corrupt' });
      const listed = await storage.transact('readonly', (tx) => tx.list('records'));
      expect(listed.map(({ value }) => decodeRow(value).kind)).toEqual([
        'corrupt',
        'corrupt',
        'ok',
      ]);
      expect(await everything(name)).toEqual(before);
      await put(storage, 'a', encodeRow('new'));
      expect(decodeRow(await get(storage, 'a'))).toMatchObject({ value: 'new' });
    });

  it('of another shop, with the same key, are corrupt too', async () => {
    const [one, two] = [newName(), newName()];
    const [storage, other] = [await tab(one), await tab(two)];
    await put(storage, 'a', SHEP);
    await put(other, 'a', SHEP);
    const { records = [] } = await everything(one);
    await tamper(two, async (tx) => tx.put('records', 'a', records[0]?.value));
    expect(decodeRow(await get(other, 'a'))).toEqual({ kind: 'corrupt' });
  });

  it('and the row of our own: a key that opens the rest is not locked out, another one is', async () => {
    for (const broken of [undefined, 'rubbish', { locked: 1, iv: KEY, box: KEY, commit: '' }]) {
      const name = newName();
      const storage = await tab(name);
      await put(storage, 'device', SHEP, 'meta');
      await put(storage, 'a', SHEP);
      await storage.close();
      await tamper(name, async (tx) =>
        broken ? tx.put('meta', 'encryption', broken) : tx.remove('meta', 'encryption'),
      );
      const before = await everything(name);
      const wrong = encryptedStorage(indexedDbStorage(), { key: OTHER });
      expect((await wrong.open({ name })).reason).toBe('locked');
      expect(await everything(name)).toEqual(before);
      const right = await tab(name);
      expect(await get(right, 'a')).toEqual(SHEP);
      expect(await get(right, 'device', 'meta')).toEqual(SHEP);
    }
  });

  it('our own is seen by nobody, and nobody may write it', async () => {
    const storage = await tab(newName());
    await put(storage, 'a', 1, 'meta');
    const rows = await storage.transact('readonly', (tx) => tx.list('meta', { limit: 5 }));
    expect(rows).toEqual([{ key: 'a', value: 1 }]);
    expect(await get(storage, 'encryption', 'meta')).toBeUndefined();
    const writing = put(storage, 'encryption', 1, 'meta');
    await expect(writing).rejects.toMatchObject({ code: 'ERR_STORAGE_FAILED' });
  });
});

/** A database that was filled before anybody thought of a key. */
async function filled(name: string, rows: number): Promise<void> {
  const plain = indexedDbStorage();
  await plain.open({ name });
  await plain.transact('readwrite', async (tx) => {
    for (const store of STORES)
      for (let i = 0; i < rows; i++) tx.put(store, `${i}`, { ...SHEP, i });
  });
  await plain.close();
}

const isWhole = async (storage: ProfileStorage, rows: number): Promise<void> => {
  for (const store of STORES) {
    const found = await storage.transact('readonly', (tx) => tx.list(store));
    expect(found.map(({ value }) => (value as { i: number }).i).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: rows }, (_, i) => i),
    );
  }
};

/** A page that is killed after so many of its transactions: from then on nothing answers. */
function mortal(lives: number): { readonly storage: ProfileStorage; readonly dead: Promise<void> } {
  const storage = indexedDbStorage();
  let left = lives;
  let die = (): void => undefined;
  const dead = new Promise<void>((resolve) => (die = resolve));
  const transact: ProfileStorage['transact'] = (...call) => {
    if (left-- > 0) return storage.transact(...call);
    die();
    return new Promise(() => undefined);
  };
  return { storage: { ...storage, transact }, dead };
}

describe('data from before', () => {
  it('is there at once, and encrypted soon', async () => {
    const name = newName();
    await filled(name, 250);
    const storage = await tab(name);
    await isWhole(storage, 250);
    await allLocked(name);
    expect(textOf(await everything(name))).not.toMatch(WORDS);
    await isWhole(storage, 250);
  });

  it('has what stops pages without a key encrypted when open resolves', async () => {
    const name = newName();
    await filled(name, 150);
    const storage = encryptedStorage(mortal(9).storage, { key: KEY });
    await storage.open({ name });
    const { meta = [] } = await everything(name);
    expect(meta.filter(isClear)).toEqual([]);
    expect(await clearRows(name)).toBeGreaterThan(0);
  });

  it('is whole wherever the page is killed, and the next one goes on', async () => {
    for (let lives = 0; lives < 24; lives++) {
      const name = newName();
      await filled(name, 120);
      const { storage, dead } = mortal(lives);
      void encryptedStorage(storage, { key: KEY }).open({ name });
      await dead;
      const next = await tab(name);
      await isWhole(next, 120);
      await allLocked(name);
      await isWhole(next, 120);
      await next.close();
    }
  });

  it('loses nothing to what is written meanwhile, here and in another tab', async () => {
    const name = newName();
    await filled(name, 400);
    const [one, two] = await Promise.all([tab(name), tab(name)]);
    const writes = Array.from({ length: 40 }, (_, i) =>
      put(i % 2 ? one : two, `${i * 10}`, { ...SHEP, i: i * 10, again: true }, 'outbox'),
    );
    await Promise.all(writes);
    await allLocked(name);
    await isWhole(one, 400);
    const found = await two.transact('readonly', (tx) => tx.list('outbox'));
    const again = found.filter(({ value }) => 'again' in (value as object));
    expect(again).toHaveLength(40);
  });

  it('of a page that still wrote without a key is encrypted when it is read', async () => {
    const name = newName();
    const storage = await tab(name);
    await put(storage, 'a', SHEP);
    await tamper(name, async (tx) => tx.put('meta', 'device', SHEP));
    expect(await clearRows(name)).toBe(1);
    expect(await get(storage, 'device', 'meta')).toEqual(SHEP);
    await allLocked(name);
    expect(await get(storage, 'device', 'meta')).toEqual(SHEP);
  });

  it('that is unreadable is left as it is by the pass', async () => {
    const name = newName();
    await filled(name, 3);
    const foreign = { locked: 1, v: 9, iv: new Uint8Array(12), box: new Uint8Array(40) };
    await tamper(name, async (tx) => tx.put('records', 'x', foreign));
    await tab(name);
    await allLocked(name);
    const { records = [] } = await everything(name);
    expect(records.find(({ key }) => key === 'x')?.value).toEqual(foreign);
  });
});

describe('another key', () => {
  it('takes the place of the former one, wherever the page is killed', async () => {
    for (let lives = 1; lives < 13; lives += 2) {
      const name = newName();
      await filled(name, 60);
      await tab(name);
      await allLocked(name);
      const both = { key: OTHER, formerKey: KEY };
      const { storage, dead } = mortal(lives);
      void encryptedStorage(storage, both).open({ name });
      await dead;
      const next = await tab(name, both);
      await isWhole(next, 60);
      const pass = (): Promise<unknown> =>
        everything(name).then(
          ({ meta = [] }) => meta.find(({ key }) => key === 'encryption')?.value,
        );
      await vi.waitFor(async () => expect(await pass()).toMatchObject({ pass: null }));
      expect(await pass()).not.toHaveProperty('former');
      await next.close();
      await isWhole(await tab(name, { key: OTHER }), 60);
      const former = encryptedStorage(indexedDbStorage(), { key: KEY });
      expect((await former.open({ name })).reason).toBe('locked');
    }
  });

  it('is enough where the former one has done its service: that is not asked for', async () => {
    const name = newName();
    await put(await tab(name), 'a', SHEP);
    const asked = vi.fn<() => Uint8Array>(() => KEY);
    const first = await tab(name, { key: OTHER, formerKey: asked });
    expect(asked).toHaveBeenCalledTimes(1);
    await vi.waitFor(async () =>
      expect((await everything(name))['meta']?.[0]?.value).toMatchObject({ pass: null }),
    );
    await first.close();
    const next = await tab(name, { key: OTHER, formerKey: asked });
    expect(await get(next, 'a')).toEqual(SHEP);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('alone does not open what is half way to it', async () => {
    const name = newName();
    await filled(name, 150);
    await tab(name);
    await allLocked(name);
    await encryptedStorage(mortal(10).storage, { key: OTHER, formerKey: KEY }).open({ name });
    const alone = encryptedStorage(indexedDbStorage(), { key: OTHER });
    expect((await alone.open({ name })).reason).toBe('locked');
    const third = encryptedStorage(indexedDbStorage(), {
      key: new Uint8Array(32),
      formerKey: OTHER,
    });
    expect((await third.open({ name })).reason).toBe('locked');
    await isWhole(await tab(name, { key: OTHER, formerKey: KEY }), 150);
  });

  it('stops the pages that have the former one: they write nothing more', async () => {
    const name = newName();
    const old = await tab(name);
    await put(old, 'a', SHEP);
    await tab(name, { key: OTHER, formerKey: KEY });
    await expect(put(old, 'a', 'lost')).rejects.toMatchObject({ code: 'ERR_STORAGE_LOCKED' });
    await expect(get(old, 'a')).rejects.toMatchObject({ code: 'ERR_STORAGE_LOCKED' });
    const now = await tab(name, { key: OTHER, formerKey: KEY });
    expect(await get(now, 'a')).toEqual(SHEP);
  });
});

const inTurn = fc.record({
  act: fc.constantFrom('put', 'remove', 'get', 'list'),
  store: fc.constantFrom<StoreName>('records', 'meta'),
  key: fc.constantFrom('', 'a', 'aa', 'b', 'e', 'f'), // our own row lies between the last two
  prefix: fc.constantFrom('', 'a', 'e'),
  after: fc.constantFrom(undefined, '', 'a', 'encryption'),
  limit: fc.constantFrom(undefined, 0, 1, 2, 3),
});

describe('a transaction', () => {
  it('reads what it has written, as one in memory does, and what it removed is gone for it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(inTurn, { minLength: 6, maxLength: 16 }), { minLength: 2, maxLength: 4 }),
        async (transactions) => {
          const name = newName();
          const memory = memoryStorage();
          await memory.open({ name });
          const storage = await tab(name);
          let n = 0;
          for (const steps of transactions) {
            const values = steps.map(() => ++n);
            const run = (on: ProfileStorage): Promise<readonly unknown[]> =>
              on.transact('readwrite', (tx) =>
                Promise.all(
                  steps.map(async ({ act, store, key, prefix, after, limit }, i) => {
                    if (act === 'put') return tx.put(store, key, values[i]);
                    if (act === 'remove') return tx.remove(store, key);
                    if (act === 'get') return tx.get(store, key);
                    const range = { prefix, ...(after !== undefined && { after }) };
                    return tx.list(store, { ...range, ...(limit !== undefined && { limit }) });
                  }),
                ),
              );
            expect(await run(storage)).toEqual(await run(memory));
          }
          await storage.destroy();
        },
      ),
      { seed: 20260301, numRuns: 200 },
    );
  });

  it('that is over answers nothing more', async () => {
    const storage = await tab(newName());
    const late = await storage.transact('readonly', async (tx) => ({ tx }));
    await expect(late.tx.get('records', 'a')).rejects.toMatchObject({ code: 'ERR_STORAGE_FAILED' });
    await expect(late.tx.list('records')).rejects.toMatchObject({ code: 'ERR_STORAGE_FAILED' });
    expect(() => late.tx.remove('records', 'a')).toThrow('it is over');
  });
});

describe('several tabs', () => {
  const append = (storage: ProfileStorage): Promise<void> =>
    storage.transact('readwrite', async (tx) => {
      const rows = await tx.list('records');
      const sum = (await tx.get('meta', 'sum')) as number | undefined;
      tx.put('records', String(rows.length).padStart(4, '0'), rows.length);
      tx.put('meta', 'sum', (sum ?? 0) + 1);
    });
  const race = async (
    make: () => Promise<ProfileStorage>,
    each: number,
  ): Promise<readonly unknown[]> => {
    const tabs = [await make(), await make(), await make()];
    await Promise.all(
      tabs.map(async (storage) => {
        for (let i = 0; i < each; i++) await append(storage);
      }),
    );
    const [storage] = tabs;
    const rows = await storage?.transact('readonly', (tx) => tx.list('records'));
    return [rows?.length, storage && (await get(storage, 'sum', 'meta'))];
  };

  it('that append as fast as they can lose nothing', async () => {
    const name = newName();
    expect(await race(() => tab(name), 40)).toEqual([120, 120]);
  });

  it('would lose something if commits were not told apart: this test can fail', async () => {
    const name = newName();
    const blind = (): ProfileStorage => {
      const storage = indexedDbStorage();
      return {
        ...storage,
        transact: (mode, body, options) =>
          storage.transact(
            mode,
            (tx) =>
              body({
                ...tx,
                put: (store, key, value) =>
                  tx.put(
                    store,
                    key,
                    key === 'encryption' ? { ...(value as object), commit: 'x' } : value,
                  ),
              }),
            options,
          ),
      };
    };
    const [rows] = await race(() => tab(name, {}, blind()), 40);
    expect(rows).toBeLessThan(120);
  });

  it('see one state of the data in one transaction, however often they read in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 5, maxLength: 15 }),
        fc.array(fc.nat({ max: 4 }), { minLength: 3, maxLength: 8 }),
        async (amounts, pauses) => {
          const name = newName();
          const [writer, reader] = [await tab(name), await tab(name)];
          await writer.transact('readwrite', async (tx) => {
            tx.put('cards', 'a', 0);
            tx.put('tokens', 'b', 0);
          });
          const writing = (async () => {
            for (const amount of amounts)
              await writer.transact('readwrite', async (tx) => {
                tx.put('cards', 'a', ((await tx.get('cards', 'a')) as number) - amount);
                tx.put('tokens', 'b', ((await tx.get('tokens', 'b')) as number) + amount);
              });
          })();
          for (const pause of pauses) {
            await new Promise((resolve) => setTimeout(resolve, pause));
            const sum = await reader.transact('readonly', async (tx) => {
              const a = (await tx.get('cards', 'a')) as number;
              await tx.get('meta', 'nothing');
              return a + ((await tx.list('tokens'))[0]?.value as number);
            });
            expect(sum).toBe(0);
          }
          await writing;
          await writer.destroy().catch(() => undefined);
        },
      ),
      { seed: 20260301, numRuns: 25 },
    );
  });

  it('that write all the time let a body end with an error that may be tried again', async () => {
    const name = newName();
    const other = await tab(name);
    let isBusy = false;
    const beneath = indexedDbStorage();
    const transact: ProfileStorage['transact'] = async (mode, ...call) => {
      if (isBusy && mode === 'readwrite') await put(other, 'b', 'theirs'); // always a moment sooner
      return beneath.transact(mode, ...call);
    };
    const storage = await tab(name, {}, { ...beneath, transact });
    isBusy = true;
    let runs = 0;
    const reading = storage.transact('readwrite', async (tx) => {
      runs++;
      await tx.get('records', 'a');
      tx.put('records', 'a', 'mine');
    });
    await expect(reading).rejects.toMatchObject({ code: 'ERR_STORAGE_FAILED', retryable: true });
    expect(runs).toBe(40);
    expect(await get(storage, 'a')).toBeUndefined();
    isBusy = false;
    await put(storage, 'a', 'mine');
    expect(await get(other, 'a')).toBe('mine');
  });
});

describe('pages that take turns', () => {
  afterEach(() => vi.unstubAllGlobals());
  const locks = (request: unknown): void => {
    vi.stubGlobal('navigator', { locks: { request } });
  };

  it('ask for the lock of their database to write, and not for a first reading', async () => {
    const name = newName();
    const storage = await tab(name);
    const asked: string[] = [];
    locks(async (lock: string, _: unknown, act: () => Promise<void>) => {
      asked.push(lock);
      await act();
    });
    await get(storage, 'a');
    expect(asked).toEqual([]);
    await put(storage, 'a', 1);
    expect(asked).toEqual([`${name}:encryption`]);
    await expect(put(storage, 'a', () => 1)).rejects.toMatchObject({ code: 'ERR_STORAGE_FAILED' });
  });

  it('wait a second for one that is frozen, once; and take turns again when it wakes', async () => {
    const clock = createFakeClock(0);
    const storage = await tab(newName(), { clock });
    let isFrozen = true;
    const waiting: (() => void)[] = [];
    const granted: string[] = [];
    type Options = { readonly signal?: AbortSignal };
    locks(
      async (
        name: string,
        ...more: readonly [() => Promise<void>] | [Options, () => Promise<void>]
      ) => {
        const [options, act]: readonly [Options, () => Promise<void>] =
          more.length === 1 ? [{}, more[0]] : more;
        if (isFrozen)
          await new Promise<void>((resolve, reject) => {
            waiting.push(resolve);
            options.signal?.addEventListener('abort', () =>
              reject(new DOMException('late', 'AbortError')),
            );
          });
        granted.push(name);
        await act();
      },
    );
    const pause = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 20));
    let done = false;
    const writing = put(storage, 'a', SHEP).then(() => (done = true));
    await pause();
    clock.advance(999);
    await pause();
    expect(done).toBe(false);
    clock.advance(1);
    await writing;
    expect(await get(storage, 'a')).toEqual(SHEP);
    await put(storage, 'b', SHEP); // no clock moves: this one did not wait
    expect(granted).toEqual([]);
    isFrozen = false;
    for (const wake of waiting) wake();
    await pause();
    await put(storage, 'c', SHEP);
    expect(granted).toHaveLength(2);
  });

  it('go without where a frame may have no locks', async () => {
    const storage = await tab(newName());
    locks(async () => {
      throw new DOMException('denied', 'SecurityError');
    });
    await put(storage, 'a', SHEP);
    expect(await get(storage, 'a')).toEqual(SHEP);
  });
});

describe('a database that the browser emptied or took away', () => {
  it('is filled again under the same key', async () => {
    const name = newName();
    const storage = await tab(name);
    await put(storage, 'a', SHEP);
    await tamper(name, async (tx) => {
      for (const store of STORES) for (const { key } of await tx.list(store)) tx.remove(store, key);
    });
    expect(await get(storage, 'a')).toBeUndefined();
    await put(storage, 'b', SHEP);
    expect(await clearRows(name)).toBe(0);
    expect(await get(await tab(name), 'b')).toEqual(SHEP);
    const wrong = encryptedStorage(indexedDbStorage(), { key: OTHER });
    expect((await wrong.open({ name })).reason).toBe('locked');
  });

  it('under a commit that was made all the same does not write it twice', async () => {
    const name = newName();
    const beneath = indexedDbStorage();
    let isLost = false;
    let runs = 0;
    const storage = await tab(
      name,
      {},
      {
        ...beneath,
        // the connection is lost after the commit, before its answer: the storage runs the body again
        transact: async (mode, body, options) => {
          const result = await beneath.transact(mode, body, options);
          return mode === 'readwrite' && isLost ? beneath.transact(mode, body, options) : result;
        },
      },
    );
    isLost = true;
    await storage.transact('readwrite', async (tx) => {
      runs++;
      tx.put('records', 'n', (((await tx.get('records', 'n')) as number | undefined) ?? 0) + 1);
    });
    expect([runs, await get(storage, 'n')]).toEqual([1, 1]);
  });
});

describe('indexedDbStorage with a key', () => {
  const make = (): ProfileStorage => indexedDbStorage({ encryption: { key: KEY } });
  for (const { name, check } of storageContract) it(name, () => check(make));

  it('keeps its name, and nothing in the clear', async () => {
    const name = newName();
    const storage = make();
    expect(storage.name).toBe('indexed-db');
    expect(await storage.open({ name })).toEqual({ kind: 'persistent' });
    await put(storage, 'a', SHEP);
    expect(await clearRows(name)).toBe(0);
    await storage.close();
    const locked = indexedDbStorage({ encryption: { key: OTHER } });
    expect(await locked.open({ name })).toMatchObject({ kind: 'memory', reason: 'locked' });
    const rejecting = indexedDbStorage({ encryption: { key: OTHER }, otherwise: 'reject' });
    await expect(rejecting.open({ name })).rejects.toMatchObject({ code: 'ERR_STORAGE_LOCKED' });
  });

  it('copies the key before the host may wipe it', async () => {
    const name = newName();
    const key = KEY.slice();
    const storage = indexedDbStorage({ encryption: { key } });
    key.fill(0);
    await storage.open({ name });
    await put(storage, 'a', SHEP);
    expect(await get(await tab(name), 'a')).toEqual(SHEP);
  });

  it('never writes in the clear, whatever it is given for a key', async () => {
    const name = newName();
    for (const key of ['secret', undefined, new Uint8Array(31)]) {
      const storage = indexedDbStorage({ encryption: { key: key as Uint8Array } });
      const opening = storage.open({ name });
      const writing = put(storage, 'a', SHEP);
      await expect(opening).rejects.toMatchObject({ code: 'ERR_OPTIONS_INVALID' });
      await expect(writing).rejects.toBeInstanceOf(Error);
      await expect(put(storage, 'a', SHEP)).rejects.toMatchObject({ code: 'ERR_STORAGE_CLOSED' });
      await storage.close();
    }
    expect(textOf(await everything(name))).not.toMatch(WORDS);
  });

  it('can be destroyed before it was unlocked', async () => {
    const name = newName();
    const storage = make();
    await storage.open({ name });
    await put(storage, 'a', SHEP);
    await storage.close();
    const locked = indexedDbStorage({ encryption: { key: () => undefined } });
    await locked.open({ name });
    await locked.destroy();
    expect((await everything(name))['records']).toEqual([]);
  });
});
