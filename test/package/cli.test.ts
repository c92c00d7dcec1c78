import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/prepare.mjs';
import { installCommand, runCommand, type Ran } from '../support/command.js';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
};
let folder = '';
let command = '';

const regulars = (args: readonly string[], input?: string): Ran =>
  runCommand(command, folder, args, input);

const purchases = (count: number): string =>
  Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      id: `pos:${i}`,
      at: 1_700_000_000_000 + i * 1000,
      lines: [{ sku: 'latte', name: 'Latte' }],
      customer: { ids: [{ kind: 'phone', value: `425555${1000 + (i % 20)}` }] },
    }),
  ).join('\n');

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'regulars-cli-'));
  command = installCommand(folder);
  writeFileSync(join(folder, 'orders.jsonl'), `${purchases(200)}\nno purchase\n`);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the command regulars', () => {
  it('says which version it is and how it is used', () => {
    expect(regulars(['--version'])).toEqual({ code: 0, out: `${manifest.version}\n`, told: '' });
    const { code, out } = regulars(['--help']);
    expect(code).toBe(0);
    for (const word of ['inspect', 'export', 'import', 'train', 'serve', 'device', 'token'])
      expect(out).toContain(word);
    expect(regulars(['import', '--help']).out).toContain('--dry-run');
  });

  it.each([
    [[], 'Name a command'],
    [['dance'], 'no command "dance"'],
    [['inspect'], 'needs a folder'],
    [['inspect', 'a', 'b'], 'also "b"'],
    [['inspect', 'a', '--into', 'b'], 'no option --into'],
    [['import', 'orders.jsonl'], '--into'],
    [['export', '--color'], '--color'],
  ])('refuses %j with 2, in one line', (args, reason) => {
    const { code, out, told } = regulars(args);
    expect([code, out]).toEqual([2, '']);
    expect(told).toContain(reason);
    expect(told.trim().split('\n')).toHaveLength(1);
  });

  it.each([
    [['inspect', 'nowhere'], 'nowhere'],
    [['export', 'nowhere'], 'nowhere'],
    [['import', 'nowhere', '--into', 'x', '--shop', 'a'], 'nowhere'],
    [['inspect', 'orders.jsonl'], 'ERR_IMPORT_INVALID'],
  ])('fails with 1, in one line without a stack: %j', (args, reason) => {
    const { code, told } = regulars(args);
    expect(code).toBe(1);
    expect(told).toContain(reason);
    expect(told.trim().split('\n')).toHaveLength(1);
  });

  it('imports purchases, shows them, and moves them to another folder through a pipe', () => {
    const shop = ['--shop', 'blue-door', '--region', 'US'];
    const first = regulars(['import', 'orders.jsonl', '--into', 'till', ...shop]);
    expect(first.told).toContain('Imported 200, known before 0, new customers 20, set aside 1.');
    expect([first.code, first.out]).toEqual([0, '']);
    const again = regulars(['import', 'orders.jsonl', '--into', 'till', '--region', 'US']);
    expect(again.told).toContain('Imported 0, known before 200');

    const seen = regulars(['inspect', 'till', '--json']);
    expect(JSON.parse(seen.out)).toMatchObject({
      ...{ shop: 'blue-door', customers: 20, records: { purchase: 200, link: 20 } },
    });
    const table = regulars(['inspect', 'till']).out;
    expect(table).toContain('purchase');
    expect(table).not.toContain('\u001b');

    const exported = regulars(['export', 'till']);
    expect(exported.code).toBe(0);
    const moved = regulars(['import', '-', '--into', 'other'], exported.out);
    expect(moved.told).toContain('Imported 220, known before 0.');
    expect(moved.told).toContain('another key');
    const [line = ''] = exported.out.split('\n').filter((each) => each.includes('"purchase"'));
    const { subject } = (JSON.parse(line) as { record: { subject: string } }).record;
    expect(regulars(['inspect', 'other', '--customer', subject]).out).toContain('pos:');
    expect(regulars(['inspect', 'other', '--customer', 'nobody']).code).toBe(1);
    expect(regulars(['inspect', 'other', '--shop', 'red-door']).code).toBe(1);

    expect(regulars(['export', 'till', '-o', 'out.jsonl'])).toMatchObject({ code: 0, out: '' });
    expect(readFileSync(join(folder, 'out.jsonl'), 'utf8').split('\n')).toHaveLength(223);
    const whole = regulars(['inspect', 'out.jsonl', '--json']).out;
    expect(JSON.parse(whole)).toMatchObject({ complete: true, waiting: { records: 220 } });
    const cut = exported.out.slice(0, 5000);
    expect(regulars(['import', '-', '--into', 'other'], cut)).toMatchObject({ code: 1 });
  }, 60_000);

  it('stops on Ctrl-C, says how to go on, and does', async () => {
    const child = spawn(
      process.execPath,
      [command, 'import', '-', '--into', 'stopped', '--shop', 'blue-door', '--region', 'US'],
      { cwd: folder, stdio: ['pipe', 'ignore', 'pipe'] },
    );
    let told = '';
    child.stderr.on('data', (piece: Buffer) => (told += piece.toString()));
    child.stdin.on('error', () => undefined);
    child.stdin.write(`${purchases(200)}\n`); // and nothing more: it waits
    await new Promise((resolve) => setTimeout(resolve, 3000));
    child.kill('SIGINT');
    const [code] = (await once(child, 'exit')) as [number];
    expect(told).toContain('Stopped. What was imported stays; run the same command again');
    expect(code).toBe(130);
    const again = ['import', 'orders.jsonl', '--into', 'stopped', '--region', 'US'];
    expect(regulars(again).code).toBe(0);
    const seen = regulars(['inspect', 'stopped', '--json']).out;
    expect(JSON.parse(seen)).toMatchObject({ customers: 20, records: { purchase: 200 } });
  }, 60_000);

  it('stops on Ctrl-C while a pipe says nothing', async () => {
    const child = spawn(process.execPath, [command, 'inspect', '-'], {
      ...{ cwd: folder, stdio: ['pipe', 'ignore', 'ignore'] },
    });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.kill('SIGINT');
    setTimeout(() => child.kill('SIGKILL'), 5000).unref();
    expect(await once(child, 'exit')).toEqual([130, null]);
  }, 20_000);

  it.runIf(process.platform === 'linux')(
    'fails where standard output has no room',
    () => {
      const shop = ['--shop', 'blue-door', '--region', 'US'];
      regulars(['import', 'orders.jsonl', '--into', 'full', ...shop]);
      for (const verb of ['export', 'inspect']) {
        const full = openSync('/dev/full', 'w');
        const { status, stderr } = spawnSync(process.execPath, [command, verb, 'full'], {
          ...{ cwd: folder, encoding: 'utf8', stdio: ['ignore', full, 'pipe'] },
        });
        closeSync(full);
        expect([verb, status]).toEqual([verb, 1]);
        expect(stderr).toContain('ENOSPC');
      }
    },
    60_000,
  );

  it('makes no storage where it only reads, whatever the shop is called', () => {
    const long = `shop ${'é'.repeat(60)}`;
    regulars(['import', 'orders.jsonl', '--into', 'read', '--shop', 'Бар', '--region', 'US']);
    regulars(['import', 'orders.jsonl', '--into', 'read', '--shop', long, '--region', 'US']);
    const before = readdirSync(join(folder, 'read'));
    expect(before).toHaveLength(2);
    expect(regulars(['inspect', 'read', '--json']).out).toContain('"shop": "Бар"');
    expect(regulars(['inspect', 'read', '--json', '--shop', long]).out).toContain(
      '"customers": 20',
    );
    expect(regulars(['inspect', 'read', '--shop', 'ü']).code).toBe(1);
    expect(regulars(['export', 'read', '--shop', 'x'.repeat(200)]).code).toBe(1);
    expect(regulars(['inspect', 'read', '--shop', '']).code).toBe(2);
    expect(readdirSync(join(folder, 'read'))).toEqual(before);
  }, 60_000);

  it('fails where a file is nothing that is read, soon too where it is one endless line', () => {
    const into = ['--into', 'none', '--shop', 'blue-door'];
    const { code, told } = regulars(['import', '-', ...into], `id;date\n1;2026-03-01\n`);
    expect([code, told]).toEqual([1, expect.stringContaining('CSV with the columns id, date')]);
    const begun = Date.now();
    expect(regulars(['import', '-', ...into], 'x'.repeat(300_000)).code).toBe(1);
    expect(Date.now() - begun).toBeLessThan(4000);
    expect(regulars(['import', 'orders.jsonl', '--into', 'nowhere-yet']).code).toBe(2);
  }, 60_000);

  it('holds the licences of what it is built with', () => {
    const text = readFileSync(command, 'utf8');
    expect(text.startsWith('#!/usr/bin/env node\n')).toBe(true);
    for (const name of [
      'cli-table3 ',
      'cli-progress ',
      'string-width ',
      'papaparse ',
      'stream-json ',
    ])
      expect(text.slice(text.lastIndexOf('/*'))).toContain(name);
  });
});
