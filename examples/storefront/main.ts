import type { Item, Regulars } from 'regulars';
import { defineRemember, RegularsRememberElement } from 'regulars/elements/remember';
import { createCart } from '../shared/cart.js';
import { announce, byId } from '../shared/dom.js';
import { drawGreeting } from '../shared/greeting.js';
import { openKnown } from '../shared/known.js';
import { openWhy } from '../shared/why.js';
import { wireAccount } from './account.js';
import { wireBasket } from './basket.js';
import { createBeside } from './beside.js';
import { createOffers } from './offers.js';
import { showProducts } from './products.js';
import { createShopClient, goods } from './shop.js';

/** Resolves when there is as much to show as there will be soon: the page is drawn once and does not jump. */
function settled(client: Regulars): Promise<void> {
  return new Promise((resolve) => {
    const timer = window.setTimeout(resolve, 2500);
    const stop = client.listen(check);
    function check(): void {
      const { ready } = client.get();
      if (ready.model === 'loading' || ready.catalog === 'loading') return;
      stop();
      window.clearTimeout(timer);
      resolve();
    }
    check();
  });
}

function wireWelcome(client: Regulars): void {
  const line = byId('greeting', HTMLParagraphElement);
  const why = byId('why-greeting', HTMLButtonElement);
  const notMe = byId('not-me', HTMLButtonElement);
  const known = byId('known', HTMLButtonElement);
  byId('remember', RegularsRememberElement).client = client;
  client.subscribe(({ status, greeting, customer, level }) => {
    if (status !== 'ready') return;
    drawGreeting(line, greeting);
    const somebody = customer !== null && level !== 'none';
    why.hidden = !somebody || greeting.kind === 'none';
    notMe.hidden = !somebody;
    known.hidden = customer === null;
    if (greeting.kind !== 'none') client.shown(greeting.ref);
  });
  why.addEventListener('click', () => {
    const greeting = client.greeting();
    if (greeting.kind !== 'none')
      openWhy(client, greeting.ref, { about: greeting.text, dismissed: () => line.focus() });
  });
  notMe.addEventListener('click', () => {
    void client.notMe().then(() => byId('main', HTMLElement).focus());
  });
  known.addEventListener('click', () => void openKnown(client));
}

/** The shop window begins with what most people buy. */
function popularFirst(client: Regulars, items: readonly Item[]): readonly Item[] {
  const popular = client.recommend({ question: 'popular', limit: 60 });
  const ranks = new Map(
    popular.kind === 'items' ? popular.items.map(({ sku }, rank) => [sku, rank]) : [],
  );
  const rank = (item: Item): number => ranks.get(item.sku) ?? ranks.size;
  return [...items].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

async function open(): Promise<void> {
  const client = createShopClient();
  const cart = createCart();
  defineRemember();
  wireWelcome(client);
  wireAccount(client);
  await client.start();
  byId('welcome', HTMLElement).removeAttribute('aria-busy');

  const items = await goods;
  const bySku = new Map(items.map((item) => [item.sku, item]));
  const add = (item: Item): void => {
    cart.add({
      sku: item.sku,
      name: item.name,
      quantity: 1,
      modifiers: [],
      unitPrice: item.price ?? 0,
    });
    offers.taken(item.sku);
    announce(`${item.name} is in the basket.`);
  };
  const offers = createOffers(client, bySku, add);
  wireBasket(client, cart, offers.draw, createBeside(client, bySku, add));
  await settled(client);
  offers.draw();
  showProducts(popularFirst(client, items), add);
  byId('main', HTMLElement).removeAttribute('aria-busy');
  // Another person, another shelf.
  client.on('customer-recognized', offers.draw);
  client
    .select(({ customer, level }) => `${customer?.id ?? ''}/${level}`)
    .listen(() => offers.draw());
}

open().catch(() => {
  const trouble = byId('trouble', HTMLParagraphElement);
  trouble.textContent =
    'The shop could not be opened: its goods did not load. Reload the page to try again.';
  trouble.hidden = false;
  byId('main', HTMLElement).removeAttribute('aria-busy');
});
