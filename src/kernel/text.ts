/** A text as it is compared: NFKC, lower case, runs of space made one. Sorted and matched, never shown. */
export function foldText(text: string): string {
  // the first normalizing of a page loads tables for a millisecond: most texts need none
  const plain = /[^ -~]/.test(text) ? text.normalize('NFKC') : text;
  return plain.toLowerCase().replace(/\s+/g, ' ').trim();
}

// C0 and C1 controls, and the bidirectional controls that could reorder the words around a value (UAX #9): a name may not.
// eslint-disable-next-line no-control-regex -- removing them is the point
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

// Joiners stay: scripts and emoji need them.
const INVISIBLE = /[\u00ad\u200b\u2060\ufeff]/g;
/** What belongs to the character before it. */
const ATTACHED = /^[\p{M}\u200d]/u;

/** A text from a person or a shop, made fit to show: no control or direction characters, at most `limit` characters. Still text, never markup. */
export function plainText(text: string, limit = 100): string {
  const clean = text.replace(INVISIBLE, '').replace(UNSAFE, ' ').replace(/\s+/g, ' ').trim();
  const characters = Array.from(clean.slice(0, limit * 2));
  if (characters.length <= limit) return clean;
  let end = limit - 1;
  // no letter loses its accent, no family its children
  while (end > 1 && (ATTACHED.test(characters[end] ?? '') || characters[end - 1] === '\u200d'))
    end--;
  return `${characters.slice(0, end).join('')}…`;
}
