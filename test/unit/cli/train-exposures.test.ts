import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readExposures } from '../../../src/cli/train-exposures.js';
import { emptyState } from '../../../src/profile/fold-records.js';

const HOUR = 3_600_000;
const AT = 1_770_000_000_000;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'regulars-shown-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const io = {
  ...{ stdin: process.stdin, stdout: process.stdout, signal: new AbortController().signal },
  stderr: Object.assign(Object.create(process.stderr) as typeof process.stderr, { isTTY: false }),
};

async function read(lines: readonly unknown[], ...ids: readonly string[]) {
  const path = join(folder, 'shown.jsonl.gz');
  const text = lines.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
  writeFileSync(path, gzipSync(text.join('\n')));
  const customers = ids.map((id) => ({ id, visits: [] }));
  const { customers: found, ...counts } = await readExposures(path, customers, (id) => id, io);
  return { found: found.map(({ exposures }) => exposures), ...counts };
}

const stamp = (n: number): string => `0190a0000000-${String(n).padStart(4, '0')}-00000001`;
const record = (kind: string, n: number, data: object, subject = 'ann'): object => ({
  ...{ id: `r${n}`, shop: 's', subject, kind, stamp: stamp(n), by: 'device:1', data },
});
const counts = (shown: number, accepted: number) => ({ shown, accepted, ignored: 0, viewed: 0 });
const exposure = (visit: string, items: object, at = AT) => ({ visit, at, items });
const dismissal = (sku: string, at: number) => ({
  ...{ at, reason: 'not-now', target: { kind: 'item', sku } },
});

describe('what was offered, in a file', () => {
  it('is of each visit and device what was written last, from records of a server or an export', async () => {
    const early = record('exposure', 1, exposure('v', { tea: counts(1, 0) }));
    const late = record('exposure', 2, exposure('v', { tea: counts(2, 1) }));
    const other = { ...record('exposure', 1, exposure('v', { mug: counts(1, 0) })), by: 'staff:1' };
    for (const lines of [
      [early, late, other],
      [late, other, early],
    ]) {
      const { found, read: all, used } = await read([...lines, { record: late }], 'ann', 'bob');
      expect(found[0]).toHaveLength(2);
      expect(found[0]).toContainEqual({ at: AT, items: { tea: counts(2, 1) } });
      expect(found[1]).toEqual([]);
      expect([all, used]).toEqual([4, 2]);
    }
  });

  it('is read from what a compacted log has of it', async () => {
    const data = exposure('v', { tea: counts(2, 1) });
    const entry = { stamp: stamp(1), data, record: 'r1' };
    const exposures = { [JSON.stringify(['v', 'device:1'])]: entry };
    const gone = { d: { stamp: stamp(1), data: dismissal('tea', AT), record: 'd' } };
    const state = { ...emptyState, exposures, dismissals: gone };
    const base = record('base', 9, { through: 1, state });
    const { found, read: all } = await read([record('exposure', 1, data), base], 'ann');
    expect(found[0]).toEqual([{ at: AT, items: { tea: { ...counts(2, 1), dismissed: true } } }]);
    expect(all).toBe(2);
  });

  it('has what was dismissed at that visit, not what was dismissed on another day', async () => {
    const items = { tea: counts(1, 0), mug: counts(1, 0), pie: counts(1, 1) };
    const { found } = await read(
      [
        record('exposure', 1, exposure('v', items)),
        record('dismissal', 2, dismissal('tea', AT + HOUR)),
        record('dismissal', 3, dismissal('mug', AT + 30 * HOUR)),
        record('dismissal', 4, { ...dismissal('', AT), target: { kind: 'usual', skus: ['pie'] } }),
        record('dismissal', 5, dismissal('pie', AT), 'bob'),
      ],
      'ann',
    );
    expect(found[0]).toEqual([
      { at: AT, items: { ...items, tea: { ...counts(1, 0), dismissed: true } } },
    ]);
  });

  it("is of the account whose orders they are, in lines of a shop's own", async () => {
    const items = { tea: { shown: 1, accepted: 1 }, mug: { shown: 2, dismissed: true } };
    const { found } = await read(
      [
        { customer: 7, at: new Date(AT).toISOString(), items },
        { customer: 'b', at: AT / 1000, items: { tea: { shown: 1, accepted: 0 } } },
      ],
      ...['account\n7', 'b', 'c'],
    );
    const mug = { shown: 2, accepted: 0, dismissed: true };
    expect(found).toEqual([
      [{ at: AT, items: { tea: { shown: 1, accepted: 1 }, mug } }],
      [{ at: AT, items: { tea: { shown: 1, accepted: 0 } } }],
      [],
    ]);
  });

  it('is nothing where a line says nothing', async () => {
    const { found, read: all } = await read(
      [
        ...['', '{"cut', 'null', '7', '[]', '{"record":null}', '{"record":{"kind":"exposure"}}'],
        { customer: 'ann', at: 'soon', items: { tea: { shown: 1, accepted: 1 } } },
        { customer: 'ann', at: AT, items: [1, 2] },
        { customer: {}, at: AT, items: {} },
        { customer: 'ann', at: AT, items: { tea: { shown: -1 }, mug: null, pie: { shown: 'x' } } },
        // no number can be made of an object without a prototype's ways
        '{"customer":"ann","at":5,"items":{"tea":{"shown":{"toString":1,"valueOf":1}}}}',
        '{"customer":"ann","at":5,"items":{"tea":{"shown":1e999},"pie":{"accepted":[1]}}}',
        record('base', 9, { through: 1, state: { exposures: null } }),
        record('exposure', 1, { visit: 'v', at: AT, items: { tea: 'no' } }),
        record('purchase', 1, {}),
        '{"customer":"ann","at":5,"items":{"__proto__":{"shown":1,"accepted":1}}}',
      ],
      'ann',
    );
    const told = found[0]?.map(({ items }) => Object.keys(items));
    expect(told).toEqual([[], ['__proto__']]);
    expect(all).toBe(4);
  });
});
