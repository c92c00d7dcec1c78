import { RegularsError } from '../kernel/errors.js';
import type { Json } from '../kernel/json.js';
import { compareText } from '../profile/fold-records.js';
import { throwIfAborted } from '../profile/in-chunks.js';
import type { AnyRecord } from '../profile/log-rows.js';
import type { CardPurchase, ProfileRecord } from '../profile/types.js';
import { createChangeKnown } from './change-known.js';
import type { Acts, Core } from './core.js';
import { knownHere } from './known.js';
import { KNOWN_FIELDS } from './known-field.js';
import { purchasesKnown } from './known-history.js';
import { readKnown, readSubject } from './known-records.js';
import { looked } from './looked.js';
import { ownsHere } from './owns-here.js';
import type { CustomerExport, TransferOptions } from './types.js';

// Named here for the reason given in acts.ts.
/** @public */
export { createClient } from './create-client.js';
/** @public */
export { money } from '../kernel/money.js';

/** An order of the customer here by its id, however old; none that they have refused. */
export async function purchaseHere(core: Core, id: string): Promise<CardPurchase | undefined> {
  return purchasesKnown(await readKnown(core)).purchases.find(
    (purchase) => purchase.id === id && !purchase.removed,
  );
}

/** What the customer may see, change and take along. */
export function rightsHere(core: Core): Pick<Acts, 'change' | 'export' | 'import' | 'known'> {
  return {
    known: async () => {
      const known = await knownHere(core);
      const withheld = known.withheld.map(({ field }) => field);
      await looked(
        core,
        KNOWN_FIELDS.filter((field) => !withheld.includes(field)),
      );
      return known;
    },
    change: createChangeKnown(core),
    export: (options) => exportHere(core, options),
    import: async (source, options = {}) => {
      const { importHere } = await import('./import-here.js');
      return importHere(core, source, options);
    },
  };
}

/** Everything kept of the customer here, for taking along. */
async function exportHere(
  core: Core,
  { signal, onProgress }: TransferOptions = {},
): Promise<CustomerExport> {
  const { state } = core;
  const { customer } = state.person;
  const check = (): void => {
    throwIfAborted(signal);
    // asked again after each read: a proof may end meanwhile
    if (!ownsHere(core) || state.person.customer !== customer)
      throw new RegularsError(
        'ERR_PROOF_NEEDED',
        'Only a customer who is verified, or has nothing to prove, can take their data along.',
      );
  };
  check();
  const { card } = state;
  const subjects = card?.subjects.length ? card.subjects : [customer];
  const records: AnyRecord[] = [];
  for (const [i, subject] of subjects.entries()) {
    const read = await readSubject(core, subject);
    check();
    records.push(...read);
    onProgress?.({ done: i + 1, total: subjects.length });
  }
  await looked(core, KNOWN_FIELDS);
  check();
  records.sort((a, b) => compareText(a.stamp, b.stamp) || compareText(a.id, b.id));
  return {
    format: 'regulars-export',
    version: 1,
    shop: core.options.shop,
    exportedAt: core.clock.now(),
    records: records as ProfileRecord[],
    derived: JSON.parse(JSON.stringify(card ?? null)) as Json,
  };
}
