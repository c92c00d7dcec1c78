import {
  BODY_AT,
  checksum,
  clamp,
  daysToByte,
  HEADER_BYTES,
  MAGIC,
  MODEL_VERSION,
  weightToLevel,
} from '../recommend/model-format.js';
import type { CatalogModel, NeighbourTable } from '../recommend/types.js';

/**
 * The bytes of a model, to be put beside the shop's other files and compressed like them. `decodeModel` gives the model
 * back: skus, visits and neighbours as they were, `repeat` to 1/255, weights to the nearest of 16 steps (the factor
 * between two is 1.59), gaps to 1.3 %; neighbours of one step in the order of the items.
 */
export function encodeModel(model: CatalogModel): Uint8Array {
  const size = model.skus.length;
  const body: number[] = [];
  const skus = new TextEncoder().encode(JSON.stringify(model.skus));
  pushVarint(body, skus.length);
  for (const byte of skus) body.push(byte);
  for (let i = size - 1; i >= 0; i--)
    pushVarint(body, (model.visits[i] ?? 0) - (model.visits[i + 1] ?? 0));
  for (let i = 0; i < size; i++) body.push(clamp(Math.round(255 * (model.repeat[i] ?? 0)), 255));
  for (let i = 0; i < size; i++) body.push(daysToByte(model.gapDays?.[i] ?? 0));
  pushTable(body, model.together, size);
  pushTable(body, model.next, size);
  pushTable(body, model.customers ?? model.together, size);

  const bytes = new Uint8Array(BODY_AT + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC);
  bytes[4] = MODEL_VERSION;
  view.setFloat64(HEADER_BYTES, model.trainedAt);
  bytes.set(body, BODY_AT);
  view.setUint32(5, checksum(bytes, HEADER_BYTES));
  return bytes;
}

function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
}

// Numbers ascend, so that their differences are small; the order by weight comes back with the weights.
function pushTable(bytes: number[], table: NeighbourTable, size: number): void {
  pushVarint(bytes, table.start[size] ?? 0);
  for (let i = 0; i < size; i++) {
    const row: { item: number; level: number }[] = [];
    for (let k = table.start[i] ?? 0; k < (table.start[i + 1] ?? 0); k++)
      row.push({ item: table.item[k] ?? 0, level: weightToLevel(table.weight[k] ?? 0) });
    row.sort((a, b) => a.item - b.item);
    pushVarint(bytes, row.length);
    let last = -1;
    for (const { item } of row) {
      pushVarint(bytes, item - last - 1);
      last = item;
    }
    for (let k = 0; k < row.length; k += 2)
      bytes.push((row[k]?.level ?? 0) | ((row[k + 1]?.level ?? 0) << 4));
  }
}
