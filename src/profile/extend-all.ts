import { extendCard } from './extend-card.js';
import type { AnyRecord, Known } from './log-rows.js';
import type { Card } from './types.js';

/** What became of the cards of some customers. */
export interface Extended {
  /** Those that need no other records. */
  readonly quick: readonly Card[];
  /** As they were: to be refolded from their own records. */
  readonly alone: readonly Card[];
  /** Subjects to be refolded with everybody they are joined to. */
  readonly slow: readonly string[];
}

/** Kinds of records that are about who somebody is: what they change may be another's card too. */
const JOINING_KINDS: ReadonlySet<string> = new Set(['link', 'unlink', 'erasure', 'base']);

/** Tries the cheap path for each customer. Those it cannot serve are to be refolded: `alone`, or with all they are joined to. */
export function extendAll(
  records: readonly AnyRecord[],
  customers: ReadonlyMap<string, Known | undefined>,
): Extended {
  const idOf = (subject: string): string => customers.get(subject)?.id ?? subject;
  const joining = records.filter(({ kind }) => JOINING_KINDS.has(kind));
  const changed = new Set(joining.map(({ subject }) => idOf(subject)));
  const cards = new Map<string, Card>();
  const alone = new Map<string, Card>();
  const slow = new Set<string>();
  for (const record of records) {
    const { subject } = record;
    const id = idOf(subject);
    const known = customers.get(subject)?.card;
    const before = cards.get(id) ?? known;
    const isSlow = alone.has(id) || slow.has(id);
    const after = isSlow || before === undefined ? undefined : extendCard(before, record);
    if (after !== undefined) cards.set(id, after);
    else {
      cards.delete(id);
      const whole = known?.subjects.includes(subject) && !known.trimmed && !changed.has(id);
      if (known && whole) alone.set(id, known);
      else slow.add(id).add(subject);
    }
  }
  const apart = [...alone].filter(([id]) => !slow.has(id)).map(([, card]) => card);
  return { quick: [...cards.values()], alone: apart, slow: [...slow] };
}
