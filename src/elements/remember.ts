import type { Regulars, Snapshot } from '../client/types.js';
import { buildRemember, type RememberView } from './remember-view.js';

/** What the customer answered; `forgotten` takes an earlier yes back. */
export interface RememberAnswer {
  readonly answer: 'granted' | 'denied' | 'forgotten';
}

const NAME = 'regulars-remember';

// A server has no HTMLElement, and may import this file.
const Base: typeof HTMLElement =
  globalThis.HTMLElement ?? (class {} as unknown as typeof HTMLElement);

/** The address if it is one to go to by https, http or within the site; a script is none. */
function linkAddress(text: string | null): string {
  try {
    return text !== null && /^https?:$/.test(new URL(text, document.baseURI).protocol) ? text : '';
  } catch {
    return '';
  }
}

/**
 * Asks whether the customer may be remembered on this device, once the client is ready and while nobody has answered:
 * what, why, how long, and two answers that are equally easy. With the attribute `manage` a remembered customer sees a
 * line with "Forget me". Give it the client by its property; it never takes the focus.
 *
 * A yes covers what the question names: `remember`, and `suggest` where nobody has answered that. How long it holds is
 * what the client keeps to (its option `retention`).
 *
 * - Attributes: `shop` (its name), `privacy` (address of the policy), `manage`, `nonce` (for engines without constructed
 *   stylesheets).
 * - Slots, each with an English text: `heading`, `what-label`, `what`, `why-label`, `why`, `how-long-label`, `how-long`,
 *   `yes`, `no`, `privacy`, `remembered`, `not-kept`, `forget`, `forget-question`, `forget-text`, `forget-yes`,
 *   `forget-no`, `declined`, `forgotten`, `failed`.
 * - Parts: `panel`, `heading`, `details`, `actions`, `button`, `yes`, `no`, `privacy`, `manage`, `forget`, `dialog`, `status`.
 * - Custom properties, each with a fallback: `--regulars-text`, `-surface`, `-border`, `-radius`, `-padding`, `-font`,
 *   `-heading-size`, `-button`, `-button-text`, `-button-border`, `-button-radius`, `-link`, `-focus`.
 * - Event `regulars-remember-answered` (bubbles, composed) with a {@link RememberAnswer} as its detail, sent before the
 *   answer takes effect: `preventDefault()` keeps it from doing so.
 */
export class RegularsRememberElement extends Base {
  /** Attributes that change the words. */
  static readonly observedAttributes: readonly string[] = ['shop', 'privacy', 'manage'];

  readonly #view: RememberView;
  #client: Regulars | undefined;
  #stop: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shows: 'nothing' | 'ask' | 'manage' = 'nothing';
  #busy = false;
  // Once forgotten, the client would ask anew; the element waits for the next page with that.
  #parted = false;

  /** Builds the closed question; nothing is shown before a client is given. */
  constructor() {
    super();
    this.#view = buildRemember(this.attachShadow({ mode: 'open' }), this.nonce ?? '', {
      yes: () => void this.#answer('granted'),
      no: () => void this.#answer('denied'),
      forget: () => void this.#answer('forgotten'),
    });
  }

  /** The client whose question this is; without one nothing is shown. */
  get client(): Regulars | undefined {
    return this.#client;
  }

  set client(client: Regulars | undefined) {
    this.#stop?.();
    this.#client = client;
    this.#stop = this.isConnected ? client?.listen(() => this.#update()) : undefined;
    this.attributeChangedCallback();
  }

  /** Called by the browser. */
  connectedCallback(): void {
    // A property set before the class was there lies on the element and hides the accessor.
    const early = Object.hasOwn(this, 'client') ? this.client : this.#client;
    Reflect.deleteProperty(this, 'client');
    this.client = early;
  }

  /** Called by the browser. */
  disconnectedCallback(): void {
    clearTimeout(this.#timer);
    this.#stop?.();
    this.#stop = undefined;
  }

  /** Called by the browser. */
  attributeChangedCallback(): void {
    this.#view.setWords({
      shop: this.getAttribute('shop')?.trim() ?? '',
      months: this.#client?.get().remembersMonths ?? 0,
      privacy: linkAddress(this.getAttribute('privacy')),
    });
    this.#update();
  }

  #toShow(snapshot: Snapshot | undefined): 'nothing' | 'ask' | 'manage' {
    if (snapshot?.status !== 'ready') return 'nothing';
    const { remember } = snapshot.consent;
    if (remember === 'ask') return this.#parted ? 'nothing' : 'ask';
    return remember === 'granted' && this.hasAttribute('manage') ? 'manage' : 'nothing';
  }

  #update(): void {
    const { panel, manage, kept, notKept, forget, dialog } = this.#view;
    const snapshot = this.#client?.get();
    const shows = this.#toShow(snapshot);
    const focused = panel.contains(this.shadowRoot?.activeElement ?? null);
    panel.hidden = shows !== 'ask';
    manage.hidden = shows !== 'manage';
    kept.hidden = snapshot?.storage.kind === 'memory';
    notKept.hidden = !kept.hidden;
    if (shows === this.#shows) return;
    this.#shows = shows;
    if (shows !== 'manage') dialog.close();
    // The pressed button has gone: who used the keyboard goes on where the answer can be taken back.
    else if (focused) forget.focus();
    if (shows === 'ask') this.#say('heading');
  }

  /** A status is read only if its node was there, empty, before the text. */
  #say(slot: string): void {
    const { status, textOf } = this.#view;
    clearTimeout(this.#timer);
    status.textContent = '';
    status.classList.toggle('failed', slot === 'failed');
    this.#timer = setTimeout(() => (status.textContent = textOf(slot)), 100);
  }

  async #answer(answer: RememberAnswer['answer']): Promise<void> {
    const client = this.#client;
    if (client === undefined || this.#busy) return;
    const event = new CustomEvent<RememberAnswer>(`${NAME}-answered`, {
      bubbles: true,
      composed: true,
      cancelable: true,
      detail: { answer },
    });
    if (!this.dispatchEvent(event)) return;
    this.#busy = true;
    try {
      this.#say(await this.#act(client, answer));
    } catch {
      this.#parted = false;
      this.#say('failed'); // the client has told `onError` why
    }
    this.#busy = false;
    this.#update();
  }

  async #act(client: Regulars, answer: RememberAnswer['answer']): Promise<string> {
    if (answer === 'forgotten') {
      this.#parted = true;
      await client.rights.forget({ scope: 'device' });
      return 'forgotten';
    }
    const outcome = await client.rights.consent('remember', answer);
    if (outcome.kind === 'refused') return 'failed';
    if (answer === 'denied') return 'declined';
    if (client.get().consent.suggest === 'ask') await client.rights.consent('suggest', answer);
    return client.get().storage.kind === 'memory' ? 'not-kept' : 'remembered';
  }
}

/** Registers `<regulars-remember>`, unless a copy of the package already has. Importing alone registers nothing. */
export function defineRemember(): void {
  if (!customElements.get(NAME)) customElements.define(NAME, RegularsRememberElement);
}

declare global {
  interface HTMLElementTagNameMap {
    'regulars-remember': RegularsRememberElement;
  }
}
