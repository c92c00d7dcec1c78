import type { RecordOutcome, Regulars } from 'regulars';
import { drawCart } from '../shared/cart-view.js';
import type { Cart } from '../shared/cart.js';
import { announce, byId } from '../shared/dom.js';
import { price } from './shop.js';

function afterwards(outcome: RecordOutcome): string {
  if (outcome.kind === 'kept') return 'It is remembered on this device for your next visit.';
  return outcome.kind === 'held'
    ? 'Nothing of it stays on this device when you close the page.'
    : 'It could not be remembered on this device.';
}

/** The basket in its drawer, and the check-out. */
export function wireBasket(
  client: Regulars,
  cart: Cart,
  ordered: () => void,
  beside: { readonly draw: (basket: readonly string[]) => void },
): void {
  const drawer = byId('cart', HTMLDialogElement);
  const form = byId('checkout', HTMLFormElement);
  const placed = byId('placed', HTMLParagraphElement);
  const count = byId('cart-count', HTMLElement);
  const firstName = byId('first-name', HTMLInputElement);
  const title = byId('cart-title', HTMLElement);
  const view = drawCart({
    cart,
    list: byId('cart-lines', HTMLUListElement),
    empty: byId('cart-empty', HTMLParagraphElement),
    total: byId('cart-total', HTMLElement),
    title,
    price,
  });
  byId('open-cart', HTMLButtonElement).addEventListener('click', () => {
    drawer.showModal();
    beside.draw(skus());
  });
  byId('close-cart', HTMLButtonElement).addEventListener('click', () => drawer.close());
  drawer.addEventListener('click', (event) => {
    if (event.target === drawer) drawer.close();
  });
  drawer.addEventListener('close', () => {
    placed.textContent = '';
    view.forgetUndo();
  });

  const skus = (): string[] => cart.lines().map((line) => line.sku);
  cart.listen(() => {
    count.textContent = String(cart.count());
    form.hidden = cart.lines().length === 0;
    if (!form.hidden) placed.textContent = '';
    client.setContext({ basket: skus() });
    beside.draw(skus());
  });

  const place = async (): Promise<void> => {
    const lines = cart.lines().map(({ sku, name, quantity, unitPrice }) => ({
      sku,
      name,
      quantity,
      unitPrice,
    }));
    // The shop's own order id; here the page is the shop.
    const outcome = await client.record({
      id: `web:${crypto.randomUUID()}`,
      lines,
      total: cart.total(),
    });
    const given = firstName.value.trim();
    if (given !== '') await client.rights.remember({ key: 'name.given', value: given });
    form.reset();
    cart.clear();
    view.forgetUndo();
    byId('cart-empty', HTMLElement).hidden = true;
    placed.textContent = `Thank you. Your order is placed. ${afterwards(outcome)}`;
    title.focus();
    ordered();
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    place().catch(() => announce('The order could not be placed. Try again.'));
  });
}
