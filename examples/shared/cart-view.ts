import type { Cart, CartItem } from './cart.js';
import { announce, h } from './dom.js';

/** Where the cart is drawn, and how amounts are written. */
export interface CartViewOptions {
  readonly cart: Cart;
  readonly list: HTMLElement;
  readonly empty: HTMLElement;
  readonly total: HTMLElement;
  /** Takes the focus when the line that had it has gone. */
  readonly title: HTMLElement;
  readonly price: (minor: number) => string;
}

/** Draws the lines with quantity, remove and undo; the focus stays on the control that was pressed. */
export function drawCart({ cart, list, empty, total, title, price }: CartViewOptions): {
  readonly forgetUndo: () => void;
} {
  let undone:
    { readonly line: CartItem; readonly undo: () => void; readonly at: number } | undefined;

  const step = (line: CartItem, by: number): HTMLButtonElement =>
    h(
      'button',
      {
        type: 'button',
        class: 'step',
        'data-control': `${line.key}${by > 0 ? '+' : '-'}`,
        'aria-label': `${by > 0 ? 'One more' : 'One less'}: ${line.name}`,
        disabled: line.quantity + by < 1 || line.quantity + by > 99,
        onclick: () => {
          cart.setQuantity(line.key, line.quantity + by);
          announce(`${line.name}: ${line.quantity + by}`);
        },
      },
      by > 0 ? '+' : '−',
    );
  const row = (line: CartItem): HTMLElement =>
    h(
      'li',
      { class: 'cart-line' },
      h(
        'div',
        { class: 'cart-what' },
        h('span', { class: 'cart-name' }, line.name),
        line.modifiers.length === 0
          ? undefined
          : h('span', { class: 'cart-mods' }, line.modifiers.map((each) => each.name).join(', ')),
      ),
      h('span', { class: 'cart-price' }, price(line.unitPrice * line.quantity)),
      h(
        'div',
        { class: 'cart-controls' },
        step(line, -1),
        h('span', { class: 'cart-quantity' }, String(line.quantity)),
        step(line, 1),
        h(
          'button',
          {
            type: 'button',
            class: 'cart-remove',
            'data-control': `${line.key}x`,
            'aria-label': `Remove ${line.name}`,
            onclick: () => {
              const at = cart.lines().indexOf(line);
              const undo = cart.remove(line.key);
              undone = { line, undo, at };
              draw();
              list.querySelector<HTMLElement>('.cart-undo button')?.focus();
              announce(`${line.name} removed.`);
            },
          },
          'Remove',
        ),
      ),
    );
  const undoRow = (): HTMLElement =>
    h(
      'li',
      { class: 'cart-undo' },
      h('span', {}, `${undone?.line.name ?? ''} removed.`),
      h(
        'button',
        {
          type: 'button',
          onclick: () => {
            const back = undone;
            undone = undefined;
            back?.undo();
            draw();
            focusControl(`${back?.line.key ?? ''}x`);
            announce(`${back?.line.name ?? ''} is back.`);
          },
        },
        'Undo',
      ),
    );
  const focusControl = (control: string): void => {
    const found = [...list.querySelectorAll<HTMLButtonElement>('[data-control]')].find(
      (each) => each.dataset['control'] === control,
    );
    const usable =
      found?.disabled === true
        ? found.parentElement?.querySelector<HTMLButtonElement>('button:enabled')
        : found;
    (usable ?? title).focus();
  };
  const draw = (): void => {
    const focused = document.activeElement;
    const control =
      focused instanceof HTMLElement && list.contains(focused)
        ? focused.dataset['control']
        : undefined;
    const rows = cart.lines().map(row);
    if (undone !== undefined) rows.splice(undone.at, 0, undoRow());
    list.replaceChildren(...rows);
    if (control !== undefined) focusControl(control);
    empty.hidden = rows.length > 0;
    total.textContent = price(cart.total());
  };
  cart.listen(() => {
    // Anything new in the cart means that the customer has moved on from what was removed.
    if (undone !== undefined && cart.lines().some((line) => line.key === undone?.line.key))
      undone = undefined;
    draw();
  });
  draw();
  return {
    forgetUndo: () => {
      undone = undefined;
      draw();
    },
  };
}
