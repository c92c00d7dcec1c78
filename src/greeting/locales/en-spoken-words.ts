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
  neutral: [() => 'Welcome.'],
  first: [
    (f) => (!f.name ? 'Welcome.' : ['Welcome, ', f.name, '.']),
    (f) => (!f.name ? 'Hello.' : ['Hello, ', f.name, '.']),
  ],
  returning: [
    (f) => (!f.name ? 'Welcome back.' : ['Welcome back, ', f.name, '.']),
    (f) => (!f.name ? 'Nice to see you back.' : ['Nice to see you back, ', f.name, '.']),
    (f) => (!f.name ? 'Good to have you back.' : ['Good to have you back, ', f.name, '.']),
  ],
  regular: [
    (f) => (!f.name ? [f.hello, '.'] : [f.hello, ', ', f.name, '.']),
    (f) => (!f.name ? 'Welcome back.' : ['Welcome back, ', f.name, '.']),
  ],
  lapsed: [
    (f) => (!f.name ? 'Good to see you.' : ['Good to see you, ', f.name, '.']),
    (f) => (!f.name ? 'How nice to see you again.' : ['How nice to see you again, ', f.name, '.']),
  ],
  usual: (f) =>
    !f.table
      ? ['The usual: ', f.items, '?']
      : ['The usual: ', f.items, ', at table ', f.table, '?'],
  last: (f) => ['Last time: ', f.items, '.'],
  asked: (f) => ['The usual: ', f.items, '. How would you like it today?'],
  sentences: (f) => [f.first, ' ', f.second],
  item: (f) => (!f.modifiers ? f.item : [f.item, ' (', f.modifiers, ')']),
  pair: (f) => [f.first, ', ', f.second],
  times: (f, l) => [l.n(f.count), ' × ', f.item],
  more: (f, l) => [l.n(f.count), ' more'],
  without: (f) => ['no ', f.modifier],
  extra: (f) => ['extra ', f.modifier],
  question: (f) =>
    !f.group ? [f.item, ': ', f.options, '?'] : [f.item, ', ', f.group, ': ', f.options, '?'],
  plain: () => 'as it comes',
};
