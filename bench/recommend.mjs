// npm run bench recommend [-- customers to train on]
// How long one answer takes, with the weights for any shop and with a fitted ranker: 10,000 items, a customer with 500 purchases;
// what one more purchase takes, and reading the model. In Node, and in Chromium as it is and slowed four times.
import { loadavg } from 'node:os';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { ensureBrowser } from '../scripts/browsers.mjs';
import { root } from '../scripts/prepare.mjs';
import { loadEngine } from './accuracy/levels.mjs';
import { fromSource } from './support/from-source.mjs';

const TASK = `export * from './bench/support/recommend-task.mjs';`;
const ROUNDS = 3000;
const SLOWED = 4;

/** The same task as one script for a page. */
async function script() {
  const { outputFiles } = await build({
    stdin: { contents: TASK, resolveDir: root },
    ...{ bundle: true, write: false, format: 'iife', globalName: 'task', target: 'es2022' },
    logLevel: 'silent',
  });
  return outputFiles[0].text;
}

async function inChromium(model, ranker) {
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const executablePath = await ensureBrowser('chromium');
  const browser = await chromium.launch({ executablePath, args });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(600_000);
    await page.addScriptTag({ content: await script() });
    const slow = await page.context().newCDPSession(page);
    const measured = {};
    for (const rate of [1, SLOWED]) {
      await slow.send('Emulation.setCPUThrottlingRate', { rate });
      measured[rate] = await page.evaluate(
        ([bytes, trees, rounds]) => {
          const toBytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
          return globalThis.task.measureRecommend(toBytes(bytes), toBytes(trees), rounds);
        },
        [...[model, ranker].map((bytes) => Buffer.from(bytes).toString('base64')), ROUNDS / rate],
      );
    }
    return measured;
  } finally {
    await browser.close();
  }
}

function print(title, rows) {
  process.stdout.write(`\n${title}\n`);
  for (const [name, times] of Object.entries(rows)) {
    const [p50, p99, quiet] = times.map((ms) => ms.toFixed(4).padStart(9));
    process.stdout.write(`${name.padEnd(38)}p50 ${p50}  p99 ${p99}  quietest p99 ${quiet} ms\n`);
  }
}

const args = process.argv.slice(process.argv[2] === 'recommend' ? 3 : 2);
const engine = await loadEngine();
const task = await fromSource(TASK);
const random = task.seeded(7);
const customers = Array.from({ length: Number(args[0] ?? 4000) }, () => ({
  visits: task.customer(random, 12, 10),
}));
const model = engine.encodeModel(await engine.trainModel(customers));
const ranker = engine.encodeRanker(await engine.fitRanker(customers, { maxCustomers: 1000 }));
const load = () =>
  loadavg()
    .map((one) => one.toFixed(1))
    .join(' ');
process.stdout.write(`model ${model.length} B, ${gzipSync(model).length} B gzip; `);
process.stdout.write(`ranker ${ranker.length} B, ${gzipSync(ranker).length} B gzip\n`);
process.stdout.write(`work of the machine beside it (load average): ${load()}\n`);
print(`Node ${process.version}`, task.measureRecommend(model, ranker, ROUNDS));
const pages = await inChromium(model, ranker);
print('Chromium', pages[1]);
print(`Chromium slowed ${SLOWED} times`, pages[SLOWED]);
process.stdout.write(`\nload average at the end: ${load()}\n`);
