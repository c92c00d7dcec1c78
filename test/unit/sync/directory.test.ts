import { beforeEach, describe, expect, it } from 'vitest';
import { memoryDatabase } from '../../../src/adapters/database/memory.js';
import { pgliteDatabase } from '../../../src/adapters/database/node-pglite.js';
import { memoryStorage } from '../../../src/adapters/storage/memory.js';
import { httpTransport } from '../../../src/adapters/transport/http.js';
import { createDirectoryDisk } from '../../../src/client/directory-disk.js';
import { createRegulars } from '../../../src/client/create-regulars.js';
import { tillDirectory, type TillDirectory } from '../../../src/client/directory.js';
import type { Regulars } from '../../../src/client/types.js';
import type { DirectoryPage, RawIdentifier } from '../../../src/identity/port.js';
import { toBase64url } from '../../../src/kernel/base64url.js';
import { RegularsError } from '../../../src/kernel/errors.js';
import { hash32 } from '../../../src/kernel/hash.js';
import type { ProfileStorage } from '../../../src/profile/port.js';
import type { Database } from '../../../src/server/port.js';
import type { Authorized } from '../../../src/server/types.js';
import { createSealKeys, sealRecords } from '../../../src/sync/seal.js';
import type { Transport } from '../../../src/sync/port.js';
import { createFakeClock, seededRandom, type FakeClock } from '../../../src/testing/fake-clock.js';
import { rest } from '../../support/fleet.js';
import {
  batch,
  NOW,
  self,
  SHOP,
  staff,
  startServer,
  till as kiosk,
  writing,
  type TestServer,
} from '../../support/server.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const seal = await createSealKeys();

beforeEach(() => {
  for (const name of ['localStorage', 'indexedDB', 'BroadcastChannel'])
    Reflect.deleteProperty(globalThis, name);
});

const startShop = (database: Database = memoryDatabase()): TestServer =>
  startServer({
    database,
    clock: createFakeClock(NOW),
    keys: () => ({ key: new Uint8Array(32).fill(7), seal: [seal.privateKey] }),
    limits: { lookUpMs: 0 },
  });

/** A customer with an account and a phone, who did or did not say "greet me by my number". */
async function customer(
  server: TestServer,
  name: string,
  { phone, allows = true }: { readonly phone?: string; readonly allows?: boolean } = {},
): Promise<string> {
  const subject = `s-${name}`;
  const { link, purchase, record } = writing(hash32(name).toString(16).padStart(8, '0'));
  const at = server.clock.now();
  const said = (key: string, value: string | boolean): unknown =>
    record(subject, 'fact', { key, value, at, source: 'customer', purpose: 'remember' });
  const identifiers: RawIdentifier[] = phone === undefined ? [] : [{ type: 'phone', value: phone }];
  const claims = identifiers.map(async ({ type, value }) => {
    const box = await sealRecords(seal.publicKey, SHOP, {
      records: [],
      identifiers: [{ token: '', type, value }],
    });
    const claim = link(subject, type, '');
    return { ...claim, data: { ...claim.data, identifier: { sealed: box } } };
  });
  const sent = batch(
    link(subject, 'account', `u-${name}`),
    ...(await Promise.all(claims)),
    purchase(subject, `web:${name}`),
    said('name.given', name),
    said('address', '1 Pine St'),
    ...(allows ? [said('greet-by-number', true)] : []),
  );
  const answer = await server.call('push', self(`u-${name}`, identifiers), sent);
  const { results } = (await answer.json()) as { results: readonly { status: string }[] };
  expect(results.every(({ status }) => status === 'accepted')).toBe(true);
  return subject;
}

interface Till {
  readonly clock: FakeClock;
  readonly line: { isCut: boolean; who: Authorized; pages: number };
  readonly storage: ProfileStorage;
  readonly errors: unknown[];
  /** The server says that something is new. */
  readonly poke: () => void;
  /** A page of it: of one before, only the disk is left. */
  readonly begin: () => Promise<{ readonly page: Regulars; readonly directory: TillDirectory }>;
}

