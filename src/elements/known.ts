import type { Known } from '../client/known-types.js';
import type { Regulars } from '../client/types.js';
import type { Json } from '../kernel/json.js';
import { knownStyles } from './known-styles.js';
import type * as View from './known-view.js';
import type { KnownAct } from './known-view.js';
import { node } from './node.js';
import { adoptStyles } from './styles.js';

const NAME = 'regulars-known';
const NEXT: Readonly<Record<string, string>> = {
  ...{ remove: 'restore', restore: 'remove', field: 'edit', cancel: 'edit', edit: 'field' },
};

// A server has no HTMLElement, and may import this file.
const Base: typeof HTMLElement =
  globalThis.HTMLElement ?? (class {} as unknown as typeof HTMLElement);

/**
 * "What we know about you": facts, orders, identifiers and the usual with its reason; each to be corrected, removed and brought back;
 * all of it to be taken along and forgotten. Give it the client by its property. It never takes the focus, and puts no value of a
 * customer into an attribute.
 *
 * - Properties: `client`; `words`, texts instead of the English ones by their English text (`{ Remove: 'Entfernen' }`, also those of
 *   keys and levels: `{ 'name.given': 'Vorname' }`).
 * - Attributes: `lang` of words and dates (else that of the page), `nonce` (for engines without constructed stylesheets).
 * - Parts: `panel`, `dialog`.
 * - Custom properties, each with a fallback: `--regulars-text`, `-surface`, `-focus`.
 */
export class RegularsKnownElement extends Base {
  readonly #list: HTMLElement;
  readonly #panel: HTMLElement;
  readonly #dialog: HTMLDialogElement;
  readonly #status: HTMLElement;
  #client: Regulars | undefined;
  #words: Readonly<Record<string, string>> = {};
  #stop: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #round = 0;
  #controls = new Map<string, HTMLElement>();
  #removed = new Map<string, string>();
  #editing: string | undefined;
  #known: Known | undefined;
  /** Loaded with what it shows. */
  #view: typeof View | undefined;
  #customer: string | undefined;

  /** Builds the empty panel; nothing is shown before a client is given. */
  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    this.#list = node('div', {});
    this.#panel = node('section', { part: 'panel', 'aria-labelledby': 'heading', hidden: '' });
    this.#dialog = node('dialog', { part: 'dialog', 'aria-labelledby': 'question' });
    this.#status = node('p', { role: 'status' });
    adoptStyles(root, knownStyles, this.nonce ?? '');
    root.append(this.#panel, this.#dialog, this.#status);
  }

  /** The client whose customer it is; without one nothing is shown. */
  get client(): Regulars | undefined {
    return this.#client;
  }

  set client(client: Regulars | undefined) {
    this.#stop?.();
    this.#client = client;
    this.#stop = this.isConnected ? client?.listen(() => void this.#load()) : undefined;
    this.#frame();
    void this.#load();
  }

  /** Texts instead of the English ones, by their English text. */
  get words(): Readonly<Record<string, string>> {
    return this.#words;
  }

  set words(words: Readonly<Record<string, string>>) {
    this.#words = words;
    this.#frame();
    this.#show();
  }

  /** Called by the browser. */
  connectedCallback(): void {
    // Properties set before the class was there lie on the element and hide the accessors.
    const early = { words: this.words, client: this.client };
    for (const name of Object.keys(early)) Reflect.deleteProperty(this, name);
    Object.assign(this, early);
  }

