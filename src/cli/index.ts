// The command `regulars`.
import { run } from './run.js';

const stop = new AbortController();
process.once('SIGINT', () => stop.abort(new Error('Stopped.')));
process.once('SIGTERM', () => stop.abort(new Error('Stopped.')));
// who reads has read enough; any other failure, as that of a full disk, is told to whoever writes
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') process.exit(0);
});
const { stdin, stdout, stderr } = process;
process.exitCode = await run(process.argv.slice(2), { stdin, stdout, stderr, signal: stop.signal });
// a pipe that nobody reads to its end keeps a process alive
stdin.destroy();
