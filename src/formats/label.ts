import { amount } from './read.js';

/** A sign or a currency before the number, or a currency behind it. `¤` stands for the order's own code. */
const PRICE =
  /^(?:[-+−]\s*[A-Z]{0,3}\p{Sc}?|[A-Z]{0,3}\p{Sc}\s*[-+−]?)\s*\d[\d.,]*\s*(?:\p{Sc}|kr|zł|円|元|원)?$|^\d[\d.,]*\s*(?:\p{Sc}|kr|zł|円|元|원)$/u;

/** A choice without the price that shops write behind it: `Oat (+0.80)`, `Extra cheese (€2.00)`; `Milk (2%)` stays. */
export function readLabel(
  label = '',
  currency: string | null | undefined,
): { readonly name: string | undefined; readonly unitPrice?: number | null } {
  const [, name, inside = ''] = /^(.*\S)\s*[([]([^()[\]]+)[)\]]$/s.exec(label) ?? [];
  const price = inside.trim();
  return PRICE.test(currency ? price.replace(currency, '¤') : price)
    ? { name, unitPrice: currency ? amount(price.replace('−', '-'), currency) : null }
    : { name: label || undefined };
}
