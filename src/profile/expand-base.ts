import type { FoldMap } from './fold-records.js';
import type { ProfileRecord, RecordKind, RecordOf, Stamped } from './types.js';

const KINDS: { readonly [map in FoldMap]: RecordKind } = {
  purchases: 'purchase',
  refunds: 'refund',
  visits: 'visit',
  facts: 'fact',
  links: 'link',
  unlinks: 'unlink',
  consents: 'consent',
  issues: 'issue',
  answers: 'answer',
  dismissals: 'dismissal',
  exposures: 'exposure',
  attestations: 'attestation',
  accesses: 'access',
  erasures: 'erasure',
};

/** The records that a base still holds, as they were: for where it cannot be a base itself, since of several only one counts. */
export function expandBase({ shop, subject, by, data }: RecordOf<'base'>): ProfileRecord[] {
  return Object.entries(KINDS).flatMap(([map, kind]) =>
    Object.entries(data.state[map as FoldMap]).map(([key, entry]) => {
      const { record, stamp, data: of, ...more } = entry as Stamped<unknown> & Entry;
      const writer = kind === 'exposure' ? writerOf(key) : more.by;
      return {
        ...{ id: record, shop, subject, kind: more.corrected ? 'correction' : kind },
        ...{ stamp, by: writer ?? by, data: of },
      } as ProfileRecord;
    }),
  );
}

interface Entry {
  readonly corrected?: boolean;
  readonly by?: string;
}

/** Who wrote an exposure: it is in its key, see `exposureKey`. */
function writerOf(key: string): string | undefined {
  try {
    const [, by] = JSON.parse(key) as readonly unknown[];
    return typeof by === 'string' ? by : undefined;
  } catch {
    return undefined; // a base that something else made
  }
}
