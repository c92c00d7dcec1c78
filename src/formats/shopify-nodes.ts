import { list, object, type Loose, first } from './read.js';

/** The fields of an object in the spelling of the GraphQL APIs: REST's `line_items` is `lineItems`. */
export const camel = (value: unknown): Loose =>
  Object.fromEntries(
    Object.entries(object(value)).map(([key, inner]) => [
      key.includes('_') ? key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()) : key,
      inner,
    ]),
  );

/** The things of a list or of a connection: bare, below `nodes`, or below `edges` and `node`. */
export function nodes(value: unknown): readonly Loose[] {
  if (Array.isArray(value)) return list(value).map(camel);
  const { nodes: bare, edges } = object(value);
  return Array.isArray(bare) ? nodes(bare) : list(edges).map((edge) => camel(object(edge)['node']));
}

/** REST's id, also of `gid://shopify/Order/1001?key=…`; undefined for what is none. */
export const idOf = (...values: readonly unknown[]): string | undefined =>
  first(...values)?.match(/^(?:gid:\/\/[^?]*\/)?(\d+)(?:\?.*)?$/s)?.[1];
