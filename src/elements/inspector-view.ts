import { inspectorStyles } from './inspector-styles.js';
import { node } from './node.js';
import { adoptStyles } from './styles.js';

/** The nodes that change. */
export interface InspectorView {
  readonly status: HTMLElement;
  readonly progress: HTMLProgressElement;
  readonly refresh: HTMLButtonElement;
  readonly download: HTMLButtonElement;
  readonly file: HTMLInputElement;
  readonly cancel: HTMLButtonElement;
  readonly numbers: HTMLElement;
  readonly customers: HTMLElement;
  readonly customer: HTMLElement;
  readonly store: HTMLSelectElement;
  readonly rows: HTMLElement;
}

const STORES = ['records', 'cards', 'tokens', 'outbox', 'meta'];

/** Builds the closed frame; nothing is read before a storage is given. */
export function buildInspector(root: ShadowRoot, nonce: string): InspectorView {
  const button = (text: string): HTMLButtonElement => node('button', { type: 'button' }, text);
  const [refresh, download, cancel] = [button('Refresh'), button('Export'), button('Cancel')];
  const file = node('input', { type: 'file', accept: '.jsonl,.json,.txt' });
  const progress = node('progress', { max: '1', 'aria-label': 'Progress', hidden: '' });
  const status = node('p', { role: 'status' });
  const [numbers, customers, customer, rows] = [
    node('div', { class: 'grid' }),
    node('div', { class: 'cards' }),
    node('div', {}),
    node('div', {}),
  ];
  const options = STORES.map((name) => node('option', {}, name));
  const store = node('select', {}, ...options);
  cancel.hidden = true;
  const part = (id: string, title: string, ...children: Node[]): HTMLElement =>
    node('section', { 'aria-labelledby': id }, node('h2', { id }, title), ...children);
  adoptStyles(root, inspectorStyles, nonce);
  root.append(
    node(
      'div',
      { lang: 'en' },
      node(
        'div',
        { class: 'bar' },
        ...[refresh, download, node('label', { class: 'file' }, 'Import', file), progress, cancel],
      ),
      status,
      part('numbers', 'Stored', numbers),
      part('customers', 'Customers', customers, customer),
      part('rows', 'Rows', node('label', {}, 'Store ', store), rows),
    ),
  );
  return {
    ...{ status, progress, refresh, download, file, cancel },
    ...{ numbers, customers, customer, store, rows },
  };
}

/** Counts as a table. */
export function countsTable(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly [name: string, ...counts: number[]])[],
): HTMLElement {
  const head = heads.map((text, i) =>
    node('th', { scope: 'col', class: i > 0 ? 'number' : '' }, text),
  );
  const body = rows.map(([name, ...counts]) =>
    node(
      'tr',
      {},
      node('th', { scope: 'row' }, name),
      ...counts.map((count) => node('td', { class: 'number' }, count.toLocaleString('en'))),
    ),
  );
  return node(
    'table',
    {},
    node('caption', {}, caption),
    node('thead', {}, node('tr', {}, ...head)),
    node('tbody', {}, ...body),
  );
}

/** A value as a tree that opens level by level: what is closed is not built. */
export function valueTree(name: string, value: unknown): HTMLElement {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value))
    return node('div', {}, node('code', {}, `${name}: ${textOf(value)}`));
  const entries = Object.entries(value);
  const sum = Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`;
  const details = node('details', {}, node('summary', {}, node('code', {}, `${name} ${sum}`)));
  details.addEventListener(
    'toggle',
    () => details.append(...entries.map(([key, part]) => valueTree(key, part))),
    { once: true },
  );
  return details;
}

function textOf(value: unknown): string {
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  return JSON.stringify(value) ?? String(value);
}
