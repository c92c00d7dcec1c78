import type { Item, Reorder, Regulars, Usual } from 'regulars';
import type { CartEntry } from '../shared/cart.js';
import { announce, byId, h } from '../shared/dom.js';
import { entryOf, unitPrice } from '../shared/price-line.js';
import { openWhy } from '../shared/why.js';
import { wordsHere } from './language.js';
import { answeredLines, questionsOf, type Question } from './questions.js';

type Known = Exclude<Usual, { kind: 'none' }>;

/** What the usual needs of the page. */
export interface UsualOptions {
  readonly client: Regulars;
  readonly menu: ReadonlyMap<string, Item>;
  readonly price: (minor: number) => string;
  readonly add: (entries: readonly CartEntry[]) => void;
}

/** A word of the menu, which is English whatever the welcome speaks. */
const shopWords = (text: string): HTMLElement =>
  h('bdi', { lang: document.documentElement.lang }, text);

/** "The usual?": one tap when nothing is open, otherwise a question; never something silently different. */
export function wireUsual({ client, menu, price, add }: UsualOptions): void {
  const card = byId('usual', HTMLElement);
  let shown: Known | undefined;

  const take = (usual: Known, entries: readonly CartEntry[]): void => {
    client.accepted(usual.ref);
    add(entries);
    card
      .querySelector('.usual-form, .usual-yes')
      ?.replaceWith(h('p', { class: 'taken' }, wordsHere().taken));
    byId('order-title', HTMLElement).focus({ preventScroll: true });
  };
  const choose = async (usual: Known): Promise<void> => {
    const reorder = await client.reorder(usual.ref);
    if (shown !== usual) return; // somebody else by now
    if (reorder.ready) {
      take(
        usual,
        reorder.cart.map(({ item, quantity, modifiers, unitPrice: today }) => ({
          ...entryOf(item, { quantity, modifiers }),
          unitPrice: today ?? unitPrice(item, modifiers),
        })),
      );
      return;
    }
    ask(usual, reorder, questionsOf(usual, reorder, menu));
  };
  const ask = (usual: Known, reorder: Reorder, questions: readonly Question[]): void => {
    const notes = reorder.changed.filter(
      (change) => change.kind === 'gone' || change.kind === 'price',
    );
    const form = h(
      'form',
      {
        class: 'usual-form',
        onsubmit: (event) => {
          event.preventDefault();
          const data = new FormData(form);
          const answers = questions.map(
            ({ options }, at) => options[Number(data.get(`question-${at}`))] ?? null,
          );
          const lines = answeredLines(reorder, questions, answers);
          take(
            usual,
            lines.flatMap((line) => {
              const item = menu.get(line.sku ?? '');
              return item === undefined ? [] : [entryOf(item, line)];
            }),
          );
        },
      },
      ...notes.map((change) => h('p', { class: 'note' }, change.text)),
      ...questions.map(({ text, options }, at) =>
        h(
          'fieldset',
          {},
          h('legend', {}, text),
          ...options.map((option, index) =>
            h(
              'label',
              { class: 'option' },
              h('input', { type: 'radio', name: `question-${at}`, value: index, required: true }),
              h('span', {}, option === null ? wordsHere().plain : shopWords(option.name)),
            ),
          ),
        ),
      ),
      answeredLines(reorder, [], []).length === 0
        ? undefined
        : h('button', { type: 'submit', class: 'button primary' }, wordsHere().add),
    );
    card.querySelector('.usual-form, .usual-yes')?.replaceWith(form);
    if (usual.kind !== 'ask') {
      announce(reorder.changed.map((change) => change.text).join(' '));
      form.querySelector('input')?.focus();
    }
  };
  const draw = (): void => {
    const usual = client.get().status === 'ready' ? client.usual() : undefined;
    shown = usual === undefined || usual.kind === 'none' ? undefined : usual;
    card.hidden = shown === undefined;
    if (shown === undefined) {
      card.replaceChildren();
      return;
    }
    const now = shown;
    card.replaceChildren(...parts(now, client, () => choose(now), draw, price, menu));
    client.shown(now.ref);
    if (now.kind === 'ask') void choose(now);
  };
  let drawn: readonly unknown[] = [];
  client.subscribe(({ status, usual }) => {
    if (status !== 'ready') return;
    const now = [usual, wordsHere()];
    if (now.every((each, at) => each === drawn[at])) return;
    drawn = now;
    draw();
  });
}

function parts(
  usual: Known,
  client: Regulars,
  choose: () => Promise<void>,
  draw: () => void,
  price: (minor: number) => string,
  menu: ReadonlyMap<string, Item>,
): readonly Node[] {
  const today = usual.lines.reduce((sum, line) => {
    const item = menu.get(line.sku ?? '');
    return sum + (item === undefined ? 0 : unitPrice(item, line.modifiers) * line.quantity);
  }, 0);
  const words = wordsHere();
  return [
    h('h2', { id: 'usual-title', tabindex: -1 }, usual.kind === 'last' ? words.last : words.usual),
    h('p', { class: 'usual-text' }, usual.text),
    h(
      'button',
      { type: 'button', class: 'button primary usual-yes', onclick: () => void choose() },
      usual.kind === 'ask'
        ? words.moment
        : h('span', {}, `${words.yes} · `, h('bdi', {}, price(today))),
    ),
    h(
      'p',
      { class: 'usual-links' },
      h(
        'button',
        {
          type: 'button',
          class: 'plain',
          onclick: () =>
            openWhy(client, usual.ref, {
              about: usual.text,
              from: byId('welcome', HTMLElement),
              dismissed: () => {
                draw();
                byId('menu', HTMLElement).focus();
              },
            }),
        },
        words.why,
      ),
    ),
  ];
}
