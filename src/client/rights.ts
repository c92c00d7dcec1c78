import type { EvidenceLevel, RevealField } from '../identity/types.js';
import { RegularsError } from '../kernel/errors.js';
import type { Json } from '../kernel/json.js';
import { compareText } from '../profile/fold-records.js';
import { throwIfAborted } from '../profile/in-chunks.js';
import { readRows, type AnyRecord } from '../profile/log-rows.js';
import { withFormat } from '../profile/migrations.js';
import type { ConsentPurpose, ProfileRecord } from '../profile/types.js';
import type { Acts, Core } from './core.js';
import { consentsOf } from './consent.js';
import { levelOf } from './person.js';
import { gate } from './speak.js';
import type { CustomerExport, Known, TransferOptions } from './types.js';

/** What the customer may see and take along. */
export function rightsHere(core: Core): Pick<Acts, 'export' | 'import' | 'known'> {
  return {
    known: () => knownHere(core, levelOf(core)),
    export: (options) => exportHere(core, levelOf(core), options),
    import: async (source, options = {}) => {
      const { importHere } = await import('./import-here.js');
      return importHere(core, source, options);
    },
  };
}

/** Everything known that this level may see. */
function knownHere(core: Core, level: EvidenceLevel): Known {
  const { card } = core.state;
  const orders = gate(core, 'orders');
  const taste = gate(core, 'taste');
  const facts = Object.entries(card?.facts ?? {}).filter(([key, { purpose }]) => {
    const decision = gate(core, fieldOf(key, purpose));
    return decision.ok && !decision.masked;
  });
  return {
    level,
    facts: facts.map(([key, { value, source, at, record }]) => ({
      id: record,
      key,
      value,
      source,
      at,
    })),
    consent: consentsOf(core),
    links: taste.ok
      ? (card?.links ?? []).map(({ type, level: shown, at }) => ({ type, level: shown, at }))
      : [],
    purchases: orders.ok ? { ok: true, value: card?.purchases ?? [] } : orders,
    paidVisits: taste.ok ? (card?.paidVisits ?? 0) : 0,
    items: taste.ok
      ? {
          ok: true,
          value: (card?.items ?? []).map(({ sku, name, purchases }) => ({ sku, name, purchases })),
        }
      : taste,
  };
}

const fieldOf = (key: string, purpose: ConsentPurpose): RevealField =>
  purpose === 'health'
    ? 'sensitive'
    : key.startsWith('name.')
      ? 'name'
      : key === 'birthday' || key === 'points'
        ? key
        : 'contact';

/** Everything kept of the customer here, for taking along. */
async function exportHere(
  core: Core,
  level: EvidenceLevel,
  { signal, onProgress }: TransferOptions = {},
): Promise<CustomerExport> {
  throwIfAborted(signal);
  if (level !== 'verified' && level !== 'device')
    throw new RegularsError(
      'ERR_PROOF_NEEDED',
      'Nobody is known here whose data could be exported.',
    );
  const { state, vault } = core;
  const { customer } = state.person;
  const subjects = state.card?.subjects.length ? state.card.subjects : [customer];
  const records: AnyRecord[] = [];
  for (const [i, subject] of subjects.entries()) {
    const { read } = await withFormat((format) =>
      vault.run('readonly', (transaction) => readRows(transaction, subject, format)),
    );
    throwIfAborted(signal);
    records.push(...read.map(({ record }) => record));
    onProgress?.({ done: i + 1, total: subjects.length });
  }
  records.sort((a, b) => compareText(a.stamp, b.stamp) || compareText(a.id, b.id));
  return {
    format: 'regulars-export',
    version: 1,
    shop: core.options.shop,
    exportedAt: core.clock.now(),
    records: records as ProfileRecord[],
    derived: JSON.parse(JSON.stringify(core.state.card ?? null)) as Json,
  };
}
