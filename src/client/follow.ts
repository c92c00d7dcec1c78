import { ON_DEVICE } from './consent.js';
import type { Core } from './core.js';
import { followProof, tellProof } from './follow-proof.js';
import { noteForgotten } from './forgotten.js';
import type { Life } from './life.js';
import type { MarkerStore } from './marker.js';
import { dropAgreed, hostSaysYes } from './may-keep.js';
import { become, nobody, returnToDevice } from './person.js';
import { readPeople } from './people.js';
import { wrote } from './sync-line.js';
import { takeUp } from './take-up.js';
import type { TabMessage } from './tabs.js';

/** Takes up what another tab did. */
export async function follow(
  core: Core,
  { stay }: Life,
  markers: MarkerStore,
  message: TabMessage,
): Promise<void> {
  const { state, vault } = core;
  if (typeof message === 'object') return followProof(core, message);
  if (message === 'signed-out') return stay.part();
  if (message === 'changed') {
    wrote(core);
    const card = await vault.card(state.person.customer);
    return card && takeUp(core, [card], false);
  }
  if (message !== 'forgotten' && !markers.isGone()) {
    // a yes in another tab: what waits in this one's memory goes on waiting for its own
    if (!vault.keeps()) return;
    await vault.reread();
    await readPeople(core);
    // two were verified in two tabs: the later proof stands, and what is told next says which that is
    if (core.mode === 'storefront' && state.person.proof?.at !== undefined && vault.remembered())
      return tellProof(core);
    return returnToDevice(core);
  }
  const { subject, customer } = state.person;
  noteForgotten(core, [subject, customer, ...(state.card?.subjects ?? [])]);
  dropAgreed(core);
  if (markers.isRefused()) state.refused = ON_DEVICE;
  await vault.release('close');
  await vault.dropHeld();
  return become(core, nobody(core), undefined);
}

/** The person is wrong: the device forgets whom it showed, and the next one is asked anew. */
export async function notMe(core: Core, markers: MarkerStore): Promise<void> {
  const { state, vault } = core;
  // at once, before the page can be left: the database takes its time
  const marker = markers.read();
  if (marker) markers.write({ ...marker, card: null });
  // whatever the storage says, nothing of this person stays on the page
  await become(core, nobody(core), undefined);
  await vault.remember(null).catch((error: unknown) => {
    core.report(error);
    markers.erase();
  });
  // others are remembered where several come: the next one is asked, the storage stays
  if (core.mode === 'storefront' && !hostSaysYes(core)) {
    await vault.release('close');
    markers.erase();
  }
  state.tabs?.tell('person-changed');
  await vault.dropHeld(true);
  await become(core, nobody(core), undefined);
}
