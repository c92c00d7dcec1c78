import { describe, expect, it } from 'vitest';
import { loopback } from '../../src/server/loopback.js';
import { createFakeClock, seededRandom } from '../../src/testing/fake-clock.js';
import {
  identityBackendContract,
  type IdentityBackendSetup,
} from '../../src/testing/identity-contract.js';
import { identityBackendSaboteurs } from '../../src/testing/identity-saboteurs.js';
import { draft, stampAll } from '../support/profile/histories.js';

const PHONE = '+14255550100';

function setUp(): IdentityBackendSetup {
  const clock = createFakeClock();
  const codes: string[] = [];
  const shop = loopback({
    ...{ shop: 'blue-door', clock, random: seededRandom(3) },
    customers: [{ identifiers: { account: 'u_shep', phone: PHONE }, name: 'Shep' }],
    deliver: ({ code }) => void codes.push(code),
  });
  return {
    backend: shop,
    known: { phone: PHONE, account: 'u_shep' },
    unknown: '+14255550199',
    lastCode: () => codes.at(-1),
    answerQr: (qr, account) =>
      void (account === undefined ? shop.refuse(qr) : shop.confirm(qr, account)),
    advance: clock.advance,
  };
}

describe('the loopback backend', () => {
  it.each(identityBackendContract.map((promise) => [promise.name, promise] as const))(
    '%s',
    async (_name, { check }) => check(setUp),
  );
});

describe('the contract of backends', () => {
  it('has a saboteur for each promise', () => {
    expect(identityBackendSaboteurs.map(({ breaks }) => breaks).sort()).toEqual(
      identityBackendContract.map(({ name }) => name).sort(),
    );
  });

  it.each(identityBackendSaboteurs.map((saboteur) => [saboteur.breaks, saboteur] as const))(
    'notices, and only there, a backend that breaks: %s',
    async (_name, { breaks, sabotage }) => {
      const failed: string[] = [];
      for (const { name, check } of identityBackendContract)
        await check(() => sabotage(setUp())).catch(() => failed.push(name));
      expect(failed).toEqual([breaks]);
    },
  );
});

describe('the loopback backend and numbers of several', () => {
  const call = { signal: new AbortController().signal };
  const family = (): ReturnType<typeof loopback> =>
    loopback({
      ...{ shop: 'blue-door', clock: createFakeClock(), random: seededRandom(4) },
      customers: ['u_shep', 'u_maria'].map((account) => ({
        ...{ identifiers: { account, phone: PHONE }, name: account, greetByNumber: true },
        purchases: [{ id: `web:${account}`, lines: [{ sku: 'latte', name: 'Latte' }] }],
      })),
    });

  it('show nothing to a family phone, whatever its people have allowed', async () => {
    const shop = family();
    const who = [{ type: 'phone', value: PHONE }];
    expect(await shop.lookUp(who, call)).toEqual({ kind: 'unproven' });
  });

  it('show of a customer who allowed it the first name and the usual, and nothing else', async () => {
    const shop = loopback({
      ...{ shop: 'blue-door', clock: createFakeClock(), random: seededRandom(5), timeZone: 'UTC' },
      catalog: [{ sku: 'wine', name: 'Wine', sensitive: true }],
      customers: [
        {
          ...{ identifiers: { account: 'u_1', phone: PHONE, email: 'shep@example.com' } },
          ...{ name: 'Shep', greetByNumber: true, facts: { address: '1 Pine Street' } },
          purchases: [1, 2, 3, 4].map((day) => ({
            ...{ id: `web:${day}`, at: Date.UTC(2025, 11, 20 + day, 12) },
            lines: [
              { sku: 'latte', name: 'Latte', quantity: 1, unitPrice: 380 },
              { sku: 'wine', name: 'Wine', quantity: 1, unitPrice: 900 },
            ],
          })),
        },
      ],
    });
    const seen = await shop.lookUp([{ type: 'phone', value: PHONE }], call);
    expect(seen).toEqual({
      kind: 'view',
      view: {
        ...{ name: 'Shep', paidVisits: 4 },
        usual: [{ sku: 'latte', name: 'Latte', quantity: 1, modifiers: [] }],
      },
    });
  });

  it('name no usual to a customer who said no to suggestions', async () => {
    const answer = { purpose: 'suggest', answer: 'denied', at: 1, replaces: [] } as const;
    const shop = loopback({
      ...{ shop: 'blue-door', clock: createFakeClock(), random: seededRandom(5), timeZone: 'UTC' },
      customers: [
        {
          ...{ identifiers: { phone: PHONE }, name: 'Shep', greetByNumber: true },
          records: stampAll([draft('consent', answer)]),
          purchases: [1, 2, 3, 4].map((day) => ({
            ...{ id: `web:${day}`, at: Date.UTC(2025, 11, 20 + day, 12) },
            lines: [{ sku: 'latte', name: 'Latte', quantity: 1 }],
          })),
        },
      ],
    });
    expect(await shop.lookUp([{ type: 'phone', value: PHONE }], call)).toEqual({
      kind: 'view',
      view: { name: 'Shep', paidVisits: 4 },
    });
  });

  it('give the records for a session only, and not for long', async () => {
    const clock = createFakeClock();
    const shop = loopback({
      ...{ shop: 'blue-door', clock, random: seededRandom(6) },
      customers: [{ identifiers: { account: 'u_1' }, name: 'Shep' }],
    });
    const begun = await shop.requestProof('qr', [], call);
    const ticket = begun.kind === 'begun' ? (begun.qr ?? '') : '';
    expect(await shop.confirm('another', 'u_1')).toBe(false);
    expect(await shop.confirm(ticket, 'u_1')).toBe(true);
    expect(await shop.confirm(ticket, 'u_2')).toBe(false);
    const checked =
      begun.kind === 'begun' ? await shop.checkProof(begun.id, undefined, call) : undefined;
    const session = checked?.kind === 'proved' ? (checked.session ?? '') : '';
    expect((await shop.pull?.(session, call))?.length).toBeGreaterThan(0);
    expect(await shop.pull?.('another', call)).toEqual([]);
    clock.advance(10 * 60_000);
    expect(await shop.pull?.(session, call)).toEqual([]);
  });

  it('limit each device for itself', async () => {
    const shop = family();
    for (let i = 0; i < 30; i++) await shop.requestProof('qr', [], call);
    expect(await shop.requestProof('qr', [], call)).toMatchObject({ kind: 'limited' });
    expect(await shop.device('2').requestProof('qr', [], call)).toMatchObject({ kind: 'begun' });
  });
});
