import {
  amountToByte,
  BODY_AT,
  checksum,
  clamp,
  COARSE,
  FINE,
  HEADER_BYTES,
  MAGIC,
  MODEL_VERSION,
  POPULAR_PART,
  TOGETHER_PART,
  weightToLevel,
} from '../recommend/model-format.js';
import type { CatalogModel, NeighbourTable, PopularList } from '../recommend/types.js';

/**
 * The bytes of a model, to be put beside the shop's other files and compressed like them. `decodeModel` gives the model
 * back: skus, visits and neighbours as they were, `repeat` to 1/255, weights to the nearest of 16 steps (the factor
 * between two is 1.59), what came at one visit to thirds, amounts to 1.3 %, what sells now to 2.6 %; neighbours of one
 * step in the order of the items.
 */
export function encodeModel(model: CatalogModel): Uint8Array {
  const size = model.skus.length;
  const body: number[] = [];
  pushTexts(body, model.skus);
  for (let i = size - 1; i >= 0; i--)
    pushVarint(body, (model.visits[i] ?? 0) - (model.visits[i + 1] ?? 0));
  for (const count of model.recent) body.push(amountToByte(count, COARSE));
  for (const share of model.repeat) body.push(clamp(Math.round(255 * share), 255));
  for (const count of model.perBuyer) body.push(amountToByte(count, FINE));
  for (const days of model.gapDays) body.push(amountToByte(days, FINE));
  pushTable(body, model.customers, size, model.sameVisit);
  pushTable(body, model.next, size);
  if (model.together) {
    body.push(TOGETHER_PART);
    pushTable(body, model.together, size);
  }
  if (model.popular) pushPopular(body, model.popular);

  const bytes = new Uint8Array(BODY_AT + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC);
  bytes[4] = MODEL_VERSION;
  view.setFloat64(HEADER_BYTES, model.trainedAt);
  bytes.set(body, BODY_AT);
  view.setUint32(5, checksum(bytes, HEADER_BYTES));
  return bytes;
}

function pushTexts(bytes: number[], texts: readonly string[]): void {
  const json = new TextEncoder().encode(JSON.stringify(texts));
  pushVarint(bytes, json.length);
  for (const byte of json) bytes.push(byte);
}

function pushPopular(body: number[], lists: readonly PopularList[]): void {
  body.push(POPULAR_PART);
  pushTexts(
    body,
    lists.flatMap(({ place = '', daypart = '' }) => [place, daypart]),
  );
  for (const { item, visits } of lists) {
    pushVarint(body, item.length);
    for (const number of item) pushVarint(body, number);
    for (const count of visits) body.push(amountToByte(count, COARSE));
  }
}

function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
}

// Numbers ascend, so that their differences are small; the order by weight comes back with the weights.
function pushTable(
  bytes: number[],
  table: NeighbourTable,
  size: number,
  sameVisit?: Float32Array,
): void {
  pushVarint(bytes, table.item.length);
  const shares: number[] = [];
  for (let i = 0; i < size; i++) {
    const row: { item: number; level: number; share: number }[] = [];
    for (let k = table.start[i] ?? 0; k < (table.start[i + 1] ?? 0); k++)
      row.push({
        item: table.item[k] ?? 0,
        level: weightToLevel(table.weight[k] ?? 0),
        share: clamp(Math.round(3 * (sameVisit?.[k] ?? 0)), 3),
      });
    row.sort((a, b) => a.item - b.item);
    pushVarint(bytes, row.length);
    let last = -1;
    for (const { item, share } of row) {
      pushVarint(bytes, item - last - 1);
      last = item;
      shares.push(share);
    }
    for (let k = 0; k < row.length; k += 2)
      bytes.push((row[k]?.level ?? 0) | ((row[k + 1]?.level ?? 0) << 4));
  }
  if (!sameVisit) return;
  for (let k = 0; k < shares.length; k += 4)
    bytes.push([0, 1, 2, 3].reduce((byte, n) => byte | ((shares[k + n] ?? 0) << (2 * n)), 0));
}
