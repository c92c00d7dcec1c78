import type { Purchase, Regulars, RevealField } from 'regulars';
import { byId, h } from '../shared/dom.js';
import { priceIn } from '../shared/money.js';

const price = priceIn('USD', 'en-US');
const day = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' });

const names: readonly (readonly [RevealField, string])[] = [
  ['name', 'First name'],
  ['address', 'Address'],
  ['orders', 'Orders'],
];

/** Every field goes through the gate: what the level does not let through is not in this page at all. */
function valueOf(client: Regulars, field: RevealField): Node {
  const revealed = client.reveal(field);
  if (!revealed.ok) return h('span', { class: 'locked' }, 'after a proof');
  const { value } = revealed;
  if (Array.isArray(value) && value.length > 0)
    return h('ul', {}, ...(value as unknown as readonly Purchase[]).map(orderLine));
  return typeof value === 'string'
    ? h('bdi', {}, value)
    : h('span', { class: 'locked' }, 'nothing yet');
}

const orderLine = ({ at, lines, total }: Purchase): HTMLElement =>
  h(
    'li',
    {},
    h('bdi', {}, lines.map(({ name }) => name).join(', ')),
    `, ${day.format(at)}`,
    total === null ? '' : `, ${price(total)}`,
  );

/** Draws what may be shown now. */
export function drawFields(client: Regulars): void {
  byId('fields', HTMLElement).replaceChildren(
    ...names.flatMap(([field, name]) => [h('dt', {}, name), h('dd', {}, valueOf(client, field))]),
  );
}
