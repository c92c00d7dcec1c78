import { describe, expect, it } from 'vitest';
import { parseMerchantFeed } from '../../src/formats/merchant.js';

const item = (inside: string): string =>
  `<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title>${inside}</channel></rss>`;
const mug = `<item><g:id>TV_1</g:id><g:item_group_id>TV</g:item_group_id><title><![CDATA[Mug "A" &amp; B]]></title><link>https://x.example/mug?a=1&amp;b=2</link>
<g:image_link>https://x.example/mug.jpg</g:image_link><g:price>1.012,90 EUR</g:price><g:availability>in_stock</g:availability>
<g:google_product_category>2169</g:google_product_category><g:product_type>Home &gt; Mugs</g:product_type><g:shipping><g:country>DE</g:country><g:price>4 EUR</g:price></g:shipping></item>`;
const expected = {
  ...{ sku: 'TV_1', product: 'TV', name: 'Mug "A" & B', price: 101_290, available: true },
  ...{
    category: 'Home > Mugs',
    url: 'https://x.example/mug?a=1&b=2',
    image: 'https://x.example/mug.jpg',
  },
};

describe('a feed of Google Merchant', () => {
  it('is read from RSS, with one item or several, and a byte order mark', () => {
    expect(parseMerchantFeed(item(mug))).toEqual({ items: [expected], skipped: [], warnings: [] });
    const two = `\uFEFF<?xml version="1.0"?>\n${item(mug + mug.replace('TV_1', 'TV_2'))}`;
    expect(parseMerchantFeed(two).items.map(({ sku }) => sku)).toEqual(['TV_1', 'TV_2']);
  });
  it('is read from Atom, whose links are attributes', () => {
    const entry = mug
      .replaceAll('item>', 'entry>')
      .replace(/<link>(.*)<\/link>/, '<link href="$1"/>');
    const feed = `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0">${entry}</feed>`;
    expect(parseMerchantFeed(feed).items).toEqual([expected]);
  });
  it('is read from tab-separated text', () => {
    const rows =
      'id\ttitle\tlink\tImage link\tprice\tavailability\titem group id\tg:product_type\nTV_1\tMug "A" &amp; B\thttps://x.example/mug?a=1&b=2\thttps://x.example/mug.jpg\t1012.90 EUR\tin stock\tTV\tHome > Mugs\r\n';
    expect(parseMerchantFeed(rows).items).toEqual([expected]);
  });
  it('has the sale price while the sale is on', () => {
    const feed = (more: string): string =>
      item(
        `<item><g:id>1</g:id><g:title>x</g:title><g:price>10 USD</g:price><g:sale_price>8.50 USD</g:sale_price>${more}</item>`,
      );
    const period =
      '<g:sale_price_effective_date>2026-02-24T11:07+0100/2026-02-29T23:07+0100</g:sale_price_effective_date>';
    const price = (text: string, receivedAt?: string): unknown =>
      parseMerchantFeed(text, receivedAt === undefined ? {} : { receivedAt }).items[0]?.price;
    expect(price(feed(''))).toBe(850);
    expect(price(feed(period))).toBe(1000);
    expect(price(feed(period), '2026-02-25')).toBe(850);
    expect(price(feed(period), '2026-03-25')).toBe(1000);
  });
  it('is in one currency; adult goods are sensitive, sold out is not available, a number is no category', () => {
    const feed = item(
      '<item><g:id>1</g:id><title>x</title><g:price>USD 10</g:price><g:adult>yes</g:adult><g:availability>out of stock</g:availability><g:google_product_category>7</g:google_product_category></item>',
    );
    expect(parseMerchantFeed(feed, { currency: 'EUR' })).toEqual({
      items: [{ sku: '1', name: 'x', sensitive: true, available: false }],
      skipped: [],
      warnings: ['1: its price could not be read'],
    });
  });
  it('grows by no entities of its own, and reads none of a file', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY f SYSTEM "file:///etc/passwd">]>${item('<item><g:id>1</g:id><title>&c;&f;</title></item>')}`;
    const { items } = parseMerchantFeed(bomb);
    expect(JSON.stringify(items).length).toBeLessThan(100);
    expect(JSON.stringify(items)).not.toContain('root');
  });
  it.each([
    '',
    '<',
    '<rss>',
    '<rss><channel/></rss>',
    '<a><b></a>',
    item('<item'),
    'id\ttitle',
    '{"id":1}',
    null,
    7,
    {},
    '<a>'.repeat(5000),
  ])('does not stumble over %j', (input) => expect(parseMerchantFeed(input).items).toEqual([]));
  it('takes no harm from names that objects have', () => {
    const feed = item(
      '<item><__proto__><g:id>2</g:id></__proto__><constructor>x</constructor><g:id>1</g:id><title>x</title></item>',
    );
    expect(parseMerchantFeed(feed).items.length).toBeLessThan(2);
    expect(({} as Record<string, unknown>)['g:id']).toBeUndefined();
  });
});
