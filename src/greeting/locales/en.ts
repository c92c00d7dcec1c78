import type { Messages } from '../messages.js';
import type { Daypart, GreetingPart } from '../types.js';
import { enSpoken, isNamed, listed } from './en-spoken.js';

// What reorder and the reasons say stands here alone: a page that only greets does not load it.
/** "weekend mornings"; at night only "visits at this time". */
function daysText(daypart: Daypart | undefined, weekend: boolean | undefined): string {
  if (daypart === undefined) return 'visits';
  if (!isNamed(daypart)) return 'visits at this time of day';
  return `${weekend === undefined ? '' : weekend ? 'weekend ' : 'weekday '}${daypart}s`;
}

const evidence: Messages['evidence'] = (given, formatDate) => {
  switch (given.kind) {
    case 'visits':
      return `You have ordered here ${given.count === 1 ? 'once' : `${given.count} times`}${given.days ? ` in the last ${given.days} days` : ''}.`;
    case 'purchases': {
      const dates = given.ats.slice(0, 3).map(formatDate);
      const more = given.ats.length - dates.length;
      return dates.length === 0
        ? ''
        : `You ordered this on ${listed(more > 0 ? [...dates, `${more} more days`] : dates)}.`;
    }
    case 'share': {
      const { of, daypart, weekend } = given;
      const count = Math.round(given.share * of);
      if (of <= 1) return 'You bought this on your last visit.';
      return `You ${daypart ? 'ordered' : 'bought'} this on ${count} of your last ${of} ${daysText(daypart, weekend)}.`;
    }
    case 'fact':
      return `${given.source === 'customer' ? 'You told us' : 'The shop noted it'} on ${formatDate(given.at)}.`;
    case 'issue':
      return given.state === 'open'
        ? `Something went wrong on ${formatDate(given.at)}, and it is not settled yet.`
        : `What went wrong was settled on ${formatDate(given.at)}.`;
    case 'milestone':
      return `You have ordered here ${given.ordinal - 1} times before.`;
    case 'rhythm':
      return 'You usually come more often.';
    case 'held-out':
      return 'Some customers, drawn by lot, are greeted plainly, so that the shop learns what greetings are good for.';
    case 'level':
      return {
        none: 'Everybody is welcomed like this.',
        device: 'This device remembers you.',
        claimed: 'You told us who you are.',
        verified: 'You are signed in.',
      }[given.level];
    case 'together':
      // the model counts one customer's purchases across visits: "together" would say more than it knows
      return given.inBasket
        ? `Goes with ${given.name}, which is in your basket.`
        : `Customers who buy ${given.name} often buy this too.`;
    case 'popular':
      return 'Popular in this shop.';
    case 'due':
      return `You buy this about every ${given.days} days.`;
  }
};

const change: Messages['change'] = (kind, { item, modifier = '', options = [], was, is }) => {
  const instead = options.length > 0 ? ` Please choose: ${options.join(', ')}.` : '';
  return {
    price: `${item} is now ${is} (it was ${was}).`,
    gone: `We no longer have ${item}.`,
    unavailable: `${item} is out just now.`,
    'modifier-gone': `${modifier} is not available for ${item}.${instead}`,
    'option-missing': `${item}${modifier && `, ${modifier}`}: one choice is missing.${instead}`,
  }[kind];
};

const item = (value: string): GreetingPart => ({ type: 'item', value });
const text = (value: string): GreetingPart => ({ type: 'text', value });

const lookFor: Messages['lookFor'] = (kind, slots) => {
  if (kind === 'have') return [text('Yes, we have '), item(slots.item), text('.')];
  const head = [text('We have not got '), item(slots.item), text('.')];
  if (kind === 'substitute')
    return [
      ...head,
      text(' Close to it: '),
      item(slots.substitute ?? ''),
      text(`. ${slots.difference ?? ''}`),
    ];
  if (kind === 'referral')
    return [...head, text(' You can get it from '), { type: 'shop', value: slots.referral ?? '' }];
  return head;
};

/** English: everything. */
export const en: Messages = {
  ...enSpoken,
  evidence,
  change,
  lookFor,
  due: (name) => [item(name), text(' may be running low.')],
  allergens: () => 'Please ask our staff about allergens.',
};
