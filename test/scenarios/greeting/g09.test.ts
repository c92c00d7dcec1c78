import { describe, expect, it } from 'vitest';
import { at, item, orders, said, signedIn } from './guest.js';

const NOW = at('2026-03-20 10:05');
const atlas = item('Atlas of Trees', { available: false, category: 'Books' });
const SHOP = [atlas, item('Tea towel'), item('Tree mug')];
const corner = { name: 'Corner Books', where: 'Elm St.' };

describe('G09 the honest referral', () => {
  it.each([
    ['of its sku', { ...corner, sku: 'atlas-of-trees' }, 'Atlas of Trees'],
    ['of its category', { ...corner, category: 'books' }, { sku: 'atlas-of-trees' }],
    ['of such words', { ...corner, words: ['left-handed shears'] }, 'Left handed Shears'],
    ['of anything else', corner, 'atlas'],
    ['with accents left out', { ...corner, words: ['Câble à vélo'] }, 'cable velo a'],
  ])('names who has it, and nothing of ours: %s', async (_, referral, query) => {
    const page = await signedIn(NOW, [], { catalog: SHOP, referrals: [referral] });
    const found = await page.lookFor(query);
    expect(found).toMatchObject({ kind: 'referral', ...corner });
    expect(found.text).toMatch(/not got/i);
    expect(found.text).toContain('Corner Books, Elm St.');
    expect(found.text).not.toMatch(/towel|mug/i);
    expect(page.why(found.ref)?.text).not.toBe('');
  });

  it('counts as a good outcome when it is taken', async () => {
    const page = await signedIn(
      NOW,
      orders(NOW, [1], () => ['Tea towel']),
      {
        catalog: SHOP,
        referrals: [corner],
      },
    );
    const found = await page.lookFor('shears');
    page.shown(found.ref);
    page.accepted(found.ref);
    await page.endVisit();
    await page.recognize({ account: 'u_42' }, { verified: ['account'] });
    const { exposures } = await page.rights.known();
    expect(exposures).toMatchObject({
      ok: true,
      value: [{ sku: 'referral:Corner Books', accepted: 1 }],
    });
  });

  it('is what a usual that is out says, without a substitute', async () => {
    const page = await signedIn(
      NOW,
      orders(NOW, [10, 40, 70], () => ['Atlas of Trees']),
      {
        catalog: SHOP,
        referrals: [{ ...corner, category: 'Books' }],
      },
    );
    const { greeting, again } = await said(page);
    expect(greeting).toContain('Corner Books');
    expect(greeting).not.toMatch(/towel|mug|usual/i);
    expect(again?.changed).toMatchObject([{ kind: 'gone', instead: { kind: 'referral' } }]);
  });

  it('has nothing to say where nobody has it', async () => {
    const page = await signedIn(NOW, [], { catalog: SHOP });
    const found = await page.lookFor('left-handed shears');
    expect(found).toMatchObject({ kind: 'none', reason: 'nothing' });
    expect(found.text).not.toMatch(/towel|mug/i);
  });

  it('refuses referrals that name nobody', async () => {
    await expect(() =>
      signedIn(NOW, [], { referrals: [{ where: 'Elm St.' } as never] }),
    ).rejects.toThrow(/referrals/);
  });
});
