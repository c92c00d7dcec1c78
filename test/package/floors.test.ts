import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync, copyFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/prepare.mjs';

type Files = Readonly<Record<string, string>>;

/** A small house that keeps every rule. Types go sideways, functions go up. */
const sound: Files = {
  'kernel/errors.ts': 'export class Broken extends Error {}',
  'kernel/schema.ts': "import type * as z from 'zod/mini';\nexport type F = z.ZodMiniType<string>;",
  'identity/types.ts':
    "import type { Card } from '../profile/types.js';\nexport type Level = Card;",
  'identity/normal-form.ts':
    "import { Broken } from '../kernel/errors.js';\nexport const normal = (): Broken => new Broken();",
  'profile/types.ts': 'export interface Card { readonly id: string }',
  'profile/port.ts': 'export interface Port { readonly get: () => void }',
  'profile/schema.ts':
    "import * as z from 'zod/mini';\nimport type { F } from '../kernel/schema.js';\nexport const s: F = z.string();",
  'profile/fold.ts': 'export const fold = (): number => 1;',
  'greeting/messages.ts': 'export interface Messages { readonly hi: string }',
  'greeting/choose.ts':
    "import { fold } from '../profile/fold.js';\nimport { normal } from '../identity/normal-form.js';\nexport const choose = [fold, normal];",
  'greeting/index.ts': "export { choose } from './choose.js';",
  'recommend/types.ts': 'export interface Item { readonly sku: string }',
  'recommend/rank.ts':
    "import type { Messages } from '../greeting/messages.js';\nexport const rank = (m: Messages): string => m.hi;",
  'model/train.ts': "import { rank } from '../recommend/rank.js';\nexport const train = rank;",
  'adapters/storage/memory.ts':
    "import type { Port } from '../../profile/port.js';\nexport const memory = (): Port => ({ get: () => {} });",
  'adapters/storage/indexed-db.ts':
    "import { openDB } from 'idb';\nimport { memory } from './memory.js';\nexport const idb = [openDB, memory];",
  'adapters/database/node-file.ts':
    "import fs from 'node:fs';\nexport const read = fs.readFileSync;",
  'client/create.ts':
    "import { choose } from '../greeting/choose.js';\nimport { memory } from '../adapters/storage/memory.js';\nexport const create = [choose, memory];\nexport const later = () => import('../profile/schema.js');",
  'elements/remember.ts':
    "import { create } from '../client/create.js';\nexport const el = create;",
  'react/provider.ts':
    "import { useMemo } from 'react';\nimport { create } from '../client/create.js';\nexport const use = [useMemo, create];",
  'testing/contract.ts':
    "import type { Port } from '../profile/port.js';\nimport { create } from '../client/create.js';\nimport { memory } from '../adapters/storage/memory.js';\nexport const c = (p: Port) => [p, create, memory];",
  'index.ts': "export { create } from './client/create.js';",
  'global.ts': "export { create } from './index.js';",
};

