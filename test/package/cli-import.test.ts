import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeOrders } from '../../bench/support/order-files.mjs';
import { installCommand, runCommand, type Ran } from '../support/command.js';

let folder = '';
let command = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'regulars-cli-import-'));
  command = installCommand(folder);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const regulars = (args: readonly string[], input?: string | Uint8Array): Ran =>
  runCommand(command, folder, args, input);
const at = (name: string): string => join(folder, name);

interface Inspected {
  readonly customers: number;
  readonly records: { readonly [kind: string]: number };
}
const inspect = (storage: string): Inspected =>
  JSON.parse(regulars(['inspect', storage, '--json']).out) as Inspected;

describe('the command regulars import', () => {
  it('holds every parser, and says what each file is', () => {
    const files = [
      {
        orders: [{ id: 1, financial_status: 'paid', line_items: [{ sku: 'a' }], email: 'a@b.co' }],
      },
      [
        {
          id: 2,
          order_key: 'k',
          line_items: [{ sku: 'a', quantity: 1 }],
          billing: { email: 'a@b.co' },
        },
      ],
      { order: { id: 'S', location_id: 'L', line_items: [{ name: 'a', quantity: '1' }] } },
      { object: 'event', data: { object: { object: 'checkout.session', id: 'cs_1' } } },
      { items: [{ increment_id: '1', items: [] }] },
      { id: 1, status_id: 10, date_created: 'x', products: [] },
      [{ guid: 'g', checks: [] }],
      { id: 'a', items: [{ plu: 'P1', name: 'Soup' }] },
      { '@context': 'https://schema.org', '@type': 'Order', orderNumber: '1' },
      [{ event: 'purchase', ecommerce: { transaction_id: 'T', items: [{ item_id: 'a' }] } }],
      { type: 'track', event: 'Order Completed', properties: { order_id: '1', products: [] } },
      [{ id: 'pos:1', lines: [{ sku: 'a' }] }],
    ].map((content, i) => {
      writeFileSync(at(`any-${i}`), JSON.stringify(content));
      return `any-${i}`;
    });
    const { out } = regulars(['import', ...files, '--dry-run']);
    const seen = [...out.matchAll(/read as +│ ([\w-]+),/g)].map(([, name]) => name);
    expect(seen).toEqual([
      ...['shopify', 'woocommerce', 'square', 'stripe', 'magento', 'bigcommerce', 'toast'],
      ...['deliverect', 'schema-org', 'ga4', 'segment', 'purchases'],
    ]);
  }, 60_000);

  it.each(['csv', 'jsonl'] as const)(
    'goes on after a kill -9 in the middle, to the same as an import that was let be: %s',
    async (kind) => {
      const file = at(`orders.${kind}`);
      await writeOrders(kind, 3000, file);
      const shop = ['--shop', 'blue-door'];
      expect(regulars(['import', file, '--into', `calm-${kind}`, ...shop]).code).toBe(0);
      const calm = inspect(`calm-${kind}`);

      const killed = `killed-${kind}`;
      const bytes = await readFile(file);
      for (const share of [0.4, 0.8]) {
        const child = spawn(process.execPath, [command, 'import', '-', '--into', killed, ...shop], {
          ...{ cwd: folder, stdio: ['pipe', 'ignore', 'ignore'] },
        });
        child.stdin.on('error', () => undefined);
        // part of the file, and no end: it is in the middle, whenever it is killed
        child.stdin.write(bytes.subarray(0, Math.floor(bytes.length * share)));
        await new Promise((resolve) => setTimeout(resolve, 2500));
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      const { code, told } = regulars(['import', file, '--into', killed, ...shop]);
      expect([code, told]).toEqual([0, expect.stringMatching(/known before [1-9]/)]);
      expect(inspect(killed)).toMatchObject({ customers: calm.customers, records: calm.records });
      expect(regulars(['import', file, '--into', killed]).told).toMatch(/^Nothing new/);
      expect(inspect(killed).records).toEqual(calm.records);
    },
    180_000,
  );

  it('reads a long file in no more memory than a short one', async () => {
    const peak = async (rows: number): Promise<number> => {
      const file = at(`long-${rows}.jsonl`);
      await writeOrders('jsonl', rows, file);
      // what is whole in memory, or held on to, would not fit
      const args = ['--max-old-space-size=48', command, 'import', file, '--dry-run'];
      const child = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' });
      const [code] = (await once(child, 'exit')) as [number];
      return code;
    };
    expect(await peak(120_000)).toBe(0); // 70 MB of text
  }, 120_000);
});
