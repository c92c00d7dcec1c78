import type { Recognition, Regulars } from 'regulars';
import { byId, h } from '../shared/dom.js';

/**
 * What the screen says to a number. One sentence for every number, known or not: only what can be seen from the digits
 * themselves makes a difference.
 */
function answerTo(recognition: Recognition): { readonly go: boolean; readonly text: string } {
  switch (recognition.kind) {
    case 'blocked':
      return { go: false, text: 'That is not a whole phone number. Please look again.' };
    case 'limited':
      return { go: false, text: 'That were many numbers. Please wait a minute, or go on without.' };
    case 'unavailable':
      return { go: true, text: 'We go on without a number today.' };
    default:
      return { go: true, text: 'Thank you. Your order is kept with the number you typed.' };
  }
}

/** The pad. `next` is told what to say on the next screen. */
export function wireNumberPad(client: Regulars, next: (said: string) => void): void {
  const form = byId('number-form', HTMLFormElement);
  const phone = byId('phone', HTMLInputElement);
  const error = byId('number-error', HTMLElement);
  const press = (key: string): void => {
    error.textContent = '';
    phone.value = key === 'back' ? phone.value.slice(0, -1) : `${phone.value}${key}`.slice(0, 17);
  };
  const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '+', '0', 'back'];
  byId('pad', HTMLElement).replaceChildren(
    ...keys.map((key) =>
      h(
        'button',
        {
          type: 'button',
          class: 'key',
          'aria-label': key === 'back' ? 'Delete the last digit' : key === '+' ? 'Plus' : undefined,
          onclick: () => press(key),
        },
        key === 'back' ? '⌫' : key,
      ),
    ),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const { visit } = client.get();
    void client.recognize({ phone: phone.value }).then((recognition) => {
      if (client.get().visit !== visit) return; // the guest has gone meanwhile
      const { go, text } = answerTo(recognition);
      if (!go) {
        error.textContent = text;
        phone.focus();
        return;
      }
      phone.value = '';
      next(text);
    });
  });
  byId('skip-number', HTMLElement).addEventListener('click', () => next(''));
}
