import { stampMs } from '../kernel/stamp.js';
import { uuidV7 } from '../kernel/ids.js';
import { eraseCustomer } from '../profile/log.js';
import { newerError, readLog } from '../profile/log-rows.js';
import { withFormat } from '../profile/migrations.js';
import type { StorageTransaction } from '../profile/port.js';
import { readCard } from '../profile/read-card.js';
import { retainCustomer, type Retention } from '../profile/retain-customer.js';
import type { Card, ConsentPurpose } from '../profile/types.js';
import { append } from './append.js';
import type { Core } from './core.js';
import { isFarAhead, MONTH_MS, remembersMonths } from './marker.js';
import { mayKeep } from './may-keep.js';
import { isOwn } from './person.js';
import { takeUp } from './take-up.js';
import type { RegularsOptions } from './types.js';

const DAY_MS = 86_400_000;
/** Customers that are looked at in one transaction, and after one start: a till may know very many. */
const PAGE = 50;
const MOST = 500;

/** The row `swept` of the store `meta`. */
interface Swept {
  readonly at: number;
  /** The round is not over: it goes on after this customer. */
  readonly after?: string;
}

/** Removes what was kept for a purpose that has a no now, here and in what waits for an answer. */
export async function dropPurpose(core: Core, purpose: ConsentPurpose): Promise<void> {
  const { vault, state } = core;
  // a claim shows another's card: what is theirs stays
  const { subject, customer: shown } = state.person;
  const customer = isOwn(state.person, state.card) ? shown : subject;
  if (!vault.keeps() && !vault.holds()) return;
  if (purpose === 'measure') state.visit?.exposures.clear();
  const drop = (transaction: StorageTransaction): Promise<Card | undefined> =>
    withFormat((format) =>
      retainCustomer(transaction, customer, { without: purpose }, { ...envOf(core), format }),
    );
  const card = await vault.run('readwrite', drop);
  if (card) takeUp(core, [card]);
}

/** What came from elsewhere may be over already. */
export async function retainHere(core: Core, customer: string): Promise<void> {
  const { vault } = core;
  const retain = (transaction: StorageTransaction): Promise<Card | undefined> =>
    withFormat((format) =>
      retainCustomer(transaction, customer, retentionOf(core), { ...envOf(core), format }),
    );
  const card = await vault.run('readwrite', retain);
  if (card) takeUp(core, [card]);
}

/** How long what is dated is kept, beside the months after the last visit (product rule P9). */
export function monthsKept({ retention }: RegularsOptions): {
  readonly events: number;
  readonly answers: number;
} {
  const { events = 13, answers = 12 } = retention ?? {};
  return { events, answers };
}

function retentionOf({ clock, options }: Core): Retention {
  const now = clock.now();
  const { events, answers } = monthsKept(options);
  return {
    eventsBefore: now - events * MONTH_MS,
    answersBefore: now - answers * MONTH_MS,
    expiredAt: now,
  };
}

/** What the time asks for after a start: what is over goes, and that the customer was here is noted. Never fails. */
export async function lookAtTime(core: Core): Promise<void> {
  try {
    await sweep(core);
    await noteVisit(core);
  } catch (error) {
    core.report(error);
  }
}

/** Removes what its time is over for, of everybody on this device: once a day at most, a part of a very large storage at a time. */
async function sweep(core: Core): Promise<void> {
  const { vault, clock } = core;
  if (!vault.keeps()) return;
  const now = clock.now();
  const row = (await vault.run('readonly', (tx) => tx.get('meta', 'swept'))) as Swept | undefined;
  const { at = 0, after } = row ?? {};
  if (after === undefined && at <= now && now - at < DAY_MS) return;
  const retention = retentionOf(core);
  let from: string | undefined = after ?? '';
  for (let done = 0; done < MOST && from !== undefined && vault.keeps(); done += PAGE)
    from = await sweepPage(core, from, retention);
}

async function sweepPage(
  core: Core,
  from: string,
  retention: Retention,
): Promise<string | undefined> {
  const { vault, clock, options } = core;
  const now = clock.now();
  const cards: Card[] = [];
  const next = await withFormat((format) =>
    vault.run('readwrite', async (tx) => {
      cards.length = 0;
      // rejects where a newer version has written
      await readLog(tx, format, now);
      const page = await tx.list('cards', { after: from, limit: PAGE });
      for (const { key } of page) {
        const read = await readCard(tx, key, format);
        if (read.kind === 'newer') throw newerError();
        const seen = read.kind === 'card' && read.card.stamp ? stampMs(read.card.stamp) : now;
        // a clock that is ten years ahead is wrong: nobody goes for that
        if (isFarAhead(now - seen)) continue;
        if (now - seen > remembersMonths(options) * MONTH_MS && key !== core.state.person.customer)
          await eraseCustomer(tx, key, { ...vault.env(), format });
        else {
          const card = await retainCustomer(tx, key, retention, { ...envOf(core), format });
          if (card) cards.push(card);
        }
      }
      const after = page.length < PAGE ? undefined : page.at(-1)?.key;
      tx.put('meta', 'swept', { at: now, ...(after !== undefined && { after }) } satisfies Swept);
      return after;
    }),
  );
  if (cards.length > 0) takeUp(core, cards);
  return next;
}

/** Notes, once a day, that the customer was here: what is kept of them ends so long after their last visit. */
export async function noteVisit(core: Core): Promise<void> {
  const { state, vault, random } = core;
  const { card, person, channel, place, status } = state;
  // the time that stamps are made by: by a clock that is a day ahead of it every start would be another day
  const { now } = vault.env();
  if (status !== 'ready' || !card?.stamp || !vault.keeps() || vault.status().readOnly) return;
  // a claim shows another's card: whether it was them, nobody knows
  if (!isOwn(person, card)) return;
  if (card.erased || now - stampMs(card.stamp) < DAY_MS || !mayKeep(core, core)) return;
  await append(core, [
    {
      id: uuidV7(now, random),
      subject: person.subject,
      kind: 'visit',
      by: `device:${vault.device().id}`,
      data: { at: now, channel, ...(place && { place }) },
    },
  ]);
}

function envOf({ vault, clock, random }: Core): Parameters<typeof retainCustomer>[3] {
  const env = vault.env();
  return { ...env, by: `device:${env.device}`, id: () => uuidV7(clock.now(), random) };
}
