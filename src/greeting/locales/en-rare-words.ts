// Compiled from en.mf2 by scripts/compile-messages.mjs: change that file.
import type { RareWords } from './word-types.js';

export const rare: RareWords = {
  birthday: [
    (f) => ['Happy birthday', f.name && [', ', f.name], '.'],
    (f) => ['All the best for your birthday', f.name && [', ', f.name], '.'],
  ],
  milestone: [
    (f, l) => [
      'This is your ',
      { type: 'ordinal', value: l.n(f.ordinal) },
      l.o(f.ordinal) === 'one' && !f.name
        ? 'st visit'
        : l.o(f.ordinal) === 'two' && !f.name
          ? 'nd visit'
          : l.o(f.ordinal) === 'few' && !f.name
            ? 'rd visit'
            : l.o(f.ordinal) === 'one'
              ? ['st visit, ', f.name]
              : l.o(f.ordinal) === 'two'
                ? ['nd visit, ', f.name]
                : l.o(f.ordinal) === 'few'
                  ? ['rd visit, ', f.name]
                  : !f.name
                    ? 'th visit'
                    : ['th visit, ', f.name],
      '. Thank you.',
    ],
  ],
  'follow-up': [
    (f) => ['Thank you for telling us', f.name && [', ', f.name], '. We hope it is right now.'],
  ],
  sorry: (f) => ['We are sorry', f.name && [', ', f.name], '.'],
  wrong: (f) => ['Something went wrong', f.weekday && [' on ', f.weekday], '.'],
  handled: (f) => [!f.staff ? 'We are' : [f.staff, ' is'], ' looking after it.'],
  reach: (f) => ['You can reach us here: ', f.contact, '.'],
};
