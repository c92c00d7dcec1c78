import type { Io } from './io.js';
import type { TokenArguments } from './serve-arguments.js';
import { signToken } from './serve-authorize.js';
import { keyIn } from './shop-folder.js';

/** Signs a token as a shop's backend would: to try things out. */
export async function runToken({ at, claims, minutes }: TokenArguments, io: Io): Promise<void> {
  const { key } = keyIn(at.data, process.env['REGULARS_KEY'], 'kept');
  io.stdout.write(`${await signToken(new TextEncoder().encode(key), claims, minutes)}\n`);
}
