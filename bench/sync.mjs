// npm run bench sync [-- --quick] [--save]
// Ten thousand orders that wait in a page, in real Chromium, to `regulars serve` over PostgreSQL in processes of their own, and down again
// to another device. --save writes docs/bench-sync.md.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import prettier from 'prettier';
import { main, Refusal, root } from '../scripts/prepare.mjs';
import { fromTests } from './support/from-source.mjs';

const PAGE = join(root, 'docs/bench-sync.md');
const SHOP = 'bench';
const KEY = 'rk_the-key-of-a-bench-that-is-long-enough';

const { values } = parseArgs({
  args: process.argv.slice(process.argv[2] === 'sync' ? 3 : 2),
  options: {
    quick: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
});
const ORDERS = values.quick ? 1000 : 10_000;
const ROUNDS = values.quick ? 1 : 3;

const number = (value, digits = 0) =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const middle = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/** Seconds of processor that everything this process has started has taken: on a machine that others use, what the clock does not tell. */
function processorSeconds() {
  const all = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    try {
      const [, rest] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) (?=\w )/);
      const fields = rest.split(' ');
      // parent, then the time of its own and of its children that have ended, in ticks of 10 ms
      const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
      all.set(Number(pid), { parent: Number(fields[1]), seconds: ticks / 100 });
    } catch {
      // it has ended
    }
  const isOurs = (pid) => {
    for (let at = pid; at > 1; at = all.get(at)?.parent ?? 0) if (at === process.pid) return true;
    return false;
  };
  return [...all].reduce((sum, [pid, { seconds }]) => sum + (isOurs(pid) ? seconds : 0), 0);
}

/** What a page has: a device that was away for long, and one that is new. */
const SCRIPT = `
  import { createRegulars } from './src/client/create-regulars.ts';
  import { syncOver } from './src/client/sync.ts';
  import { httpTransport } from './src/adapters/transport/http.ts';
  import { indexedDbStorage } from './src/adapters/storage/indexed-db.ts';
  import { appendRecords } from './src/profile/log.ts';

  let longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  }).observe({ entryTypes: ['longtask'] });

  const open = async (sync) => {
    const page = createRegulars({
      ...{ shop: '${SHOP}', storage: indexedDbStorage(), currency: 'EUR', timeZone: 'UTC' },
      consent: { remember: 'granted' },
      ...(sync && { sync }),
    });
    await page.start();
    return page;
  };

  /** Makes orders that nobody could be told of. */
  globalThis.wait = async (account, orders) => {
    const page = await open();
    await page.recognize({ account }, { verified: ['account'] });
    await page.record({ id: account + '-0', lines: [{ sku: 'latte' }] });
    await page.stop();
    const storage = indexedDbStorage();
    await storage.open({ name: 'regulars:${SHOP}' });
    const row = await storage.transact('readonly', (tx) => tx.get('meta', 'device'));
    const by = 'device:' + row.id;
    for (let from = 1; from < orders; from += 500) {
      const drafts = Array.from({ length: Math.min(500, orders - from) }, (_, i) => ({
        id: crypto.randomUUID(),
        subject: row.current.subject,
        kind: 'purchase',
        by,
        data: {
          ...{ id: account + '-' + (from + i), at: Date.now() - (orders - from - i) * 60_000 },
          ...{ status: 'paid', total: 400, currency: 'EUR', channel: 'web' },
          lines: [{ sku: 'sku-' + (i % 40), name: 'Latte', quantity: 1, unitPrice: 400, modifiers: [] }],
        },
      }));
      await storage.transact('readwrite', (tx) =>
        appendRecords(tx, drafts, { shop: '${SHOP}', device: row.id, now: Date.now() }),
      );
    }
    await storage.close();
  };

  /** Signs in, and waits until nothing waits: how long, and what the page felt of it. */
  globalThis.sync = async (account, token, url, orders) => {
    const transport = httpTransport({ url: url + '/regulars', token: () => token });
    let sent = 0;
    const push = async (batch, call) => {
      const answer = await transport.push(batch, call);
      if (batch.records.length > 0) sent = performance.now();
      return answer;
    };
    const page = await open(syncOver({ ...transport, push }));
    longest = 0;
    const begun = performance.now();
    await page.recognize({ account }, { verified: ['account'] });
    for (;;) {
      const { state, waiting, refused } = await page.sync.now();
      if (state === 'idle' && waiting === 0 && page.get().customer?.paidVisits) {
        const ms = performance.now() - begun;
        await page.stop();
        return { ms, refused, longest, sent: Math.max(0, sent - begun) };
      }
      if (performance.now() - begun > 120_000) throw new Error(state + ' ' + waiting);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  document.title = 'ready';
`;

const fromHere = () =>
  fromTests(
    'sync',
    `export { signToken } from './src/cli/serve-authorize.ts';
    export { startPostgres, hasPostgres } from './test/support/postgres.ts';
    export { bundleScript, servePage, chromiumPath, CHROMIUM_ARGS } from './test/support/browser.ts';
    export { bundleCommand, startServe } from './test/support/serve.ts';`,
  );

