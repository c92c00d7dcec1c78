// What a bench measures is what stands in src, not what was built some time ago.
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
