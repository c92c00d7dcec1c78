import { createTokenizer, type Tokenizer } from '../identity/tokens.js';
import type { NormalIdentifier } from '../identity/types.js';
import { RegularsError } from '../kernel/errors.js';
import { appendRecords, readAllRecords } from '../profile/log.js';
import { withFormat } from '../profile/migrations.js';
import type { ProfileStorage, StorageTransaction } from '../profile/port.js';
import type { ProfileRecord, RecordDraft } from '../profile/types.js';
import type { DeviceRow, Vault } from './core.js';
import type { Marker } from './marker.js';
import { isDevice } from './device-row.js';

const tokenizers = new WeakMap<readonly number[], Tokenizer>();

function tokenizerOf({ key }: DeviceRow): Tokenizer {
  const made = tokenizers.get(key) ?? createTokenizer(Uint8Array.from(key));
  tokenizers.set(key, made);
  return made;
}

/** Token of an identifier on this device. */
export async function tokenOf(vault: Vault, identifier: NormalIdentifier): Promise<string> {
  const { type, value } = identifier;
  // without WebCrypto (plain http) nothing is kept, so the bare value never leaves this page's memory
  const token = (await tokenizerOf(vault.device()).token(type, value)) ?? `${type}:${value}`;
  vault.identifiers.set(token, identifier);
  return token;
}

/** Moves what memory holds into `to`: with the tokens of the device it moves to, under the person it belongs to there, with its own times. */
export async function moveHeld(
  vault: Vault,
  to: ProfileStorage,
  anonymous: string | undefined,
  moves: (subject: string) => boolean,
): Promise<void> {
  const { current } = vault.device();
  const held = await vault.held();
  // memory holds only what this page wrote: no kinds of a newer version
  const records = (await held.transact('readonly', readAllRecords)) as readonly ProfileRecord[];
  const drafts = await Promise.all(
    records
      .filter(({ subject }) => moves(subject))
      .map(async (record): Promise<RecordDraft> => {
        const subject = record.subject === anonymous && current ? current.subject : record.subject;
        if (record.kind !== 'link') return { ...record, subject };
        const identifier = vault.identifiers.get(record.data.token);
        const token = identifier ? await tokenOf(vault, identifier) : record.data.token;
        return { ...record, subject, data: { ...record.data, token } };
      }),
  );
  if (drafts.length > 0)
    await withFormat((format) =>
      to.transact(
        'readwrite',
        async (transaction) =>
          appendRecords(transaction, await afterLog(transaction, drafts), {
            ...vault.env(),
            format,
          }),
        { durability: 'strict' },
      ),
    );
}

/**
 * Memory's clock began with the page. Where the wall clock was set back meanwhile, or stood still, the device stamps anew:
 * what is done later stands, on this device at least.
 */
async function afterLog(
  transaction: StorageTransaction,
  drafts: readonly RecordDraft[],
): Promise<readonly RecordDraft[]> {
  const { stamp = '' } = ((await transaction.get('meta', 'log')) ?? {}) as { stamp?: string };
  if (drafts.every((draft) => draft.stamp !== undefined && draft.stamp > stamp)) return drafts;
  return drafts.map((draft) => {
    const { stamp: _, ...rest } = draft;
    return rest;
  });
}

/** Makes the row of this install, unless another tab has been faster. What is encrypted, and nobody gave a key for, is left alone. */
export function makeDevice(
  to: ProfileStorage,
  fresh: DeviceRow,
  marker: Marker | undefined,
): Promise<DeviceRow> {
  return to.transact('readwrite', async (transaction) => {
    const there = (await transaction.get('meta', 'device')) as DeviceRow | undefined;
    if (isDevice(there)) return there;
    if ((there as { readonly locked?: unknown } | undefined)?.locked !== undefined)
      throw new RegularsError('ERR_STORAGE_LOCKED', 'The stored data is encrypted: give its key.');
    const made = {
      ...fresh,
      ...(marker && { id: marker.device }),
      // damaged or emptied: whom the row named, the marker still knows; what was known of them it does not
      ...(marker?.card && { current: { subject: marker.card, customer: marker.card } }),
    };
    transaction.put('meta', 'device', made);
    return made;
  });
}
