import type { Modifier } from '../profile/types.js';
import { labelOf } from './line-key.js';
import type { MessageSlots, SpokenMessages } from './messages.js';
import type { GreetingPart, UsualLine } from './types.js';

const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** The parts as one text. Values that run against its direction are isolated (U+2068, U+2069), so that they turn no word around them. */
export function partsToText(parts: readonly GreetingPart[], dir: 'ltr' | 'rtl'): string {
  return parts
    .map(({ type, value }) =>
      type !== 'text' && (dir === 'rtl' || RTL.test(value)) ? `\u2068${value}\u2069` : value,
    )
    .join('');
}

/** A modifier in words: "oat", "no onions", "extra cheese". A prefix of the vendor's is said as it is. */
export function modifierText(modifier: Modifier, messages: SpokenMessages): string {
  const { pre, quantity } = modifier;
  const name = labelOf(modifier.name);
  if (pre) {
    const prefix = labelOf(pre).toLowerCase();
    return name.toLowerCase().startsWith(prefix) ? name : `${prefix} ${name}`;
  }
  if (messages.modifier) return messages.modifier(name, quantity);
  return quantity === 1 ? name : `${quantity} × ${name}`;
}

/** Lines as messages take them. */
export function itemSlots(
  lines: readonly UsualLine[],
  messages: SpokenMessages,
): NonNullable<MessageSlots['items']> {
  return lines.map(({ name, sku, quantity, modifiers }) => ({
    name: labelOf(name) || labelOf(sku ?? ''),
    quantity,
    modifiers: modifiers.map((modifier) => modifierText(modifier, messages)).filter(Boolean),
  }));
}
