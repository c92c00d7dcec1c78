import { cutState, sinceOf } from '../profile/adoption.js';
import { foldRecords } from '../profile/fold-records.js';
import { readRows, type AnyRecord } from '../profile/log-rows.js';
import { withFormat } from '../profile/migrations.js';
import type { Card, FoldState } from '../profile/types.js';
import type { Core } from './core.js';

/** Everything recorded of the customer here, whatever the level: what is shown of it is the caller's to ask the gate for. */
export interface KnownRecords {
  readonly card: Card | undefined;
  /** By subject: what undoing a merge would leave each. */
  readonly states: ReadonlyMap<string, FoldState>;
  readonly records: readonly AnyRecord[];
}

/** Reads the customer's records; nothing of what is given is shared with what the page goes on with. */
export async function readKnown(core: Core): Promise<KnownRecords> {
  const { state, vault } = core;
  const { customer } = state.person;
  const card = (await vault.card(customer)) ?? state.card;
  const subjects = card?.subjects.length ? card.subjects : [customer];
  const records = await Promise.all(subjects.map((subject) => readSubject(core, subject)));
  const states = subjects.map((subject, i) => {
    // what a proof did not take over is not this customer's
    const since = sinceOf((card?.links ?? []).filter((link) => link.subject === subject));
    return [subject, cutState(foldRecords(records[i] ?? []), since)] as const;
  });
  return { card, states: new Map(states), records: records.flat() };
}

/** The records of one subject: those that are kept, and those that wait in memory for an answer. */
export async function readSubject({ vault }: Core, subject: string): Promise<readonly AnyRecord[]> {
  const runs = vault.isOpen() && vault.holds() ? [vault.run, vault.runHeld] : [vault.run];
  const read = await Promise.all(
    runs.map((run) =>
      withFormat((format) => run('readonly', (tx) => readRows(tx, subject, format))),
    ),
  );
  return read.flatMap((rows) => rows.read.map(({ record }) => record));
}
