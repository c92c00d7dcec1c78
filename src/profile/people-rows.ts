import { cardOf, linksOf } from './card-of.js';
import { componentsOf, isLeading, type Components, type SubjectLink } from './components.js';
import { readToken, type TokenRow } from './find-customers.js';
import { emptyState, foldRecords } from './fold-records.js';
import { isJoining, LINK_CAPS } from './link-limits.js';
import type { LogFormat } from './log-format.js';
import { putCard, readRows } from './log-rows.js';
import type { StorageTransaction } from './port.js';
import type { Card, FoldState } from './types.js';

/** Some subjects with all who are joined to them. */
export interface People {
  readonly states: ReadonlyMap<string, FoldState>;
  readonly tokens: ReadonlyMap<string, TokenRow | undefined>;
  readonly corrupt: number;
}

/** Adds to a subject's state what is not written yet. */
export type Settle = (subject: string, state: FoldState) => FoldState;

/**
 * Folds `subjects` and everybody their links lead to. `settle` may add to a state before its links are followed:
 * records that are not written yet.
 */
export async function loadPeople(
  tx: StorageTransaction,
  subjects: readonly string[],
  format: LogFormat,
  settle: Settle = (_, state) => state,
): Promise<People> {
  const states = new Map<string, FoldState>();
  const tokens = new Map<string, TokenRow | undefined>();
  let corrupt = 0;
  let next = [...new Set(subjects)];
  const followed = new Set<string>();
  while (next.length > 0) {
    const wanted = new Set<string>();
    const joining = new Set<string>();
    const loaded = await Promise.all(next.map((subject) => readRows(tx, subject, format)));
    for (const [i, subject] of next.entries()) {
      const { read = [], corrupt: bad = 0 } = loaded[i] ?? {};
      corrupt += bad;
      const before = foldRecords(read.map(({ record }) => record));
      const state = settle(subject, before);
      states.set(subject, state);
      // those of before too: an erasure leaves no link, yet parts those whom its links had joined
      for (const { data } of [...Object.values(before.links), ...Object.values(state.links)]) {
        if (!tokens.has(data.token)) wanted.add(data.token);
        // who only claims a value is led to nobody; who has it leads to all who do
        if (isJoining(data) && !followed.has(data.token)) joining.add(data.token);
      }
    }
    await Promise.all(
      [...wanted].map(async (token) => tokens.set(token, await readToken(tx, token))),
    );
    const met = new Set<string>();
    for (const token of joining) {
      followed.add(token);
      const { subjects: led = [], held = [] } = tokens.get(token) ?? {};
      for (const subject of [...led, ...held]) met.add(subject);
    }
    next = [...met].filter((subject) => !states.has(subject));
  }
  return { states, tokens, corrupt };
}

/**
 * Computes a customer anew from their own records alone: enough where nothing new is about who they are. Then it does not matter who
 * else has a family's number, and nobody of the family is read.
 */
export async function foldAlone(
  tx: StorageTransaction,
  { subjects, heldLinks = [] }: Card,
  format: LogFormat,
  settle: Settle,
): Promise<Card> {
  const states = await Promise.all(
    subjects.map(async (subject): Promise<[string, FoldState]> => {
      const { read } = await readRows(tx, subject, format);
      return [subject, settle(subject, foldRecords(read.map(({ record }) => record)))];
    }),
  );
  const held = new Map(heldLinks.map((link) => [link.record, link.held]));
  return cardOf({ states: new Map(states), held });
}

/** Writes the cards of `people` and every row that leads to them; removes those of customers that are no more. */
export function writePeople(
  tx: StorageTransaction,
  people: People,
  format: LogFormat,
): readonly Card[] {
  const { states, tokens } = people;
  const links = linksOf(states);
  const { groups, held } = componentsOf(states.keys(), links);
  const cards = groups.map((group) =>
    cardOf({
      states: new Map(group.map((subject) => [subject, states.get(subject) ?? emptyState])),
      held,
    }),
  );
  for (const card of cards) putCustomer(tx, card, format);
  for (const [token, row] of tokens)
    writeToken(
      tx,
      token,
      row,
      states,
      links.filter(({ data }) => data.token === token),
      held,
    );
  return cards;
}

/** Writes a card, and the rows that lead from its subjects to it. */
export function putCustomer(tx: StorageTransaction, card: Card, format: LogFormat): void {
  putCard(tx, card, format);
  for (const subject of [...card.subjects, card.id])
    if (subject === card.id) tx.remove('tokens', `s:${subject}`);
    else {
      tx.put('tokens', `s:${subject}`, card.id);
      tx.remove('cards', subject);
    }
}

/** Sets who of `subjects` has a token, by their `links`; others keep it. */
export function writeToken(
  tx: StorageTransaction,
  token: string,
  row: TokenRow | undefined,
  subjects: { readonly has: (subject: string) => boolean },
  links: readonly SubjectLink[] = [],
  reasons: Components['held'] = new Map(),
): void {
  const listOf = (
    before: readonly string[] | undefined,
    isIn: (link: SubjectLink) => boolean,
  ): readonly string[] => {
    const others = (before ?? []).filter((subject) => !subjects.has(subject));
    return [...new Set([...others, ...links.filter(isIn).map(({ subject }) => subject)])].sort();
  };
  const isClaim = ({ data }: SubjectLink): boolean => data.unproved === true;
  const leads = (link: SubjectLink): boolean =>
    !isClaim(link) && isLeading(link.data, reasons.get(link.record));
  const led = listOf(row?.subjects, leads);
  const held = listOf(row?.held, (link) => !isClaim(link) && !led.includes(link.subject));
  // what is proved leads by itself, and of more than can be linked the row need not know
  const claims = listOf(row?.claims, isClaim)
    .filter((subject) => !led.includes(subject))
    .slice(0, LINK_CAPS.links);
  const next: TokenRow = {
    subjects: led,
    ...(held.length > 0 && { held }),
    ...(claims.length > 0 && { claims }),
  };
  if (JSON.stringify(next) === JSON.stringify(row ?? { subjects: [] })) return;
  if (led.length + held.length + claims.length === 0) tx.remove('tokens', `t:${token}`);
  else tx.put('tokens', `t:${token}`, next);
}
