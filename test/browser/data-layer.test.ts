import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenToDataLayer } from '../../src/adapters/page/data-layer.js';
import { indexedDbStorage } from '../../src/adapters/storage/indexed-db.js';
import { createRegulars } from '../../src/client/create-regulars.js';
import type { Regulars, RegularsOptions } from '../../src/client/types.js';

interface Tags {
  dataLayer?: unknown[];
  gtag?: (...given: unknown[]) => void;
  analytics?: unknown[] & { track: (...given: unknown[]) => unknown };
}
const tags = window as unknown as Tags;

/** A script of the page, as its author wrote it. */
function run(code: string): void {
  const script = document.createElement('script');
  script.textContent = code;
  document.head.append(script);
  script.remove();
}
const GTAG = `window.dataLayer = window.dataLayer || [];
  function gtag(){dataLayer.push(arguments);}
  gtag('js', new Date()); gtag('config', 'G-TEST');`;
const SEGMENT = `!function(){var i="analytics",analytics=window[i]=window[i]||[];if(!analytics.initialize){analytics.invoked=!0;
  analytics.methods=["track","page","identify","on","once","off","ready"];analytics.factory=function(e){return function(){
  if(window[i].initialized)return window[i][e].apply(window[i],arguments);var n=Array.prototype.slice.call(arguments);n.unshift(e);analytics.push(n);return analytics}};
  for(var n=0;n<analytics.methods.length;n++){var key=analytics.methods[n];analytics[key]=analytics.factory(key)}analytics.page();}}();`;
/** Tag Manager wraps push when it comes, keeps what the one before gives, and drops what is old. */
const MANAGER = `(function(l){var before=l.push;l.push=function(){var given=[].slice.call(arguments,0);
  var result=before.apply(l,given);while(l.length>300)l.shift();return result!==false};})(dataLayer);`;

const sold = (id: string): object => ({
  ...{ transaction_id: id, currency: 'EUR', value: 9, user_id: 'u-somebody' },
  items: [{ item_id: 'LAT', item_name: 'Latte', price: 4.5, quantity: 2 }],
});

let shop = 0;
let regulars: Regulars;
let stop = (): void => undefined;
const open = (consent: RegularsOptions['consent'] = { remember: 'granted' }): Regulars =>
  createRegulars({
    shop: `tags-${Date.now()}-${++shop}`,
    storage: indexedDbStorage(),
    currency: 'EUR',
    consent,
  });
/** Starts, for a customer whom the page vouches for. */
async function begin(): Promise<void> {
  await regulars.start();
  await regulars.recognize({ account: 'shep' }, { verified: ['account'] });
}
const ids = (): readonly string[] => {
  const usual = regulars.usual();
  return usual.kind === 'none' ? [] : usual.lines.map(({ sku, quantity }) => `${quantity} ${sku}`);
};

beforeEach(() => {
  for (const name of ['dataLayer', 'gtag', 'analytics']) Reflect.deleteProperty(window, name);
});
afterEach(async () => {
  stop();
  await regulars.stop();
});

describe('a page with tags in place', () => {
  it('is heard from before the client started, through gtag and a tag manager', async () => {
    run(GTAG);
    tags.gtag?.('event', 'purchase', sold('W-1'));
    regulars = open();
    stop = listenToDataLayer(regulars);
    expect(ids()).toEqual([]);
    await begin();
    await expect.poll(ids).toEqual(['2 LAT']);
    run(MANAGER);
    tags.gtag?.('event', 'refund', { transaction_id: 'W-1' });
    await expect.poll(ids).toEqual([]);
    for (let i = 0; i < 500; i++) tags.gtag?.('event', 'scroll', { i });
    tags.gtag?.('event', 'purchase', sold('W-2'));
    await expect.poll(ids).toEqual(['2 LAT']);
  });
  it('may bring its tags later, and Segment with them', async () => {
    regulars = open();
    await begin();
    stop = listenToDataLayer(regulars);
    run(GTAG);
    run(SEGMENT);
    tags.analytics?.track('Order Completed', {
      order_id: 'W-3',
      products: [{ sku: 'BUN', price: 2 }],
    });
    await expect.poll(ids).toEqual(['1 BUN']);
    expect(Object.getOwnPropertyDescriptor(window, 'dataLayer')?.writable).toBe(true);
  });
  it('records the thank-you page once, though it is opened again', async () => {
    regulars = createRegulars({
      shop: 'tags-again',
      storage: indexedDbStorage(),
      consent: { remember: 'ask' },
    });
    await begin();
    await regulars.rights.consent('remember', 'granted');
    for (let visit = 0; visit < 3; visit++) {
      run(`delete window.dataLayer;${GTAG}`);
      stop = listenToDataLayer(regulars);
      tags.gtag?.('event', 'purchase', sold('W-4'));
      await expect.poll(ids).toEqual(['2 LAT']);
      stop();
      await regulars.stop();
      await begin();
    }
    const known = await regulars.rights.known();
    expect(known.purchases).toMatchObject({ ok: true, value: [{ id: 'web:W-4' }] });
    expect(JSON.stringify(known)).not.toContain('u-somebody');
    await regulars.rights.forget({ scope: 'device' });
  });
  it('leaves nothing on the device before a yes', async () => {
    run(GTAG);
    regulars = open({ remember: 'ask' });
    const before = (await indexedDB.databases()).length;
    stop = listenToDataLayer(regulars);
    await begin();
    tags.gtag?.('event', 'purchase', sold('W-5'));
    await expect.poll(ids).toEqual(['2 LAT']);
    expect((await indexedDB.databases()).length).toBe(before);
    expect(JSON.stringify(Object.entries(localStorage))).not.toContain(`tags-${shop}`);
  });
});
