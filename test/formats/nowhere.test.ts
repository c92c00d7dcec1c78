import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { memoryStorage } from '../../src/adapters/storage/memory.js';
import { importPurchases } from '../../src/client/import-purchases.js';
import { parseBigCommerce } from '../../src/formats/bigcommerce.js';
import { parseDeliverect } from '../../src/formats/deliverect.js';
import { parseGa4 } from '../../src/formats/ga4.js';
import { parseMagento } from '../../src/formats/magento.js';
import { parseSchemaOrg } from '../../src/formats/schema-org.js';
import { parseSegment } from '../../src/formats/segment.js';
import { parseShopify } from '../../src/formats/shopify.js';
import { parseSquare } from '../../src/formats/square.js';
import { parseStripe } from '../../src/formats/stripe.js';
import { parseToast } from '../../src/formats/toast.js';
import type { ParsedOrders, ParseOptions } from '../../src/formats/types.js';
import { parseWooCommerce } from '../../src/formats/woocommerce.js';
import { createDevice } from '../support/device.js';
import {
  describeShared,
  expectedOf,
  expectNowhere,
  mutationsOf,
  plant,
  sharedData,
  sharedFolder,
} from '../support/mutate.js';

type Parse = (input: unknown, options: ParseOptions) => ParsedOrders;
const parsers: Readonly<Record<string, Parse>> = {
  ...{ bigcommerce: parseBigCommerce, deliverect: parseDeliverect, ga4: parseGa4 },
  ...{ magento: parseMagento, schemaorg: parseSchemaOrg, segment: parseSegment },
  ...{ shopify: parseShopify, square: parseSquare, stripe: parseStripe },
  ...{ toast: parseToast, woocommerce: parseWooCommerce },
};

/** Fields that hold what nobody needs, as vendors name them. Texts in them are looked for in the storage. */
const PRIVATE =
  /address_?\d?$|street|line_?1|line_?2|zip|post_?code|postal|^city$|company|(^|_)ip(_|$)|user_?agent|card|iban|last4|fingerprint|landing_site|customer_note|staff_notes|customer_message|^note$|token/i;

/** The texts of these fields, wherever they are; short ones say nothing, and those that are also elsewhere are no secret. */
function privateTexts(value: unknown): readonly string[] {
  const [secret, open] = [new Set<string>(), new Set<string>()];
  const walk = (node: unknown, isPrivate: boolean): void => {
    if (typeof node === 'string') (isPrivate ? secret : open).add(node.trim().toLowerCase());
    else if (typeof node === 'object' && node !== null)
      for (const [key, inner] of Object.entries(node))
        walk(inner, Array.isArray(node) ? isPrivate : PRIVATE.test(key) && !/email/i.test(key));
  };
  walk(value, false);
  return [...secret].filter((text) => text.length > 5 && !open.has(text));
}

async function storedAfter(purchases: ParsedOrders['purchases']): Promise<string> {
  const storage = memoryStorage();
  await storage.open({ name: 'regulars:blue-door' });
  await importPurchases(storage, purchases, { shop: 'blue-door', region: 'US' });
  const stores = ['cards', 'tokens', 'records', 'outbox', 'meta'] as const;
  const rows = await Promise.all(
    stores.map((store) => storage.transact('readonly', (tx) => tx.list(store, {}))),
  );
  return JSON.stringify(rows);
}

describeShared('what nobody needs', () => {
  const files = Object.keys(parsers).flatMap((vendor) =>
    readdirSync(join(sharedFolder, vendor)).map((name) => `${vendor}/${name}`),
  );
  it.each(files.filter((file) => file.endsWith('.json')))(
    'of %s is nowhere in the storage, planted or of the sample, whatever happened to it',
    async (file) => {
      const parse = parsers[file.split('/')[0] ?? ''];
      const { options } = expectedOf(file);
      const sample: unknown = JSON.parse(sharedData(file));
      const { payload, strings } = plant(sample);
      const secrets = [...strings, ...privateTexts(sample)];
      const all = [payload, ...[...mutationsOf(payload, 40)].map((mutation) => mutation.payload)];
      // each under an id of its own: one would replace the other
      const found = all.flatMap((each, i) =>
        (parse?.(each, options).purchases ?? []).map((purchase) => ({
          ...purchase,
          id: `${purchase.id}#${i}`,
        })),
      );
      const stored = await storedAfter(found);
      expectNowhere(stored, secrets);
      const fit = found.some(({ at, customer, lines }) => at && lines[0] && customer.ids[0]);
      expect(stored.includes('purchase'), 'something was stored').toBe(fit);
    },
  );
  it('is found by this search where it is', async () => {
    const found = parseGa4(JSON.parse(sharedData('ga4/datalayer-pushes.json')), {
      receivedAt: 1.7e12,
    });
    const [first] = found.purchases;
    expect(first).toBeDefined();
    const purchases = first ? [{ ...first, place: { name: 'secret-street-zq' } }] : [];
    const stored = await storedAfter(purchases);
    expect(() => expectNowhere(stored, ['secret-street-zq'])).toThrow('secret-street-zq');
  });
  it.each(files.filter((file) => file.endsWith('.csv')))(
    'of %s is nowhere in the storage',
    async (file) => {
      const parse = parsers[file.split('/')[0] ?? ''];
      const [header = '', ...rows] = sharedData(file).split('\n');
      const text = [
        `${header},Billing Company,Client IP`,
        ...rows.map((row) => (row.trim() ? `${row},secret-company-zq,203.0.113.77` : row)),
      ].join('\n');
      const { options } = expectedOf(file);
      expectNowhere(await storedAfter(parse?.(text, options).purchases ?? []), [
        'secret-company-zq',
        '203.0.113.77',
      ]);
    },
  );
  it('of a purchase on a page is nowhere in its storage, either', async () => {
    const device = createDevice();
    const regulars = device.page({ consent: { remember: 'granted' } });
    await regulars.start();
    const { payload, strings } = plant(JSON.parse(sharedData('shopify/order-webhook-cafe.json')));
    for (const purchase of parseShopify(payload).purchases)
      expect((await regulars.record(purchase)).kind).toBe('kept');
    await regulars.stop();
    const bytes = await device.bytes();
    expect(bytes).toContain('LAT-12');
    expectNowhere(bytes, strings);
  });
});
