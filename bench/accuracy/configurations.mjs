// What was chosen on validation customers is written down and committed before test customers are looked at.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import prettier from 'prettier';
import { Refusal, root } from '../../scripts/prepare.mjs';

const FILE = 'bench/accuracy/configurations.json';

/** Keys sorted at every depth: the same configuration has the same hash. */
function canonical(value) {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, canonical(value[key])]),
  );
}

/** The same configuration has the same. */
export function hashOf(configuration) {
  return createHash('sha256')
    .update(JSON.stringify(canonical(configuration)))
    .digest('hex');
}

export const readConfigurations = () => JSON.parse(readFileSync(join(root, FILE), 'utf8'));

export async function writeConfigurations(configurations) {
  const text = JSON.stringify(canonical(configurations));
  writeFileSync(join(root, FILE), await prettier.format(text, { parser: 'json', printWidth: 100 }));
}

function committed() {
  try {
    return JSON.parse(execFileSync('git', ['show', `HEAD:${FILE}`], { cwd: root, stdio: 'pipe' }));
  } catch {
    return {};
  }
}

/**
 * Throws unless each configuration that is about to run is the one that is committed. `running` and `written`: by name,
 * `ours` for the engine's own numbers, a set's name for the anchors'.
 */
export function demandWritten(running, written = committed()) {
  for (const [name, configuration] of Object.entries(running)) {
    const known = written[name];
    if (known === undefined || hashOf(known) !== hashOf(configuration))
      throw new Refusal(
        `No test figures: the configuration "${name}" is not the committed one of ${FILE}. Choose it with --split val, ` +
          'write it down with --write, commit it, then run again.',
        2,
      );
  }
}
