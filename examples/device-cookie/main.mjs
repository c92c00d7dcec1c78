import { deviceCookie } from './page.mjs';

const { createRegulars, indexedDbStorage } = globalThis.Regulars;
const find = (id) => document.getElementById(id);

const regulars = createRegulars({
  shop: 'blue-door',
  storage: indexedDbStorage(),
  deviceCookie,
});
regulars.subscribe(({ greeting, storage, consent }) => {
  if (greeting.kind !== 'none') find('greeting').textContent = greeting.text;
  find('lost').hidden = storage.reason !== 'evicted';
  find('yes').hidden = consent.remember === 'granted';
  find('no').hidden = consent.remember !== 'granted';
});
find('yes').addEventListener('click', () => regulars.rights.consent('remember', 'granted'));
find('no').addEventListener('click', () => regulars.rights.consent('remember', 'denied'));
await regulars.start();
