import type { RhythmPrior } from './types.js';

/** Trades that a prior is shipped for. */
export type Trade = 'shop' | 'grocery' | 'cafe';

/** Shipped priors: `shop` from an online music shop, `grocery` from an online grocery, `cafe` from a coffee machine. `fitPrior` of `regulars/model` makes your own. */
export const priors: Readonly<Record<Trade, RhythmPrior>> = {
  shop: { k: 1, r: 0.689, alphaDays: 69.2, a: 0.492, b: 0.859 },
  grocery: { k: 2, r: 1.304, alphaDays: 21.9, a: 0.448, b: 0.874 },
  cafe: { k: 1, r: 0.481, alphaDays: 6, a: 0.83, b: 0.4 },
};
