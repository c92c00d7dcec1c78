import { describe, expect, it } from 'vitest';
import { sealRecords, createSealKeys } from '../../../src/sync/seal.js';
import type { CodeToDeliver } from '../../../src/server/types.js';
import type { ProofBegun, ProofChecked } from '../../../src/identity/port.js';
import type { LinkClaim, Pulled, Pushed } from '../../../src/sync/port.js';
import {
  batch,
  self,
  SHOP,
  startServer,
  till,
  writing,
  type TestServer,
} from '../../support/server.js';

const PHONE = { type: 'phone', value: '+14255550100' } as const;
const keys = await createSealKeys();
const withSeal = { keys: () => ({ key: new Uint8Array(32).fill(7), seal: [keys.privateKey] }) };

/** Waits for an answer whose time a fake clock tells. */
async function answered<T>({ clock }: TestServer, response: Promise<Response>): Promise<T> {
  const state = { done: false };
  void response.finally(() => (state.done = true));
  for (let turn = 0; turn < 400 && !state.done; turn++) {
    await new Promise((resolve) => void setTimeout(resolve, 1));
    if (turn > 20) clock.advance(50);
  }
  return (await (await response).json()) as T;
}

/** A link claim of a phone, sealed to the backend. */
async function phoneClaim(subject: string, link: LinkClaim): Promise<LinkClaim> {
  const sealed = await sealRecords(keys.publicKey, SHOP, {
    records: [],
    identifiers: [{ token: '', ...PHONE }],
  });
  return { ...link, subject, data: { ...link.data, type: 'phone', identifier: { sealed } } };
}

async function shep(server: TestServer, allows = true): Promise<void> {
  const { link, purchase, record } = writing();
  const now = server.clock.now();
  const said = (key: string, value: unknown): unknown =>
    record('s1', 'fact', {
      ...{ key, value: value as string, at: now, source: 'customer', purpose: 'remember' },
      level: 'verified',
    });
  const sent = batch(
    link('s1', 'account', 'u_1'),
    await phoneClaim('s1', link('s1', 'phone', '')),
    purchase('s1', 'web:1'),
    said('name.given', 'Shep'),
    said('address', '1 Pine St'),
    said('greet-by-number', allows),
  );
  const pushed = (await (await server.call('push', self('u_1', [PHONE]), sent)).json()) as Pushed;
  expect(pushed.results.every(({ status }) => status === 'accepted')).toBe(true);
}

describe('looking somebody up', () => {
  it('shows of a customer who allowed it a name and a usual, and nothing else', async () => {
    const server = startServer(withSeal);
    await shep(server);
    const view = await answered(server, server.call('look-up', till, { who: [PHONE] }));
    expect(view).toEqual({ kind: 'view', view: { name: 'Shep', paidVisits: 1 } });
  });

  it('shows less where the shop asks for more', async () => {
    for (const [reveal, view] of [
      [{ name: 'verified' }, { kind: 'view', view: { paidVisits: 1 } }],
      [{ name: 'verified', taste: 'verified' }, { kind: 'unproven' }],
      [{ name: 'none' }, { kind: 'view', view: { name: 'Shep', paidVisits: 1 } }],
    ] as const) {
      const server = startServer({ ...withSeal, settings: () => ({ reveal }) });
      await shep(server);
      expect(await answered(server, server.call('look-up', till, { who: [PHONE] }))).toEqual(view);
    }
  });

  it('says the same of one who did not allow it, of nobody, and of a family, after the same time', async () => {
    const server = startServer(withSeal);
    await shep(server, false);
    const times = [];
    for (const value of [PHONE.value, '+14255550199', 'nonsense']) {
      const before = server.clock.elapsed();
      const body = { who: [{ type: 'phone', value }] };
      expect(await answered(server, server.call('look-up', till, body))).toEqual({
        kind: 'unproven',
      });
      times.push(server.clock.elapsed() - before >= 250);
    }
    expect(times).toEqual([true, true, true]);
  });

  it('answers an identifier five times in ten minutes, whichever device asks', async () => {
    const server = startServer(withSeal);
    await shep(server);
    const kinds = [];
    for (let i = 0; i < 6; i++) {
      const device = { ...till, device: `till-${i}` };
      const found = await answered<{ kind: string }>(
        server,
        server.call('look-up', device, { who: [PHONE] }),
      );
      kinds.push(found.kind);
    }
    expect(kinds).toEqual(['view', 'view', 'view', 'view', 'view', 'unproven']);
  });

  it('gives nothing to who claims the number of another', async () => {
    const server = startServer(withSeal);
    await shep(server);
    const { link } = writing('0badcafe');
    const stolen = await phoneClaim('s9', link('s9', 'phone', ''));
    await server.call('push', self('u_9'), batch(link('s9', 'account', 'u_9'), stolen));
    const page = (await (await server.call('pull', self('u_9'))).json()) as Extract<
      Pulled,
      { records: unknown }
    >;
    expect(page.records.every(({ subject }) => subject === 's9')).toBe(true);
    expect(page.records[1]).toMatchObject({ data: { level: 'claimed', unproved: true } });
    // and Shep is still one customer, who may be greeted
    const view = await answered(server, server.call('look-up', till, { who: [PHONE] }));
    expect(view).toMatchObject({ kind: 'view' });
  });
});

