import { foldText, plainText } from '../kernel/text.js';

const PLACEHOLDER =
  /^(null|undefined|nan|none|n\/a|test|guest|unknown|anonymous|customer|\[object object\])$/;

/** A first name that can be said, at most 40 characters; undefined for nothing, for a placeholder, and for what has no letter. */
export function usableName(name: string | undefined): string | undefined {
  const clean = plainText(name ?? '', 40);
  return /\p{L}/u.test(clean) && !PLACEHOLDER.test(foldText(clean)) ? clean : undefined;
}
