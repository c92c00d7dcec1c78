// npm run bench server [-- --quick] [--save]
// Records a second that a server takes, by shops and writers, beside the same SQL by hand through `pg` in the same run; 10,000 waiting
// records; what is lost when database and server are killed under load. --save writes docs/bench-server.md.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import prettier from 'prettier';
import { main, Refusal, root } from '../scripts/prepare.mjs';
import { fromTests } from './support/from-source.mjs';
import { randomOf } from './support/statistics.mjs';
import { byHand } from './support/server-by-hand.mjs';

const PAGE = join(root, 'docs/bench-server.md');
const SHOP = 'bench';
const KEY = 'rk_the-key-of-a-bench-that-is-long-enough';
const SETUPS = [
  { shops: 1, writers: 1, records: 20 },
  { shops: 1, writers: 16, records: 20 },
  { shops: 16, writers: 16, records: 20 },
  { shops: 16, writers: 16, records: 100 },
];
const CONTENDERS = ['by hand', 'database', 'server'];

const { values } = parseArgs({
  args: process.argv.slice(process.argv[2] === 'server' ? 3 : 2),
  options: {
    quick: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
});
const RUN_MS = values.quick ? 800 : 2000;
const ROUNDS = values.quick ? 2 : 4;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const number = (value, digits = 0) =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const sorted = (list) => [...list].sort((a, b) => a - b);
const quantile = (list, q) => sorted(list)[Math.min(list.length - 1, Math.floor(q * list.length))];

const fromHere = () =>
  fromTests(
    'server',
    `export { createRegularsServer } from './src/server/create-server.ts';
    export { postgresDatabase } from './src/adapters/database/postgres.ts';
    export { signToken } from './src/cli/serve-authorize.ts';
    export { startLoad } from './test/support/load.ts';
    export { writing, batch } from './test/support/server.ts';
    export { startPostgres, hasPostgres } from './test/support/postgres.ts';
    export { bundleCommand, startServe } from './test/support/serve.ts';`,
  );

/** Runs writers for a while: records a second and how long each push took. */
async function drive(writers, records, push) {
  const took = [];
  const until = performance.now() + RUN_MS;
  const begun = performance.now();
  const cpu = process.cpuUsage();
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let n = 0; performance.now() < until; n++) {
        const before = performance.now();
        await push(writer, n);
        took.push(performance.now() - before);
      }
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  return {
    rate: (took.length * records) / ((performance.now() - begun) / 1000),
    cpu: (user + system) / (took.length * records),
    took,
  };
}

/** Makes the pushes of one contender; what is to be made only once is made here. */
async function contenderOf(name, here, pool, { shops, writers, records }, run) {
  const { writing, batch } = here;
  const shopOf = (writer) => `${SHOP}-${run}-${writer % shops}`;
  const subjectOf = (writer) => `subject-${run}-${writer}`;
  const stored = (writer, n) =>
    Array.from({ length: records }, (_, i) => {
      const purchase = devices[writer].purchase(subjectOf(writer), `${run}-${writer}-${n}-${i}`);
      const hashes = [subjectOf(writer), purchase.data.id].map((text) => `${text}`.padEnd(43, '-'));
      const { id, subject, kind, stamp } = purchase;
      return {
        id,
        subject,
        kind,
        stamp,
        body: JSON.stringify(purchase),
        hashes,
      };
    });
  const devices = Array.from({ length: writers }, (_, writer) =>
    writing((run * 1000 + writer).toString(16).padStart(8, '0'), shopOf(writer), () => Date.now()),
  );
  if (name === 'by hand') {
    const hand = byHand(pool);
    for (let i = 0; i < shops; i++) await hand.makeShop(shopOf(i));
    return (writer, n) => hand.push(shopOf(writer), stored(writer, n));
  }
  const database = here.postgresDatabase({ pool });
  if (name === 'database')
    return (writer, n) => database.append(shopOf(writer), { records: stored(writer, n) });
  const server = here.createRegularsServer({
    database,
    authorize: (request) => ({
      ...{ shop: request.headers.get('X-Shop'), scope: 'self' },
      account: request.headers.get('X-Account'),
    }),
    keys: () => ({ key: new Uint8Array(32).fill(7) }),
    limits: { requestsPerMinute: Number.MAX_SAFE_INTEGER },
  });
  return async (writer, n) => {
    const subject = subjectOf(writer);
    const sent = [
      ...(n === 0 ? [devices[writer].link(subject, 'account', `account-${writer}`)] : []),
      ...Array.from({ length: records }, (_, i) =>
        devices[writer].purchase(subject, `${run}-${writer}-${n}-${i}`, 'latte', Date.now()),
      ),
    ];
    const request = new Request('http://bench/regulars/sync/v1/push', {
      ...{ method: 'POST', body: JSON.stringify(batch(...sent)) },
      headers: {
        'Sync-Protocol': '1',
        'X-Shop': shopOf(writer),
        'X-Account': `account-${writer}`,
      },
    });
    const response = await server.handle(request);
    const { results = [] } = await response.json();
    if (results.some(({ status }) => status !== 'accepted') || results.length < records)
      throw new Refusal(
        `A push was answered with ${response.status} ${JSON.stringify(results[0])}.`,
      );
  };
}

