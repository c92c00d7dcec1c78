import { createRegulars, type Regulars, type RecordOutcome } from 'regulars';
import { defineRemember, RegularsRememberElement } from 'regulars/elements/remember';
import { indexedDbStorage } from 'regulars/storage/indexed-db';
import { createCart, type Cart, type CartEntry } from '../shared/cart.js';
import { drawCart } from '../shared/cart-view.js';
import { announce, byId } from '../shared/dom.js';
import { drawGreeting } from '../shared/greeting.js';
import { openKnown } from '../shared/known.js';
import { priceIn } from '../shared/money.js';
import { locales, localeHere, speakWelcome, wireLanguage } from './language.js';
import { drawMenu } from './menu-view.js';
import { menuOf } from './menu.js';
import { wireMornings } from './mornings.js';
import { wireUsual } from './usual.js';

const price = priceIn('EUR', 'en-IE');

function wireWelcome(client: Regulars, query: URLSearchParams): void {
  const line = byId('greeting', HTMLParagraphElement);
  const notMe = byId('not-me', HTMLButtonElement);
  const known = byId('known', HTMLButtonElement);
  byId('remember', RegularsRememberElement).client = client;
  client.subscribe(({ status, greeting, customer }) => {
    if (status !== 'ready') return;
    speakWelcome(greeting, localeHere(query));
    drawGreeting(line, greeting);
    notMe.hidden = customer === null;
    known.hidden = customer === null;
    if (greeting.kind !== 'none') client.shown(greeting.ref);
  });
  notMe.addEventListener('click', () => {
    void client.notMe().then(() => byId('menu', HTMLElement).focus());
  });
  known.addEventListener('click', () => void openKnown(client));
}

function afterwards(outcome: RecordOutcome): string {
  if (outcome.kind === 'kept') return 'We remember it on this device for next time.';
  return outcome.kind === 'held'
    ? 'Nothing of it stays on this device when you close the page.'
    : 'It could not be remembered on this device.';
}

function wireOrder(client: Regulars, cart: Cart, table: string): void {
  const form = byId('send', HTMLFormElement);
  const sent = byId('sent', HTMLParagraphElement);
  const title = byId('order-title', HTMLElement);
  const bar = byId('to-order', HTMLAnchorElement);
  const empty = byId('cart-empty', HTMLParagraphElement);
  const names = form.querySelectorAll('input');
  const view = drawCart({
    cart,
    list: byId('cart-lines', HTMLUListElement),
    empty,
    total: byId('cart-total', HTMLElement),
    title,
    price,
  });
  cart.listen(() => {
    const count = cart.count();
    form.hidden = count === 0;
    bar.hidden = count === 0;
    bar.textContent = `Your order: ${count} ${count === 1 ? 'item' : 'items'} · ${price(cart.total())}`;
    if (count > 0) sent.textContent = '';
    client.setContext({ basket: cart.lines().map((line) => line.sku) });
  });
  const send = async (): Promise<void> => {
    const lines = cart.lines().map(({ sku, name, quantity, modifiers, unitPrice }) => ({
      sku,
      name,
      quantity,
      unitPrice,
      modifiers: modifiers.map((modifier) => ({ ...modifier })),
    }));
    const outcome = await client.record({
      id: `table:${crypto.randomUUID()}`,
      lines,
      total: cart.total(),
    });
    for (const { name, value } of names)
      if (value.trim() !== '')
        await client.rights.remember({ key: `name.${name}`, value: value.trim() });
    form.reset();
    cart.clear();
    view.forgetUndo();
    empty.hidden = true;
    sent.textContent = `Thank you. The kitchen has your order for table ${table}. ${afterwards(outcome)}`;
    title.focus();
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send().catch(() => announce('The order could not be sent. Try again.'));
  });
}

/** The table stands in the QR code's address: `?table=7`. */
function tableHere(query: URLSearchParams): string {
  const asked = query.get('table') ?? '';
  return /^[0-9A-Za-z]{1,4}$/.test(asked) ? asked : '7';
}

async function open(): Promise<void> {
  const query = new URLSearchParams(location.search);
  const table = tableHere(query);
  const out = new Set((query.get('out') ?? '').split(','));
  byId('table', HTMLElement).textContent = table;
  const oat = byId('oat', HTMLAnchorElement);
  oat.textContent = out.has('oat') ? 'Have oat milk again' : 'Run out of oat milk';
  const linkOat = (): void => {
    const there = new URLSearchParams(query);
    there.set('table', table);
    if (out.has('oat')) there.delete('out');
    else there.set('out', 'oat');
    oat.href = `?${there.toString()}`;
  };
  linkOat();

  const menu = menuOf(out);
  const bySku = new Map(menu.map((item) => [item.sku, item]));
  const client = createRegulars({
    shop: 'fennel-and-rye',
    place: { id: 'quay-street', table },
    locale: localeHere(query),
    locales,
    currency: 'EUR',
    region: 'IE',
    storage: indexedDbStorage(),
    catalog: menu,
    consent: { remember: 'ask', suggest: 'granted' },
  });
  const cart = createCart();
  const add = (entries: readonly CartEntry[]): void => {
    for (const entry of entries) cart.add(entry);
    announce(`Added: ${entries.map((entry) => entry.name).join(' and ')}.`);
  };
  defineRemember();
  drawMenu(menu, price, (entry) => add([entry]));
  wireLanguage(client, query, linkOat);
  wireWelcome(client, query);
  wireUsual({ client, menu: bySku, price, add });
  wireOrder(client, cart, table);
  wireMornings(client, table);
  await client.start();
  byId('welcome', HTMLElement).removeAttribute('aria-busy');
  byId('table-top', HTMLElement).removeAttribute('aria-busy');
}

void open();
