// What a bench measures is what stands in src, not what was built some time ago.
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../../scripts/prepare.mjs';

/** Everything that these lines export; paths are seen from the root of the repository. */
export async function fromSource(contents) {
  const text = await textOf(contents);
  return import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`);
}

/** What these lines and all that they reach are as one module. */
export async function textOf(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
  });
  const [{ text }] = outputFiles;
  return text;
}

/**
 * Everything that these lines of TypeScript export, the tests' tools among it, as a file beside which Node finds what is installed:
 * `name` is that of the bench.
 */
export async function fromTests(name, contents) {
  const outfile = join(root, `node_modules/.cache/regulars/bench-${name}.mjs`);
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    ...{ bundle: true, outfile, format: 'esm', platform: 'node', target: 'node20' },
    ...{ logLevel: 'error', packages: 'external' },
    // what stands beside the source it was written in
    define: { 'import.meta.dirname': JSON.stringify(join(root, 'test/support')) },
  });
  return import(outfile);
}
