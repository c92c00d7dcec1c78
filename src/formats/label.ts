import { amount } from './read.js';

/** A sign or a currency before the number, or a currency behind it. `¤` stands for the order's own code. */
const PRICE =
  /^(?:[-+−]\s*[A-Z]{0,3}\p{Sc}?|[A-Z]{0,3}\p{Sc}\s*[-+−]?)\s*\d[\d.,]*\s*(?:\p{Sc}|kr|zł)?$|^\d[\d.,]*\s*(?:\p{Sc}|kr|zł)$/u;

/** A choice without the price that shops write behind it: `Oat (+0.80)`, `Extra cheese (€2.00)`; `Milk (2%)` stays. */
export function readLabel(
  label: string,
  currency: string | null | undefined,
): { readonly name: string; readonly unitPrice?: number } {
  const at = Math.max(label.lastIndexOf('('), label.lastIndexOf('['));
  const inside = /^[([](.*)[)\]]$/s.exec(label.slice(Math.max(at, 0)))?.[1]?.trim() ?? '';
  if (at < 1 || !PRICE.test(currency ? inside.replace(currency, '¤') : inside))
    return { name: label };
  const unitPrice = currency ? amount(inside.replace('−', '-'), currency) : null;
  const name = label.slice(0, at).trim();
  return name ? { name, ...(unitPrice !== null && { unitPrice }) } : { name: label };
}
