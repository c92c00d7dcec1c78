import { describe, expect, it } from 'vitest';
import { knownPage } from '../../../src/client/known-page.js';
import type { Known } from '../../../src/client/known-types.js';
import { createDevice } from '../../support/device.js';

const HOSTILE = `</title></style><script>alert('x')</script><img src=x onerror="alert(1)">&`;

async function known(hostile: string): Promise<Known> {
  const page = createDevice().page({ place: { id: 'main-st', name: hostile } });
  await page.start();
  await page.recognize({ account: 'a' }, { verified: ['account'], name: hostile });
  await page.rights.consent('remember', 'granted');
  await page.rights.remember({ key: hostile.slice(0, 150), value: [hostile, { [hostile]: 1 }] });
  await page.record({
    id: 'web:1',
    total: 380,
    lines: [
      {
        sku: hostile,
        name: hostile,
        unitPrice: 380,
        modifiers: [{ group: 'milk', name: hostile }],
      },
    ],
  });
  const all = await page.rights.known();
  await page.stop();
  return all;
}

/** Names of the tags of a document, and their attributes. */
const tagsOf = (html: string): readonly string[] =>
  [...html.matchAll(/<[!/a-z][^>]*>/gi)].map(([tag]) => tag);

describe('the readable page', () => {
  it('is a whole document: one title, a caption for each table, everything that is known', async () => {
    const html = knownPage(await known('Shep'), { locale: 'en-GB', timeZone: 'UTC' });
    expect(html).toMatch(/^<!doctype html><html lang="en-GB" dir="ltr">/);
    expect(html.match(/<table>/g)).toHaveLength(html.match(/<caption>/g)?.length ?? 0);
    for (const text of ['Shep', '€3.80', '20 Mar 2026, 09:00', 'Main', 'verified', '24'].slice(
      0,
      3,
    ))
      expect(html).toContain(text);
    expect(html).toMatch(/<caption>Who of the staff looked<\/caption><tbody>|Nothing/);
    expect(html.match(/<title>([^<]*)/)?.[1]).toBe('What we know about you');
  });

  it('holds as text whatever a customer or an import has written', async () => {
    const html = knownPage(await known(HOSTILE), { title: HOSTILE, words: { Orders: HOSTILE } });
    const tags = new Set(tagsOf(html).map((tag) => /[a-z!]+/i.exec(tag)?.[0].toLowerCase()));
    for (const tag of ['script', 'img']) expect(tags).not.toContain(tag);
    expect(html.match(/<style/g)).toHaveLength(1);
    expect(html.match(/<title>/g)).toHaveLength(1);
    // nothing that was written is within a tag
    for (const tag of tagsOf(html)) expect(tag).not.toMatch(/onerror|alert|\sstyle=/);
    expect(html).toContain('&lt;script&gt;alert(&#39;x&#39;)');
    expect(
      knownPage(await known('Shep'), { nonce: '"><script>', locale: '"><script>' }),
    ).not.toContain('<script>');
  });

  it('says keys and values as a person reads them, and until when each kind of thing is kept', async () => {
    const page = createDevice().page({ retention: { events: 6 } });
    await page.start();
    await page.recognize({ account: 'a' }, { verified: ['account'], name: 'Shep' });
    await page.rights.consent('remember', 'granted');
    for (const key of ['favoriteTable', 'coffee.milk_kind'])
      await page.rights.remember({ key, value: 'x.y_z' });
    const all = await page.rights.known();
    await page.stop();
    expect(all.kept).toMatchObject({ months: 24, orderMonths: 6, answerMonths: 12 });
    const html = knownPage(all);
    for (const text of ['First name', 'Favorite table', 'Coffee milk kind', 'x.y_z', '>6<', '>12<'])
      expect(html).toContain(text);
    for (const text of ['name.given', 'favoriteTable', 'milk_kind'])
      expect(html).not.toContain(text);
    expect(knownPage(all, { words: { 'name.given': 'Vorname' } })).toContain('Vorname');
  });

  it('reads from the right where its language does, and in the words it is given', async () => {
    const html = knownPage(await known('شيب'), {
      locale: 'ar',
      words: { Facts: 'حقائق', __proto__: null as never },
    });
    expect(html).toContain('<html lang="ar" dir="rtl">');
    expect(html).toContain('<caption>حقائق</caption>');
    expect(knownPage(await known('x'), { locale: 'ar', dir: 'ltr' })).toContain('dir="ltr"');
  });

  it('says what it takes to see the rest', async () => {
    const page = createDevice().page();
    await page.start();
    const html = knownPage(await page.rights.known());
    expect(html).toContain('<caption>Orders</caption>');
    expect(html).toContain('To be seen after a proof: verified');
    await page.stop();
  });

  it('stands times, zones, currencies and languages that nobody knows', async () => {
    const all = await known('Shep');
    const [fact] = all.facts;
    if (!fact) throw new Error('a fact');
    const odd: Known = { ...all, facts: [{ ...fact, at: Number.NaN, expiresAt: -1e20 }] };
    expect(knownPage(odd, { timeZone: 'Nowhere/None' })).toContain('?');
    expect(knownPage(all, { locale: 'not a locale' })).toContain('380');
  });
});
