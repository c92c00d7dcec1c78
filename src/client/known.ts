import type { RevealField, Revealed } from '../identity/types.js';
import { compareText, combineStates, emptyState } from '../profile/fold-records.js';
import type { Card, FoldState, RecordOf, Stamped } from '../profile/types.js';
import { consentsOf } from './consent.js';
import type { Core } from './core.js';
import { fieldOf, KNOWN_FIELDS, wholly } from './known-field.js';
import { derivedOf, keptOf } from './known-derived.js';
import { linksKnown, purchasesKnown } from './known-history.js';
import { readKnown, type KnownRecords } from './known-records.js';
import type { Known, KnownAnswer, KnownExposure, KnownFact } from './known-types.js';
import { levelOf } from './person.js';

/** Everything known of the customer here that this level may see; what it may not see says which one may. */
export async function knownHere(core: Core): Promise<Known> {
  const { person } = core.state;
  const read = await readKnown(core);
  // somebody else is here by now: nothing of the one before is told
  if (core.state.person.customer !== person.customer) return knownHere(core);
  let state = emptyState;
  for (const one of read.states.values()) state = combineStates(state, one);
  const through = <T>(field: RevealField, value: () => T): Revealed<T> => {
    const decision = wholly(core, field);
    return decision.ok ? { ok: true, value: value() } : { ok: false, need: decision.need };
  };
  const shows = (sku: string): boolean =>
    core.catalog.item(sku)?.sensitive !== true || wholly(core, 'sensitive').ok;
  const known: Known = {
    at: core.clock.now(),
    level: levelOf(core),
    withheld: KNOWN_FIELDS.flatMap((field) => {
      const decision = wholly(core, field);
      return decision.ok ? [] : [{ field, need: decision.need }];
    }),
    facts: factsOf(core, read),
    consent: consentsOf(core),
    consents: through('taste', () => consentsIn(state)),
    links: through('taste', () => linksKnown(read)),
    purchases: through('orders', () => purchasesKnown(read).purchases),
    olderPurchases: through('orders', () => purchasesKnown(read).older),
    paidVisits: through('taste', () => read.card?.paidVisits ?? 0),
    items: through('taste', () => (read.card?.items ?? []).filter(({ sku }) => shows(sku))),
    visits: through('orders', () => datesIn(state.visits)),
    issues: through('orders', () =>
      datesIn(state.issues).map(({ issue, ...data }) => ({ id: issue, ...data })),
    ),
    answers: through('orders', () => datesIn(state.answers)),
    dismissals: through('taste', () =>
      datesIn(state.dismissals).filter(({ target }) => target.kind !== 'item' || shows(target.sku)),
    ),
    exposures: through('taste', () => exposuresIn(core, read.card).filter(({ sku }) => shows(sku))),
    attestations: through('orders', () => datesIn(state.attestations)),
    accesses: through('orders', () => datesIn(state.accesses)),
    derived: through('taste', () => derivedOf(core, read.card)),
    kept: keptOf(core),
  };
  // copies: whoever changes them changes nothing that the page goes on with
  return deepFreeze(structuredClone(known));
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}

function factsOf(core: Core, { card, records }: KnownRecords): readonly KnownFact[] {
  const writers = new Map(records.map(({ id, by }) => [id, by]));
  const now = core.clock.now();
  return Object.entries(card?.facts ?? {})
    .filter(
      ([key, fact]) => wholly(core, fieldOf(key, fact)).ok && !(now >= Number(fact.expiresAt)),
    )
    .map(([key, { value, source, at, expiresAt, purpose, record, corrected, staffOnly }]) => {
      const by = writers.get(record);
      return {
        ...{ id: record, key, value, source, at, purpose, corrected: corrected === true },
        ...(by !== undefined && { by }),
        ...(expiresAt !== undefined && { expiresAt }),
        ...(staffOnly && { staffOnly }),
      };
    });
}

/** Newest first. */
function datesIn<T extends { readonly at: number }>(map: {
  readonly [id: string]: Stamped<T>;
}): readonly T[] {
  return Object.values(map)
    .sort((a, b) => b.data.at - a.data.at || compareText(b.stamp, a.stamp))
    .map(({ data }) => data);
}

function consentsIn({ consents }: FoldState): readonly KnownAnswer[] {
  const all = Object.values(consents);
  const replaced = new Set(all.flatMap(({ data }) => data.replaces));
  return all
    .sort((a, b) => compareText(a.stamp, b.stamp) || compareText(a.record, b.record))
    .map(({ record, data: { purpose, answer, at, replaces } }) => ({
      ...{ id: record, purpose, answer, at, replaces, replaced: replaced.has(record) },
    }));
}

function exposuresIn({ catalog }: Core, card: Card | undefined): readonly KnownExposure[] {
  const nameOf = (sku: string): string =>
    catalog.item(sku)?.name ?? card?.items.find((item) => item.sku === sku)?.name ?? sku;
  return Object.entries(card?.exposures ?? {}).map(([sku, { shown, accepted, lastAt }]) => ({
    ...{ sku, name: nameOf(sku), shown, accepted, lastAt },
  }));
}

/** A fact or correction among records. */
export function isFact(record: KnownRecords['records'][number]): record is RecordOf<'fact'> {
  return record.kind === 'fact' || record.kind === 'correction';
}