async function benchRates(here, url) {
  const pool = new pg.Pool({ connectionString: url, max: 16 });
  pool.on('connect', (client) => client.on('error', () => undefined));
  await here.postgresDatabase({ pool }).migrate();
  const random = randomOf(20_261_122);
  const rows = [];
  let run = 0;
  for (const setup of SETUPS) {
    const told = Object.fromEntries(
      CONTENDERS.map((name) => [name, { rates: [], cpus: [], took: [] }]),
    );
    for (let round = 0; round < ROUNDS; round++) {
      const turns = [...CONTENDERS].sort(() => random() - 0.5);
      for (const name of turns) {
        const push = await contenderOf(name, here, pool, setup, ++run);
        const { rate, cpu, took } = await drive(setup.writers, setup.records, push);
        told[name].rates.push(rate);
        told[name].cpus.push(cpu);
        told[name].took.push(...took);
      }
    }
    const hand = quantile(told['by hand'].rates, 0.5);
    for (const name of CONTENDERS) {
      const rate = quantile(told[name].rates, 0.5);
      const p99 = quantile(told[name].took, 0.99);
      const cpu = quantile(told[name].cpus, 0.5);
      rows.push({ ...setup, name, rate, share: rate / hand, p99, cpu });
      console.log(
        `${setup.shops} shops, ${setup.writers} writers, ${setup.records} a push, ${name}: ${number(rate)}/s (${(rate / hand).toFixed(2)}), p99 ${number(p99)} ms, ${number(cpu)} µs of processor a record`,
      );
    }
  }
  await pool.end();
  return rows;
}

const token = (here) => (account) =>
  here.signToken(new TextEncoder().encode(KEY), { scope: 'self', account }, 60);

/** 10,000 records that one device has waiting, over HTTP to a process of its own. */
async function benchWaiting(here, served) {
  const device = here.writing('a1a1a1a1', SHOP, () => Date.now());
  const bearer = await token(here)('waiting');
  const waiting = [
    device.link('waiting', 'account', 'waiting'),
    ...Array.from({ length: 10_000 }, (_, i) =>
      device.purchase('waiting', `w-${i}`, 'latte', Date.now()),
    ),
  ];
  const headers = { Authorization: `Bearer ${bearer}`, 'Sync-Protocol': '1' };
  const begun = performance.now();
  for (let from = 0; from < waiting.length; from += 500) {
    const body = JSON.stringify(here.batch(...waiting.slice(from, from + 500)));
    const response = await fetch(`${served.url}/regulars/sync/v1/push`, {
      method: 'POST',
      body,
      headers,
    });
    const { results = [] } = await response.json();
    if (!results.every(({ status }) => status === 'accepted'))
      throw new Refusal(`A batch was answered with ${response.status}.`);
  }
  const up = performance.now() - begun;
  let cursor;
  let count = 0;
  const down = performance.now();
  for (let more = true; more;) {
    const query = new URLSearchParams({
      limit: '500',
      subjects: 'waiting',
      ...(cursor && { cursor }),
    });
    const answer = await fetch(`${served.url}/regulars/sync/v1/pull?${query}`, { headers });
    const read = await answer.json();
    if (read.resync !== undefined && cursor === undefined) break;
    ({ cursor, more } = read);
    count += read.records.length;
  }
  console.log(
    `10,000 waiting: ${number(up / 1000, 1)} s up, ${number((performance.now() - down) / 1000, 1)} s down (${count})`,
  );
  return { up: up / 1000, down: (performance.now() - down) / 1000, count };
}

