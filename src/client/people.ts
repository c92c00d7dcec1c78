import { maskName } from '../identity/mask.js';
import { randomId } from '../kernel/random-id.js';
import type { StorageTransaction } from '../profile/port.js';
import type { Card } from '../profile/types.js';
import type { Core, Remembered } from './core.js';
import { noteForgotten } from './forgotten.js';
import { hostSaysYes } from './may-keep.js';
import { become } from './person.js';
import type { Choice, Recognition } from './types.js';

/** Whom a device remembers at most; the least recently seen drops out (identity rule 4.5b). */
const PEOPLE_MAX = 20;
/** The row of the store `meta`. */
const PEOPLE = 'people';

/** Somebody whom this device remembers: ids and a time, nothing that says who it is. */
interface Entry extends Remembered {
  readonly seenAt: number;
}

/** Who may be picked, by choice; the ids are made by this page and say nothing to another. */
const picks = new WeakMap<Core, Map<string, Remembered>>();

function isEntry(row: unknown): row is Entry {
  const { subject, customer, seenAt } = (row ?? {}) as { readonly [key in keyof Entry]?: unknown };
  return typeof subject === 'string' && typeof customer === 'string' && Number.isFinite(seenAt);
}

/** The last seen first. */
async function readEntries(transaction: StorageTransaction): Promise<readonly Entry[]> {
  const row = await transaction.get('meta', PEOPLE);
  return (Array.isArray(row) ? row.filter(isEntry) : [])
    .sort((a, b) => b.seenAt - a.seenAt)
    .slice(0, PEOPLE_MAX);
}

/** Reads who may be picked on a device that several share. */
export async function readPeople(core: Core): Promise<void> {
  const { state, vault, mode } = core;
  if (mode !== 'shared') return;
  const entries = vault.keeps() ? await vault.run('readonly', readEntries) : [];
  const before = [...(picks.get(core) ?? [])];
  const people = new Map<string, Remembered>();
  const choices: Choice[] = [];
  for (const { subject, customer } of entries) {
    const card = await vault.card(customer);
    // erased elsewhere, or gone with an emptied database; joined to somebody who is in the list already
    if (!card || card.erased) noteForgotten(core, [subject, customer]);
    if (!card || card.erased || [...people.values()].some((one) => one.customer === card.id))
      continue;
    const known = before.find(([, one]) => one.subject === subject);
    const id = known?.[0] ?? randomId(core.random);
    people.set(id, { subject, customer: card.id });
    choices.push({ id, label: labelOf(card) });
  }
  picks.set(core, people);
  state.people = choices;
  core.refresh();
}

/** Somebody whom this device remembers is here: first in the list, and the 21st is out of it. */
export async function seenHere(core: Core, current: Remembered | null): Promise<void> {
  const { vault, clock, mode } = core;
  if (mode !== 'shared' || !current) return;
  const { subject, customer } = current;
  await vault.run('readwrite', async (transaction) => {
    const others = (await readEntries(transaction)).filter(
      (one) => one.subject !== subject && one.customer !== customer,
    );
    const entry: Entry = { subject, customer, seenAt: clock.now() };
    transaction.put('meta', PEOPLE, [entry, ...others].slice(0, PEOPLE_MAX));
  });
  await readPeople(core);
}

/**
 * Takes one of the people of this device; undefined for an id that is none of theirs. The level is `device`: the device remembers
 * them, and that somebody touched a name says no more than that somebody opened the browser of a device of one's own. A claim
 * would show more: masked contact and points are for whoever knew a number.
 */
export async function pick(core: Core, choiceId: string): Promise<Recognition | undefined> {
  const current = picks.get(core)?.get(choiceId);
  if (!current) return undefined;
  const card = await core.vault.card(current.customer);
  if (!card || card.erased) {
    await readPeople(core);
    return { kind: 'blocked', blocked: [] };
  }
  const { person } = core.state;
  // who has proved more goes on with it
  const same = person.customer === card.id && person.proof !== undefined;
  if (!same)
    await become(
      core,
      { subject: current.subject, customer: card.id, remembered: true, claims: [] },
      card,
    );
  core.emit('customer-recognized', { level: core.snapshot().level });
  return { kind: 'found', level: core.snapshot().level, blocked: [], held: [] };
}

/** True when a storage stays open, and stays what it is, though the customer here is forgotten: it is the shop's, or others' as well. */
export function othersStay({ mode, state, vault }: Core): boolean {
  return vault.keeps() && (mode === 'staff' || (mode === 'shared' && state.people.length > 1));
}

/** Whether the device goes on knowing this person when a proof is over. */
export function isRemembered(core: Core, card: Card | undefined): boolean {
  const { mode, vault } = core;
  if (!vault.keeps() || mode === 'staff') return false;
  // their own yes, or the host's for everybody: that somebody else is remembered here says nothing of them
  return card?.consent.remember === 'granted' || hostSaysYes(core);
}

function labelOf(card: Card): string {
  const name = card.facts['name.given']?.value;
  return maskName(typeof name === 'string' ? name : '');
}
