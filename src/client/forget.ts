import { eraseCustomer, listCustomers } from '../profile/log.js';
import { withFormat } from '../profile/migrations.js';
import type { Core } from './core.js';
import { noteForgotten } from './forgotten.js';
import type { MarkerStore } from './marker.js';
import { become, nobody } from './person.js';
import { hasSealed } from './sealed-rows.js';

/** Erases the customer here from this device; the database too, when nobody else is in it. What is shown goes in any case. */
export async function forgetHere(core: Core, markers: MarkerStore): Promise<void> {
  const { vault, state } = core;
  const { customer, subject } = state.person;
  const known = markers.read() !== undefined;
  // first of all: a crash from here on leaves a database that nothing opens
  markers.erase();
  noteForgotten(core, [subject, customer, ...(state.card?.subjects ?? [])]);
  state.tabs?.tell('forgotten');
  await state.sealing?.refuse(state.person.subject);
  try {
    if (vault.keeps()) await eraseKept(core, customer);
    // a storage that was lost or is only read: nobody can be picked out of it any more
    // at a kiosk nothing of theirs is on the disk: a marker is of another use of this device
    else if (known && core.mode !== 'kiosk') await vault.release('destroy');
  } catch (error) {
    core.report(error);
    await vault.release('destroy');
  } finally {
    markers.erase();
    await vault.dropHeld();
    state.answeredRemember = undefined;
    await become(core, nobody(core), undefined);
  }
}

async function eraseKept(core: Core, customer: string): Promise<void> {
  const { vault } = core;
  const stays = await withFormat((format) =>
    vault.run('readwrite', async (transaction) => {
      await eraseCustomer(transaction, customer, { ...vault.env(), format });
      const others = await listCustomers(transaction, 1);
      return others.length > 0 || hasSealed(transaction);
    }),
  );
  if (stays) await vault.remember(null);
  await vault.release(stays ? 'close' : 'destroy');
}