/** One device that was away, and another of the same customer. */
async function round(here, browser, page, served, account) {
  const token = await here.signToken(new TextEncoder().encode(KEY), { scope: 'self', account }, 60);
  const ready = async (context) => {
    const tab = await context.newPage();
    await tab.goto(page);
    await tab.waitForFunction(() => document.title === 'ready');
    return tab;
  };
  const away = await browser.newContext();
  const other = await browser.newContext();
  try {
    const first = await ready(away);
    await first.evaluate(([who, orders]) => globalThis.wait(who, orders), [account, ORDERS]);
    const asked = [account, token, served.url, ORDERS];
    const second = await ready(other);
    const timed = async (tab) => {
      const before = processorSeconds();
      const told = await tab.evaluate((args) => globalThis.sync(...args), asked);
      return { ...told, cpu: processorSeconds() - before };
    };
    return { up: await timed(first), down: await timed(second) };
  } finally {
    await away.close();
    await other.close();
  }
}

function pageOf({ up, down, taken }) {
  const of = (told, name) => told.map((one) => one[name]);
  return `# What syncing takes in a page

\`npm run bench sync -- --save\` writes this page. Chromium with IndexedDB, \`regulars serve\` over PostgreSQL 15 with durable settings, each in processes of its own on the same machine: Node ${process.versions.node}, ${cpus().length} processors that all share, a load of ${number(loadavg()[2])} on them. The middle of ${ROUNDS} rounds, each with another customer and new devices.

| | seconds | of processor, all processes | longest task of the page, ms |
| --- | --: | --: | --: |
| ${number(ORDERS)} orders that waited, until the last was answered for (10 s were asked for) | ${number(middle(of(up, 'sent')) / 1000, 1)} | | |
| until the page had pulled its own log back, too | ${number(middle(of(up, 'ms')) / 1000, 1)} | ${number(middle(of(up, 'cpu')), 1)} | ${number(middle(of(up, 'longest')))} |
| the same, on a device that is new to the customer | ${number(middle(of(down, 'ms')) / 1000, 1)} | ${number(middle(of(down, 'cpu')), 1)} | ${number(middle(of(down, 'longest')))} |

From the call of \`recognize\` until nothing waits and the customer's card is whole: batches of 500 and 512 kB, each answered for, taken out of the outbox, and its part of the log pulled back. Of the orders the server holds ${number(taken)} of each customer.
`;
}

async function benchSync() {
  const here = await fromHere();
  if (!here.hasPostgres)
    throw new Refusal('There is no PostgreSQL here: apt-get install postgresql');
  if (!here.chromiumPath) throw new Refusal('There is no Chromium here: set CHROMIUM_PATH.');
  const { chromium } = await import('playwright-core');
  const pg = (await import('pg')).default;
  const folder = mkdtempSync(join(tmpdir(), 'regulars-bench-'));
  const database = await here.startPostgres({ durable: true });
  const command = await here.bundleCommand(root);
  const args = ['--shop', SHOP, '--database-url', database.url, '--data', folder];
  const served = await here.startServe(command, args, { REGULARS_KEY: KEY });
  const page = await here.servePage(await here.bundleScript(SCRIPT));
  const browser = await chromium.launch({
    executablePath: here.chromiumPath,
    args: [...here.CHROMIUM_ARGS],
  });
  try {
    const told = { up: [], down: [], taken: 0 };
    for (let i = 0; i < ROUNDS; i++) {
      const { up, down } = await round(here, browser, page.url, served, `u-${i}`);
      told.up.push(up);
      told.down.push(down);
      console.log(
        `${number(ORDERS)} orders: ${number(up.ms / 1000, 1)} s up, the last answered for after ${number(up.sent / 1000, 1)} s (${number(up.cpu, 1)} s of processor, longest task ${number(up.longest)} ms, ${up.refused} refused), ${number(down.ms / 1000, 1)} s on a new device (${number(down.cpu, 1)} s of processor, longest task ${number(down.longest)} ms)`,
      );
    }
    const pool = new pg.Pool({ connectionString: database.url });
    const { rows } = await pool.query(
      "select count(*)::int as n from regulars_record where shop = $1 and kind = 'purchase'",
      [SHOP],
    );
    await pool.end();
    told.taken = rows[0].n / ROUNDS;
    if (told.taken !== ORDERS) throw new Refusal(`The server holds ${told.taken}, not ${ORDERS}.`);
    if (values.save)
      writeFileSync(
        PAGE,
        await prettier.format(pageOf(told), {
          ...(await prettier.resolveConfig(PAGE)),
          parser: 'markdown',
        }),
      );
  } finally {
    await browser.close();
    await page.close();
    await served.end('SIGTERM');
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
    rmSync(command, { force: true });
  }
}

await main(benchSync);
