import { isPersonal } from '../profile/link-limits.js';
import type { RecordDraft } from '../profile/types.js';
import { sealRecords } from '../sync/seal.js';
import type { SealedBox } from '../sync/types.js';
import type { Core } from './core.js';

/**
 * What of these links' identifiers goes over the wire, sealed to the backend while the page still has it: the storage gets a token of this
 * device's alone. For `appendRecords`; nothing where there is no key, or no sync.
 */
export async function sealLinks(
  core: Core,
  drafts: readonly RecordDraft[],
): Promise<{ readonly along?: ReadonlyMap<string, { readonly sealed: SealedBox }> }> {
  const { options, vault, mode } = core;
  const { sealTo, shop, sync } = options;
  if (!sealTo || sync?.transport.kind !== 'records' || mode === 'kiosk') return {};
  const along = new Map<string, { readonly sealed: SealedBox }>();
  for (const { id, kind, data } of drafts) {
    const identifier = kind === 'link' ? vault.identifiers.get(data.token) : undefined;
    if (kind !== 'link' || !identifier || !isPersonal(data.type)) continue;
    const { type, value } = identifier;
    try {
      const identifiers = [{ token: data.token, type, value }];
      along.set(id, { sealed: await sealRecords(sealTo, shop, { records: [], identifiers }) });
    } catch (error) {
      // no key, or no WebCrypto: the link stays here
      core.report(error);
    }
  }
  return along.size > 0 ? { along } : {};
}
