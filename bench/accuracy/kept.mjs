// Results of single folds, kept as soon as they are there: a run that was cut short goes on where it was.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import prettier from 'prettier';
import { root } from '../../scripts/prepare.mjs';

const FILE = join(root, 'bench/accuracy/results.json');

/** By set and method: the key of what was measured, and of each fold its people, means and bytes. */
export function readKept() {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8'));
  } catch {
    return {}; // the first run
  }
}

/** What is kept of a fold; undefined where it is of another configuration or program. */
export function keptFold(set, method, key, fold) {
  const kept = readKept()[set]?.[method];
  return kept?.key === key ? (kept.folds[fold] ?? undefined) : undefined;
}

/** Keeps a fold. Folds of another key go, all at once. */
export async function keepFold(set, method, key, fold, result) {
  const kept = readKept();
  const methods = (kept[set] ??= {});
  if (methods[method]?.key !== key) methods[method] = { key, folds: [] };
  methods[method].folds[fold] = result;
  const json = JSON.stringify(kept, (_, value) =>
    typeof value === 'number' ? +value.toFixed(6) : value,
  );
  writeFileSync(FILE, await prettier.format(json, { parser: 'json', printWidth: 100 }));
}
