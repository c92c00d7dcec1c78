import { memoryDatabase } from '../../src/adapters/database/memory.js';
import { uuidV7 } from '../../src/kernel/ids.js';
import { nextStamp, type Stamp } from '../../src/kernel/stamp.js';
import type { RawIdentifier } from '../../src/identity/port.js';
import type { ProfileRecord, RecordData, RecordKind } from '../../src/profile/types.js';
import { createRegularsServer, type RegularsServer } from '../../src/server/create-server.js';
import type { Database } from '../../src/server/port.js';
import type { Authorized, RegularsServerOptions } from '../../src/server/types.js';
import type { LinkClaim, SentRecord } from '../../src/sync/port.js';
import { createFakeClock, type FakeClock } from '../../src/testing/fake-clock.js';

export const NOW = Date.UTC(2026, 8, 14, 8, 30);
export const SHOP = 'blue-door';

let seed = 1;
/** Numbers that are never the same twice, and always the same. */
export const random = (length: number): Uint8Array =>
  Uint8Array.from({ length }, () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed >>> 24;
  });

/** A server over a database, whose callers say in their token who they are: tests trust it. */
export interface TestServer {
  readonly server: RegularsServer;
  readonly database: Database;
  readonly clock: FakeClock;
  readonly errors: unknown[];
  readonly call: (
    path: string,
    who: Authorized | undefined,
    body?: unknown,
    init?: Omit<RequestInit, 'headers'> & { readonly headers?: Record<string, string> },
  ) => Promise<Response>;
}

/** Makes one. */
export function startServer(options: Partial<RegularsServerOptions> = {}): TestServer {
  const database = options.database ?? memoryDatabase();
  const clock = (options.clock ?? createFakeClock(NOW)) as FakeClock;
  const errors: unknown[] = [];
  const server = createRegularsServer({
    authorize: (request) => whoIn(request),
    keys: (shop) => ({ key: new Uint8Array(32).fill(shop.length) }),
    onError: (error) => void errors.push(error),
    ...options,
    database,
    clock,
  });
  return {
    ...{ server, database, clock, errors },
    call: (path, who, body, init = {}) =>
      server.handle(
        new Request(`https://shop.example/regulars/sync/v1/${path}`, {
          ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
          ...init,
          headers: {
            'Sync-Protocol': '1',
            ...(who && { Authorization: `Bearer ${encodeURIComponent(JSON.stringify(who))}` }),
            ...init.headers,
          },
        }),
      ),
  };
}

/** Who a token of these tests says it is for. */
export function whoIn(request: Request): Authorized | undefined {
  const [scheme, token = ''] = (request.headers.get('Authorization') ?? '').split(' ');
  if (scheme !== 'Bearer') return undefined;
  try {
    return JSON.parse(decodeURIComponent(token)) as Authorized;
  } catch {
    return undefined;
  }
}

/** The customer of an account, signed in. */
export const self = (
  account: string,
  identifiers: readonly RawIdentifier[] = [],
  shop: string = SHOP,
): Authorized => ({ shop, scope: 'self', account, identifiers });

export const staff: Authorized = { shop: SHOP, scope: 'staff', role: 'manager' };
export const till: Authorized = { shop: SHOP, scope: 'device', device: 'till-1' };

/** Writes records as a device does. */
export interface Writing {
  readonly record: <K extends Exclude<RecordKind, 'link' | 'erasure' | 'base'>>(
    subject: string,
    kind: K,
    data: RecordData[K],
  ) => SentRecord;
  readonly link: (subject: string, type: string, account: string) => LinkClaim;
  readonly purchase: (subject: string, id: string, sku?: string, at?: number) => SentRecord;
  readonly erasure: (subjects: readonly string[]) => SentRecord;
}

export function writing(
  device = 'a1b2c3d4',
  shop: string = SHOP,
  now = (): number => NOW,
): Writing {
  let last: Stamp | undefined;
  const envelope = (
    subject: string,
  ): Pick<ProfileRecord, 'id' | 'shop' | 'subject' | 'stamp' | 'by'> => {
    last = nextStamp(last, now(), device);
    return { id: uuidV7(now(), random), shop, subject, stamp: last, by: `device:${device}` };
  };
  const record: Writing['record'] = (subject, kind, data) => ({ ...envelope(subject), kind, data });
  return {
    record,
    link: (subject, type, account) => ({
      ...envelope(subject),
      kind: 'link',
      data: { type, level: 'verified', method: 'host', at: now(), identifier: { account } },
    }),
    purchase: (subject, id, sku = 'latte', at = now()) =>
      record(subject, 'purchase', {
        ...{ id, at, status: 'paid', total: 400, currency: 'EUR', channel: 'web' },
        lines: [{ sku, name: sku, quantity: 1, unitPrice: 400, modifiers: [] }],
      }),
    erasure: (subjects) => ({
      ...envelope(subjects[0] ?? ''),
      kind: 'erasure',
      data: { at: now(), subjects },
    }),
  };
}

/** The batch of a push. */
export const batch = (...records: readonly unknown[]): Readonly<Record<string, unknown>> => ({
  ...{ client: 'device', protocol: 1, schema: 1, records },
});
