import { createRegulars } from 'regulars';
import { defineRemember, RegularsRememberElement } from 'regulars/elements/remember';
import { indexedDbStorage } from 'regulars/storage/indexed-db';
import { createCart } from '../shared/cart.js';
import { drawCart } from '../shared/cart-view.js';
import { announce, byId } from '../shared/dom.js';
import { drawGreeting } from '../shared/greeting.js';
import { priceIn } from '../shared/money.js';
import { wireIdle } from './idle.js';
import { menu } from './menu.js';
import { wireNumberPad } from './number-pad.js';
import { showScreen } from './screens.js';
import { drawTiles } from './tiles.js';

const price = priceIn('USD', 'en-US');
/** How long a card takes, and how long the last screen stands. */
const PAY_MS = 3_000;
const DONE_MS = 12_000;

/** Milliseconds of `?idle=4000`: the wait before the warning, for those who try it out. */
function idleHere(): { readonly warnAfterMs: number; readonly endAfterMs: number } | undefined {
  const asked = Number(new URLSearchParams(location.search).get('idle'));
  return Number.isSafeInteger(asked) && asked >= 500
    ? { warnAfterMs: asked, endAfterMs: Math.min(15_000, asked) }
    : undefined;
}

async function open(): Promise<void> {
  const idle = idleHere();
  const client = createRegulars({
    shop: 'slurp',
    mode: 'kiosk',
    place: { id: 'station-hall' },
    locale: 'en-US',
    currency: 'USD',
    region: 'US',
    storage: indexedDbStorage(),
    catalog: menu,
    ...(idle === undefined ? {} : { idle }),
  });
  const cart = createCart();
  const pay = byId('pay', HTMLButtonElement);
  const claim = byId('claim', HTMLElement);
  const orderNumber = byId('order-number', HTMLElement);
  const warning = wireIdle(client);
  let leaving = 0;

  defineRemember();
  const remember = byId('remember', RegularsRememberElement);
  remember.client = client;
  const cartView = drawCart({
    cart,
    list: byId('cart-lines', HTMLUListElement),
    empty: byId('cart-empty', HTMLParagraphElement),
    total: byId('cart-total', HTMLElement),
    title: byId('order-title', HTMLElement),
    price,
  });
  cart.listen(() => (pay.disabled = cart.count() === 0));
  drawTiles(menu, price, (item) => {
    cart.add({
      sku: item.sku,
      name: item.name,
      quantity: 1,
      modifiers: [],
      unitPrice: item.price ?? 0,
    });
    announce(`${item.name} added.`);
  });
  client.subscribe(({ status, greeting }) => {
    if (status === 'ready') drawGreeting(byId('greeting', HTMLElement), greeting);
  });

  byId('begin', HTMLElement).addEventListener('click', () => showScreen('number'));
  byId('restart', HTMLElement).addEventListener('click', () => void client.endVisit());
  byId('finish', HTMLElement).addEventListener('click', () => void client.endVisit());
  wireNumberPad(client, (said) => {
    claim.textContent = said;
    showScreen('menu');
  });

  const checkOut = async (): Promise<void> => {
    const { visit } = client.get();
    const lines = cart
      .lines()
      .map(({ sku, name, quantity, unitPrice }) => ({ sku, name, quantity, unitPrice }));
    const total = cart.total();
    showScreen('paying');
    // The card reader of a real kiosk; nobody is sent away while it works.
    const paid = new Promise<void>((resolve) => window.setTimeout(resolve, PAY_MS));
    client.hold(paid);
    await paid;
    await client.record(
      { id: `kiosk:${crypto.randomUUID()}`, lines, total },
      visit === null ? {} : { visit },
    );
    if (client.get().visit !== visit) return;
    orderNumber.textContent = String(
      100 + ((crypto.getRandomValues(new Uint16Array(1))[0] ?? 0) % 900),
    );
    showScreen('done');
    leaving = window.setTimeout(() => void client.endVisit(), DONE_MS);
  };
  pay.addEventListener('click', () => {
    checkOut().catch(() => {
      showScreen('menu');
      announce('The payment did not work. Please try again.');
    });
  });

  // The guest has gone: whatever this page itself knows of them goes as well.
  client.on('visit-ended', () => {
    window.clearTimeout(leaving);
    warning.close();
    cart.clear();
    cartView.forgetUndo();
    claim.textContent = '';
    orderNumber.textContent = '';
    byId('announcer', HTMLElement).textContent = '';
    byId('number-error', HTMLElement).textContent = '';
    byId('number-form', HTMLFormElement).reset();
    history.replaceState(null, '', location.pathname + location.search);
    showScreen('start');
  });
  // A page out of the browser's back-forward cache would bring its guest back.
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
  await client.start();
}

void open();
