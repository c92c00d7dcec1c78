import { evidenceLevels } from './evidence.js';
import type {
  EvidenceLevel,
  RevealContext,
  RevealDecision,
  RevealField,
  RevealOverrides,
} from './types.js';

// Columns: none, device, claimed, verified on a personal device; after the space the same in a kiosk, which remembers nobody.
// y yes · m masked · h if given on this device · g if this customer allowed "greet me by my number" · - no
const TABLE: { readonly [field in RevealField]?: string } = {
  greeting: 'yyyy yyyy',
  name: '-hyy --gy',
  taste: '-yyy --gy',
  points: '--my --my',
  contact: '--my ---y',
  address: '--my ---y',
  orders: '--my ---y',
  payment: '--my ---y',
  birthday: '--my ---y',
  sensitive: '---y ---y',
};

type Share = 'no' | 'masked' | 'all';

function shareAt(
  at: number,
  field: RevealField,
  { mode, givenHere, greetByNumber }: RevealContext,
  asked: EvidenceLevel | undefined,
): Share {
  const kiosk = mode === 'kiosk';
  // a name that is no field, however it came here
  const row = Object.hasOwn(TABLE, field) ? TABLE[field] : undefined;
  if (row === undefined) return 'no';
  if (asked !== undefined) {
    const from = evidenceLevels.indexOf(asked);
    // a level that does not exist asks for the most
    if (at < (from < 0 ? 3 : from)) return 'no';
    // In a kiosk a typed number may be anybody's. The exception is the customer's to make and not the shop's, but for points.
    if (kiosk ? field === 'points' : field !== 'sensitive') return 'all';
  }
  const cell = row[at + (kiosk ? 5 : 0)];
  if (cell === 'm') return 'masked';
  return cell === 'y' || (cell === 'h' && givenHere) || (cell === 'g' && greetByNumber)
    ? 'all'
    : 'no';
}

/**
 * The one gate: may `field` be shown to whom `context` describes? A higher level never reveals less.
 * Overrides ask for another level by naming the field. They tighten freely; they never bring `sensitive` below `verified`,
 * and in a kiosk they loosen nothing but `points`. A customer's own consent to `sensitive` is the caller's to ask for.
 */
export function decideReveal(
  field: RevealField,
  context: RevealContext,
  overrides: RevealOverrides = {},
): RevealDecision {
  const shareOf = (at: number): Share => shareAt(at, field, context, overrides[field]);
  const at = evidenceLevels.indexOf(context.level);
  const share = shareOf(at);
  if (share !== 'no') return { ok: true, masked: share === 'masked' };
  const need = evidenceLevels.find((_level, higher) => higher > at && shareOf(higher) !== 'no');
  return { ok: false, need: need ?? 'verified' };
}
