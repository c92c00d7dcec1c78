import { describe, expect, it } from 'vitest';
import { encodeModel } from '../../../src/model/encode-model.js';
import { trainModel } from '../../../src/model/train-model.js';
import { decodeModel } from '../../../src/recommend/decode-model.js';
import { checksum, HEADER_BYTES } from '../../../src/recommend/model-format.js';
import type { CatalogModel, NeighbourTable } from '../../../src/recommend/types.js';
import { cafeCustomers, cafeModel, DAY, NOW, visit } from '../recommend/shop.js';

/** Neighbours of a sku, the strongest first. */
function neighbours(model: CatalogModel, table: NeighbourTable, sku: string) {
  const row = model.skus.indexOf(sku);
  const [from, to] = [table.start[row] ?? 0, table.start[row + 1] ?? 0];
  return Array.from({ length: to - from }, (_, k) => ({
    sku: model.skus[table.item[from + k] ?? -1],
    weight: table.weight[from + k] ?? NaN,
  }));
}

/** Bytes with a right checksum over whatever `change` did to them. */
function forged(bytes: Uint8Array, change: (copy: Uint8Array) => void): Uint8Array {
  const copy = bytes.slice();
  change(copy);
  new DataView(copy.buffer).setUint32(5, checksum(copy, HEADER_BYTES));
  return copy;
}

describe('trainModel', () => {
  it('numbers items by the visits that hold them, ties by sku', async () => {
    const { skus, visits } = await cafeModel();
    expect(skus).toEqual(['coffee', 'honey', 'scone', 'tea', 'toast', 'jam']);
    expect([...visits]).toEqual([36, 6, 6, 6, 6, 4]);
  });

  it('weighs what the same customers buy by the pairs, shrunk, and tells what came at one visit', async () => {
    const model = await cafeModel();
    const row = neighbours(model, model.customers, 'tea');
    expect(row.map(({ sku }) => sku)).toEqual(['honey', 'scone', 'coffee', 'jam']);
    expect(row[0]?.weight).toBeCloseTo(6 / (Math.sqrt(6 * 6) + 5), 6);
    const from = model.customers.start[model.skus.indexOf('tea')] ?? 0;
    expect([...model.sameVisit.slice(from, from + 4)]).toEqual([0, 1, 1, 0]);
  });

  it('knows what comes at the visit after', async () => {
    const model = await cafeModel();
    expect(neighbours(model, model.next, 'tea').map(({ sku }) => sku)).toEqual(['honey', 'coffee']);
  });

  it('knows what sells now: what the newest visits hold', async () => {
    const { skus, recent } = await cafeModel();
    expect(skus.filter((_, i) => recent[i] === 0)).toEqual(['honey', 'scone', 'tea', 'toast']);
    expect(recent[skus.indexOf('jam')]).toBe(4);
  });

  it('leaves out weak links of items bought seldom first', async () => {
    const whole = await cafeModel();
    const some = await trainModel(cafeCustomers, { maxPairs: 6 });
    expect(some.customers.item.length + some.next.item.length).toBeLessThanOrEqual(6);
    expect(some.sameVisit).toHaveLength(some.customers.item.length);
    const first = (model: CatalogModel) => neighbours(model, model.customers, 'coffee')[0];
    expect(first(some)).toEqual(first(whole));
  });

  it('shrinks the share of rebought visits to the mean of all, and mean gaps likewise', async () => {
    const model = await trainModel([
      { visits: [visit(30, 'a', 'b'), visit(20, 'a'), visit(10, 'a')] },
    ]);
    const mean = 2 / 4;
    const at = (sku: string): number => model.repeat[model.skus.indexOf(sku)] ?? NaN;
    expect(at('a')).toBeCloseTo((2 + 20 * mean) / (2 + 20), 5);
    expect(at('b')).toBeCloseTo((0 + 20 * mean) / (2 + 20), 5);
    expect(model.gapDays[0]).toBeCloseTo(10, 5);
    expect(model.perBuyer[0]).toBeCloseTo((3 + 5 * 2) / (1 + 5), 5);
  });

  it('counts no pair that was seen once', async () => {
    const model = await trainModel([{ visits: [visit(1, 'a', 'b')] }]);
    expect(model.customers.item).toHaveLength(0);
  });

  it('gives the same model for the same customers, listed or streamed', async () => {
    async function* streamed() {
      for (const customer of cafeCustomers) yield await Promise.resolve(customer);
    }
    expect(await trainModel(streamed())).toEqual(await cafeModel());
  });

  it('takes the time of the newest visit for its own, unless told', async () => {
    expect((await cafeModel()).trainedAt).toBe(NOW - 10 * DAY);
    expect((await trainModel(cafeCustomers, { trainedAt: 5 })).trainedAt).toBe(5);
    expect((await trainModel([{ visits: [{ items: ['a'] }] }])).trainedAt).toBe(0);
  });

  it('keeps to its caps', async () => {
    const model = await trainModel(cafeCustomers, { maxItems: 3, neighbours: 1 });
    expect(model.skus).toHaveLength(3);
    expect([...model.next.item].every((item) => item < 3)).toBe(true);
    expect(model.next.item.length).toBeLessThanOrEqual(3);
  });

  it('makes an empty model of nobody', async () => {
    const model = await trainModel([]);
    expect(decodeModel(encodeModel(model))).toEqual(model);
  });
});

