import { normalizeIdentifier } from './normalize-identifier.js';

/**
 * True when mail to either of two addresses comes to the same person, by the rules of Gmail: `Jane.Doe+home@gmail.com` and
 * `janedoe@googlemail.com`. It only suggests ("is this you?"): unlike the same address, it identifies nobody.
 */
export function sameMailbox(one: string, other: string): boolean {
  const [mine, theirs] = [one, other].map((address) => {
    const result = normalizeIdentifier('email', address);
    return result.ok && result.identifier.matchKey.replace('@googlemail.', '@gmail.');
  });
  return mine !== false && mine === theirs;
}
