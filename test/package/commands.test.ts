import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkNode, isInstalled, root } from '../../scripts/prepare.mjs';

function run(script: string, ...args: readonly string[]): { code: number | null; told: string } {
  const file = join(root, 'scripts', script);
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    encoding: 'utf8',
    cwd: '/', // wherever the command is typed
  });
  return { code: status, told: stdout + stderr };
}

describe('npm start', () => {
  it('prints its options', () => {
    const { code, told } = run('start.mjs', '--help');
    expect(code).toBe(0);
    for (const option of ['--print', '--customer ID', '--port N']) expect(told).toContain(option);
  });

  it.each([
    [['--colour'], '--colour'],
    [['extra'], 'extra'],
    [['--customer'], '--customer'],
    [['--customer', ' '], '--customer needs'],
    [['--port', 'http'], '"http"'],
    [['--port', '0'], '"0"'],
    [['--port', '65536'], '"65536"'],
    [['--port=-1'], '"-1"'],
  ])('refuses %j with exit code 2 and says why, without a stack', (args, reason) => {
    const { code, told } = run('start.mjs', ...args);
    expect(code).toBe(2);
    expect(told).toContain(reason);
    expect(told).not.toMatch(/^ {4}at /m);
  });

  it('refuses a customer who is not in the sample with exit code 2, and names the id', () => {
    const { code, told } = run('start.mjs', '--customer', '<img src=x onerror=alert(1)>');
    expect(told).toContain('<img src=x onerror=alert(1)>');
    expect(told).not.toMatch(/^ {4}at /m);
    expect(code).toBe(2);
  });
});

describe('npm run check', () => {
  it('refuses a gate that does not exist, and names those that do', () => {
    const { code, told } = run('check.mjs', 'lint', 'vibes');
    expect(code).toBe(2);
    expect(told).toMatch(/No gate "vibes".*floors/);
  });
});

describe('preparing', () => {
  it.each(['18.20.4', '20.18.3', '19.99.0'])('refuses Node %s', (version) => {
    expect(() => checkNode(version)).toThrow(
      `Regulars needs Node 20.19 or newer; this is ${version}.`,
    );
  });
  it.each(['20.19.0', '22.0.0', '26.10.1'])('takes Node %s', (version) => {
    expect(() => checkNode(version)).not.toThrow();
  });
  it('knows that what these tests run on is installed', () => {
    expect(isInstalled()).toBe(true);
  });
});
