import { createRegulars } from 'regulars';
import { listenToDataLayer } from 'regulars/formats/data-layer';
import { indexedDbStorage } from 'regulars/storage/indexed-db';

declare global {
  interface Window {
    dataLayer?: unknown[];
    gtag: (...given: readonly unknown[]) => void;
    analytics?: unknown[] & { track: (event: string, properties: object) => void };
  }
}

const regulars = createRegulars({
  shop: 'harbour-roasters',
  storage: indexedDbStorage(),
  currency: 'EUR',
});
// the one line
listenToDataLayer(regulars, { currency: 'EUR' });

const GOODS = [
  { item_id: 'BEAN-250-ETH', item_name: 'Ethiopia Guji, 250 g', price: 12.9 },
  { item_id: 'BEAN-250-DEC', item_name: 'Decaf Sumatra, 250 g', price: 11.5 },
  { item_id: 'FILT-V60-100', item_name: 'V60 paper filters, 100', price: 11 },
] as const;
type Good = (typeof GOODS)[number];

const find = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (!found) throw new Error(id);
  return found;
};
const told = find('told');
const say = (text: string): void => {
  const line = document.createElement('li');
  line.textContent = text;
  told.append(line);
};

let last = '';
function buy(good: Good): void {
  last = `H-${Date.now()}`;
  window.gtag('event', 'purchase', {
    transaction_id: last,
    value: good.price,
    items: [{ ...good, quantity: 1 }],
  });
  say(`gtag: purchase ${last}`);
  // many shops tell both
  const products = [{ sku: good.item_id, name: good.item_name, price: good.price, quantity: 1 }];
  window.analytics?.track('Order Completed', { order_id: last, currency: 'EUR', products });
  say(`Segment: Order Completed ${last}`);
}
function look(good: Good): void {
  window.gtag('event', 'view_item', { items: [good] });
  say(`gtag: view_item ${good.item_id}`);
}
function giveBack(): void {
  if (last === '') return;
  window.gtag('event', 'refund', { transaction_id: last });
  say(`gtag: refund ${last}`);
}

function button(label: string, act: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = label;
  made.addEventListener('click', act);
  return made;
}
for (const good of GOODS) {
  const item = document.createElement('li');
  const name = document.createElement('strong');
  name.textContent = good.item_name;
  item.append(
    name,
    button(`Look at ${good.item_name}`, () => look(good)),
    button(`Buy ${good.item_name}`, () => buy(good)),
  );
  find('goods').append(item);
}
find('goods').after(button('Give the last order back', giveBack));

const remember = find('remember') as HTMLInputElement;
remember.addEventListener('change', () => {
  void regulars.rights.consent('remember', remember.checked ? 'granted' : 'denied');
});

regulars.subscribe(({ consent, greeting, usual }) => {
  remember.checked = consent.remember === 'granted';
  find('greeting').textContent = greeting.kind === 'none' ? '' : greeting.text;
  const lines =
    usual.kind === 'none' ? [] : usual.lines.map(({ name, quantity }) => `${quantity} × ${name}`);
  find('usual').textContent =
    lines.length === 0
      ? 'Nothing yet.'
      : `${usual.kind === 'usual' ? 'The usual' : 'Last time'}: ${lines.join(', ')}.`;
});
await regulars.start();
