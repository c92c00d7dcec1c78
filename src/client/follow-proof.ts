import type { Core, Person } from './core.js';
import { isRemembered } from './people.js';
import { become } from './person.js';
import { watchProof } from './proof-watch.js';
import type { VerifiedElsewhere } from './tabs.js';

/** Now, for a proof: after every proof that this tab knows of, though the clock stands still or was set back. */
export function momentOf({ state, vault, clock }: Core): number {
  return Math.max(clock.now(), (state.person.proof?.at ?? 0) + 1, (vault.device().at ?? 0) + 1);
}

/** Tells the other tabs who has been verified here. */
export function tellProof({ state, clock }: Core): void {
  const { subject, customer, proof } = state.person;
  if (proof?.at === undefined) return;
  const { at, until } = proof;
  state.tabs?.tell({
    ...{ kind: 'verified', subject, customer, at },
    ...(until !== undefined && { until: clock.now() + until - clock.elapsed() }),
  });
}

/** Of two proofs in two tabs the later one stands; at the same moment, the same one in both. */
function isLater(told: VerifiedElsewhere, { subject, proof }: Person): boolean {
  const mine = proof?.at;
  if (mine === undefined || told.at !== mine) return mine === undefined || told.at > mine;
  return told.subject > subject;
}

/** Somebody was verified in another tab: they are the one here too, unless a later proof stands here. What was done here before stays whose it was. */
export async function followProof(core: Core, told: VerifiedElsewhere): Promise<void> {
  const { state, vault, clock, mode } = core;
  // a till's tabs are of different staff
  if (mode === 'staff' || (told.until !== undefined && told.until <= clock.now())) return;
  if (vault.keeps()) await vault.reread();
  if (!isLater(told, state.person)) return rememberWhoIsHere(core);
  const { at, until } = told;
  const card = await vault.card(told.customer);
  const customer = card?.id ?? told.customer;
  const { person } = state;
  const subject = person.customer === customer ? person.subject : told.subject;
  const proof = {
    ...{ level: 'verified' as const, at },
    ...(until !== undefined && { until: clock.elapsed() + until - clock.now() }),
  };
  const remembered = isRemembered(core, card);
  if (remembered) await rememberAs(core, { subject, customer });
  // remembered already: `become` would tell the tabs of a change that they know, and send them back to the chooser
  await become(core, { subject, customer, proof, remembered: false, claims: [] }, card);
  state.person = { ...state.person, remembered };
  core.refresh();
  watchProof(core);
  core.emit('customer-recognized', { level: 'verified' });
}

/** The tab whose proof was earlier may have written its own customer into the row last. */
async function rememberWhoIsHere(core: Core): Promise<void> {
  const { subject, customer, remembered } = core.state.person;
  if (remembered) await rememberAs(core, { subject, customer });
}

async function rememberAs(
  { vault }: Core,
  current: { readonly subject: string; readonly customer: string },
): Promise<void> {
  if (vault.remembered()?.customer !== current.customer) await vault.remember(current);
}
