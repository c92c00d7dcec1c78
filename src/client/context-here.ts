import { daypartAt } from '../greeting/daypart.js';
import type { SpeakContext } from '../greeting/types.js';
import { hash32 } from '../kernel/hash.js';
import type { Core } from './core.js';
import { levelOf } from './person.js';
import { mayTaste, mayWhole, namesHere } from './speak.js';

const DAY_MS = 86_400_000;

/** Everything around the customer that the words may depend on, behind the gate. */
export function contextOf(core: Core): SpeakContext {
  const { state, clock, options } = core;
  const { person, channel, currency, place } = state;
  const level = levelOf(core);
  const name = namesHere(core);
  const now = clock.now();
  // product rule D15: on the web the customer's zone, which is the device's unless the page knows better; elsewhere the shop's
  const timeZone = state.timeZone ?? (/^(web|app)$/.test(channel) ? undefined : options.timeZone);
  const day = Date.parse(daypartAt(now, timeZone).localDay) / DAY_MS;
  return {
    ...{ now, level, channel, locale: state.locale, mode: core.mode, shop: options.shop },
    // one further each day: nobody hears the same sentence two days running
    seed: (hash32(person.customer) + day) >>> 0,
    may: {
      taste: mayTaste(core),
      birthday: mayWhole(core, 'birthday').ok,
      issues: !state.role?.('issues'),
    },
    ...{ basket: state.basket, contact: options.contact, prior: options.prior },
    ...(timeZone !== undefined && { timeZone }),
    ...(currency !== undefined && { currency }),
    ...(place && { place }),
    ...(name && { name }),
  };
}
