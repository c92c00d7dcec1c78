import { readJson } from './orders.js';
import { object, type Loose } from './read.js';

/** A node, with values looked through: of a list the first, of a reference what it leads to. */
export interface JsonLd {
  /** The first value of a field, as an object, a text or a number. */
  readonly one: (node: Loose, field: string) => unknown;
  /** All values of a field. */
  readonly many: (node: Loose, field: string) => readonly unknown[];
  /** Every node, those inside of others included, each once, in the order of the text. */
  readonly nodes: readonly Loose[];
}

/** The last part of a type: `Order` of `https://schema.org/Order`; of several, all. */
export const isA = (node: Loose, types: RegExp): boolean =>
  many(node['@type']).some(
    (type) => typeof type === 'string' && types.test(type.replace(/^.*[/#:]/, '')),
  );

const many = (value: unknown): readonly unknown[] =>
  Array.isArray(value)
    ? (value as unknown[]).flat()
    : value === undefined || value === null
      ? []
      : [value];

/** Whether this is more than a reference. */
const saysMore = (node: Loose): boolean => Object.keys(node).some((key) => !key.startsWith('@'));

/** Reads JSON-LD: parsed, as text, or in the text of a page with `<script type="application/ld+json">`. */
export function readJsonLd(input: unknown): JsonLd {
  const roots =
    typeof input === 'string' && /^\s*</.test(input)
      ? [...input.matchAll(/<script([^<>]*)>([^]*?)<\/script/gi)].map(([, kind, json]) =>
          /ld\+json/i.test(kind ?? '') ? readJson(json) : undefined,
        )
      : [readJson(input)];
  const byId = new Map<unknown, Loose>();
  const nodes = new Set<Loose>();
  // not by recursion: whoever writes a page decides how deep it goes
  const waiting: unknown[] = [roots];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (typeof node !== 'object' || node === null || nodes.has(node as Loose)) continue;
    nodes.add(node as Loose);
    const id = object(node)['@id'];
    if (id !== undefined && saysMore(node as Loose)) byId.set(id, node as Loose);
    for (const value of Object.values(node).reverse()) waiting.push(value);
  }
  const follow = (value: unknown): unknown => {
    const node = object(value);
    return node['@value'] ?? byId.get(node['@id']) ?? value;
  };
  const all = (node: Loose, field: string): readonly unknown[] => many(node[field]).map(follow);
  return {
    one: (node, field) => all(node, field)[0],
    many: all,
    nodes: [...nodes].filter(saysMore),
  };
}
