import type { EvidenceLevel, RevealField } from '../identity/types.js';
import { RegularsError } from '../kernel/errors.js';
import type { Json } from '../kernel/json.js';
import { exportRecords } from '../profile/log.js';
import { withFormat } from '../profile/migrations.js';
import type { ConsentPurpose, ProfileRecord } from '../profile/types.js';
import type { Core } from './core.js';
import { consentsOf } from './consent.js';
import { gate } from './speak.js';
import type { CustomerExport, Known } from './types.js';

/** Everything known that this level may see. */
export function knownHere(core: Core, level: EvidenceLevel): Known {
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
export async function exportHere(core: Core, level: EvidenceLevel): Promise<CustomerExport> {
  if (level !== 'verified' && level !== 'device')
    throw new RegularsError(
      'ERR_PROOF_NEEDED',
      'Nobody is known here whose data could be exported.',
    );
  const records = await withFormat((format) =>
    core.vault.run('readonly', (transaction) =>
      exportRecords(transaction, core.state.person.customer, format),
    ),
  );
  return {
    format: 'regulars-export',
    version: 1,
    shop: core.options.shop,
    exportedAt: core.clock.now(),
    records: records as readonly ProfileRecord[],
    derived: JSON.parse(JSON.stringify(core.state.card ?? null)) as Json,
  };
}
