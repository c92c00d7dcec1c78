// Runs the gates: every "check:…" of package.json in its order, or those named. node scripts/check.mjs [--except name,…] [name …]
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { checkNode, install, main, Refusal, root } from './prepare.mjs';
import { join } from 'node:path';

const { scripts } = JSON.parse(fs.readFileSync(join(root, 'package.json'), 'utf8'));
const known = Object.keys(scripts).flatMap((name) => /^check:(.+)$/.exec(name)?.[1] ?? []);

function chosen(args) {
  const at = args.indexOf('--except');
  const except = at < 0 ? [] : (args[at + 1] ?? '').split(',');
  const named = at < 0 ? args : args.toSpliced(at, 2);
  const strange = [...except, ...named].filter((name) => !known.includes(name));
  if (strange.length > 0)
    throw new Refusal(`No gate "${strange.join('", "')}"; there are ${known.join(', ')}.`, 2);
  return known.filter((name) => !except.includes(name) && (!named.length || named.includes(name)));
}

await main(async () => {
  const gates = chosen(process.argv.slice(2));
  checkNode();
  await install();
  const failed = [];
  for (const gate of gates) {
    const started = Date.now();
    // The test gate talks for minutes; the others only matter when they fail.
    const stdio = gate === 'test' ? 'inherit' : 'pipe';
    const args = ['run', '--silent', `check:${gate}`];
    const shell = process.platform === 'win32';
    const { status, stdout, stderr } = spawnSync('npm', args, {
      cwd: root,
      encoding: 'utf8',
      stdio,
      shell,
    });
    const verdict = status === 0 ? 'ok' : 'FAILED';
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    if (status !== 0) {
      failed.push(gate);
      process.stdout.write(`\n${stdout ?? ''}${stderr ?? ''}\n`);
    }
    process.stdout.write(`${gate.padEnd(9)} ${verdict.padEnd(6)} ${seconds.padStart(6)} s\n`);
  }
  if (failed.length > 0)
    throw new Refusal(`Failed: ${failed.map((gate) => `npm run check:${gate}`).join(', ')}`);
});
