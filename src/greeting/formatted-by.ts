import { RegularsError } from '../kernel/errors.js';
import type { MessageFormatter } from './messages.js';
import type { GreetingPart } from './types.js';
import { partsToText } from './words.js';

/** What each kind of message is filled with, and whether it is told in parts. */
const FILLED: Readonly<Record<string, readonly [parts: boolean, ...names: readonly string[]]>> = {
  greeting: [true, 'kind', 'slots', 'said', 'variant'],
  items: [true, 'items'],
  modifier: [false, 'name', 'quantity'],
  ask: [false, 'item', 'group', 'options'],
  evidence: [false, 'slots'],
  change: [false, 'kind', 'slots'],
  lookFor: [true, 'kind', 'slots'],
  due: [true, 'item'],
  allergens: [false],
};

/** Messages whose words the host's formatter may give; where it gives none, or throws, ours are said. */
export function formattedBy<T extends { readonly lang: string; readonly dir: 'ltr' | 'rtl' }>(
  format: MessageFormatter,
  messages: T,
  report: (error: unknown) => void,
): T {
  const { lang, dir } = messages;
  const wrapped = Object.entries(messages).map(([name, own]: [string, unknown]) => {
    const [isParts, ...names] = FILLED[name] ?? [];
    if (typeof own !== 'function' || isParts === undefined) return [name, own];
    const say = (...given: readonly unknown[]): unknown => {
      const { slots, ...others } = Object.fromEntries(names.map((key, at) => [key, given[at]]));
      const fill: Record<string, unknown> = { ...others, ...(slots as object) };
      try {
        const kind = fill['kind'];
        const said = format(typeof kind === 'string' ? `${name}.${kind}` : name, fill, lang);
        if (said !== undefined) return inShape(said, isParts, dir);
      } catch (error) {
        report(error);
      }
      return (own as (...all: readonly unknown[]) => unknown)(...given);
    };
    return [name, say];
  });
  return Object.fromEntries(wrapped) as T;
}

function inShape(
  said: unknown,
  isParts: boolean,
  dir: 'ltr' | 'rtl',
): string | readonly GreetingPart[] {
  if (typeof said === 'string') return isParts ? [{ type: 'text', value: said }] : said;
  const isPart = (one: unknown): boolean =>
    typeof (one as Partial<GreetingPart> | null)?.value === 'string';
  if (!Array.isArray(said) || !said.every(isPart))
    throw new RegularsError(
      'ERR_OPTIONS_INVALID',
      'messageFormatter must give a text, a list of parts, or undefined.',
    );
  const parts = said as readonly GreetingPart[];
  return isParts ? parts : partsToText(parts, dir);
}
