import type { ParsedOrders, ParseOptions } from '../formats/types.js';
import type { Vendor } from './detect.js';

/** Reads the orders of one shop system. */
export type ParseOrders = (input: unknown, options?: ParseOptions) => ParsedOrders;

/** The parsers, each loaded when a file needs it. */
export const PARSERS: { readonly [vendor in Vendor]: () => Promise<ParseOrders> } = {
  ga4: async () => (await import('../formats/ga4.js')).parseGa4,
  segment: async () => (await import('../formats/segment.js')).parseSegment,
  shopify: async () => (await import('../formats/shopify.js')).parseShopify,
  woocommerce: async () => (await import('../formats/woocommerce.js')).parseWooCommerce,
  square: async () => (await import('../formats/square.js')).parseSquare,
  stripe: async () => (await import('../formats/stripe.js')).parseStripe,
  magento: async () => (await import('../formats/magento.js')).parseMagento,
  bigcommerce: async () => (await import('../formats/bigcommerce.js')).parseBigCommerce,
  toast: async () => (await import('../formats/toast.js')).parseToast,
  deliverect: async () => (await import('../formats/deliverect.js')).parseDeliverect,
  'schema-org': async () => (await import('../formats/schema-org.js')).parseSchemaOrg,
};

/** What stands before the colon in the ids of a vendor's orders. */
export const sourceOf = (vendor: Vendor): string =>
  vendor === 'schema-org' ? 'schemaorg' : vendor;

/** The shop systems whose orders are read, by the name that `--format` takes. */
export const VENDORS: readonly string[] = Object.keys(PARSERS);
