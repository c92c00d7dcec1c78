import type { ConsentAnswers, ConsentSource } from '../../profile/port.js';
import type { ConsentPurpose } from '../../profile/types.js';
import { listenOn, listenersOf } from './listeners.js';

/** What Shopify asks a visitor for. */
export type ShopifyCategory = 'preferences' | 'analytics' | 'marketing' | 'sale_of_data';

/** Which category of Shopify's speaks for which purpose. */
export interface ShopifyConsentOptions {
  /**
   * A purpose that is left out is not Shopify's: it is asked by the page. `health` has no category: it is always asked.
   * @defaultValue `remember` and `suggest` go by preferences, `measure` by analytics, `share` by the sale of data
   */
  readonly purposes?: { readonly [purpose in Exclude<ConsentPurpose, 'health'>]?: ShopifyCategory };
}

/** The part of Shopify's Customer Privacy API that is used here. */
interface CustomerPrivacy {
  readonly currentVisitorConsent?: () => { readonly [category in ShopifyCategory]?: unknown };
  readonly preferencesProcessingAllowed?: () => unknown;
  readonly analyticsProcessingAllowed?: () => unknown;
  readonly marketingAllowed?: () => unknown;
  readonly saleOfDataAllowed?: () => unknown;
}

interface Shopify {
  readonly customerPrivacy?: CustomerPrivacy;
  readonly loadFeatures?: (
    features: readonly { readonly name: string; readonly version: string }[],
    done: (error: unknown) => void,
  ) => void;
}

const ALLOWED = {
  preferences: 'preferencesProcessingAllowed',
  analytics: 'analyticsProcessingAllowed',
  marketing: 'marketingAllowed',
  sale_of_data: 'saleOfDataAllowed',
} as const;

const PURPOSES: NonNullable<ShopifyConsentOptions['purposes']> = {
  remember: 'preferences',
  suggest: 'preferences',
  measure: 'analytics',
  share: 'sale_of_data',
};

/**
 * The consent that Shopify's Customer Privacy API knows: from the shop's banner, its settings by region, and the browser's signals.
 * Until the API is there, and the visitor has answered where an answer is needed, nothing is stored or read. Loads the API by
 * itself; on a page that is not Shopify's nobody ever answers.
 * @example
 * createRegulars({ shop: 'blue-door', storage: indexedDbStorage(), consent: shopifyConsent() });
 */
export function shopifyConsent({ purposes = PURPOSES }: ShopifyConsentOptions = {}): ConsentSource {
  const entries = Object.entries(purposes) as [ConsentPurpose, ShopifyCategory][];
  let asked = false;
  const tell = listenersOf();
  const api = (): CustomerPrivacy | undefined => {
    const { Shopify: shopify } = globalThis as { readonly Shopify?: Shopify };
    if (!shopify?.customerPrivacy && !asked && shopify?.loadFeatures) {
      asked = true;
      // a failure leaves the answers open; the next page load tries again
      shopify.loadFeatures([{ name: 'consent-tracking-api', version: '0.1' }], () => tell.all());
    }
    return shopify?.customerPrivacy;
  };
  return {
    get: () => {
      const privacy = api();
      return Object.fromEntries(
        entries.map(([purpose, category]) => [
          purpose,
          privacy ? answerOf(privacy, category) : 'ask',
        ]),
      );
    },
    listen: (changed) =>
      tell.add(changed, () => {
        api();
        return listenOn(
          globalThis.document,
          ['visitorConsentCollected', 'shopifyCustomerPrivacyApiLoaded'],
          tell.all,
        );
      }),
  };
}

function answerOf(
  privacy: CustomerPrivacy,
  category: ShopifyCategory,
): NonNullable<ConsentAnswers[ConsentPurpose]> {
  try {
    const said = privacy.currentVisitorConsent?.()[category];
    if (said === 'no' || said === false) return 'denied';
    if (privacy[ALLOWED[category]]?.() === true) return 'granted';
    // a yes that Shopify does not let count: a signal of the browser's stands against it
    return said === 'yes' || said === true ? 'denied' : 'ask';
  } catch {
    return 'ask'; // their API is not whole yet
  }
}
