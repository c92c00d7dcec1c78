import { beforeEach, describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../src/adapters/storage/memory.js';
import { createRegulars } from '../../../src/client/create-regulars.js';
import type { Regulars } from '../../../src/client/types.js';
import { canonicalJson } from '../../../src/kernel/json.js';
import { readAllRecords } from '../../../src/profile/log.js';
import type { ProfileStorage } from '../../../src/profile/port.js';
import type { ProfileRecord } from '../../../src/profile/types.js';
import { createFakeClock, seededRandom, type FakeClock } from '../../../src/testing/fake-clock.js';
import { tokenMaker, type TokenMaker } from '../../support/proofs.js';

const LATTE = [{ sku: 'latte', name: 'Latte', quantity: 1, unitPrice: 380 }];

let clock: FakeClock;
let storage: ProfileStorage;
let tokens: TokenMaker;
let regulars: Regulars;

const allRecords = async (): Promise<readonly ProfileRecord[]> =>
  (await storage.transact('readonly', readAllRecords)) as readonly ProfileRecord[];

/** By the back door: the rows of the cards themselves. */
async function cardOf(phoneOwner: string): Promise<string> {
  const rows = await storage.transact('readonly', (tx) => tx.list('cards'));
  const row = rows.find(({ value }) => canonicalJson(value).includes(phoneOwner));
  return canonicalJson(row?.value);
}

beforeEach(async () => {
  clock = createFakeClock();
  storage = memoryStorage();
  tokens = await tokenMaker();
  regulars = createRegulars({
    ...{ shop: 'blue-door', storage, clock, random: seededRandom(1), region: 'US' },
    ...{ currency: 'USD', consent: { remember: 'granted' }, proofs: [tokens.verifier] },
  });
  await regulars.start();
  await regulars.recognize(
    { account: 'u_shep', phone: '(425) 555-0100' },
    { verified: ['account', 'phone'], name: 'Shep' },
  );
  await regulars.record({ id: 'web:1', lines: LATTE });
  await regulars.notMe();
  clock.advance(60_000);
});

describe('V12 proof for someone else', () => {
  it('makes Maria current and verified, and leaves Shep as he was, byte for byte', async () => {
    const shep = await cardOf('Shep');
    expect(await regulars.recognize({ phone: '(425) 555-0100' })).toMatchObject({
      kind: 'found',
      level: 'claimed',
    });
    const before = regulars.get().visit;
    const token = await tokens.sign('u_maria', clock.now(), { given_name: 'Maria' });
    expect(await regulars.verify({ token })).toMatchObject({ kind: 'verified', person: 'new' });
    expect(regulars.get()).toMatchObject({ level: 'verified', customer: { name: 'Maria' } });
    expect(regulars.get().visit).not.toBe(before);
    expect(await cardOf('Shep')).toBe(shep);
  });

  it('writes no record that links the two', async () => {
    const tokensOf = (records: readonly ProfileRecord[]): readonly string[] =>
      records.flatMap((record) => (record.kind === 'link' ? [record.data.token] : []));
    const sheps = await allRecords();
    await regulars.recognize({ phone: '(425) 555-0100' });
    await regulars.verify({ token: await tokens.sign('u_maria', clock.now()) });
    await regulars.record({ id: 'web:2', lines: LATTE });
    const marias = (await allRecords()).slice(sheps.length);
    expect(marias.length).toBeGreaterThan(0);
    const subjects = new Set(sheps.map(({ subject }) => subject));
    for (const { subject } of marias) expect(subjects.has(subject)).toBe(false);
    for (const token of tokensOf(marias)) expect(tokensOf(sheps)).not.toContain(token);
  });

  it('takes up a Maria who is known here with her own history', async () => {
    await regulars.verify({ token: await tokens.sign('u_maria', clock.now()) });
    await regulars.record({ id: 'web:2', lines: [{ sku: 'mocha', name: 'Mocha' }] });
    await regulars.notMe();
    await regulars.recognize({ phone: '(425) 555-0100' });
    const taken = await regulars.verify({ token: await tokens.sign('u_maria', clock.now()) });
    expect(taken).toMatchObject({ kind: 'verified', person: 'found' });
    expect(regulars.reveal('orders')).toMatchObject({ ok: true, value: [{ id: 'web:2' }] });
  });

  it('lets a proof for Shep himself raise what was claimed', async () => {
    await regulars.recognize({ phone: '(425) 555-0100' });
    expect(JSON.stringify(regulars.reveal('orders'))).not.toContain('latte');
    const token = await tokens.sign('u_shep', clock.now());
    expect(await regulars.verify({ token })).toMatchObject({ kind: 'verified', person: 'found' });
    expect(regulars.reveal('orders')).toMatchObject({ ok: true });
    expect(regulars.get().customer?.name).toBe('Shep');
  });
});
