import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundlePages } from '../../bench/support/pages.mjs';
import { judge, printReport } from '../../bench/support/report.mjs';
import { inRandomOrder, randomOf, summarize } from '../../bench/support/statistics.mjs';
import { judgeStorage, printStorageReport } from '../../bench/support/storage-report.mjs';
import { takeTurns } from '../../bench/support/turns.mjs';
import { root } from '../../scripts/prepare.mjs';

const CALLED = [
  'holdOpen',
  'makeCustomer',
  'markedCustomer',
  'measureCold',
  'measureFind',
  'measureRecognize',
  'measureRecord',
  'seedCustomers',
  'traceCold',
  'traceRecord',
  'verifySeeded',
];

const row = (name: string, contender: string, customers: number, median: number): object => ({
  row: name,
  contender,
  customers,
  median,
  q1: median,
  q3: median,
  n: 1,
});

describe('the bench', () => {
  it('bundles pages that have every function the bench calls', async () => {
    const scripts: ReadonlyMap<string, string> = await bundlePages();
    const exported = /export\{([^}]*)\};?\s*$/.exec(scripts.get('/main.js') ?? '')?.[1] ?? '';
    const names = exported.split(',').map((name) => name.split(' as ').at(-1) ?? '');
    expect(names.sort()).toEqual(CALLED);
  });

  it('has a peer that is idb and nothing of ours', () => {
    const peer = readFileSync(join(root, 'bench/peers/bare-idb.js'), 'utf8');
    expect([...peer.matchAll(/from '([^']+)'/g)].map(([, from]) => from)).toEqual(['idb']);
  });

  it('gives each turn its place in each round, in another order for another seed', () => {
    const order = (seed: number): readonly string[] =>
      inRandomOrder(['a', 'b', 'c'], 5, randomOf(seed)).map(
        ({ turn, round }: { turn: string; round: number }) => `${round}${turn}`,
      );
    expect(order(1).length).toBe(15);
    expect(new Set(order(1)).size).toBe(15);
    expect(order(1)).toEqual(order(1));
    expect(order(1)).not.toEqual(order(2));
  });

  it('takes medians and quartiles between two numbers where it must', () => {
    expect(summarize([4, 1, 3, 2])).toEqual({ median: 2.5, q1: 1.75, q3: 3.25, n: 4 });
  });

  it('holds the demands against the peer of the same run, and says which are missed', () => {
    const rows = [
      row('next', 'regulars', 1000, 11),
      row('next', 'one', 1000, 10),
      row('next', 'regulars', 100_000, 15),
      row('next', 'one', 100_000, 10),
    ];
    expect(judge({ rows }).map(({ value, verdict }) => [value, verdict])).toEqual([
      [1.1, 'met'],
      [1.5, 'MISSED'],
      [15 / 11, 'MISSED'],
    ]);
  });

  it('prints each row beside the baseline', () => {
    const result = (ms: number): object => ({
      browser: 'Chromium 1',
      processors: 2,
      rounds: 1,
      rows: [row('find', 'regulars', 1000, ms), row('find', 'one', 1000, 1)],
    });
    let text = '';
    printReport(result(3), result(2), (part: string) => {
      text += part;
    });
    expect(text).toMatch(/regulars .*1000 .*3\.00 ×.*2\.00 ×/);
  });

  it('measures what is slow three times only', async () => {
    const measured = { fast: 0, slow: 0 };
    const turns = (['fast', 'slow'] as const).map((contender) => ({
      row: 'open',
      contender,
      customers: 1000,
    }));
    const rows = await takeTurns('Turns', turns, 10, randomOf(1), async (turn: object) => {
      const { contender } = turn as { readonly contender: 'fast' | 'slow' };
      measured[contender]++;
      return contender === 'slow' ? 5000 : 1;
    });
    expect(rows.map(({ n }: { n: number }) => n)).toEqual([10, 3]);
    expect(measured).toEqual({ fast: 13, slow: 4 });
  });

  it('holds the storage against bare idb at each size, and its growth to what is flat', () => {
    const rows = [
      row('append', 'regulars', 1000, 12),
      row('append', 'idb', 1000, 10),
      row('append', 'regulars', 100_000, 24),
      row('append', 'idb', 100_000, 10),
      row('bulk', 'regulars', 1000, 30),
      row('bulk', 'idb', 1000, 10),
    ];
    const judged = judgeStorage({ rows });
    expect(
      judged.map(({ value, verdict }: { value: number; verdict: string }) => [value, verdict]),
    ).toEqual([
      [1.2, 'met'],
      [2.4, 'MISSED'],
      [2, 'MISSED'],
    ]);
    let text = '';
    printStorageReport(
      {
        browser: 'Chromium 1',
        processors: 2,
        minutes: 1,
        disk: [{ contender: 'regulars', customers: 1000, bytes: 5e6, seedMs: 2000 }],
        sizes: { regulars: 4400 },
        skipped: [{ contender: 'tinybase', customers: 100_000, reason: 'it took too long' }],
        rows,
      },
      undefined,
      (part: string) => {
        text += part;
      },
    );
    expect(text).toContain('left out: tinybase with 100000 customers: it took too long');
    expect(text).toMatch(/regulars .*12\.00 .*1\.20 ×.*24\.00 .*2\.40 ×.*2\.00 ×/);
  });

  it('installs its peers from a lock file of their own that names each version and no place', () => {
    const folder = join(root, 'bench/storage-peers');
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    const { dependencies } = JSON.parse(read('package.json')) as {
      readonly dependencies: { readonly [name: string]: string };
    };
    expect(Object.values(dependencies).every((version) => /^\d+\.\d+\.\d+$/.test(version))).toBe(
      true,
    );
    expect(read('package-lock.json')).not.toContain('"resolved"');
    expect(read('.npmrc')).toBe(readFileSync(join(root, '.npmrc'), 'utf8'));
  });
});