/** Each adds one file to the sound house and breaks one rule. */
const violations: readonly (readonly [rule: string, file: string, source: string])[] = [
  [
    'kernel-is-the-ground',
    'kernel/up.ts',
    "import type { Card } from '../profile/types.js';\nexport type C = Card;",
  ],
  [
    'ground-capabilities-stand-alone',
    'identity/reach.ts',
    "export { fold } from '../profile/fold.js';",
  ],
  [
    'upper-capabilities-see-the-ground',
    'recommend/sideways.ts',
    "export { choose } from '../greeting/choose.js';",
  ],
  [
    'only-model-uses-recommend',
    'greeting/offer.ts',
    "export { rank } from '../recommend/rank.js';",
  ],
  [
    'ports-and-schemas-stay-home',
    'greeting/port-user.ts',
    "import type { Port } from '../profile/port.js';\nexport type P = Port;",
  ],
  [
    'adapters-see-ports',
    'adapters/storage/clever.ts',
    "export { fold } from '../../profile/fold.js';",
  ],
  [
    'adapters-see-ports',
    'adapters/transport/neighbor.ts',
    "export { memory } from '../storage/memory.js';",
  ],
  ['client-composes', 'client/dressed.ts', "export { el } from '../elements/remember.js';"],
  ['server-has-no-browser', 'server/page.ts', "export { create } from '../client/create.js';"],
  [
    'faces-hold-no-decisions',
    'react/decides.ts',
    "export { choose } from '../greeting/choose.js';",
  ],
  ['nothing-looks-up', 'client/looks-up.ts', "export { use } from '../react/provider.js';"],
  ['testing-sees-ports', 'testing/inside.ts', "export { fold } from '../profile/fold.js';"],
  ['testing-is-a-leaf', 'client/tested.ts', "export { c } from '../testing/contract.js';"],
  ['no-barrel-inside', 'client/barrel.ts', "export { choose } from '../greeting/index.js';"],
  [
    'zod-in-schema-files',
    'client/checks.ts',
    "import * as z from 'zod/mini';\nexport const n = z.string();",
  ],
  ['zod-mini-only', 'identity/schema.ts', "import { z } from 'zod';\nexport const n = z.string();"],
  ['idb-in-one-file', 'client/opens.ts', "export { openDB } from 'idb';"],
  ['frameworks-in-their-binding', 'elements/hooked.ts', "export { useMemo } from 'react';"],
  [
    'tables-and-bars-in-the-command-line',
    'client/table.ts',
    "export { default as Table } from 'cli-table3';",
  ],
  ['no-node-core', 'client/node.ts', "export { readFileSync } from 'node:fs';"],
  ['papaparse-in-one-file', 'formats/rows.ts', "export { default as Papa } from 'papaparse';"],
  ['statistics-in-model', 'rhythm/mean.ts', "export { mean } from 'simple-statistics';"],
  [
    'fast-xml-parser-in-one-file',
    'formats/feed.ts',
    "export { XMLParser } from 'fast-xml-parser';",
  ],
  ['no-development-dependency', 'client/dev.ts', "export { assert } from 'fast-check';"],
  ['every-folder-has-a-floor', 'utils/things.ts', "export { fold } from '../profile/fold.js';"],
  ['no-orphan', 'client/dead.ts', 'export const dead = 1;'],
  ['resolvable', 'client/nowhere.ts', "export { gone } from './gone.js';"],
];

const cycle: Files = {
  'client/egg.ts':
    "import type { Hen } from './hen.js';\nexport interface Egg { readonly hen: Hen }",
  'client/hen.ts':
    "import type { Egg } from './egg.js';\nexport interface Hen { readonly egg: Egg }",
};

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Builds a house in a folder of its own and returns "rule file" for all that our rules find wrong with it. */
function inspect(files: Files): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'floors-'));
  folders.push(folder);
  for (const [name, source] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'src', name)), { recursive: true });
    writeFileSync(join(folder, 'src', name), source);
  }
  for (const name of ['package.json', 'tsconfig.json'])
    copyFileSync(join(root, name), join(folder, name));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const cli = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(root, '.dependency-cruiser.cjs');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [cli, 'src', '--config', config, '--output-type', 'json'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (!stdout.startsWith('{')) throw new Error(stderr);
  const { summary } = JSON.parse(stdout) as { summary: { violations: readonly Violation[] } };
  return summary.violations.map(({ rule, from }) => `${rule.name} ${from.replace('src/', '')}`);
}

it('a house that keeps the rules has nothing wrong with it', () => {
  expect(inspect(sound)).toEqual([]);
});

describe('a house with one violation of each rule', () => {
  let found: readonly string[] = [];
  beforeAll(() => {
    const broken = Object.fromEntries(violations.map(([, file, source]) => [file, source]));
    found = inspect({ ...sound, ...broken, ...cycle });
  });

  it.each(violations)('is refused: %s by %s', (rule, file) => {
    expect(found).toContain(`${rule} ${file}`);
  });
  it('is refused: no-cycle, although only types go round', () => {
    expect(found).toContain('no-cycle client/egg.ts');
  });
  it('and nothing of the sound part is', () => {
    const files = new Set([...violations.map(([, file]) => file), ...Object.keys(cycle)]);
    expect(found.filter((text) => !files.has(text.split(' ')[1] ?? ''))).toEqual([]);
  });
});
