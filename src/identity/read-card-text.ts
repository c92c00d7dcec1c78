import { passesGs1 } from './check-digits.js';
import { normalizeIdentifier } from './normalize-identifier.js';
import type { CardText } from './types.js';

export type { CardText } from './types.js';

/** What a shop has printed itself. */
export interface ReadCardOptions {
  /** Its own codes and URLs: the first group is the number, as in `/^https:\/\/shop\.example\/card\/(\w+)$/`. @defaultValue none */
  readonly own?: RegExp;
}

/** More than any code holds that is printed on a card. */
const LONGEST = 2_048;
const LONGEST_PLAIN = 64;
/** What a scanner may say of a code before what is in it (ISO/IEC 15424). */
const SYMBOLOGY = /^\][A-Za-z][0-9A-Za-z]/;
/** Those that hold element strings of GS1: GS1-128, DataBar and composites, Data Matrix, QR, DotCode. */
const GS1_SYMBOLOGY = /^\](?:C1|e0|d2|Q3|J1)/;
/** FNC1, which ends a part that has no fixed length, as scanners write it. */
const SEPARATOR = '\x1d';
/** Parts whose identifier says their length, so that nothing has to end them (GS1 General Specifications, predefined lengths). */
const FIXED = /^(?:00\d{18}|0[1-3]\d{14}|04\d{16}|1[1-9]\d{6}|20\d\d|3[1-6]\d{8}|41\d{14})/;
/** Keys that stand for whoever has them: recipient (8018) and provider (8017) of a service, a document such as a card (253) with its serial. */
const KEY = /^(?:801[78](\d{18})|253((\d{13})[!-z]{0,17}))$/;

type Refusal = Extract<CardText, { readonly ok: false }>;

const no = (reason: Refusal['reason']): Refusal => ({ ok: false, reason });

function cardOf(value: string): CardText {
  const result = normalizeIdentifier('loyalty', value);
  return result.ok ? { ok: true, loyalty: result.identifier.value } : no(result.reason);
}

/** The parts of an element string. */
function elementsOf(text: string): readonly string[] {
  // as it is printed under the bars: the identifiers in parentheses
  if (text.startsWith('(')) return text.split('(').map((part) => part.replace(/\)\s*/, '').trim());
  const parts: string[] = [];
  let rest = text;
  while (rest !== '') {
    const part = FIXED.exec(rest)?.[0] ?? rest.split(SEPARATOR, 1)[0] ?? '';
    parts.push(part);
    rest = rest.slice(part.length || SEPARATOR.length);
  }
  return parts;
}

/** The keys in the path of a GS1 Digital Link, each behind its identifier. */
function keysInPath(url: string): readonly string[] {
  const segments = url.split('/');
  return segments.map((segment, i) =>
    /^(?:801[78]|253)$/.test(segment) ? segment + decoded(segments[i + 1] ?? '') : '',
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return ''; // a lone % is no escape
  }
}

function readParts(parts: readonly string[]): CardText {
  for (const part of parts) {
    const [, number, document = '', digits = ''] = KEY.exec(part) ?? [];
    if (number !== undefined || document !== '')
      return passesGs1(number ?? digits) ? cardOf(number ?? document) : no('check-digit');
  }
  return no('no-card');
}

/** A code that is nothing but a number: letters, digits and what stands between them, no sentence and no protocol. */
function readPlain(code: string): CardText {
  if (code === '') return no('empty');
  return code.length <= LONGEST_PLAIN && /^(?=.*\d)(?:[\w.-]+|[\d -]+)$/.test(code)
    ? cardOf(code)
    : no('no-card');
}

/**
 * The loyalty card in a text that was scanned, or why it is none: a plain code, an element string of GS1 with a GSRN or a GDTI (raw
 * or printed, with or without the scanner's symbology identifier), a GS1 Digital Link, or a code of the shop's `own`. Never throws.
 * What it gives is what the code says, a claim: give it to `recognize`, which holds it to the option `loyalty`.
 * @example readCardText(']C18018376104250021234569') // { ok: true, loyalty: '376104250021234569' }
 */
export function readCardText(text: string, { own }: ReadCardOptions = {}): CardText {
  if (typeof text !== 'string' || text.length > LONGEST) return no('no-card');
  const scanned = text.trim().replaceAll('\u241d', SEPARATOR); // some write the sign for it
  const code = scanned.replace(SYMBOLOGY, '').trim();
  if (own) own.lastIndex = 0;
  const ours = own?.exec(code)?.[1];
  if (ours !== undefined) return readPlain(decoded(ours).trim());
  const url = /^https?:\/\/[^?#]*/i.exec(code)?.[0];
  if (url !== undefined) return readParts(keysInPath(url));
  if (GS1_SYMBOLOGY.test(scanned) || code.includes(SEPARATOR) || code.startsWith('('))
    return readParts(elementsOf(code));
  // a scanner that names no symbology leaves out the FNC1 at the beginning as well
  const bare = /^801[78]\d{18}$/.test(code) ? readParts([code]) : no('no-card');
  return bare.ok ? bare : readPlain(code);
}