function createTill(server: TestServer, disk: ProfileStorage = diskOf()): Till {
  const clock = createFakeClock(NOW);
  const line = { isCut: false, who: { ...staff, device: 'till-1' } as Authorized, pages: Infinity };
  const errors: unknown[] = [];
  let poke = (): void => undefined;
  const subscribe: Transport['subscribe'] = (act) => {
    poke = act;
    return () => undefined;
  };
  const transport = httpTransport({
    url: 'https://shop.example/regulars',
    token: () => encodeURIComponent(JSON.stringify(line.who)),
    fetch: async (...request) => {
      const asked = new Request(...request);
      if (line.isCut) throw new TypeError('fetch failed');
      if (asked.url.endsWith('/directory') && line.pages-- <= 0)
        throw new TypeError('fetch failed');
      return server.server.handle(asked);
    },
  });
  return {
    ...{ clock, line, storage: disk, errors },
    poke: () => {
      poke();
    },
    begin: async () => {
      const directory = tillDirectory({
        ...{ shop: SHOP, transport: { ...transport, subscribe }, clock },
        storage: disk,
        onError: (error) => void errors.push(error),
      });
      const page = createRegulars({
        ...{
          shop: SHOP,
          mode: 'staff',
          clock,
          random: seededRandom(3),
          region: 'US',
          storage: memoryStorage(),
        },
        backend: directory.backend,
      });
      await page.start();
      return { page, directory };
    },
  };
}

/** A storage in memory that says it outlives its pages: as one object here it does. */
function diskOf(memory: ProfileStorage = memoryStorage()): ProfileStorage {
  return {
    ...memory,
    open: async (options) => ({ ...(await memory.open(options)), kind: 'persistent' }),
  };
}

async function contentOf(storage: ProfileStorage): Promise<readonly { readonly key: string }[]> {
  await storage.open({ name: SHOP });
  const rows = await storage.transact('readonly', (tx) => tx.list('meta', { prefix: 'directory' }));
  await storage.close();
  return rows;
}

async function nameOf(page: Regulars, who: object): Promise<string | undefined> {
  await page.recognize(who);
  const { customer: shown } = page.get();
  await page.endVisit();
  return shown?.name;
}

describe.each([
  ['in memory', () => Promise.resolve(memoryDatabase())],
  ['in PGlite', async () => pgliteDatabase()],
])('a till with a directory, its server %s', (_, open) => {
  it('knows offline whoever allowed it, by what a look-up tells and no more, and nobody else', async () => {
    const server = startShop(await open());
    await server.database.migrate();
    await customer(server, 'shep', { phone: '+14255550100' });
    await customer(server, 'maya', { allows: false });
    for (let n = 0; n < 250; n++) await customer(server, `c${n}`);
    const { begin, line, storage } = createTill(server);
    const { page, directory } = await begin();
    expect(directory.status()).toEqual({ state: 'closed', customers: 0 });
    expect(await directory.open()).toMatchObject({ state: 'ready', customers: 251 });
    line.isCut = true;
    expect(await nameOf(page, { phone: '(425) 555-0100' })).toBe('shep');
    expect(await nameOf(page, { account: 'u-c249' })).toBe('c249');
    expect(await nameOf(page, { account: 'u-maya' })).toBeUndefined();
    expect(await nameOf(page, { phone: '+1 425 555 0199' })).toBeUndefined();
    const text =
      JSON.stringify(await contentOf(storage)) +
      new TextDecoder('latin1').decode(
        Uint8Array.from(
          (await contentOf(storage)).flatMap((row) => {
            const { value } = row as { value?: unknown };
            return value instanceof Uint8Array ? [...value] : [];
          }),
        ),
      );
    for (const raw of ['shep', '5550100', 'Pine', 'u-c249']) expect(text).not.toContain(raw);
    await page.stop();
    await server.server.close();
  }, 120_000);
});

