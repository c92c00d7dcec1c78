import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/prepare.mjs';

/** Asks for a browser where only what `env` names can be found. */
function find(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { readonly code: number | null; readonly told: string } {
  const script = join(root, 'scripts/browsers.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    env: { PATH: '', ...env },
  });
  return { code: status, told: stdout + stderr };
}

/** What the tests would run in, as `BROWSERS` says. */
function toTest(name: string, env: Readonly<Record<string, string>>): string {
  const code = `import('./scripts/browsers.mjs').then(({ browserToTest }) => browserToTest('${name}')).then(console.log, (error) => console.log(error.message))`;
  const { stdout } = spawnSync(process.execPath, ['-e', code], {
    encoding: 'utf8',
    cwd: root,
    env: { PATH: '', ...env },
  });
  return stdout.trim();
}

const RUNNABLE = process.execPath;

describe('finding a browser', () => {
  it('takes the one that the variable names', () => {
    expect(find(['firefox'], { FIREFOX_PATH: RUNNABLE })).toEqual({
      code: 0,
      told: `firefox ${RUNNABLE}\n`,
    });
  });

  it('refuses a variable that names nothing to run: a typing error must not end in another browser', () => {
    const { code, told } = find(['firefox'], { FIREFOX_PATH: '/nowhere' });
    expect([code, told]).toEqual([1, 'FIREFOX_PATH=/nowhere is not an executable file\n']);
  });

  it('finds no WebKit without its driver, and says what is missing for one that is named', () => {
    expect(find(['webkit'])).toEqual({ code: 0, told: 'webkit not found\n' });
    expect(find(['webkit'], { WEBKIT_PATH: RUNNABLE })).toEqual({
      code: 1,
      told: 'WEBKIT_PATH is of no use without WebKitWebDriver and Xvfb on the PATH\n',
    });
  });

  it.each(['safari', 'constructor'])('knows no %s', (name) => {
    const { code, told } = find([name]);
    expect([code, told]).toEqual([1, `"${name}" is none of chromium, firefox, webkit\n`]);
  });
});

describe('BROWSERS', () => {
  it('leaves out engines that it does not name, although they are there', () => {
    const env = { FIREFOX_PATH: RUNNABLE };
    expect(toTest('firefox', env)).toBe(RUNNABLE);
    expect(toTest('firefox', { ...env, BROWSERS: 'firefox,chromium' })).toBe(RUNNABLE);
    expect(toTest('firefox', { ...env, BROWSERS: 'chromium' })).toBe('undefined');
  });

  it('makes an engine that is missing an error', () => {
    expect(toTest('webkit', {})).toBe('undefined');
    expect(toTest('webkit', { BROWSERS: 'webkit' })).toMatch(/^webkit is not installed: node /);
  });

  it('refuses engines that do not exist', () => {
    expect(toTest('chromium', { BROWSERS: 'chromium,safari' })).toMatch(/^BROWSERS names safari;/);
  });
});
