import type { BlockedReason } from './types.js';

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
// the last label begins with a letter: an address of numbers is no domain
const DOMAIN = new RegExp(`^(?:${LABEL}\\.)+(?=[a-z])${LABEL}$`);
// what only the quoted form and a display name would have, and dots that are no separators
const UNFIT_LOCAL = /[\s"(),:;<>@[\\\]\p{Cc}\p{Cs}]|^\.|\.\.|\.$|^$/u;

/** Lower-case ASCII of a domain, punycode where it needs it; empty for what cannot be one. */
function asciiDomain(domain: string): string {
  // URL would take these for the end of the host, or decode them
  if (/[\s/?#:@%\\[\]]/.test(domain)) return '';
  try {
    return typeof URL === 'function' ? new URL(`http://${domain}`).hostname : domain.toLowerCase();
  } catch {
    return ''; // URL throws on what is no host, and `canParse` is too young (Safari 17)
  }
}

/**
 * An e-mail address in the form that identifies (lower case, domain in punycode), and the looser one that only suggests:
 * Gmail without dots and `+` tags, as Google's Data Manager has it. Gives the reason where the text is no address.
 */
export function normalizeEmail(
  text: string,
): readonly [value: string, matchKey: string] | BlockedReason {
  // invisible characters come along with copying; two addresses must not differ by them
  const plain = text.normalize('NFKC').replace(/\p{Cf}/gu, '');
  const address = plain.toLowerCase().normalize('NFKC').trim();
  const at = Math.max(address.lastIndexOf('@'), 0);
  const local = address.slice(0, at);
  const domain = asciiDomain(address.slice(at + 1));
  if (UNFIT_LOCAL.test(local) || !DOMAIN.test(domain)) return 'invalid';
  if (local.length > 64) return 'too-long';
  const bare = local.replace(/\+.*|\./g, '');
  const gmail = /^g(?:oogle)?mail\.com$/.test(domain) && bare !== '';
  return [`${local}@${domain}`, `${gmail ? bare : local}@${domain}`];
}
