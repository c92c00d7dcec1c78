import type { NormalIdentifier } from '../identity/types.js';
import { randomId, uuidV7 } from '../kernel/ids.js';
import { purchaseRecordId, readPurchase, typeOfKind } from '../profile/read-purchase.js';
import type { DismissalReason, PurchaseInput, RecordDraft } from '../profile/types.js';
import type { Core, Visit } from './core.js';
import { append, commit } from './append.js';
import { tokenOf } from './hold.js';
import { whoHasToken } from './may-keep.js';
import { ownersBy } from '../profile/owners.js';
import { readIdentifier } from './read-identifier.js';
import { linkDraft } from './drafts.js';
import type { RecordOutcome } from './types.js';

/** Remembers an order of the customer here, of a visit of this page, or of somebody the order names. */
export async function recordPurchase(
  core: Core,
  input: PurchaseInput,
  subject: string,
): Promise<RecordOutcome> {
  const { state, options, clock, vault } = core;
  const { purchase, customer } = readPurchase(input, {
    // by the backend's clock, where this one is known to be wrong
    now: vault.env().now,
    channel: state.channel,
    keepNotes: options.keep?.includes('notes') ?? false,
    ...(state.currency !== undefined && { currency: state.currency }),
    ...(state.place && { place: state.place }),
    known: (id) => state.card?.purchases.find((purchase) => purchase.id === id),
  });
  const claims = subject === state.person.subject ? state.person.claims : [];
  if (claims.length > 0) {
    state.person = { ...state.person, claims: [] };
    state.sealing?.unclaim(subject);
  }

  const owner = customer?.ids?.length
    ? await ownerOf(core, customer.ids, purchase.id, subject)
    : { subject, identifiers: [] };
  const typed = await Promise.all(claims.map((claim) => withToken(core, claim)));
  const id = (await purchaseRecordId(options.shop, purchase)) ?? uuidV7(clock.now(), core.random);
  const drafts: readonly RecordDraft[] = [
    ...typed.map((claim) => linkDraft(core, subject, claim, 'claimed', 'claim')),
    ...owner.identifiers.map((identifier) =>
      linkDraft(core, owner.subject, identifier, 'claimed', 'import'),
    ),
    {
      id,
      subject: owner.subject,
      kind: 'purchase',
      by: `device:${vault.device().id}`,
      data: purchase,
    },
  ];
  return state.sealing
    ? state.sealing.record(subject, drafts, [...typed, ...owner.identifiers])
    : commit(core, drafts);
}

type Known = NormalIdentifier & { readonly token: string };

async function withToken({ vault }: Core, identifier: NormalIdentifier): Promise<Known> {
  return { ...identifier, token: await tokenOf(vault, identifier) };
}

/** The entry an order belongs to that names its customer, and which of these identifiers are new for it: decided as for a file of orders. */
async function ownerOf(
  core: Core,
  ids: NonNullable<NonNullable<PurchaseInput['customer']>['ids']>,
  purchaseId: string,
  here: string,
): Promise<{ readonly subject: string; readonly identifiers: readonly Known[] }> {
  const { state, vault } = core;
  const good: Known[] = [];
  for (const { kind, value } of ids) {
    const result = await readIdentifier(core, typeOfKind(kind, purchaseId), value);
    if (result.ok) good.push(await withToken(core, result.identifier));
  }
  if (good.length === 0) return { subject: here, identifiers: [] };
  const { person, card } = state;
  const isHere = (one: string): boolean =>
    one === person.customer || card?.subjects.includes(one) === true;
  const find = async (token: string): Promise<readonly string[]> =>
    // of several who share it, the one who is here
    [...(await whoHasToken(vault, token))].sort((a, b) => Number(isHere(b)) - Number(isHere(a)));
  const ownerIn = await ownersBy(
    { find, card: vault.card },
    good.map(({ token }) => token),
    () => randomId(core.random),
  );
  const { subject, links } = await ownerIn(good);
  const mine = subject === here || (here === person.subject && isHere(subject));
  return {
    subject: mine ? here : subject,
    identifiers: good.filter(({ token }) => links.some((link) => link.token === token)),
  };
}

/** Writes a visit's exposure: one register a visit, so writing it again replaces it. */
export async function writeExposure(core: Core, visit: Visit, subject: string): Promise<void> {
  if (core.vault.status().readOnly) return;
  const at = core.clock.now();
  const items = Object.fromEntries(
    [...visit.exposures].map(([sku, { shown, accepted, viewed = 0 }]) => [
      sku,
      { shown, accepted, ignored: Math.max(0, shown - accepted), viewed },
    ]),
  );
  await append(core, [
    {
      id: uuidV7(at, core.random),
      subject,
      kind: 'exposure',
      by: `device:${core.vault.device().id}`,
      data: { visit: visit.token, at, items },
    },
  ]);
}

/** What of a target is the item's. */
const itemOf = ({
  sku,
  category,
}: {
  readonly sku: string;
  readonly category?: string;
}): { readonly sku: string; readonly category?: string } => ({
  sku,
  ...(category !== undefined && { category }),
});

/** Keeps that the customer did not want it. */
export async function dismissRef(
  core: Core,
  ref: string,
  reason: DismissalReason,
): Promise<RecordOutcome> {
  const { greeting, usual } = core.snapshot();
  const item = core.state.targets.get(ref);
  const target =
    usual.kind !== 'none' && usual.ref === ref
      ? {
          kind: 'usual' as const,
          skus: usual.lines.map(({ sku, name }) => sku ?? name),
        }
      : greeting.kind !== 'none' && greeting.ref === ref
        ? { kind: 'greeting' as const, greeting: greeting.kind }
        : item && !item.sku.startsWith('greeting:')
          ? { kind: 'item' as const, ...itemOf(item) }
          : undefined;
  if (!target) return { kind: 'refused', reason: 'visit-unknown' };
  const at = core.clock.now();
  return commit(core, [
    {
      id: uuidV7(at, core.random),
      subject: core.state.person.subject,
      kind: 'dismissal',
      by: `device:${core.vault.device().id}`,
      data: { at, reason, target },
    },
  ]);
}
