import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/kernel/clock.js';
import { createSealKeys, sealRecords } from '../../src/sync/seal.js';
import type { SyncCode } from '../../src/sync/port.js';
import type { Authorized } from '../../src/server/types.js';
import { mutationsOf } from '../support/mutate.js';
import { runs } from '../support/runs.js';
import {
  batch,
  NOW,
  random,
  self,
  SHOP,
  staff,
  startServer,
  till,
  writing,
  type TestServer,
} from '../support/server.js';

const CODES: ReadonlySet<string> = new Set<SyncCode>([
  ...(['auth', 'erased', 'invalid', 'rate', 'resync', 'scope', 'skew', 'too-large'] as const),
  ...(['unavailable', 'upgrade-required'] as const),
]);
const PHONE = { type: 'phone', value: '+14255550100' } as const;
const keys = await createSealKeys();

/** What nobody but its owner may ever see, in two shops. */
const SECRETS = {
  u_1: ['zq-shep-street', 'zq-shep-sku', '5e4a0000000000000000000000000001'],
  other: ['zq-other-street', 'zq-other-sku', '5e4a0000000000000000000000000002'],
} as const;

interface World extends TestServer {
  readonly cursors: readonly string[];
  readonly pages: readonly string[];
  readonly device: string;
}

/** A server with somebody in each of two shops, and cursors of theirs. */
async function world(): Promise<World> {
  const server = startServer({
    random,
    keys: (shop) =>
      ['blue-door', 'other'].includes(shop)
        ? { key: new Uint8Array(32).fill(shop.length), seal: [keys.privateKey] }
        : undefined,
    limits: {
      requestsPerMinute: 1e9,
      lookUpMs: 0.001,
      perDevice: 1e9,
      perIdentifier: 1e9,
      recordLength: 4_000,
    },
    clock: systemClock,
    deliver: () => undefined,
  });
  const cursors: string[] = [];
  for (const [shop, [street, sku, subject], account] of [
    [SHOP, SECRETS.u_1, 'u_1'],
    ['other', SECRETS.other, 'u_1'],
  ] as const) {
    const { link, purchase, record } = writing('a1b2c3d4', shop, Date.now);
    const claims = [link(subject, 'account', account), purchase(subject, 'web:1', sku)];
    const fact = record(subject, 'fact', {
      ...{ key: 'address', value: street, at: NOW, source: 'customer', purpose: 'remember' },
    });
    await server.call('push', self(account, [PHONE], shop), batch(...claims, fact));
    const pulled = await server.call('pull?limit=1', self(account, [], shop));
    const snapped = await server.call('snapshot?limit=1', self(account, [], shop));
    cursors.push(((await pulled.json()) as { cursor: string }).cursor);
    cursors.push(((await snapped.json()) as { page: string }).page);
  }
  const { devices } = server.server.shop(SHOP);
  const { code } = await devices.add();
  const traded = await server.call('devices', undefined, { code });
  const { key: device } = (await traded.json()) as { key: string };
  return {
    ...server,
    cursors: [cursors[0] ?? '', cursors[2] ?? ''],
    pages: [cursors[1] ?? '', cursors[3] ?? ''],
    device,
  };
}

/** Whoever may ask, without being one of the two. */
const STRANGERS: readonly (Authorized | undefined)[] = [
  undefined,
  self('u_2'),
  self('u_2', [{ type: 'email', value: 'a@example.com' }], 'other'),
  { ...self('u_1'), level: 'claimed' },
  { ...self('u_1'), scope: 'look-up' },
  { ...staff, role: '' },
  till,
  self('u_1', [], 'nowhere'),
  { shop: SHOP, scope: 'self' },
  {
    shop: SHOP,
    scope: 'self',
    identifiers: [
      { type: 'account', value: '' },
      { type: 'phone', value: 'x' },
    ],
  },
];

let asked = 0;

/** Nothing of anybody is in it, and what went wrong has a name. */
async function check({ errors }: World, response: Response, what: string): Promise<void> {
  asked++;
  const text =
    response.status === 204 || response.headers.get('Content-Type') === 'text/event-stream'
      ? ''
      : await response.text();
  if (response.body && response.headers.get('Content-Type') === 'text/event-stream')
    await response.body.cancel();
  for (const secret of [...SECRETS.u_1, ...SECRETS.other].slice(0, 6))
    if (text.includes(secret) && !what.includes(secret))
      throw new Error(`${what}: ${secret} in ${text}`);
  expect(response.headers.get('Cache-Control'), what).toBe('no-store');
  if (response.status < 400) return;
  expect(response.status, what).not.toBe(500);
  expect(response.headers.get('Content-Type'), what).toBe('application/problem+json');
  const { code } = JSON.parse(text) as { code: string };
  expect(CODES.has(code), `${what}: ${text}`).toBe(true);
  // nothing here is the database's fault: what is `unavailable` was a mistake of ours
  if (response.status === 503 && errors.length > 0)
    throw new Error(`${what}: ${String(errors[0])}`, { cause: errors[0] });
}