describe('a directory', () => {
  async function shopWithShep(): Promise<{ server: TestServer; till: Till }> {
    const server = startShop();
    await customer(server, 'shep', { phone: '+14255550100' });
    return { server, till: createTill(server) };
  }

  it('is read again by the next page once the server has handed out its key, and by none without', async () => {
    const { till } = await shopWithShep();
    await (await till.begin()).directory.open();
    expect(await contentOf(till.storage)).toHaveLength(2);
    till.line.isCut = true;
    const offline = await till.begin();
    expect(await offline.directory.open()).toEqual({ state: 'none', customers: 0 });
    expect(await nameOf(offline.page, { account: 'u-shep' })).toBeUndefined();
    // the key comes, and then the network goes
    Object.assign(till.line, { isCut: false, pages: 1 });
    const { directory, page } = await till.begin();
    expect(await directory.open()).toMatchObject({ state: 'ready', customers: 1 });
    till.line.isCut = true;
    expect(await nameOf(page, { account: 'u-shep' })).toBe('shep');
    directory.close();
    expect(await nameOf(page, { account: 'u-shep' })).toBeUndefined();
    expect(directory.status()).toEqual({ state: 'closed', customers: 0 });
  });

  it.each([
    ['a clock that goes right', 0],
    ['a clock that was set back', -30 * DAY_MS],
    ['a clock that was set forward', 2 * HOUR_MS],
  ])('is over after a day, by %s, and leaves the disk', async (__, jump) => {
    const { till } = await shopWithShep();
    const { directory, page } = await till.begin();
    await directory.open();
    till.line.isCut = true;
    till.clock.setWall(till.clock.now() + jump);
    till.clock.advance(DAY_MS - 3 * HOUR_MS);
    expect(await nameOf(page, { account: 'u-shep' })).toBe('shep');
    till.clock.advance(3 * HOUR_MS);
    expect(await nameOf(page, { account: 'u-shep' })).toBeUndefined();
    expect(directory.status()).toEqual({ state: 'none', customers: 0 });
    await rest();
    expect(await contentOf(till.storage)).toEqual([]);
  });

  it('that lay on a disk for more than a day is opened by nobody, whoever signs in', async () => {
    const { server, till } = await shopWithShep();
    await (await till.begin()).directory.open();
    server.clock.advance(2 * DAY_MS);
    const [head] = await contentOf(till.storage);
    const { keyId } = (head as unknown as { value: { keyId: string } }).value;
    const asked = await server.call('directory', till.line.who, { page: null, was: keyId });
    const { keys } = (await asked.json()) as DirectoryPage;
    expect(keys?.was).toBeUndefined();
    expect(keys?.id).not.toBe(keyId);
  });

  it('that was changed on the disk, or was sealed with another key, is none', async () => {
    const entries = [{ of: 'a', tokens: ['t'], view: { name: 'Shep', paidVisits: 1 } }];
    const key = toBase64url(new Uint8Array(32).fill(1));
    const storage = diskOf();
    const disk = createDirectoryDisk(storage, SHOP);
    await disk.write(entries, { keyId: '1', madeAt: NOW }, key);
    const head = await disk.look();
    if (!head) throw new Error('nothing was written');
    expect(await disk.read(head, key)).toEqual(entries);
    expect(await disk.read(head, toBase64url(new Uint8Array(32).fill(2)))).toBeUndefined();
    expect(await disk.read(head, 'no key')).toBeUndefined();
    // so that it would be good for longer
    expect(await disk.read({ ...head, madeAt: NOW + 1 }, key)).toBeUndefined();
    expect(await createDirectoryDisk(storage, 'red-door').read(head, key)).toBeUndefined();
    for (const value of [new Uint8Array(40), new Uint8Array(), 'text', null, { __proto__: null }]) {
      await storage.open({ name: SHOP });
      await storage.transact('readwrite', async (tx) => {
        tx.put('meta', 'directory:000000', value);
      });
      await storage.close();
      expect(await disk.read(head, key)).toBeUndefined();
    }
    await disk.wipe();
    expect(await disk.look()).toBeUndefined();
  });

  it('goes with the device, and with the role of whoever is signed in', async () => {
    for (const how of ['device', 'role'] as const) {
      const { server, till } = await shopWithShep();
      const { devices } = server.server.shop(SHOP);
      const { id } = await devices.add({ place: 's17' });
      till.line.who = { ...staff, device: id };
      const { directory, page } = await till.begin();
      expect(await directory.open()).toMatchObject({ state: 'ready' });
      if (how === 'device') await devices.revoke(id);
      else till.line.who = kiosk;
      till.clock.advance(HOUR_MS);
      for (let i = 0; i < 200 && directory.status().state === 'ready'; i++) await rest(20);
      expect(directory.status()).toEqual({ state: 'none', customers: 0 });
      await rest();
      expect(await contentOf(till.storage)).toEqual([]);
      till.line.isCut = true;
      expect(await nameOf(page, { account: 'u-shep' })).toBeUndefined();
    }
  });

  it('is whole or is not: one whose download broke off is the one of before', async () => {
    const server = startShop();
    for (let n = 0; n < 250; n++) await customer(server, `c${n}`);
    const till = createTill(server);
    till.line.pages = 1;
    const { directory, page } = await till.begin();
    expect(await directory.open()).toEqual({ state: 'none', customers: 0 });
    expect(await contentOf(till.storage)).toEqual([]);
    till.line.pages = Infinity;
    expect(await directory.open()).toMatchObject({ state: 'ready', customers: 250 });
    await customer(server, 'later');
    till.line.pages = 1;
    expect(await directory.open()).toMatchObject({ state: 'ready', customers: 250 });
    till.line.isCut = true;
    expect(await nameOf(page, { account: 'u-c249' })).toBe('c249');
    expect(await nameOf(page, { account: 'u-later' })).toBeUndefined();
  }, 60_000);

  it('works from memory where the disk is full', async () => {
    const server = startShop();
    await customer(server, 'shep');
    const memory = memoryStorage();
    const till = createTill(
      server,
      diskOf({
        ...memory,
        transact: (mode, body, options) =>
          mode === 'readwrite'
            ? Promise.reject(new RegularsError('ERR_STORAGE_QUOTA', 'The disk is full.'))
            : memory.transact(mode, body, options),
      }),
    );
    const { directory, page } = await till.begin();
    expect(await directory.open()).toMatchObject({ state: 'ready', customers: 1 });
    expect(till.errors).toMatchObject([{ code: 'ERR_STORAGE_QUOTA' }]);
    till.line.isCut = true;
    expect(await nameOf(page, { account: 'u-shep' })).toBe('shep');
  });

  it('loses whoever was forgotten, or took it back, when it is fetched next; online the server is asked', async () => {
    const { server, till } = await shopWithShep();
    const subject = await customer(server, 'maya');
    const { directory, page } = await till.begin();
    expect(await directory.open()).toMatchObject({ customers: 2 });
    await server.call('push', self('u-maya'), batch(writing().erasure([subject])));
    expect(await nameOf(page, { account: 'u-maya' })).toBeUndefined();
    expect(await directory.open()).toMatchObject({ customers: 1 });
    till.line.isCut = true;
    expect(await nameOf(page, { account: 'u-maya' })).toBeUndefined();
    expect(await nameOf(page, { account: 'u-shep' })).toBe('shep');
  });

  it('is fetched five minutes after the last at the latest, once the server has said that something is new', async () => {
    const { server, till } = await shopWithShep();
    const subject = await customer(server, 'maya');
    const { directory } = await till.begin();
    expect(await directory.open()).toMatchObject({ customers: 2 });
    till.clock.advance(60_000);
    await server.call('push', self('u-maya'), batch(writing().erasure([subject])));
    for (let n = 0; n < 3; n++) till.poke();
    till.clock.advance(3 * 60_000);
    await rest(20);
    expect(directory.status()).toMatchObject({ customers: 2 });
    till.clock.advance(60_000);
    for (let i = 0; i < 200 && directory.status().customers === 2; i++) await rest(20);
    expect(directory.status()).toMatchObject({ customers: 1 });
    // and each hour from then on
    await customer(server, 'late');
    till.clock.advance(HOUR_MS);
    for (let i = 0; i < 200 && directory.status().customers === 1; i++) await rest(20);
    expect(directory.status()).toMatchObject({ customers: 2 });
  });

  it('lets an account decide, as the server does: a number typed beside one shows nobody else', async () => {
    const { server, till } = await shopWithShep();
    await customer(server, 'maya', { allows: false });
    const { directory, page } = await till.begin();
    await directory.open();
    const both = { account: 'u-maya', phone: '+14255550100' };
    expect(await nameOf(page, both)).toBeUndefined();
    till.line.isCut = true;
    expect(await nameOf(page, both)).toBeUndefined();
    expect(await nameOf(page, { phone: '+14255550100' })).toBe('shep');
  });

  it('holds who is known by a base, as before, and nobody any more who is forgotten', async () => {
    const { server, till } = await shopWithShep();
    const { purchase, erasure } = writing('abcdef01');
    const more = Array.from({ length: 12 }, (_, n) => purchase('s-shep', `web:more-${n}`));
    await server.call('push', self('u-shep'), batch(...more));
    server.clock.advance(400 * DAY_MS);
    till.clock.advance(400 * DAY_MS);
    expect(await server.server.shop(SHOP).compact()).toMatchObject({ bases: 1 });
    const { directory, page } = await till.begin();
    expect(await directory.open()).toMatchObject({ customers: 1 });
    till.line.isCut = true;
    expect(await nameOf(page, { phone: '+14255550100' })).toBe('shep');
    await server.call('push', self('u-shep'), batch(erasure(['s-shep'])));
    till.line.isCut = false;
    expect(await directory.open()).toMatchObject({ state: 'ready', customers: 0 });
    const rows = await server.database.list(SHOP, { after: [], limit: 100 });
    expect(JSON.stringify(rows)).not.toContain('"far"');
  });

  it('has nothing of whom its key could be used for in what anybody pulls', async () => {
    const { server } = await shopWithShep();
    const given = await server.call('directory', staff, { page: null });
    const { entries } = (await given.json()) as DirectoryPage;
    const tokens = entries.flatMap((one) => one.tokens);
    expect(tokens).toHaveLength(2);
    for (const who of [self('u-shep'), staff])
      for (const path of ['pull', 'snapshot']) {
        const text = await (await server.call(path, who)).text();
        expect(text).toContain('"link"');
        for (const token of tokens) expect(text).not.toContain(token);
      }
  });

  it('knows nobody by a number that two have, though one of them never allowed it', async () => {
    const { server, till } = await shopWithShep();
    await customer(server, 'maya', { phone: '+14255550100', allows: false });
    const { directory, page } = await till.begin();
    await directory.open();
    till.line.isCut = true;
    expect(await nameOf(page, { phone: '+14255550100' })).toBeUndefined();
    expect(await nameOf(page, { account: 'u-shep' })).toBe('shep');
  });

  it('answers no kiosk', async () => {
    const { till } = await shopWithShep();
    const { directory } = await till.begin();
    await directory.open();
    till.line.isCut = true;
    const { signal } = new AbortController();
    const who = [{ type: 'account', value: 'u-shep' }];
    await expect(directory.backend.lookUp(who, { signal })).rejects.toThrow();
    expect(await directory.backend.lookUp(who, { signal, staff: true })).toMatchObject({
      kind: 'view',
    });
  });

  it('is given to the staff alone, and not for ever', async () => {
    const { server } = await shopWithShep();
    const ask = async (who: Authorized | undefined): Promise<number> =>
      (await server.call('directory', who, { page: null })).status;
    expect(await ask(undefined)).toBe(401);
    for (const who of [self('u-shep'), kiosk, { ...staff, role: '' }])
      expect(await ask(who)).toBe(403);
    const bad = await server.call('directory', staff, { page: 'nonsense' });
    expect(bad.status).toBe(409);
    for (const body of [{ page: 7 }, { page: null, was: {} }])
      expect((await server.call('directory', staff, body)).status).toBe(400);
    const statuses = [];
    for (let n = 0; n < 22; n++) statuses.push(await ask(staff));
    expect(statuses).toContain(429);
    expect(await ask({ ...staff, shop: 'red-door' })).toBe(200);
    const other = await server.call('directory', { ...staff, shop: 'red-door' }, { page: null });
    expect(await other.json()).toMatchObject({ entries: [], page: null });
  });
});
