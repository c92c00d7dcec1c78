import { cutState, namesCut, sinceOf } from './adoption.js';
import { compareLinks, componentsOf, type SubjectLink } from './components.js';
import {
  addSeen,
  fitExposures,
  fitList,
  fitPurchase,
  LIMITS,
  trimCard,
  without,
} from './card-limits.js';
import {
  addItems,
  isAboutPurchase,
  listItems,
  mergePurchases,
  namesOf,
  visitsOf,
  type MergedPurchases,
} from './card-purchases.js';
import { combineStates, compareText, emptyState } from './fold-records.js';
import { isMerge } from './link-limits.js';
import { hasHash, nameHash, unpackHashes } from './name-hash.js';
import type { Stamp } from '../kernel/stamp.js';
import type {
  Card,
  CardLink,
  ConsentPurpose,
  FoldState,
  HeldLink,
  HeldReason,
  ItemStatistics,
  LinkData,
  Stamped,
} from './types.js';
import { partsOf, sumExposures } from './sum-exposures.js';
import { VISIT_MS } from './visit-hours.js';

/** One customer: the states of the subjects, each apart. */
export interface Customer {
  readonly states: ReadonlyMap<string, FoldState>;
  /** The links that are held, as `componentsOf` gives them. */
  readonly held: ReadonlyMap<string, HeldReason>;
}

/** The cards of everybody that these states speak of, computed from nothing else. */
export function cardsOf(states: ReadonlyMap<string, FoldState>): readonly Card[] {
  const { groups, held } = componentsOf(states.keys(), linksOf(states));
  return groups.map((group) =>
    cardOf({
      states: new Map(group.map((subject) => [subject, states.get(subject) ?? emptyState])),
      held,
    }),
  );
}

/** The links that were not taken back, oldest first. */
export function linksOf(states: ReadonlyMap<string, FoldState>): readonly SubjectLink[] {
  return [...states.values()].flatMap(standingLinks).sort(compareLinks);
}

/** A link is taken back under its own subject, so that none depends on another's records. */
function standingLinks({ links, unlinks }: FoldState): readonly SubjectLink[] {
  const all = Object.values(links);
  const back = new Set(Object.values(unlinks).map(({ data }) => data.link));
  // one identifier under two keys: whichever is taken back, the other goes too
  for (const { record, data } of all) if (data.same && back.has(record)) back.add(data.same);
  return all.filter(({ record, data }) => !back.has(record) && !back.has(data.same ?? ''));
}

/**
 * What a page needs to know one customer. Pure: the same states give the same card, in whatever order they came.
 * An erasure leaves a card that says only that.
 */
export function cardOf({ states: whole, held: reasons }: Customer): Card {
  const links = linksOf(whole);
  const active = links.filter(({ record }) => !reasons.has(record));
  const id = customerId(whole, active);
  const states = new Map(
    [...whole].map(([subject, state]) => {
      const own = active.filter((link) => link.subject === subject);
      return [subject, cutState(state, sinceOf(own.map(({ data }) => data)))];
    }),
  );
  const cuts = [...states].map(([subject, state]) => namesCut(whole.get(subject) ?? state, state));
  let merged = emptyState;
  for (const state of states.values()) merged = combineStates(merged, state);
  if (Object.keys(merged.erasures).length > 0) return { ...emptyCard(id), erased: true };

  // one identifier that has a token of this device and one of the shop is shown once
  const records = new Set(links.map(({ record }) => record));
  const isTwin = ({ data }: SubjectLink): boolean => records.has(data.same ?? '');
  const held = links.flatMap((link): readonly HeldLink[] => {
    const reason = reasons.get(link.record);
    return reason === undefined || isTwin(link) ? [] : [{ ...toCardLink(link), held: reason }];
  });
  const claims = new Set([...states.keys()].filter((subject) => isUnproved(subject, links)));
  const merge = mergePurchases(states, claims);
  const stamp = latestStamp(merged, links);
  const exposures = exposuresOf(merged);
  return trimCard({
    ...emptyCard(id),
    subjects: [...states.keys()].sort(compareText),
    facts: factsOf(merged),
    ...consentOf(merged),
    links: active.filter((link) => !isTwin(link)).map(toCardLink),
    ...(held.length > 0 && { heldLinks: held }),
    ...purchaseParts(merge, exposures, cuts),
    issues: Object.values(merged.issues)
      .map(({ stamp: at, data }) => ({ ...data, stamp: at }))
      .sort((a, b) => compareText(b.stamp, a.stamp) || compareText(a.issue, b.issue))
      .slice(0, LIMITS.issues),
    dismissals: Object.values(merged.dismissals)
      .sort((a, b) => b.data.at - a.data.at || compareText(b.stamp, a.stamp))
      .slice(0, LIMITS.dismissals)
      .map(({ data }) => data),
    exposures: fitExposures(exposures.sums),
    ...(stamp !== undefined && { stamp }),
    ...(merged.older && { partial: true }),
  });
}

/** A subject that has nothing but claims nobody proved. */
export function isUnproved(
  subject: string,
  links: readonly { readonly subject: string; readonly data: LinkData }[],
): boolean {
  const own = links.filter((link) => link.subject === subject);
  return (
    own.some(({ data }) => data.unproved === true) &&
    own.every(({ data }) => data.unproved === true || data.level !== 'verified')
  );
}

function emptyCard(id: string): Card {
  return {
    id,
    subjects: [],
    facts: {},
    consent: {},
    consentRecords: {},
    links: [],
    purchases: [],
    olderPurchases: 0,
    items: [],
    visitTimes: [],
    paidVisits: 0,
    issues: [],
    dismissals: [],
    exposures: {},
  };
}

