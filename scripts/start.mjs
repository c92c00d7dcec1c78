// npm start: from a fresh clone to three real customers in the terminal and the example pages on localhost.
import fs from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import * as util from 'node:util';
import { buildExamples, checkNode, main, prepare, Refusal, root } from './prepare.mjs';

const FIRST_PORT = 4173;
const TRIES = 20;
const USAGE = `Usage: npm start -- [options]

  --print          print the customers and exit
  --customer ID    print this customer of the sample and exit
  --port N         serve the example pages on this port (default: ${FIRST_PORT}, or the next free one)
  --help           print this
`;

function readArguments(args) {
  let values;
  try {
    ({ values } = util.parseArgs({
      args,
      options: {
        print: { type: 'boolean', default: false },
        customer: { type: 'string' },
        port: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new Refusal(`${error.message}\n\n${USAGE}`, 2);
  }
  const { customer, port } = values;
  if (customer?.trim() === '') throw new Refusal('--customer needs the id of a customer.', 2);
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && +port >= 1 && +port <= 65_535))
    throw new Refusal(`--port is a number from 1 to 65535, not "${port}".`, 2);
  return { ...values, port: port === undefined ? undefined : +port };
}

/** The engine's own choice of three customers, or the one asked for. */
async function printCustomers(customer) {
  const { printCustomers: print } = await import('../examples/print-customers.mjs');
  const out = (text) => process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  try {
    await print(customer === undefined ? { out } : { customer, out });
  } catch (error) {
    if (error?.code === 'ERR_UNKNOWN_CUSTOMER') throw new Refusal(error.message, 2);
    throw error;
  }
}

/** Listens on the port asked for, or on the first free one. */
function listen(server, port, tries) {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if (error.code !== 'EADDRINUSE') return reject(error);
      if (tries > 1) return resolve(listen(server, port + 1, tries - 1));
      const hint = 'Name another one with --port, or leave it out to take a free one.';
      return reject(new Refusal(`Port ${port} is in use. ${hint}`, 2));
    });
    server.listen(port, '127.0.0.1', () => resolve(port));
  });
}

async function serve(asked) {
  const { default: sirv } = await import('sirv');
  const folder = join(root, 'examples', 'dist');
  const server = http.createServer(sirv(folder, { dev: true }));
  const port = await listen(server, asked ?? FIRST_PORT, asked === undefined ? TRIES : 1);
  const address = `http://localhost:${port}/`;
  const pages = fs
    .readdirSync(folder)
    .filter((name) => fs.existsSync(join(folder, name, 'index.html')))
    .map((name) => `  ${address}${name}/\n`);
  process.stdout.write(`\nThe example pages: ${address}\n${pages.join('')}Stop with Ctrl+C.\n`);
}

await main(async () => {
  checkNode();
  const { customer, help, port, print } = readArguments(process.argv.slice(2));
  if (help) return void process.stdout.write(USAGE);
  await prepare();
  await printCustomers(customer);
  if (print || customer !== undefined) return undefined;
  await buildExamples();
  return serve(port);
});
