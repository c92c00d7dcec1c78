import { plainText } from '../kernel/text.js';

/**
 * A name that its owner knows again and others do not: first and last initial, always three stars, so that no length shows.
 * @example maskName('Shep Parker') // 'S*** P.'
 */
export function maskName(name: string): string {
  const initials = plainText(name)
    .normalize()
    .split(' ')
    .map((word) => /[\p{L}\p{N}]\p{M}*/u.exec(word)?.[0] ?? '')
    .filter((initial) => initial !== '');
  const last = initials.length > 1 ? ` ${initials[initials.length - 1]}.` : '';
  return `${initials[0] ?? ''}***${last}`;
}

/** What a reader takes for characters: Firefox before 125 has no segmenter, there a base and its marks. */
function graphemes(text: string): readonly string[] {
  return typeof Intl.Segmenter === 'function'
    ? Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment)
    : (text.match(/\P{M}\p{M}*|\p{M}+/gu) ?? []);
}

/**
 * The end of a text: its last 2 to 4 characters, never more than a third of it.
 * @example maskText('+14255550100') // '***0100'
 */
export function maskText(text: string): string {
  const parts = graphemes(plainText(text, 320));
  const shown = Math.min(4, Math.floor(parts.length / 3));
  return `***${shown < 2 ? '' : parts.slice(-shown).join('')}`;
}
