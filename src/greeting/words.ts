import type { Modifier } from '../profile/types.js';
import { labelOf } from './line-key.js';
import type { MessageSlots, SpokenMessages } from './messages.js';
import { flatten } from './pieces.js';
import type { GreetingPart, UsualLine } from './types.js';

// Hebrew to Arabic, their presentation forms, and the right-to-left scripts beyond the first plane (by their high surrogates).
const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\ud802\ud803\ud83a\ud83b]/;

/**
 * The parts with every value isolated (U+2068, U+2069) that runs against their direction, so that it turns no word around it. A change is
 * a sentence of the same language, in which that has been done.
 */
export function isolateParts(
  parts: readonly GreetingPart[],
  dir: 'ltr' | 'rtl',
): readonly GreetingPart[] {
  return flatten(
    parts.map((part) =>
      !/^(text|change)$/.test(part.type) && (dir === 'rtl' || RTL.test(part.value))
        ? ['\u2068', part, '\u2069']
        : part,
    ),
  );
}

/** The parts as one text; with a direction, isolated. */
export function partsToText(parts: readonly GreetingPart[], dir?: 'ltr' | 'rtl'): string {
  return (dir ? isolateParts(parts, dir) : parts).map(({ value }) => value).join('');
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
