import type { Mode } from '../identity/types.js';
import { linksOfCard } from './adds-nothing.js';
import { namesOf } from './card-purchases.js';
import { isPersonal } from './link-limits.js';
import { unpackHashes } from './name-hash.js';
import type { Card, FoldState, LinkData, OlderData, Stamped } from './types.js';

/** Anonymous history of a person's own device is adopted for so long (identity rule 4.4). */
export const ADOPTED_MS: number = 90 * 86_400_000;

/** What decides how much of an anonymous history somebody takes over with a proof. */
export interface AdoptionContext {
  readonly mode: Mode;
  readonly now: number;
  /** When the visit began. */
  readonly visitAt: number;
}

/**
 * How far back the history of an anonymous subject may be taken over by whom a proof is for: to be written as `since` into the links
 * that do it. Undefined when none may be: it is somebody's already. Pure; `card` is the subject's, undefined while it has none.
 */
export function adoptableSince(
  card: Card | undefined,
  { mode, now, visitAt }: AdoptionContext,
): number | undefined {
  if (card?.erased || linksOfCard(card).some(({ type }) => isPersonal(type))) return undefined;
  return mode === 'storefront' ? now - ADOPTED_MS : visitAt;
}

/** From when on what a subject did counts, by its active links: the earliest of those that took it over. */
export function sinceOf(active: readonly LinkData[]): number | undefined {
  const times = active.flatMap(({ since }) => (since === undefined ? [] : [since]));
  return times.length > 0 ? Math.min(...times) : undefined;
}

/**
 * What of a subject's state counts from `since` on: everything else is left out and not lost, so that it counts again once the
 * link is taken back. Links, answers to consent, corrections, proofs and erasures count whatever their age.
 */
export function cutState(state: FoldState, since: number | undefined): FoldState {
  if (since === undefined) return state;
  const cut = <T extends { readonly at: number }>(map: Stamps<T>): Stamps<T> =>
    Object.fromEntries(Object.entries(map).filter(([, { data }]) => data.at >= since));
  return {
    ...state,
    purchases: cut(state.purchases),
    refunds: cut(state.refunds),
    visits: cut(state.visits),
    facts: Object.fromEntries(
      Object.entries(state.facts).filter(
        ([, { data, corrected }]) => corrected || data.at >= since,
      ),
    ),
    issues: cut(state.issues),
    answers: cut(state.answers),
    dismissals: cut(state.dismissals),
    exposures: cut(state.exposures),
    ...(state.older && {
      older: Object.fromEntries(
        Object.entries(state.older).map(([key, entry]) => [
          key,
          { ...entry, data: cutOlder(entry.data, since) },
        ]),
      ),
    }),
  };
}

/** Names of what is in a state and not in its cut, for a card that has to know them when they come again; of older ones the hashes. */
export function namesCut(
  whole: FoldState,
  cut: FoldState,
): { readonly names: readonly string[]; readonly hashes: readonly string[] } {
  if (whole === cut) return { names: [], hashes: [] };
  const gone = <T>(map: Stamps<T>, rest: Stamps<T>): [string, T][] =>
    Object.entries(map).flatMap(([key, { data }]) =>
      Object.hasOwn(rest, key) ? [] : [[key, data]],
    );
  return {
    names: [
      ...gone(whole.purchases, cut.purchases).flatMap(([, purchase]) => namesOf(purchase)),
      ...gone(whole.refunds, cut.refunds).map(([, { purchase }]) => purchase),
      ...gone(whole.exposures, cut.exposures).map(([key]) => key),
    ],
    hashes: Object.values(whole.older ?? {}).flatMap(({ data }) =>
      data.purchases.flatMap(([names]) => unpackHashes(names)),
    ),
  };
}

interface Stamps<T> {
  readonly [key: string]: Stamped<T>;
}

/** Of exposures that were dropped only sums are left: they count as long as one of them does. */
function cutOlder(older: OlderData, since: number): OlderData {
  return {
    ...older,
    purchases: older.purchases.filter(([, at]) => at >= since),
    exposures: Object.fromEntries(
      Object.entries(older.exposures).filter(([, { lastAt }]) => lastAt >= since),
    ),
  };
}
