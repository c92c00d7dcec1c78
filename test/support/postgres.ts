import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A PostgreSQL of a test's own, in a folder of its own. */
export interface TestPostgres {
  readonly url: string;
  /** Kills it as a power cut would, all of its processes at once. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same port and folder. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const DEBIAN = '/usr/lib/postgresql'; // every version beside the others, off the PATH

/** The folder of `initdb` and `postgres`; undefined where there is none. */
function programs(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  return [
    ...versions.sort((a, b) => Number(b) - Number(a)).map((one) => join(DEBIAN, one, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ].find((folder) => existsSync(join(folder, 'initdb')));
}

/** True where a real PostgreSQL can be started. The tests that need one are skipped elsewhere, and say so. */
export const hasPostgres: boolean = programs() !== undefined;

/** A port that nobody listens at. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { readonly port: number };
      server.close(() => {
        resolve(port);
      });
    });
  });

/** PostgreSQL refuses root: an account without rights runs it, and owns its folder. */
function account(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const user = spawnSync('id', ['-u', 'postgres']).status === 0 ? 'postgres' : 'nobody';
  const id = (flag: string): number => Number(execFileSync('id', [flag, user]));
  return { uid: id('-u'), gid: id('-g') };
}

/**
 * Starts one. `durable` makes it survive `kill` with everything it has acknowledged, as a shop's would; without it is several times faster.
 * Rejects where there is none: see `hasPostgres`.
 */
export async function startPostgres({ durable = false } = {}): Promise<TestPostgres> {
  const bin = programs();
  if (bin === undefined) throw new Error('There is no PostgreSQL here: apt-get install postgresql');
  const as = account();
  const folder = mkdtempSync(join(tmpdir(), 'regulars-pg-'));
  if (as.uid !== undefined && as.gid !== undefined) chownSync(folder, as.uid, as.gid);
  const how = { ...as, cwd: folder, stdio: 'ignore' as const };
  execFileSync(
    join(bin, 'initdb'),
    ['-D', 'data', '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'],
    how,
  );
  const port = await freePort();
  const settings = [
    'listen_addresses=127.0.0.1',
    ...(durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ].flatMap((setting) => ['-c', setting]);
  const args = ['-D', 'data', '-p', String(port), '-k', folder, ...settings];
  let server: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const running = server;
    server = undefined;
    if (!running) return;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    // its own process group: what serves the connections is killed as well
    if (signal === 'SIGKILL' && running.pid !== undefined) process.kill(-running.pid, signal);
    else running.kill(signal);
    await gone;
  };
  const start = async (): Promise<void> => {
    const running = spawn(join(bin, 'postgres'), args, { ...how, detached: true });
    server = running;
    const ready = join(bin, 'pg_isready');
    for (let tries = 0; ; tries++) {
      const { status } = spawnSync(ready, ['-h', '127.0.0.1', '-p', String(port)], {
        stdio: 'ignore',
      });
      if (status === 0) return;
      if (tries > 400 || running.exitCode !== null) throw new Error('PostgreSQL did not start.');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  await start();
  return {
    url: `postgres://postgres@127.0.0.1:${String(port)}/postgres`,
    kill: () => end('SIGKILL'),
    restart: start,
    stop: async () => {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
