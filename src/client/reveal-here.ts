import type { RevealField, Revealed } from '../identity/types.js';
import type { Json } from '../kernel/json.js';
import type { Core } from './core.js';
import { cardHere, factHere, gate } from './speak.js';

/** The value of a field, if the level lets it through. */
export function revealHere(core: Core, field: RevealField): Revealed<Json> {
  const decision = gate(core, field);
  if (!decision.ok) return decision;
  const card = cardHere(core);
  const fact = (key: string): Json | undefined => factHere(core, key)?.value;
  const health = card?.consent.health === 'granted' && gate(core, 'sensitive').ok;
  const values: { readonly [field in RevealField]: () => unknown } = {
    greeting: () => core.snapshot().greeting,
    name: () => fact('name.given'),
    taste: () => card?.items.filter(({ sku }) => health || !core.catalog.item(sku)?.sensitive),
    points: () => fact('points'),
    contact: () => [fact('email'), fact('phone')].filter((value) => value !== undefined),
    address: () => fact('address'),
    // of an order that may only be shown masked, its number
    orders: () => (decision.masked ? card?.purchases.map(({ id }) => id) : card?.purchases),
    payment: () => fact('payment'),
    birthday: () => fact('birthday'),
    sensitive: () =>
      health
        ? Object.values(card.facts).filter(
            ({ key, purpose }) => purpose === 'health' && factHere(core, key),
          )
        : [],
  };
  const value = (values[field]() ?? null) as Json;
  if (!decision.masked) return { ok: true, value };
  const mask = (part: Json): Json =>
    typeof part === 'string' ? (core.state.explain?.mask(part) ?? true) : part !== null;
  return { ok: true, value: Array.isArray(value) ? value.map(mask) : mask(value) };
}
