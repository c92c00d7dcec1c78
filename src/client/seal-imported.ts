import type { RawIdentifier } from '../identity/port.js';
import { isPersonal } from '../profile/link-limits.js';
import type { RecordDraft } from '../profile/types.js';
import { sealRecords } from '../sync/seal.js';
import type { SealedBox } from '../sync/types.js';

/** What goes over the wire with links, by the id of their record. */
export type Along = ReadonlyMap<string, { readonly sealed: SealedBox }>;

/** Boxes with what identifies whoever is imported: sealing takes its time, and a transaction has none. */
export interface Boxes {
  /** What goes along with the links among these; or the tokens whose boxes have to be made first. */
  readonly along: (
    drafts: readonly RecordDraft[],
  ) => { readonly along: Along } | { readonly missing: readonly string[] };
  /** Makes the boxes of these tokens. */
  readonly seal: (
    tokens: readonly string[],
    raw: (token: string) => RawIdentifier,
  ) => Promise<void>;
}

/** Boxes to the public key of a shop's backend; none where there is no key. */
export function createBoxes(sealTo: JsonWebKey | undefined, shop: string): Boxes {
  const boxes = new Map<string, SealedBox>();
  return {
    along: (drafts) => {
      const along = new Map<string, { readonly sealed: SealedBox }>();
      const missing = new Set<string>();
      for (const { id, kind, data } of drafts) {
        if (!sealTo || kind !== 'link' || !isPersonal(data.type)) continue;
        const sealed = boxes.get(data.token);
        if (sealed) along.set(id, { sealed });
        else missing.add(data.token);
      }
      return missing.size > 0 ? { missing: [...missing] } : { along };
    },
    seal: async (tokens, raw) => {
      if (!sealTo) return;
      // of a chunk before nothing is left: an import may be of a million customers
      boxes.clear();
      for (const token of tokens) {
        const identifiers = [{ token, ...raw(token) }];
        boxes.set(token, await sealRecords(sealTo, shop, { records: [], identifiers }));
      }
    },
  };
}
