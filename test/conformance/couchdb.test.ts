import couchApi from 'express-pouchdb';
import PouchDB from 'pouchdb-core';
import memoryAdapter from 'pouchdb-adapter-memory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { couchdbDesign } from '../../src/adapters/transport/couchdb-design.js';
import { couchdbTransport } from '../../src/adapters/transport/couchdb.js';
import type { Transport } from '../../src/sync/port.js';
import { createMaker, plain, pullAll, pushAll } from '../../src/testing/transport-check.js';
import type { TransportAccount, TransportSetup } from '../../src/testing/transport-contract.js';
import { describeTransport, listenOn, type Listening } from '../support/transports.js';

let server: Listening;
let errors = '';
beforeAll(async () => {
  const Memory = PouchDB.plugin(memoryAdapter).defaults({ adapter: 'memory' });
  const app = couchApi(Memory, {
    mode: 'minimumForPouchDB',
    overrideMode: { include: ['validation'] },
    inMemoryConfig: true,
    logPath: '/dev/null',
  });
  server = await listenOn(app);
});
afterAll(() => server.close());

const put = async (path: string, body?: object): Promise<void> => {
  const response = await fetch(`${server.url}/${path}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  // 412 and 409: it is there
  if (!response.ok && response.status !== 412 && response.status !== 409)
    errors += await response.text();
};
/** What `couch_peruser` does for each account, and whoever runs the shop beside it. */
const databaseOf = async ({ shop, account }: TransportAccount): Promise<string> => {
  const name = `${shop}-userdb-${Buffer.from(account).toString('hex')}`;
  await put(name);
  await put(`${name}/_design/regulars`, couchdbDesign).catch(() => undefined);
  return `${server.url}/${name}`;
};
const connect = async (who: TransportAccount, fetch = globalThis.fetch): Promise<Transport> => {
  await put(`${who.shop}-erased`);
  const erased = `${server.url}/${who.shop}-erased`;
  return couchdbTransport({ url: await databaseOf(who), erased, fetch });
};
const setup = (): TransportSetup => ({ shops: ['blue-door', 'red-door'], connect });

describeTransport('couchdb, against express-pouchdb', setup, {
  snapshot: 'a resync pulls from the beginning',
  resync: 'CouchDB itself begins anew where a sequence is of another database',
  'late-commit': 'a database numbers its changes as they are written',
  entries: 'a database is of one customer: what lies in another is nothing to it',
});

describe('a database of a customer', () => {
  const who = { shop: 'blue-door', account: 'u_documents' };
  const ask = async (path: string, body?: object): Promise<string> =>
    (
      await fetch(`${await databaseOf(who)}/${path}`, {
        method: body ? 'POST' : 'GET',
        headers: { 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      })
    ).text();

  it('takes no document that is edited, or no record', async () => {
    const [device, make] = [await connect(who), createMaker(who)];
    const purchase = make.purchase();
    await pushAll(device, [make.claim(), purchase]);
    const there = JSON.parse(await ask(`${make.subject}:${purchase.id}`)) as object;
    const docs = [{ ...there, record: '{}' }, { _id: 'x' }, { _id: 'y', record: 'no JSON' }];
    const answer = await ask('_bulk_docs', { docs });
    const told = answer.match(/conflict|invalid/g) ?? [];
    expect(told.toSorted((a, b) => a.localeCompare(b))).toEqual(['conflict', 'invalid', 'invalid']);
    expect(plain((await pullAll(device)).records)).toEqual([purchase]);
  });

  it('shows nothing of who was forgotten but random ids', async () => {
    const [device, make] = [await connect(who), createMaker(who)];
    await pushAll(device, [make.claim(), make.purchase('Very secret latte')]);
    await pushAll(device, [make.erasure()]);
    const seen =
      (await ask('_all_docs?include_docs=true')) + (await ask('_changes?include_docs=true'));
    expect(seen).not.toContain('Very secret latte');
    expect(errors).toBe('');
  });

  it('without the design document holds up nothing: what is no record is passed over', async () => {
    const stranger = { shop: 'blue-door', account: 'u_bare' };
    const name = `${stranger.shop}-bare`;
    await put(name);
    for (const [id, doc] of Object.entries({
      a: { record: 'no JSON' },
      b: { record: '' },
      c: { other: true },
      d: { record: { kind: 'purchase' } },
    }))
      await put(`${name}/${id}`, doc);
    const device = couchdbTransport({ url: `${server.url}/${name}` });
    const make = createMaker(stranger);
    const purchase = make.purchase();
    await pushAll(device, [make.claim(), purchase]);
    expect(plain((await pullAll(device)).records)).toEqual([purchase]);
  });

  it('takes no box, whose key nobody has there', async () => {
    const device = await connect(who);
    const box = { id: 'box-1', kind: 'sealed' as const, box: {} as never };
    const batch = { client: 'x', protocol: 1, schema: 1, records: [box] };
    const { results } = await device.push(batch, { signal: new AbortController().signal });
    expect(results).toEqual([{ id: 'box-1', status: 'rejected' }]);
  });
});