describe('proofs', () => {
  const codes: CodeToDeliver[] = [];
  const make = (): TestServer =>
    startServer({ ...withSeal, deliver: (code) => void codes.push(code) });

  it('bring the records of whom a code was for, with the account that the host knows', async () => {
    const server = make();
    await shep(server);
    const begun = (await (
      await server.call('proofs', till, { kind: 'code', who: [PHONE] })
    ).json()) as ProofBegun;
    const id = begun.kind === 'begun' ? begun.id : '';
    const { code } = codes.at(-1) ?? { code: '' };
    // no id of ours: it never comes to the database, which keeps no such text
    expect((await server.call('proofs/check', till, { id: '\u0000', code })).status).toBe(400);
    const wrong = await server.call('proofs/check', till, {
      id,
      code: code === '000000' ? '1' : '000000',
    });
    expect(await wrong.json()).toEqual({ kind: 'wrong', triesLeft: 4 });
    const checked = (await (
      await server.call('proofs/check', till, { id, code })
    ).json()) as ProofChecked;
    expect(checked).toMatchObject({
      kind: 'proved',
      name: 'Shep',
      identifiers: [{ type: 'account', value: 'u_1' }, PHONE],
    });
    const session = checked.kind === 'proved' ? checked.session : '';
    const { records } = (await (await server.call('records', till, { session })).json()) as {
      records: unknown[];
    };
    expect(records).toHaveLength(6);
    const again = await server.call('proofs/check', till, { id, code });
    expect(await again.json()).toEqual({ kind: 'expired' });
    const other = (await (await server.call('records', till, { session: 'x' })).json()) as {
      records: unknown[];
    };
    expect(other.records).toEqual([]);
  });

  it('keep nothing raw, however short the time', async () => {
    const server = make();
    const kept: string[] = [];
    const { notes } = server.database;
    const watching = {
      ...server.database,
      notes: {
        ...notes,
        put: async (...given: Parameters<typeof notes.put>) => {
          kept.push(JSON.stringify(given));
          return notes.put(...given);
        },
      },
    };
    const watched = startServer({
      ...withSeal,
      database: watching,
      deliver: (code) => void codes.push(code),
    });
    await watched.call('proofs', till, { kind: 'code', who: [PHONE] });
    expect(kept).toHaveLength(1);
    expect(kept.join()).not.toContain('425555');
    expect(kept.join()).not.toContain(codes.at(-1)?.code);
  });

  it('wait for the phone of the customer, who answers once', async () => {
    const server = make();
    await shep(server);
    const begun = (await (
      await server.call('proofs', till, { kind: 'qr', who: [] })
    ).json()) as ProofBegun;
    const { id, qr: ticket } = begun.kind === 'begun' ? begun : { id: '', qr: '' };
    const waiting = server.call('proofs/check', till, { id });
    const answer = { ticket, answer: 'confirm' };
    expect((await server.call('proofs/answer', till, answer)).status).toBe(403);
    expect(await (await server.call('proofs/answer', self('u_1'), answer)).json()).toEqual({
      answered: true,
    });
    expect(await (await server.call('proofs/answer', self('u_9'), answer)).json()).toEqual({
      answered: false,
    });
    expect(await (await waiting).json()).toMatchObject({ kind: 'proved', name: 'Shep' });
    expect(await (await server.call('proofs/check', till, { id })).json()).toEqual({
      kind: 'expired',
    });
  });

  it('let a wait be asked anew', async () => {
    const server = make();
    const begun = (await (
      await server.call('proofs', till, { kind: 'qr', who: [] })
    ).json()) as ProofBegun;
    const id = begun.kind === 'begun' ? begun.id : '';
    const clock = server.clock.elapsed();
    const waited = server.call('proofs/check', till, { id });
    for (let i = 0; i < 30; i++) {
      await new Promise((resolve) => void setTimeout(resolve, 2));
      server.clock.advance(1_000);
    }
    expect(await (await waited).json()).toEqual({ kind: 'pending' });
    expect(server.clock.elapsed() - clock).toBe(30_000);
  });

  it('of a phone count for what the customer sends next', async () => {
    const server = make();
    const { link } = writing();
    const begun = (await (
      await server.call('proofs', self('u_2'), { kind: 'code', who: [PHONE] })
    ).json()) as ProofBegun;
    const id = begun.kind === 'begun' ? begun.id : '';
    await server.call('proofs/check', self('u_2'), { id, code: codes.at(-1)?.code });
    const claims = [link('s2', 'account', 'u_2'), await phoneClaim('s2', link('s2', 'phone', ''))];
    await server.call('push', self('u_2'), batch(...claims));
    const page = (await (await server.call('pull', self('u_2'))).json()) as Extract<
      Pulled,
      { records: unknown }
    >;
    expect(page.records[1]).toMatchObject({ data: { type: 'phone', level: 'verified' } });
    expect(page.records[1]).not.toMatchObject({ data: { unproved: true } });
  });
});

