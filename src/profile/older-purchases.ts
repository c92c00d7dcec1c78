import { unpackHashes } from './name-hash.js';
import type { OlderData, Purchase, PurchaseLine, Stamped } from './types.js';

/** A purchase of which only what it counts is left. */
export interface OlderEntry {
  /** Hashes of what it goes by; the first stands for its id. */
  readonly names: readonly string[];
  readonly entry: Stamped<Purchase>;
}

/** The purchases that were dropped, as far as they are known. What does not fit together is passed over. */
export function readOlder({ purchases, goods, places }: OlderData): readonly OlderEntry[] {
  return purchases.map(([packed, at, stamp, number, numbers, unusual]) => {
    const names = unpackHashes(packed);
    const place = places[number];
    const { status = 'paid', gift, revision } = unusual ?? {};
    const lines: PurchaseLine[] = [];
    for (let i = 0; i < numbers.length; i += 3) {
      const good = goods[numbers[i] ?? -1];
      const [quantity = 0, refundedQuantity = 0] = numbers.slice(i + 1, i + 3);
      if (good)
        lines.push({
          ...good,
          quantity,
          unitPrice: null,
          modifiers: [],
          ...(refundedQuantity > 0 && { refundedQuantity }),
        });
    }
    const data: Purchase = {
      id: names[0] ?? '',
      at,
      status,
      lines,
      total: null,
      currency: null,
      ...(place !== undefined && { place: { id: place } }),
      channel: 'unknown',
      ...(gift && { gift }),
      ...(revision !== undefined && { revision }),
    };
    return { names, entry: { stamp, data, record: '' } };
  });
}
