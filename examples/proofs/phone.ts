import type { Loopback } from 'regulars/transport/loopback';
import { byId, h } from '../shared/dom.js';
import { guests, ticketOf, type Guest } from './shop.js';

/** A message that a phone has got. */
export interface Message {
  /** E.164. */
  readonly to: string;
  readonly code: string;
}

/** The guest's own phone. */
export interface Phone {
  readonly receive: (message: Message) => void;
  /** Somebody else's from now on. */
  readonly hold: (guest: Guest) => void;
}

/** Wires it. `camera` gives what a camera would read off the screen. */
export function wirePhone(shop: () => Loopback, camera: () => string | undefined): Phone {
  const [first] = guests;
  if (first === undefined) throw new Error('There is no guest.');
  let owner = first;
  let ticket = '';
  const messages = new Map<string, readonly Message[]>();
  const told = byId('phone-told', HTMLElement);
  const asked = byId('asked', HTMLElement);
  const inbox = byId('inbox', HTMLElement);

  const bubble = ({ code }: Message): Node =>
    h('p', { class: 'message' }, 'Slurp: your code is ', h('bdi', { class: 'digits' }, code));
  const ask = (next: string): void => {
    ticket = next;
    asked.hidden = next === '';
  };
  const answer = async (how: (ticket: string) => Promise<boolean>, done: string): Promise<void> => {
    const answered = ticket;
    ask('');
    told.textContent = (await how(answered)) ? done : 'This QR is over.';
    byId('scan', HTMLElement).focus();
  };

  byId('scan', HTMLElement).addEventListener('click', () => {
    told.textContent = '';
    const read = ticketOf(camera() ?? '');
    ask(read);
    if (read === '') {
      told.textContent = 'There is no QR to read.';
      return;
    }
    const { account } = owner;
    byId('confirm', HTMLElement).hidden = account === undefined;
    byId('asked-text', HTMLElement).textContent =
      account === undefined
        ? 'A screen in the station hall wants to know. You have no account at Slurp to say yes with.'
        : 'A screen in the station hall wants to show your name, address and orders.';
    byId('asked-title', HTMLElement).focus();
  });
  // what a phone's own sign-in knows, and the screen never learns before: whose account it is
  byId('confirm', HTMLElement).addEventListener(
    'click',
    () =>
      void answer(
        (one) => shop().confirm(one, owner.account ?? ''),
        'Confirmed. Look at the screen.',
      ),
  );
  byId('refuse', HTMLElement).addEventListener(
    'click',
    () => void answer((one) => shop().refuse(one), 'Refused. The screen shows nothing.'),
  );

  const hold = (guest: Guest): void => {
    owner = guest;
    ask('');
    told.textContent = '';
    byId('phone-owner', HTMLElement).textContent = guest.number;
    inbox.replaceChildren(...(messages.get(guest.phone) ?? []).map(bubble));
  };
  hold(first);
  return {
    hold,
    receive: (message) => {
      messages.set(message.to, [...(messages.get(message.to) ?? []), message].slice(-3));
      const mine = message.to === owner.phone;
      // a new line is read out; drawn anew, all of them would be
      if (mine) inbox.append(bubble(message));
      while (inbox.childElementCount > 3) inbox.firstElementChild?.remove();
      told.textContent = mine ? '' : 'A message went to another phone.';
    },
  };
}
