import { DATA_VERSION } from './decode-row.js';
import type { LogFormat, Upcast } from './log-format.js';

/** One step forward: makes a record of version `to` from one of the version before. */
export interface Migration {
  readonly to: number;
  readonly record: (old: unknown) => unknown;
}

/** All steps, in order. There is one version so far. */
const migrations: readonly Migration[] = [];

/**
 * Runs `run` with the format of this release. If it meets an older record, the schemas are loaded and `run` is called once more,
 * this time able to read it: loading inside a transaction would end the transaction.
 */
export async function withFormat<T>(
  run: (format: LogFormat) => Promise<T>,
  steps: readonly Migration[] = migrations,
  version: number = DATA_VERSION,
): Promise<T> {
  let older = false;
  try {
    return await run({ version, needsUpcast: () => void (older = true) });
  } catch (error) {
    if (!older) throw error;
    return run({ version, upcast: await loadUpcast(steps) });
  }
}

/** What reads a record of any version up to ours, today's too; loads the schemas. Never throws. */
export async function loadUpcast(steps: readonly Migration[] = migrations): Promise<Upcast> {
  const { parseRecord } = await import('./schema.js');
  return (value, from) => {
    try {
      return parseRecord(
        steps.reduce((old, step) => (step.to > from ? step.record(old) : old), value),
      );
    } catch {
      return undefined; // a step that cannot read it: set aside, like any record that is none
    }
  };
}