describe('encodeModel and decodeModel', () => {
  it('give back skus, visits and neighbours as they were, the rest within a step', async () => {
    const model = await cafeModel();
    const back = decodeModel(encodeModel(model));
    expect(back.skus).toEqual(model.skus);
    expect(back.visits).toEqual(model.visits);
    expect(back.trainedAt).toBe(model.trainedAt);
    model.repeat.forEach((value, i) =>
      expect(Math.abs((back.repeat[i] ?? 9) - value)).toBeLessThanOrEqual(0.5 / 255 + 1e-6),
    );
    for (const table of ['next', 'customers'] as const)
      for (const sku of model.skus) {
        const was = neighbours(model, model[table], sku);
        const is = neighbours(back, back[table], sku);
        expect(new Set(is.map((one) => one.sku))).toEqual(new Set(was.map((one) => one.sku)));
        for (const { sku: other, weight } of was) {
          const kept = is.find((one) => one.sku === other)?.weight ?? 0;
          expect(Math.abs(Math.log(kept / weight))).toBeLessThanOrEqual(Math.log(1.59) / 2 + 0.01);
        }
      }
  });

  it('carries skus of any text', async () => {
    const skus = ['__proto__', '<b>', 'a\u202eb', '\ud800', '\u0000', '', 'x'.repeat(10_000), '😀'];
    const model = await trainModel([{ visits: [visit(1, ...skus)] }]);
    expect(new Set(decodeModel(encodeModel(model)).skus)).toEqual(new Set(skus));
  });

  it('reads a view into a larger buffer', async () => {
    const bytes = encodeModel(await cafeModel());
    const larger = new Uint8Array(bytes.length + 20);
    larger.set(bytes, 7);
    expect(decodeModel(larger.subarray(7, 7 + bytes.length))).toEqual(decodeModel(bytes));
  });

  it.each([
    ['text', () => 'RGLM' as never],
    ['nothing', () => new Uint8Array()],
    ['another file', () => new TextEncoder().encode('<!doctype html><title>Not found</title>')],
    ['a newer version', (bytes: Uint8Array) => forged(bytes, (copy) => (copy[4] = 2))],
    ['a changed byte', (bytes: Uint8Array) => bytes.map((byte, i) => (i === 40 ? byte ^ 1 : byte))],
    [
      'one byte too many',
      (bytes: Uint8Array) => forged(Uint8Array.of(...bytes, 0), () => undefined),
    ],
    [
      'skus longer than the file',
      (bytes: Uint8Array) => forged(bytes, (copy) => copy.fill(255, 17, 21)),
    ],
    ['an endless number', (bytes: Uint8Array) => forged(bytes, (copy) => copy.fill(128, 17))],
    ['skus that are no list', (bytes: Uint8Array) => forged(bytes, (copy) => (copy[18] = 0x7b))],
  ])('refuse %s with the code for it', async (_name, make) => {
    const bytes = make(encodeModel(await cafeModel()));
    expect(() => decodeModel(bytes)).toThrow(
      expect.objectContaining({ code: 'ERR_MODEL_INVALID' }),
    );
  });
});
