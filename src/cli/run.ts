import { readFileSync } from 'node:fs';
import { isRegularsError } from '../kernel/errors.js';
import { readArguments } from './arguments.js';
import { runDevice } from './device.js';
import { Exit } from './exit.js';
import { runExport } from './export.js';
import { runImport } from './import.js';
import { runInspect } from './inspect.js';
import type { Io } from './io.js';
import { safe } from './print.js';
import { runServe } from './serve.js';
import { runToken } from './token.js';
import { runTrain } from './train.js';
import { isCommand, usageOf } from './usage.js';

/** Runs a command; gives the number for the shell. Never throws: what went wrong is one line on standard error. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  try {
    const command = readArguments(args);
    switch (command.kind) {
      case 'help':
        io.stdout.write(usageOf(command.of));
        break;
      case 'version':
        io.stdout.write(`${version()}\n`);
        break;
      case 'inspect':
        await runInspect(command, io);
        break;
      case 'export':
        await runExport(command, io);
        break;
      case 'import':
        await runImport(command, io);
        break;
      case 'train':
        await runTrain(command, io);
        break;
      case 'serve':
        await runServe(command, io);
        break;
      case 'device':
        await runDevice(command, io);
        break;
      case 'token':
        await runToken(command, io);
    }
    return 0;
  } catch (error) {
    const { code: name, message } = (error ?? {}) as { readonly [field: string]: unknown };
    // who reads has read enough: `regulars export … | head`
    if (name === 'EPIPE' || name === 'ERR_STREAM_PREMATURE_CLOSE') return 0;
    const code = io.signal.aborted ? 130 : error instanceof Exit ? error.code : 1;
    const text = code === 130 && !(error instanceof Exit) ? 'Stopped.' : String(message ?? error);
    const what = isRegularsError(error) ? ` (${error.code})` : '';
    const [typed = ''] = args;
    const hint =
      code === 2 ? ` (regulars ${isCommand(typed) ? `${typed} ` : ''}--help says how)` : '';
    io.stderr.write(`regulars: ${safe(text, 500)}${what}${hint}\n`);
    return code;
  }
}

/** Beside the built file and beside its source lies the same manifest. */
function version(): string {
  for (const path of ['../package.json', '../../package.json'])
    try {
      const text = readFileSync(new URL(path, import.meta.url), 'utf8');
      const { name, version: own } = JSON.parse(text) as { name: string; version: string };
      if (name === 'regulars') return own;
    } catch {
      // the other one
    }
  return 'unknown';
}
