import type { ProfileStorage, StoreName } from '../client/inspector-data.js';
import { buildInspector, countsTable, valueTree, type InspectorView } from './inspector-view.js';
import { node } from './node.js';

const NAME = 'regulars-inspector';
const PAGE = 25;

// A server has no HTMLElement, and may import this file.
const Base: typeof HTMLElement =
  globalThis.HTMLElement ?? (class {} as unknown as typeof HTMLElement);

/** What reads and writes: a page that shows no inspector does not load it. */
const load = () => import('../client/inspector-data.js');

/**
 * Shows developers what a storage holds: numbers, customers, each with card and records, and the rows as they lie; exports and
 * imports all of it. Give it an open storage by its property `storage`, and the attribute `shop`. For pages of your own, never
 * for customers: it shows everybody.
 *
 * Attributes: `shop`, `nonce` (for engines without constructed stylesheets).
 */
export class RegularsInspectorElement extends Base {
  readonly #view: InspectorView;
  #storage: ProfileStorage | undefined;
  #stop: AbortController | undefined;

  /** Builds the frame; nothing is read before a storage is given. */
  constructor() {
    super();
    const view = buildInspector(this.attachShadow({ mode: 'open' }), this.nonce ?? '');
    this.#view = view;
    view.refresh.addEventListener('click', () => void this.refresh());
    view.download.addEventListener('click', () => void this.#run('Export', (s) => this.#export(s)));
    view.file.addEventListener('change', () => {
      const [file] = view.file.files ?? [];
      if (file) void this.#run('Import', (s) => this.#import(file, s));
      view.file.value = ''; // the same file may be chosen again
    });
    view.cancel.addEventListener('click', () => this.#stop?.abort(new Error('stopped')));
    view.store.addEventListener('change', () => void this.#guarded(() => this.#showRows()));
  }

  /** The storage that is shown; it has to be open. */
  get storage(): ProfileStorage | undefined {
    return this.#storage;
  }

  set storage(storage: ProfileStorage | undefined) {
    this.#storage = storage;
    if (this.isConnected) void this.refresh();
  }

  /** Called by the browser. */
  connectedCallback(): void {
    // A property set before the class was there lies on the element and hides the accessor.
    const early = Object.hasOwn(this, 'storage') ? this.storage : this.#storage;
    Reflect.deleteProperty(this, 'storage');
    this.storage = early;
  }

  /** Called by the browser. */
  disconnectedCallback(): void {
    this.#stop?.abort(new Error('stopped'));
  }

  /** Reads the storage anew. Resolves when all of it is shown; never rejects. */
  async refresh(): Promise<void> {
    await this.#run('Reading', async (signal) => {
      const storage = this.#storage;
      return storage ? this.#showAll(storage, signal) : 'No storage was given.';
    });
  }

  /** Shows all of a storage; gives what is to be said of it. */
  async #showAll(storage: ProfileStorage, signal?: AbortSignal): Promise<string> {
    const { inspectStorage } = await load();
    const seen = await inspectStorage(storage, signal && { signal });
    const { waiting, tokens, unreadable } = seen;
    const stores = Object.entries(seen.stores).map(
      ([name, { rows, bytes }]) => [name, rows, bytes] as const,
    );
    this.#view.numbers.replaceChildren(
      countsTable('Stores', ['store', 'rows', 'bytes'], stores),
      countsTable('Records', ['kind', 'count'], Object.entries(seen.records)),
      countsTable('Otherwise', ['what', 'count'], [
        ['identifiers', tokens.identifiers],
        ['merged subjects', tokens.merged],
        ['traces of erasures', tokens.erased],
        ['records waiting to be sent', waiting.records],
        ['sealed boxes waiting', waiting.sealed],
        ['damaged rows', unreadable.damaged],
        ['rows of a newer version', unreadable.newer],
        ['encrypted rows', unreadable.encrypted],
      ]), // prettier-ignore
    );
    this.#view.customer.replaceChildren();
    await this.#showCustomers();
    await this.#showRows();
    const rows = stores.reduce((sum, [, count]) => sum + count, 0);
    if (rows === 0) return `Nothing is stored (${storage.name}).`;
    return `${seen.customers} customers, ${rows} rows (${storage.name}).`;
  }

  /** One thing at a time: the buttons rest, progress shows, and what came of it is said. */
  async #run(what: string, act: (signal: AbortSignal) => Promise<string>): Promise<void> {
    const { status, progress, refresh, download, file, cancel } = this.#view;
    this.#stop?.abort(new Error('stopped'));
    const stop = (this.#stop = new AbortController());
    const busy = (is: boolean): void => {
      for (const one of [refresh, download, file]) one.disabled = is;
      progress.hidden = cancel.hidden = !is;
      progress.removeAttribute('value');
    };
    const focused = this.shadowRoot?.activeElement as HTMLElement | null | undefined;
    busy(true);
    status.textContent = `${what} …`;
    let told: string;
    try {
      told = await act(stop.signal);
    } catch (error) {
      told = `${what}: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (this.#stop !== stop) return; // something newer has begun
    const cancelled = this.shadowRoot?.activeElement === cancel;
    busy(false);
    // a button that rested, or went, has lost the focus
    if (cancelled) refresh.focus();
    else focused?.focus();
    status.textContent = told;
  }

  async #guarded(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#view.status.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  async #export(signal: AbortSignal): Promise<string> {
    const storage = this.#storage;
    if (!storage) return 'No storage was given.';
    const shop = this.getAttribute('shop') ?? '';
    const { exportStorage } = await load();
    const pieces: string[] = [];
    let count = 0;
    const onProgress = ({ lines }: { readonly lines: number }): void => {
      count = lines;
      this.#view.status.textContent = `Export: ${lines} lines`;
    };
    for await (const piece of exportStorage(storage, { shop, signal, onProgress }))
      pieces.push(piece);
    const address = URL.createObjectURL(new Blob(pieces, { type: 'application/x-ndjson' }));
    node('a', { href: address, download: `regulars-${shop}.jsonl` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    return `Exported ${count} lines.`;
  }

  async #import(file: File, signal: AbortSignal): Promise<string> {
    const storage = this.#storage;
    if (!storage) return 'No storage was given.';
    const { importStorage } = await load();
    // shown anew by itself, after what came of it has been said; what was stored before a stop stays
    const show = (): void =>
      void setTimeout(() => void this.#guarded(async () => void (await this.#showAll(storage))));
    const { appended, duplicates, skipped, complete } = await importStorage(storage, file, {
      shop: this.getAttribute('shop') ?? '',
      signal,
      onProgress: ({ share, done }) => {
        if (share !== undefined) this.#view.progress.value = share;
        this.#view.status.textContent = `Import: ${done} lines`;
      },
    }).finally(show);
    const whole = complete ? '' : ' The file is not whole.';
    return `Imported ${appended}, known before ${duplicates}, set aside ${skipped}.${whole}`;
  }

  async #showCustomers(): Promise<void> {
    await this.#showPages(this.#view.customers, 'cards', (key) => {
      const button = node('button', { type: 'button', 'aria-pressed': 'false' }, key);
      button.addEventListener('click', () => {
        for (const one of this.#view.customers.querySelectorAll('[aria-pressed]'))
          one.setAttribute('aria-pressed', String(one === button));
        void this.#guarded(() => this.#showCustomer(key));
      });
      return button;
    });
  }

  async #showCustomer(id: string): Promise<void> {
    if (!this.#storage) return;
    const { inspectCustomer } = await load();
    const { card, rows, state } = await inspectCustomer(this.#storage, id);
    const records = rows.map(({ key, state: read, record }) => {
      const { kind, stamp } = (record ?? {}) as { readonly [field: string]: unknown };
      return valueTree(record ? `${String(kind)} ${String(stamp)}` : `${key} (${read})`, record);
    });
    const tree = card ? valueTree('card', card) : node('p', {}, `The card is ${state}.`);
    this.#view.customer.replaceChildren(node('h3', {}, id), tree, ...records);
  }

  async #showRows(): Promise<void> {
    const { rows, store } = this.#view;
    await this.#showPages(rows, store.value as StoreName, (key, value) => valueTree(key, value));
  }

  /** The first page of a store, and a button for the next ones. */
  async #showPages(
    into: HTMLElement,
    store: StoreName,
    show: (key: string, value: unknown) => HTMLElement,
    after = '',
  ): Promise<void> {
    if (!this.#storage) return;
    const { listRows } = await load();
    const { rows, next } = await listRows(this.#storage, store, after, PAGE);
    const shown = rows.map(({ key, value }) => show(key, value));
    if (after === '') into.replaceChildren();
    if (after === '' && shown.length === 0) into.append('None.');
    into.append(...shown);
    if (next === undefined) return;
    const more = node('button', { type: 'button' }, 'More');
    more.addEventListener('click', () => {
      more.remove();
      void this.#guarded(async () => {
        await this.#showPages(into, store, show, next);
        (into.lastElementChild as HTMLElement | null)?.focus();
      });
    });
    into.append(more);
  }
}

/** Registers `<regulars-inspector>`, unless a copy of the package already has. Importing alone registers nothing. */
export function defineInspector(): void {
  if (!customElements.get(NAME)) customElements.define(NAME, RegularsInspectorElement);
}

declare global {
  interface HTMLElementTagNameMap {
    'regulars-inspector': RegularsInspectorElement;
  }
}