describe('a phone that a family shares', () => {
  const read = async (
    { call }: TestServer,
    who: Parameters<TestServer['call']>[1],
  ): Promise<readonly string[]> => {
    const page = (await (await call('pull', who)).json()) as Extract<Pulled, { records: unknown }>;
    return page.records.map(({ subject }) => subject);
  };

  it('shows nobody another’s records, though it was checked for both', async () => {
    const server = startServer(withSeal);
    await shep(server);
    expect(new Set(await read(server, self('u_1', [PHONE])))).toEqual(new Set(['s1']));
    expect(await read(server, self('u_2', [PHONE]))).toEqual([]);
    const { link } = writing('0badcafe');
    const claims = [link('s2', 'account', 'u_2'), await phoneClaim('s2', link('s2', 'phone', ''))];
    const pushed = (await (
      await server.call('push', self('u_2', [PHONE]), batch(...claims))
    ).json()) as Pushed;
    expect(pushed.results.map(({ status }) => status)).toEqual(['accepted', 'accepted']);
    expect(new Set(await read(server, self('u_1', [PHONE])))).toEqual(new Set(['s1']));
    expect(new Set(await read(server, self('u_2', [PHONE])))).toEqual(new Set(['s2']));
    // whoever is known by the phone alone is one of two: nobody's records are given
    expect(await read(server, { shop: SHOP, scope: 'self', identifiers: [PHONE] })).toEqual([]);
    const { greeting } = await server.server
      .shop(SHOP)
      .greet({ account: 'u_3', phone: PHONE.value }, { verified: ['account', 'phone'] });
    expect('text' in greeting && greeting.text).not.toContain('Shep');
  });

  it('brings a guest’s history to the account that it was checked for', async () => {
    const server = startServer(withSeal);
    await server.server.shop(SHOP).record([
      {
        ...{ id: 'web:7', at: server.clock.now(), lines: [{ sku: 'latte', name: 'Latte' }] },
        customer: { ids: [{ kind: 'phone', value: PHONE.value }] },
      },
    ]);
    expect((await read(server, self('u_4'))).length).toBe(0);
    expect((await read(server, self('u_4', [PHONE]))).length).toBe(2);
  });
});
