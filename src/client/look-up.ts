import { itemSlots, partsToText } from '../greeting/words.js';
import { enSpoken } from '../greeting/locales/en-spoken.js';
import type { SpeakContext, Usual, UsualLine } from '../greeting/types.js';
import type { CustomerView, LookedUp, RawIdentifier } from '../identity/port.js';
import { decideReveal } from '../identity/reveal-field.js';
import type { NormalIdentifier } from '../identity/types.js';
import { RegularsError } from '../kernel/errors.js';
import { hash32 } from '../kernel/hash.js';
import type { Card } from '../profile/types.js';
import type { ClaimView, Core } from './core.js';
import { backendOf } from './sync-line.js';
import { within } from './within.js';
import { wantItems } from './want-items.js';
import { wordsHere } from './words-here.js';

/** Every look-up takes so long, whatever comes of it: the time says nothing, and a later answer is none. */
const ANSWER_MS = 1_000;

/** What is taken of a usual. */
const LINES_MAX = 20;

/**
 * Asks the shop's backend what may be said to whoever typed this. Undefined for unknown, ambiguous, not allowed and unreachable alike,
 * at a kiosk after the same time.
 */
export async function lookUp(
  core: Core,
  claims: readonly NormalIdentifier[],
): Promise<ClaimView | undefined> {
  const backend = backendOf(core);
  if (!backend || !mayGreet(core)) return undefined;
  const who = claims.map(({ type, value }): RawIdentifier => ({ type, value }));
  const isTill = core.mode === 'staff';
  const controller = new AbortController();
  let answer: LookedUp | undefined;
  const failed = (): void => {
    // what the backend threw may name the number: it goes no further
    if (!controller.signal.aborted)
      core.report(
        new RegularsError('ERR_BACKEND_FAILED', 'The backend did not answer a look-up.', {
          retryable: true,
        }),
      );
  };
  const ask = async (): Promise<void> => {
    answer = await backend.lookUp(who, { signal: controller.signal, staff: isTill });
  };
  const asked = ask().catch(failed);
  // to the staff the time may say something
  if (isTill) await within(core, asked, ANSWER_MS);
  else await new Promise<void>((resolve) => void core.clock.after(ANSWER_MS, resolve));
  controller.abort();
  return answer?.kind === 'view' ? viewOf(core, answer.view) : undefined;
}

/** A host may have asked for more than a claim. */
function mayGreet({ options }: Core): boolean {
  return (['name', 'taste'] as const).some(
    (field) =>
      decideReveal(
        field,
        { level: 'claimed', mode: 'kiosk', greetByNumber: true, givenHere: false },
        options.reveal,
      ).ok,
  );
}

/** What a view lets the page say, and nothing else of what came. */
function viewOf(core: Core, view: CustomerView | null | undefined): ClaimView {
  const lines = linesOf(view?.usual);
  const skus = lines.flatMap(({ sku }) => (sku === null ? [] : [sku]));
  // whether one is sensitive, the catalog says
  void wantItems(core.catalog, skus);
  return { card: cardOf(core, view), usual: (context) => usualOf(core, lines, context) };
}

function cardOf({ clock, state }: Core, view: CustomerView | null | undefined): Card {
  const { name, paidVisits } = view ?? {};
  const fact = { source: 'host', purpose: 'remember', at: clock.now(), record: '' } as const;
  return {
    ...{ id: state.person.customer, subjects: [], consent: {}, consentRecords: {}, links: [] },
    facts:
      typeof name === 'string' ? { 'name.given': { ...fact, key: 'name.given', value: name } } : {},
    ...{ purchases: [], olderPurchases: 0, items: [], visitTimes: [] },
    paidVisits: Number.isSafeInteger(paidVisits) ? Math.max(0, paidVisits as number) : 0,
    ...{ issues: [], dismissals: [], exposures: {} },
  };
}

/** Lines of the right shape; others are left out. */
function linesOf(usual: unknown): readonly UsualLine[] {
  if (!Array.isArray(usual)) return [];
  return (usual as readonly Partial<UsualLine>[]).slice(0, LINES_MAX).flatMap((line) => {
    const { sku = null, name, quantity, modifiers } = line ?? {};
    const fits =
      typeof name === 'string' && (sku === null || typeof sku === 'string') && isCount(quantity);
    const choices = Array.isArray(modifiers) ? (modifiers as UsualLine['modifiers']) : [];
    return fits
      ? [
          {
            ...{ sku, name, quantity },
            modifiers: choices
              .filter((one) => typeof one?.name === 'string' && Number.isFinite(one.quantity))
              .map(({ group, name: choice, quantity: count }) => ({
                ...(typeof group === 'string' && { group }),
                ...{ name: choice, quantity: count },
              })),
          },
        ]
      : [];
  });
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && value > 0 && value < Infinity;

function usualOf(core: Core, lines: readonly UsualLine[], { may, seed }: SpeakContext): Usual {
  const { catalog, report } = core;
  const messages = wordsHere(core);
  if (!may.taste) return { kind: 'none', reason: 'need-proof' };
  const safe = lines.filter(({ sku }) => sku === null || !catalog.item(sku)?.sensitive);
  if (safe.length === 0) return { kind: 'none', reason: 'no-history' };
  const textIn = (words: typeof messages): string =>
    partsToText(words.items(itemSlots(safe, words)), words.dir);
  let text: string;
  try {
    text = textIn(messages);
  } catch (error) {
    report(error);
    text = textIn(enSpoken);
  }
  const ref = `u:${hash32(JSON.stringify(safe), seed).toString(36)}`;
  return { kind: 'usual', lines: safe, ask: [], text, share: 1, purchases: [], ref };
}
