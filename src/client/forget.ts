import { RegularsError } from '../kernel/errors.js';
import { eraseCustomer, listCustomers } from '../profile/log.js';
import { throwIfAborted } from '../profile/in-chunks.js';
import { withFormat } from '../profile/migrations.js';
import type { StorageTransaction } from '../profile/port.js';
import { readCard, type ReadCard } from '../profile/read-card.js';
import { ERASE_PREFIX } from '../profile/row-keys.js';
import type { Core } from './core.js';
import { countErasure } from './erased-elsewhere.js';
import { createStone, isMissing } from './erasures.js';
import { noteForgotten } from './forgotten.js';
import type { MarkerStore } from './marker.js';
import { dropAgreed, hostSaysYes } from './may-keep.js';
import { eraseSoon, noteOwed, noteTelling, oweErasing, owesTelling, settleOwed } from './owed.js';
import { othersStay, readPeople } from './people.js';
import { become, isOwn, levelOf, nobody } from './person.js';
import { ownsHere } from './owns-here.js';
import { hasSealed } from './sealed-rows.js';
import { wrote } from './sync-line.js';
import type { ForgetOptions, Forgotten } from './types.js';

/** Forgets the customer here: on this device, or so that nothing brings them back. */
export async function forgetAs(
  core: Core,
  markers: MarkerStore,
  { scope, signal, onProgress }: ForgetOptions,
): Promise<Forgotten> {
  if (scope !== 'device' && scope !== 'everywhere')
    throw new RegularsError(
      'ERR_OPTIONS_INVALID',
      'forget: its scope is to be "device" or "everywhere".',
    );
  throwIfAborted(signal);
  if (scope === 'device') {
    await forgetHere(core, markers);
    return { kind: 'forgotten', scope };
  }
  // of somebody of whom only this page knows nothing is anywhere else
  const isKnown = levelOf(core) !== 'none';
  if (isKnown && !ownsHere(core))
    throw new RegularsError(
      'ERR_PROOF_NEEDED',
      'Only a customer who is verified can be forgotten everywhere.',
    );
  onProgress?.({ done: 0, total: 1 });
  const pending = await forgetHere(core, markers, undefined, isKnown);
  onProgress?.({ done: 1, total: 1 });
  return { kind: 'forgotten', scope, pending };
}

/** Erases the customer here from this device; the database too, when nobody else is in it. What is shown goes in any case. True when an erasure was left behind. */
export async function forgetHere(
  core: Core,
  markers: MarkerStore,
  refuses: boolean = markers.isRefused(),
  leavesStone = false,
): Promise<boolean> {
  const { vault, state } = core;
  if (!isOwn(state.person, state.card)) return forgetClaim(core);
  // where several come, the others stay, and the storage with them
  const others = othersStay(core);
  const clear = (): void => {
    if (others) return;
    markers.erase();
    if (refuses) markers.refuse();
  };
  // the storage is open for somebody else: theirs is in memory only
  if (vault.keeps() && !(await isKept(core))) {
    if (refuses) markers.refuse();
    await forgetHeld(core);
    return false;
  }
  const { customer, subject } = state.person;
  const known = core.options.storage && (markers.read() !== undefined || hostSaysYes(core));
  if (core.mode !== 'kiosk') oweErasing(core, markers);
  // first of all: a crash from here on leaves a database that nothing opens, and a note of whom to erase in it
  clear();
  if (known) noteOwed(core);
  noteForgotten(core, [subject, customer, ...(state.card?.subjects ?? [])]);
  if (!others) state.tabs?.tell('forgotten');
  await state.sealing?.refuse(state.person.subject);
  let left = false;
  try {
    const keeps = vault.keeps();
    if (keeps) left = await eraseKept(core, customer, leavesStone);
    // at a kiosk nothing of theirs is on the disk: a marker is of another use of this device
    if (keeps || !known || core.mode === 'kiosk') settleOwed(core);
    // a storage that was lost or is only read: at once if it can be asked, else as soon as that is so
    else await eraseSoon(core);
  } catch (error) {
    core.report(error);
    await eraseSoon(core, others);
  } finally {
    const tells = owesTelling(core);
    clear();
    noteOwed(core);
    if (tells) noteTelling(core, true);
    dropAgreed(core);
    await vault.dropHeld();
    await become(core, nobody(core), undefined);
    await readPeople(core);
    // when it is done: the others see who is missing
    if (others) state.tabs?.tell('person-changed');
    if (left) wrote(core);
  }
  return left;
}

/** True when the storage has something of the customer here, or is to have it. */
async function isKept({ state, vault }: Core): Promise<boolean> {
  const { customer, remembered } = state.person;
  const look = (transaction: StorageTransaction): Promise<ReadCard> =>
    readCard(transaction, customer);
  return remembered || (await vault.run('readonly', look)).kind !== 'none';
}

/** A claim shows another's card: what was done under the claim goes, that other one stays as they were. */
async function forgetClaim(core: Core): Promise<false> {
  const { vault, state } = core;
  const { subject } = state.person;
  noteForgotten(core, [subject]);
  if (vault.keeps())
    await withFormat((format) =>
      vault.run('readwrite', (transaction) =>
        eraseCustomer(transaction, subject, { ...vault.env(), format }),
      ),
    );
  await vault.dropHeld(true);
  await become(core, nobody(core), undefined);
  return false;
}

/** Erases the customer here from memory. */
async function forgetHeld(core: Core): Promise<void> {
  const { person, card } = core.state;
  noteForgotten(core, [person.subject, person.customer, ...(card?.subjects ?? [])]);
  await core.vault.dropHeld(true);
  await become(core, nobody(core), undefined);
}

async function eraseKept(core: Core, customer: string, leavesStone: boolean): Promise<boolean> {
  const { vault } = core;
  const stone = leavesStone ? await createStone(core, customer) : undefined;
  let stays = false;
  let tells = false;
  try {
    stays = await withFormat((format) =>
      vault.run('readwrite', async (transaction) => {
        const tombstone = stone && { tombstone: stone };
        await eraseCustomer(transaction, customer, { ...vault.env(), format, ...tombstone });
        await countErasure(transaction, vault.device(), stone !== undefined);
        const others = await listCustomers(transaction, 1);
        const told = await transaction.list('outbox', { prefix: ERASE_PREFIX, limit: 1 });
        tells = told.length > 0;
        return stone !== undefined || others.length > 0 || hasSealed(transaction);
      }),
    );
  } catch (error) {
    // another tab has written meanwhile: what it wrote is named as well
    if (isMissing(error)) return eraseKept(core, customer, leavesStone);
    throw error;
  }
  // it was lost on the way, and they were looked for in memory
  if (!vault.keeps())
    throw new RegularsError('ERR_STORAGE_FAILED', 'The storage was lost before they were erased.', {
      retryable: true,
    });
  if (tells) noteTelling(core, true);
  if (stone) await vault.reread();
  if (stays) await vault.remember(null);
  if (!othersStay(core)) await vault.release(stays ? 'close' : 'destroy');
  return stone !== undefined;
}
