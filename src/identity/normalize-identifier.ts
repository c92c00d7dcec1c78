import { foldText } from '../kernel/text.js';
import { passesGs1, passesLuhn } from './check-digits.js';
import { normalizeEmail } from './normalize-email.js';
import { normalizePhone } from './normalize-phone.js';
import type {
  BlockedReason,
  IdentifierType,
  LoyaltyRules,
  NormalizeResult,
  ReadPhone,
} from './types.js';

/** What normalizing may know of the shop. */
export interface NormalizeOptions {
  /** ISO 3166-1 alpha-2, for phone numbers without a country code. @defaultValue none: they are refused */
  readonly region?: string;
  /** The shop's own numbers and addresses: typed by staff, they are nobody's. @defaultValue none */
  readonly own?: readonly string[];
  /** What the numbers of the shop's own cards look like (type `loyalty`). @defaultValue any */
  readonly loyalty?: LoyaltyRules;
  /** Reads numbers of the whole world: what `worldPhones().load()` of `regulars/phone/world` gives. @defaultValue our own table */
  readonly phone?: ReadPhone;
}

type Normal = readonly [value: string, matchKey?: string] | BlockedReason;

// What programs write where a value is missing, and what is typed to get past a form.
const PLACEHOLDER =
  /^(?:null|undefined|nan|none|n\/a|\[object object\]|true|false|anonymous|guest|test|-1)$/;

function isPlaceholder(text: string): boolean {
  const folded = foldText(text);
  // zeros and dashes alone, or one digit four times and more, however spaced (111 may be somebody's account)
  const bare = folded.replace(/[\s().+-]/g, '');
  return PLACEHOLDER.test(folded) || /^(?:0*|(\d)\1{3,})$/.test(bare);
}

/** Account, device and the host's own types: opaque, but for what could make two of them one in a token. */
const normalizeOpaque = (text: string): Normal =>
  /[\p{Cc}\p{Cs}]/u.test(text) ? 'invalid' : [text];

function normalizeLoyalty(text: string, rules: LoyaltyRules): Normal {
  const plain = text
    .normalize('NFKC')
    .toUpperCase()
    .normalize('NFKC')
    .replace(/[\s\p{Pd}\p{Cf}\u2212]/gu, '');
  const { check, pattern } = rules;
  // an EAN-13 that begins with 0 is a UPC-A; scanners do not agree on how to write it
  const card = check === 'gs1' ? plain.replace(/^0(?=\d{12}$)/, '') : plain;
  // `search` does not go on where a global pattern stopped the last time
  if (pattern && card.search(pattern) < 0) return 'invalid';
  if (check === 'gs1' || check === 'luhn') {
    if (!/^\d+$/.test(card)) return 'invalid';
    if (!(check === 'gs1' ? passesGs1 : passesLuhn)(card)) return 'check-digit';
  }
  return normalizeOpaque(card);
}

function normalizeText(type: IdentifierType, text: string, options: NormalizeOptions): Normal {
  const limit = type === 'email' ? 254 : 128;
  if (text.length > limit) return 'too-long';
  if (isPlaceholder(text)) return 'placeholder';
  const normal =
    type === 'email'
      ? normalizeEmail(text)
      : type === 'phone'
        ? normalizePhone(text, options.region, options.phone)
        : /^loyalty\b/.test(type)
          ? normalizeLoyalty(text, (type === 'loyalty' && options.loyalty) || {})
          : normalizeOpaque(text);
  if (typeof normal === 'string') return normal;
  const [value] = normal;
  if (value.length > limit) return 'too-long';
  // once more: "n-u-l-l" is null on a card, and a country code before one repeated digit is nobody's phone
  return isPlaceholder(value) || (type === 'phone' && /^\+\d{1,3}?(\d)\1{5,}$/.test(value))
    ? 'placeholder'
    : normal;
}

// A number given as a type by mistake must not get into answers as one; only these have a namespace.
const TYPE = /^(?:[a-z][\w.-]{0,31}|(?:account|loyalty):[a-z][a-z0-9_.-]{0,31})$/;

/**
 * The normal form of an identifier, or why it is of no use. Never throws, whatever it is given; a normal form is its own normal form.
 * Unlike the `matchKey`, which only suggests, the `value` identifies.
 * @example normalizeIdentifier('phone', '(425) 555-0100', { region: 'US' }) // value '+14255550100'
 */
export function normalizeIdentifier(
  type: IdentifierType,
  value: unknown,
  options: NormalizeOptions = {},
): NormalizeResult {
  const blocked = (reason: BlockedReason): NormalizeResult => ({ ok: false, type, reason });
  if (typeof type !== 'string' || !TYPE.test(type)) return blocked('bad-type');
  if (value === null || value === undefined) return blocked('empty');
  const converted = typeof value === 'number';
  // a number beyond 2^53 may be another one's; NaN goes on, to be told apart as a placeholder
  const whole = converted && (Number.isSafeInteger(value) || Number.isNaN(value));
  if (typeof value !== 'string' && !whole) return blocked('invalid');
  const text = String(value).trim();
  if (text === '') return blocked('empty');
  const normal = normalizeText(type, text, options);
  if (typeof normal === 'string') return blocked(normal);
  const [identifying, matchKey = identifying] = normal;
  for (const own of options.own ?? []) {
    const ours = normalizeText(type, own.trim(), options);
    if (typeof ours !== 'string' && (ours[1] ?? ours[0]) === matchKey) return blocked('own');
  }
  return { ok: true, identifier: { type, value: identifying, matchKey, converted } };
}
