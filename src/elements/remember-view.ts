import { node } from './node.js';
import { rememberStyles } from './remember-styles.js';
import { adoptStyles } from './styles.js';

type Child = Node | string;

/** What the element's words depend on. */
export interface RememberWords {
  readonly shop: string;
  readonly months: number;
  readonly privacy: string;
}

/** The nodes that the element changes, and what the customer can press. */
export interface RememberView {
  readonly panel: HTMLElement;
  readonly manage: HTMLElement;
  readonly kept: HTMLElement;
  readonly notKept: HTMLElement;
  readonly forget: HTMLButtonElement;
  readonly dialog: HTMLDialogElement;
  readonly status: HTMLElement;
  /** Text of a slot as the customer sees it: the page's, or ours. */
  readonly textOf: (slot: string) => string;
  readonly setWords: (words: RememberWords) => void;
}

/** What pressing does. */
export interface RememberActions {
  readonly yes: () => void;
  readonly no: () => void;
  readonly forget: () => void;
}

/** Makes the nodes whose words a page may replace, and finds them again. */
interface Maker {
  readonly slot: (name: string, text?: string) => HTMLSlotElement;
  readonly button: (part: string, words: HTMLSlotElement, press: () => void) => HTMLButtonElement;
  readonly slots: Readonly<Record<string, HTMLSlotElement>>;
}

function createMaker(): Maker {
  const slots: Record<string, HTMLSlotElement> = {};
  return {
    slots,
    // Our words are English on a page of any language; the page's own, put into the slot, keep theirs.
    slot: (name, text = '') => (slots[name] = node('slot', { name, lang: 'en' }, text)),
    button: (part, words, press) => {
      const element = node('button', { type: 'button', part }, words);
      element.addEventListener('click', press);
      return element;
    },
  };
}

function buildPanel(
  { slot, button }: Maker,
  actions: RememberActions,
  privacy: HTMLElement,
): HTMLElement {
  const row = (name: string, label: string, text = ''): Child[] => [
    node('dt', {}, slot(`${name}-label`, label)),
    node('dd', {}, slot(name, text)),
  ];
  return node(
    'section',
    { class: 'panel', part: 'panel', 'aria-labelledby': 'heading', hidden: '' },
    node('h2', { id: 'heading', part: 'heading' }, slot('heading')),
    node(
      'dl',
      { part: 'details' },
      ...row('what', 'What', 'your orders here, and your name if you give it'),
      ...row('why', 'Why', 'to greet you, have your usual ready and suggest what fits'),
      ...row('how-long', 'How long'),
    ),
    node(
      'div',
      { class: 'actions', part: 'actions' },
      button('button yes', slot('yes', 'Yes, remember me'), actions.yes),
      button('button no', slot('no', 'No, thanks'), actions.no),
    ),
    privacy,
  );
}

function buildDialog({ slot, button }: Maker, forget: () => void): HTMLDialogElement {
  const dialog = node(
    'dialog',
    { part: 'dialog', 'aria-labelledby': 'question', 'aria-describedby': 'consequence' },
    node('h2', { id: 'question' }, slot('forget-question', 'Forget you on this device?')),
    node(
      'p',
      { id: 'consequence' },
      slot(
        'forget-text',
        'Your orders, your name and all learned from them are deleted here, for good.',
      ),
    ),
  );
  const close = (): void => dialog.close();
  dialog.append(
    node(
      'div',
      { class: 'actions' },
      button('button', slot('forget-no', 'Keep'), close),
      button('button', slot('forget-yes', 'Forget me'), () => {
        close();
        forget();
      }),
    ),
  );
  return dialog;
}

/** Builds the shadow tree node by node: no markup is parsed, so Trusted Types have nothing to object to. */
export function buildRemember(
  root: ShadowRoot,
  nonce: string,
  actions: RememberActions,
): RememberView {
  const maker = createMaker();
  const { slot, button, slots } = maker;
  const privacy = node('a', { part: 'privacy' }, slot('privacy', 'Privacy policy'));
  const panel = buildPanel(maker, actions, privacy);
  const dialog = buildDialog(maker, actions.forget);
  const forget = button('forget', slot('forget', 'Forget me'), () => dialog.showModal());
  forget.className = 'link';
  const kept = node('span', {}, slot('remembered', 'Remembered on this device.'));
  const notKept = node('span', {}, slot('not-kept', 'Remembered until you close this page.'));
  const attributes = { class: 'manage', part: 'manage', hidden: '' };
  const manage = node('p', attributes, kept, notKept, forget);
  const status = node('p', { class: 'status', part: 'status', role: 'status' });
  const said = node(
    'div',
    { hidden: '' },
    slot('declined', 'All right. Nothing is kept.'),
    slot('forgotten', 'You are forgotten on this device.'),
    slot('failed', 'That did not work: this browser refused.'),
  );
  adoptStyles(root, rememberStyles, nonce);
  root.append(panel, manage, dialog, status, said);
  return {
    ...{ panel, manage, kept, notKept, forget, dialog, status },
    textOf: (name) => {
      const nodes = slots[name]?.assignedNodes({ flatten: true }) ?? [];
      return nodes.map((each) => each.textContent ?? '').join(' ');
    },
    setWords: (words) => setWords(slots, privacy, words),
  };
}

function setWords(
  slots: Maker['slots'],
  privacy: HTMLAnchorElement,
  { shop, months, privacy: address }: RememberWords,
): void {
  const end = 'until you say “Forget me”';
  const unit = months === 1 ? 'month' : 'months';
  slots['heading']?.replaceChildren(`May ${shop || 'we'} remember you on this device?`);
  slots['how-long']?.replaceChildren(
    months > 0 ? `${months} ${unit} after your last visit, or ${end}` : end,
  );
  privacy.hidden = address === '';
  privacy.href = address;
}
