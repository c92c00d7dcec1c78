import { foldText, plainText } from '../kernel/text.js';
import type { NameSlots } from './types.js';

const PLACEHOLDER =
  /^(null|undefined|nan|none|n\/a|test|guest|unknown|anonymous|customer|\[object object\])$/;

/** A first name that can be said, at most 40 characters; undefined for nothing, for a placeholder, and for what has no letter. */
export function usableName(name: string | undefined): string | undefined {
  const clean = plainText(name ?? '', 40);
  return /\p{L}/u.test(clean) && !PLACEHOLDER.test(foldText(clean)) ? clean : undefined;
}

/** What of a name can be said; undefined when nothing can. */
export function usableNames(name: NameSlots | undefined): NameSlots | undefined {
  const [given, family, display] = [name?.given, name?.family, name?.display].map(usableName);
  // a title is said with a family name only
  const title = family && usableName(name?.title);
  if (given === undefined && family === undefined && display === undefined) return undefined;
  return {
    ...(given !== undefined && { given }),
    ...(family !== undefined && { family }),
    ...(display !== undefined && { display }),
    ...(title && { title }),
  };
}
