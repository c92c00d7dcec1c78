import type { Regulars } from 'regulars';
import { announce, byId } from '../shared/dom.js';
import { currentScreen } from './screens.js';

/** "Still there?", with the seconds that are left. Any touch or key is an answer; the client listens for them itself. */
export function wireIdle(client: Regulars): { readonly close: () => void } {
  const dialog = byId('idle', HTMLDialogElement);
  const seconds = byId('idle-seconds', HTMLElement);
  let timer = 0;
  const close = (): void => {
    window.clearInterval(timer);
    dialog.close();
  };
  client.on('idle-warning', ({ endsAt }) => {
    if (currentScreen() === 'start') return; // nothing to lose, so nothing to ask
    let said = Infinity;
    const count = (): void => {
      const left = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
      seconds.textContent = String(left);
      // Spoken at the half and near the end; a voice that counts every second cannot be listened to.
      if ([10, 5].includes(left) && left < said) announce(`${left} seconds left.`);
      said = Math.min(said, left);
    };
    count();
    dialog.showModal();
    timer = window.setInterval(count, 250);
  });
  client.on('idle-cancelled', close);
  byId('stay', HTMLElement).addEventListener('click', () => {
    client.keepAlive();
    close();
  });
  byId('leave', HTMLElement).addEventListener('click', () => void client.endVisit());
  dialog.addEventListener('close', () => window.clearInterval(timer));
  return { close };
}
