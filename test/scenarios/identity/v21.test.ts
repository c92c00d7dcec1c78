import { beforeEach, describe, expect, it } from 'vitest';
import type { Regulars } from '../../../src/client/types.js';
import { createDevice } from '../../support/device.js';

const P = { account: 'p', email: 'paula@example.com' };
const Q = { account: 'q', phone: '425 555 0100' };

let page: Regulars;
let ids: readonly (string | undefined)[];
beforeEach(async () => {
  page = createDevice().page({ consent: { remember: 'granted' } });
  await page.start();
  await page.recognize(P, { verified: ['account', 'email'], name: 'Paula' });
  const p = page.get().customer?.id;
  await page.recognize(Q, { verified: ['account', 'phone'], name: 'Quentin' });
  ids = [p, page.get().customer?.id];
});

const BOTH = [{ label: 'P***' }, { label: 'Q***' }];

describe('V21 two known people', () => {
  it('a claimed identifier of the other is a conflict, both masked, and nothing is joined; the proof itself holds', async () => {
    const result = await page.recognize(
      { account: 'p', phone: Q.phone },
      { verified: ['account'] },
    );
    expect(result).toMatchObject({
      kind: 'conflict',
      level: 'verified',
      held: ['phone'],
      choices: BOTH,
    });
    expect(JSON.stringify(result)).not.toMatch(/Paula|Quentin|555/);
    expect(page.get().customer).toMatchObject({ id: ids[0], name: 'Paula' });
    await page.recognize({ account: 'q' }, { verified: ['account'] });
    expect(page.get().customer).toMatchObject({ id: ids[1], name: 'Quentin' });
  });

  it('two claims that lead to two of them are one, too; choosing yields a claim', async () => {
    await page.signOut();
    const before = page.get();
    const result = await page.recognize({ email: P.email, phone: Q.phone });
    expect(result).toMatchObject({ kind: 'conflict', choices: BOTH });
    expect(page.get().customer).toEqual(before.customer);
    const choice = result.kind === 'conflict' ? result.choices[0] : undefined;
    expect(await page.choose(choice?.id ?? '')).toMatchObject({ kind: 'found', level: 'claimed' });
    expect(page.get().customer).toMatchObject({ id: ids[0] });
  });

  it('proofs of both join nobody', async () => {
    const result = await page.recognize(
      { account: 'p', phone: Q.phone },
      { verified: ['account', 'phone'] },
    );
    expect(result).toMatchObject({ kind: 'conflict', choices: BOTH });
    await page.recognize({ account: 'q' }, { verified: ['account'] });
    expect(page.get().customer?.id).toBe(ids[1]);
  });
});