const BODIES = async (): Promise<Record<string, unknown>> => {
  const { link, purchase, record, erasure } = writing('0badcafe', SHOP, Date.now);
  const sealed = await sealRecords(keys.publicKey, SHOP, {
    records: [],
    identifiers: [{ token: '', ...PHONE }],
  });
  const box = await sealRecords(keys.publicKey, SHOP, {
    records: [purchase('s7', 'web:7') as never],
    identifiers: [],
  });
  const claim = link('s9', 'phone', '');
  return {
    push: batch(
      link('s9', 'account', 'u_2'),
      { ...claim, data: { ...claim.data, identifier: { sealed } } },
      purchase('s9', 'web:9'),
      record('s9', 'consent', { purpose: 'suggest', answer: 'granted', at: NOW, replaces: [] }),
      { ...record('s9', 'visit', { at: NOW, channel: 'web' }), kind: 'newer', data: { x: [1] } },
      erasure(['s8']),
      { id: 'sealed:1', kind: 'sealed', box },
    ),
    pull: { cursor: null, limit: 10, subjects: ['s1', SECRETS.u_1[2]] },
    snapshot: { page: null, limit: 10, subjects: ['s1'] },
    'look-up': { who: [PHONE, { type: 'account', value: 'u_1' }] },
    directory: { page: null, was: '20000' },
    proofs: { kind: 'code', who: [PHONE] },
    'proofs/check': { id: 'abc', code: '123456' },
    'proofs/answer': { ticket: 'abc', answer: 'confirm' },
    records: { session: 'abc' },
    devices: { code: `${SHOP}.2222-2222-2222`, version: '1' },
  };
};

describe('every endpoint', () => {
  it('answers whatever is near a good request with a code, and with nothing of anybody else', async () => {
    const here = await world();
    const bodies = await BODIES();
    for (const [path, body] of Object.entries(bodies)) {
      let turn = 0;
      for (const { name, payload } of mutationsOf(body, runs(1_100))) {
        for (let i = 0; i < 2; i++) {
          const who = STRANGERS[turn++ % STRANGERS.length];
          const what = `${path} ${name} ${JSON.stringify(who)}`;
          await check(here, await here.call(path, who, payload), what);
        }
      }
    }
    expect(asked).toBeGreaterThan(5_000);
  }, 280_000);

  it('answers any bytes, any path, any method and any header', async () => {
    const here = await world();
    const paths = [
      ...Object.keys(await BODIES()),
      'events',
      '',
      'push/',
      '../push',
      'nothing',
      'proofs/x',
    ];
    const header = fc.oneof(
      fc.constantFrom('1', '0', '2', '-1', '1.0', ''),
      fc.stringMatching(/^[\x20-\x7e]{0,12}$/),
    );
    const token = fc.oneof(
      fc.stringMatching(/^(Bearer|Device|Basic) [\x21-\x7e]{0,60}$/),
      fc.constantFrom(
        'Device',
        `Device ${SHOP}.`,
        `Device ${here.device}x`,
        `Device ${here.device.slice(0, -1)}`,
        `Device other${here.device.slice(SHOP.length)}`,
        'Device %ff.x',
      ),
      fc.constantFrom(
        ...STRANGERS.map((who) => `Bearer ${encodeURIComponent(JSON.stringify(who ?? null))}`),
      ),
    );
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Uint8Array.from(bytes)),
      fc.json(),
      fc.constantFrom(
        '[',
        '{"records":',
        '[]',
        'null',
        '{"records":[{}]}',
        `{"records":${'['.repeat(50_000)}`,
        `{"records":[${'1,'.repeat(600)}1]}`,
        '{"__proto__":{"records":[]}}',
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths),
        fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'),
        header,
        token,
        body,
        fc.boolean(),
        async (path, method, protocol, authorization, sent, signed) => {
          const hasBody = method === 'POST' || method === 'PUT' || method === 'DELETE';
          const headers = {
            'Sync-Protocol': protocol,
            ...(signed && { Authorization: authorization }),
          };
          const response = await here.call(path, undefined, undefined, {
            method,
            headers,
            ...(hasBody && { body: sent }),
          });
          await check(
            here,
            response,
            `${method} ${path} ${authorization} ${JSON.stringify(sent).slice(0, 200)}`,
          );
        },
      ),
      { numRuns: runs(4_000), seed: 8 },
    );
  }, 280_000);

  it('takes no cursor of another, nor one that was touched', async () => {
    const here = await world();
    const touched = fc
      .tuple(
        fc.constantFrom(...here.cursors, ...here.pages),
        fc.nat(400),
        fc.stringMatching(/^[\w.-]$/),
      )
      .map(
        ([cursor, at, letter]) =>
          cursor.slice(0, at % cursor.length) + letter + cursor.slice((at % cursor.length) + 1),
      );
    const any = fc.oneof(
      touched,
      fc.constantFrom(...here.cursors, ...here.pages),
      fc.string({ maxLength: 80 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('pull', 'snapshot'),
        any,
        fc.constantFrom(...STRANGERS),
        async (path, cursor, who) => {
          const name = path === 'pull' ? 'cursor' : 'page';
          const get = await here.call(
            `${path}?${name}=${encodeURIComponent(cursor)}&subjects=s1,s2`,
            who,
          );
          await check(here, get, `GET ${path} ${cursor}`);
          const post = await here.call(path, who, { [name]: cursor, limit: 1_000 });
          await check(here, post, `POST ${path} ${cursor}`);
        },
      ),
      { numRuns: runs(2_500), seed: 9 },
    );
  }, 280_000);

  it('stops reading a body that has no end', async () => {
    const here = await world();
    for (const path of Object.keys(await BODIES())) {
      let given = 0;
      const body = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          given += 65_536;
          controller.enqueue(new Uint8Array(65_536).fill(32));
        },
      });
      const request: RequestInit & { readonly duplex: 'half' } = {
        method: 'POST',
        body,
        duplex: 'half',
      };
      const response = await here.call(path, self('u_1'), undefined, request as never);
      expect([413, 403], path).toContain(response.status);
      expect(given, path).toBeLessThan(1_500_000);
      asked++;
    }
  });

  it('is asked so often here', () => {
    // the figure that is told
    expect(asked).toBeGreaterThan(10_000);
  });
});
