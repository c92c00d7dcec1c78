import { PassThrough, Readable } from 'node:stream';
import { run } from '../../src/cli/run.js';

/** What the command said, and how it ended. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly told: string;
}

/** Runs the command `regulars` in this process, without a terminal. */
export async function regulars(
  args: readonly string[],
  {
    input = '',
    stop = new AbortController(),
  }: { readonly input?: string | Uint8Array; readonly stop?: AbortController } = {},
): Promise<Ran> {
  const said = { out: '', told: '' };
  const sink = (key: 'out' | 'told'): PassThrough => {
    const stream = new PassThrough();
    stream.on('data', (piece: Buffer) => (said[key] += piece.toString()));
    return stream;
  };
  const [stdout, stderr] = [sink('out'), sink('told')];
  const stdin = Readable.from([Buffer.from(input)]);
  const code = await run(args, { stdin, stdout, stderr, signal: stop.signal });
  await new Promise((resolve) => setImmediate(resolve));
  return { code, ...said };
}