/** Oldest verified subject, else the oldest. */
function customerId(
  states: ReadonlyMap<string, FoldState>,
  active: readonly SubjectLink[],
): string {
  const proof = active.find(
    ({ data }) => data.level === 'verified' && data.unproved !== true && !isMerge(data),
  );
  if (proof !== undefined && states.has(proof.subject)) return proof.subject;
  const since = (subject: string): string => states.get(subject)?.since ?? '~';
  const [first = ''] = [...states.keys()].sort(
    (a, b) => compareText(since(a), since(b)) || compareText(a, b),
  );
  return first;
}

function toCardLink({ data, record, subject }: SubjectLink): CardLink {
  return { ...data, record, subject };
}

function factsOf({ facts }: FoldState): Card['facts'] {
  return Object.fromEntries(
    Object.entries(facts)
      .filter(
        ([key, { data, corrected }]) => data.value !== null && !isAboutPurchase(key, corrected),
      )
      .map(([key, { data, record, corrected }]) => [
        key,
        { ...data, record, ...(corrected && { corrected }) },
      ]),
  );
}

function consentOf({ consents }: FoldState): Pick<Card, 'consent' | 'consentRecords'> {
  const answers = Object.values(consents);
  const replaced = new Set(answers.flatMap(({ data }) => data.replaces));
  const standing = new Map<ConsentPurpose, { answer: 'granted' | 'denied'; records: string[] }>();
  for (const { data, record } of answers) {
    if (replaced.has(record)) continue;
    const { answer, records } = standing.get(data.purpose) ?? { answer: data.answer, records: [] };
    standing.set(data.purpose, {
      answer: answer === 'denied' ? answer : data.answer,
      records: [...records, record].sort(compareText),
    });
  }
  const parts = [...standing];
  return {
    consent: Object.fromEntries(parts.map(([purpose, { answer }]) => [purpose, answer])),
    consentRecords: Object.fromEntries(parts.map(([purpose, { records }]) => [purpose, records])),
  };
}

interface Exposures {
  readonly sums: Card['exposures'];
  readonly keys: readonly string[];
  /** Hashes of the keys of those that were dropped. */
  readonly olderKeys: readonly string[];
}

function exposuresOf({ exposures, older = {} }: FoldState): Exposures {
  const dropped = Object.values(older).map(({ data }) => data);
  const known = Object.entries(exposures).filter(
    ([key]) => !dropped.some(({ exposureKeys }) => hasHash(exposureKeys, nameHash(key))),
  );
  return {
    sums: sumExposures({}, [
      ...Object.entries(older).flatMap(([name, { data }]) =>
        Object.entries(data.exposures).map(([sku, sum]) => ({ sku, sum, name })),
      ),
      ...known.flatMap(([name, { data }]) => partsOf(data, name)),
    ]),
    keys: Object.keys(exposures),
    olderKeys: dropped.flatMap(({ exposureKeys }) => unpackHashes(exposureKeys)),
  };
}

/** Everything of a card that comes from purchases; what exposures go by joins what is `seen`. */
function purchaseParts(
  { purchases, removed, older, olderNames, unmatched }: MergedPurchases,
  exposures: Exposures,
  cuts: readonly ReturnType<typeof namesCut>[],
): Pick<
  Card,
  | 'purchases'
  | 'olderPurchases'
  | 'items'
  | 'olderItems'
  | 'visitTimes'
  | 'paidVisits'
  | 'openVisits'
  | 'seen'
> {
  const whole = older.size === 0 ? purchases : purchases.filter((one) => !older.has(one));
  const shown = fitList(
    whole.slice(0, LIMITS.purchases).map(fitPurchase),
    LIMITS.purchases,
    LIMITS.purchasesBytes,
  );
  const visits = visitsOf(purchases);
  const sums = new Map<string, ItemStatistics>();
  for (let i = purchases.length - 1; i >= 0; i--) {
    const purchase = purchases[i];
    if (purchase !== undefined) addItems(sums, purchase);
  }
  const all = listItems(sums);
  const items = fitList(all, LIMITS.items, LIMITS.itemsBytes);
  const newest = purchases[0]?.at ?? 0;
  const open = visits.filter(({ at }) => newest - at <= VISIT_MS);
  // what is not shown, and still has to be known when it comes again
  const hidden = [...whole.slice(shown.length), ...removed];
  const texts = [
    ...[...hidden.flatMap(namesOf), ...unmatched, ...exposures.keys],
    ...cuts.flatMap(({ names }) => names),
  ];
  const hashes = [...[...olderNames, ...exposures.olderKeys], ...cuts.flatMap((cut) => cut.hashes)];
  // what is newest is not shown: then only a refold can tell whether another one is newer
  const blind = purchases[0] !== whole[0];
  const seen = blind ? undefined : addSeen('', texts, hashes);
  return {
    purchases: shown,
    olderPurchases: purchases.length - shown.length,
    items,
    ...(all.length > items.length && { olderItems: all.length - items.length }),
    visitTimes: visits.slice(0, LIMITS.visitTimes).map(({ at }) => at),
    paidVisits: visits.length,
    ...(open.length > 0 && { openVisits: open }),
    ...(seen !== undefined && { seen }),
  };
}

/** The latest stamp of what counts: a link that was taken back leaves the card what it was before the link, to the byte. */
function latestStamp(state: FoldState, links: readonly SubjectLink[]): Stamp | undefined {
  let latest: Stamp | undefined;
  const maps: readonly (readonly Stamped<unknown>[])[] = [
    links,
    ...Object.values<{ readonly [key: string]: Stamped<unknown> }>(
      without(state, 'since', 'links', 'unlinks'),
    ).map((map) => Object.values(map)),
  ];
  for (const map of maps)
    for (const { stamp } of map) if (latest === undefined || stamp > latest) latest = stamp;
  return latest;
}