/** Kills one server and the database while devices push. */
async function benchKills(here, command, database, folder) {
  const args = ['--shop', SHOP, '--database-url', database.url, '--data', folder];
  const env = { REGULARS_KEY: KEY };
  const one = await here.startServe(command, args, env);
  let two = await here.startServe(command, args, env);
  const waiting = await benchWaiting(here, one);
  const load = here.startLoad({
    ...{ urls: [one.url, two.url], shop: SHOP, token: token(here), writers: 8, recordsOfPush: 10 },
  });
  const events = [];
  const begun = performance.now();
  const note = (what) => events.push(`${number((performance.now() - begun) / 1000, 1)} s: ${what}`);
  await sleep(3000);
  const { port } = new URL(two.url);
  await two.end('SIGKILL');
  note('one of two server processes killed (-9)');
  await sleep(1000);
  two = await here.startServe(command, [...args, '--port', port], env);
  note('it was back');
  await sleep(2000);
  await database.kill();
  note('the database killed (-9)');
  await sleep(1000);
  await database.restart();
  note('it was back');
  await sleep(4000);
  const told = await load.stop();
  const seconds = (performance.now() - begun) / 1000;
  const codes = [await one.end('SIGTERM'), await two.end('SIGTERM')];
  const pool = new pg.Pool({ connectionString: database.url });
  const { rows } = await pool.query(
    "select id, body from regulars_record where shop = $1 and kind = 'purchase' and subject <> 'waiting'",
    [SHOP],
  );
  await pool.end();
  const ids = new Set(rows.map(({ id }) => id));
  const purchases = rows.map(({ body }) => JSON.parse(body).data.id);
  const kills = {
    ...{ events, seconds, codes, retries: told.retries, odd: told.odd.length },
    acknowledged: told.acknowledged.length,
    lost: told.acknowledged.filter((id) => !ids.has(id)).length,
    doubled: purchases.length - new Set(purchases).size,
    longest: Math.max(...told.tookMs),
    p99: quantile(told.tookMs, 0.99),
  };
  console.log(kills);
  return { waiting, kills };
}

function pageOf(rows, waiting, kills) {
  const table = rows.map(
    ({ shops, writers, records, name, rate, share, p99, cpu }) =>
      `| ${shops} | ${writers} | ${records} | ${name} | ${number(rate)} | ${share.toFixed(2)} | ${number(p99)} | ${number(cpu)} |`,
  );
  return `# What a server takes

\`npm run bench server -- --save\` writes this page. PostgreSQL 15 on the same machine with durable settings (\`fsync\`, \`synchronous_commit\`), Node ${process.versions.node}, ${cpus().length} processors that the database, the server and whoever pushes share. Turns in random order, ${ROUNDS} of ${RUN_MS / 1000} s each, medians. **The machine was busy with other things: a load of ${number(loadavg()[2])} on ${cpus().length} processors.** So take the shares, and the time of processor in the process of the server (the database's own is not in it), more than the seconds.

*by hand* is the SQL of a push through \`pg\`, and nothing else: whose the records are, what was erased, and one transaction that writes them; nobody checks a record or makes a hash of it. *database* is that transaction alone, through the adapter. *server* is a whole request, from its body to its answer: JSON, checks of each record, keyed hashes, whose it is, and a commit together with whoever waits. At least half of what is done by hand was asked for.

| shops | writers | records a push | | records a second | of by hand | p99 of a push, ms | µs of processor a record |
| --: | --: | --: | --- | --: | --: | --: | --: |
${table.join('\n')}

## Ten thousand waiting records

One device that was away, over HTTP to \`regulars serve\` in a process of its own: ${number(waiting.up, 1)} s up in batches of 500 (10 s were allowed), ${number(waiting.down, 1)} s down again (${number(waiting.count)} records).

## Killed under load

Two processes of \`regulars serve\` on one database, 8 devices that push 10 records at a time and send again what was not answered, ${number(kills.seconds)} s:

${kills.events.map((event) => `- ${event}`).join('\n')}

Of ${number(kills.acknowledged)} records that were acknowledged ${number(kills.lost)} were lost and ${number(kills.doubled)} were there twice; ${number(kills.retries)} pushes were tried again, the longest took ${number(kills.longest / 1000, 1)} s, p99 ${number(kills.p99 / 1000, 1)} s.
`;
}

async function benchServer() {
  const here = await fromHere();
  if (!here.hasPostgres)
    throw new Refusal('There is no PostgreSQL here: apt-get install postgresql');
  const folder = mkdtempSync(join(tmpdir(), 'regulars-bench-'));
  const command = await here.bundleCommand(root);
  const first = await here.startPostgres({ durable: true });
  const second = await here.startPostgres({ durable: true });
  try {
    const rows = await benchRates(here, first.url);
    const { waiting, kills } = await benchKills(here, command, second, folder);
    if (values.save)
      writeFileSync(
        PAGE,
        await prettier.format(pageOf(rows, waiting, kills), {
          ...(await prettier.resolveConfig(PAGE)),
          parser: 'markdown',
        }),
      );
  } finally {
    await first.stop();
    await second.stop();
    rmSync(folder, { recursive: true, force: true });
    rmSync(command, { force: true });
  }
}

await main(benchServer);
