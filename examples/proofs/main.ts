import { createRegulars, type Recognition } from 'regulars';
import { byId } from '../shared/dom.js';
import { drawGreeting } from '../shared/greeting.js';
import { menu } from '../kiosk/menu.js';
import { drawFields } from './fields.js';
import { wirePhone } from './phone.js';
import { wireProving } from './proving.js';
import { guests, openShop } from './shop.js';
import { currentStep, showStep, type Step } from './steps.js';

/** What the screen says to a number: one answer for every number that can exist, known or not. */
function complaintAbout(recognition: Recognition): string | undefined {
  switch (recognition.kind) {
    case 'blocked':
      return 'That is not a whole phone number. Please look again.';
    case 'limited':
      return 'That were many numbers. Please wait a minute.';
    default:
      return undefined;
  }
}

async function open(): Promise<void> {
  const shop = openShop((message) => phone.receive(message));
  const client = createRegulars({
    shop: 'slurp',
    mode: 'kiosk',
    place: { id: 'station-hall' },
    locale: 'en-US',
    currency: 'USD',
    region: 'US',
    catalog: menu,
    backend: shop,
  });
  const typed = byId('typed', HTMLInputElement);
  const told = byId('told', HTMLElement);
  const idle = byId('idle', HTMLElement);
  const say = (text: string): void => void (told.textContent = text);
  // without a number there is nobody to send a code to
  let claims = false;
  const home = (): Step => (claims ? 'prove' : 'number');
  const proving = wireProving(client, say, home);
  const phone = wirePhone(() => shop, proving.camera);

  byId('guests', HTMLFieldSetElement).addEventListener('change', ({ target }) => {
    const guest = guests.find(({ id }) => id === (target as HTMLInputElement).value);
    if (guest) phone.hold(guest);
  });
  client.subscribe(({ status, greeting, level }) => {
    if (status !== 'ready') return;
    drawGreeting(byId('greeting', HTMLElement), greeting);
    drawFields(client);
    if (currentStep() === 'proved' && level !== 'verified') {
      say('The time of your proof is over.');
      showStep(home());
    }
  });

  const form = byId('number-form', HTMLFormElement);
  const send = form.querySelector('button');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const { visit } = client.get();
    // a second press while the first is under way would count twice
    send?.toggleAttribute('disabled', true);
    say('One moment …');
    void client.recognize({ phone: typed.value }).then((recognition) => {
      send?.toggleAttribute('disabled', false);
      if (client.get().visit !== visit) return; // the guest has gone meanwhile
      const complaint = complaintAbout(recognition);
      say(complaint ?? '');
      if (complaint !== undefined) return typed.focus();
      typed.value = '';
      claims = true;
      showStep('prove');
    });
  });
  byId('qr-only', HTMLElement).addEventListener('click', () => void proving.askQr());
  for (const back of document.querySelectorAll('.back'))
    back.addEventListener('click', () => {
      proving.stop();
      say('');
      showStep(home());
    });
  byId('leave', HTMLElement).addEventListener('click', () => void client.endVisit());

  // Any touch or key is an answer, on the phone beside it too: in this example it is the same page.
  client.on('idle-warning', ({ endsAt }) => {
    if (currentStep() === 'number') return; // nothing to lose, so nothing to ask
    const seconds = Math.ceil((endsAt - Date.now()) / 1000);
    idle.textContent = `Still there? Touch the screen, or in ${seconds} seconds it forgets you.`;
  });
  client.on('idle-cancelled', () => idle.replaceChildren());
  // The guest has gone: whatever this page itself shows of them goes as well.
  client.on('visit-ended', () => {
    proving.stop();
    idle.replaceChildren();
    say('');
    typed.value = '';
    claims = false;
    byId('proved-until', HTMLElement).textContent = '';
    byId('announcer', HTMLElement).textContent = '';
    send?.toggleAttribute('disabled', false);
    // a phone in the hand keeps the focus
    showStep('number', byId('screen', HTMLElement).contains(document.activeElement));
  });
  await client.start();
}

void open();
