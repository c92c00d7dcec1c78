// Compiled from en.mf2 by scripts/compile-messages.mjs: change that file.
import type { RareWords } from './word-types.js';

export const rare: RareWords = {
  birthday: [
    (f) => (!f.name ? 'Happy birthday.' : ['Happy birthday, ', f.name, '.']),
    (f) =>
      !f.name
        ? 'All the best for your birthday.'
        : ['All the best for your birthday, ', f.name, '.'],
  ],
  milestone: [
    (f, l) =>
      l.o(f.ordinal) === 'one' && !f.name
        ? ['This is your ', { type: 'ordinal', value: l.n(f.ordinal) }, 'st visit. Thank you.']
        : l.o(f.ordinal) === 'two' && !f.name
          ? ['This is your ', { type: 'ordinal', value: l.n(f.ordinal) }, 'nd visit. Thank you.']
          : l.o(f.ordinal) === 'few' && !f.name
            ? ['This is your ', { type: 'ordinal', value: l.n(f.ordinal) }, 'rd visit. Thank you.']
            : l.o(f.ordinal) === 'one'
              ? [
                  'This is your ',
                  { type: 'ordinal', value: l.n(f.ordinal) },
                  'st visit, ',
                  f.name,
                  '. Thank you.',
                ]
              : l.o(f.ordinal) === 'two'
                ? [
                    'This is your ',
                    { type: 'ordinal', value: l.n(f.ordinal) },
                    'nd visit, ',
                    f.name,
                    '. Thank you.',
                  ]
                : l.o(f.ordinal) === 'few'
                  ? [
                      'This is your ',
                      { type: 'ordinal', value: l.n(f.ordinal) },
                      'rd visit, ',
                      f.name,
                      '. Thank you.',
                    ]
                  : !f.name
                    ? [
                        'This is your ',
                        { type: 'ordinal', value: l.n(f.ordinal) },
                        'th visit. Thank you.',
                      ]
                    : [
                        'This is your ',
                        { type: 'ordinal', value: l.n(f.ordinal) },
                        'th visit, ',
                        f.name,
                        '. Thank you.',
                      ],
  ],
  'follow-up': [
    (f) =>
      !f.name
        ? 'Thank you for telling us. We hope it is right now.'
        : ['Thank you for telling us, ', f.name, '. We hope it is right now.'],
  ],
  sorry: (f) => (!f.name ? 'We are sorry.' : ['We are sorry, ', f.name, '.']),
  wrong: (f) =>
    !f.weekday ? 'Something went wrong.' : ['Something went wrong on ', f.weekday, '.'],
  handled: (f) => (!f.staff ? 'We are looking after it.' : [f.staff, ' is looking after it.']),
  reach: (f) => ['You can reach us here: ', f.contact, '.'],
};
