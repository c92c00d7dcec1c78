// Takes a fresh clone to the point where things can run: the right Node, the dependencies of the lock file, an up-to-date dist.
// Only Node's own modules here, and imports that an old Node can link too: this file is what tells it that it is too old.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder, whatever the working directory. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const at = (...parts) => join(root, ...parts);
const readJson = (...parts) => JSON.parse(fs.readFileSync(at(...parts), 'utf8'));
const stamps = at('node_modules', '.cache', 'regulars');

/** What is told to the person who typed the command, without a stack. */
export class Refusal extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs a command's main function; a refusal becomes its message and its exit code. */
export async function main(run) {
  try {
    await run();
  } catch (error) {
    // an option that does not exist is the typist's mistake as well
    const mistyped = String(error.code).startsWith('ERR_PARSE_ARGS');
    process.exitCode = mistyped ? 2 : error instanceof Refusal ? error.exitCode : 1;
    process.stderr.write(`${mistyped || error instanceof Refusal ? error.message : error.stack}\n`);
  }
}

/** Refuses a Node older than `engines` in package.json allows. */
export function checkNode(version = process.versions.node) {
  const [major, minor] = readJson('package.json').engines.node.replace('>=', '').split('.');
  const [ownMajor, ownMinor] = version.split('.');
  if (+ownMajor > +major || (+ownMajor === +major && +ownMinor >= +minor)) return;
  throw new Refusal(`Regulars needs Node ${major}.${minor} or newer; this is ${version}.`);
}

/** Runs a step and says in one line what it was and how long it took; its own output only when it fails. */
async function step(name, run) {
  const started = Date.now();
  process.stderr.write(`${name} … `);
  try {
    await run();
  } catch (error) {
    process.stderr.write('failed\n');
    throw error;
  }
  process.stderr.write(`${((Date.now() - started) / 1000).toFixed(1)} s\n`);
}

/** Runs a program quietly; rejects with all that it printed. */
function quietly(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new Refusal(
            `${Buffer.concat(output).toString()}\n${[command, ...args].join(' ')}: exit ${code}`,
          ),
        );
    });
  });
}

/** Whether node_modules of a folder holds what its package-lock.json asks for, by npm's own list of what it installed. */
export function isInstalled(folder = '') {
  let have;
  try {
    have = readJson(folder, 'node_modules', '.package-lock.json').packages;
  } catch {
    return false; // never installed, or not by npm
  }
  const wanted = Object.entries(readJson(folder, 'package-lock.json').packages);
  return wanted.every(([path, { version, integrity, optional, devOptional, peer }]) => {
    if (path === '') return true;
    const found = have[path];
    // Packages for other systems are in the lock file and never in node_modules.
    if (found === undefined) return Boolean(optional || devOptional || peer);
    return found.version === version && found.integrity === integrity;
  });
}

/** Installs the dependencies of a folder's lock file, unless they are there. */
export async function install(folder = '') {
  if (isInstalled(folder)) return;
  const cwd = at(folder);
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  await step('Installing dependencies', () =>
    npm !== undefined && /\.c?js$/.test(npm)
      ? quietly(process.execPath, [npm, ...args], { cwd })
      : quietly('npm', args, { cwd, shell: process.platform === 'win32' }),
  );
}

/** One hash over all files below `paths`, their names included. */
function hashOf(paths, skip = []) {
  const hash = createHash('sha256');
  const visit = (path) => {
    const name = relative(root, path).split(sep).join('/');
    if (skip.includes(name) || !fs.existsSync(path)) return;
    if (fs.statSync(path).isDirectory()) {
      for (const child of fs.readdirSync(path).sort()) visit(join(path, child));
    } else hash.update(`${name}\0`).update(fs.readFileSync(path)).update('\0');
  };
  for (const path of paths) visit(at(path));
  return hash.digest('hex');
}

/** Runs `make` unless it already ran for the same inputs and its result is still there. */
async function unlessDone(name, { inputs, skip, result, always = false }, make) {
  const stamp = join(stamps, name);
  const hash = hashOf(inputs, skip);
  const done = fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === hash;
  if (done && !always && fs.existsSync(at(result))) return;
  fs.rmSync(stamp, { force: true });
  await make();
  fs.mkdirSync(stamps, { recursive: true });
  fs.writeFileSync(stamp, hash);
}

/** Builds dist, unless it was built from these very sources. */
export async function build({ always = false } = {}) {
  const inputs = ['src', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsup.config.ts'];
  inputs.push('scripts/entries.mjs');
  await unlessDone('dist', { inputs, result: 'dist/index.js', always }, () =>
    step('Building the library', async () => {
      fs.rmSync(at('dist'), { recursive: true, force: true });
      await quietly(process.execPath, [at('node_modules/tsup/dist/cli-default.js')]);
    }),
  );
}

/** Builds the example pages against dist, unless they were built from these very files. */
export async function buildExamples({ always = false } = {}) {
  const inputs = ['examples', 'dist', 'package-lock.json'];
  const skip = ['examples/dist', 'examples/.generated'];
  await unlessDone('examples', { inputs, skip, result: 'examples/dist', always }, () =>
    step('Building the examples', () =>
      quietly(process.execPath, [at('node_modules/vite/bin/vite.js'), 'build', 'examples']),
    ),
  );
}

/** All of it: Node, dependencies, dist. */
export async function prepare() {
  checkNode();
  await install();
  await build();
}
