import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './postgres.js';

const PROGRAM = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find((path) => existsSync(path));

/** True where PgBouncer can be started: `apt-get install pgbouncer`. */
export const hasPgbouncer: boolean = PROGRAM !== undefined;

/** A pooler before a database, which gives each transaction any of a few connections. */
export async function startPgbouncer(
  database: string,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  if (PROGRAM === undefined) throw new Error('There is no PgBouncer: apt-get install pgbouncer');
  const { hostname, port: inner } = new URL(database);
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'regulars-bouncer-'));
  const isRoot = process.getuid?.() === 0;
  const user = spawnSync('id', ['-u', 'postgres']).status === 0 ? 'postgres' : 'nobody';
  const id = (flag: string): number => Number(execFileSync('id', [flag, user]));
  const as = isRoot ? { uid: id('-u'), gid: id('-g') } : {};
  writeFileSync(join(folder, 'users'), '"postgres" ""\n');
  writeFileSync(
    join(folder, 'ini'),
    [
      '[databases]',
      `postgres = host=${hostname} port=${inner} dbname=postgres`,
      '[pgbouncer]',
      ...[
        'listen_addr = 127.0.0.1',
        `listen_port = ${port}`,
        'unix_socket_dir =',
        'auth_type = trust',
      ],
      ...[
        `auth_file = ${join(folder, 'users')}`,
        'pool_mode = transaction',
        'default_pool_size = 3',
        'server_login_retry = 1',
      ],
      '',
    ].join('\n'),
  );
  if (as.uid !== undefined) chownSync(folder, as.uid, as.gid);
  const child = spawn(PROGRAM, ['-q', join(folder, 'ini')], {
    ...as,
    cwd: folder,
    stdio: 'ignore',
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 200 || child.exitCode !== null) throw new Error('PgBouncer did not start.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url: `postgres://postgres@127.0.0.1:${String(port)}/postgres`,
    stop: async () => {
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    const end = (is: boolean) => () => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', end(true)).once('error', end(false));
  });
