import { createTokenizer, type Tokenizer } from '../identity/tokens.js';
import type { NormalIdentifier } from '../identity/types.js';
import { appendRecords, findCustomers, readAllRecords, type LogEnv } from '../profile/log.js';
import { withFormat } from '../profile/migrations.js';
import type { ProfileStorage, StorageTransaction } from '../profile/port.js';
import type { ProfileRecord, RecordDraft } from '../profile/types.js';
import type { DeviceRow, Vault } from './core.js';
import { hashForErasures } from './erasures.js';
import { hasSaidYes, type Fate } from './may-keep.js';

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

/**
 * Moves what memory holds into `to`, as far as it may be kept: with the tokens of the device it moves to, under the person it belongs
 * to there, with its own times; what waits for an answer stays. Without `to` its people part: then only that stays which may be
 * kept and waits for the storage. True when something stays.
 */
export async function moveHeld(
  vault: Vault,
  to: ProfileStorage | undefined,
  anonymous: string | undefined,
  fateOf: (record: ProfileRecord, known: Known) => Fate,
  sealed: (drafts: readonly RecordDraft[]) => Promise<Pick<LogEnv, 'along'>> = () =>
    Promise.resolve({}),
): Promise<boolean> {
  const { current } = vault.device();
  const held = await vault.held();
  // memory holds only what this page wrote: no kinds of a newer version
  const records = (await held.transact('readonly', readAllRecords)) as readonly ProfileRecord[];
  const links = await Promise.all(records.map((record) => withToken(vault, record)));
  const known = await knownAmong(to, links);
  // who is not named is whom the device remembers, and that one has said yes
  const isKnown: Known = (subject) => (subject === anonymous && current !== null) || known(subject);
  const fates = new Map(links.map((record) => [record, fateOf(record, isKnown)]));
  const drafts = links
    .filter((record) => fates.get(record) === 'moves')
    .map((record): RecordDraft => {
      const subject = record.subject === anonymous && current ? current.subject : record.subject;
      return { ...record, subject };
    });
  const erasures = await hashForErasures(vault.device(), drafts);
  const along = await sealed(drafts);
  if (to && drafts.length > 0)
    await withFormat((format) =>
      to.transact(
        'readwrite',
        async (transaction) =>
          appendRecords(transaction, await afterLog(transaction, drafts), {
            ...vault.env(),
            ...erasures,
            ...along,
            format,
          }),
        { durability: 'strict' },
      ),
    );
  // nobody is left to answer for what waits once its person has parted
  const stays = links.filter((record) => fates.get(record) === (to ? 'waits' : 'moves'));
  await held.destroy();
  if (stays.length === 0) {
    vault.identifiers.clear();
    return false;
  }
  await held.open({ name: vault.env().shop });
  await held.transact('readwrite', (transaction) => appendRecords(transaction, stays, vault.env()));
  return true;
}

/** True for a subject that one who has said yes in the storage is known by. */
export type Known = (subject: string) => boolean;

async function withToken(vault: Vault, record: ProfileRecord): Promise<ProfileRecord> {
  if (record.kind !== 'link') return record;
  const identifier = vault.identifiers.get(record.data.token);
  const token = identifier ? await tokenOf(vault, identifier) : record.data.token;
  return { ...record, data: { ...record.data, token } };
}

/** Who of them has an identifier of a customer whose own yes is in the storage. */
async function knownAmong(
  to: ProfileStorage | undefined,
  records: readonly ProfileRecord[],
): Promise<Known> {
  const known = new Set<string>();
  await to?.transact('readonly', async (transaction) => {
    for (const { kind, subject, data } of records) {
      if (known.has(subject)) continue;
      const customers = kind === 'link' ? await findCustomers(transaction, data.token) : [subject];
      for (const customer of customers)
        if (await hasSaidYes(transaction, customer)) known.add(subject);
    }
  });
  return (subject) => known.has(subject);
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