  /** Called by the browser. */
  disconnectedCallback(): void {
    clearTimeout(this.#timer);
    this.#stop?.();
    this.#stop = undefined;
    this.#round++;
    this.#removed.clear();
    this.#list.replaceChildren();
  }

  #say = (text: string): string => (Object.hasOwn(this.#words, text) && this.#words[text]) || text;

  /** What does not depend on what is known. */
  #frame(): void {
    const button = (text: string, press: () => void): HTMLButtonElement => {
      const made = node('button', {}, this.#say(text));
      made.onclick = press;
      return made;
    };
    const close = (): void => this.#dialog.close();
    const forget = (scope: 'device' | 'everywhere') => (): void => {
      close();
      void this.#act(async ({ rights }) => done(await rights.forget({ scope })));
    };
    this.#panel.replaceChildren(
      node('h2', { id: 'heading' }, this.#say('What we know about you')),
      this.#list,
      button('Take it along', () => void this.#act(takeAlong)),
      ' ',
      button('Forget me', () => this.#dialog.showModal()),
    );
    this.#dialog.replaceChildren(
      node('h2', { id: 'question' }, this.#say('Delete all that is known about you, for good?')),
      button('Keep', close),
      ' ',
      button('Forget me on this device', forget('device')),
      ' ',
      button('Forget me everywhere', forget('everywhere')),
    );
  }

  async #load(): Promise<void> {
    const round = ++this.#round;
    const client = this.#client;
    const snapshot = client?.get();
    const shows = snapshot?.status === 'ready' && snapshot.level !== 'none';
    const customer = shows ? snapshot.customer?.id : undefined;
    if (customer !== this.#customer) {
      // somebody else: nothing of the one before stays for a moment
      this.#customer = customer;
      this.#known = undefined;
      this.#removed.clear();
      this.#editing = undefined;
      this.#dialog.close();
      this.#show();
    }
    const known = shows ? await client?.rights.known().catch(() => undefined) : undefined;
    if (known) this.#view ??= await import('./known-view.js').catch(() => undefined);
    if (round !== this.#round) return;
    this.#known = known;
    // what is being typed stays
    if (this.#editing === undefined) this.#show();
  }

  #show(): void {
    const view = this.#view;
    this.#panel.hidden = !view || this.#known === undefined;
    const active = this.shadowRoot?.activeElement;
    const [was = ''] = [...this.#controls].find(([, one]) => one === active) ?? [];
    this.#controls = new Map();
    if (!view || !this.#known) return this.#list.replaceChildren();
    this.#list.replaceChildren(
      ...view.knownGroups(this.#known, {
        say: view.wordsFor(this.#words),
        locale: this.closest<HTMLElement>('[lang]')?.lang || 'en',
        removed: this.#removed,
        editing: this.#editing,
        act: (act, id, value) => void this.#change(act, id, value),
        edit: (id) => {
          this.#editing = id;
          this.#show();
        },
        controls: this.#controls,
      }),
    );
    // Whoever uses the keyboard goes on where they were: with what took the button's place, the way back.
    const now = was.replace(/^\w+/, (name) => NEXT[name] ?? name);
    (this.#controls.get(was) ?? this.#controls.get(now))?.focus();
  }

  async #change(act: KnownAct, id: string, value: Json = null): Promise<void> {
    const key = this.#known?.facts.find((fact) => fact.id === id)?.key;
    await this.#act(async ({ rights }) => {
      const change: Regulars['rights']['correct'] = rights[act];
      done(await change(id, value));
      this.#editing = undefined;
      if (act === 'remove' && key !== undefined) this.#removed.set(id, key);
      if (act === 'restore') this.#removed.delete(id);
    });
    await this.#load();
  }

  async #act(run: (client: Regulars) => Promise<unknown>): Promise<void> {
    let said = 'Done.';
    try {
      if (this.#client) await run(this.#client);
    } catch {
      said = 'That did not work.';
    }
    // A status is read only if its node was there, empty, before the text.
    this.#status.textContent = '';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.#status.textContent = this.#say(said)), 100);
  }
}

function done({ kind }: { readonly kind: string }): void {
  if (kind === 'refused') throw new Error(kind);
}

async function takeAlong({ rights }: Regulars): Promise<void> {
  const taken = JSON.stringify(await rights.export(), null, 2);
  const href = URL.createObjectURL(new Blob([taken], { type: 'application/json' }));
  node('a', { href, download: 'what-we-know.json' }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

/** Registers `<regulars-known>`, unless a copy of the package already has. Importing alone registers nothing. */
export function defineKnown(): void {
  if (!customElements.get(NAME)) customElements.define(NAME, RegularsKnownElement);
}

declare global {
  interface HTMLElementTagNameMap {
    'regulars-known': RegularsKnownElement;
  }
}
