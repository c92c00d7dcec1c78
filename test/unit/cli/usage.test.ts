import { expect, it } from 'vitest';
import { ALLOWED, readArguments } from '../../../src/cli/arguments.js';
import { COMMANDS, usageOf } from '../../../src/cli/usage.js';
import { regulars } from '../../support/run-command.js';

it('lists the commands, each in a line', async () => {
  const { code, out } = await regulars(['--help']);
  expect(code).toBe(0);
  expect(out.split('\n').length).toBeLessThan(15);
  for (const name of COMMANDS) expect(out).toMatch(new RegExp(`^  ${name} .*  \\S`, 'm'));
});

it.each(COMMANDS)(
  'says with %s --help how it is called, with each of its options',
  async (name) => {
    const { code, out } = await regulars([name, '--help']);
    expect(code).toBe(0);
    expect(out.startsWith(`Usage: regulars ${name} `)).toBe(true);
    for (const option of ALLOWED[name])
      expect(out, option).toMatch(new RegExp(`--${option}(?![\\w-])`));
    // and none that it would refuse
    const shown = [...out.matchAll(/--([a-z][\w-]*)/g)].map(([, option]) => option);
    expect(shown.filter((option) => !ALLOWED[name].some((own) => own === option))).toEqual([]);
  },
);

it('shows all commands for one that there is not', () => {
  expect(readArguments(['dance', '--help'])).toEqual({ kind: 'help', of: undefined });
  expect(readArguments(['-h', 'serve'])).toEqual({ kind: 'help', of: 'serve' });
  for (const line of usageOf(undefined).split('\n')) expect(line.length).toBeLessThan(121);
});

it('names the help of the command that was called the wrong way', async () => {
  expect((await regulars(['serve', '--port', 'x'])).told).toContain('(regulars serve --help says');
  expect((await regulars(['dance'])).told).toContain('(regulars --help says');
});
