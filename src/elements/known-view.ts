import type { Known } from '../client/known-types.js';
import { atStart } from '../client/known-words.js';
export { wordsFor } from '../client/known-words.js';
import type { Revealed } from '../identity/types.js';
import type { Json } from '../kernel/json.js';
import { node } from './node.js';

/** What a button of a row does with what is known. */
export type KnownAct = 'correct' | 'remove' | 'restore';

/** What the rows are made with. */
export interface KnownMaker {
  readonly say: (text: string) => string;
  /** The language of dates. */
  readonly locale: string;
  /** Ids of facts that were removed here, with their keys: they can be brought back. */
  readonly removed: ReadonlyMap<string, string>;
  /** The id of the fact that is being corrected. */
  readonly editing: string | undefined;
  readonly act: (act: KnownAct, id: string, value?: Json) => void;
  readonly edit: (id: string | undefined) => void;
  /** Where the focus finds a control again, after the rows were made anew. */
  readonly controls: Map<string, HTMLElement>;
}

let ids = 0;

/** A button that says of what it is, without a value in an attribute. */
function button(
  maker: KnownMaker,
  name: string,
  text: string,
  of: HTMLElement,
  press: () => void,
): HTMLButtonElement {
  const id = `b${++ids}`;
  of.id ||= `t${ids}`;
  const made = node('button', { id, 'aria-labelledby': `${id} ${of.id}` }, maker.say(text));
  made.type = 'button';
  made.onclick = press;
  maker.controls.set(name, made);
  return made;
}

/** What somebody wrote, apart from the words around it. */
function bdi(text: string): HTMLElement {
  return node('bdi', {}, text);
}

function dayOf(ms: number, locale: string): string {
  try {
    return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(ms);
  } catch {
    return '?';
  }
}

/** A row with a way out of what is known, or the way back. */
function row(
  maker: KnownMaker,
  id: string,
  removed: unknown,
  text: string,
  ...label: readonly (Node | string)[]
): HTMLElement {
  const words = node('span', {}, ...label);
  const name = removed ? 'restore' : 'remove';
  const press = (): void => maker.act(name, id);
  const item = node('li', {}, words);
  item.append(button(maker, `${name} ${id}`, removed ? 'Undo' : text, words, press));
  if (removed) item.className = 'removed';
  return item;
}

function group<T>(
  { say }: KnownMaker,
  heading: string,
  part: Revealed<readonly T[]>,
  rowOf: (one: T) => Node,
): readonly Node[] {
  const rows = part.ok ? part.value.map(rowOf) : [];
  return [
    node('h3', {}, say(heading)),
    rows.length > 0
      ? node('ul', {}, ...rows)
      : node('p', {}, say(part.ok ? 'Nothing.' : 'Needs a proof.')),
  ];
}

/** Everything known that can be changed, in groups. */
export function knownGroups(known: Known, maker: KnownMaker): readonly Node[] {
  const { say, locale } = maker;
  const gone = [...maker.removed].map(([id, key]) => ({ id, key, gone: true as const }));
  const facts = { ok: true, value: [...known.facts, ...gone] } as const;
  const usual = known.derived.ok && known.derived.value.usual;
  return [
    ...group(maker, 'About you', facts, (fact) =>
      'gone' in fact
        ? row(maker, fact.id, true, '', bdi(atStart(say(fact.key))))
        : factRow(fact, maker),
    ),
    ...group(maker, 'Your orders', known.purchases, ({ id, at, lines, removed }) =>
      row(
        ...([maker, id, removed, 'Not mine'] as const),
        `${dayOf(at, locale)}: `,
        bdi(lines.map(({ name }) => name).join(', ')),
      ),
    ),
    ...group(maker, 'How we know you', known.links, ({ id, type, level, at, removed }) =>
      row(
        ...([maker, id, removed, 'Not mine'] as const),
        `${atStart(say(type))} (${say(level)}, ${dayOf(at, locale)})`,
      ),
    ),
    ...(usual
      ? [
          node('h3', {}, say('Your usual')),
          node('p', {}, bdi(usual.items.join(', '))),
          node('details', {}, node('summary', {}, say('Why?')), usual.why?.text ?? ''),
        ]
      : []),
  ];
}

function factRow(fact: Known['facts'][number], maker: KnownMaker): HTMLElement {
  const { id, key, value, corrected, source, at } = fact;
  const { say, edit } = maker;
  const isText = typeof value === 'string';
  const text = isText ? value : JSON.stringify(value);
  const label = atStart(say(key));
  if (maker.editing === id) return node('li', {}, formOf(id, label, text, maker));
  const from = ` (${say(corrected ? 'corrected' : source)}, ${dayOf(at, maker.locale)})`;
  const item = row(maker, id, false, 'Remove', bdi(label), ': ', bdi(text), from);
  const [words] = item.children;
  if (isText)
    words?.after(button(maker, `edit ${id}`, 'Correct', words as HTMLElement, () => edit(id)));
  return item;
}

function formOf(id: string, key: string, text: string, maker: KnownMaker): HTMLElement {
  const field = node('input', { autocomplete: 'off' });
  maker.controls.set(`field ${id}`, field);
  field.value = text;
  const label = node('label', {}, bdi(key), ' ', field, ' ');
  const save = node('button', {}, maker.say('Save'));
  const form = node('form', {}, label, save, ' ');
  form.append(button(maker, `cancel ${id}`, 'Cancel', save, () => maker.edit(undefined)));
  form.onsubmit = (event) => {
    event.preventDefault();
    maker.act('correct', id, field.value);
  };
  return form;
}
