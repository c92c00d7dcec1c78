import { h } from './dom.js';

/** A native modal dialog with a heading and a way out; gone from the page when closed. Focus and Escape are the browser's. */
export function openDialog(
  title: string,
  build: (close: () => void) => readonly Node[],
  options: { readonly className?: string } = {},
): HTMLDialogElement {
  const id = 'dialog-title';
  const dialog = h('dialog', {
    class: `sheet ${options.className ?? ''}`.trim(),
    'aria-labelledby': id,
  });
  const close = (): void => dialog.close();
  dialog.append(
    h(
      'header',
      { class: 'sheet-head' },
      h('h2', { id, tabindex: -1 }, title),
      h('button', { type: 'button', class: 'close', 'aria-label': 'Close', onclick: close }, '×'),
    ),
    ...build(close),
  );
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) close();
  });
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector('h2')?.focus();
  return dialog;
}
