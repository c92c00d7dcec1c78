import type { ParsedOrders, ParseOptions } from '../formats/types.js';
import type { Vendor } from './detect.js';

/** Reads the orders of one shop system. */
export type ParseOrders = (input: unknown, options?: ParseOptions) => ParsedOrders;

/** The parsers, each loaded when a file needs it. */
export const PARSERS: { readonly [vendor in Vendor]?: () => Promise<ParseOrders> } = {
  shopify: async () => (await import('../formats/shopify.js')).parseShopify,
};

/** What stands before the colon in the ids of a vendor's orders. */
export const sourceOf = (vendor: Vendor): string =>
  vendor === 'schema-org' ? 'schemaorg' : vendor;
