import { normalizeIdentifier } from '../identity/normalize-identifier.js';
import type { NormalIdentifier } from '../identity/types.js';
import { isRegularsError } from '../kernel/errors.js';
import { randomId, uuidV7 } from '../kernel/ids.js';
import { findCustomers } from '../profile/log.js';
import { purchaseRecordId, readPurchase } from '../profile/read-purchase.js';
import type { DismissalReason, PurchaseInput, RecordDraft } from '../profile/types.js';
import type { Core } from './core.js';
import { linkDraft, takeUp } from './person.js';
import type { RecordOutcome } from './types.js';

/** Appends, and says what became of it; nothing a page does with an outcome can break it. */
export async function commit(core: Core, drafts: readonly RecordDraft[]): Promise<RecordOutcome> {
  const { vault, state } = core;
  if (state.status === 'stopped') return { kind: 'refused', reason: 'stopped' };
  if (vault.status().readOnly) return { kind: 'refused', reason: 'read-only' };
  try {
    const { cards, refused } = await vault.append(drafts);
    takeUp(core, cards);
    if (refused > 0) return { kind: 'refused', reason: 'erased' };
  } catch (error) {
    core.report(error);
    const code = isRegularsError(error) ? error.code : undefined;
    if (code === 'ERR_STORAGE_NEWER') return { kind: 'refused', reason: 'read-only' };
    return { kind: 'refused', reason: code === 'ERR_STORAGE_QUOTA' ? 'quota' : 'storage' };
  }
  if (vault.keeps()) return { kind: 'kept' };
  const { kind, reason } = vault.status();
  return { kind: 'held', reason: kind === 'opening' ? 'opening' : (reason ?? 'not-configured') };
}

/** Remembers an order of the customer here, of a visit of this page, or of somebody the order names. */
export async function recordPurchase(
  core: Core,
  input: PurchaseInput,
  visit: string | undefined,
): Promise<RecordOutcome> {
  const { state, options, clock, vault } = core;
  const { purchase, customer } = readPurchase(input, {
    now: clock.now(),
    channel: state.channel,
    keepNotes: options.keep?.includes('notes') ?? false,
    ...(state.currency !== undefined && { currency: state.currency }),
    ...(state.place && { place: state.place }),
  });
  // who it belongs to is fixed before anything is awaited: a late answer never moves to the next person
  const subject = visit === undefined ? state.person.subject : state.visits.get(visit);
  if (subject === undefined) return { kind: 'refused', reason: 'visit-unknown' };
  const claims = subject === state.person.subject ? state.person.claims : [];
  if (claims.length > 0) state.person = { ...state.person, claims: [] };

  const owner = customer?.ids?.length
    ? await ownerOf(core, customer.ids, subject)
    : { subject, links: [] };
  const now = clock.now();
  const links = await Promise.all(
    claims.map(async (claim) =>
      linkDraft(core, subject, { ...claim, token: await vault.token(claim) }, 'claimed', 'claim'),
    ),
  );
  const id = (await purchaseRecordId(options.shop, purchase)) ?? uuidV7(now, core.random);
  return commit(core, [
    ...links,
    ...owner.links,
    {
      id,
      subject: owner.subject,
      kind: 'purchase',
      by: `device:${vault.device()}`,
      data: purchase,
    },
  ]);
}

/** The entry an order belongs to that names its customer: the one here if they share an identifier, else the one known by it, else a new one. */
async function ownerOf(
  core: Core,
  ids: NonNullable<NonNullable<PurchaseInput['customer']>['ids']>,
  here: string,
): Promise<{ subject: string; links: readonly RecordDraft[] }> {
  const { options, state, vault } = core;
  const good: (NormalIdentifier & { token: string })[] = [];
  for (const { kind, value } of ids) {
    const result = normalizeIdentifier(kind === 'external' ? 'account' : kind, value, {
      ...(options.region !== undefined && { region: options.region }),
    });
    if (result.ok) good.push({ ...result.identifier, token: await vault.token(result.identifier) });
  }
  const mine = state.card?.links.some((link) => good.some(({ token }) => token === link.token));
  if (mine || good.length === 0) return { subject: here, links: [] };
  for (const { token } of good) {
    const [known] = await vault.run('readonly', (transaction) => findCustomers(transaction, token));
    if (known !== undefined) return { subject: known, links: [] };
  }
  const subject = randomId(core.random);
  return {
    subject,
    links: good.map((identifier) => linkDraft(core, subject, identifier, 'claimed', 'import')),
  };
}

/** Counts what was really on screen, or taken. */
export function countExposure(
  core: Core,
  refs: readonly string[],
  what: 'shown' | 'accepted',
): void {
  const { visit } = core.state;
  for (const ref of refs) {
    const target = visit?.targets.get(ref);
    if (!visit || !target) continue;
    const counts = visit.exposures.get(target.sku) ?? { shown: 0, accepted: 0 };
    counts[what]++;
    visit.exposures.set(target.sku, counts);
    visit.exposuresChanged = true;
  }
}

/** Writes the visit's exposure: one register a visit, so writing it again replaces it. */
export async function writeExposure(core: Core): Promise<void> {
  const { visit, person } = core.state;
  if (!visit?.exposuresChanged || core.vault.status().readOnly) return;
  visit.exposuresChanged = false;
  const at = core.clock.now();
  const items = Object.fromEntries(
    [...visit.exposures].map(([sku, { shown, accepted }]) => [
      sku,
      { shown, accepted, ignored: Math.max(0, shown - accepted), viewed: 0 },
    ]),
  );
  await commit(core, [
    {
      id: uuidV7(at, core.random),
      subject: person.subject,
      kind: 'exposure',
      by: `device:${core.vault.device()}`,
      data: { visit: visit.token, at, items },
    },
  ]);
}

/** Keeps that the customer did not want it. */
export async function dismissRef(
  core: Core,
  ref: string,
  reason: DismissalReason,
): Promise<RecordOutcome> {
  const { greeting, usual } = core.snapshot();
  const item = core.state.visit?.targets.get(ref);
  const target =
    usual.kind !== 'none' && usual.ref === ref
      ? {
          kind: 'usual' as const,
          skus: usual.lines.flatMap(({ sku }) => (sku === null ? [] : [sku])),
        }
      : greeting.kind !== 'none' && greeting.ref === ref
        ? { kind: 'greeting' as const, greeting: greeting.kind }
        : item && { kind: 'item' as const, ...item };
  if (!target) return { kind: 'refused', reason: 'visit-unknown' };
  const at = core.clock.now();
  return commit(core, [
    {
      id: uuidV7(at, core.random),
      subject: core.state.person.subject,
      kind: 'dismissal',
      by: `device:${core.vault.device()}`,
      data: { at, reason, target },
    },
  ]);
}
