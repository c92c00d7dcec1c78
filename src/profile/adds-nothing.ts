import { canonicalJson } from '../kernel/json.js';
import type { Fold } from './fold-records.js';
import type { Card, CardLink, FactData, ProfileRecord, RecordOf } from './types.js';

/**
 * True for a record that says what its subject's fold says already: the same order again, the same fact, the same answer.
 * `card` is the customer's before any of the records at hand; without it links are taken as new.
 */
export function addsNothing(record: ProfileRecord, fold: Fold, card: Card | undefined): boolean {
  if (record.kind === 'link') return card !== undefined && isLinked(record, card);
  if (record.kind === 'consent') return isAnswered(record, fold);
  const standing = fold.standing(record);
  if (standing === undefined) return false;
  if (record.kind === 'purchase')
    return canonicalJson(standing.data) === canonicalJson(record.data);
  if (record.kind !== 'fact' && record.kind !== 'correction') return false;
  const fact = standing.data as FactData;
  // what was said while verified need not be said again by somebody who is not
  const isSure = fact.level === record.data.level || fact.level === 'verified';
  return (
    standing.corrected === (record.kind === 'correction') &&
    isSure &&
    factText(fact) === factText(record.data)
  );
}

function factText(fact: FactData): string {
  return canonicalJson({ ...fact, at: 0, level: 'none' });
}

function isLinked({ subject, data }: RecordOf<'link'>, card: Card): boolean {
  return linksOfCard(card).some(
    (link) =>
      link.subject === subject &&
      link.token === data.token &&
      link.level === data.level &&
      link.unproved === data.unproved &&
      link.since === data.since,
  );
}

/** The subject's own standing answers say so already, and none of another is to be replaced. */
function isAnswered({ data }: RecordOf<'consent'>, fold: Fold): boolean {
  const { consents } = fold.state();
  const known = Object.values(consents).filter((entry) => entry.data.purpose === data.purpose);
  const replaced = new Set(known.flatMap((entry) => entry.data.replaces));
  const standing = known.filter(({ record }) => !replaced.has(record));
  const own = new Set(standing.map(({ record }) => record));
  return (
    standing.length > 0 &&
    standing.every((entry) => entry.data.answer === data.answer) &&
    data.replaces.every((id) => own.has(id))
  );
}

/** Every link of a card that was not taken back. */
export function linksOfCard(card: Card | undefined): readonly CardLink[] {
  return [...(card?.links ?? []), ...(card?.heldLinks ?? [])];
}
