import { RegularsError } from '../kernel/errors.js';
import { isTexts } from './check-model.js';
import {
  BODY_AT,
  byteToAmount,
  checksum,
  COARSE,
  FINE,
  HEADER_BYTES,
  levelToWeight,
  MAGIC,
  MODEL_VERSION,
  POPULAR_PART,
  TOGETHER_PART,
} from './model-format.js';
import type { CatalogModel, NeighbourTable, PopularList } from './types.js';

/** Takes from the bytes in order, and throws where they end. */
interface Reader {
  readonly varint: () => number;
  readonly slice: (length: number) => Uint8Array;
  readonly left: () => number;
}

/**
 * Reads the bytes that `encodeModel` of `regulars/model` made. Throws `ERR_MODEL_INVALID` on anything else:
 * cut short, damaged, of a newer version, counts that do not fit.
 */
export function decodeModel(bytes: Uint8Array | ArrayBuffer): CatalogModel {
  const all = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  fits(all instanceof Uint8Array && all.length >= BODY_AT);
  const view = new DataView(all.buffer, all.byteOffset, all.length);
  if (view.getUint32(0) !== MAGIC) throw invalid('unknown beginning');
  if (all[4] !== MODEL_VERSION) throw invalid('another version');
  fits(view.getUint32(5) === checksum(all, HEADER_BYTES));
  const reader = createReader(all);
  const skus = parseTexts(reader.slice(reader.varint()));
  const size = skus.length;
  const bytesOf = (): Uint8Array => reader.slice(size);
  const amounts = (): Float32Array =>
    Float32Array.from(bytesOf(), (byte) => byteToAmount(byte, FINE));
  const head = {
    version: 1,
    trainedAt: view.getFloat64(HEADER_BYTES),
    skus,
    visits: readVisits(reader, size),
    recent: Uint32Array.from(bytesOf(), (byte) => Math.round(byteToAmount(byte, COARSE))),
    repeat: Float32Array.from(bytesOf(), (byte) => byte / 255),
    perBuyer: amounts(),
    gapDays: amounts(),
  } as const;
  const { sameVisit, ...customers } = readTable(reader, size, true);
  const { sameVisit: _, ...next } = readTable(reader, size, false);
  return { ...head, customers, sameVisit, next, ...readParts(reader, size) };
}

/** What a model may have beside, each once and in this order. */
function readParts(reader: Reader, size: number): Pick<CatalogModel, 'popular' | 'together'> {
  const parts: { -readonly [K in 'popular' | 'together']?: CatalogModel[K] } = {};
  let last = 0;
  while (reader.left() > 0) {
    const part = reader.varint();
    fits(part > last && part <= POPULAR_PART);
    last = part;
    if (part === TOGETHER_PART) {
      const { sameVisit: _, ...together } = readTable(reader, size, false);
      parts.together = together;
    } else parts.popular = readPopular(reader, size);
  }
  return parts;
}

function readPopular({ varint, slice }: Reader, size: number): readonly PopularList[] {
  const heads = parseTexts(slice(varint()));
  fits(heads.length % 2 === 0);
  const lists: PopularList[] = [];
  for (let at = 0; at < heads.length; at += 2) {
    const [place, daypart] = [heads[at], heads[at + 1]];
    const length = varint();
    fits(length <= size);
    const item = new Uint32Array(length).map(() => varint());
    fits(item.every((number) => number < size));
    const visits = Uint32Array.from(slice(length), (byte) =>
      Math.round(byteToAmount(byte, COARSE)),
    );
    lists.push({ ...(place && { place }), ...(daypart && { daypart }), item, visits });
  }
  return lists;
}

function invalid(fact: string): RegularsError {
  return new RegularsError(
    'ERR_MODEL_INVALID',
    `Not a catalog model (${fact}); make one with encodeModel.`,
  );
}

function fits(holds: boolean): asserts holds {
  if (!holds) throw invalid('damaged');
}

function createReader(bytes: Uint8Array): Reader {
  let at = BODY_AT;
  const left = (): number => bytes.length - at;
  const slice = (length: number): Uint8Array => {
    fits(length <= left());
    at += length;
    return bytes.subarray(at - length, at);
  };
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const part = bytes[at++] ?? 255;
      value += (part & 127) * factor;
      fits(at <= bytes.length && value < 2 ** 32);
      if (part < 128) return value;
    }
  };
  return { varint, slice, left };
}

function parseTexts(json: Uint8Array): readonly string[] {
  let texts: unknown;
  try {
    texts = JSON.parse(new TextDecoder().decode(json));
  } catch {
    // What is wrong with it is said below, the same for all that is no list of texts.
  }
  fits(isTexts(texts));
  return texts;
}

function readVisits({ varint, left }: Reader, size: number): Uint32Array {
  fits(size <= left());
  const visits = new Uint32Array(size);
  let value = 0;
  // The last is kept, then each difference: most bought first by construction.
  for (let i = size - 1; i >= 0; i--) {
    value += varint();
    fits(value < 2 ** 32);
    visits[i] = value;
  }
  return visits;
}

function readTable(
  { varint, slice, left }: Reader,
  size: number,
  hasShares: boolean,
): NeighbourTable & { readonly sameVisit: Float32Array } {
  const total = varint();
  // A row takes a byte for its length, a neighbour at least one for its number.
  fits(size + total <= left());
  const start = new Uint32Array(size + 1);
  const item = new Uint32Array(total);
  const level = new Uint8Array(total);
  let at = 0;
  for (let i = 0; i < size; i++) {
    const length = varint();
    fits(at + length <= total);
    let number = -1;
    for (let k = 0; k < length; k++) {
      number += varint() + 1;
      fits(number < size);
      item[at + k] = number;
    }
    const levels = slice(Math.ceil(length / 2));
    for (let k = 0; k < length; k++) level[at + k] = ((levels[k >> 1] ?? 0) >> ((k % 2) * 4)) & 15;
    at += length;
    start[i + 1] = at;
  }
  fits(at === total);
  const shares = hasShares ? slice(Math.ceil(total / 4)) : [];
  return inOrder(start, item, level, (k) => (((shares[k >> 2] ?? 0) >> (2 * (k % 4))) & 3) / 3);
}

const WEIGHTS = Array.from({ length: 16 }, (_, level) => levelToWeight(level));

// Rows came in the order of their numbers.
function inOrder(
  start: Uint32Array,
  items: Uint32Array,
  levels: Uint8Array,
  shareOf: (k: number) => number,
): NeighbourTable & { readonly sameVisit: Float32Array } {
  const { length } = items;
  const item = new Uint32Array(length);
  const weight = new Float32Array(length);
  const sameVisit = new Float32Array(length);
  let at = 0;
  for (let i = 0; i + 1 < start.length; i++) {
    const from = start[i] ?? 0;
    const end = start[i + 1] ?? 0;
    // So many passes at most, however long a row is: the heaviest neighbours first, those of one step as they come.
    for (let level = WEIGHTS.length - 1; at < end; level--)
      for (let k = from; k < end; k++) {
        if (levels[k] !== level) continue;
        item[at] = items[k] ?? 0;
        weight[at] = WEIGHTS[level] ?? 0;
        sameVisit[at++] = shareOf(k);
      }
  }
  return { start, item, weight, sameVisit };
}
