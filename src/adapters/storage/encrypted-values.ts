/** What the JSON cannot say of a value: where, what it is, and its text or the length of its bytes. */
type Mark = readonly [path: readonly (string | number)[], kind: string, data?: string | number];
type Path = Mark[0];

/** Kinds that are bytes and nothing else. */
const BYTES: Readonly<Record<string, new (buffer: ArrayBuffer) => ArrayBuffer | ArrayBufferView>> =
  {
    ...{ Uint8Array, Uint8ClampedArray, Int8Array, Uint16Array, Int16Array, Uint32Array },
    ...{ Int32Array, Float32Array, Float64Array, BigUint64Array, BigInt64Array, DataView },
  };

/** What is collected on the way through a value. */
interface Found {
  readonly marks: Mark[];
  readonly bytes: Uint8Array[];
  /** Those that are being walked: one that comes again holds itself. */
  readonly above: Set<unknown>;
}

const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

/** A value as JSON has it, children first; what it lacks goes to `found`. Throws where a value cannot be stored. */
function toPlain(value: unknown, path: Path, found: Found): unknown {
  const mark = (kind: string, data?: string | number, rest: unknown = null): unknown => {
    found.marks.push(data === undefined ? [path, kind] : [path, kind, data]);
    return rest;
  };
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value) && !Object.is(value, -0)) return value;
      return mark('number', Object.is(value, -0) ? '-0' : String(value));
    case 'undefined':
      return mark('undefined');
    case 'bigint':
      return mark('bigint', String(value));
    case 'object':
      return value === null ? null : objectToPlain(value, path, found, mark);
    default:
      throw new TypeError(`A ${typeof value} cannot be stored.`);
  }
}

function objectToPlain(
  value: object,
  path: Path,
  found: Found,
  mark: (kind: string, data?: string | number, rest?: unknown) => unknown,
): unknown {
  const tag = tagOf(value);
  if (tag === 'ArrayBuffer' || Object.hasOwn(BYTES, tag)) {
    const bytes = ArrayBuffer.isView(value)
      ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      : new Uint8Array(value as ArrayBuffer);
    found.bytes.push(bytes);
    return mark(tag, bytes.length);
  }
  if (tag === 'Date') return mark(tag, String((value as Date).getTime()));
  if (found.above.has(value)) throw new TypeError('A value that holds itself cannot be stored.');
  found.above.add(value);
  const list = (items: Iterable<unknown>): unknown[] =>
    Array.from(items, (item, i) => toPlain(item, [...path, i], found));
  const rest =
    tag === 'Array' || tag === 'Map' || tag === 'Set'
      ? list(value as Iterable<unknown>)
      : Object.fromEntries(
          Object.entries(value).map(([key, part]) => [key, toPlain(part, [...path, key], found)]),
        );
  found.above.delete(value);
  if (tag === 'Array' || tag === 'Object') return rest;
  if (tag === 'Map' || tag === 'Set') return mark(tag, undefined, rest);
  throw new TypeError(`A ${tag} cannot be stored.`);
}

/** What a mark stands for. `plain` is what the JSON has in its place. */
function fromMark(
  [, kind, data]: Mark,
  plain: unknown,
  bytes: (length: number) => ArrayBuffer,
): unknown {
  switch (kind) {
    case 'undefined':
      return undefined;
    case 'number':
      return Number(data);
    case 'bigint':
      return BigInt(data as string);
    case 'Date':
      return new Date(Number(data));
    case 'Map':
      return new Map(plain as readonly (readonly [unknown, unknown])[]);
    case 'Set':
      return new Set(plain as readonly unknown[]);
    default: {
      const buffer = bytes(data as number);
      const Kind = BYTES[kind];
      return Kind ? new Kind(buffer) : buffer;
    }
  }
}

/**
 * A value as bytes: its JSON, then the bytes it holds. Beside JSON it may hold undefined, any number, bigints, dates, maps, sets
 * and bytes of every kind; it throws for all else: functions, class instances of the platform, what holds itself.
 */
export function valueToBytes(value: unknown): Uint8Array<ArrayBuffer> {
  const found: Found = { marks: [], bytes: [], above: new Set() };
  const plain = toPlain(value, [0], found);
  const json = new TextEncoder().encode(
    JSON.stringify(found.marks.length > 0 ? [plain, found.marks] : [plain]),
  );
  const parts = [json, ...found.bytes];
  const all = new Uint8Array(4 + parts.reduce((sum, { length }) => sum + length, 0));
  new DataView(all.buffer).setUint32(0, json.length);
  let at = 4;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The value that {@link valueToBytes} was given; a fresh copy each time. */
export function bytesToValue(all: Uint8Array): unknown {
  const length = new DataView(all.buffer, all.byteOffset, all.byteLength).getUint32(0);
  let at = 4 + length;
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(all.subarray(4, at));
  const root = JSON.parse(text) as [plain: unknown, marks?: readonly Mark[]];
  for (const mark of root[1] ?? []) {
    const [path] = mark;
    // every step is there, if only as null: so even `__proto__` is a property like any other
    const parent = path
      .slice(0, -1)
      .reduce<unknown>((part, step) => (part as Record<string, unknown>)[step], root);
    const last = path[path.length - 1] as string;
    const holder = parent as Record<string, unknown>;
    holder[last] = fromMark(mark, holder[last], (count) => all.slice(at, (at += count)).buffer);
  }
  return root[0];
}
