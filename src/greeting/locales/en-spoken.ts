import type { MessageSlots, SpokenMessages } from '../messages.js';
import type { Daypart, GreetingPart } from '../types.js';

const text = (value: string): GreetingPart => ({ type: 'text', value });

/** Has a greeting and a plural of its own; the hour of the night is not held up to anybody (product rule D12). */
export const isNamed = (daypart: Daypart = 'night'): boolean =>
  daypart !== 'midday' && daypart !== 'night';

/** What goes before entry `index` of `count`. */
const separator = (index: number, count: number, word = 'and'): string =>
  index === 0 ? '' : index === count - 1 ? ` ${word} ` : ', ';

/** A list as it is written. */
export const listed = (words: readonly string[], word?: string): string =>
  words.map((entry, index) => separator(index, words.length, word) + entry).join('');

/** At most three things by name, the rest as a number. */
function items(all: NonNullable<MessageSlots['items']>): readonly GreetingPart[] {
  const named = all.slice(0, 3);
  const more = all.length - named.length;
  const count = named.length + (more > 0 ? 1 : 0);
  return [
    ...named.flatMap(({ name, quantity, modifiers }, index) => [
      text(separator(index, count) + (quantity === 1 ? '' : `${quantity} × `)),
      { type: 'item' as const, value: name },
      ...modifiers.flatMap((value, at) => [
        text(at === 0 ? ' (' : ', '),
        { type: 'modifier' as const, value },
      ]),
      text(modifiers.length > 0 ? ')' : ''),
    ]),
    text(more > 0 ? ` and ${more} more` : ''),
  ];
}

const greeting: SpokenMessages['greeting'] = (kind, slots, usual, variant = 0) => {
  const heads = {
    recovery: ['Something went wrong, and we are sorry'],
    'follow-up': ['Thank you for telling us, we hope it is right now'],
    birthday: ['Happy birthday', 'All the best for your birthday'],
    milestone: ['Thank you for coming back again and again'],
    lapsed: ['Good to see you', 'How nice to see you again'],
    neutral: ['Welcome'],
    first: ['Welcome', 'Hello'],
    returning: ['Welcome back', 'Nice to see you back', 'Good to have you back'],
    regular: [isNamed(slots.daypart) ? `Good ${slots.daypart}` : 'Hello', 'Welcome back'],
  };
  const known = !/^(recovery|first|neutral)$/.test(kind);
  const options = heads[kind] ?? ['Welcome'];
  const parts = [text(options[variant % options.length] ?? 'Hello')];
  const name = slots.name?.given ?? slots.name?.display;
  if (name !== undefined && kind !== 'neutral')
    parts.push(text(', '), { type: 'name', value: name });
  parts.push(text('.'));
  if (!known || usual === 'none' || !slots.items?.length) return parts;
  parts.push(text(usual === 'last' ? ' Last time: ' : ' The usual: '), ...items(slots.items));
  if (slots.table !== undefined && usual === 'usual')
    parts.push(text(', at table '), { type: 'table', value: slots.table });
  const ends = { usual: '?', last: '.', ask: '. How would you like it today?' };
  parts.push(text(ends[usual]));
  return parts;
};

/** English as far as a greeting needs it. Short and plain: no exclamation marks, nothing about amounts, absence or the hour. */
export const enSpoken: SpokenMessages = {
  lang: 'en',
  dir: 'ltr',
  greeting,
  items,
  modifier: (name, quantity) => {
    const prefix = quantity === 0 ? 'no ' : quantity === 2 ? 'extra ' : '';
    if (prefix) return name.toLowerCase().startsWith(prefix) ? name : prefix + name;
    return quantity === 1 ? name : `${quantity} × ${name}`;
  },
  ask: (item, group, options) =>
    `${item}${group && `, ${group}`}: ${listed(
      options.map((option) => option ?? 'as it comes'),
      'or',
    )}?`,
};
