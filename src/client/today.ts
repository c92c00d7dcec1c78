import type { Usual } from '../greeting/types.js';
import { lineKey } from '../greeting/line-key.js';
import type { LookForShop } from '../greeting/look-for.js';
import type { ReorderLine } from '../greeting/reorder.js';
import { allergiesOf, resolveToday, withChanges } from '../greeting/today.js';
import type { LookedFor, Reorder, UsualQuestion } from '../greeting/types.js';
import type { Card, CardPurchase } from '../profile/types.js';
import { consentOf } from './consent.js';
import type { Core } from './core.js';
import { allMessages } from './explain.js';
import { contextOf } from './context-here.js';
import { cardHere, mayWhole } from './speak.js';
import { wantItems } from './want-items.js';

/** What has to be on loan from the catalog to say what became of these lines. */
const skusOf = (lines: readonly ReorderLine[]): readonly string[] =>
  lines.flatMap(({ sku }) => sku ?? []);

/** The shop, as an answer may draw on it. */
export function shopHere(core: Core): LookForShop {
  const { catalog, options, clock } = core;
  return {
    items: catalog.items(),
    complete: catalog.complete(),
    referrals: options.referrals ?? [],
    allergies: mayWhole(core, 'sensitive').ok
      ? [cardHere(core), waitingHere(core)].flatMap((card) => allergiesOf(card ?? {}, clock.now()))
      : [],
    seed: contextOf(core).seed,
  };
}

/** What waits in memory for a yes to `health`: until a no, what was said on this page is heeded on it. */
function waitingHere(core: Core): Card | undefined {
  const { person, waiting } = core.state;
  const isMine = core.vault.holds() && waiting?.subjects.includes(person.subject) === true;
  return isMine && consentOf(core, 'health') !== 'denied' ? waiting : undefined;
}

/** Fetches these and, of those that cannot be had, what may come near. */
export async function wantWithSubstitutes(core: Core, skus: readonly string[]): Promise<void> {
  const { catalog } = core;
  await wantItems(catalog, skus);
  const gone = skus.flatMap((sku) => catalog.item(sku) ?? []).filter((item) => !item.available);
  await wantItems(
    catalog,
    gone.flatMap(({ available, substitutes = [] }) =>
      available === false ? substitutes.map(({ sku }) => sku) : [],
    ),
  );
}

/** Makes an answer one that can be asked why, and taken. */
export function tellOf(core: Core, asked: string, found: LookedFor): void {
  const { state } = core;
  const { ref, text, kind } = found;
  if (text === '') return;
  const evidence = [{ kind: 'asked', query: asked }] as const;
  state.whys.set(ref, () => ({ text: asked, rule: 'look-for', evidence, controls: [] }));
  if (kind === 'none') return;
  const { sku, category } =
    kind === 'referral' ? { sku: `referral:${found.name}`, category: undefined } : found.item;
  state.targets.set(ref, { sku, ...(category !== undefined && { category }) });
}

/** Lines against the catalog as it is here now. */
export function resolveHere(
  core: Core,
  lines: readonly ReorderLine[],
  ask: readonly UsualQuestion[],
): Reorder {
  const { catalog, state, report } = core;
  const { locale, currency } = state;
  const found = resolveToday(lines, ask, catalog, {
    ...{ locale, currency, report, messages: allMessages(core), shop: shopHere(core) },
  });
  for (const change of found.changed)
    if (change.kind === 'gone' && change.instead) tellOf(core, change.text, change.instead);
  return found;
}

/** Its lines, with what they cost where that can be compared with today. */
export function pricedLines(core: Core, { lines, currency }: CardPurchase): readonly ReorderLine[] {
  return currency === core.state.currency
    ? lines
    : lines.map((line) => ({ ...line, unitPrice: null }));
}

/** The lines of a usual, with what the same cost the last time. */
export function pricedUsual(
  core: Core,
  { lines, purchases }: Exclude<Usual, { readonly kind: 'none' }>,
): readonly ReorderLine[] {
  if (!mayWhole(core, 'orders').ok) return lines;
  const before = (core.state.card?.purchases ?? [])
    .filter(({ id }) => purchases.includes(id))
    .flatMap((purchase) => pricedLines(core, purchase));
  return lines.map((line) => {
    const itemOf = ({ sku }: ReorderLine): ReturnType<typeof core.catalog.item> =>
      sku === null ? undefined : core.catalog.item(sku);
    const key = lineKey(line, itemOf(line));
    const same = before.find((one) => lineKey(one, itemOf(one)) === key);
    return same ? { ...line, unitPrice: same.unitPrice ?? null } : line;
  });
}

/** What each page has asked for by itself: a source that fails is not asked for ever. */
const wanted = new WeakMap<Core, Set<string>>();

/** The usual as far as today's catalog has it: what it has no more is told with it, and asked about. */
export function usualToday(core: Core, usual: Usual): Usual {
  if (usual.kind === 'none') return usual;
  const asked = wanted.get(core) ?? new Set();
  wanted.set(core, asked);
  const missing = skusOf(usual.lines).filter((sku) => !asked.has(sku));
  if (missing.length > 0 && core.catalog.bySkus) {
    missing.forEach((sku) => asked.add(sku));
    void wantWithSubstitutes(core, missing);
  }
  return withChanges(usual, resolveHere(core, usual.lines, usual.ask));
}
