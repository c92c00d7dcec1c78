// Compiled from en.mf2 by scripts/compile-messages.mjs: change that file.
import type { ReasonsWords } from './word-types.js';

export const reasons: ReasonsWords = {
  visits: (f, l) => [
    'You have ordered here ',
    l.p(f.count) === 'one' ? 'once' : [f.count, ' times'],
    '.',
  ],
  recent: (f, l) => [
    'You have ordered here ',
    l.p(f.count) === 'one' ? 'once' : [f.count, ' times'],
    ' in the last ',
    f.days,
    ' days.',
  ],
  bought: (f) => ['You ordered this on ', f.dates, '.'],
  'more-days': (f, l) => [f.count, ' more day', l.p(f.count) === 'one' ? '' : 's'],
  lately: 'You bought this on your last visit.',
  share: (f) => ['You bought this on ', f.count, ' of your last ', f.of, ' visits.'],
  'share-then': (f) => [
    'You ordered this on ',
    f.count,
    ' of your last ',
    f.of,
    ' ',
    f.daypart === 'morning'
      ? [f.which, 'mornings']
      : f.daypart === 'afternoon'
        ? [f.which, 'afternoons']
        : f.daypart === 'evening'
          ? [f.which, 'evenings']
          : 'visits at this time of day',
    '.',
  ],
  which: (f) => (f.week === 'weekend' ? 'weekend ' : f.week === 'weekday' ? 'weekday ' : ''),
  told: (f) => ['You told us on ', f.date, '.'],
  noted: (f) => ['The shop noted it on ', f.date, '.'],
  level: (f) => [
    f.level === 'none'
      ? 'Everybody is welcomed like this'
      : f.level === 'device'
        ? 'This device remembers you'
        : f.level === 'claimed'
          ? 'You told us who you are'
          : 'You are signed in',
    '.',
  ],
  together: (f) => ['Customers who buy ', f.item, ' often buy this too.'],
  'in-basket': (f) => ['Goes with ', f.item, ', which is in your basket.'],
  popular: 'Popular in this shop.',
  'issue-open': (f) => ['Something went wrong on ', f.date, ', and it is not settled yet.'],
  'issue-settled': (f) => ['What went wrong was settled on ', f.date, '.'],
  rhythm: 'You usually come more often.',
  'held-out':
    'Some customers, drawn by lot, are greeted plainly, so that the shop learns what greetings are good for.',
  due: (f) => [f.item, ' may be running low.'],
  every: (f, l) => [
    'You buy this about every ',
    l.p(f.days) === 'one' ? 'day' : [f.days, ' days'],
    '.',
  ],
  price: (f) => [f.item, ' is now ', f.is, ' (it was ', f.was, ').'],
  gone: (f) => ['We no longer have ', f.item, '.'],
  unavailable: (f) => [f.item, ' is out just now.'],
  'modifier-gone': (f) => [f.modifier, ' is not available for ', f.item, '.'],
  'choice-missing': (f) => [f.item, f.modifier && [', ', f.modifier], ': one choice is missing.'],
  choose: (f) => ['Please choose: ', f.options, '.'],
  have: (f) => ['Yes, we have ', f.item, '.'],
  'have-not': (f) => ['We have not got ', f.item, '.'],
  near: (f) => ['Close to it: ', f.substitute, f.difference && [' (', f.difference, ')'], '.'],
  elsewhere: (f) => ['You can get it here: ', f.referral],
  allergens: 'Please ask our staff about allergens.',
};
