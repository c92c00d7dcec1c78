// Compiled from en.mf2 by scripts/compile-messages.mjs: change that file.
import type { SpokenWords } from './word-types.js';

export const spoken: SpokenWords = {
  called: (f) =>
    !f.given && !f.display && !f.title
      ? ''
      : !f.given && !f.display
        ? [f.title, ' ', f.family]
        : !f.given
          ? f.display
          : f.given,
  hello: (f) =>
    f.daypart === 'morning'
      ? 'Good morning'
      : f.daypart === 'afternoon'
        ? 'Good afternoon'
        : f.daypart === 'evening'
          ? 'Good evening'
          : 'Hello',
  neutral: ['Welcome.'],
  first: [
    (f) => ['Welcome', f.name && [', ', f.name], '.'],
    (f) => ['Hello', f.name && [', ', f.name], '.'],
  ],
  returning: [
    (f) => ['Welcome back', f.name && [', ', f.name], '.'],
    (f) => ['Nice to see you back', f.name && [', ', f.name], '.'],
    (f) => ['Good to have you back', f.name && [', ', f.name], '.'],
  ],
  regular: [
    (f) => [f.hello, f.name && [', ', f.name], '.'],
    (f) => ['Welcome back', f.name && [', ', f.name], '.'],
  ],
  lapsed: [
    (f) => ['Good to see you', f.name && [', ', f.name], '.'],
    (f) => ['How nice to see you again', f.name && [', ', f.name], '.'],
  ],
  usual: (f) => ['The usual: ', f.items, f.table && [', at table ', f.table], '?'],
  last: (f) => ['Last time: ', f.items, '.'],
  asked: (f) => ['The usual: ', f.items, '. How would you like it today?'],
  sentences: (f) => [f.first, ' ', f.second],
  item: (f) => [f.item, f.modifiers && [' (', f.modifiers, ')']],
  pair: (f) => [f.first, ', ', f.second],
  times: (f) => [f.count, ' × ', f.item],
  more: (f) => [f.count, ' more'],
  without: (f) => ['no ', f.modifier],
  extra: (f) => ['extra ', f.modifier],
  question: (f) => [f.item, f.group && [', ', f.group], ': ', f.options, '?'],
  plain: 'as it comes',
};
