import type { Clock, Random } from '../../kernel/clock.js';
import { RegularsError } from '../../kernel/errors.js';

/** How long a call is tried again, ms: longer than a database takes to start anew, shorter than a device waits for an answer. */
const PATIENCE_MS = 5000;
const FIRST_MS = 20;
const LONGEST_MS = 1000;

/** What waiting takes. */
export interface RetryEnv {
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * What another try may mend. Two who write at the same time: 40001, 40P01, and 23505, for what is refused as a second one is seen
 * as one that is there the next time. Waited too long for another: 55P03, 57014, 25P03. No room: 53300. Gone or not yet back: 57P0x,
 * class 08, and what sockets and poolers say.
 */
const CODES =
  /^(?:40001|40P01|23505|25P03|53300|55P03|57014|57P0[1-35]|08(?!P01)...|ECONN\w+|EPIPE|ETIMEDOUT|EAI_AGAIN)$/;
const WORDS =
  /connection (?:terminated|ended|error)|connection timeout|trying to connect|query read timeout|(?:query_wait_timeout|server conn(?:ection)? crashed|pgbouncer cannot connect|server login has been failing)/i;

const codeOf = (error: unknown): string => {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : '';
};

/** True where the same call may succeed later. */
export function isTransient(error: unknown): boolean {
  return CODES.test(codeOf(error)) || (error instanceof Error && WORDS.test(error.message));
}

/** The one error that leaves an adapter. Names the code only: an engine's own words may quote a row. */
function failed(name: string, cause: unknown): RegularsError {
  const code = codeOf(cause);
  return new RegularsError(
    'ERR_DATABASE_FAILED',
    `The database (${name}) failed${code === '' ? '' : ` with ${code}`}.`,
    { cause, retryable: isTransient(cause) },
  );
}

/** Tries again what may succeed then, after waits that grow and differ, so that two who met do not meet again. */
export async function withRetries<T>(
  { name, clock, random }: RetryEnv,
  act: () => Promise<T>,
  mayMend: (error: unknown) => boolean = isTransient,
): Promise<T> {
  const begun = clock.elapsed();
  for (let tries = 0; ; tries++) {
    try {
      return await act();
    } catch (error) {
      if (!mayMend(error) || clock.elapsed() - begun > PATIENCE_MS) throw failed(name, error);
      const [high = 0, low = 0] = random(2);
      const share = (high * 256 + low) / 65_536;
      const ms = share * Math.min(LONGEST_MS, FIRST_MS * 2 ** tries);
      await new Promise<void>((resolve) => void clock.after(ms, resolve));
    }
  }
}
